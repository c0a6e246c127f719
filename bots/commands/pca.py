"""`tocsin pca`: what the town's continuity plan is, and what it lacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import dumps
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from engine.continuity.town import Town

__all__ = ["command"]

command = door.group("pca")


@door.command("pca_status")
@door.option("--json", is_flag=True, help="shared")
def status(session: door.Session, json: bool) -> int:
    """Print what the plan lacks; 0 when it lacks nothing, 1 when it lacks something."""
    from bots.console.continuity import status_json, status_text
    from engine.continuity.status import status_of
    from engine.visible import harmless

    with _town(session) as town:
        found = status_of(town)
    lacking = sum(count > 0 for count in found.holes.values())
    if json:
        click.echo(dumps(status_json(town, found), ensure_ascii=False, indent=2))
    else:
        click.echo(harmless(status_text(town, found, session.words)), nl=False)
        if lacking:
            click.echo(session.words.say("pca.status.found", count=lacking), err=True)
    return 1 if lacking else 0


@door.command("pca_matrix")
@door.option("--json", is_flag=True, help="shared")
def matrix(session: door.Session, json: bool) -> int:
    """Print activities, risks, procedures and their last use; 1 when a threat has no procedure."""
    from bots.console.matrix import matrix_json, matrix_text
    from engine.continuity.coverage import Coverage
    from engine.visible import harmless

    with _town(session) as town:
        coverage = Coverage(town)
        open_ = sum(cell.state == "open" for cell in coverage.cells())
    if json:
        click.echo(dumps(matrix_json(coverage), ensure_ascii=False, indent=2))
    else:
        click.echo(harmless(matrix_text(coverage, session.words)), nl=False)
        if open_:
            click.echo(session.words.say("pca.matrix.open", count=open_), err=True)
    return 1 if open_ else 0


@contextmanager
def _town(session: door.Session) -> "Iterator[Town]":
    """The town of this invocation. A register with a slip is no answer: what it lacks can't be told."""
    from bots.console.doorway import open_office
    from engine.continuity.register import REGISTER_FILE
    from engine.home.continuity import town_of
    from engine.library.setaside import told

    with open_office(session, reading=True) as office:
        town = town_of(office.home, office.clock.now())
        path = office.home.path / REGISTER_FILE
        slips = [one for one in office.home.library.problems if one.path == str(path.resolve())]
        if slips:
            detail = next(told(slips[:1], session.words))
            raise door.CommandFailed("pca.unreadable", path=path, detail=detail)
        yield town


command.add_command(status, "status")
command.add_command(matrix, "matrix")
