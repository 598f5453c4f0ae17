#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person deletes a guest with its storage: what is offered, what is not and why, and what is gone afterwards."""

import contextlib
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

VOLUME = ("<volume><name>{name}</name><capacity unit='MiB'>{size}</capacity>"
          "<target><format type='qcow2'/></target></volume>")
BUTTONS = ("button", "push button")
GUEST = "old-web"


class Bed:
    """Two hosts with one folder of storage; the guest has a disk of its own and one that the other host uses."""

    def __init__(self, stack, folder):
        one = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        two = stack.enter_context(inn_lab.PrivateHost(folder, "h2"))
        self.host = one
        self.shared = folder / "shared"
        self.shared.mkdir(mode=0o777)
        self.shared.chmod(0o777)
        for host in (one, two):
            host.connection.storagePoolCreateXML(
                f"<pool type='dir'><name>disks</name><target><path>{self.shared}</path></target></pool>")
        pool = one.connection.storagePoolLookupByName("disks")
        self.own, self.common = (pool.createXML(VOLUME.format(name=f"{name}.qcow2", size=8)).path()
                                 for name in ("own", "common"))
        domain = inn_lab.define_guest(one, GUEST, disk=self.own)
        domain.attachDeviceFlags(f"<disk type='file' device='disk'><driver name='qemu' type='qcow2'/>"
                                 f"<source file='{self.common}'/><target dev='vdz' bus='virtio'/></disk>", 2)
        inn_lab.define_guest(two, "neighbour", disk=self.common)
        for name, host in (("bench-1", one), ("bench-2", two)):
            done = inn_lab.innctl(folder / "view", "host", "add", "--name", name, host.uri)
            assert done.returncode == 0, done.stderr
        self.person = stack.enter_context(Person(folder))


BED = None


def test_storage_is_offered_and_others_is_not():
    person = BED.person
    person.sees("^neighbour$")
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type(GUEST)
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    person.desktop.key("Return")
    person.find(BUTTONS, "^Start$")
    person.click(("toggle button", "button"), "More Actions")
    person.choose_in_menu(-1)
    person.sees(f"Delete “{GUEST}”")
    person.sees("own.qcow2")
    person.sees("common.qcow2 — also used by neighbour on bench-2")
    boxes = person.app.find_all("check box")
    assert [box.sensitive for box in boxes] == [True, False], "whose disk is offered?"
    assert not any(box.has_state("CHECKED") for box in boxes), "storage is chosen for the person"
    person.desktop.shot("delete-1-offered")


def go_to(name):
    """With the Tab key, as somebody without a mouse."""
    def focused():
        BED.person.desktop.key("Tab")
        node = BED.person.focused()
        return node is not None and name in node.name
    wait_for(focused, f"focus on {name}")


def test_the_name_is_asked_when_storage_goes():
    person = BED.person
    go_to("vda")
    person.desktop.key("space")
    person.sees("Type the name to confirm")
    assert not person.find(BUTTONS, "^Delete$").sensitive
    go_to("Type the name to confirm")
    person.desktop.type(GUEST)
    wait_for(lambda: person.find(BUTTONS, "^Delete$").sensitive, "a button that can be pressed")
    person.desktop.shot("delete-2-confirmed")


def test_what_was_chosen_is_gone():
    person = BED.person
    person.click(BUTTONS, "^Delete$")
    wait_for(lambda: GUEST not in {domain.name() for domain in BED.host.connection.listAllDomains()}, "no guest", 60)
    wait_for(lambda: not Path(BED.own).exists(), "no disk", 60)
    assert Path(BED.common).exists(), "the disk of another host's guest is gone"
    person.sees("This virtual machine is gone from its host")
    person.desktop.shot("delete-3-gone")


def test_quits_cleanly():
    person = BED.person
    assert person.quit() == 0, person.log_text()[-8000:]
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global BED  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            BED = Bed(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        tests = [BED.person.with_picture(value) for name, value in globals().items() if name.startswith("test_")]
        return inn_lab.main(*tests)


if __name__ == "__main__":
    sys.exit(main())
