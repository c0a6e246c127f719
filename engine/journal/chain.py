"""Chain the entries of an incident, so that none can be changed, removed, moved or slipped in unseen.

An entry's hash is SHA-256 over its canonical record, which holds the hash of the entry before it (`prev`), and, in
place of what could be erased one day (its *leaves*: names, free text, values), a commitment of each:
SHA-256(salt ‖ canonical value). Erasing a leaf drops its text and its salt; the commitment stays, and the chain holds.
Without the salt, a name would be guessed from its hash in a second.

Canonical means RFC 8785. Our records hold text, whole numbers, booleans, null, and keys in ASCII; for these it means
sorted keys and no white space (`json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)`).

Pure: the salts are drawn by the codec, time is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Final

import msgspec

from engine.core.quantities import Instant
from engine.journal.naming import is_exercise

__all__ = [
    "GENESIS",
    "HASH_BYTES",
    "SALT_BYTES",
    "canonical",
    "commitment",
    "covered",
    "digest",
    "entry_id",
    "instant_of",
    "iso",
]

HASH_BYTES: Final = 32
SALT_BYTES: Final = 16
GENESIS: Final = bytes(HASH_BYTES)
"""`prev` of an incident's first entry."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode = msgspec.json.Encoder(order="sorted").encode


def canonical(value: object) -> bytes:
    """The one spelling of a value. UnicodeEncodeError for a text that is not Unicode (a lone surrogate)."""
    return _encode(value)


def commitment(salt: bytes, value: bytes) -> bytes:
    """Commit to a canonical value without telling it."""
    return sha256(salt + value).digest()


def covered(
    incident: str,
    seq: int,
    at: Instant,
    occurred_at: Instant,
    source: str,
    kind_version: int,
    data: bytes,
    commitments: Mapping[str, bytes],
    prev: bytes,
) -> bytes:
    """The canonical record that an entry's hash covers.

    `data` is canonical JSON already; the commitments stand in the order of their paths, which need no escape.
    """
    recorded = iso(at)
    told = ",".join([f'"{path}":"{one.hex()}"' for path, one in commitments.items()])
    # Written out in the order of the alphabet: a press pays for this, and building a record first is dearer.
    return (
        f'{{"at":"{recorded}","commitments":{{{told}}},"data":{data.decode()},{_stem(incident)}-{seq}",'
        f'"incident":{_word(incident)},"kind_version":{kind_version},'
        f'"occurred_at":"{recorded if at == occurred_at else iso(occurred_at)}","prev":"{prev.hex()}",'
        f'"seq":{seq},"source":{_word(source)}}}'
    ).encode()


def digest(record: bytes) -> bytes:
    """The hash of an entry, `prev` of the next."""
    return sha256(record).digest()


@lru_cache(maxsize=4096)
def _word(value: str) -> str:
    """A name as JSON: the same few come back all the time."""
    return _encode(value).decode()


@lru_cache(maxsize=4096)
def _stem(incident: str) -> str:
    """How the middle of an incident's records begins: whether it is an exercise, and the name of its entries."""
    return f'"exercise":{"true" if is_exercise(incident) else "false"},"id":{_word(incident)[:-1]}'


def entry_id(incident: str, seq: int) -> str:
    """The stable name of an entry: a second export gives the same."""
    return f"{incident}-{seq}"


def iso(instant: Instant) -> str:
    """An instant in ISO 8601, milliseconds, UTC: `2026-11-24T02:40:00.123Z`."""
    seconds, ms = divmod(instant, 1000)
    return f"{_second(seconds)}.{ms:03d}Z"


@lru_cache(maxsize=256)
def _second(seconds: int) -> str:
    """The people who press at once press within a second or two."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()[:19]


def instant_of(text: str) -> Instant:
    """Read back what `iso` wrote; ValueError for any other spelling of the same instant."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    instant = (moment - _EPOCH) // timedelta(milliseconds=1)
    if iso(instant) != text:
        raise ValueError(text)
    return instant
