"""What the incident stops: applications, activities against their delays; and the procedures that keep them going."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.core.cards.scene import Scene
from engine.core.cards.touched import ACTIVITIES
from engine.core.cards.values import At, Button, Card, Phrase, Row, Section
from engine.core.commands import OpenRunbook
from engine.core.incident import Activity
from engine.core.outages import RESTORED, still_down
from engine.core.quantities import Instant

__all__ = ["activities", "activities_card", "applications", "limits_ahead", "proposed"]

_LAST: Final = 1 << 62
"""After any hour: an activity that has no delay."""


def applications(scene: Scene) -> Section | None:
    """The applications that are down, and what one does without each."""
    rows = []
    for name in still_down(scene.incident.applications):
        known, since = scene.world.applications.get(name), scene.incident.applications[name].since
        told = [Phrase("application.down", {"at": At(since)})]
        if known and known.fallback:
            told.append(Phrase("application.fallback", {"text": known.fallback}))
        rows.append(Row(label=known.title if known else name, told=tuple(told), sign="down", id=name))
    return Section(name="applications", rows=tuple(rows)) if rows else None


def activities(scene: Scene, *, brief: bool = False) -> Section | None:
    """Since when each touched activity is down or threatened, against its RTO and DMIA, and how it goes on meanwhile.

    The most pressing first. In brief, those that are back are left out.
    """
    touched = [
        (name, one) for name, one in scene.incident.activities.items() if not brief or one.status != RESTORED
    ]
    touched.sort(key=lambda one: min((at for _, at in _delays(scene, *one)), default=_LAST))
    rows = tuple(_activity(scene, name, one) for name, one in touched)
    return Section(name="activities", rows=rows) if rows else None


def _activity(scene: Scene, name: str, activity: Activity) -> Row:
    told = [Phrase(f"activity.{activity.status}", {"at": At(activity.restored_at or activity.since)})]
    late = False
    for key, at in _delays(scene, name, activity):
        late = late or at <= scene.now
        told.append(Phrase(f"activity.{key}{'_late' if at <= scene.now else ''}", {"at": At(at)}))
    limits = scene.register.get(name)
    if limits is not None and limits.degraded and activity.status != RESTORED:
        told.append(Phrase("activity.mode", {"text": limits.degraded}))
    sign = "done" if activity.status == RESTORED else "late" if late else "down"
    return Row(label=scene.activity(name), told=tuple(told), sign=sign, id=name)


def _delays(scene: Scene, name: str, activity: Activity) -> Iterator[tuple[str, Instant]]:
    """When the activity should be back, and when its stop becomes more than the town can bear."""
    limits = scene.register.get(name)
    if limits is not None and activity.status != RESTORED:
        for key, delay in (("rto", limits.rto), ("dmia", limits.dmia)):
            if delay is not None:
                yield key, scene.world.calendar.add(activity.interrupted_at, delay)


def limits_ahead(scene: Scene) -> Iterator[Instant]:
    """When a line about an activity will read otherwise though nothing happens."""
    for name, activity in scene.incident.activities.items():
        yield from (at for _, at in _delays(scene, name, activity) if at > scene.now)


def proposed(scene: Scene) -> tuple[Button, ...]:
    """For each touched activity, the procedures that keep it going and that nobody has opened."""
    touched = [name for name, one in scene.incident.activities.items() if one.status != RESTORED]
    if not touched:
        return ()
    going, keeping = {run.runbook for run in scene.incident.open_runs}, scene.keeping()
    wanted = dict.fromkeys(
        runbook for name in touched for runbook in keeping.get(name, ()) if runbook not in going
    )
    return tuple(_opens(scene, runbook) for runbook in wanted if scene.world.shelf.current(runbook))


def _opens(scene: Scene, runbook: str) -> Button:
    title = scene.world.shelf.definition(scene.world.shelf.current(runbook) or "").runbook.title
    return Button(
        name="open",
        label=Phrase("button.open", {"runbook": title}),
        command=OpenRunbook(runbook=runbook),
    )


def activities_card(scene: Scene) -> Card:
    """Every application and activity that was touched, with the procedures to open for them."""
    down, touched = applications(scene), activities(scene) or Section(name="activities", rows=())
    return Card(
        key=ACTIVITIES,
        blocks=(*((down,) if down else ()), touched),
        buttons=proposed(scene) if scene.incident.status == "open" else (),
        next_change=min(limits_ahead(scene), default=0),
    )
