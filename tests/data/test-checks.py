#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The validators find what they are there for."""

import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
HEAD = ('/* SPDX-FileCopyrightText: Innkeeper contributors\n'
        ' * SPDX-License-Identifier: GPL-3.0-or-later */\n')


def run(check, files):
    """What CHECK says of a tree of FILES (name to text), and its exit status."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text.replace('@TREE@', folder))
        done = subprocess.run([sys.executable, os.path.join(HERE, check), '--tree', folder],
                              capture_output=True, text=True, check=False)
        return done.stdout + done.stderr, done.returncode


class ChecksTest(unittest.TestCase):
    def assert_finds(self, check, files, words):
        text, status = run(check, files)
        self.assertEqual(status, 1, text)
        self.assertIn(words, text)

    def assert_clean(self, check, files):
        text, status = run(check, files)
        self.assertEqual((status, text), (0, ''))

    def test_layers(self):
        house = {f'src/core/{room}/inn-{room}.h': '' for room in ('base', 'model', 'virt', 'ops', 'ssh')}
        house['src/ui/host/inn-page.h'] = ''

        def include(name, line):
            return {**house, name: line + '\n'}

        self.assert_clean('check-layers.py', include('src/core/virt/a.c', '#include "base/inn-base.h"'))
        self.assert_clean('check-layers.py', include('src/core/ops/a.c', '#include "inn-ssh.h"'))
        self.assert_clean('check-layers.py', include('src/ui/host/a.c', '#include <gtk/gtk.h>'))
        self.assert_finds('check-layers.py', include('src/core/base/a.c', '#include "inn-model.h"'),
                          'src/core/base/a.c:1: “base” must not include “model”')
        self.assert_finds('check-layers.py', include('src/core/virt/a.c', '# include "ssh/inn-ssh.h"'),
                          '“virt” must not include “ssh”')
        self.assert_finds('check-layers.py', include('src/cli/a.c', '#include "inn-page.h"'),
                          '“cli” must not include “ui”')
        self.assert_finds('check-layers.py', include('src/core/app/a.c', '#include <adwaita.h>'),
                          'must not know the toolkit')
        self.assert_finds('check-layers.py', include('src/core/cellar/a.c', ''), 'no room')

    def test_potfiles(self):
        files = {'po/POTFILES.in': 'src/ui/a.c\nui/b.blp\n', 'src/ui/a.c': 'x = _("Start");\n',
                 'ui/b.blp': 'label: _("Stop");\n', 'src/ui/c.c': 'inn_ ("no"); /* _ */\n'}
        self.assert_clean('check-potfiles.py', files)
        self.assert_finds('check-potfiles.py', {**files, 'src/cli/d.c': 'C_("verb", "Add")\n'},
                          'src/cli/d.c has strings')
        self.assert_finds('check-potfiles.py', {**files, 'src/ui/a.c': ''}, 'has no strings')
        self.assert_finds('check-potfiles.py', {**files, 'po/POTFILES.in': 'ui/b.blp\nsrc/ui/a.c\n'},
                          'not sorted')

    def test_icons(self):
        keeper = 'src/ui/shell/inn-icon-keeper.c'
        page = 'Adw.StatusPage {\n  icon-name: "a-symbolic";\n%s}\n'
        files = {keeper: '{ "a-symbolic", SMALL },\n{ "a-symbolic", PAGE },\n', 'ui/p.blp': page % ''}
        self.assert_clean('check-icons.py', files)
        self.assert_finds('check-icons.py', {**files, 'src/ui/b.c': 'f ("b-symbolic");\n'},
                          'src/ui/b.c: “b-symbolic” is not kept')
        self.assert_finds('check-icons.py', {**files, 'ui/p.blp': page % 'styles [ "compact", ]\n'}, 'as COMPACT')

    def test_sources(self):
        self.assert_clean('check-sources.py', {'src/a.c': HEAD})
        self.assert_finds('check-sources.py', {'src/a.c': '\n'}, 'lack')
        self.assert_finds('check-sources.py', {'src/a.c': HEAD + '\n' * 600}, '602 lines')
        self.assert_finds('check-sources.py', {'doc.md': 'see @TREE@/x\n'}, 'doc.md:1: names')

    def test_unused(self):
        header = '#define INN_X (inn_x_quark ())\nvoid inn_x_go (int a,\n  int b);\nint inn_x_quark (void);\n'
        own = 'int\ninn_x_quark (void)\n{\n}\n\nvoid\ninn_x_go (int a)\n{\n}\n'
        self.assert_clean('check-unused.py', {'src/x.h': header, 'src/x.c': own, 'src/y.c': '  inn_x_go (1, 2);\n'})
        for other in ('/* inn_x_go (1) */\n', '  g_print ("inn_x_go");\n', '  inn_x_gone ();\n'):
            self.assert_finds('check-unused.py', {'src/x.h': header, 'src/x.c': own, 'src/y.c': other},
                              'src/x.h: nothing in src/ calls inn_x_go ()')
        self.assert_finds('check-unused.py', {'src/x.h': 'void inn_display_grab (void);\n',
                                              'src/y.c': '  inn_display_grab ();\n'}, 'need not be allowed')

    def test_libvirt(self):
        self.assert_clean('check-libvirt.py', {'src/a.c': 'virDomainRename (a, b, 0); /* virDomainFDAssociate */\n'})
        for newer in ('virDomainFDAssociate (a, "b", 0, c, 0);', 'virDomainCreateWithFlags (a, VIR_DOMAIN_START_RESET_NVRAM);'):
            self.assert_finds('check-libvirt.py', {'src/a.c': newer + '\n'}, 'came with libvirt')

    def test_scripts(self):
        self.assert_clean('check-scripts.py', {'a.sh': '#!/bin/bash\necho a\n'})
        self.assert_finds('check-scripts.py', {'a.sh': 'if true; then\n'}, 'cannot parse')
        self.assert_finds('check-scripts.py', {'a.py': 'def\n'}, 'a.py:1')

    def test_format(self):
        style = {'.clang-format': 'BasedOnStyle: GNU\n'}
        self.assert_clean('check-format.py', {**style, 'a.c': 'int a;\n'})
        self.assert_finds('check-format.py', {**style, 'a.c': 'int   a ;\n'}, 'not formatted')


if __name__ == '__main__':
    unittest.main()
