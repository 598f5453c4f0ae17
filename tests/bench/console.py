#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev bench console`: our console against remote-viewer, at the same screen of the same guest.

A bare QEMU shows the small guest with a painter for its screen (guest-paint.c): each frame carries its number, and what
arrives on the X server is counted there (count-frames.c), whichever program drew it. Both programs fill a virtual
screen of the guest's size, one after the other, several times; the medians are compared. CPU is that of the
program's whole process tree and of the X server. The renderer is the one that GSK_RENDERER names, cairo by default:
there is no GPU where the tests run.

Arguments: BUILD-FOLDER, then optionally --runs N --seconds S --sizes 1280x800,3840x2160 --protocols vnc
--patterns full,sprite,text,idle,key.
"""

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "ui"), str(HERE.parent / "common")]

from bench_report import Report  # noqa: E402
from inn_desktop import Desktop  # noqa: E402
from inn_guest import Skip, small_guest  # noqa: E402

# Frames a second that the guest paints; emulated, it does not reach them at every size.
RATE = {"full": 30, "sprite": 60, "text": 30, "idle": 0, "key": 0}
TICK = os.sysconf("SC_CLK_TCK")
KEYCODE_A = 38
KEYS = 60


def archive(files):
    """A cpio archive that the kernel unpacks over the guest's own."""
    parts = []
    for number, (name, data) in enumerate(files.items(), 1):
        raw = name.encode() + b"\0"
        mode = 0o100755
        if name == "TRAILER!!!":
            mode = 0
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + raw
        parts += [head, b"\0" * (-len(head) % 4), data, b"\0" * (-len(data) % 4)]
    return b"".join(parts)


def free_port():
    """One that nobody has; VNC counts from 5900."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        if port > 5900:
            return port


class PaintedGuest(contextlib.AbstractContextManager):
    """QEMU with the painter, offering its screen by VNC and by SPICE."""

    def __init__(self, folder, painter, size):
        self.folder = Path(folder)
        self.painter = painter
        self.size = size
        self.port = free_port()
        self.process = None
        self.serial = None

    def place(self, protocol):
        """Where it can be seen, as the two programs call it: a socket for SPICE, which remote-viewer knows for that only."""
        if protocol == "spice":
            return f"{self.folder}/spice", f"spice+unix://{self.folder}/spice"
        return f"127.0.0.1:{self.port}", f"vnc://127.0.0.1:{self.port}"

    def __enter__(self):
        guest = small_guest()
        width, height = self.size
        extra = archive({"sbin/inn-screen": Path(self.painter).read_bytes(), "TRAILER!!!": b""})
        initrd = self.folder / "initrd"
        plain = (guest / "initrd").read_bytes()
        initrd.write_bytes(plain + b"\0" * (-len(plain) % 4) + extra)
        command = (guest / "cmdline").read_text(encoding="utf-8").strip()
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-cpu", "qemu64", "-m", "512", "-nodefaults",
             "-kernel", guest / "vmlinux", "-initrd", initrd, "-append", command, "-display", "none",
             "-device", f"VGA,xres={width},yres={height},vgamem_mb=64",
             "-device", "virtio-tablet-pci", "-device", "virtio-keyboard-pci",
             "-serial", f"file:{self.folder}/serial",
             "-serial", f"unix:{self.folder}/paint,server=on,wait=off",
             "-vnc", f"127.0.0.1:{self.port - 5900}",
             "-spice", f"unix=on,addr={self.folder}/spice,disable-ticketing=on"],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.serial = socket.socket(socket.AF_UNIX)
        self._wait(lambda: (self.folder / "paint").exists())
        self.serial.connect(str(self.folder / "paint"))
        self.serial.settimeout(120)
        self._read("ready")
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self.serial.close()

    def _wait(self, condition):
        end = time.monotonic() + 60
        while not condition():
            if self.process.poll() is not None:
                raise SystemExit(f"QEMU ended: {self.process.stderr.read()}")
            if time.monotonic() > end:
                raise SystemExit("QEMU does not start")
            time.sleep(0.05)

    def _read(self, word):
        text = ""
        while word not in text or "\n" not in text.split(word, 1)[1]:
            text += self.serial.recv(256).decode(errors="replace")
        return text

    def paint(self, pattern):
        self.serial.sendall(f"{pattern} {RATE[pattern]}\n".encode())
        self._read("painting")


def tree(pid):
    """PID and all its descendants."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                stat = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                children.setdefault(int(stat[1]), []).append(int(entry.name))
    found, rest = [], [pid]
    while rest:
        found.append(rest.pop())
        rest += children.get(found[-1], [])
    return found


def spent(pids):
    """CPU seconds and voluntary context switches of all threads."""
    cpu = switches = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            cpu += (int(stat[11]) + int(stat[12])) / TICK
        for status in Path(f"/proc/{pid}/task").glob("*/status"):
            with contextlib.suppress(OSError):
                line = next(line for line in status.read_text().splitlines() if line.startswith("voluntary_ctxt"))
                switches += int(line.split()[1])
    return cpu, switches


def rss_mib(pids):
    """Memory that is nobody else's, in MiB."""
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith(("Private_Clean", "Private_Dirty")):
                    total += int(line.split()[1])
    return total / 1024


