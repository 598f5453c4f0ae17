#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verbs for guests on a real libvirtd with a real QEMU, as innctl gives them."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "common"))
import inn_lab  # pylint: disable=wrong-import-position
import libvirt  # pylint: disable=wrong-import-position,wrong-import-order

POOL = "<pool type='dir'><name>disks</name><target><path>{path}</path></target></pool>"
VOLUME = ("<volume><name>{name}</name><capacity unit='MiB'>8</capacity>"
          "<target><format type='qcow2'/></target></volume>")


class View:
    """A view with one real host."""

    def __init__(self, folder, host):
        self.store = folder / "store"
        self.host = host
        self.ok("host", "add", "--name", "real", host.uri)

    def run(self, *arguments):
        return inn_lab.innctl(self.store, "--timeout", "120", *arguments, timeout=300)

    def ok(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}: {done.stderr}"
        return done.stdout

    def vm(self, name):
        return json.loads(self.ok("--json", "vm", "show", name))

    def wait_state(self, domain, state):
        inn_lab.wait_for(lambda: domain.state()[0] == state, 120, f"state {state}")


def define(host, folder, name, **options):
    return inn_lab.define_guest(host, name, serial=folder / f"{name}.log", **options)


def is_up(folder, name):
    log = folder / f"{name}.log"
    return lambda: log.exists() and "login:" in log.read_text(encoding="utf-8", errors="replace")


def test_a_life():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        domain = define(host, folder, "leben")
        view.ok("vm", "start", "leben")
        assert domain.isActive()
        assert view.vm("leben")["state"] == "running"
        inn_lab.wait_for(is_up(folder, "leben"), 180, "the guest")

        view.ok("vm", "pause", "leben")
        assert domain.state()[0] == libvirt.VIR_DOMAIN_PAUSED
        done = view.run("vm", "start", "leben")
        assert done.returncode == 1 and "resume it instead" in done.stderr, done.stderr
        view.ok("vm", "resume", "leben")
        assert domain.state()[0] == libvirt.VIR_DOMAIN_RUNNING

        picture = folder / "screen.png"
        view.ok("vm", "screenshot", "leben", picture)
        assert picture.read_bytes().startswith(b"\x89PNG") and len(picture.read_bytes()) > 1000
        inn_lab.wait_for_agent(domain)
        inn_lab.wait_for(lambda: "10.0.2.15" in (view.vm("leben")["addresses"] or []), 60, "the guest's address")
        assert "10.0.2.15" in view.ok("vm", "show", "leben")
        assert "leben" in view.ok("vm", "list", "10.0.2.15") and "leben" not in view.ok("vm", "list", "10.0.2.16")
        view.ok("vm", "autostart", "on", "leben")
        assert domain.autostart()
        view.ok("-y", "vm", "nmi", "leben")
        view.ok("-y", "vm", "reset", "leben")
        view.ok("-y", "vm", "poweroff", "leben")
        assert not domain.isActive()
        assert not view.vm("leben")["addresses"]
        kinds = [event["kind"] for event in json.loads(view.ok("--json", "event", "list"))]
        assert "vm.started" in kinds and "vm.paused" in kinds, kinds


def test_shut_down_is_a_request():
    """By its agent where there is one, by its power button else; also of a guest that was paused in between."""
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        domains = {name: define(host, folder, name, agent=name == "agent") for name in ("agent", "knopf")}
        for name, domain in domains.items():
            domain.create()
            inn_lab.wait_for(is_up(folder, name), 180, name)
        inn_lab.wait_for_agent(domains["agent"])
        for verb in ("pause", "resume"):
            view.ok("vm", verb, *domains)
        view.ok("vm", "shutdown", "agent")
        view.wait_state(domains["agent"], libvirt.VIR_DOMAIN_SHUTOFF)

        def off():
            # A guest that is not done with its start misses a press of the button.
            if domains["knopf"].isActive():
                view.run("vm", "shutdown", "knopf")
            return not domains["knopf"].isActive()

        inn_lab.wait_for(off, 120, "the guest to be off", every=1.0)


