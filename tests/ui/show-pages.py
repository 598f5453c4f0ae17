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
import multiprocessing
import os
import re
import shutil
import sys
import traceback
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/ui"))
from inn_person import Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

FORMS = {
    "light": {"size": (1280, 800)}, "japanese": {"size": (1280, 800)},
    "dark": {"size": (1280, 800), "env": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}},
    # A window without a compositor has a border of 5 pixels.
    "narrow": {"size": (370, 650)}, "tiny": {"size": (370, 304)},
}
LONG_NAME = "東京データセンター検証用仮想マシン第一号機（長い名前の確認のため）"
RTL_NAME = "שרת הדואר 12"
HOST_NAME = "大阪第二データセンター本番系仮想化基盤ホスト零零一号機"
BUTTONS = ("button", "push button", "toggle button")
TABS = ("page tab", "radio button", "toggle button", "tab")


def odd_host(folder):
    """A demo host whose guests have long names, and names of the other direction."""
    text = (SOURCE / "data/demo/alder.xml").read_text(encoding="utf-8")
    names = re.findall(r"<domain.*?<name>(.*?)</name>", text, re.S)
    text = text.replace(f"<name>{names[0]}</name>", f"<name>{LONG_NAME}</name>")
    text = text.replace(f"<name>{names[1]}</name>", f"<name>{RTL_NAME}</name>")
    path = folder / "odd.xml"
    path.write_text(text, encoding="utf-8")
    return path


