"""`pca.yaml`: what the town decided of its continuity plan, and the activities as they then stand.

The library proposes activities and delays (`continuity/activites.yaml`); the register says what the town decided, field
over field. Only shape is checked here: names that lead nowhere are found where the whole town is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.continuity.model import Activity, Blank
from engine.core.scalars import Delay, Flag, Identifier, OneOrMany, Text
from engine.core.written import Written

__all__ = [
    "AXES", "REGISTER_FILE", "Axis", "Day", "Decision", "Happened", "Measure", "Needs", "Placed", "Plan", "Register",
    "Resource", "Risk", "State", "merged",
]  # fmt: skip

REGISTER_FILE: Final = "pca.yaml"

Axis = Literal[
    "sauvegardes", "mises_a_jour", "protection", "pare_feu", "supervision", "comptes", "formation", "contrats",
    "locaux", "organisation",
]  # fmt: skip
"""What a measure is about: the good practices, the training of the agents, and the rest."""
AXES: Final[tuple[str, ...]] = get_args(Axis)

State = Literal["a_faire", "en_cours", "faite", "abandonnee"]


_NEAR_US: Final = r"(19|20|21)\d\d-\d\d-\d\d"
"""Any other year is a slip, which no calendar can reckon with."""


def _day(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    try:
        if re.fullmatch(_NEAR_US, written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise PydanticCustomError("day", "cannot read {written}", {"written": written})


Day = Annotated[
    date,
    BeforeValidator(_day),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A day, written as 2026-11-24."""


class Needs(Written):
    """What something can't do without: named things of the register, roles of the directory, other activities."""

    applications: OneOrMany = ()
    premises: OneOrMany = ()
    suppliers: OneOrMany = ()
    roles: OneOrMany = ()
    activities: OneOrMany = ()

    def named(self) -> Iterator[tuple[str, int, str]]:
        """Each thing needed: its kind, its place in the list, its name."""
        for kind in ("applications", "premises", "suppliers", "roles", "activities"):
            yield from ((kind, n, name) for n, name in enumerate(getattr(self, kind)))


class Decision(Written):
    """What the town decided of an activity; a field that it leaves out stays the library's proposal."""

    title: Text | None = None
    excluded: Text | None = None
    """Why the town has no such activity: it then counts nowhere."""
    owner: Identifier | None = None
    dmia: Delay | None = None
    rto: Delay | None = None
    pdma: Delay | None = None
    minimum: Text | None = None
    peaks: Text | None = None
    degraded: Text | None = None
    note: Text | None = None
    needs: Needs = Field(default_factory=Needs)


class Resource(Written):
    """An application, a place or a supplier that activities stand on."""

    title: Text
    owner: Identifier | None = None
    contact: Blank = ""
    """Whom to call about it; empty until the town writes it."""
    fallback: Text | None = None
    """What one does without it. Without this, what stands on it falls with it."""
    note: Text | None = None
    needs: Needs = Field(default_factory=Needs)


class Risk(Written):
    """Something that may happen, from 1 (little) to 4 (much), and what it takes away."""

    title: Text
    likelihood: int = Field(ge=1, le=4)
    impact: int = Field(ge=1, le=4)
    scenarios: tuple[Text, ...] = ()
    hits: Needs = Field(default_factory=Needs)

    @property
    def level(self) -> int:
        return self.likelihood * self.impact


class Measure(Written):
    """What the town does so that a risk is less likely, or does less harm."""

    title: Text
    axis: Axis
    owner: Identifier | None = None
    due: Day | None = None
    cost: Text | None = None
    evidence: Text | None = None
    state: State = "a_faire"
    lowers: OneOrMany = ()

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state in ("faite", "abandonnee")


class Happened(Written):
    """The last time a procedure was played, or needed: written by hand when the journal doesn't know it."""

    on: Day
    kind: Literal["exercice", "reel"]
    note: Text | None = None


class Placed(Written):
    """Where a procedure of the library serves: which activities it keeps going, against which risks."""

    activities: OneOrMany = ()
    risks: OneOrMany = ()
    last: Happened | None = None
    reviewed: Day | None = None
    """When the town reread it, if that is later than what its file says."""


class Plan(Written):
    """The head of the register: whose plan it is, what it is for, when it was adopted and reread."""

    example: Flag = False
    """Whether it is still the one of the example town: nobody here decided it."""
    owner: Identifier | None = None
    objectives: tuple[Text, ...] = ()
    scope: Text | None = None
    adopted: Day | None = None
    adopted_by: Text | None = None
    reviewed: Day | None = None
    every: Delay | None = None


class Register(Written):
    """The whole file."""

    format: Literal["1"]
    pca: Plan
    activities: dict[Identifier, Decision] = Field(default_factory=dict)
    applications: dict[Identifier, Resource] = Field(default_factory=dict)
    premises: dict[Identifier, Resource] = Field(default_factory=dict)
    suppliers: dict[Identifier, Resource] = Field(default_factory=dict)
    risks: dict[Identifier, Risk] = Field(default_factory=dict)
    measures: dict[Identifier, Measure] = Field(default_factory=dict)
    procedures: dict[Identifier, Placed] = Field(default_factory=dict)

    def resources(self) -> Iterator[tuple[str, str, Resource]]:
        """Each named thing: its kind, its name, itself."""
        for kind in ("applications", "premises", "suppliers"):
            yield from ((kind, name, one) for name, one in getattr(self, kind).items())

    def kept(self, activities: Mapping[str, Activity]) -> dict[str, Activity]:
        """Of these activities, those that the town has: it excluded the others."""
        excluded = {name for name, one in self.activities.items() if one.excluded}
        return {name: one for name, one in activities.items() if name not in excluded}


_SHARED: Final = tuple(name for name in Activity.model_fields if name in Decision.model_fields)


def merged(proposed: Mapping[str, Activity], decided: Mapping[str, Decision]) -> dict[str, Activity]:
    """The activities as the town has them: its decisions over the proposals. An excluded one has no delay to keep.

    What disagrees once put together (an RTO decided over a DMIA proposed) is a finding of `tocsin check`, and no
    reason to leave a town without its figures: nothing is validated again.
    """
    found = dict(proposed)
    for name, one in decided.items():
        changed = {key: getattr(one, key) for key in _SHARED if key in one.model_fields_set}
        if one.excluded:
            changed |= {"dmia": None, "rto": None, "pdma": None}
        found[name] = proposed.get(name, Activity(title=one.title or name)).model_copy(update=changed)
    return found
