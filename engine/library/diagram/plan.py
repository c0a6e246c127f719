"""What a picture of a procedure says, before it is drawn: lanes, numbered boxes, ways out, all in people's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import ascii_uppercase

from engine.core.quantities import Target
from engine.core.runbook import AnyOf, ChildRuns, Outcome, Runbook, Step, Track
from engine.core.specs import FactSpec
from engine.i18n import Words

__all__ = ["Box", "Lane", "Plan", "Way", "planned"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An outcome: what it is called, where it goes, what else it does."""

    ref: str
    label: str
    to: str | None
    """The id of the box it leads to; None when it stays, or hands over."""
    tag: str
    """Where it goes, in two characters: the box's number, or a word."""
    notes: tuple[str, ...] = ()
    opening: str = ""
    """That of its notes which says what tracks it opens, or helps to open."""
    hands_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A step, or an end."""

    id: str
    number: str
    title: str
    who: str = ""
    ways: tuple[Way, ...] = ()
    end: str = ""
    """The kind of an end, in words; empty for a step."""
    current: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A track."""

    id: str
    letter: str
    title: str
    opening: str
    starts: bool
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A procedure, as a picture tells it."""

    id: str
    title: str
    summary: str
    severity: str
    version: int
    lanes: tuple[Lane, ...]


def planned(
    runbook: Runbook,
    words: Words,
    *,
    titles: Mapping[str, str] | None = None,
    current: frozenset[str] = frozenset(),
    shared: Mapping[str, FactSpec] | None = None,
) -> Plan:
    """Say what the picture of this runbook says.

    `titles` names other procedures by id; `current` holds the steps to show as under way, as `track.step`;
    `shared` are the facts of the whole incident, whose labels a target may need.
    """
    return _Planner(runbook, words, titles or {}, current, {**(shared or {}), **runbook.facts}).plan()


class _Planner:
    def __init__(
        self,
        runbook: Runbook,
        words: Words,
        titles: Mapping[str, str],
        current: frozenset[str],
        facts: Mapping[str, FactSpec],
    ) -> None:
        self.runbook, self.words, self.titles, self.current = runbook, words, titles, current
        self.facts = facts
        self.letters = dict(zip(runbook.tracks, _letters(), strict=False))
        self.numbers = {
            (track_id, step_id): f"{self.letters[track_id]}{n}"
            for track_id, track in runbook.tracks.items()
            for n, step_id in enumerate(track.steps, 1)
        }
        self.opened: dict[str, list[str]] = {}
        for track_id, track in runbook.tracks.items():
            for ref in track.openers:
                self.opened.setdefault(ref, []).append(track_id)

    def told(self, key: str, **facts: object) -> str:
        return self.words.say(f"draw.{key}", **facts)

    def plan(self) -> Plan:
        book = self.runbook
        lanes = tuple(self._lane(name, track) for name, track in book.tracks.items())
        return Plan(
            id=book.runbook,
            title=book.title,
            summary=book.summary or "",
            severity=book.severity or "",
            version=book.version,
            lanes=lanes,
        )

    def _lane(self, track_id: str, track: Track) -> Lane:
        return Lane(
            id=track_id,
            letter=self.letters[track_id],
            title=track.title,
            opening=self._opening(track),
            starts=not track.openers,
            boxes=tuple(self._box(track_id, step_id, step) for step_id, step in track.steps.items()),
        )

    def _opening(self, track: Track) -> str:
        if not track.openers:
            return self.told("opens_first")
        any_of = isinstance(track.opens_on, AnyOf)
        refs = self.told("or" if any_of else "and").join(self._ref(ref) for ref in track.openers)
        return self.told("opens_each_time" if any_of and track.each_time else "opens_on", refs=refs)

    def _ref(self, ref: str) -> str:
        """`technique.qualifier.confirme` as « A2 Attaque confirmée »."""
        track_id, _, rest = ref.partition(".")
        step_id, _, outcome_id = rest.partition(".")
        track = self.runbook.tracks.get(track_id)
        step = track.steps.get(step_id) if track else None
        outcome = step.outcomes.get(outcome_id) if step else None
        if outcome is None:
            return ref
        return self.told("ref", number=self.numbers[track_id, step_id], label=outcome.label)

    def _box(self, track_id: str, step_id: str, step: Step) -> Box:
        return Box(
            id=step_id,
            number=self.numbers[track_id, step_id],
            title=step.title,
            who=" · ".join(self._who(step)),
            ways=tuple(self._way(track_id, step_id, name, one) for name, one in step.outcomes.items()),
            end=self.told(f"end.{step.end}") if step.end else "",
            current=f"{track_id}.{step_id}" in self.current,
        )

    def _who(self, step: Step) -> Iterator[str]:
        if step.role:
            yield self.told("or").join(self._role(role) for role in step.role)
        if step.wake is not None:
            yield self.told("wakes", moment=self._moment(step.wake))
        if isinstance(step.target, tuple):
            moments = dict.fromkeys(self._moment(case.target) for case in step.target)
            yield self.told("by_case", moments=", ".join(moments))
        elif step.target is not None:
            yield self._moment(step.target)
        if step.wait_for is not None:
            yield self.told("waits_for", runbook=self._title(step.wait_for))

    def _role(self, role: str) -> str:
        key = f"cards.role_name.{role}"
        return self.words.say(key) if self.words.has(key) else role.replace("_", " ")

    def _moment(self, target: Target) -> str:
        if target.base == "rto":
            return self.told("rto")
        fact = self.facts.get(target.base)
        units = {"jo": self.told("working_days"), "ho": self.told("working_hours")}
        told = re.sub(r"(?<=\d )(jo|ho)\b", lambda found: units[found[0]], str(target))
        told = told.replace(" ", "\u00a0")  # a number stays with its unit
        return told.replace(target.base, fact.label, 1) if fact else told

    def _title(self, runbook: str) -> str:
        return self.titles.get(runbook, runbook.replace("-", " ").replace("_", " "))

    def _way(self, track_id: str, step_id: str, name: str, outcome: Outcome) -> Way:
        ref = f"{track_id}.{step_id}.{name}"
        to = outcome.next if (track_id, outcome.next) in self.numbers and not outcome.hand_over else None
        return Way(
            ref=ref,
            label=outcome.label,
            to=to,
            tag=self._tag(track_id, to, outcome),
            notes=tuple(self._notes(outcome, ref)),
            opening=self._opens(ref),
            hands_over=outcome.hand_over is not None,
        )

    def _tag(self, track_id: str, to: str | None, outcome: Outcome) -> str:
        if to is not None:
            return self.numbers[track_id, to]
        if outcome.hand_over:
            return self.told("leaves")
        return outcome.next or self.told("stays")

    def _notes(self, outcome: Outcome, ref: str) -> Iterator[str]:
        if outcome.hand_over is not None:
            yield self.told("hands_over", runbook=self._title(outcome.hand_over))
        if outcome.auto_after is not None:
            yield self.told("auto_after", delay=outcome.auto_after)
        if isinstance(outcome.once, ChildRuns):
            yield self.told("once_runs", runbook=self._title(outcome.once.runs))
        elif outcome.once is not None:
            yield self.told("once", tracks=", ".join(self.letters.get(one, one) for one in outcome.once))
        if outcome.sign is not None:
            groups = self.told("with").join(
                self.told("or").join(self._role(role) for role in group) for group in outcome.sign.by
            )
            within = outcome.sign.within
            yield (
                self.told("sign_after", groups=groups, delay=within)
                if within
                else self.told("sign", groups=groups)
            )
        if opens := self._opens(ref):
            yield opens
        for one in outcome.open:
            yield self.told("launches", runbook=self._title(one.runbook))

    def _opens(self, ref: str) -> str:
        opened = self.opened.get(ref)
        return self.told("opens", tracks=", ".join(self.letters[one] for one in opened)) if opened else ""


def _letters() -> Iterator[str]:
    yield from ascii_uppercase
    yield from (first + second for first in ascii_uppercase for second in ascii_uppercase)
