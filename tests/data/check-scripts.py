#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scripts can be parsed, and shellcheck sees no mistake in those for bash."""

import ast

import tree


def check(source):
    scripts = source.scripts('bash')
    for name in scripts:
        source.run(['bash', '-n'], [name], f'{name}: bash cannot parse it')
    # 1090, 1091: sourced files are checked by themselves. 1111: our quotes are typographic on purpose.
    # 2034, 2154: they share variables with ./dev.
    source.run(['shellcheck', '-s', 'bash', '-S', 'warning', '-e', 'SC1090,SC1091,SC1111,SC2034,SC2154'], scripts,
               'shellcheck complains:')
    for name in source.scripts('python3'):
        try:
            ast.parse(source.read(name), name)
        except SyntaxError as error:
            source.complain(name, error.lineno, error.msg)


if __name__ == '__main__':
    tree.main(check, __doc__)
