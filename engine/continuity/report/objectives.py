"""Part one: what the plan is for, the essential activities, how long each may stop, what each stands on."""

from __future__ import annotations

from collections.abc import Iterator

from engine.continuity.register import Decision
from engine.continuity.report.document import Block, Bullets, Heading, Paragraph, Table
from engine.continuity.report.speaking import Speaking

__all__ = ["blocks"]


def blocks(speak: Speaking) -> Iterator[Block]:
    """The whole part."""
    plan = speak.town.register.pca
    yield Heading(speak("part.objectives"), new_page=True)
    if plan.scope:
        yield Paragraph(speak("scope", scope=plan.scope))
    if plan.objectives:
        yield Bullets(plan.objectives)
    yield Heading(speak("objectives.activities"), 2)
    yield Paragraph(speak("objectives.delays"))
    yield _delays(speak)
    if notes := tuple(
        speak("objectives.note", activity=one.title, note=one.note)
        for one in speak.town.activities.values()
        if one.note
    ):
        yield Paragraph(speak("objectives.notes"))
        yield Bullets(notes)
    yield Heading(speak("objectives.degraded"), 2)
    yield _degraded(speak)
    yield Heading(speak("objectives.needs"), 2)
    yield _needs(speak)
    yield from _excluded(speak)


def _decided(speak: Speaking, name: str) -> Decision:
    return speak.town.register.activities.get(name) or Decision()


def _delays(speak: Speaking) -> Table:
    return Table(
        columns=(speak("column.activity"), speak("column.owner"), "DMIA", "RTO", "PDMA"),
        rows=tuple(
            (
                one.title,
                speak.role(_decided(speak, name).owner),
                *(speak.delay(name, field) for field in ("dmia", "rto", "pdma")),
            )
            for name, one in speak.town.activities.items()
        ),
        widths=(9, 6, 4, 4, 4),
    )


def _degraded(speak: Speaking) -> Table:
    return Table(
        columns=tuple(speak(f"column.{name}") for name in ("activity", "minimum", "degraded", "peaks")),
        rows=tuple(
            (
                one.title,
                _decided(speak, name).minimum or speak("to_decide"),
                one.degraded or speak("to_decide"),
                one.peaks or speak("none"),
            )
            for name, one in speak.town.activities.items()
        ),
        widths=(6, 7, 7, 4),
    )


def _needs(speak: Speaking) -> Table:
    kinds = ("applications", "premises", "suppliers", "roles")
    return Table(
        columns=(speak("column.activity"), *(speak(f"column.{kind}") for kind in kinds)),
        rows=tuple(
            (one.title, *(_named(speak, name, kind) for kind in kinds))
            for name, one in speak.town.activities.items()
        ),
        widths=(6, 7, 4, 5, 5),
    )


def _named(speak: Speaking, activity: str, kind: str) -> str:
    names = getattr(_decided(speak, activity).needs, kind)
    if kind == "roles":
        return speak.joined(speak.role(name) for name in names) or speak("none")
    return speak.titles(kind, names)


def _excluded(speak: Speaking) -> Iterator[Block]:
    rows = tuple(
        (speak.town.every_activity[name].title, one.excluded)
        for name, one in speak.town.register.activities.items()
        if one.excluded
    )
    if rows:
        yield Heading(speak("objectives.excluded"), 2)
        yield Table((speak("column.activity"), speak("column.why")), rows, (1, 1))
