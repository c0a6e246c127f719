"""Turn an entry into a row of the journal and back.

What could be erased one day (the *leaves*) is kept in a table beside: who acted, under which role, who typed it, and
the fields that an event names in `LEAVES`. The hash covers a commitment of each in their place. A leaf at its default
says nothing and has neither text nor commitment.

A stored event never changes meaning. When a kind's fields change, its version rises and an upcaster reads the old ones:
the row keeps what was written, for the chain, and the upcaster works on a copy.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec
from msgspec.structs import replace

from engine.core.events import Actor, Entry, Event
from engine.core.quantities import Instant
from engine.journal.chain import HASH_BYTES, SALT_BYTES, canonical, commitment, covered, digest

__all__ = [
    "ACTOR",
    "CODEC",
    "ENTERED_BY",
    "ERASABLE",
    "ROLE",
    "Codec",
    "Row",
    "UnreadableEntry",
    "Upcaster",
    "commitments_of",
    "event_kinds",
    "leaves_of",
    "row_hash",
    "salts_of",
]

Fields = dict[str, Any]
Upcaster = Callable[[Fields], Fields]
"""Turns the fields of one version of a kind into those of the next."""

ACTOR: Final = "actor"
ROLE: Final = "actor.role"
ENTERED_BY: Final = "entered_by"
_NO_ONE: Final = Actor()
_decode = msgspec.json.Decoder().decode
_decode_actor = msgspec.json.Decoder(Actor).decode


class UnreadableEntry(ValueError):
    """A row that this version of tocsin can't read: a kind or a version it doesn't know, or damaged content."""


class Row(NamedTuple):
    """An entry as it is stored; the last `ERASABLE` can be erased, the others never change."""

    incident: str
    seq: int
    at: Instant
    occurred_at: Instant
    source: str
    kind: str
    kind_version: int
    data: str
    """Canonical JSON of the event, without its leaves."""
    paths: str
    """The leaves that are committed to, sorted, with a space between."""
    commitments: bytes
    """32 bytes each, in the order of `paths`."""
    hash: bytes
    actor: str | None
    name: str | None
    role: str | None
    entered_by: str | None
    """Canonical JSON of the person who typed it."""
    leaves: str | None
    """Canonical JSON object: field to value."""
    salts: bytes | None
    """16 bytes for each leaf that is here, in the order of the sorted paths."""


ERASABLE: Final = 6
"""Fields at the end of a row that are kept beside it, and go with an erasure."""


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
        event, who, typed = entry.event, entry.actor, entry.entered_by
        kind = str(event.__struct_config__.tag)
        version = self.versions.get(kind, 1) if self.versions else 1
        leaves: Fields = {}
        for one in event.LEAVES:
            value = getattr(event, one)
            if value:  # at their default leaves are empty: texts, and lists of people
                leaves[one] = value
        if leaves:
            event = replace(event, **{one: type(value)() for one, value in leaves.items()})
        data = canonical(event)
        identified = bool(who.id or who.name)
        erasable = (
            who.id if identified else None,
            who.name if identified else None,
            who.role or None,
            canonical(typed).decode() if typed else None,
            canonical(leaves).decode() if leaves else None,
        )
        found = _values(*erasable[:4], leaves)
        drawn, made = (salts(SALT_BYTES * len(found)), {}) if found else (None, {})
        if drawn:
            made = _commit(found, drawn)
        made_of = covered(
            entry.incident, entry.seq, entry.at, entry.occurred_at, entry.source, version, data, made, prev
        )
        return Row(
            entry.incident, entry.seq, entry.at, entry.occurred_at, entry.source, kind, version,
            data.decode(), " ".join(made), b"".join(made.values()), digest(made_of), *erasable, drawn,
        )  # fmt: skip

    def decode(self, row: Row) -> Entry:
        """The entry of a row; erased leaves read as their defaults. UnreadableEntry if it can't be told."""
        event_type = self.kinds.get(row.kind)
        if event_type is None:
            raise UnreadableEntry(f"{row.incident}-{row.seq}: {row.kind}")
        try:
            if row.leaves is None and row.kind_version == self.versions.get(row.kind, 1):
                event = _event(event_type, row.data)
            else:
                event = msgspec.convert(self._fields(row), event_type)
            actor = _actor(row.actor or "", row.name or "", row.role or "") if row.salts else _NO_ONE
            typed = _decode_actor(row.entered_by) if row.entered_by else None
        except (msgspec.MsgspecError, TypeError, ValueError) as error:
            raise UnreadableEntry(f"{row.incident}-{row.seq}: {error}") from error
        return Entry(
            incident=row.incident, seq=row.seq, at=row.at, occurred_at=row.occurred_at,
            actor=actor, event=event, source=row.source, entered_by=typed,
        )  # fmt: skip

    def _fields(self, row: Row) -> Fields:
        fields: Fields = _decode(row.data)
        if row.leaves is not None:
            fields.update(_decode(row.leaves))
        newest = self.versions.get(row.kind, 1)
        for version in range(row.kind_version, newest):
            fields = self.upcasters[row.kind, version](fields)
        if row.kind_version > newest:
            raise UnreadableEntry(f"{row.kind} version {row.kind_version}")
        return fields


