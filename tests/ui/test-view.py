#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person does with the hosts of the view: log in with the wrong password first, tell two machines with one UUID
apart, move a host with the mouse, take the view elsewhere. And whether everything that takes the keyboard has a name."""

import contextlib
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_person import MENU_ITEMS, Person, inn_lab, wait_for  # noqa: E402  pylint: disable=wrong-import-position

UUID = "5d2ab4f0-1111-4222-8333-abcdefabcdef"
BUTTONS = ("button", "push button", "toggle button")


class View:
    """Two private hosts with one UUID, an sshd in one of them that asks for a password, and two made-up hosts."""

    def __init__(self, stack, folder):
        self.folder = folder
        self.store = folder / "view"
        twins = [stack.enter_context(inn_lab.PrivateHost(folder, name, "--uuid", UUID)) for name in ("h1", "h2")]
        sshd = stack.enter_context(inn_lab.PrivateSshd(folder / "sshd", "--name", "asks", "--password",
                                                       "--strict", "ask", host=twins[0]))
        inn_lab.define_guest(twins[0], "try-me")
        self.second = twins[1]
        self.password = sshd.facts["password"]
        self.fingerprint = sshd.facts["fingerprint"]
        Path(sshd.facts["known_hosts"]).unlink()
        self.innctl("datacenter", "create", "Lab")
        for cluster in ("Bench", "Shelf"):
            self.innctl("cluster", "create", "Lab", cluster)
        for name, uri in (("birch", "test:///default"), ("maple", "test:///default"),
                          ("twin-1", twins[0].uri), ("twin-2", twins[1].uri)):
            self.innctl("host", "add", "--cluster", "Lab/Bench", "--name", name, uri)
        self.innctl("host", "add", "--cluster", "Lab/Shelf", "--name", "asks", "--no-autoconnect",
                    "qemu+ssh://asks/system")
        self.person = stack.enter_context(Person(folder, INNKEEPER_SSH_CONFIG=sshd.facts["ssh_config"]))

    def innctl(self, *arguments):
        done = inn_lab.innctl(self.store, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def hosts(self):
        return {host["name"]: host for host in json.loads(self.innctl("--json", "host", "list", "--cached"))}

    def go_to(self, what):
        self.person.desktop.key("ctrl+k")
        self.person.sees("^Go to an object")
        self.person.desktop.type(what)
        self.person.desktop.key("Return")
        self.person.does_not_see("^Go to an object")


VIEW = None


def has_no_name(node):
    """GTK 4.18 hides what menu items are called; rows of a list are read by what is in them."""
    states = VIEW.person.desktop.atspi.StateType
    return (node.has_state(states.FOCUSABLE) and node.showing and min(node.extents[2:]) > 0 and node.role not in MENU_ITEMS and
            not (node.name or node.text or node.description) and
            not any(child.name or child.text for child in node.walk()))


def check_names(where):
    nameless = [f"{node.role} at {node.extents}" for node in VIEW.person.app.walk() if has_no_name(node)]
    assert not nameless, f"{where}: without a name are {', '.join(nameless)}"


def test_everything_has_a_name():
    person = VIEW.person
    person.sees("^birch$")
    for page, shows in (("Virtual Machines", "^birch$"), ("Overview", "^Busiest Hosts$"), ("Events", "Connected to"),
                        ("birch", "^Summary$"), ("try-me", "^Definition$")):
        VIEW.go_to(page)
        person.sees(shows)
        check_names(page)
    for keys, shows in (("ctrl+k", "^Go to an object"), ("ctrl+shift+n", "^Connection$"), ("ctrl+comma", "^Live View$"),
                        ("ctrl+question", "^Next pane$")):
        person.desktop.key(keys)
        person.sees(shows)
        check_names(keys)
        person.desktop.key("Escape")
        person.does_not_see(shows)


def test_two_hosts_with_one_uuid_are_told():
    person = VIEW.person
    wait_for(lambda: person.app.has("list item", "^Host twin-1, Connected$") and
             person.app.has("list item", "^Host twin-2, Connected$"), "both twins", 60)
    person.sees("^Same UUID$")
    VIEW.go_to("Overview")
    person.sees("Another host reports the same UUID")
    VIEW.go_to("twin-2")
    person.sees("^Another Entry Is the Same Machine$")
    person.desktop.shot("view-twin")


def test_menu_stays_while_its_host_comes_and_goes():
    person = VIEW.person
    person.click("list item", "^Host twin-2, Connected$", button=3)

    def items():
        return [node for node in person.app.walk() if node.role in MENU_ITEMS and node.showing]

    wait_for(items, "menu of the host", 20)
    VIEW.second.control("daemon-stop")
    person.find("list item", "^Host twin-2, Lost")
    assert items(), "the menu closed when the host was lost"
    VIEW.second.control("daemon-start")
    person.find("list item", "^Host twin-2, Connected$")
    assert items(), "the menu closed when the host was back"
    person.desktop.key("Escape")
    wait_for(lambda: not items(), "end of the menu", 20)


def names_in_sidebar():
    return [node.name.split(",")[0].removeprefix("Host ")
            for node in VIEW.person.app.find_all("list item", "^Host .*, ")]


def test_renamed_host_is_sorted_anew():
    assert names_in_sidebar()[:2] == ["birch", "maple"], names_in_sidebar()
    VIEW.innctl("host", "edit", "birch", "--name", "poplar")
    wait_for(lambda: names_in_sidebar()[:2] == ["maple", "poplar"], "hosts in their new order", 30)


def test_host_is_dragged_to_another_cluster():
    person = VIEW.person
    person.desktop.drag(person.find("list item", "^Host poplar"), person.find("list item", "^Cluster Shelf"))
    wait_for(lambda: VIEW.hosts()["poplar"]["cluster"] == "Shelf", "host in its new cluster", 30)
    wait_for(lambda: names_in_sidebar()[-1] == "poplar", "host below its new cluster", 30)


def test_dialog_of_a_menu_has_the_keyboard():
    person = VIEW.person
    person.click("list item", "^Cluster Shelf", button=3)
    # Add Host…, Rename…
    person.choose_in_menu(1, 2)
    person.sees("^Rename Cluster$")
    wait_for(lambda: (person.focused() or person.app).role == "text", "keyboard in the name", 10)
    person.replace_text("Rack")
    person.desktop.key("Return")
    person.find("list item", "^Cluster Rack")


def test_wrong_password_and_then_the_right_one():
    person = VIEW.person
    VIEW.go_to("asks")
    person.sees("^asks was never connected$")
    person.click(BUTTONS, "^Connect$")
    person.sees("^Trust asks")
    person.sees(VIEW.fingerprint.removeprefix("SHA256:")[:20].replace("+", "."))
    person.click(BUTTONS, "^Trust$")
    person.sees("^Log In to asks$")
    person.desktop.type("wrong")
    person.desktop.key("Return")
    person.sees("^That was not right for asks$")
    person.desktop.shot("view-password")
    person.desktop.type(VIEW.password)
    person.desktop.key("Return")
    person.find("list item", "^Host asks, Connected$", 60)


def choose_file(action, path):
    """In the file chooser, with the keyboard alone."""
    person = VIEW.person
    VIEW.go_to(action)
    person.find(("dialog", "frame", "file chooser", "window"), f"^{action}$")
    if action.startswith("Import"):
        person.desktop.key("ctrl+l")
    wait_for(lambda: (person.focused() or person.app).role == "text", "keyboard in the file's name", 30)

    def typed():
        person.replace_text(str(path))
        # What the chooser thinks that it will be.
        person.desktop.key("shift+End", "Delete")
        return (person.focused() or person.app).text == str(path)

    wait_for(typed, "name in the chooser", 60)
    person.desktop.key("Return")


def test_view_is_exported():
    path = VIEW.folder / "taken.json"
    choose_file("Export View", path)
    VIEW.person.sees("^View exported, without passwords$")
    text = path.read_text(encoding="utf-8")
    assert "poplar" in text and "qemu+ssh://asks/system" in text, text
    # The format is called by the word that is the password as well.
    assert VIEW.password not in text.replace("innkeeper-view", "") and path.stat().st_mode & 0o077 == 0, oct(path.stat().st_mode)


def test_view_is_imported():
    """What is missing comes from the file; what is there stays as it is."""
    VIEW.innctl("-y", "host", "remove", "poplar")
    VIEW.innctl("host", "edit", "maple", "--uri", "test:///no/such/file")
    VIEW.innctl("host", "edit", "twin-1", "--name", "elder")
    VIEW.person.find("list item", "^Host elder")
    choose_file("Import View", VIEW.folder / "taken.json")
    VIEW.person.sees("^1 host added, 4 known already$")
    VIEW.person.find("list item", "^Host poplar", 60)
    hosts = VIEW.hosts()
    assert set(hosts) == {"asks", "elder", "maple", "poplar", "twin-2"}, hosts
    assert hosts["poplar"]["cluster"] == "Rack" and hosts["maple"]["uri"] == "test:///no/such/file", hosts


def test_what_is_no_view_changes_nothing():
    person = VIEW.person
    before = VIEW.hosts()
    other = VIEW.folder / "other.json"
    newer = (VIEW.folder / "taken.json").read_text(encoding="utf-8").replace('"version" : 1', '"version" : 99')
    for content, words in (("no view at all", "is no view exported by Innkeeper"), (newer, "exported by a newer Innkeeper")):
        other.write_text(content, encoding="utf-8")
        choose_file("Import View", other)
        person.sees(words)
        person.find(BUTTONS, "^Details$")
    assert VIEW.hosts().keys() == before.keys(), VIEW.hosts()


def test_connections_of_virt_manager_are_imported():
    person = VIEW.person
    settings = Path(person.desktop.env["XDG_CONFIG_HOME"]) / "glib-2.0" / "settings"
    settings.mkdir(parents=True)
    (settings / "keyfile").write_text(
        "[org/virt-manager/virt-manager/connections]\n"
        "uris=['qemu+ssh://root@alpha.example.org/system', 'qemu+ssh://asks/system', 'nonsense']\n", encoding="utf-8")
    VIEW.go_to("Import Connections of virt-manager")
    person.find("list item", "^Host alpha.example.org")
    person.sees("1 left out")
    assert set(VIEW.hosts()) == {"alpha.example.org", "asks", "elder", "maple", "poplar", "twin-2"}, VIEW.hosts()


def test_keyboard_outlives_the_row_that_had_it():
    """The event that had the keyboard goes out of sight while newer ones come: keys are heard all the same."""
    person = VIEW.person
    guests = "".join(f"<domain type='test'><name>g{i}</name><memory>1024</memory><os><type>hvm</type></os></domain>"
                     for i in range(40))
    file = Path(VIEW.store).parent / "many.xml"
    file.write_text(f"<node>{guests}</node>", encoding="utf-8")
    VIEW.innctl("host", "add", "--no-autoconnect", "--name", "many", f"test://{file}")
    for first in range(0, 40, 5):
        VIEW.innctl("-y", "vm", "poweroff", *[f"many/g{i}" for i in range(first, first + 5)])
        VIEW.go_to("Events")
        person.sees(f"^“g{first + 4}” was powered off$")
        VIEW.go_to("Overview")
        person.sees("^Busiest Hosts$")


def test_palette_outlives_the_page_below_it():
    person = VIEW.person
    VIEW.go_to("many")
    person.does_not_see("^Busiest Hosts$")
    person.desktop.key("ctrl+k")
    person.sees("^Go to an object")
    VIEW.innctl("-y", "host", "remove", "many")
    person.does_not_see("^Host many")
    person.desktop.type("Overview")
    person.desktop.key("Return")
    person.sees("^Busiest Hosts$")


def test_quits_cleanly():
    person = VIEW.person
    assert person.quit() == 0, f"exit code {person.process.returncode}\n{person.log_text()[-8000:]}"
    assert person.bad_lines() == [], "\n".join(person.bad_lines())


def main():
    global VIEW  # pylint: disable=global-statement
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(inn_lab.temporary_folder())
        try:
            VIEW = View(stack, folder)
        except inn_lab.Skip as reason:
            print(f"1..0 # SKIP {' '.join(str(reason).split())}")
            return 0
        tests = [VIEW.person.with_picture(value) for name, value in globals().items() if name.startswith("test_")]
        return inn_lab.main(*tests)


if __name__ == "__main__":
    sys.exit(main())
