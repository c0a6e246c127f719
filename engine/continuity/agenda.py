"""The calendar as an iCalendar file (RFC 5545): the town's own agenda, in any program, shows what is due.

A duty keeps its identity from one file to the next, so that a calendar which reads the file again moves it and doubles
nothing. What is late stands today, since nobody looks back. Roles only: no name of a person leaves the town.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from icalendar import Alarm, Calendar, Event

from engine.continuity.calendar import Due
from engine.i18n import Words, written_day

__all__ = ["agenda"]

_AT_NINE: Final = timedelta(hours=9)
"""From the midnight that the day begins with."""
_A_WEEK: Final = timedelta(days=7)


def agenda(
    duties: Iterable[Due], *, town: str, today: date, stamp: datetime, words: Words, command: str
) -> bytes:
    """One event of a whole day for each. `stamp`: when it was written; `command`: how tocsin is called here."""
    calendar = Calendar()
    calendar.add("prodid", "-//tocsin//PCA//FR")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", words.say("due.agenda.name", town=town))
    for one in duties:
        calendar.add_component(_event(one, town, today, stamp, words, command))
    return bytes(calendar.to_ical())


def _event(one: Due, town: str, today: date, stamp: datetime, words: Words, command: str) -> Event:
    day = max(one.on, today)
    title = words.say(f"due.title.{one.kind}", title=one.title)
    late = one.late_days(today) > 0
    event = Event()
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'tocsin:{town}:{one.name}')}@tocsin")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", words.say("due.agenda.late", title=title) if late else title)
    event.add("description", _description(one, words, command, late=late))
    event.add("categories", [words.say(f"due.category.{one.kind}")])
    event.add("transp", "TRANSPARENT")  # nobody is busy all day for it
    for before in (timedelta(), *([_A_WEEK] if day - today >= _A_WEEK and not one.brief else [])):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", _AT_NINE - before)
        event.add_component(alarm)
    return event


def _description(one: Due, words: Words, command: str, *, late: bool) -> str:
    role = f"cards.role_name.{one.owner}"
    owner = words.say(role) if words.has(role) else one.owner.replace("_", " ")
    lines = [words.say("due.agenda.owner", owner=owner or words.say("due.nobody"))]
    if late:
        lines.append(words.say("due.agenda.since", day=written_day(one.on, words.lang)))
    lines.append(words.say(f"due.agenda.how_{one.kind}", id=one.id, tocsin=command))
    return "\n".join(lines)
