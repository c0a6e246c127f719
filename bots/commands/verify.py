"""`tocsin verify`: whether the main courante, or an exported timeline, is what was written, and where it isn't."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from engine.journal.broken import Break
    from engine.journal.verify import Verdict

__all__ = ["command"]

SHORTEST_HEAD = 12
"""Figures, as many as a chat shows: fewer would be found by chance."""


@door.command("verify")
@door.argument("subject", required=False)
@door.option("--head")
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, subject: str | None, head: str | None, json: bool) -> int:
    """Verify one incident, one file, or the whole journal; 0 when it is whole, 1 when it is broken."""
    if subject is None and head is not None:
        raise door.CommandFailed("journal.verify.head_needs_one")
    head = "".join(head.split()) if head is not None else None  # as chats show it, in groups of four
    if head is not None and len(head) < SHORTEST_HEAD:
        raise door.CommandFailed("journal.verify.head_short")
    file = Path(subject) if subject and Path(subject).is_file() else None
    verdicts, beside = _of_file(file, head) if file else _of_journal(session, subject, head)
    if json:
        click.echo(_as_json(verdicts, beside, session))
    else:
        _tell(session, verdicts, beside, head, file)
    return 0 if not beside and all(verdict.whole for verdict in verdicts) else 1


def _of_file(file: Path, head: str | None) -> tuple[list[Verdict], list[Break]]:
    from engine.journal.verify import verify_file

    try:
        return [verify_file(file, head)], []
    except OSError as error:
        raise door.CommandFailed(
            "journal.verify.unreadable", path=file, detail=error.strerror or error
        ) from error


def _of_journal(
    session: door.Session, incident: str | None, head: str | None
) -> tuple[list[Verdict], list[Break]]:
    from engine.core.cards import touched
    from engine.core.deadlines import of
    from engine.core.directory import Directory
    from engine.home import Home
    from engine.journal import audit
    from engine.journal.errors import JournalUnavailable
    from engine.journal.sqlite import FILE
    from engine.journal.verify import verify_incident

    home = session.home
    if not (home / FILE).is_file():
        if incident is None:
            raise door.CommandFailed("journal.verify.none", home=home)
        raise door.CommandFailed("journal.verify.unknown", subject=incident, home=home)
    try:
        # Nobody acts here: a slip in the directory of people must not stand in the way of the evidence.
        with Home(home, directory=Directory(), reading=True) as town:
            reader = town.journal.reader
            if incident is None:
                if not reader.streams():
                    raise door.CommandFailed("journal.verify.none", home=home)
                return audit.audit(reader, lambda state: of(state, town.world), touched)
            if incident not in reader.streams():
                raise door.CommandFailed("journal.verify.unknown", subject=incident, home=home)
            verdict = verify_incident(reader, incident, head)
            beside = [found for found in reader.faults() if found.incident == incident]
            if verdict.whole:
                beside += audit.projections(reader, incident, lambda state: of(state, town.world), touched)
            return [verdict], beside
    except JournalUnavailable as error:
        raise door.CommandFailed(f"journal.unavailable.{error.code}", **error.facts) from error


def _tell(
    session: door.Session, verdicts: list[Verdict], beside: list[Break], head: str | None, file: Path | None
) -> None:
    words = session.words
    for verdict in verdicts:
        if verdict.whole:
            told = words.say("journal.verify.whole", incident=verdict.incident, count=verdict.entries)
            if verdict.erased:
                told += f" ({words.say('journal.verify.redacted', count=verdict.erased)})"
            click.echo(told)
            click.echo(f"  {words.say('journal.verify.head', head=verdict.head)}")
        else:
            click.echo(
                words.say(
                    "journal.verify.broken", incident=verdict.incident or file, count=len(verdict.breaks)
                )
            )
            click.echo(f"  {verdict.breaks[0].tell(words)}")
    for found in beside:
        click.echo(found.tell(words))
    if verdicts and not beside and all(verdict.whole for verdict in verdicts):
        click.echo(words.say(f"journal.verify.{'matched' if head else 'compare'}"), err=True)
        if file is not None:
            click.echo(words.say("journal.verify.summary_apart"), err=True)


def _as_json(verdicts: list[Verdict], beside: list[Break], session: door.Session) -> str:
    import json

    def told(found: Break) -> dict[str, object]:
        return {"seq": found.seq, "code": found.code, "message": found.tell(session.words)}

    return json.dumps(
        {
            "incidents": [
                {
                    "incident": verdict.incident,
                    "whole": verdict.whole,
                    "entries": verdict.entries,
                    "erased": verdict.erased,
                    "head": verdict.head,
                    "breaks": [told(found) for found in verdict.breaks],
                }
                for verdict in verdicts
            ],
            "beside": [{"incident": found.incident, **told(found)} for found in beside],
        },
        ensure_ascii=False,
        indent=2,
    )
