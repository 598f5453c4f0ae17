#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting Innkeeper again while it is there, and while its last window closes; what it tells of virt-manager's
connections; and a view that is removed under it."""

import contextlib
import json
import os
import shutil
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

BUTTONS = ("button", "push button")
KEYFILE = """[org/virt-manager/virt-manager/connections]
uris=['test:///default', 'nonsense', 'qemu+ssh://root@alpha.invalid/system']
autoconnect=['test:///default']
"""


def start_again(person):
    """The same program on the same view: it hands over to the one that is there, and ends."""
    again = person.desktop.start([person.program, "--store", str(person.store)], log=person.log, **person.env)
    assert again.wait(30) == 0, f"exit code {again.returncode}"


def frames(person):
    return [node for node in person.app.walk(2) if node.role == "frame" and node.showing]


@contextlib.contextmanager
def stopped(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def import_connections(person):
    """The third item of the main menu."""
    person.click("toggle button", "^Main Menu$")
    person.choose_in_menu(2)


class View:  # pylint: disable=too-few-public-methods
    """What the steps share."""

    def __init__(self, stack, folder):
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        added = inn_lab.innctl(folder / "view", "host", "add", "--name", "bench-1", self.host.uri)
        assert added.returncode == 0, added.stderr
        inn_lab.define_guest(self.host, "try-me")
        self.settings = folder / "config" / "glib-2.0" / "settings"
        self.settings.mkdir(parents=True)
        self.person = stack.enter_context(Person(folder, XDG_CONFIG_HOME=str(folder / "config")))


VIEW = None


def test_import_tells_what_became_of_each():
    person = VIEW.person
    person.click("list item", "^Virtual Machines")
    person.sees("^try-me$")
    import_connections(person)
    person.sees("^No connections of virt-manager were found$")

    (VIEW.settings / "keyfile").write_text(KEYFILE, encoding="utf-8")
    import_connections(person)
    person.sees("^2 hosts added, 1 left out$")
    person.desktop.shot("imported")
    person.click(BUTTONS, "^Details$")
    person.sees("^nonsense: ")
    person.desktop.shot("imported-details")
    person.desktop.key("Escape")
    person.does_not_see("^nonsense: ")
    person.sees("^alpha.invalid$")


def test_removed_folder_is_written_again():
    person = VIEW.person
    shutil.rmtree(person.store)
    person.sees("was removed while Innkeeper ran")
    person.desktop.shot("folder-removed")
    listed = inn_lab.innctl(person.store, "--json", "host", "list", "--cached")
    hosts = {host["name"] for host in json.loads(listed.stdout)}
    assert {"bench-1", "alpha.invalid"} <= hosts and len(hosts) == 3, hosts


def test_what_innctl_sees_is_shown():
    """The window is not connected to libvirt's test host; innctl is, for a moment."""
    person = VIEW.person
    assert not person.app.has("list item", "^test$")
    listed = inn_lab.innctl(person.store, "--timeout", "10", "vm", "list")
    assert "test:///default" in listed.stdout, (listed.stdout, listed.stderr)
    person.sees("^test$")
    person.sees("^test:///default$")
    person.desktop.shot("seen-by-innctl")


def test_second_start_shows_the_same_window():
    start_again(VIEW.person)
    assert len(frames(VIEW.person)) == 1, "a second window for the same view"


def test_second_start_while_closing_brings_a_window():
    person = VIEW.person
    # A host that does not answer holds up the end.
    with stopped(VIEW.host.facts["pid"]):
        person.desktop.key("ctrl+w")
        wait_for(lambda: not frames(person), "end of the window")
        assert person.process.poll() is None, "it has ended already: nothing to be seen here"
        start_again(person)
        wait_for(lambda: person.process.poll() is None and frames(person), "window of the second start", 60)
    # It is a whole one: connected again, with what happens.
    person.sees("^try-me$")
    inn_lab.define_guest(VIEW.host, "later")
    person.sees("^later$")
    person.desktop.shot("start-again")
    assert person.quit() == 0, f"exit code {person.process.returncode}"
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global VIEW  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            VIEW = View(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        return inn_lab.main(*map(VIEW.person.with_picture, (
            test_import_tells_what_became_of_each, test_removed_folder_is_written_again,
            test_what_innctl_sees_is_shown, test_second_start_shows_the_same_window,
            test_second_start_while_closing_brings_a_window)))


if __name__ == "__main__":
    sys.exit(main())
