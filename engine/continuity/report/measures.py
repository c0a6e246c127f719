"""Part three: what the town does about its risks; then the two axes beside: trained agents, good practices."""

from __future__ import annotations

from collections.abc import Iterator

from engine.continuity.holes import Status
from engine.continuity.register import Measure
from engine.continuity.report.document import Block, Heading, Note, Paragraph, Table
from engine.continuity.report.speaking import Speaking
from engine.continuity.status import GOOD_PRACTICES

__all__ = ["blocks", "practices", "training"]

_TRAINING = "formation"


def blocks(speak: Speaking, status: Status) -> Iterator[Block]:
    """The whole part: each measure with its owner, its date, its cost and its proof."""
    yield Heading(speak("part.measures"), new_page=True)
    measures = speak.town.register.measures.values()
    if not measures:
        yield Paragraph(speak("measures.none"))
    else:
        yield _table(speak, [one for one in measures if one.state != "abandonnee"])
    if status.risks_without_measure:
        named = speak.joined(one.title for one in status.risks_without_measure)
        yield Note(speak("measures.bare", risks=named))
    dropped = [one for one in measures if one.state == "abandonnee"]
    if dropped:
        yield Heading(speak("measures.dropped"), 2)
        yield _table(speak, dropped)


def training(speak: Speaking) -> Iterator[Block]:
    """Who was trained, as a number: never who."""
    yield Heading(speak("part.training"), new_page=True)
    if speak.town.trained:
        trained = sum(count > 0 for count in speak.town.trained.values())
        yield Paragraph(speak("training.quiz", count=trained, people=len(speak.town.trained)))
    mine = [one for one in speak.town.register.measures.values() if one.axis == _TRAINING]
    if mine:
        yield _table(speak, mine)
    else:
        yield Note(speak("training.none"))


def practices(speak: Speaking, status: Status) -> Iterator[Block]:
    """Each axis of good practice with what is done about it."""
    yield Heading(speak("part.practices"))
    yield Table(
        columns=(speak("column.practice"), speak("column.measures")),
        rows=tuple(
            (
                speak.axis(axis),
                speak.joined(_short(speak, one) for one in _of(speak, axis)) or speak("practices.none"),
            )
            for axis in GOOD_PRACTICES
            if axis != _TRAINING
        ),
        widths=(3, 8),
    )


def _of(speak: Speaking, axis: str) -> list[Measure]:
    return [
        one for one in speak.town.register.measures.values() if one.axis == axis and one.state != "abandonnee"
    ]


def _short(speak: Speaking, one: Measure) -> str:
    return f"{one.title} ({_standing(speak, one)})"


def _table(speak: Speaking, measures: list[Measure]) -> Table:
    names = ("measure", "lowers", "owner", "due", "cost", "state", "evidence")
    return Table(
        columns=tuple(speak(f"column.{name}") for name in names),
        rows=tuple(
            (
                one.title, speak.titles("risks", one.lowers), speak.role(one.owner), speak.day(one.due),
                one.cost or speak("none"), _standing(speak, one), one.evidence or speak("none"),
            )
            for one in measures
        ),
        widths=(7, 5, 5, 4, 4, 4, 6),
    )  # fmt: skip


def _standing(speak: Speaking, one: Measure) -> str:
    """Where it stands, and that it is late when it is."""
    state = speak.words.say(f"pca.measure_state.{one.state}")
    late = not one.over and one.due is not None and one.due < speak.town.today
    return speak("measures.late", state=state) if late else state
