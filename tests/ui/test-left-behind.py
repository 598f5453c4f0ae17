#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations whose program dies, and a window that is closed while operations run. A guest whose QEMU is stopped
answers nothing, so that an operation on it lasts as long as a test needs."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import libvirt

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

BUTTONS = ("button", "push button")
MENUS = ("toggle button", "button")
# Its QEMU is found by its name.
GUEST = f"try-{os.getpid()}"
PAUSE = 3  # in the menu of a guest that runs: Open Console, Shut Down, Reboot, Pause, ...


class House:
    """What the steps share."""

    def __init__(self, stack, folder):
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.store = folder / "view"
        added = inn_lab.innctl(self.store, "host", "add", "--name", "bench-1", self.host.uri)
        assert added.returncode == 0, added.stderr
        self.domain = inn_lab.define_guest(self.host, GUEST)
        self.domain.create()
        self.person = stack.enter_context(Person(folder))

    def qemu(self):
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                words = path.read_bytes().decode(errors="replace")
                if f"guest={GUEST}," in words:
                    return int(path.parent.name)
        raise AssertionError("the guest's QEMU is not to be seen")

    @contextlib.contextmanager
    def silent_guest(self):
        pid = self.qemu()
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def is_in(self, state):
        return self.domain.state()[0] == state

    def is_saving(self):
        return self.domain.jobInfo()[0] != libvirt.VIR_DOMAIN_JOB_NONE or not self.is_in(libvirt.VIR_DOMAIN_RUNNING)

    def kill_innctl_at_work(self):
        """innctl begins to save the guest and dies; the host goes on."""
        with subprocess.Popen([os.environ["INNKEEPER_INNCTL"], "--store", str(self.store), "vm", "save", GUEST],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            with contextlib.closing(sqlite3.connect(f"file:{self.store / 'view.db'}?mode=ro", uri=True)) as database:
                # Only what has reached the host does the host go on with.
                while (not database.execute("SELECT 1 FROM operation WHERE state = 'running'").fetchone()
                       or not self.is_saving()):
                    assert process.poll() is None, "innctl was done before it could be killed"
            process.kill()
            assert process.wait() == -signal.SIGKILL
            wait_for(lambda: self.is_in(libvirt.VIR_DOMAIN_SHUTOFF), "saved guest", 60)


HOUSE = None


def open_guest():
    person = HOUSE.person
    person.click("list item", "^Virtual Machines")
    person.sees(f"^{GUEST}$")
    person.sees("^(Running|Paused)$")
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type(GUEST)
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    person.desktop.key("Return")
    person.find(MENUS, "More Actions")


def open_operations():
    HOUSE.person.click(MENUS, "^Operations")
    HOUSE.person.sees("^Clear$")


def is_offered():
    return any(node.name == "Dismiss" and node.showing for node in HOUSE.person.app.walk())


def close_operations():
    HOUSE.person.desktop.key("Escape")
    HOUSE.person.does_not_see("^Clear$")


def pause_in_window():
    HOUSE.person.click(MENUS, "More Actions")
    HOUSE.person.choose_in_menu(PAUSE)
    HOUSE.person.find(MENUS, "^Operations, 1 running$")


def set_running():
    """As it was: nothing hangs, and the guest runs."""
    wait_for(lambda: HOUSE.is_in(libvirt.VIR_DOMAIN_PAUSED), "guest that was paused after all", 60)
    HOUSE.domain.resume()
    HOUSE.person.sees("^Running$")


def frames():
    return [node for node in HOUSE.person.app.walk(2) if node.role == "frame" and node.showing]


def test_killed_innctl_is_offered():
    person = HOUSE.person
    open_guest()
    person.sees("^Running$")
    HOUSE.kill_innctl_at_work()
    person.find(MENUS, "^Operations$")
    open_operations()
    person.sees(f"^Saving {GUEST}$")
    person.sees("^Left behind: its program ended")
    person.find(BUTTONS, "^Resume$")
    person.find(BUTTONS, "^Dismiss$")
    person.desktop.shot("left-behind")
    close_operations()
    HOUSE.domain.create()
    person.sees("^Running$")


def test_killed_window_leaves_the_offer_to_the_next():
    person = HOUSE.person
    person.process.kill()
    person.process.wait()
    person.start()
    open_guest()
    person.sees("^Running$")
    open_operations()
    person.sees("^Left behind: its program ended")


def test_resume_does_it():
    person = HOUSE.person
    person.click(BUTTONS, "^Resume$")
    wait_for(lambda: HOUSE.is_in(libvirt.VIR_DOMAIN_SHUTOFF), "guest that is saved again")
    assert HOUSE.domain.hasManagedSaveImage()
    person.sees("^Done, ")
    wait_for(lambda: not is_offered(), "end of the offer")
    person.desktop.shot("left-behind-resumed")
    close_operations()
    HOUSE.domain.create()
    person.sees("^Running$")


def leave_behind_again():
    """What is settled is offered by a program that died since."""
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    with contextlib.closing(sqlite3.connect(HOUSE.store / "view.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
        row = database.execute("UPDATE operation SET owner_pid = ?, owner_start = 'gone', writer = 1, revision = "
                               "(SELECT value FROM meta WHERE key = 'revision') WHERE state = 'abandoned' RETURNING id",
                               (dead.pid,)).fetchall()
        database.execute("COMMIT")
    assert len(row) == 1, row
    return row[0][0]


def operations():
    return [node for node in HOUSE.person.app.walk_showing() if node.name == f"Saving {GUEST}"]


def test_taken_elsewhere_is_not_done_twice():
    """Another program takes it, and the window has not seen that yet when Resume is clicked."""
    person = HOUSE.person
    open_operations()
    left = leave_behind_again()
    place = person.desktop.middle(person.find(BUTTONS, "^Resume$"))
    n = len(operations())
    person.stop_with(signal.SIGSTOP)
    try:
        taken = inn_lab.innctl(HOUSE.store, "operation", "dismiss", left)
        assert taken.returncode == 0, taken.stderr
        person.desktop.xdo("mousemove", *place, "click", 1)
    finally:
        person.stop_with(signal.SIGCONT)
    wait_for(lambda: not is_offered(), "end of the offer")
    close_operations()
    open_operations()
    assert len(operations()) == n, "it was done again"
    close_operations()


def test_dismissed_is_offered_no_more():
    person = HOUSE.person
    with HOUSE.silent_guest():
        pause_in_window()
        person.process.kill()
        person.process.wait()
        person.start()
        open_operations()
        person.click(BUTTONS, "^Dismiss$")
        wait_for(lambda: not is_offered(), "end of the offer")
        close_operations()
        person.process.kill()
        person.process.wait()
        person.start()
        open_operations()
        person.sees("^Left behind: its program ended")
        assert not is_offered(), "offered again"
        close_operations()
    open_guest()
    set_running()


def test_closing_asks_and_cancel_stays():
    person = HOUSE.person
    with HOUSE.silent_guest():
        pause_in_window()
        person.desktop.key("ctrl+w")
        person.sees("^1 Operation Is Running$")
        person.desktop.shot("closing-asks")
        person.desktop.key("Escape")
        person.does_not_see("^1 Operation Is Running$")
        assert frames() and person.process.poll() is None
    set_running()
    person.find(MENUS, "^Operations$")


def test_background_goes_with_the_last_operation():
    person = HOUSE.person
    with HOUSE.silent_guest():
        pause_in_window()
        person.desktop.key("ctrl+w")
        person.click(BUTTONS, "^Run in Background$")
        wait_for(lambda: not frames(), "hidden window")
        again = person.desktop.start([person.program, "--store", str(person.store)], log=person.log)
        assert again.wait(30) == 0, f"exit code {again.returncode}"
        wait_for(frames, "window that was hidden")
    # It is seen again: the end of the operation is no reason to go.
    set_running()
    person.find(MENUS, "^Operations$")
    with HOUSE.silent_guest():
        pause_in_window()
        person.desktop.key("ctrl+w")
        person.click(BUTTONS, "^Run in Background$")
        wait_for(lambda: not frames(), "hidden window")
        assert person.process.poll() is None
    assert person.process.wait(60) == 0, f"exit code {person.process.returncode}"
    person.start()
    open_guest()
    set_running()


def test_quit_now_leaves_it_to_the_host():
    person = HOUSE.person
    with HOUSE.silent_guest():
        pause_in_window()
        person.desktop.key("ctrl+w")
        person.click(BUTTONS, "^Quit Now$")
        assert person.process.wait(60) == 0, f"exit code {person.process.returncode}"
    wait_for(lambda: HOUSE.is_in(libvirt.VIR_DOMAIN_PAUSED), "guest that its host paused", 60)
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global HOUSE  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            HOUSE = House(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        tests = [HOUSE.person.with_picture(value) for name, value in globals().items() if name.startswith("test_")]
        return inn_lab.main(*tests)


if __name__ == "__main__":
    sys.exit(main())
