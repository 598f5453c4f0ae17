#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small guest on a private host: it boots, answers, shows a moving screen, takes keys and shuts down."""

import json
import sys
from pathlib import Path

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
        def ping():
            return libvirt_qemu.qemuAgentCommand(self.domain, '{"execute":"guest-ping"}', 5, 0)
        answer = json.loads(inn_lab.wait_for(ping, 90, "the guest agent"))
        assert "return" in answer, answer
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
                            lab.test_keys_arrive, lab.test_ctrl_alt_del_restarts, lab.test_power_button_shuts_down)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except inn_lab.Skip as reason:
        print(f"1..0 # SKIP {reason}")
        sys.exit(0)
