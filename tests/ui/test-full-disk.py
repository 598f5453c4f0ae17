#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk of the local view becomes full while the program runs: the window says so at once, innctl says so, and when
there is room again the window says nothing more and all that happened meanwhile is written."""

import contextlib
import os
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

DEFINITION = ("<domain type='qemu'><name>{name}</name><description>{text}</description>"
              "<memory unit='MiB'>16</memory><vcpu>1</vcpu>"
              "<os><type arch='x86_64' machine='pc'>hvm</type></os></domain>")
BANNER = "cannot be written because the disk is full"


def small_disk(folder):
    """A disk of its own below FOLDER, which this program and those it starts see alone."""
    try:
        os.unshare(os.CLONE_NEWNS)
    except (OSError, AttributeError) as error:
        raise inn_lab.Skip(f"no mount namespace: {error}") from error
    folder.mkdir()
    for command in (["mount", "--make-rprivate", "/"], ["mount", "-t", "tmpfs", "-o", "size=4m", "none", str(folder)]):
        done = inn_lab.run(command)
        if done.returncode != 0:
            raise inn_lab.Skip(done.stderr)


def fill(folder):
    with contextlib.suppress(OSError), open(folder / "filler", "wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)


def rows(folder, query):
    with contextlib.closing(sqlite3.connect(f"file:{folder / 'view.db'}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute(query)]


def test_full_disk_is_said_and_nothing_is_lost():
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        store = folder / "view"
        small_disk(store)
        added = inn_lab.innctl(store, "host", "add", "--name", "bench-1", host.uri)
        assert added.returncode == 0, added.stderr
        person = stack.enter_context(Person(folder))
        person.click("list item", "^Virtual Machines")
        host.connection.defineXML(DEFINITION.format(name="before", text=""))
        person.sees("^before$")

        fill(store)
        guests = [f"guest-{number:02}" for number in range(12)]
        for name in guests:
            host.connection.defineXML(DEFINITION.format(name=name, text=name * 3000))
        person.sees(BANNER, 30)
        person.sees(f"^{guests[-1]}$")
        person.desktop.shot("full-disk")

        # Who only passes by says it as well, and still does what it was asked for.
        told = inn_lab.innctl(store, "vm", "list")
        assert "disk is full" in told.stderr, (told.returncode, told.stderr)
        refused = inn_lab.innctl(store, "datacenter", "create", "x" * 100)
        assert refused.returncode == 1 and "disk is full" in refused.stderr, (refused.returncode, refused.stderr)

        (store / "filler").unlink()
        person.does_not_see(BANNER, 30)
        person.desktop.shot("full-disk-over")
        for query in ("SELECT name FROM vm",
                      "SELECT substr(text, 2, instr(text, '”') - 2) FROM event WHERE kind = 'vm.defined'"):
            with contextlib.suppress(AssertionError):
                wait_for(lambda query=query: set(guests) <= set(rows(store, query)), query, 20)
            assert set(guests) <= set(rows(store, query)), f"{query}: {sorted(rows(store, query))}"
        assert person.quit() == 0, f"exit code {person.process.returncode}"
        assert person.bad_lines() == [], "\n".join(person.bad_lines())


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_full_disk_is_said_and_nothing_is_lost))
