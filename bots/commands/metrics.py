"""`tocsin metrics`: what an incident took, or the trends of all."""

from json import dumps

import click

from bots import door

__all__ = ["command"]


@door.command("metrics")
@door.argument("incident", required=False)
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, incident: str | None, json: bool) -> int:
    """Print the measures of one incident; without one, the trends over all of them."""
    from bots.console.doorway import incident_named, open_office
    from bots.console.measures import measures_text, trends_text
    from bots.console.measures_json import measures_json, trends_json
    from engine.review.metrics import measured, trends
    from engine.visible import harmless

    with open_office(session, reading=True) as office:
        if incident is not None:
            one = incident_named(office, incident)
            found = measured(office.entries(one.id), office.scene(one))
            if json:
                click.echo(dumps(measures_json(found), ensure_ascii=False, indent=2))
            else:
                click.echo(harmless(measures_text(found, office.speech(one))), nl=False)
            return 0
        every = [measured(office.entries(one.id), office.scene(one)) for one in office.home.desk.incidents()]
        told = trends(every)
        if json:
            click.echo(dumps(trends_json(told, every), ensure_ascii=False, indent=2))
        else:
            click.echo(harmless(trends_text(told, office.speech())), nl=False)
        return 0
