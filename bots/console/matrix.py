"""Activities × risks × procedures × last use, at the terminal within 80 columns, or for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any, Final

import msgspec

from bots.console.continuity import WIDTH, wrapped
from engine.continuity.coverage import Cell, Coverage
from engine.continuity.telling import Telling
from engine.i18n import Words, written_day

__all__ = ["matrix_json", "matrix_text"]

_SIGNS: Final = {"fresh": "●", "stale": "○", "open": "✗"}
_NAME: Final = 40
_COLUMN: Final = 4
_AT_ONCE: Final = (WIDTH - _NAME) // _COLUMN
"""Risks side by side; more of them make a second grid."""


def matrix_json(coverage: Coverage) -> dict[str, Any]:
    """The contract of `tocsin pca matrix --json`: docs/pca.md."""
    town = coverage.town
    return {
        "town": town.name,
        "on": town.today.isoformat(),
        "activities": [{"activity": name, "title": one.title} for name, one in town.activities.items()],
        "risks": [
            {"risk": name, "title": one.title, "likelihood": one.likelihood, "impact": one.impact}
            for name, one in town.register.risks.items()
        ],
        "cells": [_cell(cell) for cell in coverage.cells()],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "activity": cell.activity,
        "risk": cell.risk,
        "state": cell.state,
        "procedures": msgspec.to_builtins(cell.answers),
    }


def matrix_text(coverage: Coverage, words: Words) -> str:
    """The grid, its legend, then each activity with its procedures and their last use."""
    town = coverage.town
    lines = [words.say("pca.matrix.title", town=town.name, day=written_day(town.today, words.lang)), ""]
    if not town.register.risks:
        return "\n".join([*lines, *wrap(words.say("pca.matrix.nothing"), WIDTH)]) + "\n"
    numbers = {name: f"R{n}" for n, name in enumerate(town.register.risks, 1)}
    lines += _grid(coverage, numbers, words)
    lines += ["", words.say("pca.matrix.risks")]
    for name, risk in town.register.risks.items():
        row = words.say(
            "pca.matrix.risk_row", number=numbers[name], title=risk.title, likelihood=risk.likelihood,
            impact=risk.impact, level=risk.level,
        )  # fmt: skip
        lines += wrapped(row)
    lines += ["", words.say("pca.matrix.procedures"), *_details(coverage, numbers, words)]
    return "\n".join(lines) + "\n"


def _grid(coverage: Coverage, numbers: Mapping[str, str], words: Words) -> Iterator[str]:
    cells = {(cell.activity, cell.risk): cell for cell in coverage.cells()}
    risks = list(numbers)
    for start in range(0, len(risks), _AT_ONCE):
        some = risks[start : start + _AT_ONCE]
        heads = "".join(f"{numbers[risk]:>{_COLUMN}}" for risk in some)
        yield f"{words.say('pca.matrix.activity'):<{_NAME}}{heads}"
        for activity, one in coverage.town.activities.items():
            states = (cells.get((activity, risk)) for risk in some)
            signs = "".join(f"{_SIGNS[cell.state] if cell else '·':>{_COLUMN}}" for cell in states)
            yield f"{_cut(one.title):<{_NAME}}{signs}"
        yield ""
    yield from (words.say(f"pca.matrix.legend_{name}") for name in ("fresh", "stale", "open", "safe"))


def _cut(title: str) -> str:
    return title if len(title) < _NAME else f"{title[: _NAME - 2].rstrip()}…"


def _details(coverage: Coverage, numbers: Mapping[str, str], words: Words) -> Iterator[str]:
    telling = Telling(coverage.town, words)
    for activity, one in coverage.town.activities.items():
        yield from wrapped(one.title)
        procedures = coverage.of_activity(activity)
        if not procedures:
            yield from wrapped(words.say("pca.matrix.no_procedure"), 4)
        for name in procedures:
            risks = [number for risk, number in numbers.items() if risk in coverage.placed[name][1]]
            told = telling.last(coverage.town.last(name))
            title = coverage.town.runbooks[name].title
            yield from wrapped(f"{title} [{' '.join(risks) or '–'}] {told}", 4)
