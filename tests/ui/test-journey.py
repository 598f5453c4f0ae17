#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One person's first hour with Innkeeper, with mouse and keyboard: add a host, find a guest, start it, use its screen,
switch it off, remove the host, leave. The steps build on each other."""

import contextlib
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

BLUE = (0x16, 0x3a, 0x5f)
# Of libvirt
RUNNING, PAUSED = 1, 3
YELLOW = (0xf6, 0xd3, 0x2d)
GUEST = "try-me"
BUTTONS = ("button", "push button")
TABS = ("toggle button", "radio button", "page tab", "tab")


class Journey:
    """What the steps share."""

    def __init__(self, stack, folder):
        self.folder = folder
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.serial = folder / "serial.log"
        self.domain = inn_lab.define_guest(self.host, GUEST, serial=self.serial)
        for name in ("web-1", "web-2"):
            inn_lab.define_guest(self.host, name)
        self.person = stack.enter_context(Person(folder))
        self.screen = None

    # Menus of the connection kinds, in their order.
    KINDS = ("SSH", "This Computer, System", "This Computer, Session", "TLS", "TCP with SASL", "UNIX Socket",
             "Test Hosts", "Any Other URI")

    def choose_kind(self, kind, before="SSH"):
        """The first row of the dialog has the focus."""
        desktop = self.person.desktop
        desktop.key("space")
        steps = self.KINDS.index(kind) - self.KINDS.index(before)
        desktop.key(*["Down" if steps > 0 else "Up"] * abs(steps))
        desktop.key("Return")

    def has_colour(self, colour):
        """Most of the guest's screen, as the person sees it, has it."""
        data = self.person.desktop.pixels(self.screen)
        counts = Counter(data[i:i + 3] for i in range(0, len(data) - 2, 3 * 37))
        pixel = counts.most_common(1)[0][0]
        return all(abs(a - b) <= 6 for a, b in zip(pixel, colour))

    def serial_text(self):
        return self.serial.read_text(encoding="utf-8", errors="replace") if self.serial.exists() else ""


JOURNEY = None


def shot(name):
    JOURNEY.person.desktop.shot(name)


def test_empty_view_offers_to_add_a_host():
    person = JOURNEY.person
    person.sees("^No Virtual Machines$")
    person.click("list item", "^Overview")
    person.sees("^No Hosts Yet$")
    shot("01-empty")
    person.click(BUTTONS, "^Add Host…$")
    person.sees("^Connection$")


def test_wrong_uri_is_refused_beside_the_field():
    person = JOURNEY.person
    JOURNEY.choose_kind("Any Other URI")
    person.sees("^URI$")
    person.desktop.key("Tab")
    person.desktop.type("nonsense")
    person.sees("This is no address that libvirt understands", 20)
    shot("02-wrong-uri")
    assert not person.find(BUTTONS, "^Add$").sensitive, "a wrong URI can be added"


def test_refused_socket_shows_why():
    person = JOURNEY.person
    person.desktop.key("shift+Tab")
    JOURNEY.choose_kind("UNIX Socket", "Any Other URI")
    person.sees("^Path of the Socket$")
    person.desktop.key("Tab")
    person.desktop.type(str(JOURNEY.folder / "nobody.sock"))
    person.click(BUTTONS, "^Add$")
    person.sees("^Not Connected$")
    person.sees("nobody.sock|socket|No such file", 5)
    # What had the keyboard is gone: the next step has it, and Escape finds the dialog.
    wait_for(lambda: (person.focused() or person.app).name == "Change the Connection", "keyboard in the dialog", 10)
    shot("03-refused")


def test_host_is_added_and_connects():
    person = JOURNEY.person
    person.click(BUTTONS, "Change the Connection")
    path = person.find("text", "Path of the Socket")
    path.click()
    person.replace_text(JOURNEY.host.facts["socket"])
    name = person.find("text", "^Name$")
    name.click()
    person.replace_text("bench-1")
    person.click(BUTTONS, "^(Add|Save)$")
    person.does_not_see("^Connecting to")
    person.does_not_see("^Connection$")
    person.sees("^bench-1$")
    # The tree says nothing beside a host that is online; the list has its guests.
    person.click("list item", "^Virtual Machines")
    person.sees(f"^{GUEST}$")
    person.sees("^web-1$")
    shot("04-added")


def test_typing_filters_the_list():
    person = JOURNEY.person
    person.desktop.key("ctrl+f")
    person.desktop.type("try")
    person.does_not_see("^web-1$")
    person.sees(f"^{GUEST}$")
    shot("05-filter")
    person.desktop.key("Escape")
    person.sees("^web-1$")


def test_palette_opens_the_guest():
    person = JOURNEY.person
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type("try-me")
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    shot("06-palette")
    person.desktop.key("Return")
    person.find(BUTTONS, "^Start$")
    person.sees("^Shut off$")


def test_start_runs_the_guest():
    person = JOURNEY.person
    person.click(BUTTONS, "^Start$")
    person.sees("^Running$")
    assert JOURNEY.domain.isActive(), "the page says Running and the host does not"
    person.find(BUTTONS, "^Shut Down$")
    shot("07-running")


