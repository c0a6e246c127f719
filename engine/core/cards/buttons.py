"""The buttons of a step: its outcomes as the facts allow them now, then the acts that every step has.

A button that waits for an answer is shown disabled, with the question. An outcome that the facts exclude is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.core import commands as c
from engine.core.cards.scene import Place, Scene
from engine.core.cards.values import Button, Phrase
from engine.core.conditions import Test, contradicted, holds
from engine.core.flow import false_alarm_offered
from engine.core.incident import Approval
from engine.core.runbook import Outcome
from engine.core.targets import facts_of

__all__ = ["acts", "awaited", "outcomes", "pending_for", "roll_counts"]


def outcomes(scene: Scene, place: Place) -> tuple[Button, ...]:
    """The outcomes that a person may pick, as written, those that facts exclude left out."""
    return tuple(
        _button(scene, place, name, place.step.outcomes[name], missing)
        for name, missing in _offered(scene, place)
    )


def awaited(scene: Scene, place: Place) -> tuple[str, ...]:
    """The facts that buttons wait for: their questions are shown with them."""
    counted = roll_counts(place)
    found = (fact for _, missing in _offered(scene, place) for fact in missing if fact not in counted)
    return tuple(dict.fromkeys(found))


def acts(scene: Scene, place: Place) -> tuple[Button, ...]:
    """What can be done at any step: take it, tick, note, bring evidence, say that it is blocked."""
    cursor, step = place.cursor, place.step
    found = []
    if scene.taken(place) is None:
        take = c.TakeStep(run=place.run.id, track=place.track, step=cursor.step, visit=cursor.visit)
        found.append(Button(name="take", label=Phrase("button.take"), command=take))
    if step.checklist:
        found.append(Button(name="tick", label=Phrase("button.tick"), needs=("item",)))
    if step.ask:
        found.append(Button(name="fact", label=Phrase("button.fact"), needs=("answer",)))
    found += [
        Button(name="note", label=Phrase("button.note"), needs=("text",)),
        Button(name="evidence", label=Phrase("button.evidence"), needs=("text",)),
        Button(name="blocked", label=Phrase("button.blocked"), needs=("text",)),
    ]
    return tuple(found)


def pending_for(scene: Scene, place: Place, outcome: str) -> Approval | None:
    """The request for signatures of this outcome, at this visit."""
    here = (place.run.id, place.track, place.cursor.step, place.cursor.visit, outcome)
    return next(
        (
            one
            for one in scene.incident.approvals.values()
            if one.pending and (one.run, one.track, one.step, one.visit, one.outcome) == here
        ),
        None,
    )


def _offered(scene: Scene, place: Place) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The outcomes that facts don't exclude, each with the facts it still waits for."""
    facts = facts_of(scene.incident, place.run)
    verdicts = {
        name: _verdict(place, place.step.outcomes[name], facts)
        for name in place.definition.pressable(place.step)
    }
    conditional = {n: v for n, v in verdicts.items() if place.step.outcomes[n].when}
    some_hold = any(verdict for verdict, _ in conditional.values())
    for name, (verdict, missing) in verdicts.items():
        if place.step.outcomes[name].otherwise:
            if not some_hold:
                yield name, ()
        elif verdict is not False:
            yield name, missing


def _verdict(place: Place, outcome: Outcome, facts: Mapping[str, str]) -> tuple[bool | None, tuple[str, ...]]:
    """Whether the facts allow it, and those it waits for.

    One that wants a fact to be known waits for it as for any other answer, and one that wants the roster done waits
    for the roster: neither is excluded for good. An urgent one waits for nothing.
    """
    if outcome.urgent:
        return not contradicted(outcome.when, facts), ()
    verdict, missing = holds(outcome.when, facts)
    if verdict is not False:
        return verdict, missing
    awaited = tuple(name for name, test in outcome.when.items() if _is_awaited(place, name, test, facts))
    others = {name: test for name, test in outcome.when.items() if name not in awaited}
    rest, missing = holds(others, facts)
    return (False, ()) if rest is False else (None, (*awaited, *missing))


def _is_awaited(place: Place, name: str, test: Test, facts: Mapping[str, str]) -> bool:
    if test.op == "known":
        return name not in facts
    return name in roll_counts(place) and test.passes(facts.get(name)) is not True


def roll_counts(place: Place) -> Mapping[str, str]:
    """The facts that the step's roster counts: they are never asked."""
    return place.step.roll.counts if place.step.roll else {}


def _button(scene: Scene, place: Place, name: str, outcome: Outcome, missing: tuple[str, ...]) -> Button:
    needs = (("reason",) if outcome.reason else ()) + (("confirm",) if outcome.confirm else ())
    return Button(
        name=name,
        label=outcome.label,
        command=c.PickOutcome(
            run=place.run.id,
            track=place.track,
            step=place.cursor.step,
            visit=place.cursor.visit,
            outcome=name,
        ),
        needs=needs,
        confirm=outcome.confirm or "",
        signs=outcome.sign.by if outcome.sign else (),
        signs_after=bool(outcome.sign and outcome.sign.within),
        why_not=_why_not(scene, place, name, outcome, missing),
    )


def _why_not(
    scene: Scene, place: Place, name: str, outcome: Outcome, missing: tuple[str, ...]
) -> Phrase | None:
    counted = roll_counts(place)
    if place.step.roll and any(fact in counted for fact in missing):
        return Phrase("why_not.roster", {"title": place.step.roll.title})
    if missing:
        facts = place.definition.facts
        labels = " · ".join(facts[fact].label if fact in facts else fact for fact in missing)
        return Phrase("why_not.answer", {"questions": labels})
    if _is_false_alarm(place, outcome) and not false_alarm_offered(
        place.definition, {track: state.position for track, state in place.run.tracks.items()}
    ):
        return Phrase("why_not.false_alarm")
    asked = pending_for(scene, place, name)
    if asked is not None:
        key = "why_not.owed" if asked.after else "why_not.asked"
        return Phrase(key, {"number": asked.id, "name": scene.name(asked.requested.by)})
    return None


def _is_false_alarm(place: Place, outcome: Outcome) -> bool:
    steps = place.definition.runbook.tracks[place.track].steps
    return outcome.next in steps and steps[outcome.next].end == "false_alarm"
