"""A message that should stand somewhere, and all of those that one platform should show of an incident."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import msgspec

from bots.chat.faces import View, Wanted
from bots.chat.values import Content, Place
from engine.core.quantities import Instant

__all__ = ["Drawing", "Heard", "Shown", "digest_of", "span_of"]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A message that should stand somewhere."""

    place: Place
    """`chat` is empty while the private chat of the account is not known."""
    account: str = ""
    wanted: Wanted
    digest: bytes
    at: Instant = 0
    """Of a notice: when what it tells was recorded."""
    doubtful: bool = False
    """A notice that may have been told before the book was begun."""
    meanwhile: bool = False
    """A notice of what happened while nothing could be told there, the platform being suspect."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A notice, before it has a place."""

    wanted: Wanted
    at: Instant
    doubtful: bool = False
    suspect: bool = False
    """It was made for a platform that somebody else may be reading."""
    meanwhile: bool = False
    """It was kept back while somebody else may have been reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """An incident as one platform should show it."""

    view: View
    cards: tuple[Shown, ...] = ()
    notices: tuple[Shown, ...] = ()
    """Those that may not have been told, in their order."""
    next_change: Instant = 0
    hushed: bool = False
    """Nothing of it is shown here any more, for good."""


def digest_of(content: Content) -> bytes:
    """Know a content again without keeping it."""
    return blake2b(msgspec.msgpack.encode(content), digest_size=16).digest()


def span_of(key: str) -> tuple[int, int]:
    """The first and last entry that a notice tells (`<incident>/n:<seq>`, `n:<first>-<last>` of a digest)."""
    first, _, last = key.rpartition(":")[2].partition("-")
    return int(first), int(last or first)
