# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Debian 13 root for machines older than the baseline: made once, entered quickly.
# It is keyed by the package list, shared by all source trees of a user, and private to the user.

ROOT_SUITE=trixie
# Raise it when the way a root is made changes, so that older ones are made anew.
ROOT_FORMAT=1
# A root of another package list is kept for so many days after its last use.
ROOT_KEEP_DAYS=3

root_find ()
{
  ROOT_KEY=$({ echo "format $ROOT_FORMAT $ROOT_SUITE"; package_list "$PACKAGES"; } |
    sha256sum | cut -c 1-16)
  ROOT=$CACHE/root-$ROOT_KEY
}

# Says which programs are missing to make or enter a root; as root on Debian it installs them.
root_tools ()
{
  local missing=() packages
  have mmdebstrap || missing+=(mmdebstrap)
  [ -e /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  if ! is_root; then
    have newuidmap || missing+=(uidmap)
    have bwrap || missing+=(bubblewrap)
  fi
  [ "${#missing[@]}" -gt 0 ] || return 0
  packages=${missing[*]}
  if ! have apt-get; then
    fail "to make the Debian 13 build root, install these with your package manager: $packages"
  elif ! is_root; then
    fail "to make the Debian 13 build root, type: sudo apt-get install $packages"
  fi
  say "Installing $packages, which makes the Debian 13 build root"
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $packages; } >"$CACHE/apt.log" 2>&1 </dev/null; then
    tail -n 15 "$CACHE/apt.log" >&2
    fail "could not install $packages; is the network there, and does “apt-get update” work?"
  fi
}

# The machine's own Debian mirror as sources.list lines for the root's suite; nothing where the
# machine is not Debian or says nothing, and then mmdebstrap's default is used.
root_sources ()
{
  local main security
  [ "$(os_release ID)" = debian ] || return 0
  root_apt_uris | {
    while read -r uri suite; do
      case $suite in
        *-security | */updates) security=${security:-$uri} ;;
        *-* | *:*) ;;
        *) main=${main:-$uri} ;;
      esac
    done
    [ -n "${main:-}" ] || return 0
    echo "deb $main $ROOT_SUITE main"
    echo "deb $main $ROOT_SUITE-updates main"
    [ -z "${security:-}" ] || echo "deb $security $ROOT_SUITE-security main"
  }
}

# root_apt_uris: “URI SUITE” for each Debian source of the machine, one-line and deb822.
root_apt_uris ()
{
  local file
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$file" ] || continue
    sed -n 's/^deb[[:space:]]\+\(\[[^]]*\][[:space:]]*\)\?\([^[:space:]]\+\)[[:space:]]\+\([^[:space:]]\+\)[[:space:]].*\bmain\b.*/\2 \3/p' "$file"
  done
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -f "$file" ] || continue
    awk 'BEGIN { RS = ""; FS = "\n" }
      { uri = suite = ""; deb = main = 0
        for (i = 1; i <= NF; i++) {
          n = split ($i, word, /[ \t]+/)
          if (word[1] == "URIs:") uri = word[2]
          if (word[1] == "Suites:") suite = word[2]
          if (word[1] == "Types:" && $i ~ /deb( |$)/) deb = 1
          if (word[1] == "Components:" && $i ~ / main( |$)/) main = 1
          if (word[1] == "Enabled:" && word[2] == "no") deb = 0
        }
        if (deb && main && uri != "" && suite != "") print uri, suite
      }' "$file"
  done | sed 's#mirror+file:[^ ]*#&#' | grep -E '^https?://.*debian' || true
}

