#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""innctl in a script: output that goes nowhere, readers that leave, signals, words that look like options."""

import concurrent.futures
import contextlib
import json
import os
import signal
import subprocess
import sys

import cli_bed
import inn_lab
from cli_bed import SHUTOFF, guest

UUID = "11111111-2222-4333-8444-555555555555"
NOBODY = "99999999-2222-4333-8444-555555555555"


def command(bed, *arguments):
    return [os.environ["INNKEEPER_INNCTL"], "--store", str(bed.store), *arguments]


@contextlib.contextmanager
def started(bed, *arguments, **options):
    with subprocess.Popen(command(bed, *arguments), **options) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_full_disk_is_no_success():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web"))
        for arguments in (["vm", "list"], ["--json", "vm", "list"], ["--help"], ["vm", "start", "--help"], ["--version"]):
            with open("/dev/full", "wb") as full:
                done = subprocess.run(command(bed, *arguments), stdout=full, stderr=subprocess.PIPE, text=True, timeout=60,
                                      check=False)
            assert done.returncode == 1 and "written" in done.stderr, (arguments, done)
        with open("/dev/full", "wb") as full, started(bed, "event", "follow", stdout=full) as process:
            # It may begin to follow after the first of them; made-up guests run anew for each innctl.
            for _ in range(30):
                bed.ok("vm", "pause", "web")
                with contextlib.suppress(subprocess.TimeoutExpired):
                    assert process.wait(2) == 1
                    return
            raise AssertionError("nothing was written")


def test_closed_streams():
    """What is printed must not end up in a socket or file that took the number of stdout."""
    with cli_bed.bed() as bed:
        bed.add("one", guest("web"))
        for closed in (">&-", "<&- >&-", "<&- >&- 2>&-"):
            done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh", *command(bed, "vm", "list")], timeout=60, check=False)
            assert done.returncode == 1, closed
        done = subprocess.run(["sh", "-c", '"$@" <&- 2>&-', "sh", *command(bed, "vm", "list")], timeout=60, check=False,
                              stdout=subprocess.PIPE, text=True)
        assert done.returncode == 0 and "web" in done.stdout
        assert set(bed.vms()) == {"web"}


def test_a_reader_that_leaves():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web"))
        bed.vms()
        with started(bed, "event", "follow", stdout=subprocess.PIPE) as process:
            process.stdout.close()
            process.wait(60)
        line = " ".join(f"'{word}'" for word in command(bed, "--json", "vm", "list"))
        assert subprocess.run(["sh", "-c", f"{line} | head -n 1"], stdout=subprocess.PIPE, timeout=60,
                              check=False).stdout == b"[\n"


def test_signals():
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        with cli_bed.bed() as bed:
            bed.add("one", guest("web"))
            with started(bed, "--json", "event", "follow", stdout=subprocess.PIPE) as process:
                assert json.loads(process.stdout.readline())["kind"] == "host.connected"
                process.send_signal(number)
                assert process.wait(60) == code


def test_words_that_look_like_options():
    with cli_bed.bed() as bed:
        bed.add("one", guest("-y", SHUTOFF), guest("--help", SHUTOFF), guest("a", SHUTOFF))
        bed.ok("vm", "start", "--", "-y", "--help")
        assert bed.json("vm", "show", "--", "--help")["name"] == "--help"
        bed.ok("vm", "start", "--", "a")
        bed.fails(2, "vm", "show", "--", "-y", "--help")
        bed.fails(2, "vm", "start", "-x")


def test_no_locale():
    """Cron has none; what is typed is UTF-8 all the same."""
    with cli_bed.bed() as bed:
        uri = bed.host("host", guest("日本"))
        before = os.environ.pop("LC_ALL", None)
        try:
            for language in ("C", "xx_XX.UTF-8"):
                os.environ["LC_ALL"] = language
                bed.ok("host", "add", "--name", f"Würzburg {language}", uri)
                bed.ok("vm", "show", f"Würzburg {language}/日本")
                assert "日本" in bed.ok("vm", "list")
        finally:
            os.environ.pop("LC_ALL", None)
            if before is not None:
                os.environ["LC_ALL"] = before
        bed.fails(2, "host", "add", "--name", os.fsdecode(b"\xff"), uri)


def test_events_of_a_guest():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID), guest("twin"))
        bed.add("two", guest("twin"))
        bed.ok("vm", "pause", "web")
        assert bed.json("event", "list", "--vm", UUID.upper()) == bed.json("event", "list", "--vm", "web") != []
        assert bed.json("event", "list", "--vm", NOBODY) == []
        assert bed.errors(1, "event", "list", "--vm", "nobody")[0]["code"] == "not-found"
        assert bed.errors(1, "event", "list", "--vm", "twin")[0]["code"] == "conflict"


def test_order_and_width():
    with cli_bed.bed() as bed:
        for name in ("c", "a", "b"):
            bed.add(name, guest("same"), guest("long" + "g" * 200), guest("hid\u200b\ufeff\U000e0041den"))
        lines = [line for line in bed.ok("vm", "list").splitlines() if line.startswith("same ")]
        assert [line.split()[2] for line in lines] == ["a", "b", "c"], lines
        assert all(len(line) < 150 for line in lines), "a long name moves the rows of others"
        assert "hid\\u200b\\ufeff\\U000e0041den" in bed.ok("vm", "list")


def test_twenty_at_once():
    with cli_bed.bed() as bed:
        bed.add("one", *(guest(f"vm{number}") for number in range(20)))
        bed.vms()
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            done = list(pool.map(lambda number: bed.run("vm", "pause", f"one/vm{number}"), range(20)))
        assert all(one.returncode == 0 for one in done), [one.stderr for one in done if one.returncode]
        operations = bed.json("operation", "list")
        assert {one["object"] for one in operations if one["state"] == "succeeded"} == {f"vm{n}" for n in range(20)}


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_a_full_disk_is_no_success, test_closed_streams, test_a_reader_that_leaves, test_signals,
                          test_words_that_look_like_options, test_no_locale, test_events_of_a_guest,
                          test_order_and_width, test_twenty_at_once))
