"""Measure one contender in programs of its own: press until killed, then come back in a new one and go on.

    python benchmarks/harness.py tocsin --runs 200 [--presses 19] [--pressers 64] [--for-ever]   prints one line of JSON

The first program is killed with nothing closed (`os._exit`). The second opens the folder, tells where every incident
stands, which is compared, and makes the last press of some.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import gc
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path
from typing import Any

import workload
from contenders import CONTENDERS, Contender

__all__ = ["measure"]

HERE = Path(__file__).resolve().parent
clock = time.perf_counter


def measure(
    name: str,
    *,
    runs: int,
    presses: int = 19,
    pressers: int = 1,
    for_ever: bool = False,
    fsync_delay_us: int = 0,
    memory: bool = False,
    folder: Path | None = None,
) -> dict[str, Any]:
    """One measurement, as a dictionary: presses a second, percentiles in milliseconds, recovery, bytes, memory."""
    arguments = [name, "--runs", runs, "--presses", presses, "--pressers", pressers]
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent), FSYNC_DELAY_US=str(fsync_delay_us))
    if shim := _shim():
        environment["LD_PRELOAD"] = str(shim)
    with tempfile.TemporaryDirectory(dir=folder or _disk(), prefix="bench-") as work:
        found: dict[str, Any] = {}
        for phase in ("press", "recover", "memory")[: 3 if memory else 2]:
            command = [sys.executable, __file__, *map(str, arguments), "--phase", phase, "--folder", work]
            if for_ever:
                command.append("--for-ever")
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeError(f"{name}, {phase}: {done.stderr[-2000:]}")
            found |= json.loads(done.stdout.splitlines()[-1])
    return found


def _disk() -> Path:
    """A folder on a real disk: /tmp is often memory, where an fsync costs nothing."""
    folder = Path(os.environ.get("BENCH_DIR", HERE / "out"))
    folder.mkdir(exist_ok=True)
    return folder


def _shim() -> Path | None:
    """A library that counts fsyncs and can make each slower; None where there is no compiler."""
    built = _disk() / "fsync_shim.so"
    if not built.exists():
        compiler = shutil.which("cc") or shutil.which("gcc")
        if compiler is None or sys.platform != "linux":
            return None
        subprocess.run(
            [compiler, "-shared", "-fPIC", "-O2", "-o", built, HERE / "fsync_shim.c", "-ldl"], check=True
        )
    return built


def _fsyncs() -> int:
    try:
        return int(ctypes.c_long.in_dll(ctypes.CDLL(None), "fsyncs").value)
    except (ValueError, AttributeError):
        return 0


def _stored(folder: Path) -> int:
    """Bytes of database, the log folded in."""
    total = 0
    for path in folder.glob("*.db"):
        connection = sqlite3.connect(path, timeout=5)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        total += path.stat().st_size
    return total


def _percentile(latencies: list[float], share: float) -> float:
    return sorted(latencies)[min(len(latencies) - 1, int(len(latencies) * share))] * 1000


def press(asked: argparse.Namespace) -> dict[str, Any]:
    """The first program's work."""
    contender = CONTENDERS[asked.contender](asked.folder, for_ever=asked.for_ever)
    for run in range(asked.runs):
        contender.start(run)
    empty = _stored(asked.folder)
    latencies: list[float] = []
    fsyncs, cpu, began = _fsyncs(), time.process_time(), clock()
    if asked.pressers > 1:
        asyncio.run(_together(contender, asked, latencies))
    else:
        for number in range(asked.presses):
            for run in range(asked.runs):
                start = clock()
                contender.press(run, number)
                latencies.append(clock() - start)
    seconds, count = clock() - began, len(latencies)
    tenth = max(1, count // 10)
    return {
        "per_second": count / seconds,
        "p50": _percentile(latencies, 0.5),
        "p99": _percentile(latencies, 0.99),
        "first_tenth": _percentile(latencies[:tenth], 0.5),
        "last_tenth": _percentile(latencies[-tenth:], 0.5),
        "fsyncs": (_fsyncs() - fsyncs) / count,
        "cpu_us": (time.process_time() - cpu) / count * 1e6,
        "empty": empty,
        "count": count,
    }


async def _together(contender: Contender, asked: argparse.Namespace, latencies: list[float]) -> None:
    async def presser(mine: range) -> None:
        for number in range(asked.presses):
            for run in mine:
                start = clock()
                await contender.apress(run, number)
                latencies.append(clock() - start)

    await asyncio.gather(*(presser(range(k, asked.runs, asked.pressers)) for k in range(asked.pressers)))


def recover(asked: argparse.Namespace) -> dict[str, Any]:
    """The second program's work, after the first was killed."""
    kind = CONTENDERS[asked.contender]
    import_cost(asked)
    start = clock()
    contender = kind(asked.folder, for_ever=asked.for_ever)
    opened = clock() - start
    stands = [contender.stands(run) for run in range(asked.runs)]
    seconds = clock() - start
    for run, found in enumerate(stands):
        assert found == workload.expected(run, asked.presses, for_ever=asked.for_ever), (run, found)
    start = clock()
    for run in range(min(20, asked.runs)):
        contender.press(run, asked.presses)
    after = (clock() - start) / min(20, asked.runs)
    first = json.loads((asked.folder / "first.json").read_text())
    pressed = first["count"] + min(20, asked.runs)
    return {
        "opened": opened,
        "recovered": seconds,
        "after": after * 1000,
        "bytes": (_stored(asked.folder) - first["empty"]) / pressed,
    }


def memory(asked: argparse.Namespace) -> dict[str, Any]:
    """A third program's: what it keeps for each incident once all are read, as the interpreter counts it."""
    import_cost(asked)
    contender = CONTENDERS[asked.contender](asked.folder, for_ever=asked.for_ever)
    gc.collect()
    tracemalloc.start()
    for run in range(asked.runs):
        contender.stands(run)
    gc.collect()
    return {"memory_kb": tracemalloc.get_traced_memory()[0] / asked.runs / 1024}


def import_cost(asked: argparse.Namespace) -> None:
    """Open an empty folder of the same kind, so that the recovery is measured without the interpreter's imports."""
    with tempfile.TemporaryDirectory(dir=asked.folder.parent) as empty:
        contender = CONTENDERS[asked.contender](Path(empty), for_ever=asked.for_ever)
        contender.start(0)
        contender.stands(0)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("contender", choices=list(CONTENDERS))
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--presses", type=int, default=19)
    parser.add_argument("--pressers", type=int, default=1)
    parser.add_argument("--for-ever", action="store_true")
    parser.add_argument("--phase", choices=["press", "recover", "memory"])
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    if asked.phase is None:
        print(
            json.dumps(
                measure(
                    asked.contender,
                    runs=asked.runs,
                    presses=asked.presses,
                    pressers=asked.pressers,
                    for_ever=asked.for_ever,
                )
            )
        )
        return
    found = {"press": press, "recover": recover, "memory": memory}[asked.phase](asked)
    if asked.phase == "press":
        (asked.folder / "first.json").write_text(json.dumps(found))
    print(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)  # a kill: nothing is closed


if __name__ == "__main__":
    main()
