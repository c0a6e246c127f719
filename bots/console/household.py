"""The house's orders from the machine: who is tied to what, an invitation to show, an account to untie, a PIN."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click

from bots.answering.inviting import Drawn, chosen_pin, draw, link, surfaces
from bots.answering.office import Office
from bots.console.doorway import person_named
from bots.console.exporting import written_to
from bots.door import CommandFailed
from engine.core.commands import Command, Order
from engine.core.house import HOUSE, SURFACES, codes
from engine.core.house.commands import Revoke

__all__ = ["ask_pin", "everybody", "invite", "revoke", "set_pin", "table"]

_PICTURES = (".svg", ".png")


def _submit(office: Office, by: str, command: Command) -> None:
    """Give an order of the house; CommandFailed (exit 1) when it is refused."""
    order = Order(incident=HOUSE, command=command, by=by, at=office.now(), key=uuid.uuid4().hex)
    receipt = office.home.desk.submit_now(order)
    if receipt.refused is not None:
        detail = office.speech().refusal(receipt.refused)
        raise CommandFailed("console.error.told", exit_code=1, detail=detail)


# Who is tied to what


def everybody(office: Office) -> Iterator[dict[str, object]]:
    """Each person of the directory, and whoever has left it with an account: accounts, and the code that waits."""
    house, people, now = office.home.house, office.home.world.directory.people, office.now()
    gone = (link.person for link in house.links.values() if link.person not in people)
    for person in dict.fromkeys((*people, *gone)):
        waits = house.invitations.get(person)
        yield {
            "person": person,
            "name": office.home.world.directory.name(person),
            "until": people[person].until if person in people else "",
            "accounts": [
                {
                    "surface": one.surface, "account": one.account, "since": one.since,
                    "reachable": one.open, "why": one.why,
                }
                for one in house.links.values()
                if one.person == person
            ],
            "invited_until": waits.expires if waits and waits.expires > now else 0,
            "pin": person in house.pins,
        }  # fmt: skip


def table(office: Office) -> Iterator[str]:
    """The same, a line for each person and one for each account."""
    speech = office.speech()
    house = office.home.house
    for one in everybody(office):
        person, waits = str(one["person"]), one["invited_until"]
        extras = [speech.say("house.pin_known")] if one["pin"] else []
        if isinstance(waits, int) and waits:
            extras.append(speech.say("house.waits", at=speech.at(waits)))
        accounts = [link for link in house.links.values() if link.person == person]
        if not accounts:
            extras.insert(0, speech.say("house.no_account"))
        yield " · ".join((f"{person:<12} {one['name']}", *extras))
        for account in accounts:
            surface = speech.code("surface", account.surface)
            key = "account" if account.open else "account_shut"
            yield "    " + speech.say(
                f"house.{key}",
                surface=surface,
                account=account.account,
                at=speech.at(account.since),
                why=account.why,
            )


# Invitations


def invite(office: Office, by: str, person: str, surface: str, out: Path | None) -> None:
    """Draw a code for somebody and show it: this once, in words, as a link, as a picture to scan."""
    if out is not None and out.suffix.lower() not in _PICTURES:
        raise CommandFailed("house.which_picture", path=out)
    drawn = draw(person, surface, office.now())
    url = next(
        (found for one in surfaces(surface) if (found := link(office.home.house, one, drawn.code))), ""
    )
    if out is not None and not url:
        raise CommandFailed(f"house.no_link_{surface or 'telegram'}")
    _submit(office, by, drawn.order)
    for line in _told(office, drawn, url):
        click.echo(line)
    if url:
        import segno

        picture = segno.make(url, error="m")
        click.echo("")
        picture.terminal(sys.stdout, compact=True)
        if out is not None:
            content = BytesIO()
            picture.save(content, kind=out.suffix.lower().removeprefix("."), scale=8)
            written_to(out, content.getvalue())
            click.echo(office.words.say("house.picture", path=out))


def _told(office: Office, drawn: Drawn, url: str) -> Iterator[str]:
    say, speech = office.words.say, office.speech()
    name = office.home.world.directory.name(drawn.order.person)
    yield say("house.invited", person=name, code=drawn.code, at=speech.at(drawn.order.expires))
    for one in surfaces(drawn.order.surface):
        if one == "telegram" and url:
            yield say("house.how_telegram_link", url=url)
        else:
            yield say(f"house.how_{one}", code=drawn.code)
    yield say("house.handed")


def revoke(office: Office, by: str, subject: str, reason: str) -> Iterator[str]:
    """Untie a person's accounts, or the one that `surface:account` names."""
    surface, colon, account = subject.partition(":")
    if colon and surface in SURFACES:
        command = Revoke(surface=surface, account=account, reason=reason)
    else:
        links = office.home.house.links.values()
        gone = subject in {link.person for link in links} | set(office.home.house.invitations)
        command = Revoke(person=subject if gone else person_named(office, subject), reason=reason)
    before = office.incident(HOUSE)
    _submit(office, by, command)
    after = office.incident(HOUSE)
    assert after is not None
    narrator = office.narrator(after)
    for entry in office.entries(HOUSE, before.seq if before else 0):
        yield narrator.tell(entry)


# PIN


def ask_pin(office: Office) -> str:
    """A PIN, typed twice and shown nowhere; a pipe gives it on its first line."""
    least, most = codes.PIN_LENGTH
    say = office.words.say
    if sys.stdin.isatty():
        typed: str = click.prompt(
            say("house.ask_pin", least=least),
            hide_input=True,
            confirmation_prompt=say("house.again"),
            err=True,
        )
    else:
        typed = sys.stdin.readline()
    pin = typed.strip()
    if not (least <= len(pin) <= most and pin.isdecimal()) or len(set(pin)) < 3:
        raise CommandFailed("house.weak_pin", exit_code=1, least=least, most=most)
    return pin


def set_pin(office: Office, person: str, pin: str) -> None:
    """Keep what this PIN is compared with."""
    _submit(office, person, chosen_pin(pin))
