#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of the local view becomes full, or fails and is read-only from then on, while the program runs: the window
says so at once, innctl says so, and when it can be written again the window says nothing more and all that happened
meanwhile is written."""

import contextlib
import os
import shutil
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

DEFINITION = ("<domain type='qemu'><name>{name}</name><description>{text}</description>"
              "<memory unit='MiB'>16</memory><vcpu>1</vcpu>"
              "<os><type arch='x86_64' machine='pc'>hvm</type></os></domain>")


def do(*command):
    if not shutil.which(command[0]):
        raise inn_lab.Skip(f"{command[0]} is not installed")
    done = inn_lab.run(command)
    if done.returncode != 0:
        raise inn_lab.Skip(f"{command[0]}: {done.stderr}")
    return done.stdout.strip()


def own_mounts():
    """From now on this program and those it starts alone see what is mounted."""
    try:
        os.unshare(os.CLONE_NEWNS)
    except (OSError, AttributeError) as error:
        raise inn_lab.Skip(f"no mount namespace: {error}") from error
    do("mount", "--make-rprivate", "/")


def small_disk(folder):
    own_mounts()
    folder.mkdir()
    do("mount", "-t", "tmpfs", "-o", "size=4m", "none", folder)


class FragileDisk:
    """A file system at FOLDER that goes read-only at its first error, as most do; with files open for writing or not."""

    def __init__(self, folder):
        own_mounts()
        self.folder = folder
        self.image = folder.with_suffix(".image")
        self.image.write_bytes(b"")
        os.truncate(self.image, 32 << 20)
        folder.mkdir()
        # Nothing written gets lost in a journal.
        do("mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", self.image)
        do("mount", "-o", "loop,errors=remount-ro", self.image, folder)

    def fail(self):
        os.sync()
        device = Path(do("findmnt", "-n", "-o", "SOURCE", self.folder)).name
        try:
            (Path("/sys/fs/ext4") / device / "trigger_fs_error").write_text("test", encoding="ascii")
        except OSError as error:
            raise inn_lab.Skip(str(error)) from error

    def replace(self):
        """By another disk with what was on this one."""
        other = self.folder.with_suffix(".other")
        shutil.copy(self.image, other)
        inn_lab.run(["e2fsck", "-f", "-y", other])
        do("mount", "-o", "loop", other, self.folder)


def fill(folder):
    with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def rows(folder, query):
    with contextlib.closing(sqlite3.connect(f"file:{folder / 'view.db'}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute(query)]


def define(host, *names):
    for name in names:
        host.connection.defineXML(DEFINITION.format(name=name, text=name * 3000))


def see_that_it_is_said(person, store, in_window, words):
    """By the window, and by innctl, which still shows what it was asked for."""
    person.sees(in_window, 30)
    told = inn_lab.innctl(store, "vm", "list")
    assert words in told.stderr and "before" in told.stdout, (told.returncode, told.stdout, told.stderr)
    refused = inn_lab.innctl(store, "datacenter", "create", "x" * 100)
    assert refused.returncode == 1 and words in refused.stderr, (refused.returncode, refused.stderr)


def see_that_it_is_over(person, store, words, guests):
    person.does_not_see(words, 30)
    for query in ("SELECT name FROM vm",
                  "SELECT substr(text, 2, instr(text, '”') - 2) FROM event WHERE kind = 'vm.defined'"):
        with contextlib.suppress(AssertionError):
            wait_for(lambda query=query: set(guests) <= set(rows(store, query)), query, 20)
        assert set(guests) <= set(rows(store, query)), f"{query}: {sorted(rows(store, query))}"
    assert person.quit() == 0, f"exit code {person.process.returncode}"
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


@contextlib.contextmanager
def view_on(make_disk):
    """A view with one host on the disk that MAKE_DISK makes; the program runs, and has seen one guest."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        store = folder / "view"
        disk = make_disk(store)
        added = inn_lab.innctl(store, "host", "add", "--name", "bench-1", host.uri)
        assert added.returncode == 0, added.stderr
        person = stack.enter_context(Person(folder))
        person.find("list item", "^Host bench-1, Connected$", 60)
        person.click("list item", "^Virtual Machines")
        define(host, "before")
        person.sees("^before$")
        yield person, host, store, disk


def test_full_disk_is_said_and_nothing_is_lost():
    words = "cannot be written because the disk is full"
    with view_on(small_disk) as (person, host, store, _disk):
        guests = [f"guest-{number:02}" for number in range(12)]
        fill(store)
        define(host, *guests)
        person.sees(f"^{guests[-1]}$")
        see_that_it_is_said(person, store, words, "disk is full")
        person.desktop.shot("full-disk")
        (store / "filler").unlink()
        see_that_it_is_over(person, store, words, guests)


def test_disk_that_turns_read_only():
    words = "cannot be written. Check who owns"
    with view_on(FragileDisk) as (person, host, store, disk):
        disk.fail()
        define(host, "meanwhile")
        person.sees("^meanwhile$")
        see_that_it_is_said(person, store, words, "cannot be written")
        person.desktop.shot("read-only-disk")
        disk.replace()
        see_that_it_is_over(person, store, words, ["before", "meanwhile"])


if __name__ == "__main__":
    # One a process: a program looks at one desktop in its life.
    sys.exit(inn_lab.main(test_disk_that_turns_read_only if sys.argv[1:] == ["read-only"] else
                          test_full_disk_is_said_and_nothing_is_lost))
