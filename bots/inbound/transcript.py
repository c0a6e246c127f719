"""A main courante that was kept on paper, as somebody types it in: `24/11 03:14 ; Thierry Lacombe ; Internet coupé`.

One line of the file for one line of the paper. A line that can't be read is told with its number; it never takes
another one with it.
"""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from bots.inbound.moments import Unreadable, day_in, happened
from bots.inbound.vocabulary import plain
from engine.core.quantities import Instant
from engine.core.world import Calendar

__all__ = ["Copied", "Slip", "Transcript", "read_transcript"]

_DECISION: Final = frozenset({"decision", "d"})
_FACT: Final = frozenset({"fait", "fact", "note", "f", ""})
_SEPARATORS: Final = (";", "\t")
_SHOWN: Final = 200
"""Characters of a line that is told back whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What one line of the paper says."""

    line: int
    at: Instant
    who: str
    text: str
    decision: bool = False
    key: str
    """The same line copied twice has the same key; a line that the paper holds twice, one for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A line that can't be recorded as it is: `code` is a key of `console.transcribe`."""

    line: int
    code: Literal["fields", "no_day", "bad_time", "future", "no_text"]
    written: str


@dataclass(slots=True)
class Transcript:
    """What a file holds, in its order."""

    copied: list[Copied] = field(default_factory=list)
    slips: list[Slip] = field(default_factory=list)


def read_transcript(lines: Iterable[str], calendar: Calendar, now: Instant) -> Transcript:
    """Read each line for itself. Empty ones and comments (`#`) are passed over."""
    found, seen = Transcript(), Counter[str]()
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        one = _read(number, text, calendar, now, seen)
        if isinstance(one, Slip):
            found.slips.append(one)
        else:
            found.copied.append(one)
    return found


def _read(number: int, text: str, calendar: Calendar, now: Instant, seen: Counter[str]) -> Copied | Slip:
    fields = _fields(text) if len(text) <= csv.field_size_limit() else []
    if len(fields) < 3:
        return Slip(line=number, code="fields", written=text[:_SHOWN])
    written, who, *said = fields
    if day_in(written, calendar, now) is None:
        return Slip(line=number, code="no_day", written=written)
    try:
        at = happened(written, calendar, now)
    except Unreadable:
        return Slip(line=number, code="bad_time", written=written)
    if at > now:
        return Slip(line=number, code="future", written=written)
    kind = plain(said[-1]) if len(said) > 1 else ""
    if len(said) > 1 and kind in _DECISION | _FACT:
        said.pop()
    told = " ; ".join(one for one in said if one)
    if not told:
        return Slip(line=number, code="no_text", written=text)
    decision = kind in _DECISION
    mark = hashlib.sha256("\0".join((str(at), plain(who), told, str(decision))).encode()).hexdigest()[:32]
    seen[mark] += 1
    return Copied(line=number, at=at, who=who, text=told, decision=decision, key=f"paper/{mark}/{seen[mark]}")


def _fields(text: str) -> list[str]:
    """The parts of a line; quotes around a part are a spreadsheet's, never the start of what follows on other lines."""
    separator = min(_SEPARATORS, key=lambda one: text.find(one) if one in text else len(text))
    row = next(csv.reader([text], delimiter=separator, skipinitialspace=True))
    return [" ".join(one.split()) for one in row]
