"""The timeline record: an entry on one line of JSON, for other programs, and checkable without tocsin.

Field names are stable. `summary` is told anew at each export, and is the one field outside the chain. To check a line
by hand: take away `actor`, `entered_by`, `summary`, `salts`, `hash` and what only repeats `data` (`kind`, `run`,
`track`, `step`, `visit`), and from `data` the fields that `commitments` names; write what is left with sorted keys and
no spaces; its SHA-256 is `hash`, and `prev` is the `hash` before it.
A leaf still told verifies by SHA-256(salt ‖ canonical JSON of its value) = its commitment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Set
from typing import Any, Final

import msgspec

from engine.core.events import Entry
from engine.journal.chain import HASH_BYTES, entry_id, iso
from engine.journal.codec import ACTOR, CODEC, ENTERED_BY, ROLE, Codec, Row, commitments_of, salts_of
from engine.journal.naming import is_exercise

__all__ = ["FIELDS", "OUTSIDE", "REPEATED", "Record", "line", "record", "without", "write"]

Record = dict[str, Any]

FIELDS: Final = tuple(
    "incident seq id at occurred_at exercise actor entered_by source kind_version kind run track step visit"
    " summary data salts commitments prev hash".split()
)
"""The fields of a record, in the order in which they are written."""

REPEATED: Final = ("kind", "run", "track", "step", "visit")
"""Fields of `data` that stand before it too, for whoever reads along; null where the event has none."""

OUTSIDE: Final = frozenset({"actor", "entered_by", "summary", "salts", "hash", *REPEATED})
"""Fields that the hash doesn't cover by themselves: by a commitment, by `data`, or not at all (`summary`)."""

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode


def record(row: Row, prev: bytes, summary: str) -> Record:
    """The record of an entry that follows the one whose hash is `prev`."""
    data = _decode(row.data)
    leaves = _decode(row.leaves) if row.leaves else {}
    return {
        "incident": row.incident,
        "seq": row.seq,
        "id": entry_id(row.incident, row.seq),
        "at": iso(row.at),
        "occurred_at": iso(row.occurred_at),
        "exercise": is_exercise(row.incident),
        "actor": {"id": row.actor or "", "name": row.name or "", "role": row.role or ""},
        "entered_by": _decode(row.entered_by) if row.entered_by else None,
        "source": row.source,
        "kind_version": row.kind_version,
        **{name: data.get(name) for name in REPEATED},
        "summary": summary,
        "data": {**data, **leaves},
        "salts": {path: salt.hex() for path, salt in salts_of(row).items()},
        "commitments": {path: digest.hex() for path, digest in commitments_of(row).items()},
        "prev": prev.hex(),
        "hash": row.hash.hex(),
    }


def without(full: Record, paths: Set[str]) -> Record:
    """The record without these leaves: their commitments stay, so it still verifies."""
    gone = {path.removeprefix("data.") for path in paths if path.startswith("data.")}
    role = "" if ROLE in paths else full["actor"]["role"]
    return full | {
        ACTOR: {"id": "", "name": "", "role": role} if ACTOR in paths else full[ACTOR] | {"role": role},
        ENTERED_BY: None if ENTERED_BY in paths else full[ENTERED_BY],
        "data": {name: value for name, value in full["data"].items() if name not in gone},
        "salts": {path: salt for path, salt in full["salts"].items() if path not in paths},
    }


def line(one: Record) -> bytes:
    """The line of a record, its end included."""
    return _encode(one) + b"\n"


def write(
    rows: Iterable[Row],
    summary: Callable[[Entry], str],
    *,
    prev: bytes = bytes(HASH_BYTES),
    codec: Codec = CODEC,
) -> Iterator[bytes]:
    """The lines of a timeline, in order. `summary` is asked for each entry, in order, once."""
    for row in rows:
        yield line(record(row, prev, summary(codec.decode(row))))
        prev = row.hash
