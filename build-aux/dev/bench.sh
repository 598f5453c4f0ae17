# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Summary: run benchmarks; ratios against a reference of the same run
#
# Usage: ./dev bench [NAME…]
# All benchmarks by default. Each writes build/bench/NAME.json and fails when a ratio is over its limit.
# A benchmark is a Meson benchmark() of that name; it writes to the folder that INN_BENCH_DIR names.

main ()
{
  local names=("$@") known name status=0
  configure build -Dwerror=true
  compile build
  mapfile -t known < <(python3 "$SRC/build-aux/dev/bench.py" --list "$SRC/build")
  if [ "${#known[@]}" -eq 0 ]; then
    fail "there is no benchmark yet"
  fi
  [ $# -gt 0 ] || names=("${known[@]}")
  mkdir -p "$SRC/build/bench"
  for name in "${names[@]}"; do
    case " ${known[*]} " in
      *" $name "*) ;;
      *) fail "there is no benchmark “$name”; there is: ${known[*]}" 2 ;;
    esac
    # A benchmark that writes nothing must not be judged by what an earlier run wrote.
    rm -f "$SRC/build/bench/$name.json"
    # One after the other and with its own words shown: what runs beside it would be measured too.
    INN_BENCH_DIR=$SRC/build/bench meson test -C "$SRC/build" --benchmark --no-rebuild --verbose \
      --num-processes 1 --timeout-multiplier 0 "$name" || status=1
    python3 "$SRC/build-aux/dev/bench.py" "$SRC/build/bench/$name.json" || status=1
  done
  exit "$status"
}
