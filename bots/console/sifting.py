"""Read the filters and the hours of the command line; say in words what can't be meant."""

from __future__ import annotations

from collections.abc import Sequence

from bots.answering.filtering import NotOne, hour, names_of
from bots.answering.office import Office
from bots.door import CommandFailed
from bots.inbound.moments import Unreadable
from engine.core.incident import Incident
from engine.core.quantities import DAY, MINUTE, Instant
from engine.review.filters import Filter

__all__ = ["hour_typed", "sifted"]


def sifted(
    office: Office,
    incident: Incident,
    *,
    tracks: Sequence[str],
    kinds: Sequence[str],
    people: Sequence[str],
    decisions: bool,
    since: str,
    until: str,
    search: str,
) -> Filter:
    """The filter that these options mean for this incident; CommandFailed for a name or an hour that is none."""
    names = names_of(office, incident)
    try:
        keep = Filter(
            tracks=tuple(map(names.track, tracks)),
            kinds=tuple(map(names.kind, kinds)),
            people=tuple(map(names.person, people)),
            decisions=decisions,
            since=hour_typed(office, incident, since) if since else 0,
            until=_to_its_end(until, hour_typed(office, incident, until)) if until else 0,
            search=search,
        )
    except NotOne as wrong:
        if wrong.what == "person":
            raise CommandFailed(
                "console.error.unknown_person", person=wrong.typed, people=", ".join(wrong.known)
            ) from wrong
        raise CommandFailed(
            f"review.filter.{'several' if wrong.several else 'unknown'}",
            typed=wrong.typed,
            known=", ".join(wrong.known),
            what=office.words.say(f"review.filter.what_{wrong.what}"),
        ) from wrong
    if keep.until and keep.since > keep.until:
        raise CommandFailed("review.filter.backwards", since=since, until=until)
    return keep


def _to_its_end(typed: str, at: Instant) -> Instant:
    """Up to 14:00 holds what happened during that minute, up to a day what happened that day."""
    return at + (DAY if len(typed.strip()) == len("2026-11-24") and typed.count("-") == 2 else MINUTE) - 1


def hour_typed(office: Office, incident: Incident, typed: str) -> Instant:
    """An hour of the incident's last day when no day is written: a month later, "14:00" is not this morning's."""
    last = incident.closed.at if incident.closed else office.now(incident)
    try:
        return hour(typed.strip(), office.home.world.calendar, max(last, incident.now))
    except Unreadable as wrong:
        raise CommandFailed("review.filter.bad_time", typed=typed) from wrong
