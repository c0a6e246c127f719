"""The directory as people have changed it from a chat: `annuaire.yaml`, with what was said since it was written.

Each change remembers what the file said then. Once the file says something else, it was written later, and counts.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from engine.core.directory import NOBODY, Directory, Post
from engine.core.quantities import Instant

__all__ = ["Appointment", "Judged", "Number", "Staff", "amended"]


class Appointment(msgspec.Struct, gc=False, frozen=True):
    """Who has a role, in the order they are called, and whom the file named then."""

    people: tuple[str, ...]
    instead_of: tuple[str, ...]


class Number(msgspec.Struct, gc=False, frozen=True):
    """Where somebody is called, and the number that the file had then."""

    phone: str
    instead_of: str


class Judged(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """What became of a proposal for the plan."""

    state: str
    """taken, refused or done."""
    owner: str
    due: str = ""
    text: str = ""
    reason: str = ""


class Staff(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """What was changed of the directory without its file."""

    roles: Mapping[str, Appointment] = {}
    numbers: Mapping[str, Number] = {}
    left: Mapping[str, Instant] = {}
    asked: Mapping[str, Instant] = {}
    """When each was last asked whether they can be reached."""
    confirmed: Mapping[str, Instant] = {}
    """When each last said so."""
    lessons: Mapping[str, Judged] = {}
    """By incident and entry."""


def amended(directory: Directory, staff: Staff) -> Directory:
    """The directory that counts. Somebody named who is no longer in the file holds nothing."""
    if staff == Staff():
        return directory
    roles = dict(directory.roles)
    for name, said in staff.roles.items():
        if name in roles and roles[name].people == said.instead_of:
            known = [one for one in said.people if one in directory.people]
            holder, deputies = (known[0], tuple(known[1:])) if known else (NOBODY, ())
            roles[name] = Post(holder=holder, deputies=deputies)
    people = dict(directory.people)
    for person, number in staff.numbers.items():
        if person in people and people[person].phone == number.instead_of:
            people[person] = replace(people[person], phone=number.phone)
    gone = frozenset(staff.left) & frozenset(people)
    if gone:
        roles = {name: post.without(gone) for name, post in roles.items()}
    return replace(directory, people=people, roles=roles, left=gone, over=directory.over | gone)
