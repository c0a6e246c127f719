"""What procedures borrow from the library: facts, legal clocks, messages, the review of a page."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from engine.core.scalars import Delay, Flag, Identifier, OneOrMany, Text, When
from engine.core.written import Written

__all__ = [
    "OCCASIONS", "ClockSpec", "ClockUse", "Exit", "FactSpec", "Message", "Pace", "Recurrence", "Review",
]  # fmt: skip

FactType = Literal[
    "text", "integer", "number", "choice", "date", "time", "datetime", "person", "file", "money"
]


class FactSpec(Written):
    """A question with a typed answer."""

    type: FactType
    label: Text
    help: Text | None = None
    choices: dict[Identifier, Text] = Field(default_factory=dict)
    min: Text | None = None
    max: Text | None = None
    unit: Text | None = None
    sensitive: Flag = False


class ClockUse(Written):
    """A legal delay that runs with this procedure, unless a fact excludes it; with `when`, only once facts hold."""

    use: Identifier
    unless: When = Field(default_factory=dict)
    when: When = Field(default_factory=dict)


class ClockSpec(Written):
    """A legal delay, with where it comes from. Without `delay` it is due at once, or varies."""

    title: Text
    duty: Text | None = None
    who: Text | None = None
    start: Text | None = None
    delay: Delay | None = None
    immediate: Flag = False
    varies: Text | None = None
    recipient: Text | None = None
    channel: Text | None = None
    content: Text | None = None
    source: Text
    checked: Text
    certainty: Literal["sur", "a_confirmer", "memoire", "non_applicable"]
    note: Text | None = None


class Message(Written):
    """A text to send: approved, shown ready to copy, its sending logged."""

    audience: Text
    text: Text


class Review(Written):
    """Who rereads the page, when it was last done, how often."""

    owner: Identifier
    last: Text
    every: Delay


class Exit(Written):
    """When the procedure may be called done, and who says so."""

    criterion: Text
    signed_by: OneOrMany = ()


class Pace(Written):
    """How often something is due."""

    every: Delay


OCCASIONS: Final = (
    "g3_clos", "g4_clos", "alerte_cert", "alerte_supervision", "arrivee", "elections_municipales", "fin_de_marche",
    "fin_de_vie", "nouveau_logiciel", "nouveau_site", "reorganisation", "sauvegarde_changee",
)  # fmt: skip
"""What may call for a readiness procedure. The main courante sees the first two; people see the others."""


class Recurrence(Written):
    """When a readiness procedure comes round: at a pace, or on an event."""

    every: Delay | None = None
    on: OneOrMany = ()
