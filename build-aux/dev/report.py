#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what a Meson test run did, with the sub-tests of tests that speak TAP.

report.py TESTLOG.JSON lists every skip with its reason and every failure with the end of its
log; its last line is "N passed, N failed, N skipped". Exit 1 when something failed or nothing ran.
"""

import argparse
import json
import re
import sys

TAIL_LINES = 40

# Meson's words for a test that did not do what it should.
BAD_RESULTS = {'FAIL', 'ERROR', 'TIMEOUT', 'INTERRUPT', 'UNEXPECTEDPASS'}

TAP_PLAN = re.compile(r'^1\.\.(\d+)(?:\s*#\s*skip\S*\s*(.*))?$', re.IGNORECASE)
TAP_POINT = re.compile(r'^(not )?ok\b\s*(\d+)?\s*(?:-\s*)?(.*)$')
TAP_DIRECTIVE = re.compile(r'^(.*?)\s*#\s*(skip|todo)\S*\s*(.*)$', re.IGNORECASE)


class Totals:
    """What a run did: counts, and the skips and failures to be listed."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def __str__(self):
        return f'{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped'


def last_line(*texts):
    """The last line that says something, of the first text that has one."""
    for text in texts:
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if lines:
            return lines[-1]
    return 'it gave no reason'


def speaks_tap(text):
    return text.startswith('TAP version') or any(
        TAP_PLAN.match(line) for line in text.splitlines())


def count_tap(name, text):
    """Totals of one TAP text, and a word on why it is incomplete, or None."""
    totals = Totals()
    planned = None
    bail = None
    points = 0
    for line in text.splitlines():
        plan = TAP_PLAN.match(line)
        point = TAP_POINT.match(line)
        if plan:
            planned = int(plan.group(1))
            if planned == 0:
                totals.skipped.append((name, plan.group(2) or last_line('')))
        elif line.startswith('Bail out!'):
            bail = line[len('Bail out!'):].strip() or 'it bailed out'
        elif point:
            points += 1
            directive = TAP_DIRECTIVE.match(point.group(3))
            title = directive.group(1) if directive else point.group(3)
            title = f'{name} {title or point.group(2) or points}'
            if directive:
                totals.skipped.append((title, directive.group(3) or last_line('')))
            elif point.group(1):
                totals.failed.append(title)
            else:
                totals.passed += 1
    if bail is None and planned is not None and points < planned:
        bail = f'it ended after {points} of {planned} sub-tests'
    return totals, bail


def count_test(entry):
    """Totals of one line of Meson's test log."""
    name = entry['name'].split(':', 1)[-1]
    out = entry.get('stdout') or ''
    result = entry['result']
    if not speaks_tap(out):
        totals = Totals()
        if result in BAD_RESULTS:
            totals.failed.append(f'{name} ({result.lower()}, status {entry.get("returncode")})')
        elif result == 'SKIP':
            totals.skipped.append((name, last_line(out, entry.get('stderr') or '')))
        else:
            totals.passed += 1
        return totals

    totals, bail = count_tap(name, out)
    if result in BAD_RESULTS and (bail or not totals.failed):
        # A crash, a time-out or a bad exit status is a failure of its own: with the sub-test that
        # bailed out already counted, it would be counted twice.
        if not (totals.failed and out.rstrip().splitlines()[-1].startswith('Bail out!')):
            why = bail or f'{result.lower()}, status {entry.get("returncode")}'
            totals.failed.append(f'{name} ({why})')
    return totals


def print_tail(entry):
    for stream in ('stdout', 'stderr'):
        lines = (entry.get(stream) or '').rstrip().splitlines()
        if not lines:
            continue
        if len(lines) > TAIL_LINES:
            print(f'    … {len(lines) - TAIL_LINES} lines before ({stream})')
        for line in lines[-TAIL_LINES:]:
            print(f'    {line}')


def report(entries):
    """Prints the report of a run and returns its totals."""
    totals = Totals()
    failures = []
    for entry in entries:
        counted = count_test(entry)
        totals.add(counted)
        if counted.failed:
            failures.append((entry, counted.failed))
    for name, reason in totals.skipped:
        print(f'skipped: {name}: {reason}')
    for entry, names in failures:
        for name in names:
            print(f'failed: {name}')
        print_tail(entry)
    print(totals)
    return totals


def read_log(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as file:
            return [json.loads(line) for line in file if line.strip()]
    except FileNotFoundError:
        return []


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('log', help='meson-logs/testlog.json')
    entries = read_log(parser.parse_args().log)
    if not entries:
        print('failed: no test ran; is there a test in the suites that were asked for?')
    totals = report(entries)
    return 1 if totals.failed or not entries else 0


if __name__ == '__main__':
    sys.exit(main())
