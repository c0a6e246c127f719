"""`tocsin invite`: a one-time code that ties somebody's Slack or Telegram account; alone, who is tied to what."""

from json import dumps
from pathlib import Path

import click

from bots import door

__all__ = ["command"]


@door.command("invite")
@door.argument("person", required=False)
@door.option("--surface", type=click.Choice(["slack", "telegram"]))
@door.option("--out", type=click.Path(path_type=Path, dir_okay=False))
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
@door.option("--json", is_flag=True, help="shared")
def command(
    session: door.Session,
    person: str | None,
    surface: str | None,
    out: Path | None,
    as_person: str | None,
    json: bool,
) -> int:
    """Invite, or list people and their accounts; exit 1 when it is refused."""
    from bots.console.doorway import open_office, person_named
    from bots.console.household import everybody, invite, table
    from engine.visible import harmless

    if person is None:
        with open_office(session, reading=True) as office:
            if json:
                click.echo(dumps(list(everybody(office)), ensure_ascii=False, indent=2))
            else:
                for line in table(office):
                    click.echo(harmless(line))
        return 0
    with open_office(session) as office:
        by = person_named(office, as_person or "")
        invite(office, by, person_named(office, person), surface or "", out)
    return 0
