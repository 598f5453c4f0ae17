#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window and innctl write one view at the same time, and nothing is lost. The window writes what its host tells,
innctl what the administrator records."""

import contextlib
import sqlite3
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

N_WRITES = 1000
# New groups come below the others; the first one, with its last name, is on the screen.
LAST = "the-last-word"
DEFINITION = ("<domain type='qemu'><name>{name}</name><memory unit='MiB'>16</memory><vcpu>1</vcpu>"
              "<os><type arch='x86_64' machine='pc'>hvm</type></os></domain>")


def ok(store, *arguments):
    done = inn_lab.innctl(store, *arguments)
    assert done.returncode == 0, f"{arguments}: {done.returncode}: {done.stderr}"


def guest(number):
    return f"guest-{number:04}"


def data_center(number):
    return f"centre-{number:04}"


def names(store, query):
    """What the file holds, read by somebody who knows nothing of Innkeeper."""
    path = next(Path(store).glob("*.db"))
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return [row[0] for row in database.execute(query)]


def missing(wanted, found):
    lost = sorted(set(wanted) - set(found))
    return f"{len(lost)} of {len(set(wanted))} are lost: {lost[:5]}"


def write_both(host, store):
    """Each definition makes the window write an event and a guest, while innctl writes a group."""
    slowest = 0.0
    for number in range(N_WRITES):
        host.connection.defineXML(DEFINITION.format(name=guest(number)))
        began = time.monotonic()
        if number < N_WRITES - 1:
            ok(store, "datacenter", "create", data_center(number))
        else:
            ok(store, "datacenter", "rename", data_center(0), LAST)
        slowest = max(slowest, time.monotonic() - began)
    return slowest


def test_nothing_is_lost():
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        store = folder / "view"
        ok(store, "host", "add", "--name", "bench-1", host.uri)
        person = stack.enter_context(Person(folder))
        person.click("list item", "^Virtual Machines")
        host.connection.defineXML(DEFINITION.format(name="before"))
        person.sees("^before$")

        began = time.monotonic()
        slowest = write_both(host, store)
        print(f"# {N_WRITES} writes each in {time.monotonic() - began:.0f} s, the slowest innctl {slowest:.2f} s",
              flush=True)

        guests = [guest(number) for number in range(N_WRITES)]
        centres = [LAST] + [data_center(number) for number in range(1, N_WRITES - 1)]
        # Such an event names its guest in its text alone: “guest-0001” was defined.
        events = "SELECT substr(text, 2, instr(text, '”') - 2) FROM event WHERE kind = 'vm.defined'"
        rows = "SELECT name FROM vm"

        def written(query):
            return lambda: set(guests) <= set(names(store, query))

        for query in (events, rows):
            with contextlib.suppress(AssertionError):
                wait_for(written(query), "guests in the file", 30)
            assert written(query)(), f"{query}: {missing(guests, names(store, query))}"
        found = names(store, "SELECT name FROM data_center")
        assert set(centres) <= set(found), missing(centres, found)
        told = [name for name in names(store, events) if name in set(guests)]
        print(f"# in the file: {len(told)} events, {len(names(store, rows))} guests, {len(found)} data centers",
              flush=True)
        assert len(told) == N_WRITES, f"{len(told)} events of {N_WRITES} guests"

        person.sees(LAST, 60)
        person.desktop.key("ctrl+f")
        person.desktop.type(guest(N_WRITES - 1))
        person.does_not_see("^before$")
        person.sees(f"^{guest(N_WRITES - 1)}$")
        person.desktop.shot("shared-store")
        assert person.quit() == 0, f"exit code {person.process.returncode}"
        assert person.bad_lines() == [], "\n".join(person.bad_lines())


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_nothing_is_lost))
