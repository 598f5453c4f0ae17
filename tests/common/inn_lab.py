# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private hosts, guests and sshd for the Python tests of the suites virt and ui. README.md tells how to use it."""

import base64
import contextlib
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import libvirt
import libvirt_qemu

sys.path.insert(0, str(Path(__file__).resolve().parent))
from inn_guest import SKIP, Skip, guest_xml, small_guest  # pylint: disable=wrong-import-position

HERE = Path(__file__).resolve().parent

# A test that takes too long is asked to end: then it tidies up as well.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
# libvirt prints every error to stderr unless told otherwise; tests look at the exceptions.
libvirt.registerErrorHandler(lambda *_: None, None)


def run(argv, timeout=120, **kwargs):
    """Run to the end and return the result; output is text."""
    return subprocess.run([str(part) for part in argv], stdin=kwargs.pop("stdin", subprocess.DEVNULL),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=timeout, check=False,
                          **kwargs)


def wait_for(condition, timeout=60.0, what=None, every=0.1):
    """Call CONDITION until it gives something true, and return that. libvirt errors count as "not yet"."""
    end = time.monotonic() + timeout
    while True:
        error = None
        try:
            value = condition()
            if value:
                return value
        except libvirt.libvirtError as caught:
            error = caught
        if time.monotonic() > end:
            raise AssertionError(f"not within {timeout:.0f} s: {what or condition}" + (f" ({error})" if error else ""))
        time.sleep(every)


@contextlib.contextmanager
def temporary_folder():
    """A short folder that other users may enter (session mode runs as one of them)."""
    path = Path(tempfile.mkdtemp(prefix="inn-", dir=os.environ.get("INNKEEPER_LAB_DIR", "/tmp")))
    path.chmod(0o755)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


class _Program:
    """A helper that prints one line of JSON when it is ready, and ends on SIGTERM."""

    def __init__(self, *command):
        self.command = [str(part) for part in command]
        self.process = None
        self.facts = None

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line:
            text = self.process.communicate(timeout=60)[1]
            if self.process.returncode == SKIP:
                raise Skip(text.strip())
            raise AssertionError(text)
        self.facts = json.loads(line)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class PrivateHost(_Program):
    """`with PrivateHost(folder, "h1", "--listen-tcp", "0") as host:` - a libvirtd of its own.

    host.facts is what private-libvirtd printed; host.uri its socket URI; host.connection an open virConnect."""

    def __init__(self, folder, name, *arguments):
        super().__init__(HERE / "private-libvirtd", "run", "--dir", folder, "--name", name, *arguments)
        self.name = name
        self._connection = None

    def __exit__(self, *_):
        if self._connection:
            with contextlib.suppress(libvirt.libvirtError):
                self._connection.close()
        super().__exit__()

    @property
    def uri(self):
        return self.facts["uri"]

    @property
    def connection(self):
        if not self._connection:
            self._connection = libvirt.open(self.uri)
        return self._connection

    def control(self, verb):
        """daemon-stop (its guests go on), daemon-start."""
        if verb == "daemon-stop":
            self._connection = None
        base = Path(self.facts["dir"])
        return run([HERE / "private-libvirtd", verb, "--dir", base.parent, "--name", base.name])


class PrivateSshd(_Program):
    """`with PrivateSshd(folder / "sshd", host=host) as sshd:` - see private-sshd for the arguments and the facts."""

    def __init__(self, folder, *arguments, host=None):
        inside = ["--host", host.facts["dir"]] if host else []
        super().__init__(HERE / "private-sshd", "run", "--dir", folder, *inside, *arguments)
        self.folder = folder

    def ssh(self, *command, **kwargs):
        """Run a command over it, as `ssh` does."""
        argv = ["ssh", "-F", self.facts["ssh_config"], self.facts["name"], *command]
        return run(argv, **kwargs)

    def rekey(self):
        return run([HERE / "private-sshd", "rekey", "--dir", self.folder])


def make_pki(folder, *names):
    """Certificates for private-libvirtd's --pki and for pkipath= of a URI."""
    result = run([HERE / "make-pki", folder, *names])
    if result.returncode == SKIP:
        raise Skip(result.stderr.strip())
    assert result.returncode == 0, result.stderr
    return folder


def answer_script(folder, text):
    """The environment in which ssh gets TEXT for whatever it asks."""
    script = folder / "askpass"
    script.write_text(f"#!/bin/sh\nprintf '%s\\n' '{text}'\n", encoding="utf-8")
    script.chmod(0o700)
    return dict(os.environ, SSH_ASKPASS=str(script), SSH_ASKPASS_REQUIRE="force")


def innctl(store, *arguments, timeout=120):
    """Run innctl on a view of its own and return the finished process. INNKEEPER_INNCTL names the program."""
    program = os.environ.get("INNKEEPER_INNCTL") or shutil.which("innctl")
    if not program:
        raise Skip("innctl is not built (INNKEEPER_INNCTL is not set)")
    return run([program, "--store", store, *arguments], timeout=timeout)


