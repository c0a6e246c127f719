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
from engine.journal.chain import entry_id
from engine.review.narrator import Narrator, kind_of
from engine.review.variants import is_decision, is_loud
from engine.review.where import NOWHERE, Where
from engine.speech import Speech

__all__ = ["Brought", "Line", "timeline", "who"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Evidence that an entry brings: a file by its hash, or (`sha256` empty) a text that stands in the line."""

    name: str
    sha256: str = ""
    size: int = 0
    media: str = ""


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
    corrects: int = 0
    """The entry that this one corrects."""
    id: str = ""
    """Its stable name, the same in every export: `INC-2026-001-12`."""
    kind_title: str = ""
    person: str = ""
    """Who did it, by id of the directory; empty for the clock, or when it is hidden or erased."""
    name: str = ""
    role: str = ""
    role_title: str = ""
    entered_by: str = ""
    """The name of whoever typed it, if that was somebody else."""
    source: str = ""
    source_title: str = ""
    """Where it came from, in words: the terminal, Slack, Telegram, paper, the clock."""
    where: Where = NOWHERE
    evidence: Brought | None = None
    sensitive: bool = False
    """An answer that the procedure declares so (`text` doesn't tell it), or a message that was filled with one."""

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
    event, speech, typist = entry.event, narrator.speech, entry.entered_by
    text = narrator.summary(entry)  # first: it folds the entry, and the place is asked of the state
    return Line(
        number=entry.seq,
        id=entry_id(entry.incident, entry.seq),
        kind=kind_of(event),
        kind_title=speech.say(f"review.kind.{kind_of(event)}"),
        happened=entry.occurred_at,
        recorded=entry.at,
        who=who(entry, speech),
        person=entry.actor.id,
        name=entry.actor.name,
        role=entry.actor.role,
        role_title=speech.role(entry.actor.role),
        entered_by=(typist.name or speech.person(typist.id)) if typist else "",
        source=entry.source,
        source_title=_source(entry.source, speech),
        where=narrator.where(event),
        text=text,
        loud=is_loud(event),
        decision=is_decision(event),
        sensitive=narrator.is_sensitive(event),
        evidence=_brought(event),
        corrected_by=corrected_by,
        corrects=event.entry if isinstance(event, e.EntryCorrected) else 0,
    )


def _source(source: str, speech: Speech) -> str:
    key = f"review.source.{source}"
    return speech.say(key) if speech.words.has(key) else source


def _brought(event: e.Event) -> Brought | None:
    if not isinstance(event, e.EvidenceAdded):
        return None
    return Brought(name=event.name, sha256=event.sha256, size=event.size, media=event.media)


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
