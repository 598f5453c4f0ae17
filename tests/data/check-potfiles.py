#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""po/POTFILES.in lists every file with strings to translate, and no other, in order."""

import re

import tree

LIST = 'po/POTFILES.in'
KEYWORD = re.compile(r'(?<![\w.])(_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2|gettext)\s*\(\s*["\']')
ALWAYS = ('.desktop.in.in', '.metainfo.xml.in.in', '.gschema.xml.in')


def has_strings(source, name):
    if name.endswith(ALWAYS):
        return True
    return any(KEYWORD.search(line) for line in source.lines(name)
               if not line.lstrip().startswith(('*', '//')))


def check(source):
    listed = [line.strip() for line in source.lines(LIST)]
    listed = [line for line in listed if line and not line.startswith('#')]
    if listed != sorted(set(listed)):
        source.complain(LIST, None, 'not sorted, or a file twice (sort it with LC_ALL=C sort -u)')
    wanted = {name for name in [*source.under('src', '.c', '.h', '.blp'), *source.under('ui', '.blp'),
                                *source.under('data', *ALWAYS)]
              if has_strings(source, name)}
    for name in sorted(wanted - set(listed)):
        source.complain(LIST, None, f'{name} has strings to translate and is not listed')
    for name in sorted(set(listed) - wanted):
        source.complain(LIST, None, f'{name} is listed and has no strings to translate')


if __name__ == '__main__':
    tree.main(check, __doc__)
