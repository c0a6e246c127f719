"""The rules by which the directory changes from a chat: who may name whom, and say what of themselves."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from engine.core import events as e
from engine.core.decide.draft import Draft, refuse
from engine.core.directory import DIRECTOR
from engine.core.house import House
from engine.core.house import commands as h

__all__ = ["appoint", "ask_reach", "change_number", "confirm_reach", "judge_lesson", "leave"]

_NUMBER: Final = re.compile(r"\+?[0-9](?:[ .-]?[0-9]){5,17}")


def appoint(draft: Draft, command: h.Appoint) -> None:
    """A director names who has a role; whoever has it passes it on themselves. Never a role without anybody."""
    directory = draft.world.directory
    post = directory.roles.get(command.role)
    if post is None:
        raise refuse("unknown_role", role=command.role, choices=tuple(directory.roles))
    people = tuple(dict.fromkeys(command.people))
    if not people:
        raise refuse("role_for_nobody", role=command.role)
    for person in people:
        draft.need_known(person)
    if not (draft.in_person and post.holder == draft.by and command.role != DIRECTOR):
        draft.need_director("appoint")
    if command.role == DIRECTOR and all(directory.people[one].until for one in people):
        raise refuse("guests_direct_nothing", people=people)
    if command.role == DIRECTOR and draft.by in post.people:
        _keep_those_before(draft, post.people, people)
    if people != post.people:
        draft.emit(
            e.RoleAppointed(role=command.role, people=people, instead_of=_written(draft, command.role))
        )


def _keep_those_before(draft: Draft, directors: tuple[str, ...], named: tuple[str, ...]) -> None:
    """A deputy directs when nobody before them does, and takes the crisis from none of them.

    One account may be stolen, and who is no director any more could not undo it. The file still decides otherwise.
    """
    before = directors[: directors.index(draft.by)]
    if named[: len(before)] != before:
        raise refuse("director_only", what="appoint", people=before)


def _written(draft: Draft, role: str) -> tuple[str, ...]:
    """Whom the file names: what was there before anything was said, which the directory of now no longer tells."""
    return draft.world.written.roles[role].people


def change_number(draft: Draft, command: h.ChangeNumber) -> None:
    """One's own, or that of somebody else by who holds a role: a wrong number is found by whoever calls."""
    person = command.person or draft.by
    draft.need_known(person)
    if person != draft.by or not draft.in_person:
        draft.need_role("number")
    phone = " ".join(command.phone.split())
    if not _NUMBER.fullmatch(phone):
        raise refuse("no_number", phone=command.phone[:40])
    if phone != draft.world.directory.people[person].phone:
        instead_of = draft.world.written.people[person].phone
        draft.emit(e.NumberChanged(person=person, phone=phone, instead_of=instead_of))
    elif person == draft.by and draft.in_person:
        draft.emit(e.ReachConfirmed(person=person))


def leave(draft: Draft, command: h.Leave) -> None:
    """Oneself; of somebody else, a director says so. Their accounts are untied and their code falls."""
    person = command.person or draft.by
    draft.need_known(person)
    if person != draft.by or not draft.in_person:
        draft.need_director("leave")
        _not_one_before(draft, person)
    directors = draft.world.directory.directors()
    if person in directors and not any(one for one in directors if one != person):
        raise refuse("last_director", person=person)
    house = draft.incident.house or House()
    draft.emit(e.PersonLeft(person=person))
    for link in house.links.values():
        if link.person == person:
            draft.emit(e.AccountRevoked(person=person, surface=link.surface, account=link.account))
    if person in house.invitations:
        draft.emit(e.InvitationCancelled(person=person))


def _not_one_before(draft: Draft, person: str) -> None:
    """As for the role: no deputy says of a director before them that they have left."""
    directors = draft.world.directory.directors()
    before = directors[: directors.index(draft.by)]
    if person in before:
        raise refuse("director_only", what="leave", people=before)


def ask_reach(draft: Draft, command: h.AskReach) -> None:
    """The machine notes that it asked."""
    draft.need_known(command.person)
    draft.emit(e.ReachAsked(person=command.person))


def confirm_reach(draft: Draft) -> None:
    """Only oneself can say so."""
    if not draft.in_person:
        raise refuse("in_person_only", what="reach", people=(draft.by,))
    draft.emit(e.ReachConfirmed(person=draft.by))


_AFTER: Final = {"open": ("taken", "refused"), "refused": ("taken", "refused"), "taken": ("done",)}
"""What may become of a proposal; what is done stays so."""


def judge_lesson(draft: Draft, command: h.JudgeLesson) -> None:
    """Whoever it belongs to, or a director; in person: a plan doesn't change by hearsay."""
    directory = draft.world.directory
    post = directory.roles.get(command.owner)
    may = dict.fromkeys((*(post.people if post else ()), *directory.directors()))
    if not draft.in_person:
        raise refuse("in_person_only", what="lesson", people=(draft.by,))
    if draft.by not in may:
        raise refuse("not_yours", what=command.lesson, roles=(command.owner,), people=tuple(may))
    known = (draft.incident.house or House()).staff.lessons.get(command.lesson)
    state = known.state if known else "open"
    if command.state not in _AFTER.get(state, ()):
        raise refuse("lesson_judged", lesson=command.lesson, state=state)
    if command.state == "taken":
        _need_day(draft, command.due)
    if command.state == "refused":
        draft.need_reason(command.reason, "lesson")
    draft.emit(
        e.LessonJudged(
            lesson=command.lesson,
            state=command.state,
            owner=command.owner,
            due=command.due,
            text=command.text.strip(),
            reason=command.reason.strip(),
        )
    )


def _need_day(draft: Draft, written: str) -> None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise refuse("no_day", day=written[:40]) from None
    if day < draft.world.calendar.local(draft.now).date():
        raise refuse("in_the_past_day", day=written)
