"""Measure on this machine, print the table, and write it into the README between its markers.

    python benchmarks/run.py [--rounds 5] [--quick] [--no-readme]

Ratios are to a bare durable SQLite commit measured just before, in the same run: they travel between machines, absolute
figures don't. On a machine that does other work at the same time, only the ratios of fast rounds mean anything: the
median of the rounds is told, with the extremes.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contenders import available
from harness import measure

ROOT = Path(__file__).resolve().parents[1]
BEGIN, END = "<!-- bench:table -->", "<!-- /bench:table -->"
Row = tuple[str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, small sizes")
    parser.add_argument("--no-readme", action="store_true")
    asked = parser.parse_args()
    rounds, scale = (1, 10) if asked.quick else (asked.rounds, 1)
    rows: list[Row] = []
    for row in _rows(rounds, scale):
        print(" | ".join(row), file=sys.stderr, flush=True)
        rows.append(row)
    table = _table(rows)
    print(table)
    if not asked.no_readme:
        into_readme(table)


def _rows(rounds: int, scale: int) -> Iterator[Row]:
    yield from _alone(rounds, 200 // scale)
    yield from _together(rounds, 1280 // scale)
    yield from _recovery(2000 // scale, 10_000 // scale)
    yield from _peers(rounds, 200 // scale)
    yield from _commands(100 // scale)


def _pairs(
    rounds: int, runs: int, bare_runs: int, **asked: Any
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    delay = asked.get("fsync_delay_us", 0)
    return [
        (measure("bare", runs=bare_runs, fsync_delay_us=delay), measure("tocsin", runs=runs, **asked))
        for _ in range(rounds)
    ]


def _ratio(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> str:
    ratios = sorted(ours["per_second"] / bare["per_second"] for bare, ours in pairs)
    return f"**{statistics.median(ratios):.2f}** ({ratios[0]:.2f}–{ratios[-1]:.2f})"


def _median(found: list[dict[str, Any]], key: str) -> float:
    return statistics.median(one[key] for one in found)


def _alone(rounds: int, runs: int) -> Iterator[Row]:
    pairs = _pairs(rounds, runs, runs)
    bare, ours = [one for one, _ in pairs], [one for _, one in pairs]
    yield (
        "bare durable commit (the 1.00)",
        f"{_median(bare, 'per_second'):,.0f}/s, p50 {_median(bare, 'p50'):.2f} ms, p99 {_median(bare, 'p99'):.2f} ms",
        "",
    )
    yield "one presser, ratio to it", _ratio(pairs), "0.60, goal 0.80"
    yield (
        "one presser",
        f"{_median(ours, 'per_second'):,.0f}/s, p50 {_median(ours, 'p50'):.2f} ms,"
        f" {_median(ours, 'cpu_us'):.0f} µs of CPU",
        "",
    )
    p99 = statistics.median(mine["p99"] / theirs["p99"] for theirs, mine in pairs)
    yield "p99 of a press, ratio to the bare commit's", f"{p99:.1f}", "3, goal 2"
    yield "fsyncs a press", f"{_median(ours, 'fsyncs'):.2f}", "1"
    yield "database a press", f"{_median(ours, 'bytes'):.0f} B", "1,000 B, goal 640 B"


def _together(rounds: int, runs: int) -> Iterator[Row]:
    pairs = _pairs(rounds, runs, 200, pressers=64)
    ours = [one for _, one in pairs]
    yield "64 pressers at once, ratio", _ratio(pairs), "2.5, goal 5"
    yield (
        "64 pressers at once",
        f"{_median(ours, 'per_second'):,.0f}/s, p99 {_median(ours, 'p99'):.0f} ms,"
        f" {_median(ours, 'fsyncs'):.3f} fsyncs a press",
        "p99 25 ms, goal 15",
    )
    slow = _pairs(min(rounds, 3), max(64, runs // 2), 40, pressers=64, fsync_delay_us=2000)
    yield "64 pressers, 2 ms more a fsync, ratio", _ratio(slow), "goal 25"


def _recovery(runs: int, presses: int) -> Iterator[Row]:
    many = measure("tocsin", runs=runs, memory=True)
    few = measure("tocsin", runs=max(1, runs // 10))
    one = measure("tocsin", runs=1, presses=presses, for_ever=True)
    yield (
        f"a fresh program after a kill: {runs:,} incidents × 20 entries",
        f"opens in {many['opened'] * 1000:.0f} ms, all read in {many['recovered']:.2f} s",
        "0.5 s, goal 0.2",
    )
    yield f"one incident of {presses:,} entries", f"read in {one['recovered']:.2f} s", "0.2 s"
    yield (
        f"growth: p50 of a press, {runs:,} incidents to {max(1, runs // 10):,}",
        f"{many['p50'] / few['p50']:.2f}",
        "1.0",
    )
    yield (
        f"growth: last tenth to the first, in one of {presses:,} entries",
        f"{one['last_tenth'] / one['first_tenth']:.2f}",
        "1.2",
    )
    yield "memory an open incident, all read", f"{many['memory_kb']:.1f} kB", "5 kB"


def _peers(rounds: int, runs: int) -> Iterator[Row]:
    for name in available():
        if name in {"bare", "tocsin"}:
            continue
        ratios = [
            measure(name, runs=runs)["per_second"] / bare["per_second"]
            for bare in (measure("bare", runs=runs) for _ in range(min(rounds, 3)))
        ]
        yield f"beside us: {name}, one presser", f"{statistics.median(ratios):.2f}", ""


def _commands(books: int) -> Iterator[Row]:
    tocsin = Path(sys.executable).with_name("tocsin")
    yield "`tocsin --help`", f"{_timed([tocsin, '--help']):.2f} s", "0.25 s"
    with tempfile.TemporaryDirectory() as folder:
        for number in range(books):
            text = (ROOT / "benchmarks" / "banc.yaml").read_text("utf-8")
            (Path(folder) / f"banc-{number}.yaml").write_text(
                text.replace("runbook: banc", f"runbook: banc-{number}"), "utf-8"
            )
        yield f"`tocsin check` of {books} procedures", f"{_timed([tocsin, 'check', folder]):.2f} s", "1.5 s"


def _timed(command: list[Any]) -> float:
    """The best of three: the first one warms the disk."""

    def once() -> float:
        start = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False)
        return time.perf_counter() - start

    return min(once() for _ in range(3))


def machine() -> str:
    """What it was measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    disk = shutil.disk_usage(ROOT).total // 10**9
    return (
        f"{model}, {_cpus()} cores, {disk} GB disk, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {time.strftime('%Y-%m-%d')}"
    )


def _cpus() -> int:
    import os

    return os.cpu_count() or 1


def _table(rows: list[Row]) -> str:
    lines = ["| measured | here | asked |", "|---|---|---|"]
    lines += [f"| {what} | {found} | {asked} |" for what, found, asked in rows]
    return "\n".join(lines) + f"\n\n`make bench` on: {machine()}.\n"


def into_readme(table: str, begin: str = BEGIN, end: str = END) -> None:
    """Write a table between its markers."""
    path = ROOT / "README.md"
    text = path.read_text("utf-8")
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        sys.exit(f"README.md has no {begin} … {end}")
    path.write_text(f"{head}{begin}\n{table}{end}{tail}", "utf-8")


if __name__ == "__main__":
    main()
