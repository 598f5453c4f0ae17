#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deleting guests with their storage on real libvirtds: no other guest, on whichever host, may lose a disk by it."""

import contextlib
import os
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "common"))
import inn_lab  # pylint: disable=wrong-import-position
import libvirt  # pylint: disable=wrong-import-position,wrong-import-order

VOLUME = ("<volume><name>{name}</name><capacity unit='MiB'>{size}</capacity>"
          "<target><format type='qcow2'/></target>{more}</volume>")
BASE = "<backingStore><path>{path}</path><format type='qcow2'/></backingStore>"
# Calls of libvirt's protocol.
VOLUME_DELETE = 94
UNDEFINE = 231


class Gate:
    """A socket before a daemon's own; it can hold one call until it is let through."""

    def __init__(self, folder, host):
        self.path = folder / f"gate-{host.name}"
        self.behind = host.facts["socket"]
        self.uri = f"{host.uri.split('?')[0]}?socket={self.path}"
        self.held = threading.Event()
        self.let = threading.Event()
        self.procedure = None
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(self.path))
        self.server.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self, procedure):
        self.procedure = procedure

    def _accept(self):
        while True:
            near = self.server.accept()[0]
            far = socket.socket(socket.AF_UNIX)
            far.connect(self.behind)
            threading.Thread(target=self._requests, args=(near, far), daemon=True).start()
            threading.Thread(target=self._answers, args=(far, near), daemon=True).start()

    @staticmethod
    def _answers(far, near):
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                near.sendall(data)
            near.shutdown(socket.SHUT_RDWR)

    def _requests(self, near, far):
        stream = near.makefile("rb")
        with contextlib.suppress(OSError):  # either end may go first
            while header := stream.read(16):
                length, _program, _version, procedure = struct.unpack(">IIII", header)
                rest = stream.read(length - 16)
                if procedure == self.procedure:
                    self.procedure = None
                    self.held.set()
                    self.let.wait()
                far.sendall(header + rest)
            far.shutdown(socket.SHUT_RDWR)


class View:
    def __init__(self, folder, *hosts):
        self.store = folder / "store"
        for name, uri in hosts:
            done = self.run("host", "add", "--name", name, uri)
            assert done.returncode == 0, done.stderr

    def run(self, *arguments):
        return inn_lab.innctl(self.store, "--timeout", "120", *arguments, timeout=300)

    def delete(self, name, storage):
        return self.run("-y", "vm", "delete", name, "--storage", storage)

    def start_delete(self, name, storage):
        argv = [os.environ.get("INNKEEPER_INNCTL", "innctl"), "--store", self.store, "-y", "vm", "delete", name,
                "--storage", storage]
        return subprocess.Popen(argv, stderr=subprocess.PIPE, text=True)

    def refused(self, name, storage, *words):
        done = self.delete(name, storage)
        assert done.returncode == 1, done.stderr
        for word in words:
            assert word in done.stderr, f"no {word!r} in: {done.stderr}"


def make_pool(host, path, name="disks"):
    pool = host.connection.storagePoolDefineXML(
        f"<pool type='dir'><name>{name}</name><target><path>{path}</path></target></pool>")
    pool.build()
    pool.create()
    return pool


def make_folder(path):
    path.mkdir(mode=0o777)
    path.chmod(0o777)
    return path


def make_volume(pool, name, more="", size=8):
    return pool.createXML(VOLUME.format(name=name, more=more, size=size)).path()


def define(host, folder, name, *disks):
    """With as many disks as there are names."""
    domain = inn_lab.define_guest(host, name, serial=folder / f"{name}.log", disk=disks[0])
    for target, path in zip(("vdy", "vdz"), disks[1:], strict=False):
        domain.attachDeviceFlags(f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
                                 f"<source file='{path}'/><target dev='{target}' bus='virtio'/></disk>",
                                 libvirt.VIR_DOMAIN_AFFECT_CONFIG)
    return domain


def guests(host):
    return {domain.name() for domain in host.connection.listAllDomains()}


