# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Shared by ./dev and its commands. SRC is the source tree.

# Some services and containers have no home folder in their environment, or “/”.
if [ "${HOME:-/}" = / ]; then
  HOME=$(getent passwd "$(id -u)" | cut -d : -f 6)
  [ "${HOME:-/}" != / ] || HOME=/tmp
  export HOME
fi
# The specification says that a path which is not absolute counts for nothing.
case ${XDG_CACHE_HOME:-} in
  /*) ;;
  *) unset XDG_CACHE_HOME ;;
esac
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/innkeeper
PACKAGES=$SRC/build-aux/packages/debian-13.txt
# Stands in every root that ./dev makes and says which package list it was made from.
ROOT_MARK=/etc/innkeeper-root

say ()
{
  printf '%s\n' "$*" >&2
}

# fail TEXT [STATUS]: says what is wrong and what to do, and ends.
fail ()
{
  printf './dev: %s\n' "$1" >&2
  exit "${2:-1}"
}

have ()
{
  command -v "$1" >/dev/null 2>&1
}

is_root ()
{
  [ "$(id -u)" = 0 ]
}

inside_root ()
{
  [ -e "$ROOT_MARK" ]
}

# package_list FILE [run]: the names in FILE, one a line, without comments; with “run” without what
# only the tests need: to look at Innkeeper nobody has to have an SSH server.
package_list ()
{
  local unwanted=""
  [ "${2:-}" != run ] || unwanted='/^## tests:/,$d;'
  sed "${unwanted}s/#.*//" "$1" | tr -s ' \t' '\n' | grep -v '^$' | LC_ALL=C sort -u
}

# The distribution's word from os-release, without letting the file set our variables.
os_release ()
{
  ( . /etc/os-release 2>/dev/null; eval "printf '%s' \"\${$1:-}\"" )
}

# True where the distribution is at the baseline (Debian 13) or newer.
baseline_is_native ()
{
  local id version
  case ${INNKEEPER_BUILD:-auto} in
    native) return 0 ;;
    root) return 1 ;;
    auto) ;;
    *) fail "INNKEEPER_BUILD is “$INNKEEPER_BUILD”; it can be native, root or auto" 2 ;;
  esac
  id=$(os_release ID)
  version=$(os_release VERSION_ID)
  case $id in
    debian) [ -z "$version" ] || [ "${version%%.*}" -ge 13 ] ;;
    ubuntu) [ "${version/./}" -ge 2504 ] 2>/dev/null ;;
    fedora) [ "${version%%.*}" -ge 42 ] 2>/dev/null ;;
    *) return 1 ;;
  esac
}

# configure DIR OPTION…: makes or renews a build folder; does nothing when nothing changed.
configure ()
{
  local dir=$SRC/$1 wanted mode=()
  shift
  # A hundred programs are linked for the tests: with ld that is most of a build's time.
  ! have mold || set -- "$@" -Dc_link_args=-fuse-ld=mold
  wanted="$* $(cat "$ROOT_MARK" 2>/dev/null || true) ${CC:-}"
  if [ ! -f "$dir/build.ninja" ]; then
    # A folder that an interrupted set-up left half done has no ninja file and cannot be renewed.
    [ ! -d "$dir/meson-private" ] || mode=(--wipe)
  elif [ "$(cat "$dir/.dev-options" 2>/dev/null)" != "$wanted" ]; then
    # Another root may have other libraries: what Meson remembers of them is not to be trusted.
    mode=(--reconfigure --clearcache)
  else
    return 0
  fi
  say "Configuring $(basename "$dir")/"
  mkdir -p "$dir"
  if ! meson setup "${mode[@]}" "$@" "$dir" "$SRC" >"$dir/dev-configure.log" 2>&1; then
    tail -n 30 "$dir/dev-configure.log" >&2
    fail "Meson could not configure; the whole output is in $dir/dev-configure.log"
  fi
  printf '%s\n' "$wanted" >"$dir/.dev-options"
}

# compile DIR [TARGET…]: builds; quiet when there is nothing to do.
compile ()
{
  local dir=$SRC/$1
  shift
  ninja -C "$dir" -j "$(nproc)" "$@" >&2 || fail "the build failed; the first error above says where"
}
