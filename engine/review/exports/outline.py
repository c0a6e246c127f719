"""What every document of an incident says, in its order, as plain text: Markdown, HTML, PDF and DOCX draw the same.

Nothing here is laid out. What people typed is made harmless once, here; each format escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Literal

import msgspec

from engine.core.cards.sections import tasks
from engine.core.house import HOUSE
from engine.core.quantities import Instant
from engine.i18n import calendar_day, clock_time, duration, moment
from engine.review.dossier import Dossier, Interruption, LegalClock, Limit
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["Listing", "Outline", "Table", "Told", "outline", "title_of"]


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, told."""

    number: int
    hour: str
    """Of a listing: the day and the hour; of a day: the hour, and when it was entered if that was later."""
    who: str
    text: str
    mark: Literal["", "loud", "decision"] = ""
    corrected_by: tuple[int, ...] = ()
    corrected: str = ""
    """The same in words; the line is struck."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Entries under a title: those that are told apart, those of a day."""

    title: str
    lines: tuple[Told, ...]
    alarm: bool = False
    """What was done outside the procedure, or out of time."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """What is measured. `alarms`: rows where a delay was not kept."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    alarms: tuple[bool, ...]


class Outline(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document. What is empty isn't drawn."""

    lang: str
    mark: str
    """`[EXERCICE]`, or nothing: on each page, in the title and in the name of the file."""
    title: str
    banner: str
    facts: tuple[str, ...]
    warnings: tuple[str, ...]
    """What this reader doesn't get."""
    legend_title: str
    legend: str
    none: str
    listings: tuple[Listing, ...]
    tables: tuple[Table, ...]
    tasks_title: str
    tasks: tuple[str, ...]
    entries_title: str
    columns: tuple[str, str, str, str]
    days: tuple[Listing, ...]
    proof_title: str
    proof: tuple[str, ...]


def outline(dossier: Dossier) -> Outline:
    """The outline of this dossier, in its reader's language."""
    banner = _say(dossier, "exercise") if dossier.exercise else ""
    return Outline(
        lang=dossier.speech.words.lang,
        mark=dossier.mark,
        title=title_of(dossier),
        banner=banner,
        facts=tuple(map(harmless, _facts(dossier))),
        warnings=dossier.notes,
        legend_title=_say(dossier, "legend_title"),
        legend=f"{_say(dossier, 'legend')} {_say(dossier, 'legend_flags')}",
        none=_say(dossier, "none"),
        listings=tuple(
            one
            for one in (
                _listing(dossier, "decisions", (line for line in dossier.lines if line.decision)),
                _listing(dossier, "deviations", (line for line in dossier.lines if line.loud)),
            )
            if one.lines or not dossier.partial
        ),
        tables=tuple(filter(None, (_activities(dossier), _clocks(dossier)))),
        tasks_title=_say(dossier, "tasks_title"),
        tasks=() if dossier.leaves_out("tasks") else tuple(map(harmless, _tasks(dossier))),
        entries_title=_say(dossier, "entries_title"),
        columns=tuple(_say(dossier, f"columns_{name}") for name in ("number", "hour", "who", "what")),  # type: ignore[arg-type]
        days=_days(dossier),
        proof_title=_say(dossier, "proof_title"),
        proof=(
            _say(dossier, "proof", count=dossier.incident.seq, head=dossier.head),
            _say(dossier, "proof_how", head=dossier.head),
        ),
    )


def title_of(dossier: Dossier) -> str:
    """The title, marked when it is an exercise."""
    if dossier.incident.id == HOUSE:
        return _say(dossier, "house_title")
    title = harmless(dossier.incident.title) or _hidden(dossier)
    return dossier.marked(_say(dossier, "title", title=title))


def _say(dossier: Dossier, key: str, **facts: object) -> str:
    return dossier.speech.say(f"timeline.document.{key}", **facts)


def _hidden(dossier: Dossier) -> str:
    return dossier.speech.say("timeline.line.hidden")


def _long(dossier: Dossier, instant: Instant) -> str:
    zone, lang = dossier.speech.zone, dossier.speech.words.lang
    return f"{calendar_day(instant, zone, lang)}, {clock_time(instant, zone, lang)}"


# Its head


def _facts(dossier: Dossier) -> list[str]:
    incident, speech = dossier.incident, dossier.speech
    organisation = speech.organisation or "–"
    written = _written(dossier)
    if incident.id == HOUSE:
        return [_say(dossier, "house_subtitle", book=HOUSE, organisation=organisation), written]
    person = speech.person(incident.declared_by) or _hidden(dossier)
    declared = {"at": _long(dossier, incident.declared_at), "person": person}
    if _is_review(dossier):
        head = [" · ".join((incident.id, organisation)), _say(dossier, "opened", **declared)]
    else:
        names = {"incident": incident.id, "organisation": organisation, "severity": incident.severity}
        head = [_say(dossier, "subtitle", **names), _known(dossier), _say(dossier, "declared", **declared)]
    return [*head, _closed(dossier), written]


def _written(dossier: Dossier) -> str:
    """When; once it is closed, from which entries: written again, it is the same document."""
    incident = dossier.incident
    if incident.closed is None:
        return _say(dossier, "written", at=_long(dossier, dossier.scene.now))
    at = _long(dossier, incident.now)
    return dossier.speech.say("exports.page.as_of", count=incident.seq, at=at)


def _is_review(dossier: Dossier) -> bool:
    return dossier.incident.readiness and not dossier.exercise


def _known(dossier: Dossier) -> str:
    incident = dossier.incident
    at = _long(dossier, incident.known_at or incident.declared_at)
    if not incident.known_by:
        return _say(dossier, "known", at=at)
    return _say(dossier, "known_by", at=at, person=dossier.speech.person(incident.known_by))


def _closed(dossier: Dossier) -> str:
    closed = dossier.incident.closed
    if closed is None:
        return _say(dossier, "going_on" if _is_review(dossier) else "open")
    person = dossier.speech.person(closed.by) or _hidden(dossier)
    return _say(dossier, "closed", at=_long(dossier, closed.at), person=person)


# What is measured, what remains


def _activities(dossier: Dossier) -> Table | None:
    touched = dossier.activities
    rows = [_activity(dossier, one) for one in touched]
    late = [any(limit and limit.state == "missed" for limit in (one.rto, one.dmia)) for one in touched]
    return _table(dossier, "activities", ("activity", "from", "to", "down", "rto", "dmia"), rows, late)


def _activity(dossier: Dossier, one: Interruption) -> tuple[str, ...]:
    if not one.begun:
        return (one.title, "–", "–", "–", "–", "–")
    return (
        one.title,
        dossier.speech.dated(one.begun),
        dossier.speech.dated(one.ended) if one.ended else _say(dossier, "still_down"),
        duration(one.lasted, dossier.speech.words.lang),
        _limit(dossier, one.rto),
        _limit(dossier, one.dmia),
    )


def _limit(dossier: Dossier, limit: Limit | None) -> str:
    """When the limit was, and whether it was kept."""
    return _say(dossier, limit.state, at=dossier.speech.dated(limit.at)) if limit else "–"


def _clocks(dossier: Dossier) -> Table | None:
    clocks = dossier.clocks
    rows = [_clock(dossier, one) for one in clocks]
    return _table(
        dossier, "clocks", ("clock", "start", "due", "state"), rows, [one.breached for one in clocks]
    )


def _clock(dossier: Dossier, clock: LegalClock) -> tuple[str, ...]:
    match clock.status:
        case "stopped":
            state = dossier.speech.say("cards.clock.stopped", at=dossier.speech.dated(clock.stopped))
        case "suspended":
            state = dossier.speech.say("cards.clock.suspended")
        case _:
            state = _say(dossier, "breached" if clock.breached else "running")
    due = dossier.speech.dated(clock.due) if clock.due else _say(dossier, "no_due")
    return clock.title, dossier.speech.dated(clock.start), due, state


def _table(
    dossier: Dossier, name: str, columns: tuple[str, ...], rows: list[tuple[str, ...]], alarms: list[bool]
) -> Table | None:
    if not rows:
        return None
    return Table(
        title=_say(dossier, f"{name}_title"),
        columns=tuple(_say(dossier, f"columns_{column}") for column in columns),
        rows=tuple(tuple(map(harmless, row)) for row in rows),
        alarms=tuple(alarms),
    )


def _tasks(dossier: Dossier) -> list[str]:
    section, speech = tasks(dossier.scene), dossier.speech
    return [
        " · ".join(
            (speech.phrase(row.label) or _hidden(dossier), *(speech.phrase(told) for told in row.told))
        )
        for row in (section.rows if section else ())
    ]


# The entries


def _listing(dossier: Dossier, name: str, lines: Iterable[Line]) -> Listing:
    told = tuple(_told(dossier, line, dossier.speech.dated(line.happened)) for line in lines)
    return Listing(title=_say(dossier, f"{name}_title"), lines=told, alarm=name == "deviations")


def _days(dossier: Dossier) -> tuple[Listing, ...]:
    lang, zone = dossier.speech.words.lang, dossier.speech.zone
    # The day in words is slow to write: once a day is enough, not once a line.
    days = groupby(dossier.lines, key=lambda line: dossier.scene.world.calendar.local(line.happened).date())
    return tuple(
        Listing(
            title=calendar_day(found[0].happened, zone, lang),
            lines=tuple(_told(dossier, line, _hour(dossier, line)) for line in found),
        )
        for found in (tuple(lines) for _, lines in days)
    )


def _hour(dossier: Dossier, line: Line) -> str:
    speech = dossier.speech
    hour = clock_time(line.happened, speech.zone, speech.words.lang)
    if not line.late_entry:
        return hour
    at = moment(line.recorded, line.happened, speech.zone, speech.words.lang)
    return f"{hour} ({speech.say('timeline.line.recorded', at=at)})"


def _told(dossier: Dossier, line: Line, hour: str) -> Told:
    entries = ", ".join(map(str, line.corrected_by))
    return Told(
        number=line.number,
        hour=hour,
        who=harmless(line.who),
        text=harmless(line.text),
        mark="loud" if line.loud else "decision" if line.decision else "",
        corrected_by=line.corrected_by,
        corrected=dossier.speech.say("timeline.line.corrected", entry=entries) if entries else "",
    )
