#!/bin/bash
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ./dev in places where nobody thought of it: a path with spaces and other letters, a link, another
# folder, no locale, no home folder.
set -euo pipefail
SRC=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
place="$folder/Wirts haus 日本"
mkdir "$place"
cp -r "$SRC/dev" "$SRC/build-aux" "$place"
ln -s "$place/dev" "$folder/link"

# expect STATUS TEXT COMMAND…: its status, and something that it says.
expect ()
{
  local wanted=$1 text=$2 said status=0
  shift 2
  said=$("$@" 2>&1 </dev/null) || status=$?
  if [ "$status" != "$wanted" ] || [[ $said != *"$text"* ]] || [[ $said == *"No such file"* ]]; then
    printf '%s\nstatus %s instead of %s, or not “%s”; it said:\n%s\n' "$*" "$status" "$wanted" "$text" "$said" >&2
    exit 1
  fi
}

cd /
expect 0 'build and run the tests' env LANG=C LC_ALL=C "$place/dev" --help
expect 0 'build and run the tests' "$folder/link" --help
expect 0 '--sanitize' env -u HOME "$place/dev" test --help
expect 2 'Usage' "$place/dev"
expect 2 'no command “frob”' "$place/dev" frob
# What is wrong with the words is said before anything is built.
export INNKEEPER_BUILD=native
if [ -e /etc/innkeeper-root ]; then
  expect 2 'no suite “frob”' "$place/dev" test frob
  expect 2 'number of seconds' "$place/dev" run --screenshot-after soon
fi

# shellcheck disable=SC2016
lib='. "$SRC/build-aux/dev/lib.sh"; echo "$HOME $CACHE"'
export SRC
expect 0 "$folder/x/innkeeper" env XDG_CACHE_HOME="$folder/x" bash -c "$lib"
expect 0 "$folder/.cache/innkeeper" env HOME="$folder" XDG_CACHE_HOME=not/absolute bash -c "$lib"
expect 0 "/.cache/innkeeper" env -u HOME -u XDG_CACHE_HOME bash -euc "$lib"
