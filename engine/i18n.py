"""Say everything that a person reads, in that person's language.

The words live in `locales/<language>/<area>.toml`. A key is the area, then the tables of its file:
`cli.init.short` is `[init] short` in `cli.toml`. An area is read when one of its words is first needed, so
that a command which says little starts at once. A table that holds exactly `one` and `other` is a plural:
the fact `count` picks. Nothing here is process-wide: whoever speaks holds a `Words`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

__all__ = [
    "LANGUAGES",
    "Plural",
    "Words",
    "areas",
    "calendar_day",
    "clock_time",
    "duration",
    "load_area",
    "moment",
    "number",
    "written_day",
]

LANGUAGES = ("fr", "en")
LOCALES = Path(__file__).parent / "locales"

# Dates in English follow European usage: the day comes before the month.
_CLDR = {"fr": "fr_FR", "en": "en_GB"}

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence that changes with a number."""

    one: str
    other: str

    def pick(self, count: object, lang: str) -> str:
        """Choose the form: French says "0 personne" and "1,5 heure", English "0 people"."""
        if not isinstance(count, int | float):
            return self.other
        single = abs(count) < 2 if lang == "fr" else count == 1
        return self.one if single else self.other


def areas(lang: str) -> tuple[str, ...]:
    """Name the files of words that a language has."""
    return tuple(sorted(path.stem for path in (LOCALES / lang).glob("*.toml")))


@lru_cache(maxsize=256)
def load_area(lang: str, area: str) -> Mapping[str, str | Plural]:
    """Read one file of words into dotted keys; an area that does not exist has no words."""
    path = LOCALES / lang / f"{area}.toml"
    if not path.is_file():
        return MappingProxyType({})
    with path.open("rb") as file:
        return MappingProxyType(_flatten(tomllib.load(file), area))


def _flatten(table: Mapping[str, object], prefix: str) -> dict[str, str | Plural]:
    words: dict[str, str | Plural] = {}
    for name, value in table.items():
        key = f"{prefix}.{name}"
        match value:
            case str():
                words[key] = value
            case {"one": str(one), "other": str(other), **rest} if not rest:
                words[key] = Plural(one, other)
            case dict():
                words |= _flatten(value, key)
            case _:
                raise TypeError(f"{key}: a catalogue holds text, not {type(value).__name__}")
    return words


@dataclass(frozen=True, slots=True)
class Words:
    """One language, ready to speak.

    `strict` (the default, and what the tests use) raises `KeyError` for a missing word or fact. The program's
    own doors set it to false: at 3 a.m. the key itself between brackets is better than no answer.
    """

    lang: str = "fr"
    strict: bool = True

    def __post_init__(self) -> None:
        if self.lang not in LANGUAGES:
            raise ValueError(f"unknown language: {self.lang}")

    def has(self, key: str) -> bool:
        """Tell whether the catalogue knows this key."""
        return self._find(key) is not None

    def say(self, key: str, /, **facts: object) -> str:
        """Say one sentence, its `{placeholders}` filled with the facts."""
        found = self._find(key)
        if found is None:
            return self._lacking(key, facts)
        text = found.pick(facts.get("count"), self.lang) if isinstance(found, Plural) else found
        try:
            return text.format_map(facts)
        except KeyError as missing:
            if self.strict:
                raise KeyError(f"{key}: no fact {missing}") from missing
            return text

    def _find(self, key: str) -> str | Plural | None:
        return load_area(self.lang, key.partition(".")[0]).get(key)

    def _lacking(self, key: str, facts: Mapping[str, object]) -> str:
        if self.strict:
            raise KeyError(key)
        told = " ".join(f"{name}={value}" for name, value in facts.items())
        return f"[{key}] {told}".rstrip()


def _local(instant_ms: int, tz: tzinfo | str) -> datetime:
    zone = ZoneInfo(tz) if isinstance(tz, str) else tz
    return datetime.fromtimestamp(instant_ms / 1000, UTC).astimezone(zone)


def clock_time(instant_ms: int, tz: tzinfo | str, lang: str) -> str:
    """Write the local hour: "03:14".

    On the autumn night when an hour happens twice, that hour says which it is: "02:30 (UTC+1)".
    """
    return _hour(_local(instant_ms, tz))


def _hour(local: datetime) -> str:
    text = f"{local:%H:%M}"
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return text
    minutes = int((local.utcoffset() or local - local).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"{text} (UTC{sign}{hours}{f':{rest:02}' if rest else ''})"


def moment(instant_ms: int, now_ms: int, tz: tzinfo | str, lang: str) -> str:
    """Write an instant as briefly as it stays clear.

    "03:14" today, "ven. 03:02" within six days, "27 nov. 03:02" beyond, with the year when it is another.
    """
    local, now = _local(instant_ms, tz), _local(now_ms, tz)
    days = abs((local.date() - now.date()).days)
    if days == 0:
        return _hour(local)
    weekdays, months = _names(lang)
    if days <= 6:
        return f"{weekdays[local.weekday()]} {_hour(local)}"
    year = f" {local.year}" if local.year != now.year else ""
    return f"{local.day} {months[local.month]}{year} {_hour(local)}"


@lru_cache(maxsize=len(LANGUAGES))
def _names(lang: str) -> tuple[dict[int, str], dict[int, str]]:
    # Late: babel costs 30 ms, and most commands write no date.
    from babel.dates import get_day_names, get_month_names

    days, months = (
        get_day_names("abbreviated", locale=_CLDR[lang]),
        get_month_names("abbreviated", locale=_CLDR[lang]),
    )
    return {i: str(days[i]) for i in range(7)}, {i: str(months[i]) for i in range(1, 13)}


def calendar_day(instant_ms: int, tz: tzinfo | str, lang: str) -> str:
    """Write the whole date, for a document: "vendredi 27 novembre 2026"."""
    from babel.dates import format_date

    return format_date(_local(instant_ms, tz), "EEEE d MMMM y", locale=_CLDR[lang])


def written_day(day: date, lang: str) -> str:
    """Write a date without its weekday: "27 novembre 2026", "1er mars 2026"."""
    from babel.dates import format_date

    text = format_date(day, "d MMMM y", locale=_CLDR[lang])
    return text.replace("1 ", "1er ", 1) if lang == "fr" and day.day == 1 else text


def number(value: int | float, lang: str) -> str:
    """Write a number with the separators of the language: "84 000" in French, "84,000" in English."""
    from babel.numbers import format_decimal

    # The typographic narrow space of French breaks copy and paste into Excel: a plain no-break space.
    return format_decimal(value, locale=_CLDR[lang]).replace("\u202f", "\u00a0")


def duration(ms: int, lang: str) -> str:
    """Write a length of time with its two largest units: "12 s", "47 min", "1 h 30", "3 j 2 h".

    Lengths are absolute and rounded down: whether it is left or late is for the caller to say.
    """
    ms = abs(ms)
    if ms < _MINUTE:
        return f"{ms // _SECOND} s"
    if ms < _HOUR:
        return f"{ms // _MINUTE} min"
    if ms < _DAY:
        return _hours(ms // _HOUR, ms % _HOUR // _MINUTE, lang)
    days, hours = ms // _DAY, ms % _DAY // _HOUR
    unit = "j" if lang == "fr" else "d"
    return f"{days} {unit} {hours} h" if hours else f"{days} {unit}"


def _hours(hours: int, minutes: int, lang: str) -> str:
    if not minutes:
        return f"{hours} h"
    return f"{hours} h {minutes:02}" if lang == "fr" else f"{hours} h {minutes:02} min"
