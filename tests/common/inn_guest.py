#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The small guest as libvirt wants it described. As a program: inn_guest.py NAME prints the domain XML, for KVM where
a guest really runs under it."""

import subprocess
import sys
import uuid
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

HERE = Path(__file__).resolve().parent
SKIP = 77


class Skip(Exception):
    """This machine cannot run the test; the text says why."""


def small_guest():
    """The folder with vmlinux, initrd and cmdline; built on the first call on a machine, which takes some seconds."""
    result = subprocess.run([str(HERE / "guest" / "build-guest")], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, timeout=600, check=False)
    if result.returncode == SKIP:
        raise Skip(result.stderr.strip())
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    return Path(result.stdout.strip())


def runs_under_kvm():
    return subprocess.run([str(HERE / "probe-kvm")], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


def guest_xml(guest, name, *, memory_mib=128, kvm=False, password=None, vnc="tcp", video="vga", serial=None,
              agent=True, network=True, disk=None, uuid=None, more_serial=0, channel=None, disk_driver='cache="none"'):
    """The domain XML of the small guest, whose files are in the folder GUEST. VNC listens on loopback ("tcp"), on a socket of libvirt's choice
    ("socket") or not at all (None). SERIAL is a file that also gets what the serial port says. MORE_SERIAL ports come
    after that one; CHANNEL is the name of a virtio channel. DISK is a qcow2 file, DISK_DRIVER how QEMU treats it."""
    command_line = (Path(guest) / "cmdline").read_text(encoding="utf-8").strip() + f" inn.name={name}"
    devices = []
    if vnc:
        secret = f" passwd={quoteattr(password)}" if password else ""
        listen = '<listen type="socket"/>' if vnc == "socket" else '<listen type="address" address="127.0.0.1"/>'
        devices.append(f'<graphics type="vnc" autoport="yes"{secret}>{listen}</graphics>')
        devices.append(f'<video><model type="{video}"/></video><input type="tablet" bus="virtio"/>')
    log = f'<log file={quoteattr(str(serial))} append="off"/>' if serial else ""
    devices.append(f'<serial type="pty">{log}<target port="0"/></serial>')
    for port in range(more_serial):
        devices.append(f'<serial type="pty"><target port="{port + 1}"/></serial>')
    if channel:
        devices.append(f'<channel type="unix"><target type="virtio" name={quoteattr(channel)}/></channel>')
    if agent:
        devices.append('<channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>')
    if network:
        devices.append('<interface type="user"><model type="virtio"/></interface>')
    if disk:
        devices.append(f'<disk type="file" device="disk"><driver name="qemu" type="qcow2" {disk_driver}/>'
                       f'<source file={quoteattr(str(disk))}/><target dev="vda" bus="virtio"/></disk>')
    identity = f"<uuid>{uuid}</uuid>" if uuid else ""
    cpu = '<cpu mode="host-passthrough"/>' if kvm else '<cpu mode="custom"><model>qemu64</model></cpu>'
    return f"""<domain type="{'kvm' if kvm else 'qemu'}"><name>{escape(name)}</name>{identity}
  <memory unit="MiB">{memory_mib}</memory><vcpu>1</vcpu>{cpu}
  <os><type arch="x86_64" machine="q35">hvm</type><kernel>{guest}/vmlinux</kernel><initrd>{guest}/initrd</initrd>
    <cmdline>{escape(command_line)}</cmdline></os>
  <features><acpi/></features><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>
  <devices><controller type="usb" model="none"/>{''.join(devices)}<memballoon model="virtio"/></devices>
</domain>"""


def main():
    if len(sys.argv) != 2:
        print("usage: inn_guest.py NAME", file=sys.stderr)
        return 2
    name = sys.argv[1]
    try:
        # The same name keeps its identity however often it is described.
        ident = uuid.uuid5(uuid.NAMESPACE_DNS, f"{name}.guest.innkeeper.invalid")
        print(guest_xml(small_guest(), name, kvm=runs_under_kvm(), uuid=ident))
    except Skip as reason:
        print(f"inn_guest.py: {reason}", file=sys.stderr)
        return SKIP
    return 0


if __name__ == "__main__":
    sys.exit(main())
