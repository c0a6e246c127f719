"""The ways out of a step: the outcome that the procedure allows, and the director's ways around."""

from __future__ import annotations

from engine.core import commands as c
from engine.core.decide import approvals, guards, moves
from engine.core.decide.draft import Draft, Spot, refuse
from engine.core.runbook import Outcome

__all__ = ["go_to", "pick_outcome", "skip"]


def pick_outcome(draft: Draft, command: c.PickOutcome) -> None:
    """Pick the way out, if the procedure allows it; an irreversible one first asks for its signatures."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    outcome = draft.outcome(spot, command.outcome)
    draft.act_as(draft.need_right(spot.step.role, spot.step.title))
    if not spot.definition.is_pressable(spot.step, command.outcome):
        raise refuse("not_pressable", outcome=outcome.label)
    guards.allow(draft, spot, command.outcome)
    unticked = _ready(draft, spot, command, outcome)
    if outcome.sign is not None:
        approvals.ask_once(draft, spot, command.outcome)
        if outcome.sign.within is None:
            approvals.ask(draft, spot, command, outcome, unticked)
            return
    moves.pick(
        draft, command.run, command.track, command.outcome, "pressed", command.reason.strip(), unticked
    )
    if outcome.sign is not None:
        approvals.owe(draft, spot, command, outcome)


def _ready(draft: Draft, spot: Spot, command: c.PickOutcome, outcome: Outcome) -> tuple[int, ...]:
    """The boxes left unticked, once confirmed with a reason (an urgent outcome just says which).

    Confirmation and reason where they are asked.
    """
    unticked: tuple[int, ...] = ()
    if spot.step.checklist and outcome.leaves:
        ticks = spot.cursor.ticks
        unticked = tuple(
            n for n, item in enumerate(spot.step.checklist, 1) if n not in ticks and not item.optional
        )
    if unticked and not outcome.urgent and not (command.confirm and command.reason.strip()):
        items = tuple(spot.step.checklist[n - 1].do for n in unticked)
        raise refuse("unticked", outcome=outcome.label, items=items, numbers=tuple(str(n) for n in unticked))
    if outcome.confirm is not None and not command.confirm:
        raise refuse("confirm_needed", outcome=outcome.label, text=outcome.confirm)
    target = spot.definition.runbook.tracks[spot.track].steps.get(outcome.next or "")
    if outcome.reason or (target is not None and target.end == "false_alarm"):
        draft.need_reason(command.reason, outcome.label)
    return unticked


def skip(draft: Draft, command: c.Skip) -> None:
    """Leave a step undone (director, with a reason); where several ways lead on, `aller` says which."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    draft.need_director(spot.step.title)
    reason = draft.need_reason(command.reason, spot.step.title)
    ways = dict.fromkeys(outcome.next for outcome in spot.step.outcomes.values() if outcome.next)
    steps = spot.definition.runbook.tracks[spot.track].steps
    onward = [way for way in ways if way != command.step and steps[way].end != "false_alarm"]
    if len(onward) != 1:
        raise refuse(
            "skip_where",
            step=spot.step.title,
            choices=tuple(onward),
            titles=tuple(steps[way].title for way in onward),
        )
    moves.move(draft, command.run, command.track, onward[0], "skip", reason)


def go_to(draft: Draft, command: c.GoTo) -> None:
    """Go to any step (director, with a reason): an ended track or run opens again."""
    run = draft.run(command.run)
    definition = draft.definition(run)
    track = definition.runbook.tracks.get(command.track)
    if track is None or command.to not in track.steps:
        choices = tuple(track.steps) if track else tuple(definition.runbook.tracks)
        raise refuse("unknown_step", step=command.to, track=command.track, choices=choices)
    title = track.steps[command.to].title
    draft.need_director(title)
    reason = draft.need_reason(command.reason, title)
    state = run.tracks.get(command.track)
    if state and state.cursor and state.cursor.step == command.to:
        raise refuse("already_there", step=title)
    guards.no_late_false_alarm(definition, run, command.track, command.to, title)
    moves.move(draft, command.run, command.track, command.to, "goto", reason)
