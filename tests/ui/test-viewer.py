#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person with consoles in windows of their own: from the list, by keyboard, from the command line."""

import contextlib
import re
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position
import inn_ns  # noqa: E402  pylint: disable=wrong-import-position,wrong-import-order

GUEST = "try-me"
SIZE = (1280, 800)


class Bed:
    """What the steps share."""

    def __init__(self, stack, folder):
        self.folder = folder
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.serial = folder / "serial.log"
        self.domain = inn_lab.define_guest(self.host, GUEST, serial=self.serial)
        self.domain.create()
        inn_lab.wait_for(lambda: "INNKEEPER-GUEST: up" in self.serial_text(), 300, "guest that is up")
        added = inn_lab.innctl(folder / "view", "host", "add", "--name", "bench-1", self.host.facts["uri"])
        assert added.returncode == 0, added.stderr
        self.person = stack.enter_context(
            Person(folder, SIZE, window_manager=True, arguments=["--console", f"bench-1/{GUEST}"]))

    def serial_text(self):
        return self.serial.read_text(encoding="utf-8", errors="replace") if self.serial.exists() else ""

    def guest_reads(self, text):
        def look():
            return any(text in line for line in re.findall(r"INNKEEPER-KEY: (.*)", self.serial_text()))

        wait_for(look, f"line {text!r} in the guest", 60)

    def frames(self):
        """Titles of the windows."""
        return sorted(node.name for node in self.person.app.children if node.showing)

    def start_again(self, *arguments):
        """The program once more, as from a menu: the one that runs does it."""
        person = self.person
        other = person.desktop.start([person.program, "--store", str(person.store), *arguments],
                                     log=self.folder / "again.log")
        wait_for(lambda: other.poll() is not None, "end of the second program", 60)
        return other.returncode


BED = None


def release():
    """The chord, as people press it."""
    BED.person.desktop.xdo("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Alt_L", "keyup", "Control_L")


def test_command_line_shows_a_console_alone():
    person = BED.person
    person.sees("^Click or press Enter to use the guest$", 120)
    assert BED.frames() == [f"{GUEST} on bench-1"], BED.frames()
    person.desktop.shot("viewer-01")


def test_keys_of_the_window_are_the_guests():
    person = BED.person
    person.desktop.key("Return")
    person.sees("^The keyboard goes to the guest")
    person.desktop.type("tabs")
    person.desktop.key("ctrl+w", "ctrl+shift+d", "ctrl+Page_Down", "ctrl+t", "Return")
    BED.guest_reads("tabs")
    assert BED.frames() == [f"{GUEST} on bench-1"], BED.frames()
    release()
    person.sees("^Click or press Enter to use the guest$")


def test_second_start_shows_the_view():
    person = BED.person
    assert BED.start_again() == 0
    wait_for(lambda: "Innkeeper" in BED.frames(), "window with the view", 60)
    person.sees(f"^{GUEST}$")


def test_wrong_words():
    assert BED.start_again("--console", "nothing") == 2
    assert "HOST/GUEST" in (BED.folder / "again.log").read_text(encoding="utf-8")

    assert BED.start_again("--console", "bench-1/nobody") == 0
    BED.person.sees("There is no guest “nobody” on bench-1")
    BED.person.desktop.key("ctrl+w")
    wait_for(lambda: "Consoles" not in BED.frames(), "closed window", 30)


def count_screens():
    return sum(node.name == "Click or press Enter to use the guest" for node in BED.person.app.walk_showing())


def open_file(file, title):
    """Another window shows a screen all the time: this one has to show one more."""
    before = count_screens()
    assert BED.start_again(str(file)) == 0
    wait_for(lambda: title in BED.frames(), "console of the file", 60)
    wait_for(lambda: count_screens() > before, "screen of the file", 60)


