#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts for libvirt's test driver, as many and as odd as a test needs.

  gen-test-hosts.py DIR HOSTS VMS        DIR/host000.xml ... each with VMS guests, prints their URIs, one a line
  gen-test-hosts.py --odd DIR            DIR/odd-*.xml, each with something strange that libvirt accepts

The same arguments always give the same hosts, UUIDs included.
"""

import argparse
import sys
import uuid
from pathlib import Path
from xml.sax.saxutils import escape

SPACE = uuid.UUID("3f8f0f4e-6a61-4b0a-9a55-7a1c2f3f9d10")
TEST = 'xmlns:test="http://libvirt.org/schemas/domain/test/1.0"'
RUNNING, PAUSED, OFF, CRASHED = 1, 3, 5, 6

NODE = """<node>
  <cpu><mhz>2600</mhz><model>EPYC 7313</model><active>32</active><nodes>1</nodes><sockets>1</sockets><cores>16</cores>
    <threads>2</threads></cpu>
  <memory>268435456</memory>
{}
</node>
"""


def ident(*words):
    return str(uuid.uuid5(SPACE, "/".join(words)))


def domain(host, name, number=0, *, state=RUNNING, title=None, disks=1, extra="", devices="", domain_uuid=None):
    disk_list = "".join(
        f'<disk type="file" device="disk"><driver name="qemu" type="qcow2"/>'
        f'<source file="/srv/images/{number}-{index}.qcow2"/><target dev="vd{disk_name(index)}" bus="virtio"/></disk>'
        for index in range(disks))
    digits = ident(host, str(number), "mac")
    mac = ":".join(["52:54:00"] + [digits[place:place + 2] for place in (0, 2, 4)])
    return f"""  <domain type="test" {TEST}><test:runstate>{state}</test:runstate><name>{escape(name)}</name>
    <uuid>{domain_uuid or ident(host, str(number))}</uuid>{f'<title>{escape(title)}</title>' if title else ''}
    <memory unit="MiB">{1024 * (1 + number % 8)}</memory><vcpu>{1 + number % 4}</vcpu>
    <os><type arch="i686">hvm</type><boot dev="hd"/></os>{extra}
    <devices>{disk_list}<interface type="network"><mac address="{mac}"/><source network="default"/></interface>
      <graphics type="vnc" autoport="yes"/><video><model type="virtio"/></video>{devices}</devices></domain>"""


def disk_name(index):
    """a, b ... z, aa, ab ... as the kernel counts."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def network(host):
    return f"""  <network><name>default</name><uuid>{ident(host, 'network')}</uuid><forward mode="nat"/><bridge name="virbr0"/>
    <ip address="192.168.122.1" netmask="255.255.255.0"><dhcp><range start="192.168.122.2" end="192.168.122.254"/></dhcp></ip>
  </network>"""


def pool(host):
    return f"""  <pool type="dir"><name>images</name><uuid>{ident(host, 'pool')}</uuid><target><path>/srv/images</path></target></pool>"""


def node(host, domains):
    return NODE.format("\n".join([network(host), pool(host), *domains]))


def plain(folder, hosts, guests):
    """Of ten guests seven run, one is paused, one is off and one has crashed."""
    states = [RUNNING] * 7 + [PAUSED, OFF, CRASHED]
    for host in range(hosts):
        name = f"host{host:03}"
        domains = [domain(name, f"vm-{host:03}-{guest:04}", guest, state=states[guest % 10]) for guest in range(guests)]
        yield folder / f"{name}.xml", node(name, domains)


def odd_names():
    return [
        "a", "A" * 200, "with space", "-leading-dash", "--help", "..", "100%s%n%d", "<b>bold & \"quoted\" 'too'",
        "$(reboot)`id`;rm", "tab\tinside", "del\u007f", "c1\u0085control", "rtl \u202eevil\u202c end", "\u200b",
        "עברית ומספר 12", "خادم البريد", "とても長い名前の仮想マシン" * 6, "e\u0301combining", "👩‍💻 workstation", "\ufeffbom",
        "null", "0", "__proto__", "%F0%9F%98%80", "a:b:c", "back\\slash",
    ]


def odd(folder):
    """One host a kind of strangeness, so that a test can say which one hurt."""
    domains = [domain("names", name, number, title=name if number % 2 else None)
               for number, name in enumerate(odd_names())]
    yield folder / "odd-names.xml", node("names", domains)

    strange = ('<metadata><x:thing xmlns:x="urn:example:unknown"><x:deep a="1">text &amp; more</x:deep></x:thing></metadata>'
               '<unknown-element with="attributes"><child/></unknown-element>')
    yield folder / "odd-unknown.xml", node("unknown", [domain("unknown", "unknown-elements", 0, extra=strange)])

    words = "".join(f'<x:entry n="{number}">{"lorem ipsum " * 8}</x:entry>' for number in range(40000))
    huge = f'<metadata><x:all xmlns:x="urn:example:huge">{words}</x:all></metadata>'
    yield folder / "odd-huge.xml", node("huge", [domain("huge", "four-megabytes-of-xml", 0, extra=huge)])

    yield folder / "odd-disks.xml", node("disks", [domain("disks", "ten-thousand-disks", 0, disks=10000)])

    long_text = f"<description>{escape('説明' * 5000)}</description>"
    yield folder / "odd-text.xml", node("text", [domain("text", "long-description", 0, title="題" * 500,
                                                         extra=long_text)])

    # Two hosts that were cloned from one image: everything on them has the same identity.
    twins = [domain("twin", f"twin-{number}", number) for number in range(3)]
    yield folder / "odd-twin-a.xml", node("twin", twins)
    yield folder / "odd-twin-b.xml", node("twin", twins)

    yield folder / "odd-empty.xml", NODE.format("")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--odd", action="store_true")
    parser.add_argument("dir", type=Path)
    parser.add_argument("hosts", type=int, nargs="?", default=1)
    parser.add_argument("vms", type=int, nargs="?", default=10)
    options = parser.parse_args()
    folder = options.dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in odd(folder) if options.odd else plain(folder, options.hosts, options.vms):
        path.write_text(text, encoding="utf-8")
        print(f"test://{path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
