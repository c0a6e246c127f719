"""STIX 2.1 with the incident extension suite: the incident, an event for each entry, a task for each step and task.

The suite of OASIS's common objects (folder incident-ef7, 10 October 2023). No observed data: decisions are none.
Identifiers come from names (uuid5), so that a second export updates and doubles nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from engine.core.cards import Place
from engine.core.cards.sections import tasks
from engine.core.quantities import Instant
from engine.journal.chain import iso
from engine.review.dossier import Dossier, LegalClock
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["stix"]

_SUITE: Final = {
    "incident": ("extension-definition--ef765651-680c-498d-9894-99799f2fa126", "property-extension"),
    "event": ("extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e", "new-sdo"),
    "task": ("extension-definition--2074a052-8be4-4932-849e-f5e7798e0030", "new-sdo"),
}
_LEFT: Final = {"outcome_picked": "successful", "track_moved": "cancelled", "track_ended": "successful"}
"""How a visit of a step ends, by the kind of the entry that ends it."""


def stix(dossier: Dossier) -> str:
    """The bundle, indented, its keys in alphabetical order."""
    town = _identity(dossier)
    events = [_event(dossier, town["id"], line) for line in dossier.lines]
    for event, following in pairwise(events):
        event["next_event_refs"] = [following["id"]]
    told = (("steps", _steps), ("tasks", _tasks), ("clocks", _clocks))
    todo = [
        one for family, made in told if not dossier.leaves_out(family) for one in made(dossier, town["id"])
    ]
    incident = _incident(dossier, town["id"], events, todo)
    bundle = {
        "type": "bundle",
        "id": _id(dossier, "bundle", str(dossier.incident.seq)),
        "objects": [town, incident, *events, *todo],
    }
    return json.dumps(bundle, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _id(dossier: Dossier, kind: str, name: str) -> str:
    """Stable, and this town's: every town has an INC-2026-001."""
    key = f"tocsin:{dossier.speech.organisation}:{dossier.incident.id}:{kind}:{name}"
    return f"{kind}--{uuid5(NAMESPACE_URL, key)}"


def _identity(dossier: Dossier) -> dict[str, Any]:
    town = dossier.speech.organisation
    declared = iso(dossier.incident.declared_at)
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{uuid5(NAMESPACE_URL, f'tocsin:{town}')}",
        "created": declared,
        "modified": declared,
        "name": town or "–",
        "identity_class": "organization",
        "sectors": ["government-local"],
    }


def _object(
    dossier: Dossier, kind: str, name: str, town: str, created: Instant, modified: Instant
) -> dict[str, Any]:
    definition, extends = _SUITE[kind]
    made = {
        "type": kind,
        "spec_version": "2.1",
        "id": _id(dossier, kind, name),
        "created_by_ref": town,
        "created": iso(created),
        "modified": iso(max(created, modified)),
        "extensions": {definition: {"extension_type": extends}},
    }
    return made | ({"labels": ["exercise"]} if dossier.exercise else {})


def _marked(dossier: Dossier, text: str) -> str:
    return dossier.marked(harmless(text).strip() or "–")


def _incident(
    dossier: Dossier, town: str, events: list[dict[str, Any]], todo: list[dict[str, Any]]
) -> dict[str, Any]:
    incident = dossier.incident
    made = _object(dossier, "incident", incident.id, town, incident.declared_at, incident.now)
    made["name"] = _marked(dossier, incident.title)
    made["external_references"] = [{"source_name": "tocsin", "external_id": incident.id}]
    if dossier.notes:
        made["description"] = harmless("\n".join(dossier.notes))
    level = incident.severity.lstrip("G")
    details = made["extensions"][_SUITE["incident"][0]] | {
        "determination": _determination(dossier),
        "investigation_status": "closed" if incident.status == "closed" else "open",
    }
    if level.isdigit():
        details["scores"] = [{"name": "severity", "value": int(level), "description": incident.severity}]
    if events:
        details["event_refs"] = [one["id"] for one in events]
    if todo:
        details["task_refs"] = [one["id"] for one in todo]
    made["extensions"] = {_SUITE["incident"][0]: details}
    return made


