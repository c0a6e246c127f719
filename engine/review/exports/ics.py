"""`timeline.ics` (RFC 5545): what is still due of an incident, in anybody's agenda; and the incident itself.

A calendar that reads the file again moves what moved and doubles nothing: identities come from names. What is settled
is cancelled there rather than left out, else it would stay in the agendas that had read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from engine.core.cards.sections import tasks
from engine.core.quantities import Instant
from engine.review.dossier import Dossier
from engine.review.exports.outline import title_of
from engine.visible import harmless

__all__ = ["ics"]

_BEFORE: Final = timedelta(hours=1)
"""How long before its hour a duty rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Duty:
    name: str
    title: str
    due: Instant
    about: str = ""
    settled: bool = False


def ics(dossier: Dossier) -> bytes:
    """The file, dated of the dossier."""
    calendar = Calendar()
    calendar.add("prodid", "-//tocsin//incident//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", title_of(dossier))
    calendar.add_component(_itself(dossier))
    over = dossier.incident.played_out  # a closed exercise owes nothing
    for family, duties in (("clocks", _clocks), ("tasks", _tasks), ("activities", _limits)):
        if not dossier.leaves_out(family):
            for duty in duties(dossier):
                calendar.add_component(_event(dossier, replace(duty, settled=duty.settled or over)))
    return bytes(calendar.to_ical())


def _clocks(dossier: Dossier) -> Iterator[_Duty]:
    for clock in dossier.clocks:
        if clock.due:
            yield _Duty(
                name=f"clock:{clock.id}",
                title=clock.title,
                due=clock.due,
                about=clock.source,
                settled=clock.status != "running",
            )


def _tasks(dossier: Dossier) -> Iterator[_Duty]:
    section, speech = tasks(dossier.scene), dossier.speech
    owed = {int(row.id): row for row in (section.rows if section else ())}
    for number, task in dossier.incident.tasks.items():
        if task.due and number in owed:
            row = owed[number]
            told = " · ".join(speech.phrase(one) for one in row.told)
            yield _Duty(name=f"task:{number}", title=speech.phrase(row.label), due=task.due, about=told)
        elif task.due:
            yield _Duty(name=f"task:{number}", title=task.text or task.duty, due=task.due, settled=True)


def _limits(dossier: Dossier) -> Iterator[_Duty]:
    say = dossier.speech.say
    for one in dossier.activities:
        for name, limit in (("RTO", one.rto), ("DMIA", one.dmia)):
            if limit is not None:
                title = say("exports.agenda.limit", limit=name, activity=one.title)
                yield _Duty(
                    name=f"{name}:{one.id}", title=title, due=limit.at, settled=limit.state != "coming"
                )


def _itself(dossier: Dossier) -> Event:
    """From when it was declared until it was closed; nobody is busy all that time for it."""
    incident = dossier.incident
    event = _named(dossier, "incident", title_of(dossier))
    event.add("dtstart", _moment(incident.declared_at))
    ended = incident.closed.at if incident.closed else dossier.scene.now
    if ended // 1000 > incident.declared_at // 1000:
        event.add("dtend", _moment(ended))
    event.add("transp", "TRANSPARENT")
    return event


def _event(dossier: Dossier, duty: _Duty) -> Event:
    title = dossier.marked(harmless(duty.title) or "–")
    event = _named(dossier, duty.name, title)
    event.add("dtstart", _moment(duty.due))
    event.add("status", "CANCELLED" if duty.settled else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    if duty.about:
        event.add("description", harmless(duty.about))
    if not duty.settled and not dossier.exercise:  # an exercise rings nobody
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", -_BEFORE)
        event.add_component(alarm)
    return event


def _named(dossier: Dossier, name: str, title: str) -> Event:
    event = Event()
    key = f"tocsin:{dossier.speech.organisation}:{dossier.incident.id}:{name}"
    event.add("uid", f"{uuid5(NAMESPACE_URL, key)}@tocsin")
    event.add("dtstamp", _moment(dossier.scene.now))
    event.add("sequence", dossier.incident.seq)
    event.add("summary", title.replace("\n", " "))
    event.add("categories", [dossier.incident.id])
    return event


def _moment(instant: Instant) -> datetime:
    return datetime.fromtimestamp(instant // 1000, UTC)
