"""`tocsin serve`: the bots, the timers and the backups of the town, until it is stopped."""

import asyncio

import click

from bots import door

__all__ = ["command"]


@door.command("serve")
@door.option("--log", type=click.Choice(["text", "json"]), default="text", show_default=True)
@door.option("--take-over", is_flag=True)
def command(session: door.Session, log: str, take_over: bool) -> int:
    """Serve; 0 when stopped, 1 when another program has taken over, 2 when it could not begin."""
    from bots.console.doorway import open_office
    from bots.serving.composing import compose
    from bots.serving.healthz import CannotListen
    from bots.serving.lock import AlreadyServed, Hold
    from bots.serving.logs import configure
    from bots.serving.serving import serve
    from bots.serving.settings import SecretsUnreadable, secrets_of

    words = session.words
    try:
        secrets = secrets_of(session.home, session.environment)
    except SecretsUnreadable as error:
        raise door.CommandFailed("console.error.told", detail=error.tell(words)) from error
    try:
        with open_office(session) as office, Hold(session.home, take_over=take_over) as hold:
            served = compose(office, secrets, hold)
            configure(log, secrets.values())
            surfaces = ", ".join(served.doors) or words.say("serve.no_surface")

            def started(port: int) -> None:
                click.echo(words.say("serve.started", surfaces=surfaces, home=session.home))
                if port:
                    click.echo(words.say("serve.healthz", port=port))

            ours = asyncio.run(serve(served, started))
    except AlreadyServed as error:
        pid, host = error.owner.get("pid", "?"), error.owner.get("host", "?")
        raise door.CommandFailed("serve.already", pid=pid, host=host) from error
    except CannotListen as error:
        raise door.CommandFailed("serve.board", address=error.address, detail=error.detail) from error
    click.echo(words.say("serve.stopped" if ours else "serve.taken_over"))
    return 0 if ours else 1
