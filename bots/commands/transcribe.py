"""`tocsin transcribe`: a main courante that was kept on paper joins the incident's, at its real hours."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from bots.answering.office import Office
    from bots.inbound.transcript import Copied, Transcript
    from engine.core.commands import Order
    from engine.core.incident import Incident

__all__ = ["command"]


@door.command("transcribe")
@door.argument("incident")
@door.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
def command(session: door.Session, incident: str, file: Path, as_person: str | None) -> int:
    """Record what isn't there yet; 1 when some lines are left to mend."""
    from bots.console.doorway import incident_named, open_office, person_named
    from bots.inbound.transcript import read_transcript

    lines = _lines(file)
    with open_office(session) as office:
        found = incident_named(office, incident)
        typist = person_named(office, as_person or "")
        read = read_transcript(lines, office.home.world.calendar, office.now(found))
        return _record(office, found, typist, read)


def _record(office: Office, incident: Incident, typist: str, read: Transcript) -> int:
    from bots.answering.answers import refused
    from bots.lines import Line
    from engine.journal.errors import JournalUnavailable
    from engine.visible import harmless

    say, speech = office.words.say, office.speech(incident)
    told = {
        one.line: say(f"console.transcribe.{one.code}", line=one.line, written=one.written)
        for one in read.slips
    }
    written = there = 0
    for copied in read.copied:
        try:
            receipt = office.home.desk.submit_now(_order(office, incident, typist, copied))
        except JournalUnavailable as error:
            raise door.CommandFailed(
                "console.transcribe.stopped", line=copied.line, count=written, detail=error.tell(office.words)
            ) from error
        if receipt.refused is not None:
            why: Line = refused(receipt.refused, speech)
            told[copied.line] = say("console.transcribe.refused", line=copied.line, why=why.text)
        elif receipt.repeated:
            there += 1
        else:
            written += 1
    for line in sorted(told):
        click.echo(harmless(told[line]), err=True)
    click.echo(
        say("console.transcribe.done", incident=incident.id, count=written, there=there, left=len(told))
    )
    return 1 if told else 0


def _order(office: Office, incident: Incident, typist: str, copied: Copied) -> Order:
    from bots.inbound.lookup import best
    from engine.core import commands as c

    people = office.home.world.directory.people.values()
    found = best(copied.who, {one.id: [one.id, one.name, *one.name.split()] for one in people}, whole=True)
    # One person of the directory did it; anybody else is named in the text, as the paper names them.
    who = found[0] if len(found) == 1 else typist
    text = copied.text if len(found) == 1 or not copied.who else f"{copied.who} : {copied.text}"
    return c.Order(
        incident=incident.id,
        command=c.Decision(text=text) if copied.decision else c.Note(text=text),
        by=who,
        at=office.now(office.incident(incident.id)),
        key=f"{incident.id}/{copied.key}",
        source=c.PAPER,
        entered_by=typist if typist != who else "",
        occurred_at=copied.at,
    )


def _lines(file: Path) -> list[str]:
    """The lines of a file, or of standard input; a spreadsheet on Windows may write them in its own alphabet."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except FileNotFoundError as error:
        raise door.CommandFailed("cli.errors.path", name=file) from error
    except OSError as error:
        raise door.CommandFailed("cli.errors.file", path=file, detail=error.strerror or error) from error
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace").splitlines()
