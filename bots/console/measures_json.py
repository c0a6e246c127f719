"""The measures for a program: the contract of `tocsin metrics --json` (docs/metrics.md)."""

from __future__ import annotations

from typing import Any

from engine.journal.chain import iso
from engine.review.limits import Limit
from engine.review.metrics import Metrics, Moment, Outage, Span, StepTime, Trend

__all__ = ["measures_json", "trends_json"]


def measures_json(found: Metrics) -> dict[str, Any]:
    """One incident. A length is in milliseconds, or null with the `state` that says why."""
    incident = found.incident
    return {
        "incident": incident.id,
        "exercise": incident.exercise,
        "closed": incident.closed is not None,
        "until": iso(found.until),
        "spans": {name: _span(span) for name, span in found.spans.items()},
        "steps": [_step(one) for one in found.steps],
        "late_steps": len(found.late_steps),
        "activities": [_outage(one) for one in found.outages],
        "degraded_ms": found.degraded_ms,
        "clocks": [
            {
                "clock": one.id,
                "title": one.title,
                "status": one.status,
                "start": iso(one.start),
                "due": _iso(one.due),
                "stopped": _iso(one.stopped),
                "source": one.source,
            }
            for one in found.clocks
        ],
        "handovers": list(found.handovers),
        "decisions": list(found.decisions),
        "decisions_without_owner": None if found.unowned is None else list(found.unowned),
    }


def trends_json(trends: tuple[Trend, ...], incidents: list[Metrics]) -> dict[str, Any]:
    """Every incident, and the trends of each sort."""
    return {
        "trends": [
            {
                "exercise": one.exercise,
                "measure": one.name,
                "incidents": one.incidents,
                "measured": one.measured,
                "median_ms": one.median_ms,
            }
            for one in trends
        ],
        "incidents": [measures_json(one) for one in incidents],
    }


def _span(span: Span) -> dict[str, Any]:
    return {"state": span.state, "ms": span.ms, "start": _moment(span.start), "end": _moment(span.end)}


def _moment(told: Moment | None) -> dict[str, Any] | None:
    return None if told is None else {"at": iso(told.at), "entry": told.entry or None}


def _step(one: StepTime) -> dict[str, Any]:
    place = one.where
    return {
        "run": place.run,
        "track": place.track,
        "step": place.step,
        "visit": place.visit,
        "title": place.step_title,
        **_span(one.span),
        "target": _iso(one.target),
        "late_ms": one.late_ms,
    }


def _outage(one: Outage) -> dict[str, Any]:
    degraded = [[iso(begun), _iso(ended)] for begun, ended in one.degraded]
    return {
        "activity": one.activity,
        **_span(one.span),
        "degraded": degraded,
        "rto": _limit(one.rto),
        "dmia": _limit(one.dmia),
    }


def _limit(limit: Limit | None) -> dict[str, Any] | None:
    if limit is None:
        return None
    return {"delay": str(limit.delay), "at": iso(limit.at), "state": limit.state}


def _iso(instant: int) -> str | None:
    return iso(instant) if instant else None
