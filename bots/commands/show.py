"""`tocsin show`: where an incident stands, now or at any instant."""

import sys
from json import dumps
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from engine.review.asof import View

__all__ = ["command"]


@door.command("show")
@door.argument("incident")
@door.option("--json", is_flag=True, help="shared")
@door.option("--at", default="")
@door.option("--view", type=click.Choice(["known", "true"]), default="known", show_default=True)
def command(session: door.Session, incident: str, json: bool, at: str, view: "View") -> int:
    """Print the overview and every open step; with `--json`, the state itself."""
    import msgspec

    from bots.console.board import draw_overview
    from bots.console.doorway import incident_named, open_office
    from bots.console.looking_back import looked_back, told_as_json
    from bots.console.paint import console, draw_lines
    from bots.console.screen import Part
    from bots.lines import lines
    from engine.core.cards import overview, step_card

    with open_office(session, reading=True) as office:
        found = incident_named(office, incident)
        screen = console(sys.stdout)
        scene, speech = office.scene(found), office.speech(found)
        if at:
            then = looked_back(office, found, at, view)
            if json:
                click.echo(told_as_json(then.state))
                return 0
            screen.print(draw_lines(then.lines))
            if then.scene is None:
                return 0
            screen.print("")
            scene, speech = then.scene, then.speech
        elif json:
            click.echo(dumps(msgspec.to_builtins(found, str_keys=True), ensure_ascii=False, indent=2))
            return 0
        screen.print(draw_overview(Part(card=overview(scene)), speech))
        for place in scene.places():
            screen.print("")
            screen.print(draw_lines(lines(step_card(scene, place), speech)))
        return 0
