"""A refusal is a value: a code and facts. Its words (who may, what is missing, who did it) are the catalogue's."""

from __future__ import annotations

import msgspec

__all__ = ["Refused"]


class Refused(msgspec.Struct, frozen=True):
    """`code` is a key of `refusals` in the catalogue; `facts` fill its placeholders (identifiers, instants, names)."""

    code: str
    facts: dict[str, str | int | tuple[str, ...]] = {}
