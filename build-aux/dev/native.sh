# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Building on the machine itself: are the packages there?

# native_missing [run]
native_missing ()
{
  local list
  if have dpkg-query; then
    list=$(package_list "$PACKAGES" "$@")
    LC_ALL=C comm -23 <(printf '%s\n' "$list") \
      <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
        sed -n 's/^installed //p' | LC_ALL=C sort -u)
  elif have rpm; then
    while read -r list; do
      rpm -q --whatprovides "$list" >/dev/null 2>&1 || printf '%s\n' "$list"
    done < <(package_list "$SRC/build-aux/packages/fedora.txt" "$@")
  fi
}

# native_check COMMAND: lists what COMMAND needs and is missing, and asks to install it; exits 3 when
# nobody can be asked.
native_check ()
{
  local missing command update="" what="to build and test Innkeeper" part=all answer
  case $1 in
    # Who wants to look at it needs no hosts to test against.
    run | shell) part=run what="to build and run Innkeeper" ;;
  esac
  missing=$(native_missing "$part" | paste -s -d ' ')
  [ -n "$missing" ] || return 0
  if have apt-get; then
    update="apt-get update"
    command="apt-get install --no-install-recommends $missing"
  elif have dnf; then
    command="dnf install $missing"
  else
    fail "$what, these packages are missing; install them with your package manager: $missing"
  fi
  if ! is_root && have sudo; then
    update=${update:+sudo $update}
    command="sudo $command"
  fi
  say "These packages are needed $what and are not installed:"
  say "  $missing"
  if is_root && [ "${CI:-}" = true ]; then
    native_install -y </dev/null
  elif [ ! -t 0 ] || [ ! -t 2 ]; then
    native_explain
  elif ! is_root && ! have sudo; then
    native_explain
  else
    printf 'Install them now? This runs “%s…”. [y/N] ' "${update:+$update && }${command%"$missing"}" >&2
    read -r answer
    case $answer in
      [yY]*) native_install -y ;;
      *) native_explain ;;
    esac
  fi
}

# native_install OPTION…: runs $update and $command.
native_install ()
{
  export DEBIAN_FRONTEND=noninteractive
  # An old list may name packages that the mirror has no more; an update that fails may do no harm.
  [ -z "$update" ] || $update >&2 || say "./dev: “$update” failed; trying with the lists that are there"
  $command "$@" >&2 || fail "installing them failed; see above"
}

native_explain ()
{
  if is_root || have sudo; then
    say "Install them with:"
  else
    say "Become root with “su -” and install them with:"
  fi
  [ -z "$update" ] || say "  $update"
  say "  $command"
  exit 3
}

native_environment ()
{
  export CCACHE_DIR=${CCACHE_DIR:-$CACHE/ccache}
}
