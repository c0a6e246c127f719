"""The process that plays the story; it is killed once on the way. Started by `bots.demo.staging`, not by hand."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bots.answering.office import Office
from bots.cli import speak_utf8
from bots.console.paint import console
from bots.demo.ledger import Ledger
from bots.demo.player import Player, StoryClock
from bots.demo.script import read_script
from engine.core.quantities import Instant
from engine.home import Home
from engine.i18n import Words

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    """Play what is not yet acknowledged."""
    told = _parsed(arguments)
    speak_utf8()
    with Home(told.home) as home:
        clock = StoryClock()
        office = Office(home, Words(told.lang, strict=False), clock)
        day: Instant = told.day
        Player(
            office=office,
            clock=clock,
            script=read_script(told.lang, home.world.calendar, day),
            ledger=Ledger(told.ledger),
            screen=console(sys.stdout, colour=told.colour),
            speed=told.speed,
            hurried=told.hurried,
        ).play()
    return 0


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bots.demo.worker")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--ledger", type=Path, required=True)
    parser.add_argument("--lang", required=True)
    parser.add_argument("--day", type=int, required=True)
    parser.add_argument("--speed", type=float, default=0.0)
    parser.add_argument("--hurried", action="store_true")
    parser.add_argument("--colour", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(2)  # nobody reads any more, or somebody has had enough: the parent says so
