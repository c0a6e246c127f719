"""Part two: what may happen, how likely, how bad, and what would stop."""

from __future__ import annotations

from collections.abc import Iterator

from engine.continuity.coverage import Coverage
from engine.continuity.holes import Status
from engine.continuity.report.document import Block, Bullets, Heading, Paragraph, Table
from engine.continuity.report.speaking import Speaking

__all__ = ["blocks"]


def blocks(speak: Speaking, status: Status, coverage: Coverage) -> Iterator[Block]:
    """The whole part."""
    yield Heading(speak("part.risks"), new_page=True)
    if not speak.town.register.risks:
        yield Paragraph(speak("risks.none"))
        return
    yield Paragraph(speak("risks.scale"))
    yield _risks(speak, coverage)
    yield Heading(speak("risks.map"), 2)
    yield _map(speak)
    if scenarios := tuple(_scenarios(speak)):
        yield Heading(speak("risks.scenarios"), 2)
        yield Bullets(scenarios)
    yield from _shared(speak, status)


def _risks(speak: Speaking, coverage: Coverage) -> Table:
    worst = sorted(speak.town.register.risks.items(), key=lambda one: -one[1].level)
    return Table(
        columns=tuple(speak(f"column.{name}") for name in ("risk", "likelihood", "impact", "level", "stops")),
        rows=tuple(
            (
                one.title, str(one.likelihood), str(one.impact), str(one.level),
                speak.titles("activities", coverage.threatened(name)),
            )
            for name, one in worst
        ),
        widths=(6, 5, 3, 3, 13),
    )  # fmt: skip


def _map(speak: Speaking) -> Table:
    """Likelihood upwards, impact to the right: what is worst is at the top right."""
    return Table(
        columns=(speak("risks.corner"), *(str(impact) for impact in range(1, 5))),
        rows=tuple(
            (
                str(likelihood),
                *(
                    speak.joined(
                        one.title
                        for one in speak.town.register.risks.values()
                        if (one.likelihood, one.impact) == (likelihood, impact)
                    )
                    for impact in range(1, 5)
                ),
            )
            for likelihood in range(4, 0, -1)
        ),
        widths=(7, 4, 4, 6, 6),
    )


def _scenarios(speak: Speaking) -> Iterator[str]:
    for one in speak.town.register.risks.values():
        for scenario in one.scenarios:
            yield speak("risks.scenario", risk=one.title, scenario=scenario)


def _shared(speak: Speaking, status: Status) -> Iterator[Block]:
    rows = tuple(
        (one.title, str(len(one.activities)), one.fallback or speak("no_fallback"))
        for one in sorted(
            (*status.shared_without_fallback, *status.shared_with_fallback),
            key=lambda one: -len(one.activities),
        )
    )
    if rows:
        yield Heading(speak("risks.shared"), 2)
        yield Paragraph(speak("risks.shared_intro"))
        yield Table(
            tuple(speak(f"column.{name}") for name in ("thing", "falls", "fallback")), rows, (8, 4, 9)
        )
