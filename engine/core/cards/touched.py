"""Tell which cards a change touches, by identity of the persistent state.

The state shares what an event didn't change, so that `is` says what did: no card is computed to know that it
stays. The keys are the names under which every surface keeps a card: `overview`, `cell`, `clocks`,
`activities`, `tasks`, `people` (everybody's own "Et maintenant ?"), `step:<run>:<track>`, `approval:<number>`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeVar

from engine.core.incident import Cursor, Incident, Run, TrackState

__all__ = [
    "ACTIVITIES", "CELL", "CLOCKS", "OVERVIEW", "PEOPLE", "TASKS", "approval_key", "step_key", "touched",
]  # fmt: skip

OVERVIEW: Final = "overview"
PEOPLE: Final = "people"
CELL: Final = "cell"
CLOCKS: Final = "clocks"
ACTIVITIES: Final = "activities"
TASKS: Final = "tasks"

K = TypeVar("K")
V = TypeVar("V")


def step_key(run: int, track: str) -> str:
    """Name the card of the step at which a track stands."""
    return f"step:{run}:{track}"


def approval_key(approval: int) -> str:
    """Name the card of a request for signatures."""
    return f"approval:{approval}"


def touched(before: Incident | None, after: Incident) -> tuple[str, ...]:
    """List the keys of the cards that may read otherwise than before, each once.

    Without `before`, every card there is.
    """
    if before is None:
        before = Incident(id=after.id)
    elif before is after:
        return ()
    keys: dict[str, None] = {}
    if after.runs is not before.runs:
        _runs(before, after, keys)
    if after.approvals is not before.approvals:
        _approvals(before, after, keys)
    for key, same in (
        (TASKS, after.tasks is before.tasks),
        (CLOCKS, after.clocks is before.clocks),
        (
            ACTIVITIES,
            after.activities is before.activities
            and after.applications is before.applications
            and after.status == before.status,
        ),
        (CELL, _same_cell(before, after)),
    ):
        if not same:
            keys[key] = keys[OVERVIEW] = keys[PEOPLE] = None
    if not _same_for_all_steps(before, after):
        keys |= dict.fromkeys(_open_steps(after))
        keys[OVERVIEW] = keys[PEOPLE] = None
    if not _same_headline(before, after):
        keys[OVERVIEW] = None
    return tuple(keys)


def _runs(before: Incident, after: Incident, keys: dict[str, None]) -> None:
    for number, run in _changed(before.runs, after.runs):
        old = before.runs.get(number)
        if old is None or old.open is not run.open or run.t0 != old.t0:
            # The roles that are needed follow the open runs, and so do the procedures that are offered.
            keys[OVERVIEW] = keys[PEOPLE] = keys[CELL] = keys[ACTIVITIES] = None
            keys |= dict.fromkeys(step_key(number, track) for track in run.tracks)
        elif run.facts is not old.facts or run.unknown is not old.unknown:
            keys[PEOPLE] = None
            keys |= dict.fromkeys(_open_steps_of(run))
        if old is not None and run.tracks is not old.tracks:
            _tracks(number, old, run, keys)


def _tracks(number: int, before: Run, after: Run, keys: dict[str, None]) -> None:
    for name, track in _changed(before.tracks, after.tracks):
        keys[step_key(number, name)] = keys[PEOPLE] = None
        if not _same_place(before.tracks.get(name), track):
            keys[OVERVIEW] = None


def _same_place(before: TrackState | None, after: TrackState) -> bool:
    """Say whether only what the overview hides has changed: boxes and roster."""
    if before is None or before.status != after.status:
        return False
    old, new = before.cursor, after.cursor
    return old is new or (old is not None and new is not None and _place(old) == _place(new))


def _place(cursor: Cursor) -> tuple[object, ...]:
    return (
        cursor.step, cursor.visit, cursor.taken, cursor.awake, cursor.waits_for, cursor.rung,
        bool(cursor.blocked),
    )  # fmt: skip


def _approvals(before: Incident, after: Incident, keys: dict[str, None]) -> None:
    for number, approval in _changed(before.approvals, after.approvals):
        keys[approval_key(number)] = keys[step_key(approval.run, approval.track)] = None
        keys[OVERVIEW] = keys[PEOPLE] = None


def _same_cell(before: Incident, after: Incident) -> bool:
    return (
        after.presence is before.presence
        and after.calls is before.calls
        and after.phoned is before.phoned
        and after.roles is before.roles
        and after.interim == before.interim
        and after.status == before.status
    )


def _same_for_all_steps(before: Incident, after: Incident) -> bool:
    """Facts of the incident open buttons, roles say whose a step is, a closed incident has no buttons."""
    return (
        after.facts is before.facts
        and after.unknown is before.unknown
        and after.roles is before.roles
        and after.interim == before.interim
        and after.status == before.status
    )


def _same_headline(before: Incident, after: Incident) -> bool:
    return (
        after.title == before.title
        and after.severity == before.severity
        and after.reported_at == before.reported_at
        and after.report_reminded is before.report_reminded
        and after.deviations == before.deviations
        and after.suspect == before.suspect
    )


def _changed(before: Mapping[K, V], after: Mapping[K, V]) -> Iterator[tuple[K, V]]:
    return ((key, value) for key, value in after.items() if before.get(key) is not value)


def _open_steps(incident: Incident) -> Iterator[str]:
    return (key for run in incident.runs.values() if run.open for key in _open_steps_of(run))


def _open_steps_of(run: Run) -> Iterator[str]:
    return (step_key(run.id, name) for name, track in run.tracks.items() if track.open)
