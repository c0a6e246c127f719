"""Every step can be reached, and from every step an end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.core.flow import not_needed
from engine.core.lanes import flow_of
from engine.library.finding import Finding
from engine.library.lint.page import Page

__all__ = ["RULES"]


def steps_reached(page: Page) -> Iterator[Finding]:
    """Every step is the first of its track, or an outcome leads to it from there."""
    for track_id, lane in flow_of(page.runbook).lanes.items():
        reached = lane.reach[lane.first]
        for step_id in page.track(track_id).steps:
            if step_id not in reached:
                yield page.finding(
                    "step_unreachable", ("tracks", track_id, "steps", step_id), step=step_id, track=track_id
                )


def ways_to_an_end(page: Page) -> Iterator[Finding]:
    """From every step that can be reached, some outcomes lead to an end of the track, or hand the run over."""
    for track_id, lane in flow_of(page.runbook).lanes.items():
        steps = page.track(track_id).steps
        exits = lane.ends | {
            name for name, step in steps.items() if any(one.hand_over for one in step.outcomes.values())
        }
        for step_id in steps:
            if step_id in lane.reach[lane.first] and not lane.reach[step_id] & exits:
                yield page.finding(
                    "no_way_to_end", ("tracks", track_id, "steps", step_id), step=step_id, track=track_id
                )


def tracks_open(page: Page) -> Iterator[Finding]:
    """Some track opens with the run, and each other can be opened from there."""
    flow = flow_of(page.runbook)
    if not flow.first_tracks:
        yield page.finding("no_first_track", ("tracks",))
        return
    if any(ref not in page.by_ref for lane in flow.opened_later for ref in lane.openers):
        return  # a name that leads nowhere is said already, and would hide what it meant
    start = {name: None if lane.openers else lane.first for name, lane in flow.lanes.items()}
    for track_id in sorted(not_needed(page.definition, start, frozenset())):
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
