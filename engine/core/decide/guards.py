"""What the facts and the other tracks say of a way out: open, excluded, or waiting for an answer."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core import flow
from engine.core.conditions import contradicted, holds
from engine.core.decide.draft import Draft, Spot, refuse
from engine.core.incident import Run
from engine.core.runbook import Definition, Outcome
from engine.core.targets import facts_of

__all__ = ["allow", "no_late_false_alarm"]


def allow(draft: Draft, spot: Spot, name: str) -> None:
    """Refuse an outcome that the facts exclude, or whose own condition still waits for an answer.

    Only the facts of its own `when` are required; an urgent one waits for none: only what is known excludes it.
    `otherwise` is for whenever no other condition is known to hold.
    """
    outcome = spot.step.outcomes[name]
    if outcome.when or outcome.otherwise:
        _allow(spot, name, outcome, facts_of(draft.incident, spot.run))
    if outcome.next is not None:
        no_late_false_alarm(spot.definition, spot.run, spot.track, outcome.next, outcome.label)


def _allow(spot: Spot, name: str, outcome: Outcome, facts: Mapping[str, str]) -> None:
    if not outcome.urgent or contradicted(outcome.when, facts):
        _hold(spot, outcome, facts)
    if outcome.otherwise and (other := _other_that_holds(spot, name, facts)):
        raise refuse("outcome_excluded_by", outcome=outcome.label, other=other)


def _hold(spot: Spot, outcome: Outcome, facts: Mapping[str, str]) -> None:
    """Refuse for the facts that exclude it, else for those that nobody has answered; the others are not named."""
    failing = [name for name, test in outcome.when.items() if not test.passes(facts.get(name))]
    excluding = tuple(_label(spot, name) for name in failing if name in facts)
    if excluding:
        raise refuse("outcome_excluded", outcome=outcome.label, facts=excluding)
    unanswered = tuple(name for name in failing if name not in facts)
    if unanswered:
        labels = tuple(_label(spot, fact) for fact in unanswered)
        raise refuse("facts_missing", outcome=outcome.label, facts=labels, names=unanswered)


def _other_that_holds(spot: Spot, name: str, facts: Mapping[str, str]) -> str:
    others = (one for key, one in spot.step.outcomes.items() if key != name and one.when)
    return next((one.label for one in others if holds(one.when, facts)[0]), "")


def _label(spot: Spot, fact: str) -> str:
    spec = spot.definition.facts.get(fact)
    return spec.label if spec else fact


def no_late_false_alarm(definition: Definition, run: Run, track: str, to: str, what: str) -> None:
    """Once a track has ended otherwise, nobody may say that nothing has happened."""
    if definition.step(track, to).end != "false_alarm":
        return
    positions = {name: state.position for name, state in run.tracks.items()}
    if not flow.false_alarm_offered(definition, positions):
        raise refuse("false_alarm_too_late", outcome=what)
