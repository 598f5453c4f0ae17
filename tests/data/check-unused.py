#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each function that a header declares is called by something in src/; a test alone is not enough."""

import collections
import re

import tree

# Not called, and why they stay.
ALLOWED = {
    **dict.fromkeys((
        'inn_display_get_stats', 'inn_display_grab', 'inn_display_new',
        'inn_ssh_login_is_open', 'inn_ssh_transport_dup_login', 'inn_store_is_read_only',
        'inn_display_get_release_keys', 'inn_vm_set_name', 'inn_vnc_source_set_deadline',
        'inn_spice_session_set_deadline',
        'inn_clipboard_peer_set_limit', 'inn_vnc_source_set_only_encoding',
    ), 'tests look through it at what is otherwise inside'),
    **dict.fromkeys((
        'inn_operation_add_child', 'inn_ssh_login_copy_from', 'inn_ssh_login_copy_to',
    ), 'setting up hosts is made of it'),
}

NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
DECLARED = re.compile(r'\b(_?inn_\w+) \(')
NAME = re.compile(r'\b_?inn_\w+')
# What a macro names, such as the function that frees a type.
MACRO = re.compile(r'^(?:G_DECLARE_|G_DEFINE_|#\s*define )(?:[^\n]*\\\n)*[^\n]*$', re.MULTILINE)
INLINE = re.compile(r'^static inline.*?^}', re.DOTALL | re.MULTILINE)


def code_of(source, name):
    return NOT_CODE.sub('""', source.read(name))


def check(source):
    declared = {}
    used = collections.Counter()
    for name in source.under('src', '.h'):
        text = code_of(source, name)
        for macro in MACRO.findall(text) + INLINE.findall(text):
            used.update(NAME.findall(macro))
        text = INLINE.sub('', MACRO.sub('', text))
        for function in DECLARED.findall(text):
            if not function.endswith('_get_type'):
                declared.setdefault(function, name)
    for name in source.under('src', '.c'):
        # A definition has its name at the beginning of a line.
        used.update(NAME.findall(re.sub(r'^_?inn_\w+ \(', '', code_of(source, name), flags=re.MULTILINE)))
    for function, name in sorted(declared.items()):
        if used[function] == 0 and function not in ALLOWED:
            source.complain(name, None, f'nothing in src/ calls {function} (): call it, remove it, or say in '
                            'ALLOWED of check-unused.py why it stays')
        if used[function] > 0 and function in ALLOWED:
            source.complain(name, None, f'{function} () is called: it need not be allowed any more')
    for function in sorted(set(ALLOWED) - set(declared)):
        if source.root == tree.SOURCE:
            source.complain('tests/data/check-unused.py', None, f'{function} () is gone')


if __name__ == '__main__':
    tree.main(check, __doc__)
