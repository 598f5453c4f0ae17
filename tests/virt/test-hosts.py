#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The private hosts of the tests are what they say: several at once, apart, in each mode and over each transport."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import inn_lab  # pylint: disable=wrong-import-position
import inn_ns  # pylint: disable=wrong-import-position
import libvirt  # pylint: disable=wrong-import-position,wrong-import-order


def need_root():
    if os.geteuid() != 0:
        raise inn_lab.Skip("only root can start the system mode")


def said(serial, text):
    return serial.exists() and text in serial.read_text(encoding="utf-8", errors="replace")


def start_guest(host, name, serial, **options):
    domain = inn_lab.define_guest(host, name, serial=serial, **options)
    domain.create()
    inn_lab.wait_for(lambda: said(serial, f"INNKEEPER-GUEST: up {name}"), 150, f"{name} to be up")
    return domain


def test_guest_moves_alive_between_two_hosts():
    need_root()
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as one, \
         inn_lab.PrivateHost(folder, "h2") as two:
        assert one.facts["host_uuid"] != two.facts["host_uuid"]
        assert one.connection.getHostname() == "h1" and two.connection.getHostname() == "h2"
        domain = start_guest(one, "traveller", folder / "serial.log")
        ident = domain.UUIDString()
        port = inn_ns.free_port()
        flags = libvirt.VIR_MIGRATE_LIVE | libvirt.VIR_MIGRATE_PERSIST_DEST | libvirt.VIR_MIGRATE_UNDEFINE_SOURCE
        domain.migrate3(two.connection, {libvirt.VIR_MIGRATE_PARAM_URI: f"tcp://127.0.0.1:{port}"}, flags)
        moved = two.connection.lookupByUUIDString(ident)
        assert moved.isActive()
        assert not one.connection.listAllDomains()
        first = inn_lab.screenshot(moved)
        inn_lab.wait_for(lambda: inn_lab.screenshot(moved) != first, 60, "the guest to go on")


def test_guests_outlive_their_daemon():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        domain = inn_lab.define_guest(host, "stays", memory_mib=32)
        domain.create()
        started = domain.info()[4]
        assert started >= 0
        # It is asked to start again before it has ended.
        os.kill(host.facts["pid"], signal.SIGSTOP)
        assert host.control("daemon-stop").returncode == 0
        assert host.control("daemon-start").returncode == 0
        os.kill(host.facts["pid"], signal.SIGCONT)
        inn_lab.wait_for(lambda: not os.path.exists(f"/proc/{host.facts['pid']}"), 30, "the daemon to end")
        again = inn_lab.wait_for(lambda: libvirt.open(host.uri), 60, "the daemon to answer again")
        assert [one.name() for one in again.listAllDomains(libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE)] == ["stays"]
        again.close()


def test_session_mode_of_an_ordinary_user():
    user = ["--session", "--user", "nobody"] if os.geteuid() == 0 else []
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "u1", *user) as host:
        assert host.facts["mode"] == "session"
        serial = Path(host.facts["dir"]) / "serial.log"
        domain = start_guest(host, "mine", serial)
        owner = os.stat(serial).st_uid
        assert owner != 0 and os.stat(f"/proc/{host.facts['pid']}").st_uid == owner
        domain.destroy()


def test_modular_layout():
    need_root()
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "m1", "--modular") as host:
        assert host.facts["socket"].endswith("/virtqemud-sock")
        assert not (Path(host.facts["run"]) / "libvirt-sock").exists()
        assert host.connection.getType() == "QEMU"


def open_as_admin(uri, password):
    def answer(credentials, _opaque):
        for one in credentials:
            one[4] = "admin" if one[0] == libvirt.VIR_CRED_AUTHNAME else password
        return 0
    return libvirt.openAuth(uri, [[libvirt.VIR_CRED_AUTHNAME, libvirt.VIR_CRED_PASSPHRASE], answer, None], 0)


def test_tcp_and_tls_ask_for_a_password():
    need_root()
    with inn_lab.temporary_folder() as folder:
        pki = inn_lab.make_pki(folder / "pki")
        with inn_lab.PrivateHost(folder, "h1", "--listen-tcp", "0", "--listen-tls", "0", "--pki", pki,
                                 "--sasl") as host:
            for uri in (host.facts["tcp_uri"], host.facts["tls_uri"] + f"?pkipath={pki}"):
                opened = open_as_admin(uri, host.facts["sasl_password"])
                assert opened.getHostname() == "h1"
                opened.close()
            try:
                open_as_admin(host.facts["tcp_uri"], "wrong")
            except libvirt.libvirtError as error:
                assert error.get_error_code() == libvirt.VIR_ERR_AUTH_FAILED, error
            else:
                raise AssertionError("a wrong password was taken")


def test_sshd_leads_into_the_host():
    need_root()
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        with inn_lab.PrivateSshd(folder / "s1", host=host) as sshd:
            seen = sshd.ssh("hostname; virsh -c qemu:///system uri")
            assert seen.stdout.split() == ["h1", "qemu:///system"], seen
            assert sshd.rekey().returncode == 0
            inn_lab.wait_for(lambda: "IDENTIFICATION HAS CHANGED" in sshd.ssh("true").stderr, 30, "the new key")
        with inn_lab.PrivateSshd(folder / "s2", "--password", "--no-stream-forwarding", host=host) as sshd:
            answered = sshd.ssh("id -un", env=inn_lab.answer_script(folder, sshd.facts["password"]))
            assert answered.stdout.strip() == "admin", answered
            refused = sshd.ssh("true", env=inn_lab.answer_script(folder, "wrong"))
            assert refused.returncode == 255 and "Permission denied" in refused.stderr, refused


def test_host_ends_with_its_parent():
    script = ("import subprocess, sys; p = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, text=True); "
              "print(p.stdout.readline(), flush=True); import time; time.sleep(600)")
    user = [] if os.geteuid() == 0 else ["--session"]
    with inn_lab.temporary_folder() as folder:
        command = [sys.executable, "-c", script, str(inn_lab.HERE / "private-libvirtd"), "run", "--dir", str(folder),
                   "--name", "h1", *user]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
            facts = json.loads(parent.stdout.readline())
            os.kill(parent.pid, signal.SIGKILL)
        inn_lab.wait_for(lambda: not os.path.exists(f"/proc/{facts['pid']}"), 30, "the daemon to end")
        inn_lab.wait_for(lambda: not os.path.exists(f"/proc/{facts['supervisor_pid']}"), 30, "the host to end")


def main():
    if not inn_lab.shutil.which("virsh"):
        raise inn_lab.Skip("libvirt is not installed")
    return inn_lab.main(test_guest_moves_alive_between_two_hosts, test_guests_outlive_their_daemon,
                        test_session_mode_of_an_ordinary_user, test_modular_layout,
                        test_tcp_and_tls_ask_for_a_password, test_sshd_leads_into_the_host,
                        test_host_ends_with_its_parent)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except inn_lab.Skip as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)
