"""Set an incident back at an hour: what was known then, or what was true; and say what it doesn't count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bots.answering.office import Office, scene_of
from bots.lines import Line
from engine.core.cards import Scene
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.review.asof import TRUE, AsOf, View, as_of
from engine.speech import Speech

__all__ = ["Then", "set_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The incident at that hour, and what must be said before it is shown."""

    state: AsOf
    lines: tuple[Line, ...]
    scene: Scene | None
    """None when nothing was declared yet."""
    speech: Speech


def set_back(office: Office, incident: Incident, at: Instant, view: View, speech: Speech) -> Then:
    """The incident at this instant, told to whoever `speech` speaks to.

    The people and the register are those of today: the journal doesn't keep the town's files.
    """
    state, speech = as_of(office.entries(incident.id), at, view), replace(speech, now=at)
    declared = state.incident.status != "none"
    scene = scene_of(office.home, state.incident, at, office.register) if declared else None
    return Then(state=state, lines=tuple(_told(state, incident, speech)), scene=scene, speech=speech)


def _told(state: AsOf, whole: Incident, speech: Speech) -> Iterator[Line]:
    at = speech.dated(state.at)
    if state.incident.status == "none":
        declared = speech.dated(whole.declared_at)
        yield Line(kind="loud", text=speech.say("review.as_of.not_yet", at=at, declared=declared))
    else:
        yield Line(kind="loud", text=speech.say(f"review.as_of.{state.view}", at=at))
        told = speech.say("review.as_of.entries", count=state.entries, total=whole.seq)
        yield Line(kind="hint", text=told)
    if state.otherwise:
        key = "true" if state.view == TRUE else "known"
        yield Line(kind="hint", text=speech.say(f"review.as_of.otherwise_{key}", count=state.otherwise))
    if state.aside:
        entries = ", ".join(map(str, state.aside))
        yield Line(kind="hint", text=speech.say("review.as_of.aside", entries=entries))
