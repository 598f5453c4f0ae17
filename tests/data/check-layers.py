#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A room includes only rooms to its left, and the core knows no toolkit."""

import os
import re

import tree

# Columns from left to right; rooms of one column do not know each other.
COLUMNS = (
    ('base',),
    ('model',),
    ('store', 'secret', 'ssh', 'virt'),
    ('ops', 'deploy', 'console'),
    ('app',),
    ('ui', 'cli'),
)
COLUMN = {room: index for index, rooms in enumerate(COLUMNS) for room in rooms}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
TOOLKIT = re.compile(r'^(gtk|gdk(?!-pixbuf)|gsk|adwaita|vte|gtksourceview|libadwaita)[/.-]')
LIBVIRT = re.compile(r'^libvirt(-[a-z]+)?/')


def room_of(name):
    parts = name.split('/')
    if parts[:2] == ['src', 'core'] and len(parts) > 3:
        return parts[2]
    if parts[0] == 'src' and len(parts) > 2:
        return parts[1]
    return None


def check_quoted(source, name, number, room, included, headers):
    found = headers.get(os.path.basename(included), [])
    rooms = {room_of(header) for header in found} - {None}
    if room in rooms or not rooms:
        return
    for other in sorted(rooms):
        if COLUMN.get(other, 99) >= COLUMN[room]:
            source.complain(name, number, f'“{room}” must not include “{other}” ({included})')


def check_system(source, name, number, room, included):
    if room != 'ui' and TOOLKIT.match(included):
        source.complain(name, number, f'“{room}” must not know the toolkit ({included})')
    if room in ('base', 'model') and name.endswith('.h') and LIBVIRT.match(included):
        source.complain(name, number, f'no libvirt type in a header of “{room}” ({included})')


def check(source):
    headers = {}
    for name in source.under('src', '.h'):
        headers.setdefault(os.path.basename(name), []).append(name)
    for name in source.under('src', '.c', '.h'):
        room = room_of(name)
        if room is None:
            continue
        if room not in COLUMN:
            source.complain(name, None, f'“{room}” is no room of the house')
            continue
        for number, line in enumerate(source.lines(name), 1):
            include = INCLUDE.match(line)
            if not include:
                continue
            if include.group(1) == '"':
                check_quoted(source, name, number, room, include.group(2), headers)
            else:
                check_system(source, name, number, room, include.group(2))


if __name__ == '__main__':
    tree.main(check, __doc__)