# root_make: makes the root unless it is there. Of several callers one works, the others wait.
root_make ()
{
  local lock
  root_find
  if ! mkdir -p "$CACHE" 2>/dev/null || [ ! -w "$CACHE" ]; then
    fail "cannot write to $CACHE, where the Debian 13 build root is kept; set XDG_CACHE_HOME to a folder of yours with 3 GB of room"
  fi
  [ ! -e "$ROOT$ROOT_MARK" ] || return 0
  exec {lock}>"$CACHE/make.lock"
  if ! flock -n "$lock"; then
    say "Waiting for another ./dev that makes the build root"
    flock "$lock"
  fi
  if [ ! -e "$ROOT$ROOT_MARK" ]; then
    root_tools
    # We hold the lock: what has a temporary name belongs to a ./dev that was interrupted.
    rm -rf --one-file-system "$CACHE"/root-*.new
    root_build "$ROOT.new"
    mv -T "$ROOT.new" "$ROOT"
    root_remove_old
  fi
  exec {lock}>&-
}

root_build ()
{
  local new=$1 log=$CACHE/make.log start=$SECONDS include sources pid status=0
  local options=(--variant=minbase --aptopt='Apt::Install-Recommends "false"'
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*'
    --dpkgopt='path-exclude=/usr/share/info/*')
  include=$(package_list "$PACKAGES" | paste -s -d ,)
  mapfile -t sources < <(root_sources)
  say "Making the Debian 13 build root in $ROOT"
  say "This is done once and takes some minutes and about 2.5 GB; the log is $log"
  # A process group of its own, so that all of it can be ended.
  set -m
  if is_root; then
    mmdebstrap --mode=root "${options[@]}" --include="$include" "$ROOT_SUITE" "$new" \
      "${sources[@]}" </dev/null >"$log" 2>&1 &
  else
    # Unpacked by us, all files are ours: no foreign ids, and rm can remove it.
    mkdir -p "$new"
    { mmdebstrap --mode=unshare --format=tar "${options[@]}" --include="$include" "$ROOT_SUITE" - \
      "${sources[@]}" </dev/null | tar -x --exclude='./dev/*' -C "$new"; } 2>"$log" &
  fi
  pid=$!
  set +m
  trap 'root_abandon "$pid" "$new"' INT TERM HUP
  while kill -0 "$pid" 2>/dev/null; do
    [ ! -t 2 ] || printf '\r  %d s' "$((SECONDS - start))" >&2
    sleep 1
  done
  wait "$pid" || status=$?
  trap - INT TERM HUP
  [ ! -t 2 ] || printf '\r' >&2
  if [ "$status" -ne 0 ]; then
    tail -n 15 "$log" >&2
    rm -rf --one-file-system "$new"
    root_explain "$log"
  fi
  rm -f "$new/etc/resolv.conf" "$new/usr/sbin/policy-rc.d"
  mkdir -p "$new/etc"
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$new/etc/machine-id"
  echo "$ROOT_KEY" >"$new$ROOT_MARK"
  say "Made it in $((SECONDS - start)) s"
}

# root_abandon PID FOLDER: lets mmdebstrap clean up after itself, then removes what is left.
root_abandon ()
{
  trap '' INT TERM HUP
  say "Interrupted; removing the unfinished root"
  kill -TERM -- "-$1" 2>/dev/null || true
  while kill -0 -- "-$1" 2>/dev/null; do
    sleep 0.2
  done
  rm -rf --one-file-system "$2"
  exit 130
}

root_explain ()
{
  local advice="see the log, $1"
  if grep -q 'No space left' "$1"; then
    advice="the disk of $CACHE is full; free 3 GB or set XDG_CACHE_HOME to a folder with room"
  elif grep -qiE 'Could not resolve|Unable to connect|Connection (refused|timed out)|Failed to fetch' "$1"; then
    advice="the Debian mirror cannot be reached; check the network, or a proxy in http_proxy"
  elif grep -qiE 'subuid|subgid|newuidmap' "$1"; then
    advice="your user has no subordinate ids; type: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $(id -un)"
  elif grep -qiE 'unshare|mount.*(denied|not permitted)|Operation not permitted' "$1"; then
    advice="this machine or container forbids mount namespaces; allow them (a container: --cap-add SYS_ADMIN, or --privileged), or build on Debian 13"
  fi
  fail "could not make the build root: $advice"
}

