# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few Linux calls that the private hosts need and that Python does not offer (or only in newer versions)."""

import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)

MS_RDONLY, MS_REMOUNT, MS_BIND = 1, 32, 4096
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL = 1, 36, 47, 4


# Whom only private hosts know.
ADMIN, ADMIN_PASSWORD = "admin", "innkeeper"


def _check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def mount(source, target, kind=None, flags=0, data=None):
    """mount(2), not mount(8): the latter refuses a user who holds the capability in a user namespace only."""
    def raw(text):
        return None if text is None else os.fsencode(text)
    _check(_LIBC.mount(raw(source), raw(target), raw(kind), ctypes.c_ulong(flags), raw(data)), f"mount {target}")


def bind(source, target, readonly=False):
    mount(source, target, None, MS_BIND)
    if readonly:
        mount(None, target, None, MS_BIND | MS_REMOUNT | MS_RDONLY)


def die_with_parent(number=signal.SIGKILL):
    """For preexec_fn: ends with the process that started it."""
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    _check(_LIBC.prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0), "prctl")


def adopt_orphans():
    """Daemons that leave their parent become our children, so that they can be found and ended."""
    _check(_LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "prctl")


def plain_child():
    """For preexec_fn: no capability of ours and no blocked signal goes into the program."""
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


def unshare_command():
    """The start of a command line that gives its program mount, host name and process namespaces of its own, or
    None where this kernel or container forbids it. When the command dies, everything inside dies."""
    if not shutil.which("unshare"):
        return None
    command = ["unshare", "--mount", "--uts", "--ipc", "--pid", "--fork", "--kill-child", "--mount-proc",
               "--propagation", "private"]
    if os.geteuid() != 0:
        command[1:1] = ["--user", "--map-current-user", "--keep-caps"]
    tried = subprocess.run([*command, "true"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=False)
    return command if tried.returncode == 0 else None


def children_of(pid):
    """All descendants of PID, nearest first."""
    parents = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as stat:
                    parents.setdefault(int(stat.read().rsplit(")", 1)[1].split()[1]), []).append(int(entry))
            except OSError:
                continue
    found, queue = [], [pid]
    while queue:
        for child in parents.get(queue.pop(0), []):
            found.append(child)
            queue.append(child)
    return found


def command_of(pid):
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as comm:
            return comm.read().strip()
    except OSError:
        return ""


def free_port(address="127.0.0.1"):
    with socket.socket() as sock:
        sock.bind((address, 0))
        return sock.getsockname()[1]


def wait_readable(descriptors, timeout):
    return select.select(descriptors, [], [], timeout)[0]


def write_accounts(folder):
    """FOLDER/passwd and FOLDER/shadow: the machine's users, none of whom has a password, and ADMIN, who has one."""
    hashed = subprocess.run(["openssl", "passwd", "-6", ADMIN_PASSWORD], stdout=subprocess.PIPE, check=True,
                            text=True).stdout.strip()
    folder, home = Path(folder), Path(folder) / "home"
    home.mkdir(exist_ok=True)
    os.chown(home, 4711, 65534)
    users = [line for line in Path("/etc/passwd").read_text(encoding="utf-8").splitlines()
             if not line.startswith(ADMIN + ":")]
    users.append(f"{ADMIN}:x:4711:65534:A test administrator:{home}:/bin/sh")
    (folder / "passwd").write_text("\n".join(users) + "\n", encoding="utf-8")
    (folder / "shadow").write_text(f"root:*:19000:0:99999:7:::\n{ADMIN}:{hashed}:19000:0:99999:7:::\n",
                                   encoding="utf-8")
    (folder / "shadow").chmod(0o600)


def bind_accounts(folder):
    for name in ("passwd", "shadow"):
        bind(str(Path(folder) / name), f"/etc/{name}")


_END_SIGNALS = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


def block_end_signals():
    """From here on until wait_for_end, being asked to end waits."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _END_SIGNALS)


def wait_for_end(child, owner):
    """Returns when someone asks this process to end, or the process OWNER (if any) or CHILD ends."""
    watched = [os.pidfd_open(pid) for pid in (child, owner) if pid]
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in _END_SIGNALS:
        signal.signal(number, lambda *_: None)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _END_SIGNALS)
    wait_readable(watched + [reader], None)


def start_in_background(script, arguments):
    """Leave `SCRIPT run --background ARGUMENTS` behind in a session of its own and pass its first line on."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.setsid()
        os.close(reader)
        os.dup2(writer, 1)
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.execv(sys.executable, [sys.executable, os.path.realpath(script), "run", "--background", *arguments])
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as answer:
        line = answer.readline()
    if line:
        sys.stdout.write(line)
        return 0
    return os.waitstatus_to_exitcode(os.wait()[1]) or 1
