"""Turn an entry into a row of the journal and back.

What could be erased one day (the *leaves*) goes apart: who acted, under which role, who typed it, and the fields that
an event names in `LEAVES`. The row keeps a commitment of each, `Plain` their text and salts. A leaf at its default
says nothing and has neither.

A stored event never changes meaning. When a kind's fields change, its version rises and an upcaster reads the old ones:
the row keeps what was written, for the chain, and the upcaster works on a copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from engine.core.events import Actor, Entry, Event
from engine.core.quantities import Instant
from engine.journal.chain import (
    HASH_BYTES,
    SALT_BYTES,
    Chained,
    canonical,
    commitment,
    entry_hash,
    entry_id,
    iso,
)
from engine.journal.naming import is_exercise

__all__ = [
    "ACTOR",
    "CODEC",
    "ENTERED_BY",
    "ROLE",
    "Codec",
    "Plain",
    "Row",
    "UnreadableEntry",
    "Upcaster",
    "event_kinds",
    "leaves_of",
    "row_hash",
]

Fields = dict[str, Any]
Upcaster = Callable[[Fields], Fields]
"""Turns the fields of one version of a kind into those of the next."""

ACTOR = "actor"
ROLE = "actor.role"
ENTERED_BY = "entered_by"
_COORDINATES = ("run", "track", "step", "visit")
_NO_ONE = Actor()
_decode = msgspec.json.Decoder().decode


class UnreadableEntry(ValueError):
    """A row that this version of tocsin can't read: a kind or a version it doesn't know, or damaged content."""


class Plain(NamedTuple):
    """The leaves of an entry. `salts`: 16 bytes each, in the order of the sorted paths of the leaves that are here."""

    actor: str | None
    name: str | None
    role: str | None
    entered_by: str | None
    """Canonical JSON of the person who typed it."""
    leaves: str | None
    """Canonical JSON object: field to value."""
    salts: bytes


NOTHING = Plain(None, None, None, None, None, b"")


class Row(NamedTuple):
    """An entry as it is stored. `data`: canonical JSON of the event's fields, without coordinates and leaves."""

    incident: str
    seq: int
    at: Instant
    occurred_at: Instant
    source: str
    kind: str
    kind_version: int
    run: int | None
    track: str | None
    step: str | None
    visit: int | None
    data: str
    paths: str
    """The leaves that are committed to, sorted, with a space between."""
    commitments: bytes
    """32 bytes each, in the order of `paths`."""
    plain: Plain | None
    hash: bytes


def event_kinds() -> dict[str, type[Event]]:
    """Every kind of event that this version writes, by its tag."""
    return {str(kind.__struct_config__.tag): kind for kind in Event.__subclasses__()}


@dataclass(frozen=True, slots=True)
class Codec:
    """Writes the latest version of each kind (1 unless `versions` says more) and reads all of them."""

    kinds: Mapping[str, type[Event]] = field(default_factory=event_kinds)
    versions: Mapping[str, int] = field(default_factory=dict)
    upcasters: Mapping[tuple[str, int], Upcaster] = field(default_factory=dict)
    """`(kind, version)` to what makes its fields those of `version + 1`."""

    def encode(self, entry: Entry, prev: bytes, salts: Callable[[int], bytes] = os.urandom) -> Row:
        """The row of an entry that follows the one whose hash is `prev`. ValueError for a text that is not Unicode."""
        event = entry.event
        fields: Fields = msgspec.to_builtins(event)
        kind = fields.pop("kind")
        leaves = {name: fields.pop(name) for name in event.LEAVES if name in fields} if event.LEAVES else {}
        run, track, step, visit = [fields.pop(name, None) for name in _COORDINATES]
        paths, commitments, plain = _commit(entry, leaves, salts)
        row = Row(
            entry.incident, entry.seq, entry.at, entry.occurred_at, entry.source,
            kind, self.versions.get(kind, 1), run, track, step, visit,
            canonical(fields).decode(), paths, commitments, plain, b"",
        )  # fmt: skip
        return Row(*row[:-1], row_hash(row, prev))

    def decode(self, row: Row) -> Entry:
        """The entry of a row; erased leaves read as their defaults. UnreadableEntry if it can't be told."""
        event_type = self.kinds.get(row.kind)
        if event_type is None:
            raise UnreadableEntry(f"{entry_id(row.incident, row.seq)}: {row.kind}")
        plain = row.plain or NOTHING
        try:
            event = msgspec.convert(self._fields(row, plain), event_type)
            actor = Actor(plain.actor or "", plain.name or "", plain.role or "") if plain.salts else _NO_ONE
            typed = _decode_actor(plain.entered_by) if plain.entered_by else None
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            raise UnreadableEntry(f"{entry_id(row.incident, row.seq)}: {error}") from error
        return Entry(
            incident=row.incident, seq=row.seq, at=row.at, occurred_at=row.occurred_at,
            actor=actor, event=event, source=row.source, entered_by=typed,
        )  # fmt: skip

    def _fields(self, row: Row, plain: Plain) -> Fields:
        fields: Fields = _decode(row.data)
        for name, value in (("run", row.run), ("track", row.track), ("step", row.step), ("visit", row.visit)):
            if value is not None:
                fields[name] = value
        if plain.leaves is not None:
            fields.update(_decode(plain.leaves))
        newest = self.versions.get(row.kind, 1)
        if row.kind_version == newest:
            return fields
        for version in range(row.kind_version, newest):
            fields = self.upcasters[row.kind, version](fields)
        if row.kind_version > newest:
            raise UnreadableEntry(f"{row.kind} version {row.kind_version}")
        return fields


