"""Several programs write to one journal, and are killed meanwhile: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.core.cards import touched
from engine.core.deadlines import of
from engine.core.events import NoteTaken
from engine.home import Home
from engine.journal import audit
from tests.desk import towns
from tests.desk.worker import NOTE

KILLS = 200 if os.environ.get("TOCSIN_PROOF") else 20
PROGRAMS = 2
"""Beside each other, in each round."""


def start(folder: Path, name: str, *what: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.desk.worker", str(folder), name, *what]
    return subprocess.Popen(command, cwd=towns.ROOT, stdout=subprocess.PIPE, text=True)


def acknowledged(program: subprocess.Popen[str], lines: list[str]) -> threading.Thread:
    """Read on what it says, while it runs."""
    assert program.stdout is not None
    reading = threading.Thread(target=lines.extend, args=(program.stdout,))
    reading.start()
    return reading


def receipts(lines: list[str]) -> list[tuple[str, str, int, int, str]]:
    """What was acknowledged; a line that was cut by the kill was not."""
    whole = [line.split() for line in lines if line.endswith("\n") and line != "ready\n"]
    return [(incident, key, int(first), int(last), refused) for incident, key, first, last, refused in whole]


def test_programs_beside_each_other_never_lose_nor_double(tmp_path: Path) -> None:
    folder = towns.make_town(tmp_path / "valmont")
    with Home(folder) as home:
        incident = towns.declare(home)
    programs = [start(folder, f"program{n}", "150") for n in range(3)]
    said = [program.communicate(timeout=120)[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0, 0]
    told = [one for text in said for one in receipts(text.splitlines(keepends=True))]
    assert len(told) == 450
    with Home(folder) as home:
        written = {
            entry.event.text: entry.seq
            for entry in home.journal.reader.entries(incident)
            if isinstance(entry.event, NoteTaken)
        }
        count = sum(isinstance(entry.event, NoteTaken) for entry in home.journal.reader.entries(incident))
        assert count == len(written) == 450
        assert all(first <= written[key] <= last for _, key, first, last, _ in told)
        assert_sound(home)


@pytest.mark.skipif(os.name == "nt", reason="a kill there is no SIGKILL")
@pytest.mark.proof
def test_killed_at_any_instant_it_has_all_that_was_acknowledged_once(tmp_path: Path) -> None:
    """SIGKILL at random instants under load: people, timers, two programs at once. `make proof` does it 200 times."""
    folder = towns.make_town(tmp_path / "valmont")
    with Home(folder) as home:
        for number in range(6):
            towns.declare(home, f"declare {number}")
    chance = random.Random(20261124)
    told: list[tuple[str, str, int, int, str]] = []
    kills = 0
    while kills < KILLS:
        lines: list[list[str]] = [[] for _ in range(PROGRAMS)]
        programs = [start(folder, f"r{kills}p{n}", "load", str(chance.random())[2:]) for n in range(PROGRAMS)]
        reading = [acknowledged(program, heard) for program, heard in zip(programs, lines, strict=True)]
        wait_until_ready(lines)
        for program in programs:
            time.sleep(chance.uniform(0, 0.25))
            program.send_signal(signal.SIGKILL)
            kills += 1
        for program, reader in zip(programs, reading, strict=True):
            program.wait(timeout=60)
            reader.join(timeout=60)
        told += [one for heard in lines for one in receipts(heard)]
        with Home(folder) as home:
            assert_all_there(home, told)
            assert_sound(home)
    assert len(told) > KILLS
    with Home(folder) as home:
        entries = (
            one for name in home.journal.reader.incidents() for one in home.journal.reader.entries(name)
        )
        sources = {entry.source for entry in entries}
        assert "clock" in sources, "timers fired"


def wait_until_ready(lines: list[list[str]]) -> None:
    latest = time.monotonic() + 60
    while not all(lines):
        assert time.monotonic() < latest, "a program did not start"
        time.sleep(0.002)


def assert_all_there(home: Home, told: list[tuple[str, str, int, int, str]]) -> None:
    """Every acknowledged order is in the journal, once, where its receipt says."""
    notes: dict[str, list[tuple[str, int]]] = {}
    lasts: dict[str, int] = {}
    for incident in home.journal.reader.incidents():
        for entry in home.journal.reader.entries(incident):
            lasts[incident] = entry.seq
            if isinstance(entry.event, NoteTaken):
                notes.setdefault(entry.event.text, []).append((incident, entry.seq))
    assert all(len(places) == 1 for places in notes.values()), "an order was written twice"
    taken: set[tuple[str, int]] = set()
    for incident, key, first, last, refused in told:
        kept = home.journal.receipt(key)
        if kept is None and not first:
            continue  # weeks pass in this load: the receipt of an order that wrote nothing is dropped after one
        assert kept is not None, key
        assert (kept.refused.code if kept.refused else "-", kept.first, kept.last) == (refused, first, last)
        assert last <= lasts[incident]
        if refused == "-" and key.endswith(NOTE):
            assert first <= notes[key][0][1] <= last
        places = {(incident, seq) for seq in range(first, last + 1)} if first else set()
        assert not places & taken, "two orders claim one entry"
        taken |= places


def assert_sound(home: Home) -> None:
    verdicts, beside = audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)
    assert [found for verdict in verdicts for found in verdict.breaks] == []
    assert beside == []