def test_save_and_rename():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        domain = define(host, folder, "alt")
        domain.create()
        view.ok("vm", "save", "alt")
        assert not domain.isActive() and domain.hasManagedSaveImage()
        assert view.vm("alt")["managed_save"] is True
        done = view.run("vm", "rename", "alt", "neu")
        assert done.returncode == 1 and "saved state" in done.stderr, done.stderr
        view.ok("vm", "start", "alt")
        assert domain.isActive() and not domain.hasManagedSaveImage()
        view.ok("vm", "save", "alt")
        view.ok("-y", "vm", "drop-saved", "alt")
        assert not domain.hasManagedSaveImage()
        view.ok("vm", "rename", "alt", "neu")
        assert host.connection.lookupByName("neu").UUIDString() == domain.UUIDString()
        assert view.vm("neu")["uuid"] == domain.UUIDString()


def test_a_save_can_be_cancelled():
    """Ctrl+C cancels, waits for the end, and the guest goes on as before."""
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        domain = define(host, folder, "gross", memory_mib=512)
        domain.create()
        inn_lab.wait_for(is_up(folder, "gross"), 180, "the guest")
        argv = [os.environ.get("INNKEEPER_INNCTL", "innctl"), "--store", view.store, "vm", "save", "gross"]
        with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as process:
            inn_lab.wait_for(lambda: process.poll() is not None or
                             domain.jobInfo()[0] != libvirt.VIR_DOMAIN_JOB_NONE, 60, "the job", every=0.005)
            if process.poll() is not None:
                raise inn_lab.Skip("the save was over before it could be cancelled")
            process.send_signal(signal.SIGINT)
            process.wait(120)
            words = process.stderr.read()
        if not domain.isActive():
            raise inn_lab.Skip("the save was over before it could be cancelled")
        assert process.returncode == 1, words
        view.wait_state(domain, libvirt.VIR_DOMAIN_RUNNING)
        assert not domain.hasManagedSaveImage()
        assert json.loads(view.ok("--json", "operation", "list"))[0]["state"] == "cancelled", words


def test_delete_with_storage():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        path = Path(host.facts["dir"]) / "disks"
        path.mkdir(mode=0o777)
        path.chmod(0o777)
        pool = host.connection.storagePoolDefineXML(POOL.format(path=path))
        pool.create()
        own = pool.createXML(VOLUME.format(name="own.qcow2")).path()
        common = pool.createXML(VOLUME.format(name="common.qcow2")).path()
        define(host, folder, "weg", disk=own)
        define(host, folder, "teilt", disk=common)
        define(host, folder, "bleibt", disk=common)
        overlay = VOLUME.replace("</volume>", f"<backingStore><path>{own}</path><format type='qcow2'/></backingStore>"
                                 "</volume>")

        done = view.run("-y", "vm", "delete", "teilt", "--storage", common)
        assert done.returncode == 1 and "bleibt" in done.stderr, done.stderr
        top = pool.createXML(overlay.format(name="top.qcow2"))
        done = view.run("-y", "vm", "delete", "weg", "--storage", own)
        assert done.returncode == 1 and "top.qcow2" in done.stderr, done.stderr
        top.delete()

        names = {domain.name() for domain in host.connection.listAllDomains()}
        assert names == {"weg", "teilt", "bleibt"}, names
        view.ok("-y", "vm", "delete", "weg", "teilt", "--storage", "all")
        assert [domain.name() for domain in host.connection.listAllDomains()] == ["bleibt"]
        assert pool.refresh() == 0 and pool.listVolumes() == ["common.qcow2"], pool.listVolumes()


class SmallDisk:
    """A file system of the host's own that is full when a guest has written little to its disk."""

    def __init__(self, host):
        self.init = str(host.facts["init_pid"])
        self.path = Path(host.facts["dir"]) / "small"
        self.path.mkdir()
        self.do("mount", "-t", "tmpfs", "-o", "size=4M,mode=777", "small", self.path)
        self.do("qemu-img", "create", "-q", "-f", "qcow2", self.path / "disk.qcow2", "16M")

    def do(self, *command):
        user = ["--user"] if os.geteuid() != 0 else []
        done = inn_lab.run(["nsenter", *user, "--mount", "--target", self.init, "--", *command])
        if done.returncode != 0:
            raise inn_lab.Skip(f"{command[0]}: {done.stderr}")


