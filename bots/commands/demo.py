"""`tocsin demo`: a ransomware in a small town, nothing to configure."""

import math
import sys
import time
from pathlib import Path

import click

from bots import door

__all__ = ["command"]


@door.command("demo")
@door.option("--speed", type=float, default=None, metavar="N")
@door.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True
)
@door.option("--no-serve", is_flag=True)
def command(session: door.Session, speed: float | None, out: Path, no_serve: bool) -> int:
    """Play the story, kill it once, go on, and leave the timeline in a folder.

    Where nobody reads (a pipe), it plays without a pause unless a speed is asked for.
    """
    from bots.demo.staging import Stage, stage

    del no_serve  # there is no board yet to leave running
    if speed is not None and not 0 < speed < math.inf:
        raise door.CommandFailed("cli.errors.speed")
    reads = sys.stdout.isatty()
    asked = Stage(
        words=session.words,
        out=out,
        now=time.time_ns() // 1_000_000,
        speed=speed or 0.0,
        hurried=not reads and not speed,
        colour=reads,
    )
    return stage(asked)
