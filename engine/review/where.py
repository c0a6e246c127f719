"""Where in the procedures an entry stands: its run, track and step, by id and by title."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.core import events as e
from engine.core.incident import Incident
from engine.core.world import World

__all__ = ["NOWHERE", "Where", "where"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Empty where the entry names none. A procedure that nobody has any more keeps its identifiers as titles."""

    run: int = 0
    runbook: str = ""
    runbook_title: str = ""
    track: str = ""
    track_title: str = ""
    step: str = ""
    step_title: str = ""
    visit: int = 0


NOWHERE: Final = Where()


def where(event: e.Event, incident: Incident, world: World) -> Where:
    """The place that an event names; of a signature, that of the step it was asked for."""
    about: object = incident.approvals.get(getattr(event, "approval", 0)) or event
    track: str = getattr(about, "track", "")
    step: str = getattr(about, "step", "")
    run = incident.runs.get(getattr(about, "run", 0))
    if run is None:
        return NOWHERE
    titles = (run.runbook, track, step)
    try:
        book = world.shelf.definition(run.digest).runbook
        here = book.tracks.get(track)
        titles = (
            book.title,
            here.title if here else track,
            here.steps[step].title if here and step in here.steps else step,
        )
    except KeyError:
        pass  # its identifiers tell
    return Where(
        run=run.id,
        runbook=run.runbook,
        runbook_title=titles[0],
        track=track,
        track_title=titles[1],
        step=step,
        step_title=titles[2],
        visit=getattr(about, "visit", 0),
    )
