#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""po/POTFILES.in lists every file with strings to translate, and no other, in order."""

import re

import tree

LIST = 'po/POTFILES.in'
KEYWORD = re.compile(r'(?<![\w.])(_|N_|C_|NC_|ngettext|g_dngettext|g_dpgettext2|gettext)\s*\(\s*'
                     r'(?:(?:NULL|GETTEXT_PACKAGE),\s*)?["\']')
ALWAYS = ('.desktop.in.in', '.metainfo.xml.in.in', '.gschema.xml.in')


def has_strings(source, name):
    if name.endswith(ALWAYS):
        return True
    return any(KEYWORD.search(line) for line in source.lines(name)
               if not line.lstrip().startswith(('*', '//')))


def check(source):
    lines = source.lines(LIST)
    listed = [line.strip() for line in lines if line.strip() and not line.startswith('#')]
    wanted = sorted({name for name in [*source.under('src', '.c', '.h', '.blp'),
                                       *source.under('ui', '.blp'), *source.under('data', *ALWAYS)]
                     if has_strings(source, name)})
    if source.fix:
        comments = [line for line in lines if line.startswith('#')]
        with open(source.path(LIST), 'w', encoding='utf-8') as file:
            file.write('\n'.join([*comments, *wanted]) + '\n')
        return
    if listed != sorted(set(listed)):
        source.complain(LIST, None, 'not sorted, or a file twice')
    for name in sorted(set(wanted) - set(listed)):
        source.complain(LIST, None, f'{name} has strings to translate and is not listed')
    for name in sorted(set(listed) - set(wanted)):
        source.complain(LIST, None, f'{name} is listed and has no strings to translate')


if __name__ == '__main__':
    tree.main(check, __doc__)
