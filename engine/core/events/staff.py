"""The house's own book, of people: who holds a role from now on, whose number changed, who left, who still answers."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event

__all__ = ["LessonJudged", "NumberChanged", "PersonLeft", "ReachAsked", "ReachConfirmed", "RoleAppointed"]


class RoleAppointed(Event, frozen=True, kw_only=True):
    """A role has these people from now on, in the order they are called, in place of those that the file named."""

    LEAVES: ClassVar = ("people", "instead_of")
    role: str
    people: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    """What `annuaire.yaml` said then. Once it says something else, the file counts again: somebody wrote it later."""


class NumberChanged(Event, frozen=True, kw_only=True):
    """Somebody is called on this number from now on, in place of the one that the file has."""

    LEAVES: ClassVar = ("person", "phone", "instead_of")
    person: str = ""
    phone: str = ""
    instead_of: str = ""
    """As for a role: a number written in the file later counts."""


class PersonLeft(Event, frozen=True, kw_only=True):
    """Somebody no longer has their functions in the town: they may do nothing, and hold no role."""

    LEAVES: ClassVar = ("person",)
    person: str = ""


class ReachAsked(Event, frozen=True, kw_only=True):
    """Somebody was asked whether they can still be reached."""

    LEAVES: ClassVar = ("person",)
    person: str = ""


class ReachConfirmed(Event, frozen=True, kw_only=True):
    """Somebody says that they can still be reached, as the directory has it."""

    LEAVES: ClassVar = ("person",)
    person: str = ""


class LessonJudged(Event, frozen=True, kw_only=True):
    """What a closed incident proposed for the plan is taken, refused, or done. `lesson`: `INC-2026-001/57`."""

    LEAVES: ClassVar = ("text", "reason")
    lesson: str
    state: str
    """taken, refused or done."""
    owner: str = ""
    """The role that it belongs to."""
    due: str = ""
    """The day by which it is to be done, ISO; when it is taken."""
    text: str = ""
    """As it was proposed."""
    reason: str = ""
