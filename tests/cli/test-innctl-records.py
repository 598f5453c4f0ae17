#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the administrator records: hosts, clusters, data centers, import and export."""

import concurrent.futures
import json
import os
import sys

import cli_bed
import inn_lab

NUMBERS = ("cpus", "memory_mib", "cpu_percent", "memory_used_mib", "vms", "vms_running")


def test_host_fields():
    with cli_bed.bed() as bed:
        bed.add("one", cli_bed.guest("web"), cli_bed.guest("off", cli_bed.SHUTOFF))
        host = bed.hosts()["one"]
        assert cli_bed.HOST_FIELDS <= set(host), cli_bed.HOST_FIELDS - set(host)
        assert host["state"] == "online" and host["error"] is None
        assert (host["vms"], host["vms_running"]) == (2, 1)
        for field in NUMBERS:
            assert host[field] is None or isinstance(host[field], (int, float)), (field, host[field])
        assert isinstance(host["libvirt_version"], str) and host["cluster"]
        assert bed.json("host", "show", "one")["id"] == host["id"]
        assert host["name"] in bed.ok("host", "show", host["id"])


def test_broken_addresses():
    with cli_bed.bed() as bed:
        for uri in ("", "host", "http://host/system", "qemu+ssh:///system", "qemu+ssh://-oProxyCommand=x/system",
                    "qemu+tcp://user:hunter2@host/system", "qemu+tcp://[::1/system"):
            errors = bed.errors(1, "host", "add", uri)
            assert errors[0]["code"] == "invalid", errors
            assert "hunter2" not in json.dumps(errors)
        assert bed.json("host", "list") == []


def test_edit_and_remove():
    with cli_bed.bed() as bed:
        ident = bed.add("one", cli_bed.guest("web"))
        bed.ok("host", "edit", "one", "--name", "zwei", "--read-only", "yes", "--autoconnect", "no")
        host = bed.hosts()["zwei"]
        assert host["id"] == ident and host["read_only"] and not host["autoconnect"] and host["state"] == "offline"
        bed.fails(2, "host", "edit", "zwei", "--read-only", "perhaps")
        bed.fails(1, "host", "edit", "zwei", "--uri", "nonsense")
        bed.fails(1, "host", "show", "one")
        bed.ok("-y", "host", "remove", "zwei")
        assert bed.json("host", "list") == []
        assert bed.errors(1, "-y", "host", "remove", "zwei")[0]["code"] == "not-found"


def test_groups():
    with cli_bed.bed() as bed:
        bed.add("one")
        bed.ok("datacenter", "create", "Ost", "--demo")
        assert [dc["demo"] for dc in bed.json("datacenter", "list") if dc["name"] == "Ost"] == [True]
        cluster = json.loads(bed.ok("--json", "cluster", "create", "Ost", "Blau"))["id"]
        bed.ok("host", "move", "one", "Ost/Blau")
        assert bed.hosts("--cached")["one"]["cluster"] == "Blau"
        bed.ok("cluster", "rename", cluster, "Rot")
        assert bed.hosts("--cached")["one"]["cluster"] == "Rot"
        assert bed.errors(1, "cluster", "delete", "Rot")[0]["code"] == "conflict"
        assert bed.errors(1, "datacenter", "delete", "Ost")[0]["code"] == "conflict"
        bed.ok("datacenter", "rename", "Ost", "West")
        bed.ok("-y", "datacenter", "delete", "West", "--with-contents")
        assert bed.json("host", "list") == []
        assert bed.errors(1, "cluster", "rename", "Rot", "Blau")[0]["code"] == "not-found"


def test_ambiguous_names():
    with cli_bed.bed() as bed:
        bed.ok("datacenter", "create", "A")
        bed.ok("datacenter", "create", "B")
        bed.ok("cluster", "create", "A", "same")
        bed.ok("cluster", "create", "B", "same")
        bed.add("one")
        assert bed.errors(1, "host", "move", "one", "same")[0]["code"] == "conflict"
        bed.ok("host", "move", "one", "B/same")


