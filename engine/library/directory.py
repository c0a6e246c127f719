"""`annuaire.yaml`: people, roles and who replaces whom, read into the value that the core uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import PurePath
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from engine.config import Config
from engine.core.directory import DIRECTOR, Directory, Person, Post
from engine.core.scalars import Identifier, OneOrMany, Text
from engine.core.written import Written
from engine.library.finding import Finding, closest
from engine.library.yamltree import Document

__all__ = ["EXAMPLE", "DirectoryFile", "directory_of", "judged", "named", "rings_nowhere"]

EXAMPLE: Final = "exemple"
"""The folder that ships with the program, where nobody is real."""
_ITS_NAME: Final = "Ville de Valmont"
_INVENTED: Final = ("063998", "019900")
"""How the numbers of our example begin: the regulator keeps them for fiction, they ring nowhere."""
_SHORTEST: Final = 6
"""Figures of the shortest number that calls somebody from any telephone."""

Path = tuple[str | int, ...]
Blank = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""A text that may be left empty."""


class PersonSpec(Written):
    """Somebody of the town. No account here: an enrolment ties one to a person, in the journal."""

    name: Text
    phone: Blank = ""
    lang: Literal["fr", "en"] = "fr"
    prefers: Literal["", "slack", "telegram", "web", "phone"] = ""
    until: Blank = ""
    """A guest's last day; after it they may do nothing."""


class PostSpec(Written):
    """Who holds a role, then who is called, in order."""

    holder: Blank = ""
    deputies: OneOrMany = ()


class DirectoryFile(Written):
    """The whole file."""

    format: Literal["1"] | None = None
    people: dict[Identifier, PersonSpec] = Field(min_length=1)
    roles: dict[Identifier, PostSpec] = Field(min_length=1)
    fallback: dict[Identifier, OneOrMany] = Field(default_factory=dict)


def directory_of(written: DirectoryFile) -> Directory:
    """The plain value."""
    return Directory(
        people={
            name: Person(
                id=name,
                name=one.name,
                phone=one.phone,
                lang=one.lang,
                prefers=one.prefers,
                until=_day(one.until),
            )
            for name, one in written.people.items()
        },
        roles={
            role: Post(holder=post.holder, deputies=post.deputies).without(_unknown(written, post))
            for role, post in written.roles.items()
        },
        fallback=dict(written.fallback),
    )


def _unknown(written: DirectoryFile, post: PostSpec) -> frozenset[str]:
    """Who is named in a role and was taken out of the people: the next one has it, `check` names the slip."""
    return frozenset(one for one in (post.holder, *post.deputies) if one not in written.people)


def _day(written: str) -> str:
    """A day as the core compares it. One that can't be read is long past: a slip must not leave a door open."""
    try:
        return date.fromisoformat(written).isoformat() if written else ""
    except ValueError:
        return date.min.isoformat()


def judged(written: DirectoryFile, document: Document) -> Iterator[Finding]:
    """What is wrong between the names: nobody behind a role, nobody behind its holder, a number that rings nowhere."""
    if PurePath(document.path).parent.name != EXAMPLE:
        yield from _invented(written, document)
    for name, one in written.people.items():
        if one.phone and sum(map(str.isdecimal, one.phone)) < _SHORTEST:
            yield document.finding(
                "phone", ("people", name, "phone"), value=True, severity="warning",
                person=one.name, written=one.phone,
            )  # fmt: skip
        if _day(one.until) == date.min.isoformat():
            yield document.finding(
                "until", ("people", name, "until"), value=True, person=one.name, written=one.until
            )
    if DIRECTOR not in written.roles:
        yield document.finding("director_missing", ("roles",), role=DIRECTOR)
    for role, post in written.roles.items():
        yield from _of_a_role(written, document, role, post)
    for role, others in written.fallback.items():
        for n, other in enumerate(others):
            if other not in written.roles:
                yield document.finding(
                    "fallback_unknown",
                    ("fallback", role, n),
                    value=True,
                    severity="warning",
                    meant=closest(other, written.roles),
                    role=role,
                    other=other,
                )


def named(written: Config, document: Document) -> Iterator[Finding]:
    """A town that still signs its messages with the example's name."""
    name = written.organisation.name
    if name == _ITS_NAME and PurePath(document.path).parent.name != EXAMPLE:
        yield document.finding(
            "example_name", ("organisation", "name"), value=True, severity="warning", name=name
        )


def rings_nowhere(phone: str) -> bool:
    """Whether this number is of the ranges kept for fiction: the example's."""
    return re.sub(r"^(?:\+|00)33", "0", re.sub(r"[^\d+]", "", phone)).startswith(_INVENTED)


def _invented(written: DirectoryFile, document: Document) -> Iterator[Finding]:
    for name, one in written.people.items():
        if rings_nowhere(one.phone):
            yield document.finding(
                "example_phone", ("people", name, "phone"), value=True, severity="warning",
                person=one.name, phone=one.phone,
            )  # fmt: skip


def _of_a_role(written: DirectoryFile, document: Document, role: str, post: PostSpec) -> Iterator[Finding]:
    named: list[tuple[Path, str]] = [
        (("roles", role, "deputies", n), one) for n, one in enumerate(post.deputies)
    ]
    if post.holder:
        named.insert(0, (("roles", role, "holder"), post.holder))
    for path, person in named:
        if person not in written.people:
            meant = closest(person, written.people)
            yield document.finding("person_unknown", path, value=True, meant=meant, role=role, person=person)
    if post.holder and post.holder in post.deputies:
        yield document.finding("replaces_oneself", ("roles", role, "deputies"), role=role, person=post.holder)
    if not post.deputies:
        yield document.finding("no_deputy", ("roles", role, "deputies"), severity="warning", role=role)
