"""The columns of the exports that people open in a spreadsheet: the same in CSV and in XLSX, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from engine.core.quantities import Instant
from engine.journal.chain import iso
from engine.review.dossier import Dossier
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["NAMES", "RISKY", "cells", "titles"]

NAMES: Final = (
    "number", "happened", "kind", "who", "what", "decision", "flag", "corrected_by", "corrects", "procedure", "track",
    "step", "name", "role", "entered_by", "source", "evidence", "sha256", "happened_utc", "recorded", "recorded_utc",
    "id", "exercise",
)  # fmt: skip
"""In the order of the file; `happened` and `recorded` are hours of the town. What people read comes first."""

RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may take for a formula (OWASP, "CSV injection"), its full-width twins too."""


def titles(dossier: Dossier) -> list[str]:
    """The names of the columns."""
    return [dossier.speech.say(f"exports.column.{name}") for name in NAMES]


def cells(dossier: Dossier) -> Iterator[list[str | int | datetime]]:
    """One list for each entry. Hours are naive and the town's: a spreadsheet knows no zone; the UTC ones are text."""
    zone = dossier.speech.zone
    yes, mark = dossier.speech.say("exports.column.yes"), dossier.mark

    def local(instant: Instant) -> datetime:
        return datetime.fromtimestamp(instant // 1000, UTC).astimezone(zone).replace(tzinfo=None)

    for line in dossier.lines:
        place = line.where
        yield [
            line.number,
            local(line.happened),
            line.kind_title,
            harmless(line.who),
            harmless(line.text),
            yes if line.decision else "",
            yes if line.loud else "",
            ", ".join(map(str, line.corrected_by)),
            line.corrects or "",
            *(harmless(text) for text in (place.runbook_title, place.track_title, place.step_title)),
            *(harmless(text) for text in (line.name, line.role_title, line.entered_by, line.source_title)),
            *_evidence(line),
            iso(line.happened),
            local(line.recorded),
            iso(line.recorded),
            line.id,
            mark,
        ]


def _evidence(line: Line) -> tuple[str, str]:
    return (harmless(line.evidence.name), line.evidence.sha256) if line.evidence else ("", "")
