#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guests, events and operations. Each run of innctl meets the made-up hosts as their files describe them."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
import unicodedata

import cli_bed
import inn_lab
from cli_bed import PAUSED, SHUTOFF, guest

UUID = "11111111-2222-4333-8444-555555555555"


def test_list_fields():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID), guest("off", SHUTOFF))
        vms = bed.vms()
        web = vms["web"]
        assert cli_bed.VM_FIELDS <= set(web), cli_bed.VM_FIELDS - set(web)
        assert (web["uuid"], web["state"], web["host"], web["vcpus"], web["memory_mib"]) == (UUID, "running", "one", 2, 64)
        assert web["cpu_percent"] is None or isinstance(web["cpu_percent"], (int, float))
        assert web["autostart"] is False and web["persistent"] is True and web["stale"] is False
        assert vms["off"]["state"] == "shutoff"
        assert set(bed.vms("--state", "shutoff")) == {"off"}
        assert set(bed.vms("--state", "running,shutoff")) == {"web", "off"}
        assert set(bed.vms("WE")) == {"web"} and set(bed.vms(UUID[:8])) == {"web"} and not bed.vms("nothing")
        assert bed.json("vm", "show", "web")["uuid"] == UUID
        assert UUID in bed.ok("vm", "show", "one/web")


def test_odd_names():
    """Names are data: no control character reaches the terminal, and columns stay aligned."""
    names = ["日本語のゲスト", "\u202egnp.exe", "a\u00a0b", "plain", "—%s—%n"]
    with cli_bed.bed() as bed:
        bed.add("Wirt\x1b[31m\u202e", *(guest(name) for name in names))
        text = bed.ok("vm", "list")
        assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"], ascii(text)
        assert "\\u202e" in text and "\\x1b" in text
        columns = set()
        for line in text.splitlines()[1:]:
            before = line[:line.index("Running")]
            columns.add(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in before))
        assert len(columns) == 1, text
        assert set(bed.vms()) == set(names)
        bed.ok("vm", "pause", "日本語のゲスト")


def test_verbs():
    with cli_bed.bed() as bed:
        bed.add("one", guest("on"), guest("off", SHUTOFF), guest("still", PAUSED))
        for verb, vm in (("start", "off"), ("shutdown", "on"), ("reboot", "on"), ("pause", "on"), ("resume", "still"),
                         ("save", "on")):
            bed.ok("vm", verb, vm)
        for verb in ("poweroff", "reset"):
            if verb == "poweroff":
                bed.ok("-y", "vm", verb, "on")
        bed.ok("vm", "autostart", "on", "off")
        bed.ok("vm", "autostart", "off", "off")
        bed.ok("vm", "rename", "off", "neu")
        bed.ok("-y", "vm", "delete", "off")
        result = bed.json("vm", "start", "off")
        assert [entry["result"] for entry in result] == ["succeeded"] and result[0]["operation"]


def test_refusals_say_what_to_do():
    with cli_bed.bed() as bed:
        bed.add("one", guest("on"), guest("off", SHUTOFF), guest("still", PAUSED))
        assert "resume it instead" in bed.fails(1, "vm", "start", "still")
        assert "start it first" in bed.fails(1, "vm", "shutdown", "off")
        assert "shut it down" in bed.fails(1, "vm", "rename", "on", "neu")
        assert "power it off" in bed.fails(1, "-y", "vm", "delete", "on")
        assert "slash" in bed.fails(1, "vm", "rename", "off", "a/b")
        assert bed.errors(1, "vm", "start", "on")[0]["code"] == "invalid"
        assert "start it first" in bed.fails(1, "vm", "addresses", "off")
        bed.ok("host", "edit", "one", "--read-only", "yes")
        assert bed.errors(1, "vm", "start", "off")[0]["code"] == "denied"


def test_several_at_once():
    with cli_bed.bed() as bed:
        bed.add("one", guest("a", SHUTOFF), guest("b", SHUTOFF), guest("c"))
        bed.ok("vm", "start", "a", "b")
        bed.fails(3, "vm", "start", "a", "c")
        bed.fails(3, "vm", "start", "a", "nobody")
        bed.fails(1, "vm", "start", "c", "nobody")
        result = {entry["name"]: entry for entry in bed.json("vm", "start", "a", "c", code=3)}
        assert result["a"]["result"] == "succeeded" and result["a"]["error"] is None
        assert result["c"]["result"] == "failed" and set(result["c"]["error"]) == cli_bed.ERROR_FIELDS


