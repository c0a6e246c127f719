"""The ladder of a late step: holder, the role the procedure names, deputies, directors, all.

Fixed, so that everybody knows it. Delays count from lateness (proposals of the project, except the procedure's own).
People marked unavailable are left out; whoever said "bloqué" is not reminded, the others are.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from engine.core import permissions
from engine.core.directory import DIRECTOR, Directory
from engine.core.incident import Cursor, Incident
from engine.core.quantities import MINUTE
from engine.core.runbook import Step

__all__ = ["Rung", "delays", "rungs"]

DEPUTIES_AFTER = 15 * MINUTE
DIRECTORS_AFTER = 30 * MINUTE
ALL_AFTER = 60 * MINUTE


class Rung(msgspec.Struct, frozen=True):
    """One rung: who is told, how long after the step became late."""

    to: str
    """holder, role, deputies, directors, all."""
    after_ms: int
    people: tuple[str, ...]


def delays(step: Step) -> tuple[tuple[str, int], ...]:
    """The rungs of a step and their delays after lateness."""
    named = step.escalate.delay.rough_ms if step.escalate else 0
    own = (("role", named),) if step.escalate else ()
    return (
        ("holder", 0),
        *own,
        ("deputies", named + DEPUTIES_AFTER),
        ("directors", named + DIRECTORS_AFTER),
        ("all", named + ALL_AFTER),
    )


def rungs(step: Step, incident: Incident, directory: Directory, cursor: Cursor) -> tuple[Rung, ...]:
    """The ladder with the people that each rung reaches now."""
    return tuple(
        Rung(to, after, _reached(to, step, incident, directory, cursor)) for to, after in delays(step)
    )


def _reached(
    to: str, step: Step, incident: Incident, directory: Directory, cursor: Cursor
) -> tuple[str, ...]:
    def reachable(listed: Iterable[str]) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                one
                for one in listed
                if not (one in cursor.blocked or directory.is_gone(one) or permissions.is_away(one, incident))
            )
        )

    def first(role: str) -> tuple[str, ...]:
        return reachable(permissions.who_may((role,), incident, directory))[:1]

    holders = reachable((cursor.taken.by,)) if cursor.taken else ()
    holders = holders or tuple(one for role in step.role for one in first(role))
    match to:
        case "holder":
            return holders
        case "role":
            return first(step.escalate.role) if step.escalate else ()
        case "deputies":
            listed = [one for role in step.role for one in permissions.stand_ins(role, incident, directory)]
            return tuple(one for one in reachable(listed) if one not in holders)
        case "directors":
            return reachable(permissions.holders(DIRECTOR, incident, directory))
        case _:
            return reachable(tuple(directory.people))
