"""The registers on paper: the call chain, the contacts and the legal delays with their source, the common duties."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.directory import DIRECTOR, Person
from engine.paper.blocks import (
    Block,
    Column,
    Columns,
    Document,
    Frame,
    Heading,
    Items,
    Paragraph,
    Step,
    Table,
)
from engine.paper.material import BLANK, Material

__all__ = ["clocks", "contacts", "directory", "duties"]


def directory(material: Material) -> Document:
    """Everybody once, in the order in which they are called; then each role with who holds it and who replaces them."""
    word, posts = material.word, material.world.directory.roles
    roles = tuple(dict.fromkeys((DIRECTOR, *posts)))
    everybody = Table(
        columns=(
            Column(title=word("directory.order"), share=0.62),
            Column(title=word("directory.person"), share=2.1, strong=True),
            Column(title=word("directory.phone"), share=1.7, strong=True),
            Column(title=word("directory.roles"), share=4),
            Column(title=word("directory.reached"), share=1.6),
        ),
        rows=tuple(
            (str(n), one.name, one.phone or BLANK, _roles_of(material, one), word("directory.reached_at"))
            for n, one in enumerate(_in_order(material, roles), 1)
        ),
    )
    holders = Table(
        columns=(
            Column(title=word("directory.role"), share=2.2, strong=True),
            Column(title=word("directory.call"), share=4.2),
        ),
        rows=tuple((material.role(role), "\n".join(_called(material, role)) or BLANK) for role in roles),
    )
    return Document(
        name="annuaire",
        title=word("directory.title"),
        summary=word("directory.summary"),
        confidential=True,
        blocks=(
            Frame(
                title=word("directory.keep_title"),
                blocks=(Items(items=material.lines("directory.keep")),),
                heavy=True,
            ),
            Heading(text=word("directory.chain"), level=1),
            Items(items=material.lines("directory.rules")),
            everybody,
            Heading(text=word("directory.holders"), level=1),
            holders,
        ),
    )


def _in_order(material: Material, roles: tuple[str, ...]) -> list[Person]:
    """The holders as their roles come, then the deputies, then whoever has no role."""
    directory = material.world.directory
    posts = [directory.roles[role] for role in roles if role in directory.roles]
    called = [post.holder for post in posts] + [one for post in posts for one in post.deputies]
    return [
        directory.people[one]
        for one in dict.fromkeys((*called, *directory.people))
        if one in directory.people
    ]


def _called(material: Material, role: str) -> Iterable[str]:
    post = material.world.directory.roles.get(role)
    held = bool(post and post.people)
    for n, person in enumerate(material.people(role), 1):
        told = f"{n}. {material.reached(person)}"
        yield told if held else f"{told} ({material.word('directory.stand_in')})"


def _roles_of(material: Material, person: Person) -> str:
    posts = material.world.directory.roles
    held = [role for role, post in posts.items() if post.holder == person.id]
    deputy = [role for role, post in posts.items() if person.id in post.deputies]
    told = [", ".join(material.role(one) for one in held)] if held else []
    if deputy:
        roles = ", ".join(material.role(one) for one in deputy)
        told.append(material.word("directory.deputy_of", roles=roles))
    if person.until:
        told.append(material.word("directory.until", date=material.day(person.until)))
    return "\n".join(told)


def contacts(material: Material) -> Document:
    """Those to fill in first, then the public ones; each says where it comes from, when, how sure."""
    word, known = material.word, material.library.contacts
    columns = (
        Column(title=word("contacts.who"), share=2.2, strong=True),
        Column(title=word("contacts.channel"), share=2.8),
        Column(title=word("contacts.source"), share=3),
    )
    local = [
        ("\n".join(part for part in (one.title, one.note) if part), "", "")
        for one in known.values()
        if not one.channel
    ]
    rest = [
        (
            one.title,
            "\n".join((*_ways(one.channel), *([one.note] if one.note else []))),
            _sourced(material, one.source, one.checked, one.certainty),
        )
        for one in known.values()
        if one.channel
    ]
    blocks: list[Block] = [
        Heading(text=word("contacts.known"), level=1),
        Table(columns=columns, rows=tuple(rest)),
    ]
    if local:
        blocks += [
            Heading(text=word("contacts.local"), level=1),
            Paragraph(text=word("contacts.to_fill")),
            Table(
                columns=(*columns[:2], Column(title=word("contacts.noted"), share=1.6)),
                rows=tuple(local),
                tall=9,
            ),
        ]
    return Document(
        name="contacts", title=word("contacts.title"), summary=word("contacts.summary"), blocks=tuple(blocks)
    )


def _ways(channel: str) -> list[str]:
    return [one.strip() for one in channel.split(" ; ")]


def _sourced(material: Material, source: str, checked: str, certainty: str) -> str:
    doubt = material.certainty(certainty)
    told = material.word("contacts.sourced", source=source, date=material.day(checked))
    return f"{told}\n{doubt}" if doubt else told


def clocks(material: Material) -> Document:
    """Every legal delay: what, who, when it starts, to whom; and what to think of it."""
    word = material.word
    rows = []
    for one in material.library.clocks.values():
        what = [part for part in (one.title, one.duty, one.note) if part]
        who = "" if one.who is None else material.role(one.who)
        to = [part for part in (one.recipient, one.channel) if part]
        start = word("clock.starts", start=one.start) if one.start else ""
        delay = "\n".join(part for part in (material.delay(one), start, who) if part)
        rows.append(
            (
                "\n".join(what),
                delay,
                "\n".join(to),
                _sourced(material, one.source, one.checked, one.certainty),
            )
        )
    columns = (
        Column(title=word("clock.duty"), share=3.4, strong=True),
        Column(title=word("clock.delay"), share=2, strong=True),
        Column(title=word("clock.recipient"), share=2.2),
        Column(title=word("contacts.source"), share=2.4),
    )
    return Document(
        name="horloges-legales",
        title=word("clock.title"),
        summary=word("clock.summary"),
        landscape=True,
        blocks=(Table(columns=columns, rows=tuple(rows)),),
    )


def duties(material: Material) -> Document:
    """What every crisis asks, whatever its procedure."""
    word = material.word
    blocks: list[Block] = []
    number = 0
    for moment in ("opening", "ending", "retex"):
        mine = [one for one in material.library.duties.values() if one.when == moment]
        if mine:
            blocks.append(Heading(text=word(f"duties.{moment}"), level=1))
        for duty in mine:
            number += 1
            who = word("procedure.or").join(material.role(role) for role in duty.role)
            blocks.append(
                Step(
                    number=str(number),
                    title=duty.title,
                    who=f"{who} · {duty.target}",
                    boxes=tuple(duty.do.splitlines()),
                )
            )
    return Document(
        name="devoirs-communs",
        title=word("duties.title"),
        summary=word("duties.summary"),
        blocks=(Columns(blocks=tuple(blocks)),),
    )
