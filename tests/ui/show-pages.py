#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A picture of every page and dialog, to be looked at by a person before a change of the looks counts as done.

  ./dev shell python3 tests/ui/show-pages.py OUT [--form light,dark,narrow,tiny,japanese] [--only WORD] [--build DIR]

Starts the real program on a virtual screen with made-up and private hosts, goes everywhere as a person would, and writes
OUT/FORM/NAME.png. What could not be shown is told at the end, and is the exit code.
"""

import argparse
import contextlib
import os
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_gallery import (  # noqa: E402  pylint: disable=wrong-import-position
    BUTTONS, FORMS, LONG_NAME, RTL_NAME, SOURCE, TABS, Gallery, in_a_process, without_animations)
from inn_gallery_hosts import make_hosts, make_store  # noqa: E402  pylint: disable=wrong-import-position
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

KINDS = {"ssh": "SSH", "system": "This Computer, System", "session": "This Computer, Session", "tls": "TLS",
         "tcp": "TCP with SASL", "socket": "UNIX Socket", "test": "Test Hosts", "uri": "Any Other URI"}


class Pages(Gallery):
    """Each page of the window."""

    # --- pages -----------------------------------------------------------------------------------------------------

    def show_overview(self):
        self.page("Overview")
        self.person.sees("Needs Attention|Busiest", 30)
        self.shot("overview")
        self.desktop.xdo("mousemove", self.desktop.size[0] - 40, self.desktop.size[1] - 40, "click", "--repeat", 12, 5)
        self.shot("overview-end")

    def show_vms(self):
        self.page("Virtual Machines")
        self.person.sees("^backup-check$", 30)
        self.shot("vms")

    def show_sidebar(self):
        self.sidebar()
        self.shot("sidebar")
        self.desktop.key("F9")

    def show_filter(self):
        self.page("Virtual Machines")
        self.desktop.key("ctrl+f")
        self.desktop.type("state:running cpu>1")
        self.shot("filter")
        self.person.click(BUTTONS, "^Saved Filters$", 15)
        self.shot("filter-saved")
        self.desktop.key("Escape")
        self.desktop.key("ctrl+f", "ctrl+a")
        self.desktop.type("colour:red")
        self.person.sees("There is no field", 15)
        self.shot("filter-error")
        self.desktop.key("ctrl+a")
        self.desktop.type("nothing-has-this-name")
        self.person.sees("Nothing Matches", 15)
        self.shot("filter-empty")
        self.desktop.key("ctrl+a", "BackSpace", "Escape")

    def show_selection(self):
        self.page("Virtual Machines")
        row = self.person.sees("^ci-runner-01$", 30)
        row.click()
        self.desktop.key("shift+Down", "shift+Down", "shift+Down")
        self.person.sees("4 selected", 15)
        self.shot("selection")
        self.person.click(BUTTONS, "^More Actions$", 15)
        self.shot("selection-menu")
        self.desktop.key("Escape")
        row.click(button=3)
        self.shot("vm-context-menu")

    def show_columns(self):
        self.page("Virtual Machines")
        self.person.click(("table column header", "column header", "filler"), "^State$", 5, button=3)
        self.shot("columns-menu")

    def show_host(self):
        self.palette(self.host)
        self.person.sees("^Summary$", 15)
        self.shot("host-summary")
        self.tab("Virtual Machines")
        self.shot("host-vms")
        self.tab("Events")
        self.shot("host-events")
        self.person.click(BUTTONS, "^Actions$", 15)
        self.shot("host-menu")

    def show_groups(self):
        self.palette("Shop")
        self.person.sees("^Hosts$", 15)
        self.shot("cluster")
        self.person.click(BUTTONS, "^Actions$", 15)
        self.shot("cluster-menu")
        self.desktop.key("Escape")
        self.tab("Virtual Machines")
        self.shot("cluster-vms")
        self.palette("Demo")
        self.person.sees("^Hosts$", 15)
        self.shot("data-center")
        self.person.click(BUTTONS, "^Actions$", 15)
        self.shot("data-center-menu")

    def show_sidebar_menu(self):
        self.context_menu("^Data center Demo")
        self.shot("sidebar-menu")

    def show_empty_group(self):
        self.palette("Empty")
        self.person.sees("^No Hosts$", 15)
        self.shot("cluster-empty")

    def show_vm(self):
        self.palette(self.guest)
        self.person.sees("^Summary$", 15)
        self.shot("vm-summary")
        self.person.click(BUTTONS, "^More Actions$", 15)
        self.shot("vm-menu")
        self.desktop.key("Escape")
        self.tab("Console")
        self.shot("vm-console-failed")
        self.tab("Events")
        self.shot("vm-events")
        self.tab("XML")
        self.person.find(BUTTONS, "^Copy$", 15)
        self.shot("vm-xml")

    def show_vm_rtl(self):
        self.palette(RTL_NAME)
        self.person.sees("^Summary$", 15)
        self.shot("vm-rtl")

    def show_vm_dialogs(self):
        self.palette(self.stopped)
        self.person.find(BUTTONS, "^Start$", 15)
        self.person.click(BUTTONS, "^More Actions$", 15)
        # Open Console, Start, Start with Host, Rename…, Delete…
        self.person.choose_in_menu(-1)
        self.person.sees("^Delete “", 15)
        self.person.does_not_see("^Looking for its storage", 15)
        self.shot("vm-delete")
        self.desktop.key("Escape")
        self.person.click(BUTTONS, "^More Actions$", 15)
        self.person.choose_in_menu(-2)
        self.shot("vm-rename")

    def show_vm_off(self):
        self.palette(self.stopped)
        self.person.find(BUTTONS, "^Start$", 15)
        self.tab("Console")
        self.person.sees("^Not Running$", 15)
        self.shot("vm-console-off")

    def show_console(self):
        """A guest that really runs, in the firmware's screen: that comes at once."""
        self.palette(self.screen)
        self.tab("Console")
        self.person.sees("Click or press Enter", 60)
        self.shot("vm-console")
        self.person.click(BUTTONS, "^Console Menu$", 15)
        self.shot("vm-console-menu")
        self.desktop.key("Escape")
        # Beside the menu's button, which has the focus now.
        self.desktop.xdo("mousemove", self.desktop.size[0] - 100, self.desktop.size[1] // 2, "click", 1)
        with contextlib.suppress(AssertionError):
            self.person.sees("The keyboard goes", 5)
        self.shot("vm-console-grab")
        self.release()
        self.tab("Summary")
        self.shot("vm-summary-live")

    def show_text_console(self):
        self.palette(self.screen)
        self.tab("Console")
        self.tab("Text")
        self.person.sees("^Serial Port 0", 30)
        self.person.find("terminal", None, 60)
        self.desktop.xdo("mousemove", self.desktop.size[0] // 2, self.desktop.size[1] * 3 // 5, "click", 1)
        self.desktop.key("Return")
        self.shot("vm-text")
        self.person.click(BUTTONS, "^Terminal Menu$", 15)
        self.shot("vm-text-menu")
        self.desktop.key("Escape")
        self.person.click(BUTTONS, "^Search$", 15)
        self.desktop.type("login")
        self.shot("vm-text-search")
        self.desktop.key("Escape")
        self.release()
        self.palette(self.stopped)
        self.tab("Console")
        self.tab("Text")
        self.person.sees("^Not Running$", 15)
        self.shot("vm-text-off")

    def show_terminal(self):
        self.palette("shell")
        self.person.sees("^Connected$", 60)
        self.shot("host-ssh")
        self.tab("Terminal")
        self.person.find("terminal", None, 60)
        self.desktop.xdo("mousemove", self.desktop.size[0] // 2, self.desktop.size[1] // 2, "click", 1)
        self.desktop.type("uptime\n")
        self.shot("host-terminal")
        self.desktop.copy("echo one\necho two\n")
        self.desktop.key("ctrl+shift+v")
        self.person.sees("^Paste ", 15)
        self.shot("host-terminal-paste")
        self.desktop.key("Escape")
        self.release()

    def show_power_off(self):
        self.palette(self.screen)
        self.person.click(BUTTONS, "^More Actions$", 15)
        self.person.choose_in_menu(6)
        self.shot("vm-power-off")

    def show_events(self):
        self.page("Events")
        self.person.sees("^Filter$|connected", 15)
        self.shot("events")
        self.desktop.key("ctrl+f")
        self.desktop.type("nothing of this kind")
        self.shot("events-none")
        self.desktop.key("Escape")

    def show_operations(self):
        self.palette("web-02")
        self.person.click(BUTTONS, "^More Actions$", 15)
        # Open Console, Shut Down, Reboot, Pause …
        self.person.choose_in_menu(3)
        self.person.find(BUTTONS, "^Resume$", 15)
        self.person.click(BUTTONS, "^Operations", 15)
        self.shot("operations")
        self.desktop.key("Escape")
        self.person.click(BUTTONS, "^Resume$", 15)

    def show_palette(self):
        self.desktop.key("ctrl+k")
        self.person.sees("^Go to an object", 15)
        self.shot("palette")
        self.desktop.type("web")
        self.shot("palette-found")
        self.desktop.key("ctrl+a")
        self.desktop.type("zzzz")
        self.shot("palette-nothing")

    def show_menu(self):
        self.person.click(BUTTONS, "^Main Menu$", 15)
        self.shot("main-menu")

    def show_preferences(self):
        self.desktop.key("ctrl+comma")
        self.person.sees("Live View", 15)
        self.shot("preferences")

    def show_shortcuts(self):
        self.desktop.key("ctrl+question")
        self.person.sees("^Keyboard Shortcuts$", 15)
        self.shot("shortcuts")

    def show_about(self):
        self.palette("About")
        self.person.sees("The Innkeeper contributors", 30)
        self.shot("about")
        self.person.click(("list item", *BUTTONS), "^Troubleshooting", 15)
        self.person.sees("^Debugging Information$", 15)
        self.shot("about-troubleshooting")
        self.person.click(("list item", *BUTTONS), "^Debugging Information", 15)
        self.shot("about-debug")
        self.desktop.key("Escape", "Escape")

    def show_add_host(self):
        # A list that comes up under the pointer goes to what is there.
        self.desktop.xdo("mousemove", 1, 1)
        self.desktop.key("ctrl+shift+n")
        self.person.sees("^Connection$", 15)
        for number, (kind, label) in enumerate(KINDS.items()):
            if number:
                # Keys are taken by what is drawn already.
                self.desktop.key("space")
                self.settle()
                self.desktop.key("Down")
                self.settle()
                self.desktop.key("Return")
            self.person.sees(f"^{label}$", 15)
            self.shot("add-host-" + kind)
        self.desktop.key("Tab")
        self.desktop.type("nonsense")
        self.person.sees("This is no address", 15)
        self.shot("add-host-error")
        self.desktop.key("ctrl+a")
        self.desktop.type("qemu+unix:///system?socket=/nobody/here")
        self.person.click(BUTTONS, "^Add$", 15)
        self.person.sees("^Not Connected$", 30)
        self.shot("add-host-failed")
        # In a low window the buttons are below what is seen.
        self.desktop.key("Escape")
        self.person.does_not_see("^Not Connected$", 15)

    def show_toast(self):
        self.palette("here")
        # Its menu is another one while it is tried once more.
        self.person.sees("could not be connected", 30)
        self.settle()
        self.actions(-1)
        self.person.click(BUTTONS, "^Remove$", 15)
        self.person.sees("^Host removed$", 15)
        self.shot("toast")

    def show_edit_host(self):
        self.palette(self.host)
        # Disconnect, Edit…, Move To, Remove…
        self.actions(1)
        self.person.sees("^Edit Host$", 15)
        self.shot("edit-host")

    def show_remove_host(self):
        self.palette(self.host)
        self.actions(-1)
        self.person.sees("^Remove ", 15)
        self.shot("remove-host")

    def show_name_dialogs(self):
        self.palette("Shop")
        self.actions(1)
        self.person.sees("^Rename Cluster$", 15)
        self.shot("rename-cluster")
        self.desktop.key("Escape")
        self.palette("Empty")
        self.actions(2)
        self.person.sees("^Delete ", 15)
        self.shot("delete-cluster")
        self.desktop.key("Escape")
        self.palette("New Data Center")
        self.person.sees("^New Data Center$", 15)
        self.shot("new-data-center")

    def show_files(self):
        for action, name in (("Export View", "export"), ("Import View", "import")):
            self.palette(action)
            self.settle()
            self.shot(name)
            self.desktop.key("Escape")

    def show_failed_host(self):
        self.palette("refused")
        self.person.sees("could not be connected", 30)
        self.shot("host-failed")

    def show_twins(self):
        self.palette("twin-1")
        self.person.sees("Another Entry Is the Same Machine", 60)
        self.shot("host-twin")

    def show_lost_host(self):
        self.hosts["lost"].control("daemon-stop")
        self.palette("twin-2")
        self.person.sees("is lost", 60)
        self.shot("host-lost")
        self.palette("try-other")
        self.person.sees("Lost", 30)
        self.shot("vm-of-lost-host")
        self.page("Overview")
        self.shot("overview-attention")
        self.hosts["lost"].control("daemon-start")

    def show_login(self):
        self.palette("asks-password")
        self.person.sees("was never connected", 30)
        self.shot("host-never")
        self.person.click(BUTTONS, "^(Log In|Connect|Reconnect|Try Again).*", 15)
        self.person.sees("Trust|Log In to", 30)
        self.shot("host-key-unknown")
        if self.person.app.has(BUTTONS, "^Trust$"):
            self.person.click(BUTTONS, "^Trust$", 15)
        self.person.sees("^Log In to", 30)
        self.shot("password")
        self.desktop.type("wrong")
        self.desktop.key("Return")
        self.person.sees("^That was not right", 60)
        self.shot("password-wrong")

    def show_changed_key(self):
        self.palette("changed-key")
        self.person.sees("What to Do", 60)
        self.shot("host-key-changed")
        self.person.sees("^Details$", 15).click()
        self.shot("host-key-changed-details")

    # --- the way through -------------------------------------------------------------------------------------------

    def create(self, folder, **options):
        form = FORMS[self.form]
        return Person(folder, size=form["size"], **without_animations(folder), **form.get("env", {}), **options)

    def get_runs(self):
        runs = (self.empty, self.damaged, self.consoles, self.full)
        named = [run for run in runs if self.only == run.__name__]
        return named or ([self.full] if self.only else runs)

    def empty(self, folder, _store):
        with self.create(folder) as self.person:
            self.person.sees("^No Virtual Machines$")
            self.shot("first-window")
            self.palette("Overview")
            self.person.sees("^No Hosts Yet$")
            self.shot("first-overview")
            self.palette("Events")
            self.shot("first-events")
            self.take_bad_lines()

    def damaged(self, folder, _store):
        store = folder / "view"
        store.mkdir()
        (store / "view.db").write_bytes(b"this is no database at all\n" * 400)
        with self.create(folder) as self.person:
            self.person.sees("damaged", 30)
            self.shot("store-notice")
            self.person.click(BUTTONS, "^Details$", 15)
            self.shot("store-notice-details")
            self.desktop.key("Escape")
            self.take_bad_lines()

    def full(self, folder, store):
        person = self.create(folder, **self.hosts["env"])
        shutil.copytree(store, person.store)
        with person as self.person:
            self.desktop.shots = str(self.out)
            # Not over anything that answers to it.
            self.desktop.xdo("mousemove", self.desktop.size[0] - 2, self.desktop.size[1] - 2)
            self.person.sees("^backup-check$", 60)
            for function in self.shows():
                self.step(function)
            self.take_bad_lines()

    def consoles(self, folder, store):
        """Windows of their own, with a window manager: they have to be told their size."""
        person = self.create(folder, window_manager=True, **self.hosts["env"])
        shutil.copytree(store, person.store)
        with person as self.person:
            self.person.sees("^backup-check$", 60)
            self.open_console(self.screen)
            self.person.sees("Click or press Enter", 120)
            self.fill()
            self.shot("console-window")
            self.person.click(BUTTONS, "^Console Menu$", 15)
            self.shot("console-window-menu")
            self.desktop.key("Escape")
            self.record(folder / "film.webm")
            # The program once more, as from a menu: the one that runs shows its view.
            other = self.desktop.start([self.person.program, "--store", str(self.person.store)], log=self.person.log,
                                       **self.hosts["env"])
            wait_for(lambda: other.poll() is not None, "end of the second program", 60)
            self.open_console(self.stopped)
            self.person.find("page tab", f"^{self.screen}$", 30)
            self.shot("console-tabs")
            self.person.click("page tab", f"^{self.screen}$", 15, button=3)
            self.shot("console-tab-menu")
            self.desktop.key("Escape")
            self.person.click("page tab", f"^{self.screen}$", 15)
            self.desktop.key("F11")
            self.person.find(BUTTONS, "^Leave Full Screen$", 15)
            self.shot("console-full-screen")
            self.desktop.key("F11")
            self.take_bad_lines()

    def open_console(self, guest):
        self.wait_for_window("Innkeeper")
        self.palette(guest)
        self.person.sees("^Summary$", 30)
        self.desktop.key("ctrl+t")
        self.wait_for_window(f"{guest} on")

    def wait_for_window(self, title):
        def is_in_front():
            return self.desktop.run("xdotool", "getactivewindow", "getwindowname").startswith(title)

        wait_for(is_in_front, f"window {title!r} in front", 60)

    def record(self, film):
        self.person.click(BUTTONS, "^Console Menu$", 15)
        # Send Keys, Paste, Share Clipboard, Save Screenshot…, Copy Screenshot, Record…
        self.person.choose_in_menu(5)
        self.settle()
        self.shot("record-chooser")
        self.desktop.key("ctrl+a")
        self.desktop.type(str(film))
        self.settle()
        # What the chooser would complete, and then the file.
        self.desktop.key("Return", "Return")
        self.person.find(BUTTONS, "^Stop Recording", 30)
        self.shot("recording")
        self.person.click(BUTTONS, "^Stop Recording", 15)

    def fill(self):
        """Makes the window as large as the form says."""
        width, height = self.desktop.size
        window = self.desktop.active_window()
        self.desktop.xdo("windowmove", window, 0, 0, "windowsize", window, width, height)

    def take_bad_lines(self):
        self.missing += [f"{self.form}: {line}" for line in self.person.bad_lines()]

    def shows(self):
        return [getattr(self, name) for name in type(self).__dict__ if name.startswith("show_")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--form", default=",".join(FORMS))
    parser.add_argument("--only", help="pages whose name matches; or empty, damaged, consoles")
    parser.add_argument("--build", type=Path, default=SOURCE / "build")
    options = parser.parse_args()
    build = options.build.resolve()
    for key, place in (("INNKEEPER_PROGRAM", "src/ui/innkeeper"), ("INNKEEPER_INNCTL", "src/cli/innctl"),
                       ("INNKEEPER_ASKPASS", "src/core/ssh/innkeeper-askpass"), ("GSETTINGS_SCHEMA_DIR", "data")):
        os.environ.setdefault(key, str(build / place))
    # For the program's own icon, as ./dev run does.
    os.environ["XDG_DATA_DIRS"] = f"{SOURCE}/data:{os.environ.get('XDG_DATA_DIRS', '/usr/local/share:/usr/share')}"
    missing = []
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        forms = options.form.split(",")
        hosts = make_hosts(stack, folder, forms)
        store = make_store(folder, hosts)
        for form in forms:
            gallery = Pages(options.out.resolve(), form, hosts, options.only)
            for run in gallery.get_runs():
                place = folder / f"{form}-{run.__name__}"
                place.mkdir()
                missing += in_a_process(run, place, store)
    print("\n".join(missing) or "everything was shown")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
