"""Which procedure keeps which activity going against which risk."""

from __future__ import annotations

from dataclasses import dataclass

from engine.continuity.dependencies import nodes_of
from engine.continuity.town import Last, Town

__all__ = ["Answer", "Cell", "Coverage"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A procedure in a cell."""

    runbook: str
    title: str
    last: Last | None
    fresh: bool
    """Whether it was played, or needed, within the year."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A risk that threatens an activity, and what answers."""

    activity: str
    risk: str
    answers: tuple[Answer, ...]

    @property
    def state(self) -> str:
        """fresh, stale (answered, but not by what was played within the year) or open."""
        if not self.answers:
            return "open"
        return "fresh" if any(one.fresh for one in self.answers) else "stale"


class Coverage:
    """The register's procedures laid over the town's activities and risks."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.placed = {
            name: (self._activities(name), tuple(one.risks))
            for name, one in town.register.procedures.items()
            if name in town.runbooks
        }
        """By procedure of the library: the activities it keeps going, the risks it answers."""

    def _activities(self, name: str) -> tuple[str, ...]:
        """Those that the register says, be it none; without a word of it, those that the procedure names."""
        placed = self.town.register.procedures[name]
        said = "activities" in placed.model_fields_set
        named = placed.activities if said else self.town.runbooks[name].activities
        return tuple(one for one in named if one in self.town.activities)

    def threatened(self, risk: str) -> tuple[str, ...]:
        """The activities that stand, directly or not, on what the risk takes away."""
        return self.town.dependencies.falls_with(*nodes_of(self.town.register.risks[risk].hits))

    def of_activity(self, activity: str) -> tuple[str, ...]:
        """The procedures that keep an activity going."""
        return tuple(name for name, (activities, _) in self.placed.items() if activity in activities)

    def cells(self) -> tuple[Cell, ...]:
        """Each activity with each risk that threatens it, in the order of the register."""
        threats = {risk: frozenset(self.threatened(risk)) for risk in self.town.register.risks}
        return tuple(
            Cell(activity, risk, self._answers(activity, risk))
            for activity in self.town.activities
            for risk, falls in threats.items()
            if activity in falls
        )

    def _answers(self, activity: str, risk: str) -> tuple[Answer, ...]:
        return tuple(
            self.answer(name)
            for name, (activities, risks) in self.placed.items()
            if activity in activities and risk in risks
        )

    def answer(self, name: str) -> Answer:
        """A procedure, with its last use."""
        last = self.town.last(name)
        fresh = last is not None and self.town.is_fresh(last.on)
        return Answer(name, self.town.runbooks[name].title, last, fresh)
