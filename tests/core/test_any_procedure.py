"""Procedures that nobody would write: the linter refuses most of them, the engine must survive all of them.

Three procedures are drawn at random, with joins, waits, openings and hand-overs everywhere, and played by people
who press whatever there is. Nothing raises, nothing goes on for ever, and what must hold between orders holds; only a
procedure that goes round by itself is left where its circle was cut.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.core import commands as c
from engine.core.decide.draft import Draft
from engine.core.receipt import Accepted
from engine.core.runbook import Runbook
from engine.core.world import World
from tests.core.builders import CLOCKS, DIRECTORY, Shelf, Town, fire
from tests.core.invariants import hold_after, hold_at_rest, hold_when_erased, somebody_can_move_it

PROOF = bool(os.environ.get("TOCSIN_PROOF"))
NAMES = ["un", "deux", "trois"]
ORDERS = 40
Written = dict[str, Any]


def procedure(name: str, dice: Random) -> Written:
    tracks = [f"t{n}" for n in range(dice.randint(1, 3))]
    steps = {track: [f"{track}s{n}" for n in range(dice.randint(1, 3))] for track in tracks}
    written = {track: _track(track, steps[track], tracks, dice) for track in tracks}
    refs = [
        f"{track}.{step}.{outcome}"
        for track, one in written.items()
        for step, body in one["steps"].items()
        for outcome in body.get("outcomes", ())
    ]
    for track in tracks[1:]:
        if dice.random() < 0.7:
            openers = dice.sample(refs, min(len(refs), dice.randint(1, 2)))
            written[track] |= dice.choice(
                [
                    {"opens_on": openers},
                    {"opens_on": {"any": openers}},
                    {"opens_on": {"any": openers}, "each_time": "oui"},
                ]
            )
    clocks = [{"use": "H-CNIL33", "unless": {"donnees_personnelles": "non"}}]
    header = {"format": "1", "runbook": name, "title": name, "version": "1", "updates": {"every": "2 h"}}
    return header | {"several": dice.choice(["oui", "non"]), "clocks": clocks, "tracks": written}


def _track(track: str, steps: list[str], tracks: list[str], dice: Random) -> Written:
    ends = [f"{track}e0", f"{track}e1"]
    written: Written = {step: _step(step, [*steps, *ends], tracks, dice) for step in steps}
    for end in ends:
        kind = dice.choice(["closed", "retex", "false_alarm", "transferred"])
        written[end] = {"title": end, "end": kind} | dice.choice([{}, {"result": "bien"}, {"result": "mal"}])
    if dice.random() < 0.1:
        written = dict(reversed(written.items()))  # it begins with its end
    return {"title": track, "steps": written}


def _step(name: str, targets: list[str], tracks: list[str], dice: Random) -> Written:
    step: Written = {"title": name, "role": dice.choice(["dsi", "rssi", "comptable"])}
    outcomes = {f"o{n}": _outcome(targets, tracks, dice) for n in range(dice.randint(1, 3))}
    if dice.random() < 0.25:
        step["wait_for"] = dice.choice(NAMES)
        for result in ("abandoned", *dice.sample(["bien", "mal"], dice.randint(0, 2))):
            outcomes[result] = {"label": result, "next": dice.choice(targets)}
    if dice.random() < 0.15:
        step["wake"] = "1 h"
    if dice.random() < 0.2:
        step["target"] = "1 h"
    return step | {"outcomes": outcomes}


def _outcome(targets: list[str], tracks: list[str], dice: Random) -> Written:
    where: Written = dice.choice(
        [{"next": dice.choice(targets)}] * 6 + [{"hand_over": dice.choice(NAMES)}, {}]
    )
    ways: list[Written] = [
        {"auto_after": dice.choice(["0 min", "1 h"])},
        {"sign": {"by": [["maire"], ["dsi"]]}},
        {"when": {"donnees_personnelles": "oui"}},
        {"otherwise": "oui"},
        {"open": [dice.choice(NAMES)]},
        *[{}] * 5,
    ]
    if where:
        ways += [{"once": [dice.choice(tracks)]}, {"once": {"runs": dice.choice(NAMES)}}] * 2
    return (
        {"label": "o"} | where | dice.choice(ways) | dice.choice([{}, {}, {}, {"open": [dice.choice(NAMES)]}])
    )


def order(town: Town, dice: Random) -> tuple[str, c.Command]:
    """Something to do: most often, a button that is there."""
    places, runs, chance = list(town.places()), list(town.incident.runs.values()), dice.random()
    going = list(town.incident.open_runs)
    if chance < 0.6 and places:
        run, track, cursor = dice.choice(places)
        where: Written = {"run": run.id, "track": track, "step": cursor.step, "visit": cursor.visit}
        step = town.shelf.definition(run.digest).step(track, cursor.step)
        if step.wait_for and not cursor.waits_for and dice.random() < 0.5:
            same = [one.id for one in going if one.runbook == step.wait_for]
            return "maire", c.JoinRun(**where, child=dice.choice([0, *same]))
        outcome = dice.choice(list(step.outcomes))
        return "maire", c.PickOutcome(**where, outcome=outcome, reason="vu", confirm=True)
    pending = [number for number, one in town.incident.approvals.items() if one.pending]
    if chance < 0.7 and pending:
        return dice.choice(["adjoint", "dsi"]), c.Approve(approval=dice.choice(pending))
    if chance < 0.78 and runs:
        run = dice.choice(runs)
        tracks = town.shelf.definition(run.digest).runbook.tracks
        track = dice.choice(list(tracks))
        return "maire", c.GoTo(
            run=run.id, track=track, to=dice.choice(list(tracks[track].steps)), reason="vu"
        )
    if chance < 0.83 and going:
        return "maire", c.AbandonRun(run=dice.choice(going).id, reason="vu")
    if chance < 0.92 and town.due:
        deadline = min(town.due.values(), key=lambda one: (one.due, one.name))
        town.now = max(town.now, deadline.due)
        return "", fire(deadline)
    return "dpo", c.SetFact(name="donnees_personnelles", value=dice.choice(["oui", "non", ""]))


@pytest.mark.proof
@settings(max_examples=1500 if PROOF else 150, deadline=None, suppress_health_check=list(HealthCheck))
@given(dice=st.randoms(use_true_random=True) | st.randoms(use_true_random=False))
def test_no_procedure_however_absurd_breaks_the_engine(dice: Random) -> None:
    shelf = Shelf(books={name: Runbook.model_validate(procedure(name, dice)) for name in NAMES}).put()
    town = Town(shelf=shelf, world=World(directory=DIRECTORY, shelf=shelf, clocks=CLOCKS))
    with pytest.MonkeyPatch.context() as patch:
        circles = _watch_circles(patch)
        town.declares("maire", "un")
        for _ in range(ORDERS):
            before = town.incident
            given_order = town.order(*order(town, dice))
            answer = town.answers(given_order)
            if isinstance(answer, Accepted):
                hold_after(town.world, given_order, before, answer)
                assert len(answer.entries) < 1000
            if circles:
                return  # cut: what is left undone there is for people
            hold_at_rest(town)
        somebody_can_move_it(town)
    hold_when_erased(town)


def _watch_circles(patch: pytest.MonkeyPatch) -> list[int]:
    """Each automatic outcome that was held back."""
    held: list[int] = []
    first_time = Draft.first_time

    def watched(self: Draft, run: int, track: str, outcome: str) -> bool:
        first = first_time(self, run, track, outcome)
        if not first:
            held.append(run)
        return first

    patch.setattr(Draft, "first_time", watched)
    return held
