"""What holds for all procedures: the facts that they share, and the duties that none may forget."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.core.scalars import Identifier, OneOrMany, Rule, Text
from engine.core.specs import FactSpec
from engine.core.written import Written

__all__ = ["Commun", "Duty", "DutyMoment", "SharedFacts"]

DutyMoment = Literal["opening", "ending", "retex"]


class Duty(Written):
    """A task that every run brings along, whatever its procedure says."""

    title: Text
    role: OneOrMany
    when: DutyMoment
    target: Rule
    do: Text


class Commun(Written):
    """`commun.yaml`."""

    format: Literal["1"]
    commun: Literal["1"]
    duties: dict[Identifier, Duty] = Field(min_length=1)


class SharedFacts(Written):
    """`facts.yaml`: the facts of an incident, one definition for the whole library."""

    format: Literal["1"]
    facts: dict[Identifier, FactSpec] = Field(min_length=1)
