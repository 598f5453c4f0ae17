# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the validators share: the files of a source tree, and how a finding is told."""

import argparse
import os
import shutil
import subprocess
import sys

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class Tree:
    """A source tree: its files as paths relative to its root, ignored files left out."""

    def __init__(self, root):
        self.root = root
        self.findings = []
        # Whether a check may put right what it finds.
        self.fix = False
        # The folder may belong to somebody else, as in a container; we only read it.
        listed = subprocess.run(
            ['git', '-c', 'safe.directory=*', '-C', root, 'ls-files', '-z', '-co',
             '--exclude-standard'],
            capture_output=True, check=False)
        if listed.returncode == 0:
            names = {os.fsdecode(name) for name in listed.stdout.split(b'\0') if name}
        else:
            names = set(self._walk())
        self.files = sorted(name for name in names if os.path.isfile(self.path(name)))

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [name for name in folders
                          if name not in ('.git', '__pycache__') and not name.startswith('build-asan')
                          and not os.path.exists(os.path.join(folder, name, 'build.ninja'))]
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), self.root)

    def path(self, name):
        return os.path.join(self.root, name)

    def under(self, folder, *endings):
        """Files below FOLDER ('' for all) whose names end in one of ENDINGS."""
        prefix = folder + '/' if folder else ''
        return [name for name in self.files if name.startswith(prefix) and name.endswith(endings)]

    def read(self, name):
        with open(self.path(name), encoding='utf-8', errors='replace') as file:
            return file.read()

    def lines(self, name):
        return self.read(name).splitlines()

    def scripts(self, interpreter):
        """Files whose first line names INTERPRETER, and those with its usual ending."""
        ending = {'bash': '.sh', 'python3': '.py'}[interpreter]
        found = []
        for name in self.files:
            if name.endswith(ending):
                found.append(name)
            elif '.' not in os.path.basename(name):
                with open(self.path(name), 'rb') as file:
                    first = file.readline(100)
                if first.startswith(b'#!') and interpreter.encode() in first:
                    found.append(name)
        return found

    def complain(self, name, line, text):
        """Notes a finding; LINE is None where it is about the whole file."""
        place = f'{name}:{line}' if line else name
        self.findings.append(f'{place}: {text}')

    def run(self, command, names, text):
        """Runs a tool over NAMES; a finding with its output when it does not like them."""
        if not names:
            return
        if shutil.which(command[0]) is None:
            self.findings.append(f'{command[0]} is not installed')
            return
        done = subprocess.run([*command, *names], cwd=self.root, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode != 0:
            self.findings.append(f'{text}\n{done.stdout.rstrip()}')


def main(check, description):
    """Runs CHECK over a tree and exits 1 when it complained."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument('--tree', default=SOURCE, help='the source tree, this one by default')
    parser.add_argument('--fix', action='store_true', help='put right what can be put right')
    arguments = parser.parse_args()
    tree = Tree(os.path.abspath(arguments.tree))
    tree.fix = arguments.fix
    check(tree)
    for finding in tree.findings:
        print(finding)
    sys.exit(1 if tree.findings else 0)
