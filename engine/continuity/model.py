"""The registers of the continuity plan, as a town writes them in `continuity/*.yaml`."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from engine.core.scalars import Delay, Identifier, Text
from engine.core.specs import ClockSpec
from engine.core.written import Written

__all__ = ["Activities", "Activity", "Clocks", "Contact", "Contacts", "LocalNumber"]

Blank = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000)]
"""A text that may be left empty: a local number that the town fills in."""


class Activity(Written):
    """An essential activity: how long it may stop, how it goes on without computers."""

    title: Text
    dmia: Delay | None = None
    """Longest stop that the town can bear (durée maximale d'interruption admissible)."""
    rto: Delay | None = None
    """The delay aimed at, never longer than `dmia`."""
    pdma: Delay | None = None
    """How old restored data may be (perte de données maximale admissible)."""
    peaks: Text | None = None
    degraded: Text | None = None
    note: Text | None = None

    @model_validator(mode="after")
    def _aims_within_what_is_bearable(self) -> Self:
        if self.rto and self.dmia and self.rto.rough_ms > self.dmia.rough_ms:
            raise PydanticCustomError(
                "rto_over_dmia",
                "rto {rto} is over dmia {dmia}",
                {"rto": str(self.rto), "dmia": str(self.dmia)},
            )
        return self


class Activities(Written):
    """`continuity/activites.yaml`."""

    format: Literal["1"]
    activities: dict[Identifier, Activity] = Field(min_length=1)


class Contact(Written):
    """Whom to call, with where the number comes from. Without a channel it is local: the town fills it in."""

    title: Text
    channel: Blank = ""
    source: Text
    checked: Text
    certainty: Literal["sur", "a_confirmer", "memoire", "non_applicable"]
    note: Text | None = None


class LocalNumber(Written):
    """What a town writes of a contact that the library leaves empty; a bare text is its channel."""

    channel: Blank = ""
    """The number, or `sans objet` where the town has none such."""
    checked: Blank = ""
    """The day it was last called to try it, written 2026-11-24."""
    note: Text | None = None

    @property
    def is_none(self) -> bool:
        return self.channel.casefold() == "sans objet"


class Contacts(Written):
    """`continuity/contacts.yaml`: whom to call. A town fills in the local `numbers`, and adds contacts of its own."""

    format: Literal["1"]
    contacts: dict[Identifier, Contact] = Field(default_factory=dict)
    numbers: dict[
        Identifier,
        Annotated[
            LocalNumber,
            BeforeValidator(lambda written: {"channel": written} if isinstance(written, str) else written),
        ],
    ] = Field(default_factory=dict)


class Clocks(Written):
    """`continuity/clocks.yaml`: the legal delays, each defined once."""

    format: Literal["1"]
    clocks: dict[Identifier, ClockSpec] = Field(min_length=1)
