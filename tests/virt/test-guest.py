#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small guest on a private host: it boots, answers, shows a moving screen, takes keys and shuts down."""

import json
import socket
import sys
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import inn_lab  # pylint: disable=wrong-import-position
import libvirt  # pylint: disable=wrong-import-position,wrong-import-order
import libvirt_qemu  # pylint: disable=wrong-import-position,wrong-import-order


class Lab:
    """What the tests of this program share: one host with one guest, as a boot is the slow part."""

    def __init__(self, folder, host):
        self.serial = folder / "serial.log"
        self.host = host
        self.domain = inn_lab.define_guest(host, "try-me", serial=self.serial)

    def said(self, text):
        return self.serial.exists() and text in self.serial.read_text(encoding="utf-8", errors="replace")

    def test_boots_to_a_serial_login(self):
        self.domain.create()
        inn_lab.wait_for(lambda: self.said("INNKEEPER-GUEST: up try-me"), 120, "the guest's first word")
        inn_lab.wait_for(lambda: self.said("try-me login:"), 60, "a login on the serial port")

    def test_agent_answers(self):
        inn_lab.wait_for_agent(self.domain)
        assert inn_lab.guest_run(self.domain, "hostname") == b"try-me\n"
        found = inn_lab.wait_for(
            lambda: [one["addr"] for nic in self.domain.interfaceAddresses(
                libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT).values() for one in nic["addrs"] or []
                     if one["addr"].startswith("10.")], 90, "an address from DHCP")
        assert found

    def test_screen_moves(self):
        first = inn_lab.screenshot(self.domain)
        inn_lab.wait_for(lambda: inn_lab.screenshot(self.domain) != first, 30, "another picture")

    def test_keys_arrive(self):
        inn_lab.type_text(self.domain, "hello\n")
        inn_lab.wait_for(lambda: self.said("INNKEEPER-KEY: hello"), 30, "the typed line")
        inn_lab.type_text(self.domain, "lamp")
        inn_lab.wait_for(lambda: self.said("INNKEEPER-KEY: lamp on"), 30, "the lamp")

    def test_pointer_arrives(self):
        def axis(name, value):
            return {"type": "abs", "data": {"axis": name, "value": int(value * 0x7fff)}}

        def button(down):
            return {"type": "btn", "data": {"button": "left", "down": down}}
        watch = inn_lab.PointerWatch(self.domain)
        for events in ([axis("x", 0.25), axis("y", 0.75)], [button(True)], [button(False)]):
            libvirt_qemu.qemuMonitorCommand(
                self.domain, json.dumps({"execute": "input-send-event", "arguments": {"events": events}}), 0)
        seen = [(what, round(value, 2) if what in ("x", "y") else value) for what, value in watch.events()]
        assert seen == [("x", 0.25), ("y", 0.75), (1, True), (1, False)], seen

    def test_display_asks_for_its_password(self):
        guarded = inn_lab.define_guest(self.host, "guarded", password="secret", memory_mib=32)
        guarded.create()
        port = ElementTree.fromstring(guarded.XMLDesc()).find("devices/graphics").get("port")
        with socket.create_connection(("127.0.0.1", int(port)), timeout=20) as sock:
            assert sock.recv(12).startswith(b"RFB ")
            sock.sendall(b"RFB 003.008\n")
            # One security type is offered: VNC authentication.
            assert sock.recv(2, socket.MSG_WAITALL) == b"\1\2"
        guarded.destroy()

    def test_ctrl_alt_del_restarts(self):
        before = self.serial.read_text(errors="replace").count("INNKEEPER-GUEST: up")
        self.domain.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 100, [29, 56, 111], 3, 0)
        inn_lab.wait_for(lambda: self.serial.read_text(errors="replace").count("INNKEEPER-GUEST: up") > before,
                         120, "the guest's second start")

    def test_power_button_shuts_down(self):
        def off():
            if not self.domain.isActive():
                return True
            self.domain.shutdownFlags(libvirt.VIR_DOMAIN_SHUTDOWN_ACPI_POWER_BTN)
            return False
        inn_lab.wait_for(off, 90, "the guest to be off", every=1.0)


def main():
    with inn_lab.temporary_folder() as folder, inn_lab.PrivateHost(folder, "h1") as host:
        lab = Lab(folder, host)
        return inn_lab.main(lab.test_boots_to_a_serial_login, lab.test_agent_answers, lab.test_screen_moves,
                            lab.test_keys_arrive, lab.test_pointer_arrives,
                            lab.test_display_asks_for_its_password, lab.test_ctrl_alt_del_restarts,
                            lab.test_power_button_shuts_down)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except inn_lab.Skip as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)
