"""What no sequence of orders may break, whoever gives them and whenever."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from msgspec.structs import fields, replace

from engine.core import commands as c
from engine.core import deadlines, flow, permissions
from engine.core import events as e
from engine.core.decide import decide
from engine.core.decide.signatures import filled
from engine.core.evolve import evolve, fold
from engine.core.incident import Approval, Incident, Run
from engine.core.receipt import Accepted
from engine.core.runbook import Step
from engine.core.world import World
from tests.core.builders import Town

__all__ = ["erased", "hold_after", "hold_at_rest", "hold_when_erased", "somebody_can_move_it", "warned_once"]

STEP_EVENTS = (
    e.OutcomePicked, e.TrackMoved, e.TrackOpened, e.TrackEnded, e.StepTaken, e.StepWoken, e.ItemTicked, e.RollMarked,
    e.WaitStarted, e.Escalated,
)  # fmt: skip


def hold_after(world: World, order: c.Order, before: Incident, accepted: Accepted) -> None:
    """Judge each entry of an accepted order on the state that it met."""
    state = before
    for entry in accepted.entries:
        _known(world, entry)
        for rule in _RULES:
            rule(world, order, state, entry)
        state = evolve(state, entry)
    _stale_press_moves_nothing(order, before, accepted)
    _only_words_come_from_a_suspect_surface(order, before, accepted)
    for earlier, later in pairwise((before, accepted.incident)):
        assert later.now >= earlier.now


def _known(world: World, entry: e.Entry) -> None:
    for actor in (entry.actor, entry.entered_by):
        assert actor is None or not actor.id or actor.id in world.directory.people


def _stale_press_moves_nothing(order: c.Order, before: Incident, accepted: Accepted) -> None:
    visit = getattr(order.command, "visit", 0)
    if not visit or isinstance(order.command, (c.FireDeadline, c.AddEvidence)):
        return
    command = order.command
    assert isinstance(command, c._AtStep)
    cursor = before.runs[command.run].tracks[command.track].cursor
    assert cursor is not None
    assert (cursor.step, cursor.visit) == (command.step, visit)


def _only_words_come_from_a_suspect_surface(order: c.Order, before: Incident, accepted: Accepted) -> None:
    if order.source in before.suspect:
        words = (e.NoteTaken, e.MessageKept, e.KeptMessageChanged, e.SurfaceChanged)
        for event in (entry.event for entry in accepted.entries):
            assert isinstance(event, words), "who has got into a channel does nothing there"
            assert not isinstance(event, e.SurfaceChanged) or event.status == "suspect"


# One rule, one sentence


def _an_outcome_is_picked_by_who_may(world: World, order: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    if not isinstance(event, e.OutcomePicked):
        return
    definition = world.shelf.definition(state.runs[event.run].digest)
    step = definition.step(event.track, event.step)
    cursor = state.runs[event.run].tracks[event.track].cursor
    assert cursor is not None
    assert (cursor.step, cursor.visit) == (event.step, event.visit), (
        "an outcome leaves the step where the track stands"
    )
    signed_before = (sign := step.outcomes[event.outcome].sign) is not None and sign.within is None
    match event.how:
        case "pressed":
            assert not step.role or permissions.right(entry.actor.id, step.role, state, world.directory)
            assert definition.is_pressable(step, event.outcome)
            assert not signed_before
        case "approved" | "forced":
            approval = max(state.approvals.values(), key=lambda one: (_spot(one) == _spot_of(event), one.id))
            assert _spot(approval) == _spot_of(event)
            assert approval.status == {"approved": "complete", "forced": "forced"}[event.how]
        case "clock":
            assert isinstance(order.command, c.FireDeadline)
            assert step.outcomes[event.outcome].auto_after is not None
        case "joined":
            assert step.outcomes[event.outcome].once is not None
        case how:
            assert how == "result"
            assert event.outcome in definition.results(step)
            assert not state.runs[cursor.waits_for].open
    assert event.how in ("approved", "forced") or not signed_before


def _spot(one: Approval) -> tuple[object, ...]:
    return one.run, one.track, one.step, one.visit, one.outcome


def _spot_of(event: e.OutcomePicked) -> tuple[object, ...]:
    return event.run, event.track, event.step, event.visit, event.outcome


def _two_people_sign(world: World, _: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    if not isinstance(event, e.ApprovalGiven):
        return
    approval = state.approvals[event.approval]
    assert approval.pending
    signers = [signed.by for signed in approval.signed] + [entry.actor.id]
    assert len(set(signers)) == len(signers), "one person signs once"
    for n in event.fits:
        assert any(
            permissions.holds(entry.actor.id, role, state, world.directory) for role in approval.groups[n]
        )
    votes = [signed.fits for signed in approval.signed] + [event.fits]
    assert filled(votes, len(approval.groups)) == len(votes), "each signature fills a group of its own"
    assert event.complete == (len(votes) == len(approval.groups))
    if event.complete:
        assert len({*signers, approval.requested.by}) >= 2, "never the requester alone"
    if event.voice:
        assert entry.entered_by is not None
        assert entry.entered_by.id not in {*signers, approval.requested.by}
    else:
        assert entry.entered_by is None, "a signature is given in person, or marked as spoken"


def _force_is_the_directors(world: World, order: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    if not isinstance(event, e.ApprovalForced):
        return
    approval = state.approvals[event.approval]
    directors = permissions.directors(state, world.directory)
    assert entry.actor.id in directors
    assert entry.entered_by is None
    assert event.reason
    others = [
        one for one in directors if one != entry.actor.id and state.presence.get(one) in ("present", "coming")
    ]
    assert entry.actor.id != approval.requested.by or not others


def _a_detour_is_the_directors(world: World, _: c.Order, state: Incident, entry: e.Entry) -> None:
    if isinstance(entry.event, e.TrackMoved):
        assert entry.actor.id in permissions.directors(state, world.directory)
        assert entry.entered_by is None
        assert entry.event.reason


def _visits_increase(_: World, __: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    if isinstance(event, (e.OutcomePicked, e.TrackMoved)) and event.to:
        entered = event.to, event.to_visit
    elif isinstance(event, e.TrackOpened):
        entered = event.step, event.visit
    else:
        return
    track = state.runs[event.run].tracks.get(event.track)
    assert entered[1] == (track.visits.get(entered[0], 0) if track else 0) + 1


def _only_what_is_open_moves(_: World, __: c.Order, state: Incident, entry: e.Entry) -> None:
    if isinstance(entry.event, STEP_EVENTS):
        assert state.status == "open"
        assert state.runs[entry.event.run].open
    if isinstance(entry.event, e.RunEnded):
        assert state.runs[entry.event.run].open
    if isinstance(entry.event, e.RunOpened):
        assert entry.event.run == len(state.runs) + 1
        assert state.status == "open"


def _a_track_that_opens_was_not_at_work(_: World, __: c.Order, state: Incident, entry: e.Entry) -> None:
    if isinstance(entry.event, e.TrackOpened):
        track = state.runs[entry.event.run].tracks.get(entry.event.track)
        assert track is None or track.cursor is None


def _clocks_go_one_way(_: World, __: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    if isinstance(event, (e.ClockWarned, e.ClockBreached)):
        clock = state.clocks[event.clock]
        percent = event.percent if isinstance(event, e.ClockWarned) else 100
        assert clock.status == "running", "a stopped or suspended clock is never warned"
        assert percent > clock.warned, "no warning twice"
        assert clock.threshold(percent) == entry.at - event.late_ms <= entry.at
    elif isinstance(event, e.ClockStarted):
        known = state.clocks.get(event.clock)
        assert known is None or known.status != "running"
        assert event.start <= entry.at
    elif isinstance(event, (e.ClockStopped, e.ClockSuspended, e.ClockResumed)):
        assert state.clocks[event.clock].status != "stopped"


def _a_rung_is_climbed_once(_: World, __: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    assert getattr(event, "late_ms", 0) >= 0, "nothing fires before it is due"
    if isinstance(event, e.Escalated):
        cursor = state.runs[event.run].tracks[event.track].cursor
        assert cursor is not None
        assert (cursor.step, cursor.visit) == (event.step, event.visit)


def _nobody_gives_more_than_they_have(world: World, order: c.Order, state: Incident, entry: e.Entry) -> None:
    event = entry.event
    if isinstance(event, e.RoleAssigned) and isinstance(order.command, c.AssignRole):
        assert permissions.right(entry.actor.id, (event.role,), state, world.directory)
    if isinstance(event, (e.IncidentClosed, e.IncidentReopened, e.Erased, e.ApprovalForced)):
        assert entry.actor.id in permissions.directors(state, world.directory)
    if isinstance(event, e.RunEnded) and event.end == "abandoned":
        assert entry.actor.id in permissions.directors(state, world.directory)


def _an_irreversible_yes_is_proved_while_a_surface_is_suspect(
    _: World, order: c.Order, state: Incident, entry: e.Entry
) -> None:
    event = entry.event
    if not isinstance(event, (e.ApprovalGiven, e.ApprovalForced)) or not state.suspect:
        return
    approval = state.approvals[event.approval]
    if approval.after:
        return
    if event.proof == "pin":
        assert isinstance(order.command, c.Approve)
        assert order.command.proof == "pin"
        return
    assert event.proof == "second_way"
    way = "voice" if isinstance(event, e.ApprovalGiven) and event.voice else order.source
    ways = {one.way for one in approval.started if one.by == entry.actor.id} - state.suspect
    assert ways - {way}, "the same person said it another way before, from a surface still sound"


def warned_once(journal: Sequence[e.Entry], accepted: Accepted) -> None:
    """No threshold of a clock is told twice, until the clock is started anew or its start is corrected."""
    last = next(
        (one.event for one in accepted.entries if isinstance(one.event, (e.ClockWarned, e.ClockBreached))),
        None,
    )
    if last is None:
        return
    told = []
    for entry in reversed(journal):
        event = entry.event
        if isinstance(event, (e.ClockStarted, e.ClockCorrected)) and event.clock == last.clock:
            break
        if isinstance(event, (e.ClockWarned, e.ClockBreached)) and event.clock == last.clock:
            told.append(getattr(event, "percent", 100))
    assert len(set(told)) == len(told)


Rule = Callable[[World, c.Order, Incident, e.Entry], None]
_RULES: tuple[Rule, ...] = (
    _an_outcome_is_picked_by_who_may,
    _two_people_sign,
    _force_is_the_directors,
    _a_detour_is_the_directors,
    _visits_increase,
    _only_what_is_open_moves,
    _a_track_that_opens_was_not_at_work,
    _clocks_go_one_way,
    _a_rung_is_climbed_once,
    _nobody_gives_more_than_they_have,
    _an_irreversible_yes_is_proved_while_a_surface_is_suspect,
)


# Between orders


def hold_at_rest(town: Town) -> None:
    """What is true of any state between two orders."""
    incident, world = town.incident, town.world
    for run in incident.runs.values():
        definition = world.shelf.definition(run.digest)
        where = {name: state.position for name, state in run.tracks.items()}
        open_children = {one.runbook for one in incident.runs.values() if one.parent == run.id and one.open}
        for name, state in run.tracks.items():
            assert (state.status == "at") == (state.cursor is not None)
            if state.cursor is not None:
                step = definition.step(name, state.cursor.step)
                assert step.end is None, "nobody stands at an end"
                assert state.cursor.visit == state.visits[state.cursor.step]
                if run.open and incident.status == "open":
                    _waits_for_something(incident, run, step, state.cursor.waits_for)
        if run.open:
            assert not flow.over(definition, where, run.picked), "a run whose tracks are all done has ended"
            assert flow.next_join(definition, where, open_children) is None, (
                "a fulfilled join has been picked"
            )
    for approval in incident.approvals.values():
        if approval.status == "asked":
            cursor = incident.runs[approval.run].tracks[approval.track].cursor
            assert incident.runs[approval.run].open
            assert cursor is not None
            assert (cursor.step, cursor.visit) == (approval.step, approval.visit), (
                "a request is bound to the visit"
            )
    for clock in incident.clocks.values():
        assert not clock.due or clock.due >= clock.start
    for facts in (incident.facts, *(run.facts for run in incident.runs.values())):
        assert all(facts.values()), "an answer is never empty"
    assert not incident.facts.keys() & incident.unknown
    for one in town.due.values():
        assert one.due > 0


def _waits_for_something(incident: Incident, run: Run, step: Step, child: int) -> None:
    if child:
        awaited = incident.runs[child]
        assert awaited.open, f"run {run.id} waits for run {child}, which has ended"


def somebody_can_move_it(town: Town) -> None:
    """An open incident is never stuck: a director can move every open run, and close."""
    incident, world = town.incident, town.world
    if incident.status != "open":
        return
    director = permissions.directors(incident, world.directory)[0]
    for run in incident.open_runs:
        definition = world.shelf.definition(run.digest)
        for name, track in definition.runbook.tracks.items():
            state = run.tracks.get(name)
            here = state.cursor.step if state and state.cursor else ""
            others = (step for step, one in track.steps.items() if step != here and one.end != "false_alarm")
            to = next(others, "")
            if not to:
                continue
            moved = decide(
                town.order(director, c.GoTo(run=run.id, track=name, to=to, reason="il le faut")),
                incident,
                world,
            )
            assert isinstance(moved, Accepted), moved
            hold_after(
                world,
                town.order(director, c.GoTo(run=run.id, track=name, to=to, reason="r")),
                incident,
                moved,
            )
    closed = decide(town.order(director, c.CloseIncident(reason="fin", confirm=True)), incident, world)
    assert isinstance(closed, Accepted), closed
    assert closed.incident.status == "closed"


# Erasure


def erased(entry: e.Entry) -> e.Entry:
    """The entry when all that could be erased has been."""
    event = entry.event
    defaults = {one.name: one.default for one in fields(event) if one.name in type(event).LEAVES}
    return replace(entry, actor=e.Actor(), entered_by=None, event=replace(event, **defaults))


def hold_when_erased(town: Town) -> None:
    """A journal without names, texts and values still gives a state, its deadlines, and answers to orders."""
    ghost = fold(Incident(id=town.incident.id), [erased(entry) for entry in town.journal])
    assert (ghost.seq, ghost.status, ghost.now) == (
        town.incident.seq,
        town.incident.status,
        town.incident.now,
    )
    assert list(ghost.runs) == list(town.incident.runs)
    for one in deadlines.of(ghost, town.world):
        order = town.order(
            "", c.FireDeadline(**{name: getattr(one, name) for name in c.FireDeadline.__struct_fields__})
        )
        decide(order, ghost, town.world)
    for order in _probes(town):
        decide(order, ghost, town.world)


def _probes(town: Town) -> Iterator[c.Order]:
    yield town.order("maire", c.CloseIncident(reason="fin", confirm=True))
    yield town.order("maire", c.HandOver(to="adjoint"))
    yield town.order("maire", c.CallRoll())
    for number in town.incident.approvals:
        yield town.order("dgs", c.Approve(approval=number))
        yield town.order("maire", c.Approve(approval=number, force=True, reason="r"))
    for run, track, cursor in town.places():
        where: dict[str, Any] = {"run": run.id, "track": track, "step": cursor.step, "visit": cursor.visit}
        yield town.order("maire", c.TakeStep(**where))
        yield town.order("maire", c.MarkRoll(**where, item=1, status="vue"))
        step = town.shelf.definition(run.digest).step(track, cursor.step)
        for outcome in step.outcomes:
            yield town.order("maire", c.PickOutcome(**where, outcome=outcome, reason="r", confirm=True))
