"""A program beside others: presses as it is told on its standard input, and says what was acknowledged.

python -m tests.desk.worker HOME NAME COUNT         notes on the first incident, as fast as it can
python -m tests.desk.worker HOME NAME load SEED     until it is killed: people and timers, several at once
"""

from __future__ import annotations

import asyncio
import random
import sys
import time
from pathlib import Path

from engine.core import commands as c
from engine.core.quantities import MINUTE, Instant
from engine.core.receipt import Receipt
from engine.home import Home
from engine.journal.errors import JournalUnavailable
from engine.timers import Timers
from tests.desk import towns

NOTE = "/note"
"""How the keys of notes end: their text is the key, so that each is found in the journal."""


def acknowledge(receipt: Receipt, incident: str, key: str) -> None:
    """One line, at once: from here on it must never be lost."""
    refused = receipt.refused.code if receipt.refused else "-"
    print(f"{incident} {key} {receipt.first} {receipt.last} {refused}", flush=True)


def note_many(home: Home, name: str, count: int) -> None:
    incident = home.journal.reader.incidents()[0]
    for number in range(count):
        key = f"{name}/{number}"
        receipt = home.desk.submit_now(towns.order(incident, c.Note(text=key), key))
        acknowledge(receipt, incident, key)


class Fast:
    """A clock on which an hour passes in a blink, so that deadlines keep coming."""

    def __init__(self) -> None:
        self.start, self.began = towns.NOW, time.monotonic()

    def now(self) -> Instant:
        return self.start + int((time.monotonic() - self.began) * 600 * MINUTE)

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        await asyncio.sleep(0.002)


async def load(home: Home, name: str, seed: int) -> None:
    clock, chance = Fast(), random.Random(seed)
    incidents = home.journal.reader.incidents()
    # Time never runs backwards: go on after what is written.
    clock.start = max(incident.now for incident in home.desk.incidents())

    async def person(who: int) -> None:
        for number in range(10**9):
            incident = chance.choice(incidents)
            key = f"{name}/{who}/{number}"
            command: c.Command = towns.pick(home, incident)
            if chance.random() < 0.4:
                key += NOTE
                command = c.Note(text=key)
            try:
                receipt = await home.desk.submit(towns.order(incident, command, key, at=clock.now()))
            except JournalUnavailable:
                continue
            acknowledge(receipt, incident, key)

    async with asyncio.TaskGroup() as group:
        for who in range(6):
            group.create_task(person(who))
        group.create_task(Timers(home.desk, home.journal.reader).run(clock))


def main(folder: str, name: str, what: str, seed: str = "0") -> None:
    with Home(Path(folder)) as home:
        print("ready", flush=True)
        if what == "load":
            asyncio.run(load(home, name, int(seed)))
        else:
            note_many(home, name, int(what))


if __name__ == "__main__":
    main(*sys.argv[1:])
