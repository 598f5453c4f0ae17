#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a guest's screen: full screen, the keyboard grab, the console's menu. The steps build on each other."""

import contextlib
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

GUEST = "try-me"
BUTTONS = ("button", "push button")
TABS = ("toggle button", "radio button", "page tab", "tab")
SIZE = (1280, 800)


class Console:
    """What the steps share."""

    def __init__(self, stack, folder):
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.serial = folder / "serial.log"
        self.domain = inn_lab.define_guest(self.host, GUEST, serial=self.serial)
        self.domain.create()
        inn_lab.wait_for(lambda: "INNKEEPER-GUEST: up" in self.serial_text(), 300, "guest that is up")
        added = inn_lab.innctl(folder / "view", "host", "add", "--name", "bench-1", self.host.facts["uri"])
        assert added.returncode == 0, added.stderr
        self.person = stack.enter_context(Person(folder, SIZE, window_manager=True))
        self.window = None

    def serial_text(self):
        return self.serial.read_text(encoding="utf-8", errors="replace") if self.serial.exists() else ""

    def guest_reads(self, text):
        """Waits until the guest has read a line that has TEXT in it, of those since the last time."""
        def look():
            lines = re.findall(r"INNKEEPER-KEY: (.*)", self.serial_text())
            return any(text in line for line in lines)

        wait_for(look, f"line {text!r} in the guest", 60)

    def window_state(self):
        """Place and states of the active window."""
        desktop = self.person.desktop
        window = desktop.active_window()
        return window, desktop.geometry(window), desktop.run("xprop", "-id", window, "_NET_WM_STATE")


CONSOLE = None


def release():
    """The chord, as people press it."""
    CONSOLE.person.desktop.xdo("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Alt_L", "keyup", "Control_L")


def click_guest():
    CONSOLE.person.desktop.xdo("mousemove", SIZE[0] * 2 // 3, SIZE[1] // 2, "click", "1")


def needs_window_manager():
    if not CONSOLE.person.window_manager:
        raise inn_lab.Skip("openbox is not installed")


def test_console_is_shown():
    person = CONSOLE.person
    person.sees(f"^{GUEST}$")
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type(GUEST)
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    person.desktop.key("Return")
    person.click(TABS, "^Console$")
    person.sees("^Click or press Enter to use the guest$")
    person.desktop.shot("console-01")


def test_f11_fills_the_screen():
    needs_window_manager()
    person = CONSOLE.person
    CONSOLE.window = CONSOLE.window_state()
    person.desktop.key("F11")
    person.sees("F11 leaves full screen")
    person.find(BUTTONS, "^Leave Full Screen$")
    window, place, states = wait_for(
        lambda: "FULLSCREEN" in CONSOLE.window_state()[2] and CONSOLE.window_state(), "full screen")
    assert window != CONSOLE.window[0]
    assert place == (0, 0, *SIZE), place
    assert "FULLSCREEN" in states, states
    person.desktop.shot("console-02-fullscreen")
    person.does_not_see("F11 leaves full screen", 20)


def test_fullscreen_says_who_has_the_keyboard():
    needs_window_manager()
    person = CONSOLE.person
    click_guest()
    person.sees(r"The keyboard goes to the guest · Ctrl\+Alt gives it back, then F11 leaves full screen", 20)
    person.desktop.shot("console-03-fullscreen-grab")
    person.desktop.type("full")
    person.desktop.key("F11", "Return")
    # F11 was the guest's.
    CONSOLE.guest_reads("full")
    assert "FULLSCREEN" in CONSOLE.window_state()[2]


def test_bar_stays_while_it_is_used():
    needs_window_manager()
    person = CONSOLE.person
    person.desktop.xdo("mousemove", SIZE[0] // 2, 0)
    person.click(("toggle button", "button"), "^Console Menu$")
    person.find(("menu item", "radio menu item"), None)
    # Longer than the bar stays by itself.
    with contextlib.suppress(AssertionError):
        wait_for(lambda: not person.app.has(BUTTONS, "^Leave Full Screen$"), "end of the bar", 5)
    assert person.app.has(BUTTONS, "^Leave Full Screen$"), "the bar went away under the open menu"
    person.desktop.shot("console-04-fullscreen-menu")
    person.desktop.key("Escape")


def back_in_the_window():
    person = CONSOLE.person
    wait_for(lambda: CONSOLE.window_state() == CONSOLE.window, "the window as it was", 20)
    person.sees("^Click or press Enter to use the guest$")
    person.does_not_see("^Shown in Full Screen$")


def test_chord_and_f11_leave():
    needs_window_manager()
    click_guest()
    CONSOLE.person.sees("The keyboard goes to the guest")
    release()
    CONSOLE.person.sees("^Click or press Enter to use the guest · F11 leaves full screen$")
    CONSOLE.person.desktop.key("F11")
    back_in_the_window()
    # The keyboard is still the window's.
    CONSOLE.person.desktop.key("ctrl+k")
    CONSOLE.person.sees("Go to an object")
    CONSOLE.person.desktop.key("Escape")
    CONSOLE.person.does_not_see("Go to an object")
    CONSOLE.person.desktop.shot("console-05-back")


def test_button_of_the_bar_leaves():
    needs_window_manager()
    person = CONSOLE.person
    person.desktop.key("F11")
    person.sees("F11 leaves full screen")
    person.does_not_see("F11 leaves full screen", 20)
    person.desktop.xdo("mousemove", SIZE[0] // 2, SIZE[1] // 2, "mousemove", SIZE[0] // 2, 0)
    person.click(BUTTONS, "^Leave Full Screen$")
    back_in_the_window()


def choose(position):
    """An item of the console's menu: Send Keys, Paste, Share Clipboard, Save, Copy, Fit …"""
    CONSOLE.person.click(("toggle button", "button"), "^Console Menu$")
    CONSOLE.person.choose_in_menu(position)


def test_clipboard_is_typed():
    person = CONSOLE.person
    person.desktop.copy("Tip: a=(b|c) & 'd' #7\n")
    choose(1)
    person.sees("^Typing…")
    CONSOLE.guest_reads("Tip: a=(b|c) & 'd' #7")
    person.sees("^Typed$")


def test_key_combination_restarts_the_guest():
    person = CONSOLE.person
    choose(0)
    # The submenu begins with the way back; Ctrl+Alt+Del is the first after it.
    person.desktop.key("Down", "Return")
    wait_for(lambda: CONSOLE.serial_text().count("INNKEEPER-GUEST: up") == 2, "guest that is up again", 240)
    # Its screen is still here.
    click_guest()
    person.sees("The keyboard goes to the guest")

    def answers():
        person.desktop.type("again")
        person.desktop.key("Return")
        return "INNKEEPER-KEY: again" in CONSOLE.serial_text()

    # It is up before it reads its keyboard.
    inn_lab.wait_for(answers, 120, "line in the guest after its restart", every=2)
    release()


def test_quits_cleanly():
    person = CONSOLE.person
    assert person.quit() == 0, f"exit code {person.process.returncode}\n{person.log_text()[-8000:]}"
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global CONSOLE  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            CONSOLE = Console(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        tests = [CONSOLE.person.with_picture(value) for name, value in globals().items() if name.startswith("test_")]
        return inn_lab.main(*tests)


if __name__ == "__main__":
    sys.exit(main())
