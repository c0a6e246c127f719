"""On which platform somebody is spoken to: the one they prefer, and the other only when that one doesn't reach them."""

from __future__ import annotations

from bots.chat.faces.buzz import signatories
from bots.chat.faces.wanted import View
from engine.core.cards import mine
from engine.core.incident import Incident

__all__ = ["cut_off", "people", "speaks_on"]

_BEYOND_HOLDER = 2
"""The second rung of the ladder: whoever has the step was reminded, and others are told now."""


def speaks_on(person: str, view: View) -> tuple[str, ...]:
    """The platforms on which somebody is told things now, the preferred one first; empty without an account.

    What already stands on the others is kept true, but nothing new is posted there.
    """
    chosen = _in_order(person, view)
    fit = tuple(one for one in chosen if _reaches(person, one, view))
    if not fit:
        return chosen[:1]  # it waits for the platform to come back
    return fit if _is_silent(person, view) else fit[:1]


def people(view: View) -> tuple[str, ...]:
    """Those of the directory who have an account, in its order; a guest until their last day."""
    linked = {link.person for link in view.house.links.values()} - view.scene.world.directory.over
    return tuple(one for one in view.scene.world.directory.people if one in linked)


def cut_off(view: View) -> tuple[str, ...]:
    """Those of them who have nothing but what is suspect."""
    return tuple(one for one in people(view) if view.house.cut_off(one, view.incident.suspect))


def _in_order(person: str, view: View) -> tuple[str, ...]:
    """What the directory says they prefer, then the one linked first."""
    known = view.scene.world.directory.people.get(person)
    linked = dict.fromkeys(surface for surface, _ in view.house.accounts(person))
    surfaces = [one for one in linked if not view.health or one in view.health]
    prefers = known.prefers if known else ""
    return tuple(sorted(surfaces, key=lambda one: one != prefers))


def _reaches(person: str, surface: str, view: View) -> bool:
    """The platform answers, their chat is open to us, and nobody else is thought to read it."""
    well = view.health.get(surface) is None
    opened = view.house.reachable(surface, view.house.account(person, surface))
    return well and opened and surface not in view.incident.suspect


def _is_silent(person: str, view: View) -> bool:
    """Their step went up the ladder, or they were called, or asked for a signature, and didn't answer."""
    incident: Incident = view.incident
    if incident.status != "open":
        return False
    called = incident.calls.get(person)
    if called is not None and called[1] > 0:
        return True
    unsigned = (one for one in incident.approvals.values() if one.silent and one.pending)
    if any(person in signatories(view.scene, one, first=True) for one in unsigned):
        return True
    return any(place.cursor.rung >= _BEYOND_HOLDER for place in mine(view.scene, person))
