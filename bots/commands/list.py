"""`tocsin list`: the procedures of the library and the incidents of the town."""

from json import dumps

import click

from bots import door

__all__ = ["command"]


@door.command("list")
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, json: bool) -> int:
    """Print what may be opened and what was."""
    from bots.console.doorway import open_office
    from engine.visible import harmless

    with open_office(session, reading=True) as office:
        incidents = list(office.home.desk.incidents())
        if json:
            told = {
                "runbooks": [{"runbook": name, "title": title} for name, title in office.runbooks.items()],
                "incidents": [
                    {
                        "incident": one.id,
                        "title": one.title,
                        "severity": one.severity,
                        "status": one.status,
                        "exercise": one.exercise,
                        "entries": one.seq,
                    }
                    for one in incidents
                ],
            }
            click.echo(dumps(told, ensure_ascii=False, indent=2))
            return 0
        speech = office.speech()
        for name, title in office.runbooks.items():
            click.echo(harmless(f"{name:<26} {title}"))
        click.echo("" if incidents else session.words.say("console.list.none"))
        for one in incidents:
            at = one.closed.at if one.closed else one.declared_at
            state = session.words.say(f"console.list.{one.status}", at=speech.at(at))
            click.echo(harmless(f"{one.id:<26} {one.title} · {one.severity or '–'} · {state}"))
        return 0
