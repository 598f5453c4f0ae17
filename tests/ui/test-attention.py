#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reaches a person who does not look: a desktop notification, spoken words, and hosts that are back after sleep.
The desktop's notifications, its screen reader and logind are played by this program."""

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

from gi.repository import Gio, GLib  # noqa: E402  pylint: disable=wrong-import-position,wrong-import-order

GUEST = "try-me"
BUTTONS = ("button", "push button")
NOTIFICATIONS = Gio.DBusNodeInfo.new_for_xml("""<node><interface name="org.freedesktop.Notifications">
  <method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/></method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation"><arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/></method>
</interface></node>""")
OTHER_WINDOW = """
import gi
gi.require_version("Gtk", "4.0")
from gi.repository import Gtk, GLib
Gtk.init()
window = Gtk.Window(title="Other", default_width=200, default_height=100)
window.present()
GLib.MainLoop().run()
"""


def connect(address):
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address, flags, None, None)


def own(bus, name):
    bus.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
                  GLib.Variant("(su)", (name, 4)), None, 0, -1, None)


def turn(condition, what, timeout=60.0):
    """wait_for() for what comes over a bus."""
    context = GLib.MainContext.default()

    def look():
        while context.iteration(False):
            pass
        return condition()

    return wait_for(look, what, timeout)


class Attention:
    """What the steps share."""

    def __init__(self, stack, folder):
        self.host = stack.enter_context(inn_lab.PrivateHost(folder, "h1"))
        self.serial = folder / "serial.log"
        self.domain = inn_lab.define_guest(self.host, GUEST, serial=self.serial)
        added = inn_lab.innctl(folder / "view", "host", "add", "--name", "bench-1", self.host.facts["uri"])
        assert added.returncode == 0, added.stderr
        self.person = Person(folder)
        desktop = self.person.desktop
        start_bus = desktop._start_bus  # pylint: disable=protected-access

        def start_buses():
            # A second one serves as the system's.
            start_bus()
            session = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
            start_bus()
            desktop.env["DBUS_SYSTEM_BUS_ADDRESS"] = desktop.env["DBUS_SESSION_BUS_ADDRESS"]
            desktop.env["DBUS_SESSION_BUS_ADDRESS"] = session
            self.play_desktop(session)
            self.system = connect(desktop.env["DBUS_SYSTEM_BUS_ADDRESS"])
            own(self.system, "org.freedesktop.login1")

        desktop._start_bus = start_buses  # pylint: disable=protected-access
        self.notified = []
        self.spoken = []
        stack.enter_context(self.person)
        atspi = desktop.atspi
        self.listener = atspi.EventListener.new(lambda event: self.spoken.append(str(event.any_data)))
        self.listener.register("object:announcement")

    def play_desktop(self, address):
        def call(_bus, _sender, _path, _interface, method, parameters, invocation):
            if method == "Notify":
                self.notified.append(parameters.unpack())
                invocation.return_value(GLib.Variant("(u)", (len(self.notified),)))
            elif method == "GetCapabilities":
                invocation.return_value(GLib.Variant("(as)", (["body", "actions"],)))
            elif method == "GetServerInformation":
                invocation.return_value(GLib.Variant("(ssss)", ("played", "Innkeeper", "1", "1.2")))
            else:
                invocation.return_value(None)

        self.session = connect(address)
        self.session.register_object("/org/freedesktop/Notifications", NOTIFICATIONS.interfaces[0], call, None, None)
        own(self.session, "org.freedesktop.Notifications")

    def wake_up(self):
        self.system.emit_signal(None, "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep",
                                GLib.Variant("(b)", (False,)))
        self.system.flush_sync(None)


ATTENTION = None


def test_operation_that_ends_elsewhere_is_notified():
    person = ATTENTION.person
    desktop = person.desktop
    ATTENTION.domain.create()
    inn_lab.wait_for(lambda: ATTENTION.serial.exists() and "INNKEEPER-GUEST: up" in
                     ATTENTION.serial.read_text(errors="replace"), 300, "guest that is up")
    person.sees(f"^{GUEST}$")
    desktop.key("ctrl+k")
    person.sees("Go to an object")
    desktop.type(GUEST)
    wait_for(lambda: not person.app.has("list item", "Preferences"), "narrowed palette")
    desktop.key("Return")
    person.sees("^Running$")
    desktop.start([sys.executable, "-c", OTHER_WINDOW])
    other = wait_for(lambda: desktop.run("xdotool", "search", "--onlyvisible", "--name", "^Other$").split(), "window")
    # What ends at once is not notified: the host takes its time.
    os.kill(ATTENTION.host.facts["pid"], signal.SIGSTOP)
    try:
        person.click(BUTTONS, "^Shut Down$")
        desktop.xdo("windowfocus", other[0])
        later = time.monotonic() + 4
        turn(lambda: time.monotonic() > later, "some seconds")
        assert not ATTENTION.notified
    finally:
        os.kill(ATTENTION.host.facts["pid"], signal.SIGCONT)
    turn(lambda: ATTENTION.notified, "notification of the end", 180)
    _app, _replaces, _icon, title, body, *_rest = ATTENTION.notified[0]
    assert GUEST in title, ATTENTION.notified
    assert body, ATTENTION.notified
    desktop.shot("attention-01")


def test_lost_host_is_spoken():
    ATTENTION.host.control("daemon-stop")
    turn(lambda: any("bench-1" in text for text in ATTENTION.spoken), "spoken words about the host", 120)
    print(f"# spoken: {ATTENTION.spoken}", flush=True)


def test_host_is_back_after_sleep():
    person = ATTENTION.person
    assert not person.app.has("list item", "^Host bench-1, Connected$")
    # Tries come after 1, 2, 4, 8, 16 and 32 s, or a little less: after the fifth the next is 11 s away or more.
    fifth = time.monotonic() + 36
    turn(lambda: time.monotonic() > fifth, "fifth try")
    ATTENTION.host.control("daemon-start")
    began = time.monotonic()
    ATTENTION.wake_up()
    person.find("list item", "^Host bench-1, Connected$", 60)
    took = time.monotonic() - began
    print(f"# back after {took:.1f} s", flush=True)
    assert took < 10, "the back-off was not cut short"


def main():
    global ATTENTION  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            ATTENTION = Attention(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        tests = [ATTENTION.person.with_picture(value) for name, value in globals().items() if name.startswith("test_")]
        return inn_lab.main(*tests)


if __name__ == "__main__":
    sys.exit(main())
