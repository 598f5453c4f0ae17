#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""innctl vm console on real guests, through a terminal and through pipes."""

import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "common"))
import inn_lab  # pylint: disable=wrong-import-position

CHANNEL = "org.innkeeper.test.0"
LEAVE = b"\x1d"
# The shell asks for the place of the cursor after its prompt.
PROMPT = rb"[#$] *(\x1b\[6n)?$"


class Console:
    """innctl on a terminal of its own."""

    def __init__(self, store, *arguments):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.said = b""
        program = os.environ.get("INNKEEPER_INNCTL")
        if not program:
            raise inn_lab.Skip("innctl is not built (INNKEEPER_INNCTL is not set)")
        self.process = subprocess.Popen([program, "--store", str(store), "vm", "console", *arguments],
                                        stdin=self.slave, stdout=self.slave, stderr=self.slave, start_new_session=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.master)
        os.close(self.slave)

    def read(self):
        while select.select([self.master], [], [], 0)[0]:
            self.said += os.read(self.master, 65536)
        return self.said

    def expect(self, pattern, timeout=120):
        """Waits for it and forgets what was said up to there."""
        def found():
            return re.search(pattern, self.read())
        try:
            match = inn_lab.wait_for(found, timeout, f"{pattern!r}")
        except Exception as error:
            raise AssertionError(f"{pattern!r} was not said, but: {self.said[-2000:]!r}") from error
        self.said = self.said[match.end():]
        return match

    def type(self, data):
        os.write(self.master, data)

    def is_raw(self):
        return not termios.tcgetattr(self.slave)[3] & (termios.ICANON | termios.ECHO | termios.ISIG)

    def is_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def log_in(self):
        """A shell whose answers are not what was typed."""
        self.expect(rb"Ctrl\+\] leaves")
        self.type(b"\r")
        self.expect(rb"login: *$")
        self.type(b"root\r")
        self.expect(PROMPT)

    def ask(self, number):
        self.type(b"echo $((%d * 1000 + 7))\r" % number)
        self.expect(b"%d007" % number)

    def leave(self):
        self.type(LEAVE)
        code = self.process.wait(60)
        self.read()
        assert self.is_restored()
        return code


@contextlib.contextmanager
def running(name, **options):
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        store = folder / "store"
        done = inn_lab.innctl(store, "host", "add", "--name", "real", host.uri)
        assert done.returncode == 0, done.stderr
        log = folder / "serial.log"
        domain = inn_lab.define_guest(host, name, serial=log, **options)
        domain.create()
        inn_lab.wait_for(lambda: log.exists() and "login:" in log.read_text(encoding="utf-8", errors="replace"), 180,
                         "the guest")
        yield folder, store, domain


def test_terminal():
    with running("still", more_serial=1, channel=CHANNEL) as (folder, store, domain):
        listed = json.loads(inn_lab.innctl(store, "--json", "vm", "console", "--list", "still").stdout)
        assert [device["device"] for device in listed] == ["serial0", "serial1", "channel0"], listed
        assert listed[2]["target"] == CHANNEL and listed[2]["kind"] == "channel", listed

        log = folder / "console.log"
        with Console(store, "still", "--log", str(log)) as console:
            console.log_in()
            assert console.is_raw()
            console.ask(41)
            # The keys that would end a program are the guest's.
            console.expect(PROMPT)
            # What is typed before the shell has let go of the terminal would be the shell's.
            console.type(b"echo $((46 * 1000 + 7)); cat\r")
            console.expect(rb"46007\r\n")
            console.type(b"ab\r")
            console.expect(rb"(?s)ab\r\n.*ab\r\n")
            console.type(b"\x03")
            console.expect(PROMPT)
            console.ask(42)
            console.expect(PROMPT)

            # A device beside it, at the same time.
            with Console(store, "still", "--device", CHANNEL) as other:
                other.expect(rb"Ctrl\+\] leaves")
                # A port is opened once: it is both input and output.
                console.type(b"(read -r line; echo got-$line-back >&0) <> /dev/virtio-ports/%s\r" % CHANNEL.encode())
                inn_lab.wait_for(lambda: "state='connected'" in domain.XMLDesc(), 30, "the channel")
                other.type(b"word\n")
                other.expect(rb"got-word-back")
                assert other.leave() == 0

            # Another size of the window is nothing to a serial port.
            fcntl.ioctl(console.slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
            os.killpg(console.process.pid, signal.SIGWINCH)
            console.ask(43)
            assert console.leave() == 0
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert b"41007" in log.read_bytes() and b"Ctrl+]" not in log.read_bytes()


def test_ended_from_outside():
    with running("ende") as (folder, store, _domain):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGABRT):
            log = folder / f"{number}.log"
            with Console(store, "ende", "--log", str(log)) as console:
                console.expect(rb"Ctrl\+\] leaves")
                console.type(b"\r")
                console.expect(rb"(login:|[#$]) *(\x1b\[6n)?$")
                assert console.is_raw()
                console.process.send_signal(number)
                code = console.process.wait(60)
                assert code == 128 + number if number == signal.SIGTERM else code != 0, code
                assert console.is_restored(), number
                assert re.search(rb"(login:|[#$]) *(\x1b\[6n)?$", log.read_bytes())


