"""The duties that every procedure shares: log opened, agents before public, RETEX within 72 h and two months."""

from __future__ import annotations

from typing import Literal

from engine.core.runbook import _Written
from engine.core.scalars import Delay, Identifier, Text

__all__ = ["Commun", "Duty"]


class Duty(_Written):
    """A duty that becomes a task: when an incident opens, when a procedure ends, or when it ends in a RETEX."""

    title: Text
    role: Identifier
    when: Literal["opening", "ending", "retex"]
    target: Delay | None = None
    do: Text | None = None


class Commun(_Written):
    """`runbooks/commun.yaml`."""

    format: Literal["1"]
    commun: Literal["1"]
    duties: dict[Identifier, Duty]
