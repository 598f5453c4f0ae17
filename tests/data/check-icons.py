#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""InnIconKeeper keeps each icon that ui/ and src/ui/ name, and at the size of each status page."""

import re

import tree

KEEPER = 'src/ui/shell/inn-icon-keeper.c'
NAME = re.compile(r'"([a-z0-9-]+-symbolic)"')
KEPT = re.compile(r'\{ "([a-z0-9-]+-symbolic)", (\w+) \}')
PAGE = re.compile(r'Adw\.StatusPage\b[^{}]*\{((?:[^{}]|\{[^{}]*\})*)')
PAGE_ICON = re.compile(r'^\s*icon-name:\s*"([a-z0-9-]+-symbolic)"', re.MULTILINE)


def wanted(source):
    """(name, size) to the first file that shows it."""
    found = {}
    for name in [*source.under('ui', '.blp'), *source.under('src/ui', '.c', '.h')]:
        if name == KEEPER:
            continue
        text = source.read(name)
        for icon in NAME.findall(text):
            found.setdefault((icon, 'SMALL'), name)
        for page in PAGE.findall(text):
            for icon in PAGE_ICON.findall(page):
                found.setdefault((icon, 'COMPACT' if '"compact"' in page else 'PAGE'), name)
    return found


def check(source):
    kept = set(KEPT.findall(source.read(KEEPER)))
    for (icon, size), name in sorted(wanted(source).items()):
        if (icon, size) not in kept:
            source.complain(name, None, f'“{icon}” is not kept: add it to {KEEPER} as {size}')


if __name__ == '__main__':
    tree.main(check, __doc__)
