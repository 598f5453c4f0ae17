#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""C and Blueprint files are formatted as .clang-format and blueprint-compiler have it."""

import tree


def check(source):
    if source.fix:
        source.run(['clang-format', '-i'], source.under('', '.c', '.h'), 'clang-format failed:')
        source.run(['blueprint-compiler', 'format', '--fix'], source.under('', '.blp'),
                   'blueprint-compiler failed:')
        return
    source.run(['clang-format', '--dry-run', '-Werror'], source.under('', '.c', '.h'),
               'not formatted; ./dev lint --fix does it:')
    source.run(['blueprint-compiler', 'format'], source.under('', '.blp'),
               'not formatted; ./dev lint --fix does it:')


if __name__ == '__main__':
    tree.main(check, __doc__)
