"""`tocsin export`: the timeline of an incident, to read or for a program."""

from pathlib import Path

import click

from bots import door
from engine.review.audiences import AUDIENCES

__all__ = ["command"]


@door.command("export")
@door.argument("incident")
@door.option("--format", "format", default="md", show_default=True, type=click.Choice(["md", "jsonl"]))
@door.option("--out", type=click.Path(path_type=Path, dir_okay=False))
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
    format: str,
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
    """Write the timeline on standard output, or in a file that its owner alone can read."""
    from bots.console.doorway import incident_named, open_office
    from bots.console.exporting import exported, printed, written_to
    from bots.console.sifting import sifted

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
        content = exported(office, found, format, redact=redact, keep=keep, audience=audience or "")
        if out is None:
            printed(content)
        else:
            written_to(out, content)
        return 0
