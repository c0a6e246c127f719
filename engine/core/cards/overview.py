"""The overview: the whole incident in a dozen lines. Tracks, clocks, activities, cell, next situation report."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.cards.activities import activities, applications, limits_ahead, proposed
from engine.core.cards.scene import Place, Scene, next_change
from engine.core.cards.sections import cell, clocks
from engine.core.cards.step import heading
from engine.core.cards.touched import OVERVIEW
from engine.core.cards.values import At, Button, Card, Fill, Phrase, Row, Section
from engine.core.flow import not_needed
from engine.core.incident import Run, TrackState
from engine.core.quantities import Instant
from engine.core.runbook import Definition

__all__ = ["overview"]

MOST_PROPOSED = 4
"""Procedures that the overview offers to open; the card of activities has them all."""
BUTTONS = ("me", "note", "decision", "handover", "situation")


def overview(scene: Scene) -> Card:
    """What everybody sees first."""
    sections = (
        *_runs(scene),
        _pending(scene),
        clocks(scene, brief=True),
        applications(scene),
        activities(scene, brief=True),
        None if scene.incident.readiness else cell(scene, brief=True),
        _report(scene),
    )
    buttons = (
        *(Button(name=name, label=Phrase(f"button.{name}")) for name in BUTTONS),
        *proposed(scene)[:MOST_PROPOSED],
    )
    return Card(
        key=OVERVIEW,
        blocks=(heading(scene), *(section for section in sections if section is not None)),
        buttons=buttons if scene.incident.status == "open" else (),
        next_change=_next_change(scene),
    )


def _runs(scene: Scene) -> Iterator[Section]:
    several = len(scene.incident.runs) > 1
    for run in sorted(scene.incident.runs.values(), key=lambda one: not one.open):
        definition = scene.definition(run)
        if run.open and scene.incident.status == "closed":
            left = Row(
                label=definition.runbook.title, told=(Phrase("run.left"),), sign="waiting", id=str(run.id)
            )
            yield Section(name="tracks", rows=(left,))  # its steps wait for nobody
            continue
        rows = tuple(_track_rows(scene, run, definition)) if run.open else (_ended(scene, run, definition),)
        named = Row(label=definition.runbook.title, sign="run", id=str(run.id))
        yield Section(name="tracks", rows=(named, *rows) if several and run.open else rows)


def _ended(scene: Scene, run: Run, definition: Definition) -> Row:
    """A run that is over takes one line."""
    facts: dict[str, Fill] = {"end": Phrase(f"end.{run.end}"), "at": At(run.ended_at)}
    told: tuple[Phrase, ...] = (Phrase("run.over", facts),)
    if run.handed_to in scene.incident.runs:
        other = scene.definition(scene.incident.runs[run.handed_to]).runbook.title
        told = (*told, Phrase("run.handed", {"runbook": other}))
    return Row(label=definition.runbook.title, told=told, sign="done", id=str(run.id))


def _track_rows(scene: Scene, run: Run, definition: Definition) -> Iterator[Row]:
    positions = {name: state.position for name, state in run.tracks.items()}
    needless = not_needed(definition, positions, run.picked)
    later: dict[str, list[str]] = {"all_waiting": [], "all_not_needed": []}
    for name, track in definition.runbook.tracks.items():
        state = run.tracks.get(name)
        place = scene.place(run.id, name)
        if place is not None:
            yield _at(scene, place)
        elif state is not None and state.status == "ended":
            yield Row(label=track.title, told=(_end(definition, name, state),), sign="done", id=name)
        else:
            later["all_not_needed" if name in needless else "all_waiting"].append(track.title)
    for key, titles in later.items():
        if titles:
            yield Row(label=Phrase(f"track.{key}", {"tracks": ", ".join(titles)}), sign="waiting")


def _end(definition: Definition, name: str, state: TrackState) -> Phrase:
    step = definition.runbook.tracks[name].steps.get(state.end_step)
    title = step.title if step else state.end_step
    return Phrase("track.ended", {"step": title, "at": At(state.ended_at)})


def _at(scene: Scene, place: Place) -> Row:
    delay, wakes = scene.due(place), scene.wake(place)
    told = [Phrase("track.at", {"step": place.step.title})]
    if place.step.role:
        told.append(_holder(scene, place))
    elif place.step.wait_for or any(one.is_automatic for one in place.step.outcomes.values()):
        told.append(Phrase("track.waits"))
    if not place.cursor.awake:
        told.append(Phrase("track.asleep", {"at": At(wakes)}) if wakes else Phrase("track.asleep_unknown"))
    elif delay is not None:
        told.append(Phrase("track.late" if delay.late else "track.before", {"at": At(delay.at)}))
    if place.cursor.blocked:
        told.append(Phrase("track.blocked"))
    late = delay is not None and delay.late and place.cursor.awake
    return Row(label=place.track_title, told=tuple(told), sign="late" if late else "now", id=place.track)


def _holder(scene: Scene, place: Place) -> Phrase:
    taken = scene.taken(place)
    if taken is not None:
        return Phrase("track.taken", {"person": scene.name(taken.by)})
    first = scene.first_for(place.step.role)
    if not first:
        return Phrase("track.nobody")
    return Phrase("track.for", {"person": scene.name(first)})


def _pending(scene: Scene) -> Section | None:
    """Signatures that are waited for: an approval is the most urgent thing in the room."""
    rows = []
    for one in scene.incident.approvals.values():
        if one.pending:
            run = scene.incident.runs[one.run]
            step = scene.definition(run).step(one.track, one.step)
            label = step.outcomes[one.outcome].label if one.outcome in step.outcomes else one.outcome
            key = (
                "owed_late"
                if one.late
                else "owed"
                if one.after
                else "asked_silent"
                if one.silent
                else "asked"
            )
            facts: dict[str, Fill] = {
                "number": one.id,
                "outcome": label,
                "at": At(one.due or one.requested.at),
            }
            sign = "late" if one.late or one.silent else "hand"
            rows.append(Row(label=Phrase(f"approval.{key}", facts), sign=sign, id=str(one.id)))
    return Section(name="approvals", rows=tuple(rows)) if rows else None


def _report(scene: Scene) -> Section | None:
    at = scene.next_report()
    if not at:
        return None
    late = at <= scene.now
    told = (Phrase("report.late" if late else "report.due", {"at": At(at)}),)
    return Section(name="report", rows=(Row(label="", told=told, sign="late" if late else ""),))


def _next_change(scene: Scene) -> Instant:
    marks = [next_change(scene.due(place), scene.now) for place in scene.places()]
    marks.append(scene.next_report())
    marks += limits_ahead(scene)
    marks += [clock.due for clock in scene.incident.clocks.values() if clock.status == "running"]
    return min((mark for mark in marks if mark > scene.now), default=0)
