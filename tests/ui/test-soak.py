#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same way through the program again and again: add a host, look at its pages, use its console, remove it. What the
program needs must not grow with the rounds. INNKEEPER_SOAK_ROUNDS says how many; in a build with sanitizers the end of the
program tells of leaks."""

import contextlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

ROUNDS = int(os.environ.get("INNKEEPER_SOAK_ROUNDS", "50"))
# Caches, fonts and icons fill in the first rounds; what is counted comes after.
WARM_UP = max(2, ROUNDS // 5)
# Of each round after the warm-up. Each leaves some events behind, and the allocator breathes: 100 to 700 KiB were measured
# over 17 rounds. A page or a connection that stays is more than that.
MAXIMUM_KIB_A_ROUND = 1000
GUEST = "try-me"
BUTTONS = ("button", "push button")


class Soak:
    def __init__(self, stack, folder):
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.domain = inn_lab.define_guest(self.host, GUEST)
        self.domain.create()
        self.person = stack.enter_context(Person(folder))

    def add(self):
        person = self.person
        person.desktop.key("ctrl+shift+n")
        person.sees("^Connection$")
        # From SSH down to UNIX Socket.
        person.desktop.key("space", *["Down"] * 5, "Return")
        person.sees("^Path of the Socket$")
        person.desktop.key("Tab")
        person.desktop.type(self.host.facts["socket"])
        person.click(BUTTONS, "^Add$")
        person.does_not_see("^Connection$")
        person.sees(f"^{GUEST}$")

    def open(self, what, until):
        person = self.person
        person.desktop.key("ctrl+k")
        person.sees("Go to an object")
        person.desktop.type(what)
        person.desktop.key("Return")
        person.does_not_see("Go to an object")
        person.sees(until)

    def browse(self):
        self.open("Overview", "^Busiest Hosts$")
        self.open("Events", "^Events$")
        self.open(GUEST, "^Summary$")
        for tab in ("XML", "Events", "Console"):
            self.person.click("page tab", f"^{tab}$")
        self.person.sees("Click or press Enter to use the guest")

    def remove(self):
        person = self.person
        person.click("list item", "^Host ", button=3)
        person.choose_in_menu(-1)
        person.click(BUTTONS, "^Remove$")
        wait_for(lambda: not person.app.has("list item", "^Host "), "sidebar without the host", 60)

    def round(self):
        self.add()
        self.browse()
        self.remove()


SOAK = None


def test_memory_does_not_grow():
    sizes = []
    for number in range(ROUNDS):
        SOAK.round()
        sizes.append(SOAK.person.rss_kib())
        print(f"# round {number + 1}: {sizes[-1]} KiB", flush=True)
    counted = sizes[WARM_UP - 1:]
    growth = (counted[-1] - counted[0]) / max(1, len(counted) - 1)
    print(f"# growth {growth:.0f} KiB a round after {WARM_UP} rounds", flush=True)
    # A sanitizer keeps what is freed for a while, so that the size says nothing there.
    if "INNKEEPER_SANITIZED" not in os.environ:
        assert growth <= MAXIMUM_KIB_A_ROUND, f"the program grows by {growth:.0f} KiB a round: {sizes}"


def test_ends_without_a_leak():
    assert SOAK.person.quit() == 0, SOAK.person.log_text()[-8000:]
    assert SOAK.person.bad_lines() == [], "\n".join(SOAK.person.bad_lines())


def main():
    global SOAK  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            SOAK = Soak(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        return inn_lab.main(*map(SOAK.person.with_picture, (test_memory_does_not_grow, test_ends_without_a_leak)))


if __name__ == "__main__":
    sys.exit(main())
