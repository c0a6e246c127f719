"""An application is said to be down, or back: written at once, with the activities that fall with it.

The register says what stands on what. An activity that stands on it is threatened, from the application's hour: its RTO
and DMIA count from there until somebody says when it stopped. What somebody said of it is never changed by this.
"""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core.decide.draft import Draft, refuse
from engine.core.outages import DOWN, RESTORED, THREATENED, still_down

__all__ = ["change_application"]


def change_application(draft: Draft, command: c.ChangeApplication) -> None:
    """Down or restored, at the time it happened; the same again with another time corrects it."""
    if command.status not in (DOWN, RESTORED):
        raise refuse("unknown_application_state", status=command.status)
    before = draft.incident.applications.get(command.application)
    if command.application not in draft.world.applications and before is None:
        choices = tuple(one.title for one in draft.world.applications.values())
        raise refuse("unknown_application", application=command.application, choices=choices)
    if command.status == RESTORED and before is None:
        raise refuse("application_untouched", application=_title(draft, command.application))
    if before is not None:
        if before.status == command.status and draft.order.occurred_at in (None, before.since):
            return
        if before.status != command.status and draft.occurred_at < before.since:
            raise refuse("activity_before", activity=_title(draft, command.application), at=before.since)
    falling = _falling if command.status == DOWN else _freed
    draft.emit(
        e.ApplicationChanged(
            application=command.application,
            status=command.status,
            activities=falling(draft, command.application),
        )
    )


def _title(draft: Draft, application: str) -> str:
    known = draft.world.applications.get(application)
    return known.title if known else application


def _falling(draft: Draft, application: str) -> tuple[str, ...]:
    known = draft.world.applications.get(application)
    return known.activities if known else ()


def _freed(draft: Draft, application: str) -> tuple[str, ...]:
    """The activities that nothing threatens any more: those that only this application held down."""
    others = [name for name in still_down(draft.incident.applications) if name != application]
    held = {activity for name in others for activity in _falling(draft, name)}
    return tuple(
        name
        for name in _falling(draft, application)
        if name not in held
        and (known := draft.incident.activities.get(name)) is not None
        and known.status == THREATENED
    )
