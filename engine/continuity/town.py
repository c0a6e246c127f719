"""A town as its continuity plan sees it, on one day: what was decided, who is there, what was played. A plain value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Final

from engine.continuity.dependencies import Dependencies
from engine.continuity.model import Activity, Contact
from engine.continuity.register import Register
from engine.core.directory import Directory
from engine.core.incident import Incident
from engine.core.quantities import SECOND, Duration
from engine.core.runbook import Runbook
from engine.core.world import Calendar

__all__ = ["YEAR", "Last", "Town", "day_in", "played"]

YEAR: Final = Duration(months=12)
"""How long an exercise or a review stays fresh (proposal of the project)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """The last time a procedure served."""

    on: date
    kind: str
    """exercice or reel."""
    incident: str = ""
    """Where the main courante tells it; empty when it was written by hand."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Town:
    """Everything that the plan is judged on. `today` is the town's day."""

    today: date
    name: str
    register: Register
    every_activity: Mapping[str, Activity]
    """With the town's decisions, those that it excluded among them."""
    runbooks: Mapping[str, Runbook]
    contacts: Mapping[str, Contact]
    directory: Directory
    accounts: frozenset[str] = frozenset()
    """People with an account tied to them."""
    journal: Mapping[str, Last] = field(default_factory=dict)
    """By procedure, what the main courante knows of its last use."""
    trained: Mapping[str, int] = field(default_factory=dict)
    """How many questions of the quiz each person has answered."""
    calendar: Calendar = field(default_factory=Calendar)
    written: bool = True
    """Whether the town has a register at all."""

    @cached_property
    def activities(self) -> dict[str, Activity]:
        """The activities that the town has."""
        return self.register.kept(self.every_activity)

    @cached_property
    def dependencies(self) -> Dependencies:
        return Dependencies(self.register, self.activities)

    @cached_property
    def ours(self) -> dict[str, Runbook]:
        """The procedures that the town can need: not those that only serve activities it hasn't."""
        return {
            name: one
            for name, one in self.runbooks.items()
            if not one.activities or any(activity in self.activities for activity in one.activities)
        }

    @cached_property
    def answering(self) -> dict[str, Runbook]:
        """Those for the day something happens; the others come round by themselves."""
        return {name: one for name, one in self.ours.items() if not one.recurs}

    def last(self, runbook: str) -> Last | None:
        """When the procedure was last played or needed: the later of the main courante and of what was written."""
        placed = self.register.procedures.get(runbook)
        by_hand = placed.last if placed else None
        known = [one for one in (self.journal.get(runbook),) if one is not None]
        if by_hand is not None:
            known.append(Last(on=by_hand.on, kind=by_hand.kind, note=by_hand.note or ""))
        return max(known, key=lambda one: one.on, default=None)

    def reread(self, runbook: str) -> date | None:
        """When the page of a procedure was last reread: the later of what the town and the file itself say."""
        placed, review = self.register.procedures.get(runbook), self.runbooks[runbook].page_review
        days = [placed.reviewed] if placed and placed.reviewed else []
        days += [day] if review and (day := day_in(review.last)) else []
        return max(days, default=None)

    def after(self, day: date, delay: Duration) -> date:
        """The day that this delay leads to."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.calendar.zone)
        start = int(midnight.timestamp()) * SECOND
        return self.calendar.local(self.calendar.add(start, delay)).date()

    def is_fresh(self, day: date | None, delay: Duration = YEAR) -> bool:
        """Whether what was done that day still counts. A day to come is a slip, and counts for nothing."""
        return day is not None and day <= self.today <= self.after(day, delay)

    def title(self, kind: str, name: str) -> str:
        """What a person calls a thing."""
        if kind == "activities":
            return self.every_activity[name].title
        if kind == "roles":
            return name
        titled: str = getattr(self.register, kind)[name].title
        return titled


def day_in(written: str) -> date | None:
    """The day that this text is, if it is one."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def played(incidents: Iterable[Incident], calendar: Calendar) -> dict[str, Last]:
    """By procedure, its last run in which somebody did something."""
    found: dict[str, Last] = {}
    for incident in incidents:
        for run in incident.runs.values():
            if not run.picked:
                continue
            on = calendar.local(run.opened_at).date()
            kind = "exercice" if incident.exercise else "reel"
            if run.runbook not in found or on >= found[run.runbook].on:
                found[run.runbook] = Last(on=on, kind=kind, incident=incident.id)
    return found
