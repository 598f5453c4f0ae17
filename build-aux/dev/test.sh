# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Summary: build and run the tests; the last line counts them
#
# Usage: ./dev test [OPTION…] [SUITE…]
# Suites: core, virt, ui, data, and long for the slow ones, which run only when named.
#   --sanitize    under AddressSanitizer and UBSan, in build-asan/
#   --sanitize=thread  the core alone under ThreadSanitizer, in build-tsan/; see CONTRIBUTING.md
#   --no-gtk      without the desktop application, in build-nogtk/
#   --cc CC       with another compiler, in build-CC/
#   --only NAME   only the test of that name (as “meson test --list” has it)

main ()
{
  local dir=build options=(-Dwerror=true) suites=() arguments=() only=() wrapper=() long=no status=0
  while [ $# -gt 0 ]; do
    case $1 in
      --sanitize)
        dir+=-asan
        options+=('-Db_sanitize=address,undefined' -Db_lundef=false)
        arguments+=(--timeout-multiplier 4)
        ;;
      --sanitize=thread)
        dir+=-tsan
        options+=(-Db_sanitize=thread -Db_lundef=false -Dgtk=false)
        arguments+=(--timeout-multiplier 4)
        # It needs addresses that the kernel, if left to itself, gives to others.
        wrapper=(setarch -R)
        ;;
      --no-gtk)
        dir+=-nogtk
        options+=(-Dgtk=false)
        ;;
      --cc)
        [ -n "${2:-}" ] || fail "--cc needs a compiler, such as clang" 2
        have "$2" || fail "there is no compiler “$2”" 2
        export CC="$2"
        # Meson finds ccache by itself only for the compiler that nobody named.
        ! have ccache || CC="ccache $2"
        dir+=-$(basename "$2")
        shift
        ;;
      --only)
        [ -n "${2:-}" ] || fail "--only needs the name of a test" 2
        only+=("$2")
        shift
        ;;
      -*) fail "there is no option “$1”; see ./dev test --help" 2 ;;
      core | virt | ui | data | long)
        suites+=(--suite "$1")
        [ "$1" != long ] || long=yes
        ;;
      *) fail "there is no suite “$1”; see ./dev test --help" 2 ;;
    esac
    shift
  done
  [ "$long" = yes ] || [ "${#only[@]}" -gt 0 ] || arguments+=(--no-suite long)

  configure "$dir" "${options[@]}"
  compile "$dir"
  test_environment
  # A run of nothing leaves the log of the run before.
  rm -f "$SRC/$dir/meson-logs/testlog.json"
  "${wrapper[@]}" meson test -C "$SRC/$dir" --no-rebuild "${arguments[@]}" "${suites[@]}" "${only[@]}" || status=$?
  echo
  python3 "$SRC/build-aux/dev/report.py" "$SRC/$dir/meson-logs/testlog.json" || exit 1
  exit "$status"
}

# The sanitizers' options do nothing in a build without them.
test_environment ()
{
  # Fibers have stacks of their own, which the use-after-return check does not know.
  export ASAN_OPTIONS=detect_stack_use_after_return=0:halt_on_error=1:abort_on_error=1:print_summary=1
  export UBSAN_OPTIONS=halt_on_error=1:abort_on_error=1:print_summary=1:print_stacktrace=1
  export LSAN_OPTIONS=suppressions=$SRC/tests/lsan.supp:print_suppressions=0
  export TSAN_OPTIONS=suppressions=$SRC/tests/tsan.supp:halt_on_error=1
}
