"""Part four: which procedure for what, when it last served, who decides, in which order everything starts again."""

from __future__ import annotations

from collections.abc import Iterator

from engine.continuity.coverage import Coverage
from engine.continuity.holes import Status
from engine.continuity.report.document import Block, Bullets, Heading, Legend, Note, Paragraph, Table
from engine.continuity.report.speaking import Speaking

__all__ = ["blocks"]

_SIGNS = {"fresh": "●", "stale": "○", "open": "✗"}


def blocks(speak: Speaking, status: Status, coverage: Coverage) -> Iterator[Block]:
    """The whole part."""
    yield Heading(speak("part.recovery"), new_page=True)
    yield Paragraph(speak("recovery.intro"))
    yield Heading(speak("recovery.cell"), 2)
    yield _cell(speak)
    yield Heading(speak("recovery.procedures"), 2)
    yield _procedures(speak, coverage)
    if speak.town.register.risks:
        yield Heading(speak("recovery.matrix"), 2)
        yield Legend(
            tuple(speak.words.say(f"pca.matrix.legend_{one}") for one in ("fresh", "stale", "open", "safe"))
        )
        yield _matrix(speak, coverage)
        yield Bullets(
            tuple(f"R{n} : {one.title}" for n, one in enumerate(speak.town.register.risks.values(), 1))
        )
    yield Heading(speak("recovery.restart"), 2)
    if status.circle:
        yield Note(speak("recovery.circle", names=next(iter(speak.telling.circle(status.circle)))))
    else:
        yield Bullets(
            tuple(" · ".join(step.title for step in wave) for wave in status.restart_order), numbered=True
        )


def _cell(speak: Speaking) -> Table:
    directory = speak.town.directory
    return Table(
        columns=tuple(speak(f"column.{name}") for name in ("role", "holder", "deputies")),
        rows=tuple(
            (
                speak.role(role),
                directory.name(post.holder) if post.holder else speak("nobody"),
                ", ".join(map(directory.name, post.deputies)) or speak("nobody"),
            )
            for role, post in directory.roles.items()
        ),
        widths=(4, 4, 6),
    )


def _procedures(speak: Speaking, coverage: Coverage) -> Table:
    names = ("procedure", "activities", "risks", "last")
    return Table(
        columns=tuple(speak(f"column.{name}") for name in names),
        rows=tuple(
            (
                speak.town.runbooks[name].title,
                speak.titles("activities", activities),
                speak.titles("risks", risks),
                speak.telling.last(speak.town.last(name)),
            )
            for name, (activities, risks) in coverage.placed.items()
        ),
        widths=(5, 9, 7, 5),
    )


def _matrix(speak: Speaking, coverage: Coverage) -> Table:
    cells = {(cell.activity, cell.risk): cell for cell in coverage.cells()}
    risks = tuple(speak.town.register.risks)
    return Table(
        columns=(speak("column.activity"), *(f"R{n}" for n in range(1, len(risks) + 1))),
        rows=tuple(
            (
                one.title,
                *(
                    _SIGNS[cells[activity, risk].state] if (activity, risk) in cells else "·"
                    for risk in risks
                ),
            )
            for activity, one in speak.town.activities.items()
        ),
        widths=(12, *(2 for _ in risks)),
        signs=True,
    )
