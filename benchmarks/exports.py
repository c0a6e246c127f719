"""How long `tocsin export` takes on a long log, and how much memory: each format in a program of its own.

python benchmarks/exports.py [--entries 10000] [FORMAT…]

What is measured is what somebody waits for: start of the program, reading and folding the journal, telling it, writing
the file. Aims, on two cores: 3 s and 300 MB; PDF 10 s.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from bots.answering.office import Office
from bots.console.opening import declare
from bots.demo.player import StoryClock
from engine.core import commands as c
from engine.core.quantities import SECOND, Instant
from engine.home import Home
from engine.i18n import Words
from engine.library.catalogue import library_folder
from engine.review.exports.formats import FORMATS

START: Instant = 1_795_485_720_000
TEXTS = (
    "Poste {n} débranché, étiqueté ; l'écran montre une note « vos fichiers sont chiffrés », on ne touche à rien.",
    "Appel du prestataire : il regarde le serveur {n} et rappelle avant midi, rien à signaler de plus pour l'instant.",
    "L'accueil demande ce qu'il faut dire au public ; réponse donnée (message n° {n}), relue par la directrice.",
)


def fill(home: Path, entries: int) -> str:
    """An incident of so many entries, one in twenty a decision; its name."""
    shutil.copytree(library_folder() / "exemple", home)
    with Home(home) as town:
        clock = StoryClock(START)
        office = Office(town, Words("fr"), clock=clock)
        name = declare(office, "p2", "rancongiciel", key="bench").incident
        known = office.incident(name)
        assert known is not None

        async def write() -> None:
            for first in range(known.seq, entries, 500):
                await asyncio.gather(
                    *(town.desk.submit(order(n)) for n in range(first, min(first + 500, entries)))
                )

        def order(number: int) -> c.Order:
            text = TEXTS[number % len(TEXTS)].format(n=number)
            command = c.Decision(text=text) if number % 20 == 0 else c.Note(text=text)
            at = START + number * 20 * SECOND
            return c.Order(
                incident=name, command=command, by="p4", at=at, key=f"n{number}", source="terminal"
            )

        asyncio.run(write())
    return name


def measure(home: Path, incident: str, name: str, out: Path) -> tuple[float, float, float, int]:
    """Seconds, those of the processor, peak of memory in MB, size of the file in bytes."""
    words = ["export", incident, "--format", name, "--out", str(out), "--home", str(home)]
    begun = time.perf_counter()
    child = os.posix_spawn(sys.executable, [sys.executable, "-m", "bots.cli", *words], os.environ)
    _, status, used = os.wait4(child, 0)
    if status:
        raise SystemExit(f"{name}: {status}")
    return (
        time.perf_counter() - begun,
        used.ru_utime + used.ru_stime,
        used.ru_maxrss / 1024,
        out.stat().st_size,
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("formats", nargs="*", default=list(FORMATS))
    asked.add_argument("--entries", type=int, default=10_000)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "valmont"
        incident = fill(home, given.entries)
        print(f"{given.entries} entries     seconds   CPU    MB   size")
        for name in given.formats:
            took, spent, peak, size = measure(home, incident, name, Path(folder) / "out")
            print(f"{name:18} {took:8.2f} {spent:5.2f} {peak:5.0f} {size / 1e6:6.1f}", flush=True)


if __name__ == "__main__":
    main()
