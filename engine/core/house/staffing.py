"""What was changed of the directory, after an entry of the house's book. An erased name changes nothing."""

from __future__ import annotations

from msgspec.structs import replace

from engine.core import events as e
from engine.core.folds import with_item, without
from engine.core.house.staff import Appointment, Judged, Number, Staff

__all__ = ["returned", "staffed"]


def staffed(staff: Staff, entry: e.Entry, event: e.StaffEvent) -> Staff:
    """What was changed of the directory after this entry."""
    match event:
        case e.RoleAppointed():
            said = Appointment(event.people, event.instead_of)
            return replace(staff, roles=with_item(staff.roles, event.role, said))
        case e.NumberChanged() if event.person:
            number = Number(event.phone, event.instead_of)
            confirmed = with_item(staff.confirmed, event.person, entry.at)
            return replace(staff, numbers=with_item(staff.numbers, event.person, number), confirmed=confirmed)
        case e.PersonLeft() if event.person:
            return replace(staff, left=with_item(staff.left, event.person, entry.at))
        case e.ReachAsked() if event.person:
            return replace(staff, asked=with_item(staff.asked, event.person, entry.at))
        case e.ReachConfirmed() if event.person:
            return replace(staff, confirmed=with_item(staff.confirmed, event.person, entry.at))
        case e.LessonJudged():
            return replace(staff, lessons=with_item(staff.lessons, event.lesson, _judged(staff, event)))
        case _:
            return staff


def _judged(staff: Staff, event: e.LessonJudged) -> Judged:
    """What is done keeps what it was."""
    known = staff.lessons.get(event.lesson)
    if event.state == "done" and known is not None:
        return replace(known, state="done")
    return Judged(state=event.state, owner=event.owner, due=event.due, text=event.text, reason=event.reason)


def returned(staff: Staff, person: str) -> Staff:
    """Somebody who had left is invited again: they are back."""
    return replace(staff, left=without(staff.left, person)) if person in staff.left else staff