_decode_actor = msgspec.json.Decoder(Actor).decode


def _commit(entry: Entry, leaves: Fields, salts: Callable[[int], bytes]) -> tuple[str, bytes, Plain | None]:
    """Commit to the leaves of an entry: their paths, their commitments, and what is kept apart."""
    who, typed = entry.actor, entry.entered_by
    identified = bool(who.id or who.name)
    kept = (
        who.id if identified else None,
        who.name if identified else None,
        who.role or None,
        canonical(typed).decode() if typed else None,
        canonical(leaves).decode() if leaves else None,
    )
    found = _values(*kept, leaves)
    if not found:
        return "", b"", None
    drawn = salts(SALT_BYTES * len(found))
    at, paths, commitments = 0, [], []
    for path, value in found:
        paths.append(path)
        commitments.append(commitment(drawn[at : at + SALT_BYTES], value))
        at += SALT_BYTES
    return " ".join(paths), b"".join(commitments), Plain(*kept, drawn)


def leaves_of(plain: Plain) -> list[tuple[str, bytes]]:
    """The leaves that are here: path and canonical value, sorted by path, in the order of their salts."""
    return _values(*plain[:-1], _decode(plain.leaves) if plain.leaves else {})


def _values(
    actor: str | None, name: str | None, role: str | None, typed: str | None, _: str | None, leaves: Fields
) -> list[tuple[str, bytes]]:
    # In the alphabet's order: it is that of the commitments and the salts.
    found = []
    if actor is not None:
        found.append((ACTOR, canonical({"id": actor, "name": name or ""})))
    if role is not None:
        found.append((ROLE, canonical(role)))
    for field_name in sorted(leaves):
        found.append((f"data.{field_name}", canonical(leaves[field_name])))
    if typed is not None:
        found.append((ENTERED_BY, typed.encode()))
    return found


def row_hash(row: Row, prev: bytes) -> bytes:
    """The hash of a row that follows the one whose hash is `prev`."""
    told, at = row.commitments.hex(), 0
    commitments = {}
    for path in row.paths.split():
        commitments[path] = told[at : at + 2 * HASH_BYTES]
        at += 2 * HASH_BYTES
    return entry_hash(
        Chained(
            at=iso(row.at),
            commitments=commitments,
            data=msgspec.Raw(row.data.encode()),
            exercise=is_exercise(row.incident),
            id=entry_id(row.incident, row.seq),
            incident=row.incident,
            kind=row.kind,
            kind_version=row.kind_version,
            occurred_at=iso(row.occurred_at),
            prev=prev.hex(),
            run=row.run,
            seq=row.seq,
            source=row.source,
            step=row.step,
            track=row.track,
            visit=row.visit,
        )
    )


CODEC = Codec()
"""What this version writes and reads."""
