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

__all__ = [
    "GENESIS",
    "HASH_BYTES",
    "SALT_BYTES",
    "Chained",
    "canonical",
    "commitment",
    "entry_hash",
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


class Chained(msgspec.Struct, kw_only=True, gc=False):
    """What the hash of an entry covers, in the order of the alphabet."""

    at: str
    commitments: dict[str, str]
    data: msgspec.Raw
    exercise: bool
    id: str
    incident: str
    kind: str
    kind_version: int
    occurred_at: str
    prev: str
    run: int | None
    seq: int
    source: str
    step: str | None
    track: str | None
    visit: int | None


def canonical(value: object) -> bytes:
    """The one spelling of a value. UnicodeEncodeError for a text that is not Unicode (a lone surrogate)."""
    return _encode(value)


def commitment(salt: bytes, value: bytes) -> bytes:
    """Commit to a canonical value without telling it."""
    return sha256(salt + value).digest()


def entry_hash(covered: Chained | Mapping[str, object]) -> bytes:
    """The hash of an entry, `prev` of the next, over all that it covers."""
    return sha256(_encode(covered)).digest()


def entry_id(incident: str, seq: int) -> str:
    """The stable name of an entry: a second export gives the same."""
    return f"{incident}-{seq}"


def iso(instant: Instant) -> str:
    """An instant in ISO 8601, milliseconds, UTC: `2026-11-24T02:40:00.123Z`."""
    seconds, milliseconds = divmod(instant, 1000)
    return f"{_to_the_second(seconds)}.{milliseconds:03d}Z"


@lru_cache(maxsize=1024)
def _to_the_second(seconds: int) -> str:
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