def test_a_disk_without_space():
    """QEMU stops the guest at a write that its host has no space for; with space again it goes on where it was."""
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        small = SmallDisk(host)
        domain = define(host, folder, "voll", disk=small.path / "disk.qcow2", disk_driver='error_policy="stop"')
        define(host, folder, "daneben", memory_mib=32).create()
        domain.create()
        inn_lab.wait_for_agent(domain)
        with inn_lab.Follower(view.store) as events:
            writer = inn_lab.guest_start(domain, "dd if=/dev/urandom of=/dev/vda bs=64k count=96 && sync && echo all")
            told = events.wait("vm.paused")
            why = events.wait("vm.io-error")
            # Too early: it goes on and is stopped by the same write again.
            view.ok("vm", "resume", "voll")
            events.wait("vm.paused", 2)
            assert len([one for one in events.events() if one["kind"] == "vm.io-error"]) < 10, events.events()
        assert told["vm"] == "voll" and told["severity"] == "warning" and "input/output error" in told["text"], told
        assert "no space" in why["text"], why
        assert view.vm("voll")["state"] == "paused" and view.vm("voll")["reason"] == "ioerror", view.vm("voll")
        assert "I/O error" in view.ok("vm", "list") and "I/O error" in view.ok("vm", "show", "voll")
        assert view.vm("daneben")["state"] == "running"

        small.do("mount", "-o", "remount,size=32M", small.path)
        view.ok("vm", "resume", "voll")
        assert inn_lab.guest_output(domain, writer, 60) == b"all\n"
        assert view.vm("voll")["state"] == "running" and view.vm("voll")["reason"] is None


def test_an_agent_that_does_not_answer():
    """Its channel is open and takes what is asked, and no word ever comes back: there is the power button."""
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        domain = define(host, folder, "taub")
        domain.create()
        log = folder / "taub.log"
        for verb, has_followed in (("reboot", lambda: log.read_text(errors="replace").count("INNKEEPER-GUEST: up") == 2),
                                   ("shutdown", lambda: not domain.isActive())):
            inn_lab.wait_for_agent(domain)
            inn_lab.guest_run(domain, "until pidof acpid; do sleep 0.1; done")
            # Beside the agent, which could not answer otherwise.
            inn_lab.guest_run(domain, "(sleep 1; kill -STOP $(pidof qemu-ga)) >/dev/null 2>&1 &")
            inn_lab.wait_for(lambda: not answers(domain), 60, "silence")
            assert view.vm("taub")["state"] == "running"
            view.ok("vm", verb, "taub")
            assert "power button" in json.loads(view.ok("--json", "operation", "list"))[0]["detail"]
            inn_lab.wait_for(has_followed, 120, verb)


def answers(domain):
    try:
        return inn_lab.agent(domain, "guest-ping") is not None
    except libvirt.libvirtError:
        return False


def test_agents_that_hang():
    """They take the request and never come to an end with it. Nothing else on their host waits for them."""
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        view = View(folder, host)
        hung = {name: define(host, folder, name, vnc=None, network=False) for name in ("h1", "h2", "h3", "h4")}
        well = define(host, folder, "wohl", vnc=None, network=False)
        for domain in (*hung.values(), well):
            domain.create()
        for domain in (*hung.values(), well):
            inn_lab.wait_for_agent(domain)
        for domain in hung.values():
            inn_lab.guest_run(domain, "printf '#!/bin/sh\\nexec sleep 1000\\n' >/sbin/shutdown")
        inn_lab.guest_run(well, "until pidof acpid; do sleep 0.1; done")
        argv = [os.environ["INNKEEPER_INNCTL"], "--store", str(view.store), "vm", "shutdown", *hung, "wohl"]
        with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as process:
            inn_lab.wait_for(lambda: not well.isActive() or process.poll() is not None, 40, "the one that is well")
            assert process.poll() is None, process.stderr.read()
            listed = {vm["name"]: vm for vm in json.loads(view.ok("--json", "vm", "list", "--measure"))}
            assert all(listed[name]["cpu_percent"] is not None for name in hung), listed
            for name in hung:
                view.ok("-y", "vm", "poweroff", name)
            # They are off, which is what was wanted.
            assert process.wait(30) == 0, process.stderr.read()


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_a_life, test_shut_down_is_a_request, test_an_agent_that_does_not_answer,
                          test_agents_that_hang, test_save_and_rename, test_a_save_can_be_cancelled,
                          test_delete_with_storage, test_a_disk_without_space))
