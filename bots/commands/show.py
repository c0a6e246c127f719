"""`tocsin show`: where an incident stands."""

import sys
from json import dumps

import click

from bots import door

__all__ = ["command"]


@door.command("show")
@door.argument("incident")
@door.option("--json", is_flag=True, help="shared")
def command(session: door.Session, incident: str, json: bool) -> int:
    """Print the overview and every open step; with `--json`, the state itself."""
    import msgspec

    from bots.console.board import draw_overview
    from bots.console.doorway import incident_named, open_office
    from bots.console.paint import console, draw_lines
    from bots.console.screen import Part
    from bots.lines import lines
    from engine.core.cards import overview, step_card

    with open_office(session, reading=True) as office:
        found = incident_named(office, incident)
        if json:
            click.echo(dumps(msgspec.to_builtins(found, str_keys=True), ensure_ascii=False, indent=2))
            return 0
        scene, speech = office.scene(found), office.speech(found)
        screen = console(sys.stdout)
        screen.print(draw_overview(Part(card=overview(scene)), speech))
        for place in scene.places():
            screen.print("")
            screen.print(draw_lines(lines(step_card(scene, place), speech)))
        return 0
