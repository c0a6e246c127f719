"""Working a step: take it, tick, answer, bring evidence, say "bloqué", mark a roster, wait for another procedure."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core import permissions
from engine.core.decide import law, moves, rosters
from engine.core.decide.draft import Draft, refuse
from engine.core.facts import read_fact
from engine.core.incident import Run
from engine.core.refusal import Refused
from engine.core.runbook import FactSpec

__all__ = ["block", "bring_evidence", "join_run", "mark_roll", "set_fact", "take", "tick"]


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
    draft.act_for(spot.step)
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
    rosters.recount(draft, command.name)
    law.review_clocks(draft, command.name)


def _fact(draft: Draft, command: c.SetFact) -> tuple[int, FactSpec]:
    """Where a fact lives (0: the incident) and what it is: a run's own first, then the shared ones."""
    runs = [draft.run(command.run)] if command.run else list(draft.incident.open_runs)
    owners = [run for run in runs if command.name in draft.definition(run).runbook.facts]
    if len(owners) > 1:
        owners = [run for run in owners if _asks(draft, run, command.name)] or owners
    if len(owners) > 1:
        # Answered in the wrong case, it would be believed there.
        raise refuse("which_run", fact=command.name, runs=tuple(str(run.id) for run in owners))
    if owners:
        return owners[0].id, draft.definition(owners[0]).runbook.facts[command.name]
    for run in runs or list(draft.incident.runs.values()):
        shared = draft.definition(run).shared_facts.get(command.name)
        if shared is not None:
            return 0, shared
    known = dict.fromkeys(name for run in runs for name in draft.definition(run).facts)
    raise refuse("unknown_fact", fact=command.name, choices=tuple(known))


def _asks(draft: Draft, run: Run, fact: str) -> bool:
    """Does a step where this run stands ask this question?"""
    definition = draft.definition(run)
    here = [definition.step(track, state.cursor.step) for track, state in run.tracks.items() if state.cursor]
    return any(fact in step.ask or (step.roll is not None and step.roll.size == fact) for step in here)


def bring_evidence(draft: Draft, command: c.AddEvidence) -> None:
    """Evidence is always taken in, on a step or on the whole incident, whoever brings it."""
    if not (command.text.strip() or command.sha256):
        raise refuse("nothing_brought")
    run, track, step = draft.place(command.run, command.track, command.step)
    draft.emit(
        e.EvidenceAdded(
            run=run,
            track=track,
            step=step,
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
    draft.act_for(spot.step)
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
    size = rosters.size(draft, spot.run, spot.step)
    if not 1 <= command.item <= size:
        raise refuse("unknown_item", item=command.item, count=size)
    if spot.cursor.roll.get(command.item) == command.status:
        return
    draft.act_for(spot.step)
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
    rosters.count(draft, command.run, spot.step, list(state.cursor.roll.values()) if state.cursor else [])


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
