"""Set an incident back at an hour: what was known then, or what was true; and say what it doesn't count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from json import dumps
from typing import Literal, cast

import msgspec

from bots.answering.office import Office, scene_of
from bots.console.sifting import hour_typed
from bots.door import CommandFailed
from bots.lines import Line
from engine.core.cards import Scene
from engine.core.incident import Incident
from engine.core.quantities import DAY, Instant
from engine.i18n import moment
from engine.journal.chain import iso
from engine.review.asof import TRUE, AsOf, as_of
from engine.speech import Speech

__all__ = ["Then", "looked_back", "told_as_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """The incident at that hour, and what must be said before it is shown."""

    state: AsOf
    lines: tuple[Line, ...]
    scene: Scene | None
    """None when nothing was declared yet."""
    speech: Speech


def looked_back(office: Office, incident: Incident, typed: str, view: str) -> Then:
    """The incident at the hour that was typed. CommandFailed for one that is no hour, or still to come.

    The people and the register are those of today: the journal doesn't keep the town's files.
    """
    at = hour_typed(office, incident, typed)
    now = office.now(incident)
    if at > now:
        last = _dated(now, office.speech(incident))
        raise CommandFailed("review.as_of.future", at=_dated(at, office.speech(incident)), last=last)
    state = as_of(office.entries(incident.id), at, cast("Literal['known', 'true']", view))
    speech = replace(office.speech(incident), now=at)
    declared = state.incident.status != "none"
    scene = scene_of(office.home, state.incident, at, office.register) if declared else None
    return Then(state=state, lines=tuple(_told(state, incident, speech)), scene=scene, speech=speech)


def told_as_json(state: AsOf) -> str:
    """The state itself, as `tocsin show --json` writes it, and beside it which instant it is of."""
    head = {
        "at": iso(state.at),
        "view": state.view,
        "entries": state.entries,
        "otherwise": state.otherwise,
        "aside": state.aside,
    }
    told = {"as_of": head, **msgspec.to_builtins(state.incident, str_keys=True)}
    return dumps(told, ensure_ascii=False, indent=2)


def _told(state: AsOf, whole: Incident, speech: Speech) -> Iterator[Line]:
    at = _dated(state.at, speech)
    if state.incident.status == "none":
        declared = _dated(whole.declared_at, speech)
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


def _dated(instant: Instant, speech: Speech) -> str:
    return moment(instant, instant + 10 * DAY, speech.zone, speech.words.lang)
