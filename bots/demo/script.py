"""Read the script of the demonstration: who types what, at which hour of the story."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from engine.core.quantities import Instant
from engine.core.world import Calendar

__all__ = ["Cue", "Script", "read_script"]

SCRIPT = Path(__file__).with_name("script.yaml")
_HOUR = re.compile(r"(?:J(?P<day>\d+) )?(?P<h>\d{2}):(?P<m>\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One line of the story. `count`: so many notes in a burst, during which the program is killed."""

    at: Instant
    who: str
    words: str
    caption: str = ""
    show: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole story."""

    start: Instant
    runbook: str
    declared_by: str
    title: str
    cues: tuple[Cue, ...]


def read_script(lang: str, calendar: Calendar, today: Instant, path: Path = SCRIPT) -> Script:
    """The script in one language, its hours counted from the local day of `today`."""
    with path.open(encoding="utf-8") as file:
        written: dict[str, Any] = yaml.load(file, Loader=yaml.BaseLoader)
    day = calendar.local(today)
    return Script(
        start=_instant(written["start"], day),
        runbook=written["runbook"],
        declared_by=written["declared_by"],
        title=written["title"][lang],
        cues=tuple(_cue(line, lang, day) for line in written["lines"]),
    )


def _cue(line: dict[str, Any], lang: str, day: datetime) -> Cue:
    return Cue(
        at=_instant(line["at"], day),
        who=line["who"],
        words=line[lang],
        caption=line.get("caption", ""),
        show=line.get("show", ""),
        count=int(line.get("burst", 0)),
    )


def _instant(written: str, day: datetime) -> Instant:
    found = _HOUR.fullmatch(written)
    if found is None:
        raise ValueError(written)
    local = day.replace(hour=int(found["h"]), minute=int(found["m"]), second=0, microsecond=0, fold=0)
    return round((local + timedelta(days=int(found["day"] or 0))).timestamp() * 1000)
