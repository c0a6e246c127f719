"""For the timeline of a case in DFIR-IRIS: its ten columns, commas, no mark of encoding (it would hide the first one).

IRIS joins the lines of a text when it reads one, so they are told with a dash. It doesn't know what it has read before:
import a file once.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from io import StringIO
from typing import Final

from engine.review.dossier import Dossier
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["iris"]

_COLUMNS: Final = (
    "event_date", "event_tz", "event_title", "event_category", "event_content", "event_raw", "event_source",
    "event_assets", "event_iocs", "event_tags",
)  # fmt: skip
_TITLE: Final = 160
"""Letters; the whole text is the content."""


def iris(dossier: Dossier) -> str:
    """The file."""
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_event(dossier, line) for line in dossier.lines)
    return out.getvalue()


def _event(dossier: Dossier, line: Line) -> tuple[str, ...]:
    local = datetime.fromtimestamp(line.happened // 1000, UTC).astimezone(dossier.speech.zone)
    text = _flat(line.text)
    zone = f"{local:%z}"
    return (
        f"{local:%Y-%m-%dT%H:%M:%S}.{line.happened % 1000:03}",
        f"{zone[:3]}:{zone[3:5]}",
        dossier.marked(f"{line.kind_title} · {text[:_TITLE]}"),
        "Unspecified",  # its other categories are those of an attacker's acts
        dossier.marked(" ".join(filter(None, (_flat(line.who), "—", text)))),
        f"{line.id} {line.kind}",
        line.source,
        "",  # assets and indicators must already be in the case
        "",
        "|".join(_tags(dossier, line)),
    )


def _flat(text: str) -> str:
    return " — ".join(part for part in harmless(text).splitlines() if part.strip())


def _tags(dossier: Dossier, line: Line) -> list[str]:
    told = [
        ("tocsin", True),
        ("exercise", dossier.exercise),
        ("decision", line.decision),
        ("deviation", line.loud),
    ]
    return [*(name for name, is_so in told if is_so), line.kind]