class Gallery:
    """One program in one form, and the way to each of its pages."""

    def __init__(self, out, form, hosts, only):
        self.out = out / form
        self.form = form
        self.hosts = hosts
        self.only = only
        self.missing = []
        self.person = None

    @property
    def desktop(self):
        return self.person.desktop

    @property
    def guest(self):
        return LONG_NAME if self.form == "japanese" else "web-01"

    @property
    def host(self):
        return HOST_NAME if self.form == "japanese" else "alder"

    # --- ways ------------------------------------------------------------------------------------------------------

    def settle(self):
        """Until two looks at the screen are the same, for the half second of an animation; a live page never is."""
        last = None
        for _ in range(6):
            now = self.desktop.pixels()
            if now == last:
                return
            last = now

    def shot(self, name):
        self.settle()
        self.desktop.shots = str(self.out)
        self.desktop.shot(name)

    def palette(self, text):
        """Goes to what the palette finds first."""
        self.desktop.key("ctrl+k")
        entry = self.person.sees("^Go to an object", 15)
        self.paste(entry, text)
        self.desktop.key("Return")
        self.person.does_not_see("^Go to an object", 15)
        self.desktop.xdo("mousemove", self.desktop.size[0] - 2, self.desktop.size[1] - 2)

    def paste(self, entry, text):
        """Names that no keyboard here can type."""
        entry.accessible.get_editable_text_iface().set_text_contents(text)

    def tab(self, name):
        self.person.click(TABS, f"^{name}$", 15)

    def sidebar(self):
        """Shows the sidebar where it is not beside the page."""
        if not self.person.app.has("list item", "^Overview"):
            self.desktop.key("F9")
            self.person.find("list item", "^Overview", 15)

    def page(self, kind):
        self.palette(kind)

    def context_menu(self, item):
        self.sidebar()
        self.person.click("list item", item, 15, button=3)
        wait_for(lambda: [node for node in self.person.app.walk() if node.role == "menu item" and node.showing],
                 "context menu", 15)

    def from_context_menu(self, item, position):
        self.context_menu(item)
        self.person.choose_in_menu(position)

    def leave(self):
        """Closes whatever is open on top of the page."""
        for _ in range(5):
            if not self.overlaid():
                return
            self.desktop.key("Escape")
            with contextlib.suppress(AssertionError):
                wait_for(lambda: not self.overlaid(), "page without a dialog", 2)

    def overlaid(self):
        return any(node.role in ("dialog", "alert", "menu", "popover", "notification") and node.showing
                   for node in self.person.app.walk())

    def step(self, function):
        name = function.__name__.removeprefix("show_")
        if self.only and not re.search(self.only, name):
            return
        try:
            function()
        except Exception as error:  # pylint: disable=broad-exception-caught
            self.missing.append(f"{self.form}: {name}: {type(error).__name__}: {error}")
            traceback.print_exc(limit=-3)
            self.shot("FAILED-" + name)
        with contextlib.suppress(Exception):
            self.leave()

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
        self.desktop.key("Menu")
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
        self.context_menu("^Cluster Shop")
        self.shot("cluster-menu")
        self.desktop.key("Escape")
        self.person.click("list item", "^Cluster Shop", 15)
        self.person.sees("^Hosts$", 15)
        self.shot("cluster")
        self.tab("Virtual Machines")
        self.shot("cluster-vms")
        self.sidebar()
        self.person.click("list item", "^Data center Demo", 15)
        self.shot("data-center")
        self.context_menu("^Data center Demo")
        self.shot("data-center-menu")

    def show_empty_group(self):
        self.sidebar()
        self.person.click("list item", "^Cluster Empty", 15)
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
        self.palette("try-me")
        self.person.find(BUTTONS, "^Start$", 15)
        self.person.click(BUTTONS, "^More Actions$", 15)
        # Open Console, Start, Start with Host, Rename…, Delete…
        self.person.choose_in_menu(-1)
        self.person.sees("^Delete “", 15)
        self.shot("vm-delete")
        self.desktop.key("Escape")
        self.person.click(BUTTONS, "^More Actions$", 15)
        self.person.choose_in_menu(-2)
        self.shot("vm-rename")

    def show_vm_off(self):
        self.palette("try-me")
        self.person.find(BUTTONS, "^Start$", 15)
        self.tab("Console")
        self.person.sees("^Not Running$", 15)
        self.shot("vm-console-off")

    def show_console(self):
        """A guest that really runs, in the firmware's screen: that comes at once."""
        self.palette("screen")
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
        self.desktop.xdo("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Alt_L", "keyup", "Control_L")
        self.tab("Summary")
        self.shot("vm-summary-live")

    def show_power_off(self):
        self.palette("screen")
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
        self.shot("toast")
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
        kinds = ("ssh", "system", "session", "tls", "tcp", "socket", "test", "uri")
        self.desktop.key("ctrl+shift+n")
        self.person.sees("^Connection$", 15)
        for number, kind in enumerate(kinds):
            if number:
                self.desktop.key("space", "Down", "Return")
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
        self.person.click(BUTTONS, "Keep It As It Is", 15)

    def show_edit_host(self):
        self.palette(self.host)
        self.person.click(BUTTONS, "^Actions$", 15)
        # Disconnect, Edit…, Move To, Remove…
        self.person.choose_in_menu(1)
        self.person.sees("^Edit Host$", 15)
        self.shot("edit-host")

    def show_remove_host(self):
        self.from_context_menu(f"^Host {self.host}", -1)
        self.person.sees("^Remove ", 15)
        self.shot("remove-host")

    def show_name_dialogs(self):
        self.from_context_menu("^Cluster Shop", 1)
        self.person.sees("^Rename Cluster$", 15)
        self.shot("rename-cluster")
        self.desktop.key("Escape")
        self.from_context_menu("^Cluster Empty", 2)
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

    # --- the way through -------------------------------------------------------------------------------------------

    def create(self, folder, **env):
        form = FORMS[self.form]
        return Person(folder, size=form["size"], **without_animations(folder), **form.get("env", {}), **env)

    def empty(self, folder, _store):
        with self.create(folder) as self.person:
            self.person.sees("^No Virtual Machines$")
            self.shot("first-window")
            self.palette("Overview")
            self.person.sees("^No Hosts Yet$")
            self.shot("first-overview")
            self.palette("Events")
            self.shot("first-events")

    def damaged(self, folder, _store):
        store = folder / "view"
        store.mkdir()
        (store / "view.db").write_bytes(b"this is no database at all\n" * 400)
        with self.create(folder) as self.person:
            self.person.find("frame")
            self.shot("store-notice")

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
            bad = self.person.bad_lines()
            self.missing += [f"{self.form}: {line}" for line in bad]

    def shows(self):
        return [getattr(self, name) for name in type(self).__dict__ if name.startswith("show_")]


