"""Who installs, and their own account on each platform: a code that they give the bot, waited for until it comes."""

from __future__ import annotations

import io
from collections.abc import Mapping

import segno

from bots.answering.inviting import draw, link
from bots.answering.office import Office
from bots.inbound.lookup import best
from bots.serving.doors import Door
from bots.serving.setting_up.orders import Installer
from bots.serving.setting_up.terminal import Terminal

__all__ = ["accounts", "who"]


async def who(terminal: Terminal, office: Office) -> Installer:
    """Ask who sits here: a number of the list, or a name."""
    directory = office.home.world.directory
    people = list(directory.people.values())
    terminal.say("setup.who.title")
    for number, one in enumerate(people, 1):
        roles = ", ".join(directory.roles_of(one.id))
        terminal.tell(f"  {number:>2}  {one.name}" + (f" ({roles})" if roles else ""))
    while True:
        typed = await terminal.ask("setup.who.ask")
        if typed.isdecimal() and 0 < int(typed) <= len(people):
            return Installer(office, people[int(typed) - 1].id)
        found = best(typed, {one.id: [one.id, one.name, *one.name.split()] for one in people})
        if typed and len(found) == 1:
            return Installer(office, found[0])
        terminal.say("setup.who.unknown")


async def accounts(terminal: Terminal, installer: Installer, doors: Mapping[str, Door]) -> None:
    """Tie the installer's account on each platform; then say who of the others has none."""
    for surface in doors:
        await _account(terminal, installer, surface)
    home = installer.office.home
    without = [one.name for one in home.world.directory.people.values() if not home.house.accounts(one.id)]
    if without:
        terminal.say("setup.who.others", people=", ".join(without))


async def _account(terminal: Terminal, installer: Installer, surface: str) -> None:
    home, person = installer.office.home, installer.person
    name = terminal.words.say(f"setup.surface.{surface}")
    if home.house.account(person, surface):
        terminal.say("setup.who.linked", person=installer.name, surface=name)
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
        terminal.say("setup.who.now_linked", person=installer.name, surface=name)
    else:
        terminal.say("setup.who.skipped", surface=name, person=person)
