# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Summary: check format, layers, translations, metadata, scripts
#
# Usage: ./dev lint [--fix] [CHECK…]
# Checks: desktop, format, layers, potfiles, scripts, sources. Each is also a test in suite data.
#   --fix    first put right what can be: format and po/POTFILES.in

main ()
{
  local checks name output passed=0 failed=0
  if [ "${1:-}" = --fix ]; then
    shift
    python3 "$SRC/tests/data/check-format.py" --fix
    python3 "$SRC/tests/data/check-potfiles.py" --fix
  fi
  checks=("$@")
  if [ $# -eq 0 ]; then
    for name in "$SRC"/tests/data/check-*.py; do
      name=${name##*/check-}
      checks+=("${name%.py}")
    done
  fi
  for name in "${checks[@]}"; do
    [ -f "$SRC/tests/data/check-$name.py" ] || fail "there is no check “$name”; see ./dev lint --help" 2
    if output=$(python3 "$SRC/tests/data/check-$name.py" 2>&1); then
      printf '%-10s good\n' "$name"
      passed=$((passed + 1))
    else
      printf '%-10s bad\n%s\n' "$name" "$output"
      failed=$((failed + 1))
    fi
  done
  echo "$passed passed, $failed failed, 0 skipped"
  [ "$failed" -eq 0 ]
}
