# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Building on the machine itself: are the packages there?

native_missing ()
{
  local list
  if have dpkg-query; then
    list=$(package_list "$PACKAGES")
    LC_ALL=C comm -23 <(printf '%s\n' "$list") \
      <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
        sed -n 's/^installed //p' | LC_ALL=C sort -u)
  elif have rpm; then
    while read -r list; do
      rpm -q --whatprovides "$list" >/dev/null 2>&1 || printf '%s\n' "$list"
    done < <(package_list "$SRC/build-aux/packages/fedora.txt")
  fi
}

# native_check: lists what is missing and asks to install it; exits 3 when nobody can be asked.
native_check ()
{
  local missing command answer
  missing=$(native_missing | tr '\n' ' ')
  [ -n "${missing// /}" ] || return 0
  if have apt-get; then
    command="apt-get install -y --no-install-recommends $missing"
  else
    command="dnf install -y $missing"
  fi
  is_root || command="sudo $command"
  say "These packages are needed to build and test Innkeeper and are not installed:"
  say "  $missing"
  if is_root && [ "${CI:-}" = true ]; then
    ! have apt-get || apt-get update -q >&2
    DEBIAN_FRONTEND=noninteractive $command >&2 </dev/null || fail "installing them failed; see above"
    return 0
  fi
  if [ ! -t 0 ] || [ ! -t 2 ]; then
    say "Install them with:"
    say "  $command"
    exit 3
  fi
  printf 'Install them now with “%s”? [y/N] ' "${command%% -*} …" >&2
  read -r answer
  case $answer in
    [yY]*) $command || fail "installing them failed; see above" ;;
    *) exit 3 ;;
  esac
}

native_environment ()
{
  export CCACHE_DIR=${CCACHE_DIR:-$CACHE/ccache}
}
