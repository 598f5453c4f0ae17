#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the results of a benchmark.

bench.py NAME.JSON prints the results as a table; exit 1 when a ratio is over its limit or the
file is not as it should be. bench.py --list BUILD names the benchmarks of a build folder.
"""

import argparse
import json
import os
import subprocess
import sys

TEXTS = ('id', 'unit', 'reference_is')
NUMBERS = ('ours', 'reference', 'ratio', 'limit')


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def find_faults(data):
    """What is wrong with the form of DATA, as a list of texts."""
    if not isinstance(data, dict):
        return ['it is not an object']
    faults = [f'“{key}” is not a text' for key in ('name', 'date', 'machine')
              if not isinstance(data.get(key), str)]
    results = data.get('results')
    if not isinstance(results, list) or not results:
        return [*faults, 'it has no results']
    for number, result in enumerate(results, 1):
        if not isinstance(result, dict):
            faults.append(f'result {number} is not an object')
            continue
        faults += [f'result {number}: “{key}” is not a text' for key in TEXTS
                   if not isinstance(result.get(key), str)]
        faults += [f'result {number}: “{key}” is not a number' for key in NUMBERS
                   if not is_number(result.get(key))]
    return faults


def judge(path):
    """Prints the results in PATH; true when all are within their limits."""
    try:
        with open(path, encoding='utf-8') as file:
            data = json.load(file)
    except (OSError, ValueError) as error:
        print(f'{path}: no results: {error}')
        return False
    faults = find_faults(data)
    if faults:
        print('\n'.join(f'{path}: {fault}' for fault in faults))
        return False
    good = True
    print(f'{data["name"]}, {data["date"]}, {data["machine"]}')
    print(f'{"":24} {"ours":>12} {"reference":>12} {"ratio":>7} {"limit":>7}')
    for result in data['results']:
        over = result['ratio'] > result['limit']
        good = good and not over
        print(f'{result["id"]:24} {result["ours"]:12.6g} {result["reference"]:12.6g} '
              f'{result["ratio"]:7.2f} {result["limit"]:7.2f}  {result["unit"]}, against '
              f'{result["reference_is"]}{"  OVER THE LIMIT" if over else ""}')
    return good


def list_benchmarks(build):
    done = subprocess.run(['meson', 'introspect', '--benchmarks', build], capture_output=True,
                          check=True)
    for benchmark in json.loads(done.stdout):
        print(benchmark['name'])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--list', action='store_true')
    parser.add_argument('path', type=os.path.abspath)
    arguments = parser.parse_args()
    if arguments.list:
        list_benchmarks(arguments.path)
        return 0
    return 0 if judge(arguments.path) else 1


if __name__ == '__main__':
    sys.exit(main())