# Removes roots of other package lists that no process is in and nobody entered lately.
root_remove_old ()
{
  local old lock
  exec {lock}>"$CACHE/enter.lock"
  # Somebody is entering one just now: the next new root tidies up.
  if flock -n "$lock"; then
    while read -r old; do
      [ "$old" != "$ROOT" ] || continue
      root_in_use "$old" || rm -rf --one-file-system "$old"
    done < <(find "$CACHE" -mindepth 1 -maxdepth 1 -type d -name 'root-????????????????' \
      -mmin "+$((ROOT_KEEP_DAYS * 1440))")
  fi
  exec {lock}>&-
}

root_in_use ()
{
  local wanted process
  wanted=$(stat -c %d:%i "$1")
  for process in /proc/[0-9]*; do
    [ "$(stat -L -c %d:%i "$process/root/" 2>/dev/null)" != "$wanted" ] || return 0
  done
  return 1
}

# root_shares: the folders that are the same inside and outside, each once, parents first.
root_shares ()
{
  local path covered last=
  {
    printf '%s\n' "$SRC" "$HOME" /tmp "$CACHE"
    # A linked worktree has its objects elsewhere.
    git -C "$SRC" rev-parse --path-format=absolute --git-common-dir 2>/dev/null || true
  } | while read -r path; do readlink -f "$path"; done | LC_ALL=C sort -u |
    while read -r path; do
      [ "$path" != / ] || fail "the source tree, the home folder or the cache is “/”; use another place"
      covered=no
      case $path/ in "$last"/*) [ -z "$last" ] || covered=yes ;; esac
      [ "$covered" = yes ] || { printf '%s\n' "$path"; last=$path; }
    done
}

# root_sockets: what in /run, or elsewhere outside the shared folders, programs talk to.
root_sockets ()
{
  local bus=${DBUS_SESSION_BUS_ADDRESS:-} path
  case $bus in unix:path=*) bus=${bus#unix:path=} bus=${bus%%,*} ;; *) bus= ;; esac
  for path in "/run/user/$(id -u)" /run/libvirt /run/dbus /run/pcscd "${XDG_RUNTIME_DIR:-}" \
    "${SSH_AUTH_SOCK:-}" "$bus" "${XAUTHORITY:-}" /tmp/.X11-unix; do
    case $path in
      /run/*) [ ! -e "$path" ] || printf '%s\n' "$path" ;;
      /var/run/*) [ ! -e "$path" ] || printf '%s\n' "/run/${path#/var/run/}" ;;
    esac
  done | LC_ALL=C sort -u
}

# root_refresh: what the root takes from the machine: names and time. Written only when it differs.
root_refresh ()
{
  local file line
  for file in /etc/resolv.conf /etc/hosts /etc/hostname /etc/localtime; do
    [ -r "$file" ] || continue
    cmp -s "$file" "$ROOT$file" || {
      cp -L --remove-destination "$file" "$ROOT$file.$$" && mv -Tf "$ROOT$file.$$" "$ROOT$file"
    }
  done
  # ssh and others refuse to work for a user without a name.
  for file in passwd group; do
    line=$(getent "$file" "$([ "$file" = passwd ] && id -u || id -g)") || continue
    grep -qF -- "${line%%:*}:" "$ROOT/etc/$file" || printf '%s\n' "$line" >>"$ROOT/etc/$file"
  done
}

# root_environment: the caller's environment, less what names the machine's own libraries.
root_environment ()
{
  unset LD_LIBRARY_PATH LD_PRELOAD LIBRARY_PATH CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH \
    PKG_CONFIG_PATH PKG_CONFIG_LIBDIR PYTHONHOME PYTHONPATH VIRTUAL_ENV PERL5LIB XDG_DATA_DIRS \
    XDG_CONFIG_DIRS GTK_PATH GIO_EXTRA_MODULES GIO_MODULE_DIR GI_TYPELIB_PATH LOCPATH \
    GSETTINGS_SCHEMA_DIR LC_ALL LC_CTYPE LC_MESSAGES LC_TIME LC_NUMERIC LC_COLLATE
  # The only locale that the root has for certain.
  export LANG=C.UTF-8
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  export CCACHE_DIR=${CCACHE_DIR:-$CACHE/ccache}
  export XDG_RUNTIME_DIR=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}
  # A folder that is not there inside, or not there at all, is of no use to anybody.
  root_has "$(readlink -f "${TMPDIR:-/tmp}")" && [ -w "${TMPDIR:-/tmp}" ] || unset TMPDIR
  [ -n "${SHELL:-}" ] && [ -x "$ROOT$SHELL" ] || export SHELL=/bin/bash
}

# root_enter COMMAND ARGUMENT…: ends as “./dev COMMAND ARGUMENT…” inside the root.
root_enter ()
{
  local shares sockets path directory=$SRC
  mapfile -t shares < <(root_shares)
  mapfile -t sockets < <(root_sockets)
  ! root_has "$PWD" || directory=$PWD
  exec {ENTER_LOCK}<>"$CACHE/enter.lock"
  flock -s "$ENTER_LOCK"
  [ -e "$ROOT$ROOT_MARK" ] || fail "the build root $ROOT has just been removed; try again"
  touch "$ROOT"
  root_refresh
  if is_root; then
    root_enter_as_root "$@"
  else
    root_enter_as_user "$@"
  fi
}

# root_has PATH: whether it is the same folder inside and outside.
root_has ()
{
  local share
  for share in "${shares[@]}"; do
    case $1/ in "$share"/*) return 0 ;; esac
  done
  return 1
}

root_enter_as_root ()
{
  root_environment
  # As pid of its own mount namespace: what is mounted here, the machine does not see.
  exec /usr/bin/unshare --mount --propagation slave /bin/bash "$SRC/build-aux/dev/pivot.sh" \
    "$ROOT" "$directory" "$ENTER_LOCK" "${#shares[@]}" "${shares[@]}" "${#sockets[@]}" "${sockets[@]}" \
    "$SRC/dev" "$@"
}

root_enter_as_user ()
{
  local arguments=(--bind "$ROOT" / --dev-bind /dev /dev --bind /proc /proc --bind /sys /sys
    --tmpfs /run --dir "/run/user/$(id -u)" --dir /run/lock)
  for path in "${shares[@]}" "${sockets[@]}"; do
    arguments+=(--bind "$path" "$path")
  done
  root_environment
  root_run_in bwrap "${arguments[@]}" --chdir "$directory" /bin/bash -c \
    'chmod 700 "/run/user/$(id -u)"; exec '"$ENTER_LOCK"'>&-
      echo $$ >&"$INSIDE"; exec {INSIDE}>&-; unset INSIDE
      exec env --default-signal=INT,QUIT "$@"' _ "$SRC/dev" "$@"
}

# root_run_in COMMAND…: bubblewrap stays between us and what runs inside, and a signal would end it
# alone. So it runs in the background, where Ctrl+C passes it by, and we hand on what we are sent.
# The command tells its own pid on $INSIDE.
root_run_in ()
{
  local status=0 wrapper pids
  pids=$CACHE/enter-$$
  rm -f "$pids"
  mkfifo -m 600 "$pids"
  exec {INSIDE}<>"$pids"
  rm -f "$pids"
  export INSIDE
  ROOT_PROGRAM=
  trap 'root_pass_on TERM' TERM
  trap 'root_pass_on HUP' HUP
  # From a terminal it reaches those inside by itself.
  trap '[ -t 0 ] || root_pass_on INT' INT
  "$@" <&0 &
  wrapper=$!
  while ! read -r -t 0.2 -u "$INSIDE" ROOT_PROGRAM && kill -0 "$wrapper" 2>/dev/null; do
    :
  done
  exec {INSIDE}>&-
  while kill -0 "$wrapper" 2>/dev/null; do
    status=0
    wait "$wrapper" || status=$?
  done
  exit "$status"
}

root_pass_on ()
{
  [ -z "$ROOT_PROGRAM" ] || kill -s "$1" "$ROOT_PROGRAM" 2>/dev/null || true
}