def test_names_that_several_have():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", SHUTOFF, UUID))
        bed.vms()
        bed.add("two", guest("web", SHUTOFF))
        error = bed.errors(1, "vm", "start", "web")[0]
        assert error["code"] == "conflict" and "one/web" in error["message"] and "two/web" in error["message"]
        bed.ok("vm", "start", "two/web")
        bed.ok("vm", "start", UUID)
        bed.ok("vm", "start", UUID.upper())


def test_hosts_out_of_reach():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web"))
        path = bed.folder / "gone.xml"
        path.write_text("<node>" + guest("db") + "</node>", encoding="utf-8")
        bed.ok("host", "add", "--name", "two", f"test://{path}")
        assert set(bed.vms()) == {"web", "db"}
        path.unlink()
        vms = bed.vms(code=3)
        assert vms["db"]["stale"] and vms["db"]["state"] == "running" and not vms["web"]["stale"]
        assert "two" in bed.fails(3, "vm", "list")
        bed.fails(1, "vm", "pause", "db")
        bed.ok("vm", "pause", "web")


def test_host_that_does_not_connect_by_itself():
    with cli_bed.bed() as bed:
        bed.ok("host", "add", "--name", "one", "--no-autoconnect", bed.host("h", guest("web")))
        assert bed.vms() == {}
        assert not bed.vms("--host", "one")["web"]["stale"]
        assert bed.vms()["web"]["stale"]
        bed.ok("vm", "pause", "web")


def test_a_daemon_that_hangs():
    """It costs its timeout and nobody else's guests."""
    import socket  # pylint: disable=import-outside-toplevel
    with cli_bed.bed() as bed, socket.create_server(("127.0.0.1", 0)) as server:
        bed.add("one", guest("web"))
        bed.ok("host", "add", "--name", "mute", f"qemu+tcp://127.0.0.1:{server.getsockname()[1]}/system")
        done = bed.run("--json", "--timeout", "2", "vm", "list")
        assert done.returncode == 3, done.stderr
        assert [vm["name"] for vm in json.loads(done.stdout)] == ["web"]
        assert cli_bed.errors_in(done.stderr)[0]["code"] == "timed-out", done.stderr


def test_xml_and_picture():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID), guest("off", SHUTOFF))
        assert UUID in bed.ok("vm", "xml", "web")
        assert UUID in bed.json("vm", "xml", "web", "--inactive")["xml"]
        path = bed.folder / "screen.png"
        bed.ok("vm", "screenshot", "web", path)
        assert path.read_bytes().startswith(b"\x89PNG\r\n")
        bed.fails(1, "vm", "screenshot", "off", path)
        bed.fails(1, "vm", "screenshot", "web", bed.folder / "no" / "such.png")


def test_delete_with_storage():
    with cli_bed.bed() as bed:
        bed.add("one", cli_bed.pool("pool", "own", "common"),
                guest("web", SHUTOFF, devices=cli_bed.disk("/pool/own") + cli_bed.disk("/pool/common", "vdb")),
                guest("other", SHUTOFF, devices=cli_bed.disk("/pool/common")))
        assert bed.errors(1, "-y", "vm", "delete", "web", "--storage", "/pool/common")[0]["code"] == "in-use"
        assert bed.errors(1, "-y", "vm", "delete", "web", "--storage", "/etc/passwd")[0]["code"] == "not-found"
        done = bed.run("-y", "vm", "delete", "web", "--storage", "all")
        assert done.returncode == 0 and "/pool/common" in done.stderr and "/pool/own" not in done.stderr, done.stderr
        bed.ok("-y", "vm", "delete", "web", "--storage", "none")


def test_operations_and_events():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID), guest("off", SHUTOFF))
        bed.ok("vm", "pause", "web")
        bed.fails(1, "vm", "start", "web")
        first, second = bed.json("operation", "list")
        assert (first["kind"], first["state"], first["error"]["code"]) == ("vm.start", "failed", "invalid")
        assert (second["kind"], second["state"], second["error"]) == ("vm.pause", "succeeded", None)
        assert bed.json("operation", "list", "--running") == []
        assert bed.json("operation", "show", second["id"][:8])["object"] == "web"
        assert second["id"] in bed.ok("operation", "show", second["id"])
        bed.ok("operation", "follow", second["id"])
        assert bed.errors(1, "operation", "cancel", second["id"])[0]["code"] == "conflict"
        assert bed.errors(1, "operation", "show", "nothing")[0]["code"] == "not-found"
        events = bed.json("event", "list")
        assert [event for event in events if event["kind"] == "vm.paused" and event["vm"] == "web"], events
        assert [event["serial"] for event in events] == sorted(event["serial"] for event in events)
        assert bed.json("event", "list", "--vm", "web") == [event for event in events if event["vm"] == "web"]
        assert len(bed.json("event", "list", "--limit", "1")) == 1
        assert bed.json("event", "list", "--since", "2h") == events
        assert bed.json("event", "list", "--since", "2999-01-01T00:00:00Z") == []


