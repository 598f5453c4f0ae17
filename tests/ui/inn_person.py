# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at Innkeeper: the real program on a desktop and a view of its own, and what people do with it."""

import functools
import os
import re
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "common"))
import inn_lab  # noqa: E402  pylint: disable=wrong-import-position
from inn_desktop import Desktop, Node, wait_for  # noqa: E402  pylint: disable=wrong-import-position

# Lines at warning level that are not ours, each with the reason.
KNOWN_WARNINGS = (
    # A bus without systemd has no portal, and the desktop's settings are then the defaults.
    r"org\.freedesktop\.portal\.Desktop",
    # Nor is there anybody on such a bus who shows what is sent to a user who does not look.
    r"org\.freedesktop\.Notifications",
)
MENU_ITEMS = ("menu item", "check menu item", "radio menu item")
BAD_LINE = re.compile(r"(WARNING|CRITICAL|ERROR) \*\*|AddressSanitizer|LeakSanitizer|runtime error:")


class Person:
    """`with Person(folder) as person:` - starts Innkeeper on a view in FOLDER; person.app is its accessible tree."""

    def __init__(self, folder, size=(1280, 800), window_manager=False, arguments=(), **env):
        self.program = os.environ.get("INNKEEPER_PROGRAM")
        if not self.program:
            raise inn_lab.Skip("INNKEEPER_PROGRAM does not name the program")
        self.store = Path(folder) / "view"
        self.log = Path(folder) / "innkeeper.log"
        self.desktop = Desktop(size=size)
        self.arguments = arguments
        self.env = env
        self.window_manager = window_manager  # wanted, and then whether there is one
        self.process = None
        self.app = None

    def __enter__(self):
        try:
            self.desktop.__enter__()
        except (RuntimeError, ImportError, ValueError) as error:
            raise inn_lab.Skip(str(error)) from error
        try:
            self.window_manager = self.window_manager and self.desktop.start_window_manager()
            self.start()
        except BaseException:
            self.desktop.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *exc):
        if exc and exc[0] is not None:
            self.desktop.shot("failed")
        self.desktop.__exit__(*exc)

    def start(self):
        self.process = self.desktop.start([self.program, "--store", str(self.store), *self.arguments], log=self.log, **self.env)
        self.app = wait_for(self._find_application, "application", 60)
        self.app.find("frame", timeout=60)

    def _find_application(self):
        if self.process.poll() is not None:
            raise AssertionError(f"Innkeeper ended with {self.process.returncode}:\n{self.log_text()}")
        root = Node(self.desktop.atspi.get_desktop(0), self.desktop)
        for child in root.children:
            if child.accessible.get_process_id() == self.process.pid:
                return child
        return None

    def with_picture(self, test):
        """TEST, which on failure leaves a picture of the screen and tells what a screen reader saw."""
        @functools.wraps(test)
        def step():
            try:
                test()
            except Exception:
                self.desktop.shot("failed-" + test.__name__)
                print(self.app.dump(), file=sys.stderr)
                raise
        return step

    # --- looking ---------------------------------------------------------------------------------------------------

    def sees(self, text, timeout=60.0, within=None):
        """Waits until a text that matches the pattern is shown, and returns the thing that shows it."""
        pattern = re.compile(text)

        def look():
            for node in (within or self.app).walk_showing():
                if pattern.search(node.name):
                    return node
            return None

        return wait_for(look, f"text {text!r} on the screen", timeout)

    def does_not_see(self, text, timeout=60.0):
        pattern = re.compile(text)

        def gone():
            return not any(pattern.search(node.name) for node in self.app.walk_showing())

        wait_for(gone, f"end of the text {text!r} on the screen", timeout)

    def find(self, *args, **kwargs):
        return self.app.find(*args, **kwargs)

    def focused(self):
        """What has the keyboard, as a screen reader would say."""
        state = self.desktop.atspi.StateType.FOCUSED
        return next((node for node in self.app.walk() if node.has_state(state) and node.role != "frame"), None)

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def bad_lines(self):
        return [line for line in self.log_text().splitlines()
                if BAD_LINE.search(line) and not any(re.search(known, line) for known in KNOWN_WARNINGS)]

    # --- doing -----------------------------------------------------------------------------------------------------

    def click(self, role, name, timeout=60.0, button=1, count=1):
        node = self.find(role, name, timeout)
        wait_for(lambda: node.extents[2] > 0, f"place of {name!r}", timeout)
        node.click(button, count)
        return node

    def replace_text(self, text):
        self.desktop.key("ctrl+a")
        self.desktop.type(text)

    def choose_in_menu(self, position, count=None, timeout=20.0):
        """The item at POSITION of the open menu, with the keyboard. Its text cannot be asked for: GTK 4.18 hides the
        labels of menu items from accessibility. COUNT is how many items the menu should have."""
        focused = self.desktop.atspi.StateType.FOCUSED

        def items():
            return [node for node in self.app.walk() if node.role in MENU_ITEMS and node.showing]

        wait_for(lambda: len(items()) == count if count else items(), f"menu of {count} items", timeout)
        for _ in range(40):
            if items()[position].has_state(focused):
                self.desktop.key("Return")
                return
            self.desktop.key("Down")
        raise AssertionError(f"the keyboard does not reach item {position} of the menu")

    def quit(self):
        """Closes the window as people do, and returns the exit code."""
        self.desktop.key("ctrl+w")
        return self.process.wait(60)

    def rss_kib(self):
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Rss:"):
                return int(line.split()[1])
        return 0

    def stop_with(self, number=signal.SIGTERM):
        self.process.send_signal(number)