def _determination(dossier: Dossier) -> str:
    """Suspected until it is closed; a false alarm when every procedure ended as one."""
    ends = {run.end for run in dossier.incident.runs.values()}
    if ends == {"false_alarm"}:
        return "false-positive"
    real = dossier.incident.status == "closed" and not dossier.exercise
    return "confirmed" if real else "suspected"


def _event(dossier: Dossier, town: str, line: Line) -> dict[str, Any]:
    return _object(dossier, "event", line.id, town, line.recorded, line.recorded) | {
        "status": "occurred",
        "name": _marked(dossier, f"{line.kind_title} · {line.text[:160]}"),
        "description": harmless(f"{line.who} — {line.text}"),
        "event_types": [line.kind.replace("_", "-")],
        "start_time": iso(line.happened),
        "start_time_fidelity": "second",
        "end_time": iso(line.happened),
        "end_time_fidelity": "second",
        "external_references": [{"source_name": "tocsin", "external_id": line.id}],
    }


# Tasks: what was to be done


def _steps(dossier: Dossier, town: str) -> Iterator[dict[str, Any]]:
    """One task for each visit of a step that an entry names, or that is open now."""
    visits: dict[tuple[int, str, str, int], list[Line]] = {}
    for line in dossier.lines:
        place = line.where
        if place.step:
            visits.setdefault((place.run, place.track, place.step, place.visit), []).append(line)
    here = {(one.run.id, one.track, one.cursor.step, one.cursor.visit): one for one in dossier.scene.places()}
    for key in dict.fromkeys([*visits, *here]):
        yield _step(dossier, town, key, visits.get(key, []), here.get(key))


def _step(
    dossier: Dossier, town: str, key: tuple[int, str, str, int], lines: list[Line], here: Place | None
) -> dict[str, Any]:
    run, track, step, visit = key
    begun = here.cursor.entered_at if here else lines[0].happened
    written = [line.recorded for line in lines] or [begun]
    runbook = lines[0].where.runbook if lines else here.run.runbook if here else ""
    title = lines[0].where.step_title if lines else here.step.title if here else step
    made = _object(dossier, "task", f"{run}.{track}.{step}.{visit}", town, written[0], written[-1])
    made |= {
        "name": _marked(dossier, title),
        "task_types": ["playbook-step-execution"],
        "start_time": iso(begun),
        "external_references": [
            {"source_name": "internal-playbooks", "external_id": runbook},
            {"source_name": "playbook-step", "external_id": f"{track}.{step}"},
        ],
    }
    if here:
        due = dossier.scene.due(here)
        left_open = dossier.incident.status == "closed"
        made["outcome"] = "unknown" if left_open else "ongoing" if here.cursor.awake else "pending"
        return made | ({"due_date": iso(due.at)} if due else {})
    left = next((line for line in reversed(lines) if line.kind in _LEFT), None)
    made["outcome"] = _LEFT[left.kind] if left else "unknown"
    return made | ({"end_time": iso(max(left.happened, begun))} if left else {})


def _tasks(dossier: Dossier, town: str) -> Iterator[dict[str, Any]]:
    """The tasks that are still to be done: what is done is told by the events."""
    section = tasks(dossier.scene)
    for row in section.rows if section else ():
        task = dossier.incident.tasks[int(row.id)]
        yield _object(dossier, "task", f"task.{row.id}", town, task.added.at, task.added.at) | {
            "name": _marked(dossier, dossier.speech.phrase(row.label)),
            "outcome": "pending",
            **({"due_date": iso(task.due)} if task.due else {}),
        }


def _clocks(dossier: Dossier, town: str) -> Iterable[dict[str, Any]]:
    return [_clock(dossier, town, clock) for clock in dossier.clocks]


def _clock(dossier: Dossier, town: str, clock: LegalClock) -> dict[str, Any]:
    """A legal duty is a task whose date the law sets."""
    outcomes = {"stopped": "successful", "suspended": "pending"}
    made = _object(dossier, "task", f"clock.{clock.id}", town, clock.start, clock.stopped)
    made |= {
        "name": _marked(dossier, clock.title),
        "outcome": outcomes.get(clock.status, "ongoing"),
        "start_time": iso(clock.start),
    }
    if clock.source:
        made["description"] = clock.source
    if clock.due:
        made["due_date"] = iso(clock.due)
    if clock.stopped:
        made["end_time"] = iso(max(clock.stopped, clock.start))
    return made