def test_taken_and_forced():
    with running("eins") as (_folder, store, _domain):
        with Console(store, "eins") as first:
            first.log_in()
            with Console(store, "eins") as second:
                second.expect(rb"Somebody else has")
                assert second.process.wait(60) == 1
                assert second.is_restored()
            with Console(store, "eins", "--force") as third:
                third.expect(rb"Ctrl\+\] leaves")
                # The first one does not take it back by itself.
                first.expect(rb"Somebody else has")
                assert first.process.wait(60) == 1
                third.type(b"\r")
                third.ask(44)
                assert third.leave() == 0


def test_restart():
    with running("wieder") as (_folder, store, domain):
        with Console(store, "wieder") as console:
            console.log_in()
            domain.destroy()
            console.expect(rb"wieder is off")
            domain.create()
            console.expect(rb"login: *$", 180)
            console.type(b"root\r")
            console.expect(PROMPT)
            console.ask(45)
            assert console.leave() == 0


def test_pipes():
    with running("rohr") as (_folder, store, domain):
        program = os.environ["INNKEEPER_INNCTL"]
        done = subprocess.run(
            [program, "--store", str(store), "vm", "console", "rohr"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
        assert done.returncode == 2 and "needs a terminal" in done.stderr, done.stderr

        with subprocess.Popen([program, "--store", str(store), "vm", "console", "rohr"], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            process.stdin.write(b"root\r")
            process.stdin.flush()
            said = b""
            while b"# " not in said:
                said += os.read(process.stdout.fileno(), 65536)
            process.stdin.write(b"echo $((46 * 1000 + 7))\r")
            process.stdin.close()
            while b"46007" not in said:
                piece = os.read(process.stdout.fileno(), 65536)
                assert piece, (said, process.stderr.read())
                said += piece
            domain.destroy()
            assert process.wait(60) == 0, process.stderr.read()


def memory_kib(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="utf-8")).group(1))


def test_flood():
    """Nobody reads what a guest writes without a pause: memory has an end. Then somebody reads."""
    with running("flut", channel=CHANNEL) as (_folder, store, _domain):
        with Console(store, "flut") as console:
            console.log_in()
            console.type(b"yes 0123456789012345678901234567890123456789 > /dev/virtio-ports/%s &\r" % CHANNEL.encode())
            console.expect(PROMPT)
            assert console.leave() == 0
        command = [os.environ["INNKEEPER_INNCTL"], "--store", str(store), "vm", "console", "flut", "--device", CHANNEL]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as process:
            first = os.read(process.stdout.fileno(), 100)
            assert first, process.stderr.read()
            before = memory_kib(process.pid)
            grown = [0]

            def is_still():
                grown.append(memory_kib(process.pid) - before)
                return grown[-1] > 2048 and len(grown) > 40 and grown[-1] - grown[-40] < 64

            inn_lab.wait_for(is_still, 120, "end of the growth")
            assert max(grown) < 64 * 1024, grown
            # All that there was, the line that tells of the gap, and then what comes now.
            said = b""
            end = time.monotonic() + 60
            while b"left out" not in said:
                assert time.monotonic() < end, said[-300:]
                said = said[-1000:] + os.read(process.stdout.fileno(), 65536)
            while b"0123456789" not in said.split(b"left out")[-1]:
                said += os.read(process.stdout.fileno(), 65536)
            process.terminate()
            assert process.wait(60) == 128 + signal.SIGTERM, process.stderr.read()


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_terminal, test_ended_from_outside, test_taken_and_forced, test_restart, test_pipes,
                          test_flood))
