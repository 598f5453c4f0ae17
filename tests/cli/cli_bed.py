# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A view of its own, made-up hosts, and innctl called on them."""

import contextlib
import json
import sys
from pathlib import Path
from xml.sax.saxutils import escape

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "common"))
import inn_lab  # pylint: disable=wrong-import-position

HOST_FIELDS = {"uuid", "name", "uri", "state", "error", "cluster", "cpus", "memory_mib", "cpu_percent",
               "memory_used_mib", "vms", "vms_running", "libvirt_version", "hypervisor_version", "last_seen"}
VM_FIELDS = {"uuid", "name", "host", "host_uuid", "cluster", "state", "vcpus", "memory_mib", "cpu_percent",
             "memory_used_mib", "addresses", "autostart", "persistent"}
ERROR_FIELDS = {"code", "message", "details"}

RUNNING, PAUSED, SHUTOFF = 1, 3, 5


def guest(name, state=RUNNING, uuid=None, devices=""):
    ident = f"<uuid>{uuid}</uuid>" if uuid else ""
    return (f"<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>{ident}"
            f"<name>{escape(name)}</name><memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os>"
            f"<devices>{devices}</devices><test:runstate>{state}</test:runstate></domain>")


def disk(path, target="vda"):
    return f"<disk type='file' device='disk'><source file='{path}'/><target dev='{target}'/></disk>"


def pool(name, *volumes):
    text = "".join(f"<volume><name>{volume}</name><capacity>1048576</capacity><target>"
                   f"<path>/{name}/{volume}</path></target></volume>" for volume in volumes)
    return f"<pool type='dir'><name>{name}</name><target><path>/{name}</path></target>{text}</pool>"


def errors_in(text):
    """The error objects among what was said; a sanitizer talks on stderr as well."""
    return [json.loads(line)["error"] for line in text.splitlines() if not line.startswith("==")]


class Bed:
    """One folder with a store, and files of made-up hosts."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.store = self.folder / "store"

    def host(self, file_name, *parts):
        path = self.folder / f"{file_name}.xml"
        path.write_text("<node>" + "".join(parts) + "</node>", encoding="utf-8")
        return f"test://{path}"

    def add(self, name, *parts):
        done = self.run("host", "add", "--name", name, self.host(f"host-{len(list(self.folder.iterdir()))}", *parts))
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def run(self, *arguments, store=None):
        return inn_lab.innctl(store or self.store, *arguments)

    def ok(self, *arguments):
        done = self.run(*arguments)
        assert done.returncode == 0, f"{arguments}: {done.returncode}: {done.stderr}"
        return done.stdout

    def fails(self, code, *arguments):
        """Returns what it said on stderr."""
        done = self.run(*arguments)
        assert done.returncode == code, f"{arguments}: {done.returncode} instead of {code}: {done.stdout}{done.stderr}"
        assert done.stderr.strip(), f"{arguments} failed without a word"
        return done.stderr

    def json(self, *arguments, code=0):
        done = self.run("--json", *arguments)
        assert done.returncode == code, f"{arguments}: {done.returncode} instead of {code}: {done.stderr}"
        return json.loads(done.stdout)

    def errors(self, code, *arguments):
        """The error objects on stderr, one a line."""
        done = self.run("--json", *arguments)
        assert done.returncode == code, f"{arguments}: {done.returncode} instead of {code}: {done.stdout}{done.stderr}"
        found = errors_in(done.stderr)
        assert found and all(set(error) == ERROR_FIELDS for error in found), done.stderr
        return found

    def vms(self, *arguments, code=0):
        return {vm["name"]: vm for vm in self.json("vm", "list", *arguments, code=code)}

    def hosts(self, *arguments, code=0):
        return {host["name"]: host for host in self.json("host", "list", *arguments, code=code)}


@contextlib.contextmanager
def bed():
    with inn_lab.temporary_folder() as folder:
        yield Bed(folder)
