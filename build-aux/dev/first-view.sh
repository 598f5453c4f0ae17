# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# For ./dev run: an empty view starts with something real.
#   bash first-view.sh up RUN     prints KEY=VALUE lines for the program's environment, the rest goes to stderr
#   bash first-view.sh down RUN   ends what “up” started
#
# A view that has a host or a data center is left as it is. INNKEEPER_FIRST_VIEW=no leaves an empty one empty, too.

set -uo pipefail
SRC=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
COMMON=$SRC/tests/common
INNCTL=${INNCTL:-$SRC/build/src/cli/innctl}
TRY=${XDG_CACHE_HOME:-$HOME/.cache}/innkeeper/try
NAME=this-computer
GUEST=try-me

say ()
{
  printf '%s\n' "$*" >&2
}

# A daemon that does not answer within seconds is no host for a first view. Nothing may ask for a password here.
answers ()
{
  timeout 8 virsh -q -c "$1" uri </dev/null >/dev/null 2>&1
}

private_host ()
{
  "$COMMON/private-libvirtd" "$1" --dir "$TRY" --name "$NAME" "${@:2}"
}

# fact JSON KEY
fact ()
{
  python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$1" "$2"
}

# The URI of a private libvirtd that ends with ./dev run, or of the one that another ./dev run started. It keeps its
# guests between runs. As root in a container there is nothing else: root's session URI means the system daemon.
private_uri ()
{
  local facts
  facts=$(private_host show 2>/dev/null) || facts=$(private_host start --owner "$OWNER") || return 1
  fact "$facts" uri
}

# The session's daemon outlives ./dev run. A folder for its sockets that does not would leave it, and its guests, where
# nobody finds them again: so inside a root only with the machine's own.
session_lasts ()
{
  [ ! -e /etc/innkeeper-root ] || mountpoint -q "${XDG_RUNTIME_DIR:-/run/user/$(id -u)}"
}

# local_uri: what “this computer” is here; sets URI and whether a guest of ours may be put there.
# A running system daemon belongs to the machine's administrator: we show it and put nothing into it.
local_uri ()
{
  MAY_DEFINE=yes
  if answers qemu:///system; then
    URI=qemu:///system
    MAY_DEFINE=no
  elif [ "$(id -u)" != 0 ] && session_lasts && answers qemu:///session; then
    URI=qemu:///session
  else
    URI=$(private_uri) || return 1
  fi
}

# Defines the small guest where there is none, or where its kernel is gone from the cache.
define_guest ()
{
  local xml
  xml=$(virsh -q -c "$1" dumpxml --inactive "$GUEST" 2>/dev/null) || xml=
  case $xml in
    *"$("$COMMON/guest/build-guest" 2>/dev/null)/vmlinux"*) return 0 ;;
  esac
  say "Preparing a small guest to try: $GUEST"
  "$COMMON/inn_guest.py" "$GUEST" >"$RUN/$GUEST.xml" && virsh -q -c "$1" define "$RUN/$GUEST.xml" >/dev/null
}

# What was made has an identifier, which nobody wants to read here; what went wrong is on stderr.
innctl ()
{
  "$INNCTL" "$@" </dev/null >/dev/null
}

view_is_empty ()
{
  "$INNCTL" --json host list --cached </dev/null 2>/dev/null | python3 -c 'import json, sys; sys.exit(bool(json.load(sys.stdin)))' &&
    "$INNCTL" --json datacenter list </dev/null 2>/dev/null |
    python3 -c 'import json, sys; sys.exit(bool(json.load(sys.stdin)))'
}

add_demo ()
{
  local cluster hosts host demo=$SRC/data/demo
  innctl datacenter create --demo Demo || return 1
  for cluster in Shop:alder,birch Office:cedar,maple; do
    innctl cluster create Demo "${cluster%%:*}" || return 1
    hosts=${cluster#*:}
    for host in ${hosts//,/ }; do
      innctl host add --cluster "Demo/${cluster%%:*}" --name "$host" "test://$demo/$host.xml" || return 1
    done
  done
}

up ()
{
  local empty=yes
  if [ "${INNKEEPER_FIRST_VIEW:-}" = no ]; then
    return 0
  fi
  if [ ! -x "$INNCTL" ]; then
    say "first view: innctl is not built"
    return 1
  fi
  view_is_empty || empty=no
  if [ "$empty" = no ]; then
    # Our private host is of use only while it runs: start it for a view that has it.
    "$INNCTL" --json host list --cached </dev/null 2>/dev/null | grep -qF "$TRY/$NAME/" && private_uri >/dev/null
    return 0
  fi

  if ! command -v virsh >/dev/null; then
    say "first view: virsh is not installed, so this computer is not shown"
  elif local_uri; then
    [ "$MAY_DEFINE" = no ] || define_guest "$URI" || say "first view: no guest to try; see above"
    innctl host add --name "This computer" "$URI"
  else
    say "first view: no libvirt on this computer; see above"
  fi
  add_demo
}

down ()
{
  private_host show 2>/dev/null | grep -qF "\"owner\": $OWNER}" || return 0
  private_host stop
}

if [ $# -ne 2 ]; then
  say "usage: first-view.sh up|down RUN"
  exit 2
fi
RUN=$2
# The ./dev run that called.
OWNER=$PPID
mkdir -p "$RUN"
case $1 in
  up) up ;;
  down) down ;;
  *)
    say "usage: first-view.sh up|down RUN"
    exit 2
    ;;
esac
