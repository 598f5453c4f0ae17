#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever of libvirt is newer than the oldest host is probed, and is said here to be."""

import os
import re
import shutil
import subprocess
import sys

import tree

OLDEST = '8.0.0'

# What is newer and used, and what happens on a host without it. Each is called where its refusal
# (VIR_ERR_NO_SUPPORT, VIR_ERR_INVALID_ARG for a flag) is taken for an answer.
PROBED = {
}

NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
NAME = re.compile(r'\b(?:vir[A-Z]\w+|VIR_\w+)')
EXPORTED = re.compile(r'\b(vir\w+)@@LIBVIRT_([\d.]+)')
# The headers say of each constant since when it is there, on its line or in the comment before it.
BESIDE = re.compile(r'^\s*(?:#\s*define\s+)?(VIR_\w+)\b[^\n]*\(Since: ([\d.]+)\)', re.MULTILINE)
ABOVE = re.compile(r'^ \* (VIR_\w+):\n(?:(?! \*/)[^\n]*\n)*? \* Since: ([\d.]+)', re.MULTILINE)


def number(version):
    return tuple(int(part) for part in version.split('.'))


def variable(name):
    asked = subprocess.run(['pkg-config', f'--variable={name}', 'libvirt'], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def ages():
    """Since when libvirt has what it has, by name."""
    library = os.path.join(variable('libdir'), 'libvirt.so')
    headers = os.path.join(variable('includedir'), 'libvirt')
    if not shutil.which('readelf') or not os.path.exists(library) or not os.path.isdir(headers):
        print('readelf and the development files of libvirt are needed')
        sys.exit(77)

    listed = subprocess.run(['readelf', '--dyn-syms', '--wide', library], capture_output=True, text=True, check=True)
    found = dict(EXPORTED.findall(listed.stdout))
    for name in os.listdir(headers):
        if name.endswith('.h'):
            with open(os.path.join(headers, name), encoding='utf-8') as file:
                text = file.read()
            found.update(BESIDE.findall(text) + ABOVE.findall(text))
    return found


def check(source):
    since = ages()
    used = set()
    for name in source.under('src', '.c', '.h'):
        for called in sorted(set(NAME.findall(NOT_CODE.sub('""', source.read(name))))):
            if number(since.get(called, '0')) <= number(OLDEST):
                continue
            used.add(called)
            if called not in PROBED:
                source.complain(name, None, f'{called} came with libvirt {since[called]}, and the oldest host has '
                                f'{OLDEST}: probe it, and say in PROBED of check-libvirt.py what is done without it')
    for called in sorted(set(PROBED) - used):
        if source.root == tree.SOURCE:
            source.complain('tests/data/check-libvirt.py', None, f'{called} is not used: it need not be said any more')


if __name__ == '__main__':
    tree.main(check, __doc__)
