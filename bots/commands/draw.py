"""`tocsin draw`: a procedure as a picture, to read in a browser or to print."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from engine.core.runbook import Runbook
    from engine.library.catalogue import Library

__all__ = ["command"]


@door.command("draw")
@door.argument("runbook")
@door.option("--format", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True)
@door.option("--out", type=click.Path(path_type=Path, dir_okay=False))
@door.option("--current", multiple=True)
def command(
    session: door.Session, runbook: str, format: str, out: Path | None, current: tuple[str, ...]
) -> int:
    """Draw a procedure of the library, or that of a file."""
    from engine.library.catalogue import Library
    from engine.library.diagram import mermaid, planned, svg

    library = Library.of_home(session.home)
    book = (
        _from_file(Path(runbook)) if Path(runbook).suffix in (".yaml", ".yml") else _named(library, runbook)
    )
    _check_steps(book, current)
    titles = {name: one.title for name, one in library.runbooks.items()}
    shared = library.facts
    plan = planned(book, session.words, titles=titles, current=frozenset(current), shared=shared)
    picture = svg(plan, session.words) if format == "svg" else mermaid(plan, session.words)
    if out is None:
        sys.stdout.write(picture)
    else:
        out.write_text(picture, "utf-8")
    return 0


def _named(library: "Library", name: str) -> "Runbook":
    from engine.library.catalogue import Unreadable
    from engine.library.finding import closest

    try:
        return library.runbook(name)
    except KeyError:
        if (close := closest(name, library.ids)) is not None:
            raise door.CommandFailed("draw.unknown_close", name=name, close=close) from None
        raise door.CommandFailed("draw.unknown", name=name, known=", ".join(sorted(library.ids))) from None
    except Unreadable:
        raise door.CommandFailed("draw.unreadable", name=name, path=library.files[name][0]) from None


def _from_file(path: Path) -> "Runbook":
    from engine.core.runbook import Runbook
    from engine.library.check import checked

    if not path.is_file():
        raise door.CommandFailed("cli.errors.path", name=path)
    value = checked(path).value
    if not isinstance(value, Runbook):
        raise door.CommandFailed("draw.unreadable", name=path.stem, path=path)
    return value


def _check_steps(book: "Runbook", steps: tuple[str, ...]) -> None:
    known = [f"{track_id}.{step}" for track_id, track in book.tracks.items() for step in track.steps]
    for step in steps:
        if step not in known:
            raise door.CommandFailed("draw.bad_current", step=step, example=known[0])