def without_animations(folder):
    """The environment in which nothing moves on its way to where it will be."""
    settings = folder / "etc/gtk-4.0/settings.ini"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text("[Settings]\ngtk-enable-animations=0\n", encoding="ascii")
    return {"XDG_CONFIG_DIRS": str(folder / "etc")}


def in_a_process(function, *arguments):
    """The accessibility library knows one desktop for its life."""
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    def work():
        try:
            function(*arguments)
            queue.put(function.__self__.missing)
        except Exception as error:  # pylint: disable=broad-exception-caught
            traceback.print_exc()
            queue.put([*function.__self__.missing, f"{function.__name__}: {error}"])

    process = context.Process(target=work)
    process.start()
    missing = queue.get()
    process.join()
    return missing


def make_hosts(stack, folder):
    """Hosts of all states, made once for all forms."""
    hosts = {}
    twin = "5d2ab4f0-1111-4222-8333-abcdefabcdef"
    first = hosts["twin-1"] = stack.enter_context(inn_lab.PrivateHost(folder, "h1", "--uuid", twin))
    second = hosts["lost"] = stack.enter_context(inn_lab.PrivateHost(folder, "h2", "--uuid", twin))
    inn_lab.define_guest(first, "try-me")
    inn_lab.define_guest(first, "screen").create()
    inn_lab.define_guest(second, "try-other")
    hosts["sshd"] = stack.enter_context(inn_lab.PrivateSshd(folder / "sshd", "--name", "asks-password", "--password",
                                                            "--strict", "ask", host=first))
    hosts["rekeyed"] = stack.enter_context(inn_lab.PrivateSshd(folder / "rekeyed", "--name", "changed-key",
                                                               host=first))
    hosts["rekeyed"].rekey()
    Path(hosts["sshd"].facts["known_hosts"]).unlink()
    config = folder / "ssh_config"
    config.write_text("".join(Path(hosts[name].facts["ssh_config"]).read_text(encoding="utf-8")
                              for name in ("sshd", "rekeyed")), encoding="utf-8")
    hosts["env"] = {"INNKEEPER_SSH_CONFIG": str(config)}
    return hosts


def make_store(folder, hosts):
    """The view, with the demo and a host of each kind of trouble."""
    store = folder / "view"
    demo = SOURCE / "data/demo"

    def innctl(*arguments):
        done = inn_lab.innctl(store, *arguments)
        assert done.returncode == 0, done.stderr

    innctl("datacenter", "create", "--demo", "Demo")
    for cluster, names in (("Shop", ("alder", "birch")), ("Office", ("cedar", "maple")), ("Empty", ())):
        innctl("cluster", "create", "Demo", cluster)
        for name in names:
            innctl("host", "add", "--cluster", f"Demo/{cluster}", "--name", name, f"test://{demo}/{name}.xml")
    innctl("host", "add", "--cluster", "Demo/Shop", "--name", HOST_NAME, f"test://{odd_host(folder)}")
    innctl("datacenter", "create", "Lab")
    innctl("cluster", "create", "Lab", "Bench")
    for name, uri in (("twin-1", hosts["twin-1"].uri), ("twin-2", hosts["lost"].uri),
                      ("refused", "qemu+tcp://127.0.0.1:9/system"), ("changed-key", "qemu+ssh://changed-key/system")):
        innctl("host", "add", "--cluster", "Lab/Bench", "--name", name, uri)
    innctl("host", "add", "--cluster", "Lab/Bench", "--no-autoconnect", "--name", "asks-password",
           "qemu+ssh://asks-password/system")
    return store


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--form", default=",".join(FORMS))
    parser.add_argument("--only", help="pages whose name matches")
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
        hosts = make_hosts(stack, folder)
        store = make_store(folder, hosts)
        for form in options.form.split(","):
            gallery = Gallery(options.out.resolve(), form, hosts, options.only)
            for run in (gallery.full,) if options.only else (gallery.empty, gallery.damaged, gallery.full):
                place = folder / f"{form}-{run.__name__}"
                place.mkdir()
                missing += in_a_process(run, place, store)
    print("\n".join(missing) or "everything was shown")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
