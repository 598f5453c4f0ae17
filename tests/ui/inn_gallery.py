# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What takes pictures of the program: its forms, the hosts it looks at, and the ways to get about in it."""

import contextlib
import multiprocessing
import re
import sys
import traceback
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/ui"))
from inn_person import wait_for  # noqa: E402  pylint: disable=wrong-import-position

FORMS = {
    "light": {"size": (1280, 800)}, "japanese": {"size": (1280, 800)},
    "dark": {"size": (1280, 800), "env": {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}},
    # A window without a compositor has a border of 5 pixels.
    "narrow": {"size": (370, 650)}, "tiny": {"size": (370, 304)},
}
LONG_NAME = "東京データセンター検証用仮想マシン第一号機（長い名前の確認のため）"
STOPPED_NAME = "停止中の仮想マシン：バックアップ検証環境（二〇二六年度第三四半期）"
# The host makes sockets that are called by its first 20 signs.
SCREEN_NAME = "order-app-02：受注管理システム本番系アプリケーションサーバー仮想マシン"
RTL_NAME = "שרת הדואר 12"
HOST_NAME = "大阪第二データセンター本番系仮想化基盤ホスト零零一号機"
BUTTONS = ("button", "push button", "toggle button")
TABS = ("page tab", "radio button", "toggle button", "tab")


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

    @property
    def stopped(self):
        return STOPPED_NAME if self.form == "japanese" else "try-me"

    @property
    def screen(self):
        return SCREEN_NAME if self.form == "japanese" else "screen"

    # --- ways ------------------------------------------------------------------------------------------------------

    def settle(self):
        """Until three looks at the screen are the same, for the half second of an animation; a live page never is. The
        first is when the program has come back to us: a menu may be a window that is still black."""
        self.person.find("frame")
        last = None
        same = 0
        for _ in range(8):
            now = self.desktop.pixels()
            same = same + 1 if now == last else 0
            if same == 2:
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

    def release(self):
        """The keys that give the keyboard back, as people press them."""
        self.desktop.xdo("keydown", "Control_L", "keydown", "Alt_L", "keyup", "Alt_L", "keyup", "Control_L")

    def actions(self, position):
        """What the menu of the page's object has there."""
        self.person.click(BUTTONS, "^Actions$", 15)
        self.person.choose_in_menu(position)

    def context_menu(self, item):
        self.sidebar()
        self.person.click("list item", item, 15, button=3)
        wait_for(lambda: [node for node in self.person.app.walk() if node.role == "menu item" and node.showing],
                 "context menu", 15)

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