class Viewer(contextlib.AbstractContextManager):
    """One of the two programs, in full screen on the virtual desktop."""

    def __init__(self, desktop, argv, env, count):
        self.desktop = desktop
        self.argv = argv
        self.env = env
        self.count = count
        self.process = None

    def __enter__(self):
        self.process = subprocess.Popen([str(part) for part in self.argv], env={**self.desktop.env, **self.env},
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, start_new_session=True)
        return self

    def __exit__(self, *_):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def _count(self, *argv):
        done = subprocess.run([self.count, *[str(part) for part in argv]], env=self.desktop.env, check=True,
                              stdout=subprocess.PIPE, text=True, timeout=300)
        return json.loads(done.stdout)

    def wait_shown(self, guest):
        """Until a frame of the guest is on the screen."""
        end = time.monotonic() + 60
        guest.paint("sprite")
        while self._count("frames", 0.5)["shown"] == 0:
            if self.process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{self.argv[0]} shows nothing")
        # The keyboard goes to the guest once it is clicked at.
        width, height = self.desktop.size
        self.desktop.xdo("mousemove", width // 2, height // 2, "click", 1)
        # What a program does once, and its bar that goes away, are not what is measured.
        self._count("frames", 3)

    def measure(self, guest, pattern, seconds):
        guest.paint(pattern)
        self._count("frames", 1)
        pids = tree(self.process.pid)
        server = [self.desktop.processes[0].pid]
        if pattern == "key":
            return {"msec": self._count("keys", KEYS, KEYCODE_A)["msec"]}
        before = spent(pids), spent(server)
        result = self._count("frames", seconds)
        after = spent(pids), spent(server)
        result["cpu"] = sum(a[0] - b[0] for a, b in zip(after, before))
        result["switches"] = after[0][1] - before[0][1]
        result["rss"] = rss_mib(pids)
        return result


def quantile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))]


def judge(report, name, pattern, ours, theirs):
    """Adds the results of one place: medians over the runs."""
    def med(rows, key):
        return statistics.median(row[key] for row in rows)

    reference = "remote-viewer"
    if pattern == "key":
        a = [value for row in ours for value in row["msec"]]
        b = [value for row in theirs for value in row["msec"]]
        report.ratio(f"{name}-median", "ms", statistics.median(a), statistics.median(b), reference, 1.0)
        report.ratio(f"{name}-p99", "ms", quantile(a, 0.99), quantile(b, 0.99), reference, 1.2)
        return
    if pattern == "idle":
        report.ratio(f"{name}-switches", "a second", med(ours, "switches") / med(ours, "seconds"),
                     max(med(theirs, "switches") / med(theirs, "seconds"), 0.1), reference, 1.0)
        return
    for row in ours + theirs:
        row["fps"] = row["shown"] / row["seconds"]
        row["cpu_frame"] = 1e3 * row["cpu"] / max(row["shown"], 1)
    # A rate has to be at least the other's: the ratio that is judged is theirs to ours.
    report.ratio(f"{name}-frame-time", "ms", 1e3 / max(med(ours, "fps"), 0.01), 1e3 / max(med(theirs, "fps"), 0.01),
                 reference, 1.0)
    report.ratio(f"{name}-cpu-a-frame", "ms", med(ours, "cpu_frame"), med(theirs, "cpu_frame"), reference, 0.8)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--sizes", default="1280x800,3840x2160")
    parser.add_argument("--protocols", default="vnc")
    parser.add_argument("--patterns", default="full,sprite,text,idle,key")
    args = parser.parse_args()
    if not shutil.which("remote-viewer"):
        raise SystemExit("there is no remote-viewer to compare with: install virt-viewer")

    tools = Path(args.build) / "tests"
    renderer = os.environ.get("GSK_RENDERER", "cairo")
    report = Report("console", f"renderer {renderer}")
    for size in args.sizes.split(","):
        width, height = map(int, size.split("x"))
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="inn-bench-"))
            desktop = stack.enter_context(Desktop(size=(width, height)))
            if not desktop.start_window_manager():
                raise SystemExit("there is no window manager: install openbox")
            guest = stack.enter_context(PaintedGuest(folder, tools / "bench" / "guest-paint", (width, height)))
            for protocol in args.protocols.split(","):
                socket_place, uri = guest.place(protocol)
                spice = ["--spice"] if protocol == "spice" else []
                programs = {
                    "ours": ([tools / "console" / "console-demo", "--fullscreen", *spice, socket_place],
                             {"GSK_RENDERER": renderer}),
                    "theirs": (["remote-viewer", "--full-screen", uri], {}),
                }
                rows = {}
                for run in range(args.runs):
                    for who, (argv, env) in programs.items():
                        with Viewer(desktop, argv, env, tools / "bench" / "count-frames") as viewer:
                            viewer.wait_shown(guest)
                            for pattern in args.patterns.split(","):
                                row = viewer.measure(guest, pattern, args.seconds)
                                rows.setdefault(pattern, {}).setdefault(who, []).append(row)
                                print(f"{protocol} {size} {pattern} {run + 1}/{args.runs} {who}: "
                                      f"{str(row)[:200]}", flush=True)
                for pattern, both in rows.items():
                    judge(report, f"{protocol}-{size}-{pattern}", pattern, both["ours"], both["theirs"])
    return 0 if report.write(os.environ.get("INN_BENCH_DIR", os.path.join(args.build, "bench"))) else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Skip as reason:
        raise SystemExit(str(reason)) from None