def test_console_moves():
    person = JOURNEY.person
    person.click(TABS, "^Console$")
    person.sees("Click or press Enter to use the guest")
    JOURNEY.screen = wait_for(lambda: find_screen(person), "guest's screen")
    wait_for(lambda: JOURNEY.has_colour(BLUE), "the guest's own screen", 240)
    first = person.desktop.pixels(JOURNEY.screen)
    wait_for(lambda: person.desktop.pixels(JOURNEY.screen) != first, "movement on the guest's screen", 30)
    shot("08-console")


def find_screen(person):
    """The widget of the guest's screen: the console's biggest part."""
    shown = [node for node in person.app.walk() if node.showing and GUEST in node.name and node.extents[3] > 300 and
             node.role not in ("frame", "filler", "application")]
    return shown[-1] if shown else None


def test_typing_reaches_the_guest():
    person = JOURNEY.person
    wait_for(lambda: "INNKEEPER-GUEST: up" in JOURNEY.serial_text(), "guest that is up", 240)
    JOURNEY.screen.click()
    person.sees("The keyboard goes to the guest")
    shot("09-grab")
    person.desktop.type("lamp")
    wait_for(lambda: JOURNEY.has_colour(YELLOW), "yellow screen", 60)
    wait_for(lambda: "INNKEEPER-KEY: lamp on" in JOURNEY.serial_text(), "word of the lamp on the serial line", 60)
    shot("10-lamp")


def test_release_keys_give_the_keyboard_back():
    person = JOURNEY.person
    person.sees(r"Ctrl\+Alt gives it back")
    person.desktop.xdo("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Alt_L", "keyup", "Control_L")
    person.sees("Click or press Enter to use the guest")
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.key("Escape")
    person.does_not_see("Go to an object")
    assert "INNKEEPER-KEY: lamp off" not in JOURNEY.serial_text()


def test_its_address_is_listed():
    """Nobody asked for it: the guest has it by DHCP once it is up."""
    person = JOURNEY.person
    person.click("list item", "^Virtual Machines")
    person.sees(r"^10\.0\.2\.15$", 60)
    person.desktop.key("ctrl+f")
    person.desktop.type("ip:10.0.2")
    person.does_not_see("^web-1$")
    person.sees(f"^{GUEST}$")
    shot("11-address")
    person.desktop.key("Escape")
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type("try-me")
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    person.desktop.key("Return")
    person.does_not_see("Go to an object")
    person.click(TABS, "^Console$")
    person.find(BUTTONS, "^Shut Down$")


def test_palette_acts_on_what_is_shown():
    person = JOURNEY.person
    for word, state in (("pause", PAUSED), ("resume try-me", RUNNING)):
        person.desktop.key("ctrl+k")
        person.sees("Go to an object")
        person.desktop.type(word)
        person.sees(f"(?i)^{word.split()[0]}")
        wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
        person.desktop.key("Return")
        person.does_not_see("Go to an object")
        wait_for(lambda s=state: JOURNEY.domain.state()[0] == s, f"guest after {word}")


def test_help_says_when_there_is_no_viewer():
    person = JOURNEY.person
    person.desktop.key("F1")
    person.sees("no help viewer")
    shot("11-no-help")
    person.desktop.key("Escape")
    person.does_not_see("no help viewer")


def test_power_off_from_the_menu():
    person = JOURNEY.person
    person.click(("toggle button", "button"), "More Actions")
    # Open Console, Shut Down, Reboot, Pause, Save State, Reset, Power Off, Send NMI, Start with Host, Rename…, Delete…
    person.choose_in_menu(6, 11)
    person.sees(f"Power [Oo]ff.*{GUEST}")
    shot("12-power-off")
    person.click(BUTTONS, "^Power Off$")
    person.find(BUTTONS, "^Start$")
    wait_for(lambda: not JOURNEY.domain.isActive(), "guest that is off")
    person.sees("^Not Running$")
    shot("13-off")


def test_innctl_is_seen():
    person = JOURNEY.person
    done = inn_lab.innctl(person.store, "host", "add", "--name", "from-the-shell", "test:///default")
    assert done.returncode == 0, done.stderr
    # It connects by itself, as when the program starts.
    person.sees("^Host from-the-shell, Connected$", 20)
    done = inn_lab.innctl(person.store, "host", "edit", "from-the-shell", "--name", "renamed")
    assert done.returncode == 0, done.stderr
    person.sees("^renamed$", 20)
    person.does_not_see("^from-the-shell$", 20)


def remove_host(name):
    person = JOURNEY.person
    person.click("list item", f"^Host {name}", button=3)
    # Remove… is the last of each.
    person.choose_in_menu(-1)
    person.sees(f"Remove “{name}”")
    person.click(BUTTONS, "^Remove$")
    person.does_not_see(f"^{name}$")


def test_hosts_are_removed():
    person = JOURNEY.person
    remove_host("renamed")
    remove_host("bench-1")
    shot("14-removed")
    person.click("list item", "^Overview")
    person.sees("^No Hosts Yet$")
    assert JOURNEY.host.connection.numOfDefinedDomains() == 3, "removing a host from the view touched its guests"


def test_quits_cleanly():
    person = JOURNEY.person
    assert person.quit() == 0, f"exit code {person.process.returncode}\n{person.log_text()[-8000:]}"
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global JOURNEY  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            JOURNEY = Journey(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        tests = [JOURNEY.person.with_picture(value) for name, value in globals().items() if name.startswith("test_")]
        return inn_lab.main(*tests)


if __name__ == "__main__":
    sys.exit(main())