# Incidents of one procedure press the same buttons, and the same few people act: what is equal is read once, and shared
# by all the states that hold it. Texts that somebody wrote are leaves: they are never here.


@lru_cache(maxsize=16_384)
def _event(event_type: type[Event], data: str) -> Event:
    return _decoder(event_type)(data)


@lru_cache(maxsize=256)
def _decoder(event_type: type[Event]) -> Callable[[str], Event]:
    return msgspec.json.Decoder(event_type).decode


@lru_cache(maxsize=1024)
def _actor(person: str, name: str, role: str) -> Actor:
    return Actor(person, name, role)


def _values(
    actor: str | None, name: str | None, role: str | None, typed: str | None, leaves: Fields
) -> Sequence[tuple[str, bytes]]:
    # In the alphabet's order: it is that of the commitments and the salts.
    who = _who(actor, name, role)
    if not leaves and typed is None:
        return who
    told = [(f"data.{one}", canonical(leaves[one])) for one in sorted(leaves)]
    return [*who, *told, *([(ENTERED_BY, typed.encode())] if typed is not None else ())]


@lru_cache(maxsize=1024)
def _who(actor: str | None, name: str | None, role: str | None) -> tuple[tuple[str, bytes], ...]:
    """The same few people act all the time."""
    person = [(ACTOR, canonical({"id": actor, "name": name or ""}))] if actor is not None else []
    return (*person, *([(ROLE, canonical(role))] if role is not None else ()))


def _commit(found: Sequence[tuple[str, bytes]], salts: bytes) -> dict[str, bytes]:
    at, made = 0, {}
    for path, value in found:
        made[path] = commitment(salts[at : at + SALT_BYTES], value)
        at += SALT_BYTES
    return made


def leaves_of(row: Row) -> Sequence[tuple[str, bytes]]:
    """The leaves that are here: path and canonical value, sorted by path, in the order of their salts."""
    return _values(row.actor, row.name, row.role, row.entered_by, _decode(row.leaves) if row.leaves else {})


def salts_of(row: Row) -> dict[str, bytes]:
    """The salts of the leaves that are here. ValueError if they aren't as many."""
    salts = row.salts or b""
    places = range(0, len(salts), SALT_BYTES)
    return {path: salts[at : at + SALT_BYTES] for (path, _), at in zip(leaves_of(row), places, strict=True)}


def commitments_of(row: Row) -> dict[str, bytes]:
    """What the entry is committed to: path to commitment. ValueError if there aren't as many."""
    places = range(0, len(row.commitments), HASH_BYTES)
    return {
        path: row.commitments[at : at + HASH_BYTES]
        for path, at in zip(row.paths.split(), places, strict=True)
    }


def row_hash(row: Row, prev: bytes) -> bytes:
    """The hash of a row that follows the one whose hash is `prev`."""
    return digest(
        covered(
            row.incident, row.seq, row.at, row.occurred_at, row.source, row.kind_version,
            row.data.encode(), commitments_of(row), prev,
        )
    )  # fmt: skip


CODEC: Final = Codec()
"""What this version writes and reads."""
