"""French signs on paper: what stays together is never cut by the end of a line, no word is wider than its column."""

from __future__ import annotations

import re
from typing import Any, Final

from engine.visible import harmless

__all__ = ["typeset"]

_NARROW, _UNBROKEN, _MAY_BREAK = "\u202f", "\u00a0", "\u200b"
_LONGEST_WORD: Final = 24
"""Letters; a longer one is a mistake, an address or an attack, and may be cut anywhere."""
_ADDRESS: Final = re.compile(r"(?<=[/.@_?&=-])(?=\w)")
_RULES: Final = (
    (re.compile(r"[ \u00a0](?=[;:!?»])"), _NARROW),
    (re.compile(r"(?<=«)[ \u00a0]"), _NARROW),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
    (re.compile(r"(?<=\d) (?=\d)"), _UNBROKEN),
    (re.compile(r"(?<=\d) (?=(?:h|min|s|j|jo|ho|jours?|heures?|mois|ans?|days?|hours?|€|%|°)(?!\w))"), _UNBROKEN),
    (re.compile(r"(?<=[nN]°) |(?<=T0) (?=[+-])|(?<=[+→]) (?=\w)|(?<=\b[ABCDEG]\d) (?=«)"), _UNBROKEN),
)  # fmt: skip
_DRAWN: Final = frozenset({"svg", "kind", "name"})
"""Fields that are not read by people."""


def typeset(value: Any) -> Any:
    """The same value with each text as it is printed."""
    match value:
        case str():
            return _typeset(value)
        case dict():
            return {key: one if key in _DRAWN else typeset(one) for key, one in value.items()}
        case list() | tuple():
            return [typeset(one) for one in value]
        case _:
            return value


def _typeset(text: str) -> str:
    text = harmless(text)
    for pattern, sign in _RULES:
        text = pattern.sub(sign, text)
    return re.sub(rf"\S{{{_LONGEST_WORD},}}", _breakable, text)


def _breakable(found: re.Match[str]) -> str:
    """An address is cut after its signs; what is still too long, anywhere."""
    parts = _ADDRESS.split(found[0])
    return _MAY_BREAK.join(
        part if len(part) <= _LONGEST_WORD else _MAY_BREAK.join(part) for part in parts if part
    )
