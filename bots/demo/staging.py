"""Stage the demonstration: a town of one evening, a process that plays, killed and gone on with, then the proof.

The kill is a real one (SIGKILL, or TerminateProcess on Windows): the process that plays gets no chance to tidy up.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bots.answering.office import Office
from bots.console.called import program
from bots.console.exporting import exported, head_of, written_to
from bots.console.paint import console, draw_lines
from bots.demo.ledger import Ledger
from bots.demo.script import read_script
from bots.lines import Line
from engine.core.quantities import Instant
from engine.home import Home
from engine.i18n import Words
from engine.journal.verify import verify_file, verify_incident
from engine.library.catalogue import library_folder

__all__ = ["Stage", "stage"]

GLANCE = 0.005
"""Seconds between two looks at the ledger while waiting for the moment to kill."""
TOO_LONG = 600.0
"""Seconds: past it the process that plays is stuck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What was asked for: language, pace, where to leave the timeline."""

    words: Words
    out: Path
    now: Instant
    speed: float = 0.0
    hurried: bool = False
    colour: bool = False


def stage(asked: Stage) -> int:
    """Play it all; 0 when everything that was promised is true."""
    screen = console(sys.stdout, colour=asked.colour)
    written_to(asked.out / ".tocsin", b"")  # better to know now than after the play
    (asked.out / ".tocsin").unlink()
    with TemporaryDirectory(prefix="tocsin-demo-", ignore_cleanup_errors=True) as folder:
        home, ledger = Path(folder) / "valmont", Ledger(Path(folder) / "ledger")
        shutil.copytree(library_folder() / "exemple", home)
        _say(screen, asked, "title")
        if not _play_and_kill(asked, home, ledger, Path(folder) / "ledger"):
            _say(screen, asked, "broken", colour="loud")
            return 1
        _say(screen, asked, "killed", colour="loud")
        if not _proved(asked, screen, home, ledger):
            return 1
        return _played(asked, home, Path(folder) / "ledger") or _left(asked, screen, home, ledger)


def _say(screen: Console, asked: Stage, key: str, *, colour: str = "caption", **facts: object) -> None:
    screen.print()
    screen.print(draw_lines([Line(kind=colour, text=asked.words.say(f"demo.{key}", **facts))]))
    if not (asked.hurried or asked.speed):
        time.sleep(2.0)


# The process that plays


def _worker(asked: Stage, home: Path, ledger: Path) -> subprocess.Popen[bytes]:
    arguments = [
        sys.executable, "-m", "bots.demo.worker", "--home", str(home), "--ledger", str(ledger),
        "--lang", asked.words.lang, "--day", str(asked.now), "--speed", str(asked.speed),
    ]  # fmt: skip
    arguments += ["--hurried"] if asked.hurried else []
    arguments += ["--colour"] if asked.colour else []
    sys.stdout.flush()
    return subprocess.Popen(arguments)


def _play_and_kill(asked: Stage, home: Path, ledger: Ledger, path: Path) -> bool:
    """Start the play, wait until it writes its burst, and kill it among its notes; false if it fell by itself."""
    with Home(home) as town:
        cues = read_script(asked.words.lang, town.world.calendar, asked.now).cues
    burst = next(number for number, cue in enumerate(cues) if cue.count)
    enough, deadline = cues[burst].count // 2, time.monotonic() + TOO_LONG
    worker = _worker(asked, home, path)
    try:
        while worker.poll() is None and time.monotonic() < deadline:
            if ledger.count(f"{burst}.") >= enough:
                return True
            time.sleep(GLANCE)
        return False
    finally:
        worker.kill()
        worker.wait()


def _played(asked: Stage, home: Path, path: Path) -> int:
    """Play to the end; no process outlives this one."""
    worker = _worker(asked, home, path)
    try:
        return worker.wait(TOO_LONG)
    finally:
        worker.kill()
        worker.wait()


# The proof


def _proved(asked: Stage, screen: Console, home: Path, ledger: Ledger) -> bool:
    """Everything that was acknowledged is there, once, and the chain is whole."""
    acknowledged = [one for one in ledger.read() if one.last]
    with Home(home) as town:
        incident = next(iter(town.desk.incidents()))
        verdict = verify_incident(town.journal.reader, incident.id)
        entries = [entry.seq for entry in town.journal.reader.entries(incident.id)]
    numbered = entries == list(range(1, len(entries) + 1))
    found = sum(one.last <= len(entries) for one in acknowledged)
    if not (verdict.whole and numbered and found == len(acknowledged)):
        _say(screen, asked, "broken", colour="loud")
        return False
    _say(
        screen, asked, "proved", orders=len(acknowledged), found=found, entries=len(entries), incident=incident.id
    )  # fmt: skip
    return True


def _left(asked: Stage, screen: Console, home: Path, ledger: Ledger) -> int:
    """Leave both files of the timeline behind, and verify what was left."""
    with Home(home) as town:
        office = Office(town, asked.words)
        incident = next(iter(town.desk.incidents()))
        for kind in ("md", "jsonl"):
            written_to(asked.out / f"timeline.{kind}", exported(office, incident, kind))
        head = head_of(office, incident.id)
        whole = verify_incident(town.journal.reader, incident.id).whole
        twice = _twice(ledger)
    verdict = verify_file(asked.out / "timeline.jsonl", head)
    if not (verdict.whole and whole and not twice):
        _say(screen, asked, "broken", colour="loud")
        return 1
    _say(screen, asked, "verified", entries=verdict.entries, head=head)
    for kind in ("md", "jsonl"):
        _say(screen, asked, f"left_{kind}", colour="ok", path=str((asked.out / f"timeline.{kind}").resolve()))
    _say(screen, asked, "next", colour="hint", tocsin=program())
    return 0


def _twice(ledger: Ledger) -> bool:
    """Whether two orders were given the same entries."""
    given = [one.first for one in ledger.read() if one.first]
    return len(given) != len(set(given))
