"""The cell: who holds which role, who is here, who hands over to whom."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core import permissions
from engine.core.decide.draft import Draft, refuse
from engine.core.directory import DIRECTOR

__all__ = [
    "answer",
    "assign_role",
    "call_roll",
    "hand_over",
    "mark_presence",
    "needed_roles",
    "take_vacant_roles",
]

PRESENCES = ("present", "coming", "unavailable")


def answer(draft: Draft) -> None:
    """Whoever acts, or types for another, is here; a director of the directory who does ends the interim.

    Unless they have just said how it is with them: "I can't come" is no presence, and no director who answers.
    """
    here = draft.typist or draft.by
    if not here:
        return
    command = draft.order.command
    said = command.status if isinstance(command, c.MarkPresence) and command.person == here else ""
    draft.now_in_person(here)
    if not said and (draft.incident.presence.get(here) != "present" or here in draft.incident.calls):
        draft.emit(e.PresenceMarked(person=here, status="present"))
    if draft.incident.interim and said != "unavailable" and here in draft.world.directory.directors():
        draft.emit(e.DirectorAnswered())


def assign_role(draft: Draft, command: c.AssignRole) -> None:
    """Give a role: the director does, or whoever holds it now; an empty person gives it back to the directory."""
    directory = draft.world.directory
    if command.role not in {*directory.roles, *needed_roles(draft), DIRECTOR}:
        raise refuse(
            "unknown_role",
            role=command.role,
            choices=tuple({**directory.roles, **dict.fromkeys(needed_roles(draft))}),
        )
    if command.person:
        draft.need_known(command.person)
    role = permissions.right(draft.by, (command.role,), draft.incident, directory)
    if role is None:
        raise refuse(
            "not_yours",
            what=command.role,
            roles=(command.role,),
            people=permissions.who_may((command.role,), draft.incident, directory),
        )
    draft.act_as(role)
    if draft.incident.roles.get(command.role, "") != command.person:
        draft.emit(e.RoleAssigned(role=command.role, person=command.person))


def needed_roles(draft: Draft) -> tuple[str, ...]:
    """The roles that the open runs need, in the order their procedures name them."""
    roles: dict[str, None] = {}
    for run in draft.incident.open_runs:
        runbook = draft.definition(run).runbook
        roles |= dict.fromkeys(runbook.roles)
        roles |= dict.fromkeys(
            role for track in runbook.tracks.values() for step in track.steps.values() for role in step.role
        )
    return tuple(role for role in roles if role != DIRECTOR)


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
    """Hand one's roles to somebody, with the situation report; a director may hand over anybody's."""
    draft.need_known(command.to)
    incident, directory = draft.incident, draft.world.directory
    mine = tuple(
        role
        for role in (DIRECTOR, *needed_roles(draft))
        if draft.by in permissions.holders(role, incident, directory)[:1]
    )
    roles = command.roles or mine
    if not roles:
        raise refuse("nothing_to_hand_over", people=(draft.by,))
    for role in roles:
        draft.act_as(draft.need_right((role,), role))
    if permissions.is_away(command.to, incident) or command.to == draft.by:
        raise refuse("person_away", person=command.to)
    draft.emit(e.HandedOver(to=command.to, roles=roles, report=command.report))
