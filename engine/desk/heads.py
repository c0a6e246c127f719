"""Keep the state of every open incident at hand, within bounds: those worked on as they are, the others folded small.

A state of twenty steps takes some ten kilobytes as values that share what they can, a quarter of that packed. Unpacking
one costs a tenth of a press, reading its entries again as much as a press: so nothing is thrown away. An incident that
was only read is packed; the one that is worked on, or read again, is kept as values.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Final

import msgspec

from engine.core.incident import Incident
from engine.journal.port import Board, Head

__all__ = ["Heads"]

AT_HAND: Final = 4096
"""Incidents kept as values: more than a département works on at once."""

_pack = msgspec.msgpack.Encoder().encode


class _Packed(msgspec.Struct, array_like=True):
    incident: Incident
    board: Board


_unpack = msgspec.msgpack.Decoder(_Packed).decode


class Heads:
    """The published heads, by incident; the least recently used are packed."""

    def __init__(self, at_hand: int = AT_HAND) -> None:
        self._at_hand = at_hand
        self._live: OrderedDict[str, Head] = OrderedDict()
        self._packed: dict[str, tuple[bytes, bytes]] = {}

    def __len__(self) -> int:
        return len(self._live) + len(self._packed)

    def get(self, name: str) -> Head | None:
        """The head of an incident, or None if it isn't kept."""
        head = self._live.get(name)
        if head is not None:
            self._live.move_to_end(name)
            return head
        packed = self._packed.pop(name, None)
        if packed is None:
            return None
        content, last_hash = packed
        found = _unpack(content)
        head = Head(found.incident, last_hash, found.board)
        self.keep({name: head})
        return head

    def keep(self, heads: Mapping[str, Head]) -> None:
        """Publish heads: the newest state of their incidents."""
        live = self._live
        for name, head in heads.items():
            live[name] = head
            live.move_to_end(name)
            self._packed.pop(name, None)
        while len(live) > self._at_hand:
            _, head = live.popitem(last=False)
            self.put_by(head)

    def put_by(self, head: Head) -> None:
        """Keep a head that was read, in case somebody works on its incident."""
        self._packed[head.incident.id] = (_pack(_Packed(head.incident, head.board)), head.hash)

    def clear(self) -> None:
        """Forget all: somebody else has written, or what was decided did not come true."""
        self._live.clear()
        self._packed.clear()
