#!/bin/bash
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A machine that builds natively and lacks packages: ./dev says which and what to type, as root and
# as a user with and without sudo, asks nobody who cannot answer, and for a look at the program it
# wants no SSH server.
set -euo pipefail
SRC=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# program NAME TEXT: one of the machine that is played here.
program ()
{
  printf '#!/bin/sh\n%s\n' "$2" >"$folder/$1"
  chmod +x "$folder/$1"
}

# try USER-ID COMMAND: what ./dev says on a machine with nothing but what is in the folder and the shell's tools.
try ()
{
  program id "echo $1"
  status=0
  text=$(PATH=$folder INNKEEPER_BUILD=native CI='' bash -c '. "$SRC/build-aux/dev/lib.sh"
    inside_root () { false; }
    . "$SRC/build-aux/dev/native.sh"
    native_check "$1"' _ "$2" 2>&1 </dev/null) || status=$?
}

# check WHAT EXPRESSION…
check ()
{
  local what=$1
  shift
  if ! "$@"; then
    printf 'wrong: %s; status %s, it said:\n%s\n' "$what" "$status" "$text" >&2
    exit 1
  fi
}

says () { [[ $text == *"$1"* ]]; }
is_silent_on () { [[ $text != *"$1"* ]]; }
ended () { [ "$status" = "$1" ]; }

export SRC HOME=$folder
for tool in bash sed tr sort comm grep paste cat; do
  ln -s "$(command -v "$tool")" "$folder/$tool"
done
program apt-get 'echo apt-get must not run by itself; exit 1'
program dpkg-query 'echo installed meson'

try 0 test
check 'as root, the tests' ended 3
check 'as root, the tests' says '  apt-get update
  apt-get install '
check 'as root, the tests' says openssh-server
check 'as root, the tests' is_silent_on sudo
check 'what is there is not asked for' is_silent_on ' meson '
check 'nothing runs by itself' is_silent_on 'must not run'

try 0 run
check 'as root, a look' ended 3
check 'as root, a look' says libgtk-4-dev
check 'as root, a look' is_silent_on openssh-server

try 1000 run
check 'as a user without sudo' says 'su -'
check 'as a user without sudo' is_silent_on 'sudo apt-get'
program sudo 'echo sudo must not run by itself; exit 1'
try 1000 run
check 'as a user with sudo' says '  sudo apt-get install '
check 'as a user with sudo' is_silent_on 'must not run'

rm "$folder/dpkg-query" "$folder/apt-get"
program rpm 'exit 1'
program dnf 'exit 1'
try 0 run
check 'with dnf' says '  dnf install '
check 'with dnf' says gtk4-devel
check 'with dnf' is_silent_on openssh-server

rm "$folder/rpm" "$folder/dnf"
program dpkg-query 'exit 0'
try 0 run
check 'without a known package manager' ended 1
check 'without a known package manager' says 'your package manager'
