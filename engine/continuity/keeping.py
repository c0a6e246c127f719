"""What a crisis asks of the register: what falls with an application, which procedures keep an activity going."""

from __future__ import annotations

from collections.abc import Mapping

from engine.continuity.dependencies import Dependencies, Node
from engine.continuity.model import Activity
from engine.continuity.register import Register
from engine.core.runbook import Runbook
from engine.core.world import Application

__all__ = ["applications_of", "procedures_of"]


def applications_of(register: Register, activities: Mapping[str, Activity]) -> dict[str, Application]:
    """The applications of the register, each with the activities that stand on it, directly or not."""
    dependencies = Dependencies(register, register.kept(activities))
    return {
        name: Application(
            title=one.title,
            activities=dependencies.falls_with(Node("applications", name)),
            fallback=one.fallback or "",
        )
        for name, one in register.applications.items()
    }


def procedures_of(runbooks: Mapping[str, Runbook]) -> dict[str, tuple[str, ...]]:
    """By activity, the procedures that keep it going."""
    found: dict[str, list[str]] = {}
    for name, book in runbooks.items():
        for activity in book.keeps:
            found.setdefault(activity, []).append(name)
    return {activity: tuple(names) for activity, names in found.items()}
