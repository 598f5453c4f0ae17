# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A view with a demo, and a host of each kind of trouble, to take pictures of."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_gallery import HOST_NAME, LONG_NAME, RTL_NAME, SCREEN_NAME, SOURCE, STOPPED_NAME  # noqa: E402  pylint: disable=wrong-import-position
from inn_person import inn_lab  # noqa: E402  pylint: disable=wrong-import-position


def odd_host(folder):
    """A demo host whose guests have long names, and names of the other direction."""
    text = (SOURCE / "data/demo/alder.xml").read_text(encoding="utf-8")
    names = re.findall(r"<domain.*?<name>(.*?)</name>", text, re.S)
    text = text.replace(f"<name>{names[0]}</name>", f"<name>{LONG_NAME}</name>")
    text = text.replace(f"<name>{names[1]}</name>", f"<name>{RTL_NAME}</name>")
    path = folder / "odd.xml"
    path.write_text(text, encoding="utf-8")
    return path


def make_hosts(stack, folder, forms):
    """Hosts of all states, made once for all forms."""
    hosts = {}
    twin = "5d2ab4f0-1111-4222-8333-abcdefabcdef"
    first = hosts["twin-1"] = stack.enter_context(inn_lab.PrivateHost(folder, "h1", "--uuid", twin))
    second = hosts["lost"] = stack.enter_context(inn_lab.PrivateHost(folder, "h2", "--uuid", twin))
    for name in ("try-me", STOPPED_NAME):
        disk = folder / f"{name}.qcow2"
        inn_lab.run(["qemu-img", "create", "-q", "-f", "qcow2", disk, "64M"])
        inn_lab.define_guest(first, name, disk=disk)
    for name in {SCREEN_NAME if form == "japanese" else "screen" for form in forms}:
        inn_lab.define_guest(first, name, vnc="socket", more_serial=1).create()
    inn_lab.define_guest(second, "try-other")
    hosts["sshd"] = stack.enter_context(inn_lab.PrivateSshd(folder / "sshd", "--name", "asks-password", "--password",
                                                            "--strict", "ask", host=first))
    hosts["rekeyed"] = stack.enter_context(inn_lab.PrivateSshd(folder / "rekeyed", "--name", "changed-key",
                                                               host=first))
    hosts["rekeyed"].rekey()
    third = hosts["third"] = stack.enter_context(inn_lab.PrivateHost(folder, "h3"))
    hosts["shell"] = stack.enter_context(inn_lab.PrivateSshd(folder / "shell", "--name", "shell", host=third))
    Path(hosts["sshd"].facts["known_hosts"]).unlink()
    config = folder / "ssh_config"
    config.write_text("".join(Path(hosts[name].facts["ssh_config"]).read_text(encoding="utf-8")
                              for name in ("sshd", "rekeyed", "shell")), encoding="utf-8")
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
                      ("refused", "qemu+tcp://127.0.0.1:9/system"), ("changed-key", "qemu+ssh://changed-key/system"),
                      ("shell", "qemu+ssh://shell/system")):
        innctl("host", "add", "--cluster", "Lab/Bench", "--name", name, uri)
    innctl("host", "add", "--cluster", "Lab/Bench", "--no-autoconnect", "--name", "asks-password",
           "qemu+ssh://asks-password/system")
    return store
