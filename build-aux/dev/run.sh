# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Summary: build and start Innkeeper; without a display, on a virtual one
#
# Usage: ./dev run [--virtual] [--screenshot-after SECONDS] [ARGUMENT…]
# The arguments go to the program. On a virtual display, a screenshot is kept in build/run/.
#   --virtual                     use a virtual display even where there is a real one
#   --screenshot-after SECONDS    take another screenshot then (and SIGUSR1 takes one at any time)

. "$SRC/build-aux/dev/display.sh"

main ()
{
  local program=$SRC/build/src/ui/innkeeper arguments=() virtual=no after='' werror=false
  while [ $# -gt 0 ]; do
    case $1 in
      --virtual) virtual=yes ;;
      --screenshot-after)
        [[ ${2:-} =~ ^[0-9]+$ ]] || fail "--screenshot-after needs a number of seconds" 2
        after=$2
        shift
        ;;
      *) arguments+=("$1") ;;
    esac
    shift
  done

  if [ ! -f "$SRC/build/build.ninja" ] || inside_root; then
    # A compiler newer than the baseline's may know new warnings: no reason not to run.
    ! inside_root || werror=true
    configure build "-Dwerror=$werror"
  fi
  # The tests, two fifths of all, can wait for ./dev test.
  compile build run
  [ -x "$program" ] || fail "this build has no desktop application; see -Dgtk in meson.options"

  RUN=$SRC/build/run
  CHILDREN=()
  ENDING=no
  mkdir -p "$RUN"
  trap 'finish 130' INT
  trap 'finish 143' TERM
  trap 'finish 129' HUP
  run_environment
  [ "$virtual" = yes ] || display_answers || virtual=yes
  [ "$virtual" = no ] || display_start
  [ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] || bus_start
  prepare_first_view

  # In the background, so that the shell hears signals meanwhile.
  "$program" "${arguments[@]}" &
  PROGRAM=$!
  if [ "$virtual" = yes ]; then
    trap 'display_screenshot' USR1
    display_explain
    display_settle
    [ -z "$after" ] || screenshot_later "$after"
  fi
  wait_for_program
  finish "$STATUS"
}

screenshot_later ()
{
  {
    trap 'kill "$timer"; exit' TERM
    sleep "$1" &
    timer=$!
    wait
    kill -USR1 $$ 2>/dev/null
  } &
  CHILDREN+=($!)
}

# What “meson devenv” would set, without its process between us and the program.
run_environment ()
{
  eval "$(meson devenv -C "$SRC/build" --dump)"
  export XDG_DATA_DIRS=$SRC/data:${XDG_DATA_DIRS:-/usr/local/share:/usr/share}
  if inside_root; then
    # There is no dconf here, and preferences should last longer than the program.
    export GSETTINGS_BACKEND=${GSETTINGS_BACKEND:-keyfile}
  fi
}

bus_start ()
{
  local address
  rm -f "$RUN/bus"
  mkfifo "$RUN/bus"
  # Services that the bus starts talk to its log and not to the terminal.
  dbus-daemon --session --nofork --nopidfile --nosyslog --print-address=3 3>"$RUN/bus" >"$RUN/bus.log" 2>&1 &
  CHILDREN+=($!)
  read -r -t 10 address <"$RUN/bus" || {
    cat "$RUN/bus.log" >&2
    say "./dev: the session bus did not start; see above"
    finish 1
  }
  rm -f "$RUN/bus"
  export DBUS_SESSION_BUS_ADDRESS=$address
}

# prepare_first_view: gives somebody with nothing yet something real to look at. The helper, where
# there is one, prints KEY=VALUE lines for the program's environment; “down” ends what it started.
prepare_first_view ()
{
  local helper=$SRC/build-aux/dev/first-view.sh line
  [ -f "$helper" ] || return 0
  FIRST_VIEW=$helper
  bash "$helper" up "$RUN" >"$RUN/first-view.env" || say "./dev: starting with an empty view; see above"
  while IFS= read -r line; do
    case $line in
      [A-Z]*=*) export "${line?}" ;;
    esac
  done <"$RUN/first-view.env"
}

# A signal interrupts “wait”; only the end of the program ends the waiting.
wait_for_program ()
{
  STATUS=0
  while kill -0 "$PROGRAM" 2>/dev/null; do
    STATUS=0
    wait "$PROGRAM" || STATUS=$?
  done
}

# finish STATUS: ends what we started, the program first, and exits.
finish ()
{
  local child
  [ "$ENDING" = no ] || return 0
  ENDING=yes
  trap '' INT TERM HUP USR1
  stop "${PROGRAM:-}"
  [ -z "${FIRST_VIEW:-}" ] || bash "$FIRST_VIEW" down "$RUN" || true
  for child in "${CHILDREN[@]}"; do
    stop "$child"
  done
  rm -f "$RUN/pid" "$RUN/xauthority"
  exit "$1"
}

# stop PID: asks, waits five seconds, and then insists.
stop ()
{
  local count
  [ -n "$1" ] && kill "$1" 2>/dev/null || return 0
  for ((count = 0; count < 50; count++)); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -KILL "$1" 2>/dev/null || true
}
