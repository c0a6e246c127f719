"""The main courante as people read it: one line an entry, corrections struck and linked, deviations flagged.

Each line keeps both times: when it happened, and when it was entered if that is not the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.core import events as e
from engine.core.commands import PAPER
from engine.core.house import SURFACES
from engine.core.quantities import MINUTE, Instant
from engine.review.narrator import Narrator, kind_of
from engine.review.variants import is_decision, is_loud
from engine.speech import Speech

__all__ = ["Line", "timeline", "who"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the timeline, in words."""

    number: int
    kind: str
    happened: Instant
    recorded: Instant
    who: str
    text: str
    loud: bool = False
    decision: bool = False
    corrected_by: tuple[int, ...] = ()

    @property
    def late_entry(self) -> bool:
        """Entered a minute or more after it happened."""
        return self.recorded - self.happened >= MINUTE


def timeline(entries: Iterable[e.Entry], narrator: Narrator) -> tuple[Line, ...]:
    """Every entry as a line, in order. The narrator must be fresh."""
    entries = tuple(entries)
    corrections: dict[int, tuple[int, ...]] = {}
    for entry in entries:
        if isinstance(entry.event, e.EntryCorrected):
            corrections[entry.event.entry] = (*corrections.get(entry.event.entry, ()), entry.seq)
    return tuple(_line(entry, narrator, corrections.get(entry.seq, ())) for entry in entries)


def _line(entry: e.Entry, narrator: Narrator, corrected_by: tuple[int, ...]) -> Line:
    return Line(
        number=entry.seq,
        kind=kind_of(entry.event),
        happened=entry.occurred_at,
        recorded=entry.at,
        who=who(entry, narrator.speech),
        text=narrator.summary(entry),
        loud=is_loud(entry.event),
        decision=is_decision(entry.event),
        corrected_by=corrected_by,
    )


def who(entry: e.Entry, speech: Speech) -> str:
    """Who did it, under which role, and who typed it if that was somebody else."""
    done = _actor(entry.actor, entry, speech)
    if entry.source == PAPER:
        done = f"{done}, {speech.say('timeline.line.from_paper')}"
    if entry.entered_by is None:
        return done
    typist = _account(entry.entered_by.name, entry, speech) or speech.say("timeline.line.erased_person")
    return f"{done}, {speech.say('timeline.line.entered_by', person=typist)}"


def _actor(actor: e.Actor, entry: e.Entry, speech: Speech) -> str:
    """A person and their role; of one whose name is erased or hidden, the role alone."""
    if isinstance(entry.event, e.KeptMessageChanged) or (
        not actor.name and isinstance(entry.event, _TOLD_BY_IT)
    ):
        return speech.say("timeline.line.platform")
    if not actor.name:
        if entry.source == "clock":
            return speech.say("timeline.line.clock")
        return speech.role(actor.role) or speech.say("timeline.line.erased_person")
    person = actor.name if entry.entered_by else _account(actor.name, entry, speech)
    if not actor.role:
        return speech.say("timeline.line.done_by_plain", person=person)
    return speech.say("timeline.line.done_by", person=person, role=speech.role(actor.role))


_TOLD_BY_IT = (e.ReachChanged, e.ChatMoved, e.BotNamed, e.PlaceBound)
"""Nobody does these: a platform tells them, or the bot has made the place."""


def _account(name: str, entry: e.Entry, speech: Speech) -> str:
    """Whoever wrote from a chat is known by their account there: it proves no more than that."""
    if not name or entry.source not in SURFACES:
        return name
    return speech.say("timeline.line.account", surface=speech.code("surface", entry.source), person=name)
