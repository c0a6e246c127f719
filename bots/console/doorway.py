"""Open a town for a command, find who speaks and which incident is meant; say in words what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from bots.answering.office import Office
from bots.door import CommandFailed, Session
from bots.inbound.lookup import best
from engine.core.house import HOUSE
from engine.core.incident import Incident
from engine.home import Home, HomeUnusable
from engine.i18n import Words
from engine.journal.codec import UnreadableEntry
from engine.journal.errors import JournalUnavailable
from engine.library.catalogue import Library, Unreadable
from engine.library.folders import identifier_in
from engine.library.setaside import set_aside, told
from engine.visible import harmless

__all__ = ["incident_named", "open_incidents", "open_office", "person_named", "runbook_named"]


@contextmanager
def open_office(session: Session, *, reading: bool = False) -> Iterator[Office]:
    """The town of this invocation; what can't be opened is told, never traced.

    `reading`: nothing is made or changed, and a slip in a file of the town is told beside the answer.
    """
    words: Words = session.words
    try:
        with Home(session.home, reading=reading) as home:
            for slip in home.slips:
                click.echo(slip.tell(words), err=True)
            for line in told(set_aside(home.library), words):
                click.echo(harmless(line), err=True)
            yield Office(home, words)
    except (HomeUnusable, JournalUnavailable) as error:
        raise CommandFailed("console.error.told", detail=error.tell(words)) from error
    except (UnreadableEntry, msgspec.DecodeError) as error:
        detail = words.say("journal.unavailable.unreadable", detail=str(error))
        raise CommandFailed("console.error.told", detail=detail) from error


def person_named(office: Office, typed: str) -> str:
    """A person of the directory, by identifier or name; CommandFailed when nobody or several fit."""
    people = office.home.world.directory.people
    found = best(typed, {one.id: [one.id, one.name, *one.name.split()] for one in people.values()})
    if len(found) != 1:
        listed = ", ".join(f"{one.id} ({one.name})" for one in people.values())
        key = "console.error.nobody" if not typed else "console.error.unknown_person"
        raise CommandFailed(key, person=typed, people=listed)
    return found[0]


def incident_named(office: Office, typed: str, *, book: bool = False) -> Incident:
    """An incident by its identifier; the end of it is enough when it is the only one.

    `book`: the house's own book may be meant too, which is no incident.
    """
    found = office.incident(typed) or office.incident(typed.upper())
    if found is not None and (found.id != HOUSE or book):
        return found
    matching = [one for one in office.home.desk.incidents() if one.id.endswith(f"-{typed}")]
    if len(matching) != 1:
        raise CommandFailed("console.error.no_incident", incident=typed)
    return matching[0]


def open_incidents(office: Office) -> list[Incident]:
    """Those that are open, the latest first."""
    return [one for one in office.home.desk.incidents() if one.status == "open"][::-1]


def runbook_named(office: Office, typed: str) -> str:
    """A procedure by identifier, by title, or a file of its own."""
    path = Path(typed)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return _from_file(office, path)
    known = office.runbooks
    found = (
        (typed,) if typed in known else best(typed, {name: [name, title] for name, title in known.items()})
    )
    if len(found) == 1:
        return found[0]
    key = "console.error.bad_runbook" if typed in office.home.library.ids else "console.error.no_runbook"
    raise CommandFailed(key, runbook=typed, runbooks=", ".join(known))


def _from_file(office: Office, path: Path) -> str:
    name = identifier_in(path)
    try:
        book = Library(path.parent).runbook(name or "")
    except (KeyError, Unreadable) as error:
        raise CommandFailed("console.error.bad_runbook", runbook=str(path)) from error
    office.home.library.adopt({book.runbook: book})
    return book.runbook
