"""The cell: who holds which role, who is here, who hands over to whom."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from engine.core import commands as c
from engine.core import events as e
from engine.core import permissions
from engine.core.decide.draft import Draft, refuse
from engine.core.directory import DIRECTOR
from engine.core.house import SURFACES
from engine.core.incident import Incident
from engine.core.runbook import Outcome

__all__ = [
    "answer",
    "assign_role",
    "call_roll",
    "hand_over",
    "mark_call",
    "mark_presence",
    "needed_roles",
    "take_vacant_roles",
]

PRESENCES = ("present", "coming", "unavailable")
CALLED = ("reached", "voicemail", "wrong_number")


def answer(draft: Draft) -> None:
    """Whoever acts, or types for another, is here; a director of the directory who does ends the interim.

    Unless they say how it is with them: "I can't come" is no presence, and no director who answers. What they said
    stands when they act from a chat, on the road or at home; at the terminal, in the crisis room, they are here.
    """
    here = draft.typist or draft.by
    if not here:
        return
    command = draft.order.command
    said = command.status if isinstance(command, c.MarkPresence) and command.person == here else ""
    if not said and draft.order.source in SURFACES:
        said = _said_themselves(draft.incident, here)
    draft.now_in_person(here)
    if not said and (draft.incident.presence.get(here) != "present" or here in draft.incident.calls):
        draft.emit(e.PresenceMarked(person=here, status="present"))
    if draft.incident.interim and said != "unavailable" and here in draft.world.directory.directors():
        draft.emit(e.DirectorAnswered())


def _said_themselves(incident: Incident, person: str) -> str:
    """Coming or unavailable, by their own word; empty when that was only said of them."""
    match incident.presence.get(person, ""):
        case "coming" if person in incident.answered:
            return "coming"
        case "unavailable" if person not in incident.told_away:
            return "unavailable"
        case _:
            return ""


def assign_role(draft: Draft, command: c.AssignRole) -> None:
    """Give a role: the director does, or whoever holds it now; an empty person gives it back to the directory.

    The director's own role is given by a director who doesn't only stand in, in person; and no role is given by
    who types for another.
    """
    _need_role_that_exists(draft, command.role)
    if command.person:
        draft.need_known(command.person)
    if command.role == DIRECTOR:
        draft.need_director(DIRECTOR, standing=True)
    else:
        draft.act_as(draft.need_right((command.role,), command.role))
    _in_person(draft, command.role)
    if draft.incident.roles.get(command.role, "") != command.person:
        draft.emit(e.RoleAssigned(role=command.role, person=command.person))


def _need_role_that_exists(draft: Draft, role: str) -> None:
    known = dict.fromkeys((DIRECTOR, *draft.world.directory.roles, *needed_roles(draft)))
    if role not in known:
        raise refuse("unknown_role", role=role, choices=tuple(known))


def _in_person(draft: Draft, what: str) -> None:
    """A role changes hands by the hand of who gives it: typed for them, it would be a gift to whoever types."""
    if not draft.in_person:
        raise refuse("in_person_only", what=what, people=(draft.by,))


def needed_roles(draft: Draft) -> tuple[str, ...]:
    """The roles that the open runs need, in the order their procedures name them; those who sign come last."""
    roles: dict[str, None] = {}
    signing: dict[str, None] = {}
    for run in draft.incident.open_runs:
        runbook = draft.definition(run).runbook
        roles |= dict.fromkeys(runbook.roles)
        for track in runbook.tracks.values():
            for step in track.steps.values():
                roles |= dict.fromkeys(step.role)
                signing |= dict.fromkeys(role for one in step.outcomes.values() for role in _signing(one))
    return tuple(role for role in roles | signing if role != DIRECTOR)


def _signing(outcome: Outcome) -> Iterator[str]:
    if outcome.sign is not None:
        for group in outcome.sign.by:
            yield from group


def take_vacant_roles(draft: Draft, command: c.TakeVacantRoles) -> None:
    """Give every needed role that nobody here holds to these people in turn ("we are three")."""
    draft.need_director("roles")
    here = tuple(p for p, status in draft.incident.presence.items() if status == "present")
    people = tuple(dict.fromkeys(draft.need_known(person) for person in command.people or (draft.by, *here)))
    gone = [person for person in people if permissions.is_away(person, draft.incident)]
    if gone:
        raise refuse("person_away", person=gone[0])
    reachable = {*people, *here}
    vacant = [
        role
        for role in needed_roles(draft)
        if not reachable.intersection(permissions.holders(role, draft.incident, draft.world.directory))
    ]
    if not vacant:
        raise refuse("no_vacant_role")
    for n, role in enumerate(vacant):
        draft.emit(e.RoleAssigned(role=role, person=people[n % len(people)]))


def mark_presence(draft: Draft, command: c.MarkPresence) -> None:
    """Present, coming, or unavailable: said by oneself, or by whoever called."""
    draft.need_known(command.person)
    if command.status not in PRESENCES:
        raise refuse("unknown_presence", status=command.status, choices=PRESENCES)
    if (
        draft.incident.presence.get(command.person) != command.status
        or command.person in draft.incident.calls
    ):
        draft.emit(e.PresenceMarked(person=command.person, status=command.status))


def mark_call(draft: Draft, command: c.MarkCall) -> None:
    """Somebody was telephoned: one who was reached comes, unless they are here or say otherwise.

    A message left, or a wrong number, is no answer: the silence goes on to the deputy.
    """
    draft.need_known(command.person)
    if command.result not in CALLED:
        raise refuse("unknown_call", result=command.result, choices=CALLED)
    draft.emit(e.CallMade(person=command.person, result=command.result))
    here = draft.incident.presence.get(command.person) in ("present", "coming")
    if command.result == "reached" and (not here or command.person in draft.incident.calls):
        draft.emit(e.PresenceMarked(person=command.person, status="coming"))


def call_roll(draft: Draft) -> None:
    """Call everybody who holds or deputises a needed role, and the directors, unless they already answered."""
    roles = (DIRECTOR, *needed_roles(draft))
    listed = dict.fromkeys(
        p for role in roles for p in permissions.holders(role, draft.incident, draft.world.directory)
    )
    people = tuple(p for p in listed if p not in draft.incident.presence and p != draft.by)
    if not people:
        raise refuse("everybody_answered")
    draft.emit(e.RollCalled(people=people))


def hand_over(draft: Draft, command: c.HandOver) -> None:
    """Hand one's roles to somebody, with the situation report; a director may hand over anybody's.

    The steps that were taken under these roles are free again: reminders go to who takes over, not to who sleeps.
    Who only stands in as director hands over just that.
    """
    draft.need_known(command.to)
    incident, directory = draft.incident, draft.world.directory
    roles = command.roles or _own_roles(draft)
    if not roles:
        raise refuse("nothing_to_hand_over", people=(draft.by,))
    for role in roles:
        _need_role_that_exists(draft, role)
        if role == DIRECTOR:
            draft.need_director(DIRECTOR)
        else:
            draft.act_as(draft.need_right((role,), role))
        _in_person(draft, role)
    if permissions.is_away(command.to, incident) or command.to == draft.by:
        raise refuse("person_away", person=command.to)
    leavers = {draft.by, *(p for role in roles for p in permissions.holders(role, incident, directory)[:1])}
    freed = tuple(_taken_under(draft, roles, leavers - {command.to}))
    interim = DIRECTOR in roles and bool(incident.interim) and incident.interim == draft.by
    draft.emit(e.HandedOver(to=command.to, roles=roles, report=command.report, interim=interim, freed=freed))


def _own_roles(draft: Draft) -> tuple[str, ...]:
    """The roles this person holds first among those needed now; an interim director's too."""
    incident, directory = draft.incident, draft.world.directory
    return tuple(
        role
        for role in (DIRECTOR, *needed_roles(draft))
        if draft.by in permissions.holders(role, incident, directory)[:1]
        or (role == DIRECTOR and draft.by == incident.interim)
    )


def _taken_under(draft: Draft, roles: tuple[str, ...], people: AbstractSet[str]) -> Iterator[tuple[int, str]]:
    for run in draft.incident.open_runs:
        definition = draft.definition(run)
        for track, state in run.tracks.items():
            taken = state.cursor.taken if state.cursor else None
            if state.cursor and taken and taken.by in people:
                step = definition.step(track, state.cursor.step)
                if set(step.role).intersection(roles):
                    yield run.id, track
