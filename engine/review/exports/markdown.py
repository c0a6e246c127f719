"""`timeline.md`: the main courante that a mayor reads, prints and signs.

Days are headings, a day is a table; both times are there, corrections are struck and linked, what was done outside the
procedure leaps to the eye. Then what is measured (activities, legal clocks), what remains, and how to verify.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from engine.core.cards.sections import clock_title, tasks
from engine.core.house import HOUSE
from engine.core.incident import Activity, Clock
from engine.core.quantities import DAY, Duration, Instant
from engine.i18n import calendar_day, clock_time, duration, moment
from engine.review.dossier import Dossier
from engine.review.timeline import Line
from engine.visible import harmless

__all__ = ["markdown"]


def markdown(dossier: Dossier) -> str:
    """The whole document, ending with a line break."""
    parts = (
        _header(dossier),
        _legend(dossier),
        _listed(dossier, "decisions", [line for line in dossier.lines if line.decision]),
        _listed(dossier, "deviations", [line for line in dossier.lines if line.loud]),
        _activities(dossier),
        _clocks(dossier),
        _tasks(dossier),
        _entries(dossier),
        _proof(dossier),
    )
    return harmless("\n\n".join("\n".join(part) for part in parts if part)) + "\n"


def _say(dossier: Dossier, key: str, **facts: object) -> str:
    return dossier.speech.say(f"timeline.document.{key}", **facts)


def _long(dossier: Dossier, instant: Instant) -> str:
    speech = dossier.speech
    day = calendar_day(instant, speech.zone, speech.words.lang)
    return f"{day}, {clock_time(instant, speech.zone, speech.words.lang)}"


def _dated(dossier: Dossier, instant: Instant) -> str:
    """Day, month and hour: a document is read long afterwards."""
    speech = dossier.speech
    return moment(instant, instant + 10 * DAY, speech.zone, speech.words.lang)


def _header(dossier: Dossier) -> list[str]:
    incident, speech = dossier.scene.incident, dossier.speech
    if incident.id == HOUSE:
        told = [
            _say(dossier, "house_subtitle", book=HOUSE, organisation=speech.organisation or "–"),
            _say(dossier, "written", at=_long(dossier, dossier.scene.now)),
        ]
        return [f"# {_say(dossier, 'house_title')}", "", *(f"- {_cell(one)}" for one in told)]
    lines = [f"# {_say(dossier, 'title', title=_cell(incident.title) or _hidden(dossier))}", ""]
    if incident.exercise:
        lines += [f"> **{_say(dossier, 'exercise')}**", ""]
    organisation = speech.organisation or "–"
    review = incident.readiness and not incident.exercise
    told = [
        " · ".join((incident.id, organisation))
        if review
        else _say(
            dossier, "subtitle", incident=incident.id, organisation=organisation, severity=incident.severity
        ),
        *([] if review else [_known(dossier)]),
        _say(
            dossier,
            "opened" if review else "declared",
            at=_long(dossier, incident.declared_at),
            person=speech.person(incident.declared_by) or _hidden(dossier),
        ),
        _closed(dossier),
        _say(dossier, "written", at=_long(dossier, dossier.scene.now)),
    ]
    return lines + [f"- {_cell(one)}" for one in told]


def _hidden(dossier: Dossier) -> str:
    return dossier.speech.say("timeline.line.hidden")


def _known(dossier: Dossier) -> str:
    incident = dossier.scene.incident
    at = _long(dossier, incident.known_at or incident.declared_at)
    if not incident.known_by:
        return _say(dossier, "known", at=at)
    return _say(dossier, "known_by", at=at, person=dossier.speech.person(incident.known_by))


def _closed(dossier: Dossier) -> str:
    closed = dossier.scene.incident.closed
    if closed is None:
        review = dossier.scene.incident.readiness and not dossier.scene.incident.exercise
        return _say(dossier, "going_on" if review else "open")
    person = dossier.speech.person(closed.by) or _hidden(dossier)
    return _say(dossier, "closed", at=_long(dossier, closed.at), person=person)


def _legend(dossier: Dossier) -> list[str]:
    title = _say(dossier, "legend_title")
    return [f"**{title}.** {_say(dossier, 'legend')} {_say(dossier, 'legend_flags')}"]


def _listed(dossier: Dossier, name: str, lines: list[Line]) -> list[str]:
    title = [f"## {_say(dossier, f'{name}_title')}", ""]
    if not lines:
        return [*title, _say(dossier, "none")]
    return title + [
        f"- {_dated(dossier, line.happened)} · {_cell(line.who)} · {_what(dossier, line)}" for line in lines
    ]


# Measures


def _activities(dossier: Dossier) -> list[str]:
    touched = dossier.scene.incident.activities
    if not touched:
        return []
    columns = ("activity", "from", "to", "down", "rto", "dmia")
    rows = [_activity(dossier, name, one) for name, one in touched.items()]
    return [f"## {_say(dossier, 'activities_title')}", "", *_table(dossier, columns, rows)]


def _activity(dossier: Dossier, name: str, activity: Activity) -> list[str]:
    scene, speech = dossier.scene, dossier.speech
    begun, ended = activity.interrupted_at, activity.restored_at
    limits = scene.register.get(name)
    return [
        speech.named(scene.activity(name)),
        _dated(dossier, begun),
        _dated(dossier, ended) if ended else _say(dossier, "still_down"),
        duration((ended or scene.now) - begun, speech.words.lang),
        _limit(dossier, begun, ended, limits.rto if limits else None),
        _limit(dossier, begun, ended, limits.dmia if limits else None),
    ]


def _limit(dossier: Dossier, begun: Instant, ended: Instant, delay: Duration | None) -> str:
    """When the limit was, and whether it was kept."""
    if delay is None:
        return "–"
    at = dossier.scene.world.calendar.add(begun, delay)
    reached = ended or dossier.scene.now
    key = "missed" if reached > at else "kept" if ended else "coming"
    return _say(dossier, key, at=_dated(dossier, at))


def _clocks(dossier: Dossier) -> list[str]:
    clocks = dossier.scene.incident.clocks.values()
    if not clocks:
        return []
    rows = [_clock(dossier, clock) for clock in clocks]
    return [
        f"## {_say(dossier, 'clocks_title')}",
        "",
        *_table(dossier, ("clock", "start", "due", "state"), rows),
    ]


def _clock(dossier: Dossier, clock: Clock) -> list[str]:
    speech = dossier.speech
    match clock.status:
        case "stopped":
            state = speech.say("cards.clock.stopped", at=_dated(dossier, clock.stopped_at))
        case "suspended":
            state = speech.say("cards.clock.suspended")
        case _:
            state = _say(dossier, "breached" if clock.breached else "running")
    due = _dated(dossier, clock.due) if clock.due else _say(dossier, "no_due")
    return [clock_title(dossier.scene, clock), _dated(dossier, clock.start), due, state]


def _tasks(dossier: Dossier) -> list[str]:
    section = tasks(dossier.scene)
    if section is None:
        return []
    speech = dossier.speech
    rows = [
        " · ".join(
            (speech.phrase(row.label) or _hidden(dossier), *(speech.phrase(told) for told in row.told))
        )
        for row in section.rows
    ]
    return [f"## {_say(dossier, 'tasks_title')}", "", *(f"- [ ] {_cell(row)}" for row in rows)]


# The entries


def _entries(dossier: Dossier) -> list[str]:
    lines = [f"## {_say(dossier, 'entries_title')}"]
    lang, zone = dossier.speech.words.lang, dossier.speech.zone
    for day, entries in groupby(dossier.lines, key=lambda line: calendar_day(line.happened, zone, lang)):
        rows = [_entry(dossier, line) for line in entries]
        lines += ["", f"### {day}", "", *_table(dossier, ("number", "hour", "who", "what"), rows)]
    return lines


def _entry(dossier: Dossier, line: Line) -> list[str]:
    speech = dossier.speech
    hour = clock_time(line.happened, speech.zone, speech.words.lang)
    if line.late_entry:
        at = moment(line.recorded, line.happened, speech.zone, speech.words.lang)
        hour = f"{hour} ({speech.say('timeline.line.recorded', at=at)})"
    return [f'<a id="n{line.number}"></a>{line.number}', hour, line.who, _what(dossier, line)]


def _what(dossier: Dossier, line: Line) -> str:
    text = _cell(line.text)
    if line.corrected_by:
        links = ", ".join(f"[{n}](#n{n})" for n in line.corrected_by)
        return f"~~{text}~~ ({dossier.speech.say('timeline.line.corrected', entry=links)})"
    return f"⚠ **{text}**" if line.loud else f"**{text}**" if line.decision else text


def _proof(dossier: Dossier) -> list[str]:
    count = dossier.scene.incident.seq
    return [
        f"## {_say(dossier, 'proof_title')}",
        "",
        _say(dossier, "proof", count=count, head=dossier.head),
        "",
        _say(dossier, "proof_how", head=dossier.head),
    ]


def _table(dossier: Dossier, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    titles = [_say(dossier, f"columns_{column}") for column in columns]
    yield f"| {' | '.join(titles)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        anchored = row[0].startswith("<a id")
        yield f"| {' | '.join(one if anchored and n in (0, 3) else _cell(one) for n, one in enumerate(row))} |"


def _cell(text: str) -> str:
    """Text that stays text in a table of Markdown: nothing that a person typed draws a link, a column or a tag."""
    for sign in "\\`*_[]<>|~#":
        text = text.replace(sign, f"\\{sign}")
    return "<br>".join(text.splitlines())
