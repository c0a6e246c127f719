"""The plan in its four parts, then the agents, the good practices and what is lacking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar, cast

from msgspec import Struct
from msgspec.structs import replace

from engine.continuity.coverage import Coverage
from engine.continuity.holes import HOLES, Status
from engine.continuity.report import measures, objectives, recovery, risks
from engine.continuity.report.document import Block, Bullets, Document, Heading, Note, Paragraph
from engine.continuity.report.speaking import Speaking
from engine.continuity.status import status_of
from engine.continuity.town import Town
from engine.i18n import Words, written_day
from engine.paper.typography import typeset

__all__ = ["report_of"]


T = TypeVar("T")


def report_of(town: Town, words: Words) -> Document:
    """The whole document, as the town is today."""
    speak, status = Speaking(town, words), status_of(town)
    plan = town.register.pca
    adopted = plan.adopted is not None and not status.plan_not_adopted
    standing = (
        speak("adopted", day=speak.day(plan.adopted), by=plan.adopted_by or speak("by_nobody"))
        if adopted
        else speak("not_adopted")
    )
    document = Document(
        title=speak("title"),
        town=town.name,
        dated=speak("dated", day=written_day(town.today, words.lang)),
        standing=standing,
        banner=speak("banner_example") if plan.example else "" if adopted else speak("banner_draft"),
        foot=speak("foot", town=town.name, day=written_day(town.today, words.lang)),
        lang=words.lang,
        blocks=tuple(_blocks(speak, status)),
    )
    return _set(document)


def _set(value: T) -> T:
    """The same with each text as it is printed: spaces before double signs, apostrophes, units."""
    set_: Any = value
    if isinstance(value, str):
        set_ = typeset(value)
    elif isinstance(value, tuple):
        set_ = tuple(map(_set, value))
    elif isinstance(value, Struct):
        set_ = replace(value, **{name: _set(getattr(value, name)) for name in value.__struct_fields__})
    return cast(T, set_)


def _blocks(speak: Speaking, status: Status) -> Iterator[Block]:
    coverage = Coverage(speak.town)
    yield from _opening(speak, status)
    yield from objectives.blocks(speak)
    yield from risks.blocks(speak, status, coverage)
    yield from measures.blocks(speak, status)
    yield from recovery.blocks(speak, status, coverage)
    yield from measures.training(speak)
    yield from measures.practices(speak, status)
    yield from _lacking(speak, status)


def _opening(speak: Speaking, status: Status) -> Iterator[Block]:
    register = speak.town.register
    yield Paragraph(
        speak(
            "opening",
            activities=speak("count.activities", count=len(speak.town.activities)),
            risks=speak("count.risks", count=len(register.risks)),
            measures=speak("count.measures", count=len(register.measures)),
            procedures=speak("count.procedures", count=len(register.procedures)),
        )
    )
    if status.register_missing:
        yield Note(speak("no_register"))
    if status.undecided:
        yield Note(speak("proposals", mark=speak("proposed")))
    lacking = sum(count > 0 for count in status.holes.values())
    yield Paragraph(speak("lacking_opening", count=lacking) if lacking else speak("whole"))
    mayor = speak.town.directory.roles.get("maire")
    yield Paragraph(speak("signature", name=speak.town.directory.name(mayor.holder) if mayor else ""))


def _lacking(speak: Speaking, status: Status) -> Iterator[Block]:
    holes = status.holes
    yield Heading(speak("part.lacking"), new_page=True)
    if not any(holes.values()):
        yield Paragraph(speak("whole"))
        return
    yield Paragraph(speak("lacking_intro"))
    for name in (one for one in HOLES if holes[one]):
        value = getattr(status, name)
        count = f" ({holes[name]})" if isinstance(value, tuple) else ""
        yield Heading(f"{speak.words.say(f'pca.status.hole.{name}')}{count}", 2)
        yield Bullets(tuple(speak.telling.of(name, value)))
