"""Make the files of an incident, and write them where only their owner can read."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bots.answering.office import Office
from bots.door import CommandFailed
from engine.core.incident import Incident
from engine.review.dossier import Dossier, dossier_of, extract
from engine.review.exports.jsonl import hidden, jsonl
from engine.review.exports.markdown import markdown
from engine.review.filters import EVERYTHING, Filter
from engine.review.narrator import Narrator

__all__ = ["dossier", "exported", "head_of", "printed", "written_to"]


def exported(
    office: Office, incident: Incident, kind: str, *, redact: bool = False, keep: Filter = EVERYTHING
) -> bytes:
    """The content of an export: `md` or `jsonl`. CommandFailed for a filter on a format that must be whole."""
    if kind == "jsonl":
        if not keep.empty:
            raise CommandFailed("review.filter.whole_only", format=kind)
        narrator = Narrator(office.speech(incident), office.home.world, redacted=redact)
        return b"".join(jsonl(office.home.journal.reader.rows(incident.id), narrator, redact=redact))
    return markdown(dossier(office, incident, redact=redact, keep=keep)).encode()


def dossier(
    office: Office, incident: Incident, *, redact: bool = False, keep: Filter = EVERYTHING
) -> Dossier:
    """What every document is made of; redacted, the incident too is the one folded from redacted entries."""
    entries = office.entries(incident.id)
    whole = dossier_of(
        (hidden(entry) for entry in entries) if redact else entries,
        office.speech(incident),
        office.scene,
        head=head_of(office, incident.id),
        redacted=redact,
    )
    return extract(whole, keep)


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
