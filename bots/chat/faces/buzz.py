"""Which entries are told, and whose phone buzzes for them: the whole rule is here (docs/chat/buzz.md says it in words).

A phone that buzzes too often is muted, and then it doesn't buzz for what matters. What changes on a card never buzzes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from engine.core import events as e
from engine.core.cards import Scene, may_sign
from engine.core.decide.signatures import unanswered
from engine.core.incident import Approval
from engine.core.permissions import directors, is_away, who_may
from engine.review.variants import is_decision

__all__ = ["LOUD", "NONE", "QUIET", "Buzz", "buzz", "directors_at_hand", "first_here", "signatories"]

NONE: Final = ""
"""Not told by itself: the cards show it."""
QUIET: Final = "quiet"
"""Told in the group, without a sound."""
LOUD: Final = "loud"
"""Told in the group, and everybody's phone buzzes."""
_PRESSING: Final = 90
"""The share of a legal delay from which its warning is worth waking somebody."""


class Buzz(msgspec.Struct, frozen=True, kw_only=True):
    """How an entry is told."""

    group: str = NONE
    people: tuple[str, ...] = ()
    """Told in private, with a sound: it is for them, and they didn't do it."""


def buzz(entry: e.Entry, scene: Scene) -> Buzz:
    """How this entry is told. Whoever did it needs no call for it, nor whoever is away.

    An exercise calls nobody once it is closed; a review is nothing to the group, which is there for crises.
    """
    told = _told(entry, scene)
    if scene.incident.played_out:
        return Buzz(group=told.group and QUIET)
    away = (entry.actor.id, entry.entered_by.id if entry.entered_by else "")
    people = tuple(dict.fromkeys(p for p in told.people if p and p not in away))
    return Buzz(group=NONE if scene.incident.readiness else told.group, people=people)


def _told(entry: e.Entry, scene: Scene) -> Buzz:
    match entry.event:
        case (
            e.IncidentDeclared() | e.IncidentReopened() | e.SeverityChanged() | e.Said() | e.SurfaceChanged()
        ):
            return Buzz(group=LOUD)
        case (
            e.NoteTaken() | e.MessageKept() | e.SituationReported() | e.IncidentClosed() | e.ApprovalForced()
        ):
            return Buzz(group=QUIET)
        case e.DeviationRecorded() | e.TrackMoved():
            return Buzz(group=QUIET)
        case _ if is_decision(entry.event):
            return Buzz(group=QUIET)
        case e.RoleAssigned(person=person):
            return Buzz(group=QUIET, people=(person,))
        case e.HandedOver(to=to):
            return Buzz(group=QUIET, people=(to,))
        case _:
            return _called(entry.event, scene)


def _called(event: e.Event, scene: Scene) -> Buzz:
    """What falls due or goes wrong: somebody is called."""
    match event:
        case e.Escalated(told=True, people=people) | e.PresenceSilent(people=people):
            return Buzz(group=QUIET, people=people)
        case e.StepBlocked() | e.ClockBreached():
            return Buzz(group=QUIET, people=_lead(scene))
        case e.ClockWarned(told=True, percent=percent):
            return Buzz(group=QUIET, people=_lead(scene) if percent >= _PRESSING else ())
        case e.SituationDue():
            return Buzz(people=_lead(scene))
        case e.TaskAdded() | e.TaskLate():
            return Buzz(people=tuple(_for_task(event, scene)))
        case _:
            return _about_signing(event, scene)


def _about_signing(event: e.Event, scene: Scene) -> Buzz:
    """The request itself comes on a card of its own to whoever is to sign."""
    match event:
        case e.ApprovalRefused(approval=number):
            asked = scene.incident.approvals.get(number)
            return Buzz(group=QUIET, people=(asked.requested.by,) if asked else ())
        case e.ApprovalSilent() | e.ApprovalStarted():
            return Buzz(group=QUIET)
        case e.ApprovalDoubted(approval=number, people=people):
            asked = scene.incident.approvals.get(number)
            requester = (asked.requested.by,) if asked else ()
            return Buzz(group=QUIET, people=(*requester, *people, *directors_at_hand(scene)))
        case e.RatificationLate(approval=number):
            asked = scene.incident.approvals.get(number)
            return Buzz(group=QUIET, people=signatories(scene, asked, first=True) if asked else ())
        case e.VoiceUnconfirmed(person=person):
            return Buzz(group=QUIET, people=(person,))
        case _:
            return Buzz()


def _lead(scene: Scene) -> tuple[str, ...]:
    """Who directs the crisis now: one phone."""
    return first_here(directors_at_hand(scene), scene)


def first_here(people: tuple[str, ...], scene: Scene) -> tuple[str, ...]:
    """One of these: whoever said that they are there before who did not."""
    here = tuple(one for one in people if scene.incident.presence.get(one) == "present")
    return (here or people)[:1]


def directors_at_hand(scene: Scene) -> tuple[str, ...]:
    """Whoever directs, in their order, but for who is away."""
    listed = directors(scene.incident, scene.world.directory)
    return tuple(one for one in listed if not is_away(one, scene.incident))


def _for_task(event: e.TaskAdded | e.TaskLate, scene: Scene) -> Iterator[str]:
    """Whoever is given a task; whoever has a late one, then who directs too. What the procedure asks is on its card."""
    if isinstance(event, e.TaskAdded):
        yield from (event.who,) if not event.duty else ()
        return
    task = scene.incident.tasks.get(event.task)
    if task is not None and (task.who or task.role):
        yield task.who or scene.first_for((task.role,))
    yield from _lead(scene) if event.rung > 1 else ()


def signatories(scene: Scene, approval: Approval, *, first: bool = False) -> tuple[str, ...]:
    """Whose signature is asked for now: the first of each group that lacks one; after a silence, all who may.

    `first`: the first alone, whose silence it is.
    """
    found: dict[str, None] = {}
    for group in unanswered(approval):
        listed = who_may(group, scene.incident, scene.world.directory)
        able = [p for p in listed if may_sign(scene, approval, p) and not is_away(p, scene.incident)]
        found |= dict.fromkeys(able if (approval.silent or approval.late) and not first else able[:1])
    return tuple(found)
