#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a guest's serial port, and at a shell of a host. The steps build on each other."""

import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

GUEST = "try-me"
SSH_HOST = "over-ssh"
BUTTONS = ("button", "push button", "toggle button")
TABS = ("toggle button", "radio button", "page tab", "tab")


class Bench:
    """What the steps share."""

    def __init__(self, stack, folder):
        self.folder = folder
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.serial = folder / "serial.log"
        self.domain = inn_lab.define_guest(self.host, GUEST, serial=self.serial, more_serial=1)
        self.domain.create()
        inn_lab.wait_for(lambda: "login:" in self.serial_text(), 300, "guest that is up")
        self.add("--name", "bench-1", self.host.facts["uri"])
        other = stack.enter_context(inn_lab.PrivateHost(folder, "h2"))
        self.sshd = stack.enter_context(inn_lab.PrivateSshd(folder / "sshd", "--name", "h2", host=other))
        self.add("--name", SSH_HOST, "qemu+ssh://h2/" + other.facts["mode"])
        self.person = stack.enter_context(Person(folder, INNKEEPER_SSH_CONFIG=self.sshd.facts["ssh_config"]))

    def add(self, *arguments):
        added = inn_lab.innctl(self.folder / "view", "host", "add", *arguments)
        assert added.returncode == 0, added.stderr

    def serial_text(self):
        return self.serial.read_text(encoding="utf-8", errors="replace") if self.serial.exists() else ""

    def terminal(self):
        return self.person.find("terminal", "^Terminal: ")

    def start_button(self):
        """Of the page, which is below the toolbar's."""
        return max((node for node in self.person.app.walk_showing() if node.role in BUTTONS and node.name == "Start"),
                   key=lambda node: node.extents[1])

    def reads(self, text, timeout=60):
        """Waits until the terminal shows TEXT, as a screen reader would read it."""
        try:
            wait_for(lambda: text in self.terminal().text, f"{text!r} in the terminal", timeout)
        except Exception as error:
            raise AssertionError(f"no {text!r} in {self.terminal().text[-1000:]!r}") from error


BENCH = None


def go_to(name):
    person = BENCH.person
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type(name)
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    person.desktop.key("Return")


def click_terminal():
    BENCH.terminal().click()
    BENCH.person.sees("The keyboard goes to the terminal")


def release():
    """The chord, as people press it."""
    BENCH.person.desktop.xdo("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Alt_L", "keyup", "Control_L")


def test_serial_port():
    person = BENCH.person
    person.sees(f"^{GUEST}$")
    go_to(GUEST)
    person.click(TABS, "^Console$")
    person.click(TABS, "^Text$")
    person.sees("^Click to type$")
    click_terminal()
    person.desktop.key("Return")
    BENCH.reads("login:")
    person.desktop.type("root")
    person.desktop.key("Return")
    BENCH.reads("# ")
    ask(41)
    person.desktop.shot("terminal-01")


def test_keys_are_the_terminals():
    """The palette stays away, Tab completes, and the shown keys give the keyboard back."""
    person = BENCH.person
    person.desktop.key("ctrl+k", "ctrl+u")
    person.desktop.type("echo un-der")
    person.desktop.key("Return")
    BENCH.reads("\nun-der")
    assert not person.app.has("list item", "Preferences")
    release()
    person.sees("^Click to type$")
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.key("Escape")


def test_search():
    person = BENCH.person
    person.click(BUTTONS, "^Search$")
    person.desktop.type("41007")
    person.desktop.key("Return")
    person.desktop.type("-nowhere")
    person.sees("^Not found$")
    person.desktop.key("Escape")
    person.sees("The keyboard goes to the terminal")


def test_paste_of_several_lines_is_asked_about():
    person = BENCH.person
    person.desktop.copy("echo $((42 * 1000 + 7))\necho $((43 * 1000 + 7))\n")
    click_terminal()
    person.desktop.key("ctrl+shift+v")
    person.sees("^Paste 2 Lines\\?$")
    person.desktop.shot("terminal-02-paste")
    person.click(BUTTONS, "^Cancel$")
    person.does_not_see("^Paste 2 Lines")
    assert "42007" not in BENCH.terminal().text
    click_terminal()
    person.desktop.key("ctrl+shift+v")
    person.click(BUTTONS, "^Paste$")
    BENCH.reads("42007")
    BENCH.reads("43007")


def ask(number):
    """The shell answers what was not typed."""
    click_terminal()
    BENCH.person.desktop.type(f"echo $(({number} * 1000 + 7))")
    BENCH.person.desktop.key("Return")
    BENCH.reads(f"{number}007")


def test_guest_off_and_on():
    person = BENCH.person
    release()
    BENCH.domain.destroy()
    person.sees("^Not Running$")
    BENCH.start_button().click()
    # The keyboard may be the terminal's again when the button goes.
    person.does_not_see("^Not Running$")
    wait_for(BENCH.terminal, "terminal", 60)
    click_terminal()

    def asks_for_a_name():
        person.desktop.key("Return")
        return BENCH.terminal().text.rstrip().endswith("login:")

    wait_for(asks_for_a_name, "login", 300)
    person.desktop.type("root")
    person.desktop.key("Return")
    wait_for(lambda: BENCH.terminal().text.rstrip().endswith("#"), "shell", 60)
    ask(55)


def test_shell_of_a_host():
    person = BENCH.person
    release()
    person.sees("^Click to type$")
    go_to("bench-1")
    person.sees("^Summary$")
    assert not person.app.has(TABS, "^Terminal$")
    go_to(SSH_HOST)
    person.click(TABS, "^Terminal$")
    click_terminal()
    BENCH.reads("# ")
    person.desktop.type("stty size; echo $((44 * 1000 + 7))")
    person.desktop.key("Return")
    BENCH.reads("44007")
    person.desktop.shot("terminal-04-shell")
    person.desktop.type("exit")
    person.desktop.key("Return")
    person.sees("^Shell Ended$")
    person.click(BUTTONS, "^Open Again$")
    BENCH.reads("# ")


def test_quits_cleanly():
    person = BENCH.person
    release()
    assert person.quit() == 0, f"exit code {person.process.returncode}\n{person.log_text()[-8000:]}"
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global BENCH  # pylint: disable=global-statement
    tests = (test_serial_port, test_keys_are_the_terminals, test_search, test_paste_of_several_lines_is_asked_about,
             test_guest_off_and_on, test_shell_of_a_host, test_quits_cleanly)
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(inn_lab.temporary_folder())
            BENCH = Bench(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        return inn_lab.main(*[BENCH.person.with_picture(test) for test in tests])


if __name__ == "__main__":
    sys.exit(main())
