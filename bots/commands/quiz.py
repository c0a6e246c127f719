"""`tocsin quiz`: one question of the awareness quiz, or what may be told of all the answers."""

from json import dumps

import click

from bots import door

__all__ = ["command"]


@door.command("quiz")
@door.argument("person", required=False)
@door.option("--results", is_flag=True)
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, person: str | None, results: bool, json: bool) -> int:
    """Ask somebody their next question; with `--results`, tell how many were trained and what they answered."""
    from bots.console import quizzing
    from bots.console.doorway import open_office, person_named

    with open_office(session, reading=results) as office:
        if results or json:
            found = quizzing.results(office)
            if json:
                click.echo(dumps(found, ensure_ascii=False, indent=2))
            else:
                quizzing.tell(office, found)
            return 0
        who = person_named(office, person) if person else quizzing.only_one(office)
        return quizzing.ask(office, who)
