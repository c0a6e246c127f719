"""The situation report and the handover report, written from the state: what is true now, in twenty lines.

A person may complete the text before it is sent; nothing in it is remembered by the engine.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.cards import Place, Scene
from engine.core.cards.overview import overview
from engine.core.cards.sections import tasks
from engine.core.cards.values import Row, Section
from engine.speech import Speech

__all__ = ["handover_report", "situation_report"]


def situation_report(scene: Scene, speech: Speech) -> str:
    """Where the incident stands: steps, clocks, activities, approvals, what is not known, what is to do."""
    incident = scene.incident
    title = speech.say(
        "timeline.report.title",
        incident=incident.id,
        title=incident.title,
        severity=speech.severity(incident.severity),
        at=speech.at(scene.now),
    )
    parts = (
        [title],
        _titled(speech, "steps", _steps(scene, speech)),
        *(
            _titled(speech, name, _rows(scene, speech, name))
            for name in ("approvals", "clocks", "applications", "activities")
        ),
        _titled(speech, "debts", _debts(scene, speech)),
        _titled(speech, "tasks", _section(speech, tasks(scene))),
        _deviations(scene, speech),
    )
    return "\n".join(line for part in parts for line in part)


def handover_report(scene: Scene, speech: Speech, giver: str, taker: str) -> str:
    """The same, headed by who leaves and who comes."""
    head = speech.say(
        "timeline.report.handover",
        person=speech.person(giver),
        to=speech.person(taker),
        at=speech.at(scene.now),
    )
    return f"{head}\n{situation_report(scene, speech)}"


def _titled(speech: Speech, name: str, lines: list[str]) -> list[str]:
    return [speech.say(f"timeline.report.{name}"), *lines] if lines else []


def _steps(scene: Scene, speech: Speech) -> list[str]:
    return [_step(scene, speech, place) for place in scene.places()] + list(_ended(scene, speech))


def _step(scene: Scene, speech: Speech, place: Place) -> str:
    taken, delay = place.cursor.taken, scene.due(place) if place.cursor.awake else None
    person = taken.by if taken else scene.first_for(place.step.role) if place.step.role else ""
    due = ""
    if delay is not None:
        due = speech.say(f"timeline.report.step_{'late' if delay.late else 'due'}", at=speech.at(delay.at))
    return speech.say(
        "timeline.report.step",
        track=place.track_title,
        step=place.step.title,
        who=speech.person(person) or speech.say("timeline.report.nobody"),
        due=due,
    )


def _ended(scene: Scene, speech: Speech) -> Iterator[str]:
    for run in scene.incident.runs.values():
        runbook = scene.definition(run).runbook
        if not run.open:
            end = speech.say(f"cards.end.{run.end}")
            yield speech.say("timeline.report.run_ended", runbook=runbook.title, end=end)
            continue
        for name, state in run.tracks.items():
            if state.status == "ended":
                yield speech.say("timeline.report.ended", track=runbook.tracks[name].title)


def _rows(scene: Scene, speech: Speech, name: str) -> list[str]:
    """The lines that the overview has under this title."""
    sections = (b for b in overview(scene).blocks if isinstance(b, Section) and b.name == name)
    return _section(speech, next(sections, None))


def _section(speech: Speech, section: Section | None) -> list[str]:
    return (
        [speech.say("timeline.report.row", text=_row(speech, row)) for row in section.rows] if section else []
    )


def _row(speech: Speech, row: Row) -> str:
    return " · ".join(filter(None, (speech.phrase(row.label), *(speech.phrase(told) for told in row.told))))


def _debts(scene: Scene, speech: Speech) -> list[str]:
    """What was asked and answered "not known for now"."""
    runs = list(scene.incident.open_runs)
    names = [(name, run) for run in runs for name in sorted(run.unknown | scene.incident.unknown)]
    labels: dict[str, None] = {}
    for name, run in names:
        spec = scene.definition(run).facts.get(name)
        labels |= {spec.label: None} if spec else {}
    return [speech.say("timeline.report.row", text=label) for label in labels]


def _deviations(scene: Scene, speech: Speech) -> list[str]:
    count = scene.incident.deviations
    return [speech.say("timeline.report.deviations", count=count)] if count else []
