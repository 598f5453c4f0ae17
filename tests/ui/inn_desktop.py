# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A desktop of its own for one test: X server, session bus, accessibility; and a person at it.

The person finds things by role and name, as a screen reader would, and uses mouse and keyboard through the X
server, so that focus, grabs and hit testing are the real ones.
"""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import gi

gi.require_version("Atspi", "2.0")


class Timeout(AssertionError):
    pass


def wait_for(condition, what, timeout=30.0):
    """Asks until the answer is true and returns it."""
    end = time.monotonic() + timeout
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Timeout(f"no {what} within {timeout:.0f} s")
        time.sleep(0.05)


OWN_CLIPBOARD = """
import sys
import gi
gi.require_version("Gtk", "4.0")
from gi.repository import Gtk, GLib
Gtk.init()
window = Gtk.Window()
window.get_clipboard().set(sys.argv[1])
GLib.MainLoop().run()
"""
READ_CLIPBOARD = """
import gi
gi.require_version("Gtk", "4.0")
from gi.repository import Gtk, GLib
Gtk.init()
loop = GLib.MainLoop()
window = Gtk.Window()
def done(clipboard, result):
    try:
        print(clipboard.read_text_finish(result), end="")
    except GLib.Error:
        pass
    loop.quit()
window.get_clipboard().read_text_async(None, done)
loop.run()
"""


class Node:
    """An accessible object that may go away while we look at it."""

    def __init__(self, accessible, desktop):
        self.accessible = accessible
        self.desktop = desktop

    def _ask(self, question, default):
        try:
            return question(self.accessible)
        except Exception:  # the object went away: as good as not there
            return default

    @property
    def role(self):
        return self._ask(lambda a: a.get_role_name(), "")

    @property
    def name(self):
        return self._ask(lambda a: a.get_name() or "", "")

    @property
    def description(self):
        return self._ask(lambda a: a.get_description() or "", "")

    @property
    def text(self):
        def read(accessible):
            text = self.desktop.atspi.Text  # get_text() of the object itself is another function, and an old one
            return text.get_text(accessible, 0, text.get_character_count(accessible))

        return self._ask(read, "")

    @property
    def children(self):
        n = self._ask(lambda a: a.get_child_count(), 0)
        for i in range(n):
            child = self._ask(lambda a, i=i: a.get_child_at_index(i), None)
            if child is not None:
                yield Node(child, self.desktop)

    def has_state(self, state):
        return self._ask(lambda a: a.get_state_set().contains(state), False)

    @property
    def showing(self):
        return self.has_state(self.desktop.atspi.StateType.SHOWING)

    @property
    def sensitive(self):
        return self.has_state(self.desktop.atspi.StateType.SENSITIVE)

    @property
    def extents(self):
        atspi = self.desktop.atspi
        rect = self._ask(lambda a: a.get_extents(atspi.CoordType.WINDOW), None)
        return (rect.x, rect.y, rect.width, rect.height) if rect else (0, 0, 0, 0)

    def walk(self, depth=60):
        yield self
        if depth > 0:
            for child in self.children:
                yield from child.walk(depth - 1)

    def walk_showing(self, depth=60):
        """What is on the screen. What is below something hidden is hidden as well, and is not asked."""
        for child in self.children:
            if child.showing:
                yield child
                if depth > 0:
                    yield from child.walk_showing(depth - 1)

    def find_all(self, role=None, name=None, showing=True):
        pattern = re.compile(name) if name is not None else None
        for node in self.walk():
            if role is not None and node.role not in ((role,) if isinstance(role, str) else role):
                continue
            if pattern is not None and not pattern.search(node.name):
                continue
            if showing and not node.showing:
                continue
            yield node

    def find(self, role=None, name=None, timeout=30.0, showing=True):
        def look():
            return next(self.find_all(role, name, showing), None)

        return wait_for(look, f"{role or 'thing'} named {name!r}", timeout)

    def has(self, role=None, name=None):
        return next(self.find_all(role, name), None) is not None

    def dump(self, depth=0):
        lines = [f"{' ' * depth}{self.role} {self.name!r}{'' if self.showing else ' (hidden)'}"]
        for child in self.children:
            lines.append(child.dump(depth + 1))
        return "\n".join(lines)

    def click(self, button=1, count=1):
        self.desktop.click(self, button, count)


class Desktop(contextlib.AbstractContextManager):
    """X server, bus and programs of one test; everything ends with it."""

    def __init__(self, size=(1280, 800), shots=None):
        self.size = size
        self.shots = shots or os.environ.get("INNKEEPER_TEST_SHOTS")
        self.processes = []
        self.home = None
        self.env = None
        self.atspi = None

    def __enter__(self):
        for program in ("Xvfb", "dbus-daemon", "xdotool"):
            if shutil.which(program) is None:
                raise RuntimeError(f"{program} is not installed")
        self.home = tempfile.mkdtemp(prefix="inn-ui-")
        runtime = os.path.join(self.home, "run")
        os.mkdir(runtime, 0o700)
        self.env = {
            **os.environ,
            "HOME": self.home,
            "XDG_RUNTIME_DIR": runtime,
            "XDG_DATA_HOME": os.path.join(self.home, "data"),
            "XDG_CONFIG_HOME": os.path.join(self.home, "config"),
            "XDG_CACHE_HOME": os.path.join(self.home, "cache"),
            "GDK_BACKEND": "x11",
            "GSK_RENDERER": os.environ.get("GSK_RENDERER", "cairo"),
            "GSETTINGS_BACKEND": "memory",
            "GTK_A11Y": "atspi",
            "LC_ALL": "C.UTF-8",
        }
        for name in ("WAYLAND_DISPLAY", "AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE"):
            self.env.pop(name, None)
        self._start_x()
        self._start_bus()
        os.environ.update(
            {k: self.env[k] for k in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")}
        )
        from gi.repository import Atspi

        Atspi.init()
        Atspi.set_timeout(3000, 10000)
        self.atspi = Atspi
        return self

    def __exit__(self, *exc):
        for process in reversed(self.processes):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start_x(self):
        """A display that answers. Of two servers that start at once on a busy machine, one may take the other's
        number; then another is tried."""
        width, height = self.size
        for _ in range(5):
            read, write = os.pipe()
            process = subprocess.Popen(
                ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"],
                pass_fds=[write],
                stderr=subprocess.DEVNULL,
            )
            os.close(write)
            self.processes.append(process)
            with os.fdopen(read) as pipe:
                self.env["DISPLAY"] = ":" + pipe.readline().strip()
            answers = subprocess.run(
                ["xdotool", "getdisplaygeometry"], env=self.env, capture_output=True, text=True, check=False
            )
            if answers.stdout.split() == [str(width), str(height)]:
                return
            process.terminate()
        raise RuntimeError("no X server answers")

    def _start_bus(self):
        process = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.processes.append(process)
        self.env["DBUS_SESSION_BUS_ADDRESS"] = process.stdout.readline().strip()

    def start_window_manager(self):
        """Starts one, so that windows can fill the screen and go behind others. Returns whether there is one."""
        if shutil.which("openbox") is None:
            return False
        self.start(["openbox", "--sm-disable"])
        wait_for(lambda: "window id" in self.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK"), "window manager")
        return True

    def run(self, *argv):
        """What a program says here."""
        return subprocess.run(argv, env=self.env, capture_output=True, text=True, check=False).stdout

    def active_window(self):
        """The X window that has the focus, as the window manager has it."""
        return self.run("xdotool", "getactivewindow").strip()

    def start(self, argv, log=None, **env):
        """Starts a program here; its output goes to LOG."""
        out = open(log, "ab") if log else subprocess.DEVNULL
        process = subprocess.Popen(
            argv, env={**self.env, **env}, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        self.processes.append(process)
        return process

    def application(self, name, timeout=30.0):
        def look():
            desktop = self.atspi.get_desktop(0)
            for i in range(desktop.get_child_count()):
                try:
                    child = desktop.get_child_at_index(i)
                    if child is not None and child.get_name() == name and child.get_child_count() > 0:
                        return Node(child, self)
                except Exception:
                    continue
            return None

        return wait_for(look, f"application {name}", timeout)

    def _window_offset(self, node):
        """Where the accessible coordinates of a node's window begin on the screen."""
        frame = node.accessible
        window_roles = ("frame", "window", "dialog")
        top = None
        while frame is not None and frame.get_role_name() != "application":
            if frame.get_role_name() in window_roles:
                top = frame
            frame = frame.get_parent()
        rect = top.get_extents(self.atspi.CoordType.WINDOW)
        x, y, width, height = self._x_geometry(top.get_name())
        return (
            x - rect.x + max((width - rect.width) // 2, 0),
            y - rect.y + max((height - rect.height) // 2, 0),
        )

    def _x_geometry(self, title):
        found = self.xdo("search", "--onlyvisible", "--name", "^" + re.escape(title) + "$").split()
        if not found:
            found = self.xdo("search", "--onlyvisible", "--class", "innkeeper").split()
        # Tooltips and menus are windows with the same names; the window itself is the biggest.
        return max((self.geometry(window) for window in found), key=lambda place: place[2] * place[3])

    def geometry(self, window):
        """Left, top, width and height of an X window."""
        shell = self.xdo("getwindowgeometry", "--shell", window)
        values = dict(line.split("=") for line in shell.split() if "=" in line)
        return tuple(int(values.get(key, 0)) for key in ("X", "Y", "WIDTH", "HEIGHT"))

    def xdo(self, *args):
        return subprocess.run(
            ["xdotool", *map(str, args)], env=self.env, capture_output=True, text=True, check=False
        ).stdout

    def middle(self, node):
        """Where on the screen somebody clicks who means a node."""
        dx, dy = self._window_offset(node)
        x, y, width, height = node.extents
        # GTK adds places up without the padding of what is around, so that all is a little more to the right and below.
        right, down = min(width // 4, 8), min(height // 4, 8)
        return dx + x + width // 2 + right, dy + y + height // 2 + down

    def drag(self, node, to):
        """Takes hold of a node with the mouse and lets go over another one."""
        here, there = self.middle(node), self.middle(to)
        self.xdo("mousemove", *here, "mousedown", 1)
        for part in (0.1, 0.3, 0.6, 0.9, 1, 1):
            self.xdo("mousemove", *(round(a + (b - a) * part) for a, b in zip(here, there)), "sleep", 0.1)
        self.xdo("mouseup", 1)

    def click(self, node, button=1, count=1):
        self.xdo("mousemove", *self.middle(node))
        # Nobody lets go within a millisecond; GTK 4.18 loses such a click when its window is drawn in between: it asks the
        # server where the pointer is, hears of no button, and takes the press back before the release comes.
        self.xdo(*["mousedown", button, "sleep", 0.05, "mouseup", button, "sleep", 0.05] * count)

    def type(self, text):
        self.xdo("type", "--delay", 25, "--", text)

    def copy(self, text):
        """Puts TEXT onto the clipboard, as another program without a window does; returns that program."""
        owner = self.start([sys.executable, "-c", OWN_CLIPBOARD, text])
        wait_for(lambda: self.clipboard() == text, "text on the clipboard", 60)
        return owner

    def clipboard(self):
        """The text on the clipboard."""
        return self.run(sys.executable, "-c", READ_CLIPBOARD)

    def key(self, *keys):
        self.xdo("key", "--delay", 40, *keys)

    def shot(self, name):
        """A picture of the whole screen, when the caller wants pictures."""
        if not self.shots:
            return None
        os.makedirs(self.shots, exist_ok=True)
        path = os.path.join(self.shots, name + ".png")
        subprocess.run(["import", "-window", "root", path], env=self.env, check=False)
        return path

    def pixels(self, node=None):
        """The screen, or the part a node covers, as raw RGB bytes."""
        crop = []
        if node is not None:
            dx, dy = self._window_offset(node)
            x, y, width, height = node.extents
            crop = ["-crop", f"{width}x{height}+{dx + x}+{dy + y}", "+repage"]
        return subprocess.run(
            ["import", "-window", "root", *crop, "-depth", "8", "rgb:-"],
            env=self.env,
            capture_output=True,
            check=True,
        ).stdout
