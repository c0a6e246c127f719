"""Every step can be reached, and from every step an end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.flow import not_needed
from engine.core.lanes import flow_of
from engine.core.runbook import Definition
from engine.library.finding import Finding
from engine.library.lint.page import Page

__all__ = ["RULES"]


def steps_reached(page: Page) -> Iterator[Finding]:
    """Every step is the first of its track, or an outcome leads to it from there."""
    for track_id, lane in flow_of(page.mended).lanes.items():
        reached = lane.reach[lane.first]
        for step_id in lane.track.steps:
            if step_id not in reached:
                yield page.finding(
                    "step_unreachable", ("tracks", track_id, "steps", step_id), step=step_id, track=track_id
                )


def ways_to_an_end(page: Page) -> Iterator[Finding]:
    """From every step that can be reached, some outcomes lead to an end of the track, or hand the run over.

    Of the steps that don't, those are named that only lead to each other: the others lead there.
    """
    for track_id, lane in flow_of(page.mended).lanes.items():
        steps, reach = lane.track.steps, lane.reach
        exits = lane.ends | {
            name for name, step in steps.items() if any(one.hand_over for one in step.outcomes.values())
        }
        shut = {name for name in steps if name in reach[lane.first] and not reach[name] & exits}
        told: set[str] = set()
        for step_id in steps:
            circle = reach[step_id]
            if step_id in shut - told and all(reach[one] == circle for one in circle):
                told |= circle
                yield page.finding(
                    "no_way_to_end", ("tracks", track_id, "steps", step_id), track=track_id,
                    steps=[name for name in steps if name in circle],
                )  # fmt: skip


def tracks_open(page: Page) -> Iterator[Finding]:
    """Some track opens with the run, and each other can be opened from there."""
    flow = flow_of(page.mended)
    if not flow.first_tracks:
        yield page.finding("no_first_track", ("tracks",))
        return
    if any(ref not in page.by_ref for lane in flow.opened_later for ref in lane.openers):
        return  # said already, and nobody can guess what was meant
    start = {name: None if lane.openers else lane.first for name, lane in flow.lanes.items()}
    for track_id in sorted(not_needed(Definition(runbook=page.mended), start, frozenset())):
        yield page.finding("track_never_opens", ("tracks", track_id, "opens_on"), track=track_id)


def false_alarms(page: Page) -> Iterator[Finding]:
    """Who calls a false alarm says why."""
    for placed in page.outcomes:
        leads_to = page.track(placed.at.track_id).steps.get(placed.outcome.next or "")
        if leads_to is not None and leads_to.end == "false_alarm" and not placed.outcome.reason:
            automatic = placed.outcome.is_automatic or placed.id in page.results_heard(placed.at.step)
            yield page.finding(
                "false_alarm_automatic" if automatic else "false_alarm_reason", placed.path,
                step=placed.at.id, outcome=placed.id,
            )  # fmt: skip


RULES = (steps_reached, ways_to_an_end, tracks_open, false_alarms)
