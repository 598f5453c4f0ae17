#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""libvirt's test driver takes the demo hosts and the generated ones, and makes of them what they are meant to be."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TESTS / "common"))
import inn_lab  # pylint: disable=wrong-import-position
import libvirt  # pylint: disable=wrong-import-position,wrong-import-order

ACTIVE = libvirt.VIR_CONNECT_LIST_DOMAINS_ACTIVE


def generate(folder, *arguments):
    done = inn_lab.run([sys.executable, TESTS / "common" / "gen-test-hosts.py", folder, *arguments])
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_demo_hosts_have_guests_networks_and_pools():
    files = sorted((TESTS.parent / "data" / "demo").glob("*.xml"))
    assert len(files) == 4
    seen = set()
    for path in files:
        connection = libvirt.open(f"test://{path}")
        domains = connection.listAllDomains()
        assert 6 <= len(domains) <= 12 and 0 < len(connection.listAllDomains(ACTIVE)) < len(domains), path
        assert connection.listAllNetworks() and connection.listAllStoragePools(), path
        idents = {domain.UUIDString() for domain in domains}
        assert len(idents) == len(domains) and not seen & idents, "a demo guest's UUID is there twice"
        seen |= idents
        connection.close()


def test_many_hosts():
    with inn_lab.temporary_folder() as folder:
        uris = generate(folder, "3", "20")
        assert len(uris) == 3
        idents = set()
        for uri in uris:
            connection = libvirt.open(uri)
            domains = connection.listAllDomains()
            assert len(domains) == 20 and len(connection.listAllDomains(ACTIVE)) == 18
            idents |= {domain.UUIDString() for domain in domains}
            connection.close()
        assert len(idents) == 60


def test_odd_hosts_are_accepted():
    with inn_lab.temporary_folder() as folder:
        for uri in generate(folder, "--odd"):
            connection = libvirt.open(uri)
            domains = connection.listAllDomains()
            if uri.endswith("odd-disks.xml"):
                assert domains[0].XMLDesc().count("<disk ") == 10000
            elif uri.endswith("odd-huge.xml"):
                assert len(domains[0].XMLDesc()) > 4 * 1024 * 1024
            elif not uri.endswith("odd-empty.xml"):
                assert domains
            connection.close()


if __name__ == "__main__":
    sys.exit(inn_lab.main(test_demo_hosts_have_guests_networks_and_pools, test_many_hosts,
                          test_odd_hosts_are_accepted))