class Follower:
    """`with Follower(store) as events:` - innctl that follows the events of a view, connected to its hosts."""

    def __init__(self, store):
        self._store = store
        self._process = None
        self._text = b""

    def __enter__(self):
        argv = [os.environ["INNKEEPER_INNCTL"], "--store", str(self._store), "--json", "event", "follow"]
        self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        os.set_blocking(self._process.stdout.fileno(), False)
        self.wait("host.connected")
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._process.stdout.close()

    def events(self):
        """All that came so far."""
        self._text += self._process.stdout.read() or b""
        # The last one may not be all there yet.
        return [json.loads(line) for line in self._text[:self._text.rfind(b"\n") + 1].splitlines()]

    def wait(self, kind, number=1):
        """The event of that KIND that is the first, or the one with that NUMBER."""
        return wait_for(lambda: [one for one in self.events() if one["kind"] == kind][number - 1:number], 60,
                        f"event {number} of the kind {kind}")[0]


def readable_guest(host):
    """A session host that root started for another user cannot read root's cache."""
    guest = small_guest()
    if host.facts["mode"] != "session" or os.geteuid() != 0:
        return guest
    copy = Path(host.facts["dir"]) / "guest"
    if not copy.exists():
        shutil.copytree(guest, copy)
    return copy


def define_guest(host, name, **options):
    """Define the small guest on HOST (see inn_guest.guest_xml for the options) and return its virDomain."""
    options.setdefault("kvm", host.facts["kvm"])
    return host.connection.defineXML(guest_xml(readable_guest(host), name, **options))


def screenshot(domain):
    """The guest's screen as the bytes of an image file."""
    connection = domain.connect()
    stream = connection.newStream()
    domain.screenshot(stream, 0)
    parts = []
    stream.recvAll(lambda _stream, data, _opaque: parts.append(bytes(data)), None)
    stream.finish()
    return b"".join(parts)


_KEYS = {" ": 57, "\n": 28, "-": 12, ".": 52}
_KEYS |= dict(zip("1234567890", range(2, 12)))
_KEYS |= dict(zip("qwertyuiop", range(16, 26))) | dict(zip("asdfghjkl", range(30, 39)))
_KEYS |= dict(zip("zxcvbnm", range(44, 51)))


def type_text(domain, text):
    """Press and release the keys of TEXT (small letters, digits, space, dot, hyphen, newline)."""
    for letter in text:
        domain.sendKey(libvirt.VIR_KEYCODE_SET_LINUX, 40, [_KEYS[letter]], 1, 0)
        time.sleep(0.08)  # the guest must see the release before the next press


def agent(domain, command, **arguments):
    """One command to the guest agent; its answer."""
    request = json.dumps({"execute": command, "arguments": arguments})
    return json.loads(libvirt_qemu.qemuAgentCommand(domain, request, 10, 0))["return"]


def wait_for_agent(domain, timeout=120):
    wait_for(lambda: agent(domain, "guest-ping") is not None, timeout, "the guest agent")


def guest_start(domain, script):
    """Start a shell script in the guest through the agent; guest_output() takes what this returns."""
    return agent(domain, "guest-exec", path="/bin/sh", arg=["-c", script], **{"capture-output": True})["pid"]


def guest_run(domain, script, timeout=60):
    """Run a shell script in the guest through the agent; what it printed, as bytes."""
    return guest_output(domain, guest_start(domain, script), timeout)


def guest_output(domain, pid, timeout=60):
    """What a script that guest_start() started printed, when it has ended, as bytes."""
    def ended():
        status = agent(domain, "guest-exec-status", pid=pid)
        return status if status["exited"] else None
    return base64.b64decode(wait_for(ended, timeout, "the guest's program").get("out-data", ""))


class PointerWatch:
    """What the guest's tablet sees for SECONDS from now: `watch = PointerWatch(domain); move(); watch.events()`."""

    _SCRIPT = ('for path in /sys/class/input/event*; do case $(cat $path/device/name) in *Tablet*) '
               'exec timeout {} cat /dev/input/${{path##*/}};; esac; done')

    def __init__(self, domain, seconds=4):
        self.domain = domain
        self.seconds = seconds
        self.pid = guest_start(domain, self._SCRIPT.format(seconds))
        time.sleep(0.5)  # until the device is open

    def events(self):
        """[("x", 0.0 to 1.0), ("y", ...), (button number, True or False)] in the order in which they came."""
        data = guest_output(self.domain, self.pid, self.seconds + 30)
        found = []
        for _sec, _usec, kind, code, value in struct.iter_unpack("<qqHHi", data[:len(data) // 24 * 24]):
            if kind == 3 and code in (0, 1):
                found.append(("xy"[code], value / 0x7fff))
            elif kind == 1:
                found.append((code - 0x10f, bool(value)))
        return found


def main(*tests):
    """Run TESTS (functions) in order as one TAP program; a Skip in one skips just that one."""
    print(f"1..{len(tests)}", flush=True)
    failed = 0
    for number, test in enumerate(tests, 1):
        name = test.__name__.removeprefix("test_").replace("_", "-")
        began = time.monotonic()
        try:
            test()
            print(f"ok {number} - {name} # {time.monotonic() - began:.1f} s", flush=True)
        except Skip as reason:
            print(f"ok {number} - {name} # SKIP {' '.join(str(reason).split())}", flush=True)
        except Exception as error:  # pylint: disable=broad-exception-caught
            failed += 1
            print(f"not ok {number} - {name}", flush=True)
            print("# " + f"{type(error).__name__}: {error}".replace("\n", "\n# "), flush=True)
            import traceback  # pylint: disable=import-outside-toplevel
            print("# " + traceback.format_exc().replace("\n", "\n# "), file=sys.stderr, flush=True)
    return 1 if failed else 0
