# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A display where there is none: for ./dev run.

# display_answers: whether the display that the environment names is there. A session that ended, or
# “su”, leaves names of displays that are not.
display_answers ()
{
  case ${WAYLAND_DISPLAY:-} in
    '') ;;
    /*) [ ! -S "$WAYLAND_DISPLAY" ] || return 0 ;;
    *) [ ! -S "${XDG_RUNTIME_DIR:-}/$WAYLAND_DISPLAY" ] || return 0 ;;
  esac
  if [ -n "${DISPLAY:-}" ]; then
    have xdpyinfo || return 0
    if timeout 10 xdpyinfo >/dev/null 2>&1; then
      # Not where GTK would try first.
      unset WAYLAND_DISPLAY
      return 0
    fi
  fi
  [ -z "${WAYLAND_DISPLAY:-}${DISPLAY:-}" ] ||
    say "The display “${WAYLAND_DISPLAY:-$DISPLAY}” does not answer."
  return 1
}

display_start ()
{
  local number
  have Xvfb || fail "there is no display, and no Xvfb to make one; install xvfb"
  export XAUTHORITY=$RUN/xauthority
  rm -f "$XAUTHORITY" "$RUN/display"
  # The server takes any cookie of the file; its number is known only when it runs.
  COOKIE=$(mcookie)
  xauth -q -f "$XAUTHORITY" add :0 . "$COOKIE" 2>/dev/null
  mkfifo "$RUN/display"
  Xvfb -displayfd 3 -screen 0 1280x800x24 -nolisten tcp -auth "$XAUTHORITY" 3>"$RUN/display" \
    2>"$RUN/xvfb.log" &
  CHILDREN+=($!)
  read -r -t 20 number <"$RUN/display" || {
    cat "$RUN/xvfb.log" >&2
    say "./dev: the virtual display did not start; see above"
    finish 1
  }
  rm -f "$RUN/display"
  xauth -q -f "$XAUTHORITY" add ":$number" . "$COOKIE"
  export DISPLAY=:$number GDK_BACKEND=x11
  unset WAYLAND_DISPLAY
  # Software GL costs more than it gives on a display that nobody looks at.
  export GSK_RENDERER=${GSK_RENDERER:-cairo}
  echo $$ >"$RUN/pid"
}

display_explain ()
{
  say "Innkeeper runs on the virtual display $DISPLAY (1280x800)."
  say "  Screenshot:        $RUN/screenshot.png"
  say "  Take another one:  kill -USR1 $$"
  if have x11vnc; then
    say "  Use the window:    ./dev shell x11vnc -quiet -localhost -display $DISPLAY -auth $XAUTHORITY"
    say "                     and a VNC viewer on localhost:5900; from another computer first"
    say "                     ssh -L 5900:localhost:5900 THIS-COMPUTER"
  fi
  say "  Or on your screen: ssh -X THIS-COMPUTER, and ./dev run there"
  say "  End:               Ctrl+C"
}

display_screenshot ()
{
  import -silent -window root "png:$RUN/screenshot.new" 2>/dev/null &&
    mv "$RUN/screenshot.new" "$RUN/screenshot.png"
}

# Takes the first screenshot once a window is there and two in a row are the same; a guest's screen
# may never rest, so there is an end to it.
display_settle ()
{
  local last='' now count
  for ((count = 0; count < 60; count++)); do
    kill -0 "$PROGRAM" 2>/dev/null || return 0
    sleep 0.5
    # In the middle of the screen the pointer would point at something that nobody chose.
    xdotool search --onlyvisible --name . mousemove 1279 799 >/dev/null 2>&1 || continue
    display_screenshot || continue
    now=$(sha256sum <"$RUN/screenshot.png")
    [ "$now" != "$last" ] || break
    last=$now
  done
  [ -z "$last" ] || say "Took the screenshot $RUN/screenshot.png"
}