def test_connect():
    with cli_bed.bed() as bed:
        bed.add("good")
        bed.ok("host", "add", "--name", "bad", "--no-autoconnect", "qemu+tcp://127.0.0.1:1/system")
        bed.ok("host", "connect", "good")
        assert bed.errors(1, "host", "connect", "bad")[0]["code"] == "refused"
        states = {host["name"]: host for host in bed.json("host", "connect", "good", "bad", code=3)}
        assert states["good"]["state"] == "online" and states["bad"]["state"] == "failed"
        assert states["bad"]["error"]["code"] == "refused"


def test_export_and_import():
    with cli_bed.bed() as bed:
        bed.add("eins")
        bed.add("zwei")
        path = bed.folder / "view.json"
        bed.ok("host", "export", path)
        assert "eins" in path.read_text(encoding="utf-8")
        other = bed.folder / "other"
        assert bed.run("host", "import", path, store=other).returncode == 0
        names = {host["name"] for host in json.loads(bed.run("--json", "host", "list", "--cached", store=other).stdout)}
        assert names == {"eins", "zwei"}
        path.write_text("no view at all", encoding="utf-8")
        bed.fails(1, "host", "import", path)
        bed.fails(1, "host", "import", bed.folder / "missing")
        bed.fails(1, "host", "export", bed.folder / "no" / "such" / "folder")


def test_import_virt_manager():
    with cli_bed.bed() as bed:
        settings = bed.folder / "config" / "glib-2.0" / "settings"
        settings.mkdir(parents=True)
        (settings / "keyfile").write_text(
            "[org/virt-manager/virt-manager/connections]\n"
            "uris=['qemu+ssh://root@alpha.example.org/system', 'nonsense', 'test:///default', "
            "'qemu+ssh://alpha.example.org/session']\n"
            "autoconnect=['test:///default']\n", encoding="utf-8")
        os.environ["XDG_CONFIG_HOME"] = str(bed.folder / "config")
        try:
            done = bed.run("--json", "host", "import-virt-manager")
            assert json.loads(done.stdout) == {"added": 3}, done.stdout
            assert "nonsense: " in done.stderr, done.stderr
            done = bed.run("host", "import-virt-manager")
            assert done.stdout == "3 known already, 1 left out\n", done.stdout
            (settings / "keyfile").unlink()
            assert bed.run("host", "import-virt-manager").stdout == "No connections of virt-manager were found\n"
        finally:
            del os.environ["XDG_CONFIG_HOME"]
        hosts = bed.hosts("--cached")
        assert not hosts["alpha.example.org"]["autoconnect"]
        assert hosts["qemu+ssh://alpha.example.org/session"]["uri"] == "qemu+ssh://alpha.example.org/session"
        assert [host["autoconnect"] for host in hosts.values() if host["uri"] == "test:///default"] == [True]


def test_two_at_once():
    """Two that write to one view lose nothing."""
    with cli_bed.bed() as bed:
        uri = bed.host("shared")
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            names = [f"host-{number}" for number in range(20)]
            done = list(pool.map(lambda name: bed.run("host", "add", "--name", name, uri), names))
        assert all(one.returncode == 0 for one in done), [one.stderr for one in done]
        assert set(bed.hosts("--cached")) == set(names)


def test_debug_report_is_masked():
    with cli_bed.bed() as bed:
        bed.add("geheimhost", cli_bed.guest("lohnserver", uuid="11111111-2222-4333-8444-555555555555"))
        bed.ok("host", "add", "--name", "toter", "qemu+tcp://127.0.0.1:1/system")
        bed.ok("host", "add", "--name", "ferner", "--no-autoconnect", "qemu+ssh://kunz@firma.example.org/system")
        bed.fails(3, "vm", "list")
        bed.fails(1, "vm", "start", "lohnserver")
        bed.run("event", "list")
        text = bed.ok("debug", "report")
        for secret in ("geheimhost", "lohnserver", "11111111-2222", "toter", "127.0.0.1", "ferner", "kunz", "firma",
                       str(bed.folder)):
            assert secret not in text, f"{secret} in {text}"
        assert "host-1" in text and "qemu+ssh" in text and "libvirt" in text, text
        assert "report" in bed.json("debug", "report")


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_host_fields, test_broken_addresses, test_edit_and_remove, test_groups,
                          test_ambiguous_names, test_connect, test_export_and_import, test_import_virt_manager,
                          test_two_at_once, test_debug_report_is_masked))
