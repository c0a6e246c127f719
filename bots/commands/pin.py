"""`tocsin pin`: choose the PIN that proves an irreversible yes when a channel is suspect."""

import click

from bots import door

__all__ = ["command"]


@door.command("pin")
@door.argument("person")
def command(session: door.Session, person: str) -> int:
    """Ask for a PIN twice and keep its digest; exit 1 when it is too simple."""
    from bots.console.doorway import open_office, person_named
    from bots.console.household import ask_pin, set_pin

    with open_office(session) as office:
        found = person_named(office, person)
        set_pin(office, found, ask_pin(office))
        click.echo(session.words.say("house.pin_set", person=office.home.world.directory.name(found)))
    return 0
