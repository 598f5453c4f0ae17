#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""build-aux/dev/bench.py passes results within their limits and nothing else."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BENCH = os.path.join(SOURCE, 'build-aux', 'dev', 'bench.py')

RESULT = {'id': 'load', 'unit': 's', 'ours': 1.2, 'reference': 1, 'reference_is': 'a bare program',
          'ratio': 1.2, 'limit': 1.5}
GOOD = {'name': 'view', 'date': '2026-01-01T00:00:00Z', 'machine': '2 cores', 'results': [RESULT]}


def judge(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'view.json')
        if text is not None:
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
        done = subprocess.run([sys.executable, BENCH, path], capture_output=True, text=True,
                              check=False)
    return done.returncode, done.stdout


class BenchTest(unittest.TestCase):
    def test_within_limit(self):
        status, text = judge(json.dumps(GOOD))
        self.assertEqual(status, 0, text)
        self.assertIn('load', text)

    def test_over_limit(self):
        slow = {**GOOD, 'results': [RESULT, {**RESULT, 'ratio': 1.6}]}
        status, text = judge(json.dumps(slow))
        self.assertEqual(status, 1)
        self.assertIn('OVER THE LIMIT', text)

    def test_bad_files(self):
        for text in (None, '', '[]', json.dumps({**GOOD, 'results': []}),
                     json.dumps({**GOOD, 'results': [{**RESULT, 'ratio': 'low'}]}),
                     json.dumps({**GOOD, 'machine': None})):
            self.assertEqual(judge(text)[0], 1)


if __name__ == '__main__':
    unittest.main()
