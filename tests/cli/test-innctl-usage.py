#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line itself: help for everything, and exit code 2 for what makes no sense."""

import json
import os
import pty
import re
import signal
import sys
import termios
from pathlib import Path

import cli_bed
import inn_lab

WRONG = [
    [], ["frob"], ["vm"], ["vm", "frob"], ["host", "add"], ["host", "add", "a", "b"], ["vm", "start"],
    ["vm", "list", "--state", "asleep"], ["vm", "list", "--frob"], ["--timeout", "0", "vm", "list"],
    ["--timeout", "soon", "vm", "list"], ["vm", "autostart", "maybe", "x"], ["event", "list", "--since", "yesterday"],
    ["event", "list", "--limit", "0"], ["vm", "rename", "x"], ["--store"],
]


def commands(bed):
    return re.findall(r"^  (\w+ [\w-]+) ", bed.ok("--help"), re.M)


def test_each_command_has_help():
    with cli_bed.bed() as bed:
        found = commands(bed)
        assert len(found) > 35, found
        for command in found:
            text = bed.ok(*command.split(), "--help")
            assert "--json" in text and f"innctl [OPTION…] {command}" in text, text
            assert bed.ok(command.split()[0], "--help").count(command)
        assert not bed.store.exists(), "help made a store"


def keys_of(value):
    if isinstance(value, list):
        return set().union(*(keys_of(one) for one in value))
    if isinstance(value, dict):
        return set(value).union(*(keys_of(one) for one in value.values()))
    return set()


def test_manual():
    """It names each command, and each field that comes out of --json."""
    manual = (Path(__file__).resolve().parents[2] / "data" / "innctl.1").read_text(encoding="utf-8")
    words = set(re.findall(r"[\w-]+", manual.replace("\\-", "-")))
    with cli_bed.bed() as bed:
        missing = [command for command in commands(bed) if command not in manual]
        assert not missing, missing
        bed.add("one", cli_bed.guest("web", cli_bed.SHUTOFF))
        found = keys_of(json.loads(bed.ok("--json", "vm", "start", "web")))
        for arguments in (["host", "list"], ["cluster", "list"], ["datacenter", "list"], ["vm", "list"], ["event", "list"],
                          ["operation", "list"], ["vm", "xml", "web"], ["debug", "report"]):
            found |= keys_of(bed.json(*arguments))
        found |= keys_of(bed.errors(1, "vm", "show", "nobody"))
        assert len(found) > 50 and found <= words, found - words


def test_version():
    with cli_bed.bed() as bed:
        assert re.fullmatch(r"innctl \d+\.\d+\.\d+\n", bed.ok("--version"))


def test_wrong_usage():
    with cli_bed.bed() as bed:
        for arguments in WRONG:
            bed.fails(2, *arguments)
            if arguments != ["--store"]:
                assert bed.errors(2, *arguments)[0]["code"] == "usage", arguments


def test_options_go_anywhere():
    with cli_bed.bed() as bed:
        for arguments in (["--json", "vm", "list"], ["vm", "--json", "list"], ["vm", "list", "--json"]):
            assert bed.ok(*arguments).strip() == "[]"


def test_questions_need_a_terminal():
    with cli_bed.bed() as bed:
        bed.add("one", cli_bed.guest("web"))
        assert "-y" in bed.fails(2, "vm", "poweroff", "web")
        assert "-y" in bed.fails(2, "host", "remove", "one")
        assert "one" in bed.hosts("--cached")
        bed.ok("-y", "vm", "poweroff", "web")


def is_echoing(terminal):
    return bool(termios.tcgetattr(terminal)[3] & termios.ECHO)


def test_interrupted_password():
    with cli_bed.bed() as bed:
        bed.add("locked", "<auth><user password='secret'>admin</user></auth>", cli_bed.guest("web"))
        pid, terminal = pty.fork()
        if pid == 0:
            program = os.environ["INNKEEPER_INNCTL"]
            os.execl(program, program, "--store", str(bed.store), "vm", "list")
        with open(terminal, "r+b", buffering=0) as screen:
            try:
                inn_lab.wait_for(lambda: b"ser" in os.read(terminal, 4096), what="the question for a user")
                screen.write(b"admin\n")
                inn_lab.wait_for(lambda: not is_echoing(terminal), what="the question for a password")
                screen.write(b"\x03")
                os.waitpid(pid, 0)
            except BaseException:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
                raise
            assert is_echoing(terminal), "the terminal was left without echo"


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_each_command_has_help, test_manual, test_version, test_wrong_usage, test_options_go_anywhere,
                          test_questions_need_a_terminal, test_interrupted_password))
