#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""build-aux/dev/report.py counts sub-tests, skips and every way to fail."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REPORT = os.path.join(SOURCE, 'build-aux', 'dev', 'report.py')

GOOD = {'name': 'innkeeper:core / list', 'result': 'OK', 'returncode': 0,
        'stdout': 'TAP version 14\n1..3\nok 1 /a\n# a word\nok 2 /b\nok 3 /c # SKIP no daemon\n'}


def run(entries):
    """The report's lines and exit status for a log of ENTRIES; None is a log that is not there."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'testlog.json')
        if entries is not None:
            with open(path, 'w', encoding='utf-8') as file:
                file.writelines(json.dumps(entry) + '\n' for entry in entries)
        done = subprocess.run([sys.executable, REPORT, path], capture_output=True, text=True,
                              check=False)
    return done.stdout.splitlines(), done.returncode


class ReportTest(unittest.TestCase):
    def test_sub_tests_and_skips(self):
        lines, status = run([GOOD])
        self.assertEqual(lines[-1], '2 passed, 0 failed, 1 skipped')
        self.assertIn('skipped: core / list /c: no daemon', lines)
        self.assertEqual(status, 0)

    def test_plain_tests(self):
        lines, status = run([
            {'name': 'innkeeper:data / a', 'result': 'OK', 'stdout': '', 'returncode': 0},
            {'name': 'innkeeper:data / b', 'result': 'SKIP', 'stdout': 'first\nno KVM\n',
             'returncode': 77},
            {'name': 'innkeeper:data / c', 'result': 'FAIL', 'stdout': '', 'stderr': 'the cause\n',
             'returncode': 1},
        ])
        self.assertEqual(lines[-1], '1 passed, 1 failed, 1 skipped')
        self.assertIn('skipped: data / b: no KVM', lines)
        self.assertIn('    the cause', lines)
        self.assertEqual(status, 1)

    def test_whole_tap_test_skipped(self):
        lines, status = run([{'name': 'x:ui / w', 'result': 'SKIP', 'returncode': 0,
                              'stdout': '1..0 # SKIP no display\n'}])
        self.assertEqual(lines, ['skipped: ui / w: no display', '0 passed, 0 failed, 1 skipped'])
        self.assertEqual(status, 0)

    def test_failed_sub_test_counts_once(self):
        lines, status = run([{'name': 'x:core / t', 'result': 'ERROR', 'returncode': -6,
                              'stdout': '1..3\nok 1 /a\nnot ok 2 /b - wrong\nBail out!\n'}])
        self.assertEqual(lines[-1], '1 passed, 1 failed, 0 skipped')
        self.assertEqual(status, 1)

    def test_crash_is_a_failure(self):
        lines, status = run([{'name': 'x:core / t', 'result': 'ERROR', 'returncode': -11,
                              'stdout': 'TAP version 14\n1..3\nok 1 /a\n'}])
        self.assertEqual(lines[-1], '1 passed, 1 failed, 0 skipped')
        self.assertIn('failed: core / t (it ended after 1 of 3 sub-tests)', lines)
        self.assertEqual(status, 1)

    def test_bad_status_after_good_sub_tests(self):
        lines, status = run([{**GOOD, 'result': 'FAIL', 'returncode': 23}])
        self.assertEqual(lines[-1], '2 passed, 1 failed, 1 skipped')
        self.assertEqual(status, 1)

    def test_time_out(self):
        lines, _ = run([{'name': 'x:virt / slow', 'result': 'TIMEOUT', 'stdout': '',
                         'returncode': -15}])
        self.assertEqual(lines[-1], '0 passed, 1 failed, 0 skipped')

    def test_nothing_ran(self):
        for entries in (None, []):
            lines, status = run(entries)
            self.assertEqual(lines[-1], '0 passed, 0 failed, 0 skipped')
            self.assertEqual(status, 1)


if __name__ == '__main__':
    unittest.main()
