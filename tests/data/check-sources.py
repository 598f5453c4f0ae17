#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each file has its licence, is short enough to be read, and names no machine."""

import glob
import os
import re

import tree

SPDX = (
    'SPDX-FileCopyrightText: Innkeeper contributors',
    'SPDX-License-Identifier: GPL-3.0-or-later',
)
HEADED = ('.c', '.h', '.blp', '.py', '.sh', '.css', '.svg', '.page', '.in.in', '.gschema.xml.in',
          'meson.build', 'meson.options')
SHORT = ('.c', '.h', '.blp', '.py', '.sh', '.css', 'meson.build')
MOST_LINES = 600

# Folders that a source tree may lie in and that say nothing of one machine.
COMMON = {'/', '/home', '/root', '/tmp', '/var', '/var/tmp', '/usr', '/usr/src', '/usr/local',
          '/usr/local/src', '/opt', '/srv', '/mnt', '/media', '/src', '/app', '/build', '/source'}
# The text of licences and pictures is not ours to check.
UNREAD = ('.png', '.ico', '.gz', '.xz', 'COPYING')


def check_header(source, name):
    head = '\n'.join(source.lines(name)[:6])
    for line in SPDX:
        if line not in head:
            source.complain(name, None, f'its first lines lack “{line}”')


def machine_words(root):
    """The folders that this tree lies in, and the hosts that this machine has its packages from."""
    words = []
    folder = root
    while folder not in COMMON:
        words.append(folder + '/')
        folder = os.path.dirname(folder)
    for path in ['/etc/apt/sources.list', *glob.glob('/etc/apt/sources.list.d/*')]:
        try:
            with open(path, encoding='utf-8', errors='replace') as file:
                words += re.findall(r'https?://(?:[^/@\s]*@)?([^/:\s]+)', file.read())
        except OSError:
            continue
    return sorted(set(words))


def check(source):
    # A word and not the end of a longer path: “tests/data/” is no machine's “/data/”.
    words = [re.compile(r'(?<![\w.$}~-])' + re.escape(word)) for word in machine_words(source.root)]
    scripts = set(source.scripts('bash')) | set(source.scripts('python3'))
    for name in source.files:
        if name.endswith(HEADED) or name in scripts:
            check_header(source, name)
        if name.endswith(SHORT) or name in scripts:
            count = len(source.lines(name))
            if count > MOST_LINES:
                source.complain(name, None, f'{count} lines; {MOST_LINES} is the point to split')
        if name.endswith(UNREAD):
            continue
        for number, line in enumerate(source.lines(name), 1):
            for word in words:
                if word.search(line):
                    source.complain(name, number, 'names this machine: ' + word.search(line).group())


if __name__ == '__main__':
    tree.main(check, __doc__)
