"""`tocsin revoke`: untie somebody's accounts."""

import click

from bots import door

__all__ = ["command"]


@door.command("revoke")
@door.argument("account")
@door.option("--reason", default="")
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
def command(session: door.Session, account: str, reason: str, as_person: str | None) -> int:
    """Untie all accounts of a person, or one; exit 1 when it is refused."""
    from bots.console.doorway import open_office, person_named
    from bots.console.household import revoke
    from engine.visible import harmless

    with open_office(session) as office:
        for line in revoke(office, person_named(office, as_person or ""), account, reason):
            click.echo(harmless(line))
    return 0
