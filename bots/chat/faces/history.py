"""A step that was left, in one line: `✅ Isoler — propagation stoppée, P. Nom, 03:49 (13 min avant la cible)`."""

from __future__ import annotations

from bots.chat.faces.wanted import View
from engine.core.cards import Place
from engine.core.incident import Cursor, Left, Run
from engine.core.quantities import MINUTE
from engine.core.targets import due
from engine.i18n import duration
from engine.speech import Speech

__all__ = ["last_left", "left_behind", "step_name"]


def step_name(place: Place) -> str:
    """One visit of a step, among all of the incident: what a card is posted anew for."""
    return f"{place.run.id}:{place.track}:{place.cursor.step}:{place.cursor.visit}"


def left_behind(view: View, name: str, speech: Speech) -> str:
    """How the step of this name was left; empty when it is still open, or is none."""
    number, _, rest = name.partition(":")
    run = view.incident.runs.get(int(number)) if number.isdecimal() else None
    track, _, last = rest.partition(":")
    step, _, visit = last.rpartition(":")
    state = run.tracks.get(track) if run else None
    left = state.left.get(step) if state else None
    if run is None or left is None or str(left.visit) != visit:
        return ""
    return _told(view, run, track, step, left, speech)


def last_left(view: View, person: str, speech: Speech) -> str:
    """The last step that this person left, in one line; empty when they left none."""
    found = [
        (left.at, run, track, step, left)
        for run in view.incident.runs.values()
        for track, state in run.tracks.items()
        for step, left in state.left.items()
        if left.by == person
    ]
    if not found:
        return ""
    _, run, track, step, left = max(reversed(found), key=lambda one: one[0])  # of one hour, the last written
    return _told(view, run, track, step, left, speech)


def _told(view: View, run: Run, track: str, step: str, left: Left, speech: Speech) -> str:
    written = view.scene.definition(run).step(track, step)
    outcome = written.outcomes.get(left.outcome)
    told = speech.say(
        "faces.history.picked" if outcome else "faces.history.moved",
        step=written.title,
        outcome=outcome.label if outcome else "",
        person=speech.person(left.by) if left.by else speech.say("faces.history.clock"),
        at=speech.at(left.at),
    )
    return f"{told}{_margin(view, run, track, step, left, speech)}"


def _margin(view: View, run: Run, track: str, step: str, left: Left, speech: Speech) -> str:
    """How long before or after its target, as its delays count now."""
    cursor = Cursor(step=step, visit=left.visit, entered_at=left.entered_at)
    definition, calendar = view.scene.definition(run), view.scene.world.calendar
    target = due(definition, view.incident, run, track, cursor, calendar) if left.entered_at else None
    if target is None or abs(target - left.at) < MINUTE:
        return ""
    key = "faces.history.before" if left.at < target else "faces.history.after"
    return f" {speech.say(key, span=duration(target - left.at, speech.words.lang))}"
