#!/usr/bin/env python3
# SPDX-FileCopyrightText: Innkeeper contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""`./dev bench view`: the live view at scale, as ratios against bare programs in the same run.

100 test hosts with 100 guests each. The references do the same work with nothing around it: `bare-view` opens the
same connections in parallel threads and calls list and bulk statistics; `bare-window` is a libadwaita window with
one list of 10,000 strings. Each pair runs alternately, several times; the medians are compared.

Arguments: BUILD-FOLDER, then optionally --runs N --hosts H --vms V --steady SECONDS.
"""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "ui")]
COMMON = os.path.join(HERE, "..", "common")

from bench_report import Report  # noqa: E402
from inn_desktop import Desktop  # noqa: E402

# Pairs of which the steady state is measured, too
STEADY_RUNS = 3


def run_json(desktop, argv, timeout=600, **env):
    """Runs a program that prints one line of JSON and returns it."""
    done = subprocess.run(
        argv,
        env={
            **desktop.env,
            "GTK_A11Y": "none",
            "INNKEEPER_BENCH_T0": str(int(time.monotonic() * 1e6)),
            **env,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        timeout=timeout,
        text=True,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if lines:
        return lines[0] if len(lines) == 1 else {line["phase"]: line for line in lines}
    raise SystemExit(f"{argv[0]} printed no result and exited {done.returncode}:\n{done.stdout}")


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--vms", type=int, default=100)
    parser.add_argument("--steady", type=int, default=30)
    args = parser.parse_args()

    def tool(name):
        return os.path.join(args.build, "tests", "bench", name)

    total = args.hosts * args.vms
    report = Report("view")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="inn-bench-"))
        desktop = stack.enter_context(Desktop())
        files = os.path.join(folder, "hosts")
        subprocess.run(
            [sys.executable, os.path.join(COMMON, "gen-test-hosts.py"), files, str(args.hosts), str(args.vms)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        uris = [f"test://{os.path.join(files, f)}" for f in sorted(os.listdir(files)) if f.endswith(".xml")]

        bare_load, ours_load, bare_start, ours_start = [], [], [], []
        cached = os.path.join(folder, "cached")
        bare_steady, ours_steady = [], []
        for i in range(args.runs):
            store = os.path.join(folder, f"store-{i}")
            steady = args.steady if i < STEADY_RUNS else 0
            ticks = ["--poll", "3", "--ticks", str(steady // 3)] if steady else []
            bare = run_json(desktop, [tool("bare-view"), *ticks, *uris])
            bare_load.append(bare["load"] if steady else bare)
            if steady:
                bare_steady.append(bare["steady"])
            subprocess.run([tool("drive-view"), "prepare", "--store", store, *uris], env=desktop.env, check=True)
            ours_load.append(
                run_json(
                    desktop,
                    [tool("drive-view"), "load", "--store", store, "--expect", str(total), "--steady", str(steady)],
                )
            )
            if steady:
                ours_steady.append(ours_load[-1])
            if i == 0:
                cached = store
            print(f"load {i + 1}/{args.runs}: bare {bare_load[-1]}\n  ours {ours_load[-1]}", flush=True)
        for i in range(args.runs):
            bare_start.append(
                run_json(desktop, [tool("bare-window"), "--idle", str(args.steady if i == 0 else 0)])
            )
            ours_start.append(
                run_json(desktop, [tool("drive-view"), "start", "--store", cached, "--expect", str(total)])
            )
            print(f"start {i + 1}/{args.runs}: bare {bare_start[-1]}\n  ours {ours_start[-1]}", flush=True)

        idle = bare_start[0]
        ms, s = 1e-3, 1e-6
        report.ratio(
            "load-wall", "s", median(ours_load, "listed_wall") * s, median(bare_load, "wall_s"),
            f"bare C program, {args.hosts} connections in parallel threads, list + bulk stats", 1.5,
        )
        report.ratio(
            "steady-cpu", "s", median(ours_steady, "steady_cpu") * s, median(bare_steady, "cpu_s"),
            f"the same program polling every 3 s, over {args.steady} s", 1.5,
        )
        report.budget(
            "load-longest-dispatch", "ms", max(r["load_max_turn"] for r in ours_load) * ms, 50,
            idle["max_turn"] * ms, "longest of an idle window",
        )
        report.budget(
            "scroll-frame-p99", "ms", median(ours_steady, "scroll_p99") * ms, 16,
            idle["max_turn"] * ms, "longest of an idle window",
        )
        report.budget(
            "filter-frame-p99", "ms", median(ours_steady, "filter_p99") * ms, 16,
            idle["max_turn"] * ms, "longest of an idle window",
        )
        report.ratio(
            "start-wall", "s", median(ours_start, "first_wall") * s, median(bare_start, "first_wall") * s,
            "bare libadwaita window with one list", 1.5,
        )
        report.ratio(
            "start-cpu", "s", median(ours_start, "first_cpu") * s, median(bare_start, "first_cpu") * s,
            "bare libadwaita window with one list", 1.5,
        )
        extra = ours_load[0]["rss_kib"] - bare_load[0]["rss_kib"] - idle["rss_kib"]
        report.ratio(
            "memory-per-vm", "KiB", extra / total, 4, "the budget: RSS less bare program less empty window", 1.0
        )
    return 0 if report.write(os.environ.get("INN_BENCH_DIR", os.path.join(args.build, "bench"))) else 1


if __name__ == "__main__":
    sys.exit(main())
