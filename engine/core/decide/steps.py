"""Working a step: take it, tick, answer, bring evidence, pick the way out, say "bloqué"; the director's ways around."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core import commands as c
from engine.core import events as e
from engine.core import flow, permissions
from engine.core.conditions import holds
from engine.core.decide import approvals, law, moves
from engine.core.decide.draft import Draft, Spot, refuse
from engine.core.facts import read_fact
from engine.core.incident import Run
from engine.core.refusal import Refused
from engine.core.runbook import FactSpec, Outcome
from engine.core.targets import facts_of

__all__ = [
    "block",
    "bring_evidence",
    "go_to",
    "join_run",
    "mark_roll",
    "pick_outcome",
    "set_fact",
    "skip",
    "take",
    "tick",
]


def take(draft: Draft, command: c.TakeStep) -> None:
    """Take the step. One wins; the others are told who, unless that person is away or has lost the right."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    draft.act_as(draft.need_right(spot.step.role, spot.step.title))
    taken = spot.cursor.taken
    if taken is not None:
        if taken.by == draft.by:
            return
        still = permissions.right(taken.by, spot.step.role, draft.incident, draft.world.directory) is not None
        if still and not permissions.is_away(taken.by, draft.incident):
            raise refuse(
                "already_taken", step=spot.step.title, by=draft.world.directory.name(taken.by), at=taken.at
            )
    draft.emit(e.StepTaken(run=command.run, track=command.track, step=command.step, visit=spot.cursor.visit))


def tick(draft: Draft, command: c.Tick) -> None:
    """Anybody of the cell may tick; a box ticked already says by whom."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    if not 1 <= command.item <= len(spot.step.checklist):
        raise refuse("unknown_item", item=command.item, count=len(spot.step.checklist))
    mark = spot.cursor.ticks.get(command.item)
    if command.done == (mark is not None):
        if mark is not None and mark.by != draft.by:
            raise refuse(
                "already_ticked", item=command.item, by=draft.world.directory.name(mark.by), at=mark.at
            )
        return
    draft.emit(
        e.ItemTicked(
            run=command.run,
            track=command.track,
            step=command.step,
            visit=spot.cursor.visit,
            item=command.item,
            done=command.done,
        )
    )
    if command.done:
        item = spot.step.checklist[command.item - 1]
        law.start_and_stop(draft, command.run, item.clock_start, item.clock_stop)


def set_fact(draft: Draft, command: c.SetFact) -> None:
    """Answer a question, or say "inconnu pour l'instant", which is an answer too and stays a debt."""
    run, spec = _fact(draft, command)
    holder = draft.incident.runs[run] if run else draft.incident
    if not command.value.strip():
        if command.name not in holder.unknown:
            draft.emit(e.FactSet(run=run, name=command.name, unknown=True, sensitive=spec.sensitive))
    else:
        value = read_fact(command.name, spec, command.value, draft.world.directory)
        if isinstance(value, Refused):
            raise refuse(value.code, **value.facts)
        if holder.facts.get(command.name) == value:
            return
        draft.emit(e.FactSet(run=run, name=command.name, value=value, sensitive=spec.sensitive))
    law.review_clocks(draft, command.name)


def _fact(draft: Draft, command: c.SetFact) -> tuple[int, FactSpec]:
    """Where a fact lives (0: the incident) and what it is: the named run's own, any run's own, then the shared ones."""
    runs = [draft.run(command.run)] if command.run else list(draft.incident.open_runs)
    for run in runs:
        own = draft.definition(run).runbook.facts.get(command.name)
        if own is not None:
            return run.id, own
    for run in runs or list(draft.incident.runs.values()):
        shared = draft.definition(run).shared_facts.get(command.name)
        if shared is not None:
            return 0, shared
    known = dict.fromkeys(name for run in runs for name in draft.definition(run).facts)
    raise refuse("unknown_fact", fact=command.name, choices=tuple(known))


def bring_evidence(draft: Draft, command: c.AddEvidence) -> None:
    """Evidence is always taken in, on a step or on the whole incident, whoever brings it."""
    if not (command.text.strip() or command.sha256):
        raise refuse("nothing_brought")
    if command.run:
        draft.run(command.run)
    draft.emit(
        e.EvidenceAdded(
            run=command.run,
            track=command.track,
            step=command.step,
            name=command.name.strip(),
            sha256=command.sha256,
            size=command.size,
            media=command.media,
            text=command.text.strip(),
        )
    )


def block(draft: Draft, command: c.ReportBlocked) -> None:
    """Say "bloqué": recorded, and reminders to that person fall silent; the ladder goes on to the others."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    text = draft.need_reason(command.text, spot.step.title)
    draft.emit(
        e.StepBlocked(
            run=command.run, track=command.track, step=command.step, visit=spot.cursor.visit, text=text
        )
    )


