"""The ransomware night of the demonstration, played once into a town's folder: a whole journal to tell."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bots.answering.office import Office
from bots.demo.ledger import Ledger
from bots.demo.player import Player, StoryClock
from bots.demo.script import read_script
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.home import Home
from engine.i18n import Words
from engine.library.catalogue import library_folder
from tests.bots.valmont import at

__all__ = ["INCIDENT", "opened", "played"]

INCIDENT = "EX-2026-001"


def played(home: Path) -> Path:
    """Play the whole night into this folder."""
    shutil.copytree(library_folder() / "exemple", home)
    with Home(home) as town:
        clock = StoryClock()
        player = Player(
            office=Office(town, Words("fr"), clock=clock),
            clock=clock,
            script=read_script("fr", town.world.calendar, at("2026-11-24 03:02")),
            ledger=Ledger(home / "ledger"),
            screen=Console(file=io.StringIO(), width=100),
            hurried=True,
        )
        player.play()
    return home


@contextmanager
def opened(home: Path, now: Instant = 0, lang: str = "fr") -> Iterator[tuple[Office, Incident]]:
    """The town open for a reader, at the end of the night unless told otherwise."""
    with Home(home, reading=True) as town:
        office = Office(town, Words(lang), clock=StoryClock(now))
        incident = office.incident(INCIDENT)
        assert incident is not None
        yield office, incident


if __name__ == "__main__":
    import sys

    played(Path(sys.argv[1]))
