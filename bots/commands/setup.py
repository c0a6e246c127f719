"""`tocsin setup`: install the bots, led step by step; what is done is not asked again."""

import asyncio
import logging
import sys

import click

from bots import door

__all__ = ["command"]


@door.command("setup")
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
@door.option("--no-trial", is_flag=True)
def command(session: door.Session, as_person: str | None, no_trial: bool) -> int:
    """Lead; 0 when it went to its end, 1 when it was left before."""
    from bots.console.doorway import open_office, person_named
    from bots.serving.lock import AlreadyServed, Hold
    from bots.serving.logs import configure
    from bots.serving.setting_up.guide import Guide
    from bots.serving.setting_up.terminal import Left, Terminal
    from bots.serving.settings import SecretsUnreadable, secrets_of

    if not sys.stdin.isatty():
        raise door.CommandFailed("setup.needs_terminal")
    try:
        known = secrets_of(session.home, session.environment)
        with open_office(session) as office, Hold(session.home) as hold:
            # What goes wrong is told in the steps' own words; the libraries' lines would tear the questions apart.
            configure("text", known.values()).setLevel(logging.CRITICAL)
            person = person_named(office, as_person) if as_person else ""
            guide = Guide(
                office=office,
                hold=hold,
                terminal=Terminal(session.words),
                environment=session.environment,
                person=person,
                with_trial=not no_trial,
            )
            asyncio.run(guide.run())
    except SecretsUnreadable as error:
        raise door.CommandFailed("console.error.told", detail=error.tell(session.words)) from error
    except AlreadyServed as error:
        pid, host = error.owner.get("pid", "?"), error.owner.get("host", "?")
        raise door.CommandFailed("setup.already", pid=pid, host=host) from error
    except (Left, KeyboardInterrupt):
        click.echo(session.words.say("setup.left"))
        return 1
    return 0
