"""`tocsin upgrade`: what a newer library changes, what it means for the town's overlays, and the town's acceptance."""

from __future__ import annotations

import sys
import time
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bots import door

if TYPE_CHECKING:
    from engine.i18n import Words
    from engine.library.upgrade.comparing import Comparison

__all__ = ["command"]


@door.command("upgrade")
@door.option("--yes", is_flag=True)
@door.option("--check", is_flag=True)
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, yes: bool, check: bool, json: bool) -> int:
    """Print the difference; 0 when there is none or it was accepted, 1 when there is something to accept or mend."""
    from engine.library.catalogue import Library
    from engine.library.upgrade.accepted import Spoiled, accepted
    from engine.library.upgrade.comparing import compare

    home, words = session.home, session.words
    if not (home / door.CONFIGURATION).is_file():
        raise door.CommandFailed("upgrade.no_town", path=home)
    library = Library.load()
    try:
        with accepted(home) as before:
            comparison = compare(
                Library.load(before.folder) if before else None, library, Library.of_home(home)
            )
    except Spoiled as error:
        raise door.CommandFailed("upgrade.spoiled", path=home / str(error)) from error
    at = before.at if before else None
    incidents = _open_incidents(home)
    if json:
        told = _as_data(comparison, at, incidents, words)
        click.echo(dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(comparison, _day(at, session), incidents, words)
    nothing = before is not None and comparison.is_same and not comparison.left_behind
    if check or nothing or (json and not yes):
        return 0 if nothing and not comparison.unfit else 1
    if not yes and not _agreed(words):
        click.echo(words.say("upgrade.not_accepted"), err=True)
        return 1
    return _accept(session, comparison)


def _day(at: str | None, session: door.Session) -> str:
    """The day of the acceptance, where the town is; nothing when there was none."""
    from datetime import datetime

    from engine.config import load_config
    from engine.i18n import calendar_day

    try:
        config = load_config(session.home)
    except (ValueError, OSError):
        config = None  # `tocsin check` says what is wrong with it
    zone = config.organisation.timezone if config else "Europe/Paris"
    return (
        calendar_day(round(datetime.fromisoformat(at).timestamp() * 1000), zone, session.lang) if at else ""
    )


def _show(comparison: Comparison, day: str, incidents: list[str], words: Words) -> None:
    from engine.library.upgrade.telling import told
    from engine.visible import harmless

    key = "first" if not day else "same" if comparison.is_same else "since"
    click.echo(words.say(f"upgrade.{key}", at=day))
    for line in ("", *lines) if (lines := list(told(comparison, words))) else ():
        click.echo(harmless(line))
    if comparison.is_same:
        return
    if incidents:
        click.echo(words.say("upgrade.pinned", count=len(incidents), incidents=", ".join(incidents)))
    click.echo(words.say("upgrade.runs_already"))


def _as_data(comparison: Comparison, at: str | None, incidents: list[str], words: Words) -> dict[str, Any]:
    from engine.library.finding import message

    def file(one: Any) -> dict[str, Any]:
        return {
            "name": one.name,
            "kind": one.kind,
            "versions": list(one.versions),
            "replaced_by": str(one.replaced_by) if one.replaced_by else None,
            "changes": [
                {"path": list(c.path), "kind": c.kind, "before": list(c.before), "after": list(c.after)}
                for c in one.changes
            ],
        }

    return {
        "accepted_at": at,
        "procedures": [file(one) for one in comparison.procedures],
        "registers": [file(one) for one in comparison.registers],
        "overlays": [
            {
                "path": str(one.path),
                "procedure": one.procedure,
                "kind": one.kind,
                "of": one.of,
                "touched": [
                    {
                        "path": list(t.path),
                        "yours": list(t.yours),
                        "before": list(t.before),
                        "now": list(t.now),
                        "both": t.both,
                    }
                    for t in one.touched
                ],
                "nearby": [list(path) for path in one.nearby],
                "findings": [
                    {
                        "path": f.path,
                        "line": f.line,
                        "column": f.column,
                        "rule": f.rule,
                        "message": message(f, words),
                    }
                    for f in one.findings
                ],
            }
            for one in comparison.overlays
        ],
        "open_incidents": incidents,
    }


def _open_incidents(home: Path) -> list[str]:
    """The incidents that go on with the procedures that they were opened with."""
    from engine.home import Home, HomeUnusable
    from engine.journal.errors import JournalUnavailable
    from engine.journal.sqlite import FILE

    if not (home / FILE).is_file():
        return []
    try:
        with Home(home, reading=True) as town:
            return [one.id for one in town.desk.incidents() if one.status == "open"]
    except (HomeUnusable, JournalUnavailable):
        return []  # `tocsin check` and `tocsin doctor` say what is wrong there


def _agreed(words: Words) -> bool:
    """Ask whoever is at the terminal; nobody there is no answer."""
    if not sys.stdin.isatty():
        return False
    click.echo(words.say("upgrade.ask"), nl=False, err=True)
    typed = sys.stdin.readline().strip().casefold()
    agreed = words.say("upgrade.yes")
    return bool(typed) and agreed.startswith(typed)


def _accept(session: door.Session, comparison: Comparison) -> int:
    from engine.library.catalogue import library_folder
    from engine.library.upgrade.accepted import ACCEPTED, keep
    from engine.library.upgrade.rewriting import say_version

    words = session.words
    try:
        kept = keep(session.home, library_folder(), time.time_ns() // 1_000_000)
    except OSError as error:
        detail = error.strerror or str(error)
        raise door.CommandFailed("upgrade.not_kept", path=session.home / ACCEPTED, detail=detail) from error
    click.echo(words.say("upgrade.accepted", path=kept), err=True)
    for one in comparison.left_behind:
        facts = {"path": one.path, "version": one.version}
        try:
            say_version(one.path, one.version or 0)
            click.echo(words.say("upgrade.rewritten", **facts), err=True)
        except OSError as error:
            detail = error.strerror or str(error)
            click.echo(words.say("upgrade.not_rewritten", detail=detail, **facts), err=True)
    return 1 if comparison.unfit else 0