def test_connection_file():
    person = BED.person
    screen = BED.folder / "screen"
    qemu = person.desktop.start(["qemu-system-x86_64", "-accel", "tcg", "-m", "32", "-display", "none",
                                 "-vnc", f"unix:{screen}"], log=BED.folder / "qemu.log")
    wait_for(screen.exists, "screen of a QEMU", 60)
    file = BED.folder / "a b.vv"
    file.write_text(f"[virt-viewer]\ntype=vnc\nunix-path={screen}\ntitle=Vee <b>%d\ndelete-this-file=1\n",
                    encoding="utf-8")
    open_file(file, "Vee <b>%d")
    assert not file.exists()
    person.desktop.shot("viewer-02-file")
    person.desktop.key("ctrl+w")
    wait_for(lambda: "Vee <b>%d" not in BED.frames(), "closed console", 30)
    qemu.terminate()

    file.write_text("[virt-viewer]\ntype=vnc\nhost=h\nport=1\nproxy=http://p\n", encoding="utf-8")
    assert BED.start_again(str(file)) == 0
    person.sees("wants a proxy")
    person.desktop.shot("viewer-03-refused")
    person.desktop.key("ctrl+w")
    wait_for(lambda: "Consoles" not in BED.frames(), "closed window", 30)


def test_window_closes_while_it_connects():
    """Somebody who listens and says nothing: the keyboard is the window's meanwhile."""
    person = BED.person
    path = BED.folder / "silent"
    file = BED.folder / "silent.vv"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        for kind in ("vnc", "spice"):
            file.write_text(f"[virt-viewer]\ntype={kind}\nunix-path={path}\ntitle=Silent {kind}\n", encoding="utf-8")
            assert BED.start_again(str(file)) == 0
            person.sees("^Connecting to the Screen$", 60)
            person.desktop.key("ctrl+w")
            wait_for(lambda title=f"Silent {kind}": title not in BED.frames(), "closed console", 10)


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
        return True
    return False


def test_spice_connection_file():
    """As a web interface writes it: TLS only, its own authority, the host by its address, a ticket."""
    person = BED.person
    pki = inn_lab.make_pki(BED.folder / "pki")
    port = inn_ns.free_port()
    (BED.folder / "ticket").write_text("geheim", encoding="utf-8")
    qemu = person.desktop.start(
        ["qemu-system-x86_64", "-accel", "tcg", "-m", "32", "-display", "none", "-device", "qxl-vga",
         "-object", f"secret,id=ticket,file={BED.folder / 'ticket'}",
         "-spice", f"addr=127.0.0.1,tls-port={port},x509-dir={pki},password-secret=ticket"],
        log=BED.folder / "qemu-spice.log")
    wait_for(lambda: answers(port), "screen of a QEMU", 60)
    authority = (Path(pki) / "cacert.pem").read_text(encoding="utf-8").replace("\n", "\\n")
    file = BED.folder / "spice.vv"

    def write(subject):
        file.write_text(f"[virt-viewer]\ntype=spice\nhost=127.0.0.1\ntls-port={port}\npassword=geheim\n"
                        f"ca={authority}\nhost-subject={subject}\ntitle=Ticket\ndelete-this-file=1\n",
                        encoding="utf-8")

    write("CN=localhost")
    open_file(file, "Ticket")
    person.desktop.shot("viewer-04-spice")
    person.desktop.key("ctrl+w")
    wait_for(lambda: "Ticket" not in BED.frames(), "closed console", 30)

    write("CN=another")
    assert BED.start_again(str(file)) == 0
    person.sees("is not for “CN=another”", 60)
    person.desktop.shot("viewer-05-another")
    person.desktop.key("ctrl+w")
    wait_for(lambda: "Ticket" not in BED.frames(), "closed console", 30)
    qemu.terminate()


def test_console_is_not_opened_twice():
    before = BED.frames()
    assert BED.start_again() == 0
    person = BED.person
    person.desktop.key("ctrl+k")
    person.sees("Go to an object")
    person.desktop.type(GUEST)
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    person.desktop.key("Return")
    person.sees("^bench-1$|/ bench-1$")
    person.desktop.key("ctrl+t")
    person.sees("^Click or press Enter to use the guest$")
    assert BED.frames() == before, BED.frames()


def test_closing_ends_the_connection_only():
    person = BED.person
    person.desktop.key("ctrl+w")
    wait_for(lambda: f"{GUEST} on bench-1" not in BED.frames(), "closed console", 30)
    assert BED.domain.isActive()


def test_quits_cleanly():
    person = BED.person
    assert person.quit() == 0, f"exit code {person.process.returncode}\n{person.log_text()[-8000:]}"
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
