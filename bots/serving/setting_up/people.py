"""Who installs, and their own account on each platform: a code that they give the bot, waited for until it comes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Final

import segno

from bots.answering.inviting import draw, link
from bots.answering.office import Office
from bots.inbound.lookup import best
from bots.serving.doors import Door
from bots.serving.setting_up.orders import Installer
from bots.serving.setting_up.terminal import Terminal

__all__ = ["accounts", "others", "who"]

_MOST: Final = 4
"""Roles that are named beside somebody."""


async def who(terminal: Terminal, office: Office) -> Installer:
    """Ask who sits here: a number of the list, or a name."""
    directory = office.home.world.directory
    people = list(directory.people.values())
    terminal.say("setup.who.title")
    for number, one in enumerate(people, 1):
        roles = _roles(terminal, office, one.id)
        terminal.tell(f"  {number:>2}  {one.name}" + (f" ({roles})" if roles else ""))
    while True:
        typed = await terminal.ask("setup.who.ask")
        if typed.isdecimal() and 0 < int(typed) <= len(people):
            return Installer(office, people[int(typed) - 1].id)
        found = best(typed, {one.id: [one.id, one.name, *one.name.split()] for one in people})
        if typed and len(found) == 1:
            return Installer(office, found[0])
        terminal.say("setup.who.unknown")


def _roles(terminal: Terminal, office: Office, person: str) -> str:
    """The roles that somebody holds, in words; of who only stands in for others, that they do."""
    directory, role = office.home.world.directory, office.speech().role
    held = [role(name) for name, post in directory.roles.items() if post.holder == person]
    if held:
        return ", ".join(held[:_MOST]) + (" …" if len(held) > _MOST else "")
    first = next((name for name, post in directory.roles.items() if person in post.deputies), "")
    return terminal.words.say("setup.who.deputy", role=role(first)) if first else ""


async def accounts(terminal: Terminal, installer: Installer, doors: Mapping[str, Door]) -> None:
    """Tie the installer's account on each platform, theirs first; then say who of the others has none."""
    for surface in _preferred(installer, installer.person, doors):
        await _account(terminal, installer, installer.person, surface)
    if without := _without(installer):
        terminal.say("setup.who.others", people=", ".join(without.values()))


async def others(terminal: Terminal, installer: Installer, doors: Mapping[str, Door]) -> None:
    """Tie those of the others who are here, each on the platform that is theirs: an alert calls who has an account."""
    if not (without := _without(installer)) or not await terminal.yes("setup.who.invite_now"):
        return
    for person, name in without.items():
        terminal.say("setup.who.next", person=name)
        await _account(terminal, installer, person, _preferred(installer, person, doors)[0])


def _without(installer: Installer) -> dict[str, str]:
    """Who has no account, by name."""
    home = installer.office.home
    people = home.world.directory.people.values()
    return {one.id: one.name for one in people if not home.house.accounts(one.id)}


def _preferred(installer: Installer, person: str, doors: Mapping[str, Door]) -> list[str]:
    """The platforms that are open, the one that somebody prefers first."""
    prefers = installer.office.home.world.directory.people[person].prefers
    return sorted(doors, key=lambda surface: surface != prefers)


async def _account(terminal: Terminal, installer: Installer, person: str, surface: str) -> None:
    home = installer.office.home
    name, named = terminal.words.say(f"setup.surface.{surface}"), home.world.directory.name(person)
    if home.house.account(person, surface):
        terminal.say("setup.who.linked", person=named, surface=name)
        return
    drawn = draw(person, surface, installer.office.now())
    _, why_not = await installer.order(drawn.order)
    if why_not:
        terminal.tell(why_not)
        return
    url = link(home.house, surface, drawn.code)
    terminal.say(f"setup.who.how_{surface}", code=drawn.code, url=url)
    if url:
        picture = io.StringIO()
        segno.make(url, error="m").terminal(picture, compact=True)
        terminal.tell(picture.getvalue())
    if await terminal.until(lambda: home.house.account(person, surface) or None, "setup.who.wait"):
        terminal.say("setup.who.now_linked", person=named, surface=name)
    else:
        terminal.say("setup.who.skipped", surface=name, person=person)
