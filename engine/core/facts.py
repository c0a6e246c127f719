"""Answers: what a person typed, read into the canonical spelling of the fact's type. No floats, no locale."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from engine.core.directory import Directory
from engine.core.refusal import Refused
from engine.core.runbook import FactSpec

__all__ = ["read_fact"]

_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_HOUR = re.compile(r"(\d{1,2})\s*[:hH]\s*(\d{2})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,6})?")
_YEARS = range(1900, 2200)
"""A date outside is a slip of the finger, and would put a deadline beyond any calendar."""
LONGEST_TEXT = 20_000


def read_fact(name: str, spec: FactSpec, written: str, directory: Directory) -> str | Refused:
    """The canonical spelling of an answer, or why it isn't one: what is wrong and what would do."""
    written = written.strip()
    try:
        match spec.type:
            case "choice":
                return _choice(spec, written)
            case "integer":
                return _bounded(spec, _integer(written))
            case "number" | "money":
                return _bounded(spec, _decimal(written))
            case "date":
                return _date(written).isoformat()
            case "time":
                return _time(written).isoformat("minutes")
            case "datetime":
                return _datetime(written)
            case "person":
                return _person(written, directory)
            case "text" | "file":
                if len(written) > LONGEST_TEXT:
                    raise ValueError(written)
                return written
    except (ValueError, InvalidOperation):
        return Refused(
            "fact_unreadable",
            {
                "fact": name,
                "label": spec.label,
                "type": spec.type,
                "value": written[:80],
                "choices": tuple(spec.choices.values()),
            },
        )


def _choice(spec: FactSpec, written: str) -> str:
    lowered = written.casefold()
    for key, label in spec.choices.items():
        if lowered in (key.casefold(), label.casefold()):
            return key
    if written.isdigit() and 1 <= int(written) <= len(spec.choices):
        return list(spec.choices)[int(written) - 1]
    raise ValueError(written)


def _integer(written: str) -> str:
    digits = "".join(written.split())  # thousands are set off by spaces of several kinds
    if not _INTEGER.fullmatch(digits):
        raise ValueError(written)
    return str(int(digits))


def _decimal(written: str) -> str:
    digits = "".join(written.split()).removesuffix("€")
    if not _NUMBER.fullmatch(digits):
        raise ValueError(written)
    number = Decimal(digits.replace(",", "."))
    return f"{number.normalize():f}" if number else "0"


def _bounded(spec: FactSpec, written: str) -> str:
    number = Decimal(written)
    if (spec.min is not None and number < Decimal(spec.min)) or (
        spec.max is not None and number > Decimal(spec.max)
    ):
        raise ValueError(written)
    return written


def _date(written: str) -> date:
    if found := _DAY.fullmatch(written):
        day, month, year = map(int, found.groups())
        read = date(year, month, day)
    else:
        read = date.fromisoformat(written)
    if read.year not in _YEARS:
        raise ValueError(written)
    return read


def _time(written: str) -> time:
    found = _HOUR.fullmatch(written)
    if not found:
        raise ValueError(written)
    return time(int(found[1]), int(found[2] or 0))


def _datetime(written: str) -> str:
    day, _, hour = written.replace("T", " ").partition(" ")
    hour = hour.strip().removeprefix("à").strip()
    local = datetime.combine(_date(day), _time(hour or "0:00"))
    return local.isoformat(timespec="minutes")


def _person(written: str, directory: Directory) -> str:
    """By identifier, or by a name that only one person has."""
    wanted = written.removeprefix("@").strip()
    if wanted in directory.people:
        return wanted
    lowered = wanted.casefold()
    found = [p.id for p in directory.people.values() if lowered in (p.id.casefold(), p.name.casefold())]
    if len(found) != 1:
        raise ValueError(written)
    return found[0]
