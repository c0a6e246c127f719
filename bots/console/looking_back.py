"""Read the hour of `tocsin show --at`, and tell the state then, for a person or for a program."""

from __future__ import annotations

from json import dumps

import msgspec

from bots.answering.looking_back import Then, set_back
from bots.answering.office import Office
from bots.console.sifting import hour_typed
from bots.door import CommandFailed
from engine.core.incident import Incident
from engine.journal.chain import iso
from engine.review.asof import AsOf, View

__all__ = ["looked_back", "told_as_json"]


def looked_back(office: Office, incident: Incident, typed: str, view: View) -> Then:
    """The incident at the hour that was typed. CommandFailed for one that is no hour, or still to come."""
    at, now, speech = hour_typed(office, incident, typed), office.now(incident), office.speech(incident)
    if at > now:
        raise CommandFailed("review.as_of.future", at=speech.dated(at), last=speech.dated(now))
    return set_back(office, incident, at, view, speech)


def told_as_json(state: AsOf) -> str:
    """The state itself, as `tocsin show --json` writes it, and before it which instant it is of."""
    head = {
        "at": iso(state.at),
        "view": state.view,
        "entries": state.entries,
        "otherwise": state.otherwise,
        "aside": state.aside,
    }
    told = {"as_of": head, **msgspec.to_builtins(state.incident, str_keys=True)}
    return dumps(told, ensure_ascii=False, indent=2)
