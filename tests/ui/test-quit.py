#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Leaving, whatever goes on: each time the program ends by itself, soon, with 0, and has nothing to complain about."""

import contextlib
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab  # noqa: E402  pylint: disable=wrong-import-position

N_HOSTS, N_GUESTS = 100, 100
TIMES = 20
# Long enough for a busy machine, shorter than any call to a host that hangs would take.
LIMIT = 25.0
GUEST = "try-me"
TESTS = Path(__file__).resolve().parent.parent


def made_up_hosts(folder):
    done = inn_lab.run([sys.executable, TESTS / "common" / "gen-test-hosts.py", folder, N_HOSTS, N_GUESTS])
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def add_host(store, name, uri):
    done = inn_lab.innctl(store, "host", "add", "--name", name, uri)
    assert done.returncode == 0, done.stderr


def leave(person, what):
    """Closes the window; how many seconds until the process was gone."""
    began = time.monotonic()
    code = person.quit()
    seconds = time.monotonic() - began
    assert code == 0, f"{what}: exit code {code}\n{person.log_text()[-8000:]}"
    assert person.bad_lines() == [], f"{what}:\n" + "\n".join(person.bad_lines())
    assert seconds < LIMIT, f"{what}: {seconds:.0f} s"
    return seconds


# One for all: accessibility knows one desktop in a process.
PERSON = None


def start(store):
    PERSON.store = store
    PERSON.start()
    return PERSON


@contextlib.contextmanager
def real_host():
    """A person who sees a guest that runs."""
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        inn_lab.define_guest(host, GUEST).create()
        add_host(folder / "view", "h1", host.uri)
        person = start(folder / "view")
        person.sees(f"^{GUEST}$")
        yield host, person


def open_guest(person):
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type(GUEST)
    person.desktop.key("Return")
    person.does_not_see("Go to an object")
    person.sees("^Summary$")


def test_many_guests():
    with inn_lab.temporary_folder() as folder:
        view = folder / "view"
        uris = made_up_hosts(folder / "hosts")
        add_host(view, "host000", uris[0])
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda pair: add_host(view, f"host{pair[0]:03}", pair[1]), enumerate(uris[1:], 1)))

        person = start(view)
        # The window is there and a hundred hosts begin to answer.
        print(f"# left while {N_HOSTS} hosts connect: {leave(person, 'while hosts connect'):.1f} s", flush=True)

        person = start(view)
        person.sees(f"{N_HOSTS * N_GUESTS} on all hosts", 300)
        print(f"# left with {N_HOSTS * N_GUESTS} guests: {leave(person, 'with all guests'):.1f} s", flush=True)

        seconds = []
        for number in range(1, TIMES + 1):
            seconds.append(leave(start(view), f"time {number}"))
        print(f"# started and left {TIMES} times: at most {max(seconds):.1f} s to leave", flush=True)


def test_open_console():
    with real_host() as (_, person):
        open_guest(person)
        person.click("page tab", "^Console$")
        person.sees("Click or press Enter to use the guest")
        print(f"# {leave(person, 'console'):.1f} s", flush=True)


def test_hung_host():
    with real_host() as (host, person):
        open_guest(person)
        os.kill(host.facts["pid"], signal.SIGSTOP)
        try:
            # The definition is asked for and never comes.
            person.click("page tab", "^XML$")
            print(f"# at once: {leave(person, 'hung host'):.1f} s", flush=True)
        finally:
            os.kill(host.facts["pid"], signal.SIGCONT)


def test_lost_host():
    with real_host() as (host, person):
        os.kill(host.facts["pid"], signal.SIGSTOP)
        try:
            person.sees("[Ll]ost|Reconnect", 120)
            print(f"# after it was noticed: {leave(person, 'lost host'):.1f} s", flush=True)
        finally:
            os.kill(host.facts["pid"], signal.SIGCONT)


def main():
    global PERSON  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            PERSON = stack.enter_context(Person(folder))
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        leave(PERSON, "an empty view")
        return inn_lab.main(test_open_console, test_hung_host, test_lost_host, test_many_guests)


if __name__ == "__main__":
    sys.exit(main())
