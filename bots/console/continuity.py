"""What the continuity plan lacks, at the terminal: each hole with what is in it, within 80 columns."""

from __future__ import annotations

from textwrap import wrap
from typing import Any, Final

import msgspec

from bots.door import unbroken
from engine.continuity.holes import HOLES, Status
from engine.continuity.telling import Telling
from engine.continuity.town import Town
from engine.i18n import Words, written_day

__all__ = ["WIDTH", "status_json", "status_text", "wrapped"]

WIDTH: Final = 80
_EXTRA: Final = ("shared_with_fallback", "restart_order")


def status_json(town: Town, status: Status) -> dict[str, Any]:
    """The contract of `tocsin pca status --json`: docs/pca.md."""
    told: dict[str, Any] = msgspec.to_builtins(status)
    return {"town": town.name, "on": town.today.isoformat(), "holes": status.holes, **told}


def status_text(town: Town, status: Status, words: Words) -> str:
    """Every hole with what is in it; those that there are none of in one sentence."""
    told, holes = Telling(town, words), status.holes
    lines = [words.say("pca.status.title", town=town.name, day=written_day(town.today, words.lang))]
    for name in (one for one in HOLES if holes[one]):
        value = getattr(status, name)
        count = f" ({holes[name]})" if isinstance(value, tuple) else ""
        lines += ["", f"✗ {words.say(f'pca.status.hole.{name}')}{count}"]
        lines += [line for row in told.of(name, value) for line in wrapped(row)]
    for name in _EXTRA:
        if value := getattr(status, name):
            lines += ["", words.say(f"pca.status.extra.{name}")]
            lines += [line for row in told.of(name, value) for line in wrapped(row)]
    fine = [
        _inside(words.say(f"pca.status.hole.{name}"))
        for name in HOLES
        if isinstance(getattr(status, name), tuple) and not holes[name]
    ]
    if fine:
        lines += ["", *wrap(unbroken(words.say("pca.status.fine", names=", ".join(fine))), WIDTH)]
    return "\n".join(lines) + "\n"


def wrapped(text: str, indent: int = 2) -> list[str]:
    """One thing on as many lines as it takes."""
    return wrap(
        unbroken(text), WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2),
        break_on_hyphens=False,
    )  # fmt: skip


def _inside(title: str) -> str:
    """A title inside a sentence."""
    return title[0].lower() + title[1:]