def test_a_guest_started_meanwhile_keeps_its_disks():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        pool = make_pool(host, make_folder(folder / "disks"))
        disk = make_volume(pool, "own.qcow2")
        domain = define(host, folder, "eilig", disk)
        gate = Gate(folder, host)
        view = View(folder, ("h1", gate.uri))
        gate.hold(UNDEFINE)
        with view.start_delete("eilig", disk) as process:
            inn_lab.wait_for(gate.held.is_set, 60, "the call that deletes the definition")
            domain.create()
            gate.let.set()
            process.wait(120)
            words = process.stderr.read()
        assert process.returncode == 1 and "was started" in words, words
        assert Path(disk).exists(), "the disk of a guest that runs is gone"
        domain = host.connection.lookupByName("eilig")
        assert domain.isActive() and domain.isPersistent()
        domain.destroy()
        done = view.delete("eilig", disk)
        assert done.returncode == 0 and not Path(disk).exists(), done.stderr


def test_nobody_starts_it_while_its_disks_go():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        pool = make_pool(host, make_folder(folder / "disks"))
        first, second = make_volume(pool, "first.qcow2"), make_volume(pool, "second.qcow2")
        domain = define(host, folder, "zwei", first, second)
        gate = Gate(folder, host)
        view = View(folder, ("h1", gate.uri))
        gate.hold(VOLUME_DELETE)
        with view.start_delete("zwei", f"{first},{second}") as process:
            inn_lab.wait_for(gate.held.is_set, 60, "the call that deletes a volume")
            started = False
            try:
                domain.create()
                started = True
            except libvirt.libvirtError:
                pass
            assert not started, "a guest whose disks are on their way out can be started"
            # Somebody has its XML and wants it back.
            define(host, folder, "zwei", second).create()
            gate.let.set()
            process.wait(120)
            words = process.stderr.read()
        assert process.returncode == 1, words
        assert second in words and "1 of 2" in words and first not in words, words
        assert not Path(first).exists() and Path(second).exists()
        assert host.connection.lookupByName("zwei").isActive()


def test_guests_of_other_hosts_keep_their_disks():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as one, \
            inn_lab.PrivateHost(folder, "h2") as two:
        shared = make_folder(folder / "shared")
        pool = make_pool(one, shared)
        common, base, mine = (make_volume(pool, f"{name}.qcow2") for name in ("common", "base", "mine"))
        make_pool(two, shared, "same-folder")
        define(one, folder, "hier", common, base, mine)
        there = define(two, folder, "dort", common)
        overlays = make_pool(two, make_folder(folder / "overlays"), "overlays")
        define(two, folder, "oben", make_volume(overlays, "top.qcow2", BASE.format(path=base)))
        view = View(folder, ("h1", one.uri), ("h2", two.uri))

        view.refused("hier", common, "dort on h2", common)
        view.refused("hier", base, "oben on h2")
        there.create()
        view.refused("hier", common, "dort on h2")
        there.destroy()
        done = view.delete("hier", "all")
        assert done.returncode == 0 and "dort on h2" in done.stderr and "oben on h2" in done.stderr, done.stderr
        assert guests(one) == set() and sorted(os.listdir(shared)) == ["base.qcow2", "common.qcow2"]


def test_files_of_one_name_are_told_apart():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as one, \
            inn_lab.PrivateHost(folder, "h2") as two:
        # Each host has a folder of its own there.
        path = "/var/lib/libvirt/images"
        disks = [make_volume(make_pool(host, path), "web.qcow2") for host in (one, two)]
        assert disks[0] == disks[1]
        define(one, folder, "hier", disks[0])
        define(two, folder, "dort", disks[1])
        view = View(folder, ("h1", one.uri), ("h2", two.uri))
        done = view.delete("hier", "all")
        assert done.returncode == 0 and "is kept" not in done.stderr, done.stderr
        two.connection.storageVolLookupByPath(disks[1])
        assert one.connection.storagePoolLookupByName("disks").listVolumes() == []


def test_below_an_overlay_of_another_pool():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        pool = make_pool(host, make_folder(folder / "disks"))
        overlays = make_pool(host, make_folder(folder / "overlays"), "overlays")
        base = make_volume(pool, "base.qcow2")
        middle = make_volume(overlays, "middle.qcow2", BASE.format(path=base))
        define(host, folder, "unten", base)
        define(host, folder, "oben", make_volume(overlays, "top.qcow2", BASE.format(path=middle)))
        view = View(folder, ("h1", host.uri))
        view.refused("unten", base, "used by oben")
        assert Path(base).exists() and guests(host) == {"unten", "oben"}


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_a_guest_started_meanwhile_keeps_its_disks, test_nobody_starts_it_while_its_disks_go,
                          test_guests_of_other_hosts_keep_their_disks, test_files_of_one_name_are_told_apart,
                          test_below_an_overlay_of_another_pool))
