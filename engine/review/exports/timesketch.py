"""For Timesketch, as CSV or as JSON lines: its required fields, hours with their zone, nothing guarded or cut.

A cell `NA` of a CSV is dropped by its reader, so the message begins with who; JSON lines keep every field.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from io import StringIO
from typing import Final

from engine.journal.chain import iso
from engine.review.dossier import Dossier
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["timesketch_csv", "timesketch_jsonl"]

_FIELDS: Final = (
    "message", "datetime", "timestamp", "timestamp_desc", "tag", "event_id", "incident", "number", "kind", "recorded",
    "actor", "role", "entered_by", "source", "procedure", "track", "step", "corrected_by", "corrects", "evidence",
    "sha256", "exercise",
)  # fmt: skip
_LONGEST: Final = 32_000
"""Bytes of a field: its index refuses an entry with a longer one."""


def timesketch_jsonl(dossier: Dossier) -> str:
    """One object a line, nothing else: a blank line would be refused."""
    return "".join(
        json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n" for event in _events(dossier)
    )


def timesketch_csv(dossier: Dossier) -> str:
    """The same as a table, commas between the columns."""
    events = list(_events(dossier))
    more = sorted({name for event in events for name in event} - set(_FIELDS))
    out = StringIO(newline="")
    writer = csv.DictWriter(out, [*_FIELDS, *more], restval="", lineterminator="\r\n")
    writer.writeheader()
    for event in events:
        writer.writerow(event | {"tag": json.dumps(event["tag"], ensure_ascii=False)})
    return out.getvalue()


def _events(dossier: Dossier) -> Iterator[dict[str, object]]:
    for line in dossier.lines:
        # What follows the first is told in `message_2`, `message_3`: nothing is lost.
        first, *rest = _pieces(dossier.marked(harmless(f"{line.who} — {line.text}")))
        yield {
            "message": first,
            **{f"message_{number}": piece for number, piece in enumerate(rest, 2)},
            "datetime": iso(line.happened).replace("Z", "+00:00"),
            "timestamp": line.happened * 1000,
            "timestamp_desc": line.kind_title,
            "tag": _tags(line, exercise=dossier.exercise),
            "event_id": line.id,
            "incident": dossier.incident.id,
            "number": line.number,
            "kind": line.kind,
            "recorded": iso(line.recorded).replace("Z", "+00:00"),
            "actor": harmless(line.name),
            "role": line.role,
            "entered_by": harmless(line.entered_by),
            "source": line.source,
            "procedure": line.where.runbook,
            "track": line.where.track,
            "step": line.where.step,
            "corrected_by": ",".join(map(str, line.corrected_by)),
            "corrects": line.corrects or "",
            "evidence": harmless(line.evidence.name) if line.evidence else "",
            "sha256": line.evidence.sha256 if line.evidence else "",
            "exercise": "true" if dossier.exercise else "false",
        }


def _tags(line: Line, *, exercise: bool) -> list[str]:
    named = (("exercise", exercise), ("decision", line.decision), ("deviation", line.loud))
    return [name for name, is_so in named if is_so]


def _pieces(text: str) -> list[str]:
    """The text in pieces that the index takes, cut between two letters."""
    if len(text) * 4 <= _LONGEST:
        return [text]
    size = _LONGEST // 4
    return [text[start : start + size] for start in range(0, len(text), size)]
