#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Desktop entry, AppStream metadata, settings schema, icons and help are valid."""

import os
import tempfile

import tree

APP_ID = 'io.github.innkeeper.Innkeeper'


def check(source):
    with tempfile.TemporaryDirectory() as folder:
        made = {}
        for name in source.under('data', APP_ID + '.desktop.in.in', APP_ID + '.metainfo.xml.in.in',
                                 APP_ID + '.gschema.xml.in'):
            path = os.path.join(folder, os.path.basename(name).replace('.in', ''))
            text = source.read(name).replace('@APP_ID@', APP_ID)
            text = text.replace('@APP_PATH@', '/' + APP_ID.replace('.', '/') + '/')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
            made[path.rsplit('.', 1)[-1] if 'schema' not in path else 'schema'] = path
        source.run(['desktop-file-validate'], [made['desktop']], 'the desktop entry is not valid:')
        # A home page is told when the project has one.
        source.run(['appstreamcli', 'validate', '--no-net', '--override=url-homepage-missing=info'],
                   [path for path in made.values() if 'metainfo' in path],
                   'the metadata is not valid:')
        source.run(['glib-compile-schemas', '--strict', '--dry-run'], [folder],
                   'the settings schema is not valid:')
    source.run(['xmllint', '--noout'], source.under('data', '.svg'), 'an icon is not XML:')
    source.run(['yelp-check', 'validate'], source.under('help', '.page'), 'the help is not valid:')
    source.run(['yelp-check', 'links'], source.under('help/C', '.page'), 'the help has dead links:')


if __name__ == '__main__':
    tree.main(check, __doc__)
