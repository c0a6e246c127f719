"""`decide(order, incident, world)`: may this be, and if so, what has happened? The only place where rules live.

Pure: time, identity and identifiers come with the order. The rules, by module: `lifecycle` (opening, closing),
`steps` (working a step), `ways_out` (leaving it), `approvals` (two people), `moves` (what follows from an outcome),
`cell` (roles and presence), `record` (what is simply written down), `law` (clocks and duties), `timers` (what is due),
`trust` (a surface that is suspect); and `house`, for the one stream that is no incident.

Three rules come before all others: an unknown person can do nothing; what is dated in the future is refused; on a
closed incident reality still goes in (notes, deviations, evidence, signatures owed, clocks), but no step moves.
"""

from __future__ import annotations

from typing import assert_never, cast

from engine.core import commands as c
from engine.core.decide import (
    approvals,
    cell,
    house,
    law,
    lifecycle,
    moves,
    outages,
    record,
    steps,
    timers,
    trust,
    ways_out,
)
from engine.core.decide.draft import Draft, Refusal, refuse
from engine.core.house.commands import HouseCommand
from engine.core.incident import Incident
from engine.core.names import HOUSE
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.core.world import World

__all__ = ["decide"]

_BY_NOBODY = (c.FireDeadline, c.ReportChange)
"""The clock tells it, or a platform."""
_ON_A_CLOSED_INCIDENT = (
    c.Note, c.Decision, c.Deviate, c.Correct, c.AddEvidence, c.Approve, c.ConfirmVoice, c.FinishTask,
    c.AddTask, c.StopClock, c.CorrectClock, c.StartClock, c.ReopenIncident, c.CloseIncident, c.Erase,
    c.ChangeActivity, c.ChangeApplication, c.Say, c.SendMessage, c.AskSituation, c.FireDeadline, c.MarkPresence,
    c.MarkCall, c.KeepMessage, c.ReportChange, c.ChangeSurface,
)  # fmt: skip


def decide(order: c.Order, incident: Incident, world: World) -> Accepted | Refused:
    """The entries that this order adds and the incident after them, or why not. Never both, never half."""
    draft = Draft(order, incident, world)
    try:
        if order.incident == HOUSE:
            house.act(draft)
            return draft.done()
        _admit(draft, order)
        _dispatch(draft, cast(c.AnyCommand, order.command))
        if draft.unsettled:
            moves.settle(draft)
        if draft.entries and order.source not in (*incident.suspect, trust.PASSED_ON, c.PAPER):
            cell.answer(draft)
    except Refusal as refusal:
        return refusal.refused
    return draft.done()


def _admit(draft: Draft, order: c.Order) -> None:
    """Who and when, before what."""
    if isinstance(order.command, _BY_NOBODY):
        if order.by or order.entered_by:
            raise refuse("clock_only")
    else:
        for person in (order.by, order.entered_by) if order.entered_by else (order.by,):
            draft.need_known(person)
    if order.occurred_at is not None:
        draft.need_past(order.occurred_at)
    status = draft.incident.status
    if isinstance(order.command, HouseCommand):
        raise refuse("no_incident", incident=order.incident)
    if status == "none" and not isinstance(order.command, c.Declare):
        raise refuse("no_incident", incident=order.incident)
    if status == "closed" and not isinstance(order.command, _ON_A_CLOSED_INCIDENT):
        raise refuse("incident_closed", at=draft.incident.closed.at if draft.incident.closed else 0)
    if draft.incident.suspect:
        trust.admit(draft)


def _dispatch(draft: Draft, command: c.AnyCommand) -> None:
    match command:
        case c.PickOutcome():
            ways_out.pick_outcome(draft, command)
        case c.Tick():
            steps.tick(draft, command)
        case c.TakeStep():
            steps.take(draft, command)
        case c.SetFact():
            steps.set_fact(draft, command)
        case c.Note():
            record.note(draft, command)
        case c.FireDeadline():
            timers.fire(draft, command)
        case c.AddEvidence():
            steps.bring_evidence(draft, command)
        case c.ReportBlocked():
            steps.block(draft, command)
        case c.MarkRoll():
            steps.mark_roll(draft, command)
        case c.JoinRun():
            steps.join_run(draft, command)
        case c.Skip():
            ways_out.skip(draft, command)
        case c.GoTo():
            ways_out.go_to(draft, command)
        case c.Approve():
            approvals.approve(draft, command)
        case c.Refuse():
            approvals.reject(draft, command)
        case c.ConfirmVoice():
            approvals.confirm_voice(draft, command)
        case c.AssignRole():
            cell.assign_role(draft, command)
        case c.TakeVacantRoles():
            cell.take_vacant_roles(draft, command)
        case c.MarkPresence():
            cell.mark_presence(draft, command)
        case c.MarkCall():
            cell.mark_call(draft, command)
        case c.CallRoll():
            cell.call_roll(draft)
        case c.HandOver():
            cell.hand_over(draft, command)
        case c.Decision():
            record.decision(draft, command)
        case c.Deviate():
            record.deviate(draft, command)
        case c.Correct():
            record.correct(draft, command)
        case c.KeepMessage():
            record.keep_message(draft, command)
        case c.ReportChange():
            record.report_change(draft, command)
        case c.Say():
            record.say(draft, command)
        case c.AskSituation():
            record.report(draft, command)
        case c.AddTask():
            record.add_task(draft, command)
        case c.FinishTask():
            record.finish_task(draft, command)
        case c.SendMessage():
            record.send_message(draft, command)
        case c.ChangeActivity():
            record.change_activity(draft, command)
        case c.ChangeApplication():
            outages.change_application(draft, command)
        case c.Erase():
            record.erase(draft, command)
        case c.StartClock():
            law.start_clock(draft, command.clock, command.start, command.reason)
        case c.StopClock():
            law.stop_clock(draft, command.clock, command.reason)
        case c.CorrectClock():
            law.correct_clock(
                draft, command.clock, command.start, draft.need_reason(command.reason, command.clock)
            )
        case c.Declare():
            lifecycle.declare(draft, command)
        case c.OpenRunbook():
            lifecycle.open_runbook(draft, command)
        case c.AbandonRun():
            lifecycle.abandon_run(draft, command)
        case c.CorrectT0():
            lifecycle.correct_t0(draft, command)
        case c.ChangeSeverity():
            lifecycle.change_severity(draft, command)
        case c.ChangeSurface():
            trust.change_surface(draft, command)
        case c.CloseIncident():
            lifecycle.close(draft, command)
        case c.ReopenIncident():
            lifecycle.reopen(draft, command)
        case _ as never:
            assert_never(never)
