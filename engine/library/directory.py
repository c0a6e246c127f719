"""`annuaire.yaml`: people, roles and who replaces whom, read into the value that the core uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from engine.core.directory import DIRECTOR, Directory, Person, Post
from engine.core.scalars import Identifier, OneOrMany, Text
from engine.core.written import Written
from engine.library.finding import Finding, Severity, closest
from engine.library.yamltree import Document

__all__ = ["DirectoryFile", "directory_of", "judged"]

Blank = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
"""A text that may be left empty."""


class PersonSpec(Written):
    """Somebody of the town. No account here: an enrolment ties one to a person, in the journal."""

    name: Text
    phone: Blank = ""
    lang: Literal["fr", "en"] = "fr"
    prefers: Literal["", "slack", "telegram", "web", "phone"] = ""


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
            name: Person(id=name, name=one.name, phone=one.phone, lang=one.lang, prefers=one.prefers)
            for name, one in written.people.items()
        },
        roles={
            role: Post(holder=post.holder, deputies=post.deputies) for role, post in written.roles.items()
        },
        fallback=dict(written.fallback),
    )


def judged(written: DirectoryFile, document: Document) -> Iterator[Finding]:
    """What is wrong between the names: nobody behind a role, nobody behind its holder."""

    def finding(
        rule: str, *path: str | int, severity: Severity = "error", meant: str | None = None, **facts: object
    ) -> Finding:
        line, column = document.position(path, key=meant is None)
        return Finding(
            area="lint_yaml",
            rule=rule,
            path=document.path,
            line=line,
            column=column,
            facts=facts,
            severity=severity,
            suggestion=meant,
        )

    if DIRECTOR not in written.roles:
        yield finding("director_missing", "roles", role=DIRECTOR)
    for role, post in written.roles.items():
        named = [("holder", post.holder)] if post.holder else []
        where: list[tuple[tuple[str | int, ...], str]] = [
            *((("roles", role, key), person) for key, person in named),
            *((("roles", role, "deputies", n), person) for n, person in enumerate(post.deputies)),
        ]
        for path, person in where:
            if person not in written.people:
                meant = closest(person, written.people)
                yield finding("person_unknown", *path, meant=meant, role=role, person=person)
        if post.holder and post.holder in post.deputies:
            yield finding("replaces_oneself", "roles", role, "deputies", role=role, person=post.holder)
        if not post.deputies:
            yield finding(
                "no_deputy",
                "roles",
                role,
                *(["deputies"] if document.find(("roles", role, "deputies")) is not None else []),
                severity="warning",
                role=role,
            )
    for role, others in written.fallback.items():
        for n, other in enumerate(others):
            if other not in written.roles:
                yield finding(
                    "fallback_unknown",
                    "fallback",
                    role,
                    n,
                    meant=closest(other, written.roles),
                    role=role,
                    other=other,
                )
