"""Tell what an incident took, at the terminal: each measure in a sentence, or why it can't be measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bots.console.continuity import wrapped
from engine.core.quantities import MINUTE, Instant
from engine.i18n import duration
from engine.review.limits import LegalClock, Limit
from engine.review.metrics import Metrics, Outage, Span, StepTime, Trend
from engine.speech import Speech

__all__ = ["measures_text", "trends_text"]


def measures_text(found: Metrics, speech: Speech) -> str:
    """All the measures of one incident."""
    incident = found.incident
    lines = [speech.say("metrics.title", incident=incident.id, title=incident.title)]
    if incident.exercise:
        lines.append(speech.say("metrics.exercise"))
    if not incident.closed:
        lines.append(speech.say("metrics.until", at=speech.dated(found.until)))
    lines.append("")
    lines += [line for name, span in found.spans.items() for line in wrapped(_span(name, span, speech))]
    lines += _titled("steps", [_step(one, speech) for one in found.steps], speech)
    activities = [_outage(one, found, speech) for one in found.outages]
    lines += _titled("outages", activities, speech)
    if activities:
        lines += wrapped(_degraded(found, speech))
    lines += _titled("clocks", [_clock(one, found.until, speech) for one in found.clocks], speech)
    lines += _titled("cell", list(_conduct(found, speech)), speech)
    return "\n".join(lines) + "\n"


def trends_text(found: Sequence[Trend], speech: Speech) -> str:
    """The trends: real incidents, then exercises, never one with the other."""
    if not found:
        return f"{speech.say('metrics.none_yet')}\n"
    lines = [speech.say("metrics.trends.title", town=speech.organisation)]
    for exercise, key in ((False, "real"), (True, "exercises")):
        told = [one for one in found if one.exercise is exercise]
        count = told[0].incidents if told else 0
        lines += ["", speech.say(f"metrics.trends.{key}", count=count)]
        lines += [line for one in told for line in wrapped(_trend(one, speech))]
    return "\n".join(lines) + "\n"


def _trend(one: Trend, speech: Speech) -> str:
    name = speech.say(f"metrics.span.{one.name}")
    if one.median_ms is None:
        return speech.say("metrics.trends.unmeasured", name=name, incidents=one.incidents)
    return speech.say(
        "metrics.trends.row",
        name=name,
        median=_length(one.median_ms, speech),
        count=one.measured,
        incidents=one.incidents,
    )


def _titled(name: str, rows: list[str], speech: Speech) -> list[str]:
    rows = rows or [speech.say(f"metrics.{name}.none")]
    return ["", speech.say(f"metrics.{name}.title"), *(line for row in rows for line in wrapped(row))]


def _span(name: str, span: Span, speech: Speech) -> str:
    title = speech.say(f"metrics.span.{name}")
    if span.ms is not None:
        return speech.say("metrics.measured", name=title, length=_length(span.ms, speech))
    if span.start is None or span.end is None:
        why = speech.say(f"metrics.why.{name}_{span.state}")
        return speech.say("metrics.missing", name=title, why=why)
    return speech.say(
        "metrics.impossible",
        name=title,
        start=span.start.entry,
        start_at=speech.dated(span.start.at),
        end=span.end.entry,
        end_at=speech.dated(span.end.at),
    )


def _step(one: StepTime, speech: Speech) -> str:
    start, end = one.span.start, one.span.end
    if one.span.state == "impossible" and start and end:
        key = "impossible"
    else:
        timed = "untimed" if one.late_ms is None else "late" if one.late_ms >= MINUTE else "in_time"
        key = timed if end else f"open_{timed}"
    return speech.say(
        f"metrics.steps.{key}",
        step=one.where.step_title,
        track=one.where.track_title,
        length=_length(one.span.ms or 0, speech),
        target=speech.dated(one.target),
        late=_length(one.late_ms or 0, speech),
        start_at=speech.dated(start.at if start else 0),
        end_at=speech.dated(end.at if end else 0),
        end=end.entry if end else 0,
    )


def _outage(one: Outage, found: Metrics, speech: Speech) -> str:
    title, start, end = speech.titles.get(one.activity, one.activity), one.span.start, one.span.end
    if start is None:
        why = speech.say("metrics.why.outage_no_start")
        return speech.say("metrics.missing", name=title, why=why)
    if end is not None and one.span.ms is None:
        return speech.say(
            "metrics.impossible",
            name=title,
            start=start.entry,
            start_at=speech.dated(start.at),
            end=end.entry,
            end_at=speech.dated(end.at),
        )
    until = end.at if end else max(found.until, start.at)
    told = speech.say(
        "metrics.outages.ended" if end else "metrics.outages.going_on",
        activity=title,
        begun=speech.dated(start.at),
        ended=speech.dated(until),
        length=_length(until - start.at, speech),
    )
    return " · ".join((told, _limit("rto", one.rto, speech), _limit("dmia", one.dmia, speech)))


def _limit(name: str, limit: Limit | None, speech: Speech) -> str:
    if limit is None:
        return speech.say(f"metrics.outages.{name}_none")
    return speech.say(f"metrics.outages.{name}_{limit.state}", at=speech.dated(limit.at))


def _degraded(found: Metrics, speech: Speech) -> str:
    if found.degraded_ms is None:
        return speech.say("metrics.outages.not_degraded")
    return speech.say("metrics.outages.degraded", length=_length(found.degraded_ms, speech))


def _clock(one: LegalClock, until: Instant, speech: Speech) -> str:
    ended = one.stopped if one.status == "stopped" else until
    late = ended - one.due if one.due else 0
    match one.status:
        case "suspended":
            key = "suspended"
        case "stopped" if one.stopped < one.start:
            key = "impossible"
        case "stopped":
            key = "missed" if late > 0 else "kept" if one.due else "at_once"
        case _:
            key = "running_late" if late > 0 else "running" if one.due else "running_at_once"
    return speech.say(
        f"metrics.clocks.{key}",
        clock=one.title,
        at=speech.dated(ended),
        start=speech.dated(one.start),
        due=speech.dated(one.due),
        length=_length(max(ended - one.start, 0), speech),
        late=_length(max(late, 0), speech),
    )


def _conduct(found: Metrics, speech: Speech) -> Iterator[str]:
    yield _counted("handovers", found.handovers, speech)
    yield _counted("decisions", found.decisions, speech)
    if not found.decisions:
        yield speech.say("metrics.cell.no_decision")
    elif found.unowned is None:
        yield speech.say("metrics.cell.unowned_erased")
    else:
        yield _counted("unowned", found.unowned, speech)


def _counted(name: str, entries: tuple[int, ...], speech: Speech) -> str:
    listed = ", ".join(map(str, entries))
    told = speech.say("metrics.cell.entries", entries=listed) if entries else ""
    return speech.say(f"metrics.cell.{name}", count=len(entries), entries=told)


def _length(ms: int, speech: Speech) -> str:
    return duration(ms, speech.words.lang)
