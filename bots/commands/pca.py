"""`tocsin pca`: what the town's continuity plan is, and what it lacks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bots import door

if TYPE_CHECKING:
    from bots.answering.office import Office
    from engine.continuity.town import Town

__all__ = ["command"]

_DASH = Path("-")

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


@door.command("pca_due")
@door.option("--json", is_flag=True, help="shared")
@door.option("--ics", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def due(session: door.Session, json: bool, ics: Path | None) -> int:
    """Print what is due and what is to come, or write it as an agenda; 1 when something is due."""
    from bots.console.called import home_option, program
    from bots.console.due import due_json, due_text, is_due
    from bots.console.exporting import printed, written_to
    from engine.home.duties import duties_of
    from engine.visible import harmless

    words, called = session.words, (program(), home_option(session), session.words)
    if json and ics == _DASH:
        raise door.CommandFailed("due.both")
    with _office(session) as office:
        now = office.clock.now()
        town, duties = duties_of(office.home, now)
    late = sum(is_due(one, town.today) for one in duties)
    if ics is not None:
        from engine.continuity.agenda import agenda

        stamp = datetime.fromtimestamp(now // 1000, UTC)
        content = agenda(
            duties, town=town.name, today=town.today, stamp=stamp, words=words, command=called[0]
        )
        if ics == _DASH:
            printed(content)
            return 1 if late else 0
        written_to(ics, content)
        click.echo(words.say("due.written", path=ics), err=True)
    if json:
        click.echo(dumps(due_json(town, duties, *called), ensure_ascii=False, indent=2))
    else:
        click.echo(harmless(due_text(town, duties, *called)), nl=False)
    if late and not json:
        click.echo(words.say("due.found", count=late), err=True)
    return 1 if late else 0


@door.command("pca_report")
@door.option("--format", type=click.Choice(["md", "docx", "pdf"]))
@door.option("--out", type=click.Path(path_type=Path, dir_okay=False))
def report(session: door.Session, format: str | None, out: Path | None) -> int:
    """Write the document; on standard output when it is text and no file is named."""
    from bots.console.exporting import printed, written_to
    from engine.continuity.report import report_of, written

    kind = format or (out.suffix.lstrip(".").lower() if out else "md")
    if kind not in ("md", "docx", "pdf"):
        raise door.CommandFailed("pca.unknown_format", path=out)
    if out is None and kind != "md":
        raise door.CommandFailed("pca.no_out", format=kind.upper())
    with _town(session) as town:
        content = written(report_of(town, session.words), kind, datetime.now(UTC))
    if out is None:
        printed(content)
    else:
        written_to(out, content)
        click.echo(session.words.say("pca.written", path=out), err=True)
    return 0


@door.command("pca_lessons")
@door.option("--take", metavar="ID")
@door.option("--by", metavar="DAY", default="")
@door.option("--refuse", metavar="ID")
@door.option("--reason", default="")
@door.option("--done", metavar="ID")
@door.option("--as", "as_person", metavar="PERSON", envvar="TOCSIN_AS")
@door.option("--json", is_flag=True, help="shared")
def lessons(
    session: door.Session,
    take: str | None,
    by: str,
    refuse: str | None,
    reason: str,
    done: str | None,
    as_person: str | None,
    json: bool,
) -> int:
    """Print what closed incidents propose, or take, refuse or finish one; 1 when one waits for an answer."""
    from bots.console.doorway import person_named
    from bots.console.learning import judge, listed, text
    from engine.visible import harmless

    said = [(state, name) for state, name in (("taken", take), ("refused", refuse), ("done", done)) if name]
    if len(said) > 1:
        raise door.CommandFailed("lessons.which")
    if take and not by:
        raise door.CommandFailed("lessons.by_day")
    if refuse and not reason.strip():
        raise door.CommandFailed("lessons.because")
    with _office(session, reading=not said) as office:
        if said:
            ((state, name),) = said
            judge(office, person_named(office, as_person or ""), name, state, due=by, reason=reason)
            return 0
        rows = list(listed(office))
        if json:
            click.echo(dumps({"lessons": rows}, ensure_ascii=False, indent=2))
        else:
            click.echo(harmless(text(office, rows)), nl=False)
    return 1 if any(row["state"] == "open" for row in rows) else 0


@contextmanager
def _town(session: door.Session) -> "Iterator[Town]":
    """The town of this invocation."""
    from engine.home.continuity import town_of

    with _office(session) as office:
        yield town_of(office.home, office.clock.now())


@contextmanager
def _office(session: door.Session, *, reading: bool = True) -> "Iterator[Office]":
    """The town's folder. A register with a slip is no answer: what it lacks can't be told."""
    from bots.console.doorway import open_office
    from engine.continuity.register import REGISTER_FILE

    with open_office(session, reading=reading) as office:
        path = office.home.path / REGISTER_FILE
        if path.is_file():
            _ = office.home.library.register
        slips = [one for one in office.home.library.problems if one.path == str(path.resolve())]
        if slips:
            raise door.CommandFailed("pca.unreadable", path=path)  # `open_office` has said why
        yield office


command.add_command(status, "status")
command.add_command(matrix, "matrix")
command.add_command(report, "report")
command.add_command(due, "due")
command.add_command(lessons, "lessons")