def leave_behind(bed, operation):
    """As if its innctl had died before it saw the end."""
    with subprocess.Popen(["true"]) as dead:
        dead.wait()
    with contextlib.closing(sqlite3.connect(bed.store / "view.db", isolation_level=None)) as database:
        changed = database.execute("UPDATE operation SET state = 'running', ended_at = 0, owner_pid = ?, owner_start = 'gone' "
                                   "WHERE id = ?", (dead.pid, operation["id"]))
        assert changed.rowcount == 1


def test_left_behind_is_resumed():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID))
        bed.ok("vm", "pause", "web")
        left = bed.json("operation", "list")[0]
        assert bed.errors(1, "operation", "resume", left["id"])[0]["code"] == "conflict", "it was not left behind"
        leave_behind(bed, left)
        fresh = bed.json("operation", "resume", left["id"][:8])
        assert (fresh["kind"], fresh["state"], fresh["object"]) == ("vm.pause", "succeeded", "web")
        assert fresh["id"] != left["id"]
        assert bed.errors(1, "operation", "resume", left["id"])[0]["code"] == "conflict", "it was done already"
        assert [one["state"] for one in bed.json("operation", "list")] == ["succeeded", "abandoned"]


def test_left_behind_makes_no_sense_any_more():
    """What is refused stays on offer."""
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID), guest("off", SHUTOFF))
        bed.ok("vm", "start", "off")
        left = bed.json("operation", "list")[0]
        with contextlib.closing(sqlite3.connect(bed.store / "view.db", isolation_level=None)) as database:
            database.execute("UPDATE operation SET object_id = ?", (UUID,))
        leave_behind(bed, left)
        error = bed.errors(1, "operation", "resume", left["id"])[0]
        assert error["code"] == "conflict" and "web" in error["message"], error
        bed.ok("operation", "dismiss", left["id"])
        assert bed.errors(1, "operation", "dismiss", left["id"])[0]["code"] == "conflict"


def test_left_behind_destructive_is_asked_for():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID))
        bed.ok("-y", "vm", "poweroff", "web")
        left = bed.json("operation", "list")[0]
        leave_behind(bed, left)
        bed.fails(2, "operation", "resume", left["id"])
        assert bed.json("-y", "operation", "resume", left["id"])["state"] == "succeeded"


def test_left_behind_is_served_once():
    """Of ten that ask at once one is served."""
    with cli_bed.bed() as bed:
        bed.add("one", guest("web", uuid=UUID))
        bed.ok("vm", "pause", "web")
        left = bed.json("operation", "list")[0]
        leave_behind(bed, left)
        argv = [os.environ["INNKEEPER_INNCTL"], "--store", bed.store, "operation", "dismiss", left["id"]]
        with contextlib.ExitStack() as stack:
            asking = [stack.enter_context(subprocess.Popen(argv, stderr=subprocess.DEVNULL)) for _ in range(10)]
            assert sorted(process.wait(120) for process in asking) == [0] + [1] * 9


def test_follow_events_of_others():
    with cli_bed.bed() as bed:
        bed.add("one", guest("web"))
        with inn_lab.Follower(bed.store) as events:
            bed.ok("vm", "pause", "web")
            events.wait("vm.paused")
            lines = events.events()
        assert len({line["serial"] for line in lines}) == len(lines), "an event came twice"


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_list_fields, test_odd_names, test_verbs, test_refusals_say_what_to_do,
                          test_several_at_once, test_names_that_several_have, test_hosts_out_of_reach,
                          test_host_that_does_not_connect_by_itself, test_a_daemon_that_hangs, test_xml_and_picture,
                          test_delete_with_storage, test_operations_and_events, test_left_behind_is_resumed,
                          test_left_behind_makes_no_sense_any_more, test_left_behind_destructive_is_asked_for,
                          test_left_behind_is_served_once, test_follow_events_of_others))