def mark_roll(draft: Draft, command: c.MarkRoll) -> None:
    """Set the state of one item of the step's roster; counts are facts of the run."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    roll = spot.step.roll
    if roll is None:
        raise refuse("no_roll", step=spot.step.title)
    if command.status not in roll.states:
        raise refuse("unknown_roll_status", status=command.status, choices=tuple(roll.states.values()))
    size = int(facts_of(draft.incident, spot.run).get(roll.size, "0"))
    if not 1 <= command.item <= size:
        raise refuse("unknown_item", item=command.item, count=size)
    if spot.cursor.roll.get(command.item) == command.status:
        return
    draft.emit(
        e.RollMarked(
            run=command.run,
            track=command.track,
            step=command.step,
            visit=spot.cursor.visit,
            item=command.item,
            status=command.status,
        )
    )
    state = draft.incident.runs[command.run].tracks[command.track]
    marks = list(state.cursor.roll.values()) if state.cursor else []
    for fact, status in roll.counts.items():
        count = str(marks.count(status))
        if draft.incident.runs[command.run].facts.get(fact) != count:
            draft.emit(e.FactSet(run=command.run, name=fact, value=count))


def join_run(draft: Draft, command: c.JoinRun) -> None:
    """Answer "la même ?": wait for the run already going, or open another one."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    draft.act_as(draft.need_right(spot.step.role, spot.step.title))
    if spot.step.wait_for is None or spot.cursor.waits_for:
        raise refuse("not_waiting", step=spot.step.title)
    if command.child:
        child = draft.run(command.child)
        if child.runbook != spot.step.wait_for or not child.open:
            raise refuse("not_the_same", run=command.child)
        if _waits_for_me(draft, child, spot.run.id):
            raise refuse("would_wait_for_itself", run=command.child)
    moves.start_waiting(draft, command.run, command.track, command.child)


def _waits_for_me(draft: Draft, child: Run, me: int) -> bool:
    """An ancestor of this run, or a run that waits for it, however far."""
    ancestors, up = set(), draft.incident.runs[me].parent
    while up:
        ancestors.add(up)
        up = draft.incident.runs[up].parent
    todo, seen = [child.id], set[int]()
    while todo:
        at = todo.pop()
        if at == me or at in ancestors:
            return True
        if at not in seen:
            seen.add(at)
            todo += [
                state.cursor.waits_for
                for state in draft.incident.runs[at].tracks.values()
                if state.cursor and state.cursor.waits_for
            ]
    return False


def pick_outcome(draft: Draft, command: c.PickOutcome) -> None:
    """Pick the way out, if the procedure allows it; an irreversible one first asks for its signatures."""
    spot = draft.spot(command.run, command.track, command.step, command.visit)
    outcome = draft.outcome(spot, command.outcome)
    draft.act_as(draft.need_right(spot.step.role, spot.step.title))
    if command.outcome not in spot.definition.pressable(spot.step):
        raise refuse("not_pressable", outcome=outcome.label)
    _allowed(draft, spot, command.outcome, outcome)
    unticked = _ready(draft, spot, command, outcome)
    if outcome.sign is not None and outcome.sign.within is None:
        approvals.ask(draft, spot, command, outcome, unticked)
        return
    moves.pick(
        draft, command.run, command.track, command.outcome, "pressed", command.reason.strip(), unticked
    )
    if outcome.sign is not None:
        approvals.owe(draft, spot, command, outcome)


def _allowed(draft: Draft, spot: Spot, name: str, outcome: Outcome) -> None:
    """What the facts say of this outcome: excluded, or waiting for an answer."""
    if outcome.when or outcome.otherwise:
        facts = facts_of(draft.incident, spot.run)
        verdict, missing = holds(outcome.when, facts)
        if verdict is None:
            raise refuse(
                "facts_missing",
                outcome=outcome.label,
                facts=tuple(_label(spot, fact) for fact in missing),
                names=missing,
            )
        if verdict is False:
            raise refuse(
                "outcome_excluded",
                outcome=outcome.label,
                facts=tuple(_label(spot, fact) for fact in outcome.when),
            )
        if outcome.otherwise and (other := _other_that_holds(spot, name, facts)):
            raise refuse("outcome_excluded_by", outcome=outcome.label, other=other)
    target = spot.definition.runbook.tracks[spot.track].steps.get(outcome.next or "")
    if (
        target is not None
        and target.end == "false_alarm"
        and not flow.false_alarm_offered(spot.definition, moves.positions(spot.run))
    ):
        raise refuse("false_alarm_too_late", outcome=outcome.label)


def _other_that_holds(spot: Spot, name: str, facts: Mapping[str, str]) -> str:
    others = (one for key, one in spot.step.outcomes.items() if key != name and one.when)
    return next((one.label for one in others if holds(one.when, facts)[0]), "")


def _label(spot: Spot, fact: str) -> str:
    spec = spot.definition.facts.get(fact)
    return spec.label if spec else fact


def _ready(draft: Draft, spot: Spot, command: c.PickOutcome, outcome: Outcome) -> tuple[int, ...]:
    """The boxes left unticked, once confirmed with a reason; confirmation and reason where they are asked."""
    unticked: tuple[int, ...] = ()
    if outcome.leaves:
        ticks = spot.cursor.ticks
        unticked = tuple(
            n for n, item in enumerate(spot.step.checklist, 1) if n not in ticks and not item.optional
        )
    if unticked and not (command.confirm and command.reason.strip()):
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
    moves.move(draft, command.run, command.track, command.to, "goto", reason)
