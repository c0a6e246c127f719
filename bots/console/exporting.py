"""Make the files of an incident, and write them where only their owner can read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from bots.answering.office import Office
from bots.door import CommandFailed
from engine.core.cards import Scene
from engine.core.house import HOUSE
from engine.core.incident import Incident
from engine.review.audiences import Audience, reader
from engine.review.copies import copied, copy_of
from engine.review.dossier import Dossier, dossier_of, extract
from engine.review.exports.formats import FORMATS, export
from engine.review.exports.jsonl import jsonl
from engine.review.filters import EVERYTHING, Filter
from engine.review.narrator import Narrator

__all__ = ["dossier", "exported", "head_of", "mark_of", "printed", "written_to"]


def exported(
    office: Office,
    incident: Incident,
    kind: str,
    *,
    redact: bool = False,
    keep: Filter = EVERYTHING,
    audience: str = "",
    file: str = "",
    tell: Callable[[str], None] = lambda _: None,
) -> bytes:
    """The content of an export, by the name of its format. CommandFailed where the format has no sense.

    `audience`: for whom, a name of `engine.review.audiences`. `redact`: without any name or free text, whoever reads.
    `file`: the name that it will have, which may tell more than the format. `tell`: is given what the content says
    of itself (an extract, a copy for whom, what was taken out), for a list of bare rows has no place to say it.
    """
    if FORMATS[kind].crisis and incident.id == HOUSE:
        raise CommandFailed("exports.error.no_incident", format=kind, book=HOUSE)
    if FORMATS[kind].whole and not keep.empty:
        raise CommandFailed("review.filter.whole_only", format=kind)
    if kind == "jsonl":
        return b"".join(_lines(office, incident, reader(audience, redact=redact)))
    made = dossier(office, incident, redact=redact, keep=keep, audience=audience)
    for note in made.notes:
        tell(note)
    return export(made, kind, file=file)


def _lines(office: Office, incident: Incident, who: Audience | None) -> Iterable[bytes]:
    rows, speech, world = (
        office.home.journal.reader.rows(incident.id),
        office.speech(incident),
        office.home.world,
    )
    return copied(list(rows), who, speech, world) if who else jsonl(rows, Narrator(speech, world))


def dossier(
    office: Office,
    incident: Incident,
    *,
    redact: bool = False,
    keep: Filter = EVERYTHING,
    audience: str = "",
) -> Dossier:
    """What every document is made of; of a copy, the incident too is the one folded from redacted entries.

    Once it is closed, its documents are of the hour of its last entry: whoever exports it again has the same file.
    """
    now = incident.now if incident.closed else office.now(incident)
    entries, head = office.entries(incident.id), head_of(office, incident.id)
    speech = replace(office.speech(incident), now=now)

    def scene(folded: Incident) -> Scene:
        return replace(office.scene(folded), now=now)

    if who := reader(audience, redact=redact):
        return copy_of(who, entries, speech, scene, head=head, keep=keep)
    return extract(dossier_of(entries, speech, scene, head=head), keep)


def mark_of(office: Office, incident: Incident) -> str:
    """What the name of a file begins with: nothing but for an exercise."""
    return f"{office.words.say('cards.heading.exercise')} " if incident.exercise else ""


def head_of(office: Office, incident: str) -> str:
    """The last seal of its chain, to be noted elsewhere."""
    head = office.home.journal.reader.head(incident)
    return head.hash.hex() if head else ""


def written_to(path: Path, content: bytes) -> None:
    """Write a file; on systems that know owners, for its owner alone. CommandFailed when it can't be.

    It is written beside, then takes its name: a full disk leaves the older file as it was.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():  # a pipe, a device
            path.write_bytes(content)
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
        try:
            with os.fdopen(os.open(beside, flags, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommandFailed("console.error.unwritable", path=path, detail=error.strerror or error) from error


def printed(content: bytes) -> None:
    """Write to standard output as it is; CommandFailed when it can't be."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandFailed("console.error.unwritable", path="-", detail=error.strerror or error) from error
