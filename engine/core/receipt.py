"""What a door gets back for an order, and what `decide` returns when it accepts one."""

from __future__ import annotations

import msgspec

from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.refusal import Refused

__all__ = ["Accepted", "Receipt"]


class Accepted(msgspec.Struct, gc=False, frozen=True):
    """The entries that an accepted order adds to its incident, and the incident after them."""

    entries: tuple[Entry, ...]
    incident: Incident


class Receipt(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """The answer to an order, given after the commit, never before.

    The same key is answered with the same receipt (`repeated` set), and writes nothing.
    An accepted order that changes nothing (a box ticked twice) has `first` = `last` = 0.
    """

    key: str
    incident: str
    first: int = 0
    last: int = 0
    refused: Refused | None = None
    repeated: bool = False
