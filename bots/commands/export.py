"""`tocsin export`: the timeline of an incident, to read or for a program."""

from pathlib import Path

import click

from bots import door
from engine.review.audiences import AUDIENCES
from engine.review.exports.formats import FORMATS, by_suffix
from engine.visible import harmless

__all__ = ["command"]


@door.command("export")
@door.argument("incident")
@door.option("--format", "format", type=click.Choice(tuple(FORMATS)))
@door.option("--out", type=click.Path(path_type=Path))
@door.option("--for", "audience", type=click.Choice(tuple(AUDIENCES)))
@door.option("--redact", is_flag=True)
@door.option("--track", "tracks", multiple=True)
@door.option("--kind", "kinds", multiple=True)
@door.option("--person", "people", multiple=True)
@door.option("--decisions", is_flag=True)
@door.option("--since", default="")
@door.option("--until", default="")
@door.option("--search", default="")
def command(
    session: door.Session,
    incident: str,
    format: str | None,
    out: Path | None,
    audience: str | None,
    redact: bool,
    tracks: tuple[str, ...],
    kinds: tuple[str, ...],
    people: tuple[str, ...],
    decisions: bool,
    since: str,
    until: str,
    search: str,
) -> int:
    """Write the timeline on standard output, or in a file that its owner alone can read.

    The name of the file tells the format when `--format` doesn't. In a folder, an exercise's file is named as one.
    """
    from bots.console.doorway import incident_named, open_office
    from bots.console.exporting import exported, mark_of, printed, written_to
    from bots.console.sifting import sifted

    name = format or by_suffix(out.name if out else "") or "md"
    if FORMATS[name].binary and out is None:
        raise door.CommandFailed("exports.error.needs_file", format=name, suffix=FORMATS[name].suffix)
    with open_office(session, reading=True) as office:
        found = incident_named(office, incident, book=True)
        keep = sifted(
            office,
            found,
            tracks=tracks,
            kinds=kinds,
            people=people,
            decisions=decisions,
            since=since,
            until=until,
            search=search,
        )
        if out is not None and out.is_dir():
            out /= f"{mark_of(office, found)}{found.id}{FORMATS[name].suffix}"
        file = out.name if out else ""
        content = exported(
            office,
            found,
            name,
            redact=redact,
            keep=keep,
            audience=audience or "",
            file=file,
            tell=lambda note: click.echo(harmless(note), err=True),
        )
        if out is None:
            printed(content)
        else:
            written_to(out, content)
        return 0
