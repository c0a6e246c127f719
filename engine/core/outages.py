"""An application that is down: which activities it threatens, and what becomes of them when it is back."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from engine.core.events import ApplicationChanged, Entry
from engine.core.incident import Activity, Application, Incident

__all__ = ["DOWN", "RESTORED", "THREATENED", "declared", "still_down"]

DOWN = "down"
RESTORED = "restored"
THREATENED = "threatened"
"""What stands on something that is down, while nobody said whether it has stopped."""


def declared(i: Incident, entry: Entry, event: ApplicationChanged) -> Incident:
    """The state once an application is said to be down, or back."""
    when, before = entry.occurred_at, i.applications.get(event.application)
    after = Application(status=event.status, since=when)
    activities = dict(i.activities)
    for name in event.activities:
        known = activities.get(name)
        if event.status == DOWN:
            activities[name] = _threatened(known, when, before.since if before else 0)
        elif known is not None and known.status == THREATENED:
            del activities[name]  # nobody said that it stopped: it has nothing to come back from
    return replace(i, applications={**i.applications, event.application: after}, activities=activities)


def _threatened(known: Activity | None, when: int, said_before: int) -> Activity:
    """Threatened from this hour; what was already touched otherwise stays as it is."""
    fresh = Activity(status=THREATENED, since=when, interrupted_at=when)
    if known is None or known.status == RESTORED:
        return fresh
    corrected = known.status == THREATENED and known.since == said_before
    return fresh if corrected else known


def still_down(applications: Mapping[str, Application]) -> tuple[str, ...]:
    """The applications that are down."""
    return tuple(name for name, one in applications.items() if one.status == DOWN)
