"""Every procedure of the library is played to each of its ends, by its own people, with the real rules.

Nothing is written by hand here: a player presses whatever was pressed least so far, answers what a button asks for,
has the right people sign, and lets time pass when only the clock can go on. It goes on, incident after incident, until
every end of the procedure was reached and every outcome was picked.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core import flow, permissions
from engine.core.conditions import Test
from engine.core.directory import DIRECTOR
from engine.core.receipt import Accepted
from engine.core.runbook import Definition, Outcome
from engine.core.specs import FactSpec
from engine.home import Home
from engine.library.catalogue import Library, library_folder
from tests.core.builders import Town

LIBRARY = Library.load(library_folder())
MOST_ORDERS = 6_000
EXAMPLES = {
    "text": "essai", "file": "essai", "integer": "3", "number": "1,5", "money": "100", "date": "2026-11-20",
    "time": "08:30", "datetime": "2026-11-20 08:30",
}  # fmt: skip


@pytest.fixture(scope="module")
def valmont(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("town") / "valmont"
    shutil.copytree(library_folder() / "exemple", folder)
    with Home(folder) as home:
        yield home


@pytest.mark.parametrize("runbook", LIBRARY.ids)
def test_every_end_is_reached_and_every_outcome_picked(runbook: str, valmont: Home) -> None:
    player = Player(valmont, runbook)
    player.play()
    assert sorted(player.ends - player.reached) == [], "ends that nobody reached"
    assert sorted(player.outcomes - player.picked.keys()) == [], "outcomes that nobody picked"


class Player:
    """Plays one procedure again and again, in new incidents of the same town."""

    def __init__(self, home: Home, runbook: str) -> None:
        self.home, self.runbook = home, runbook
        self.curious = False
        """Every other incident goes first where something new is left; the others, where least was pressed."""
        digest = home.shelf.current(runbook)
        assert digest is not None
        self.definition = home.shelf.definition(digest)
        self.picked: Counter[tuple[str, str, str]] = Counter()
        self.reached: set[tuple[str, str]] = set()
        tracks = self.definition.runbook.tracks
        self.ends = {(t, s) for t, track in tracks.items() for s, step in track.steps.items() if step.end}
        self.outcomes = {
            (t, s, o) for t, track in tracks.items() for s, step in track.steps.items() for o in step.outcomes
        }

    def play(self) -> None:
        orders = 0
        while orders < MOST_ORDERS and (self.ends - self.reached or self.outcomes - self.picked.keys()):
            self.curious = not self.curious
            town = Town(shelf=self.home.shelf, world=self.home.world)  # type: ignore[arg-type]
            (who, *_) = self.home.world.directory.directors()
            town.declares(who, self.runbook)
            for _ in range(400):
                orders += 1
                if not any(town.incident.open_runs) or not self._go_on(town):
                    break
            self._note(town)

    def _note(self, town: Town) -> None:
        mine = {run.id for run in town.incident.runs.values() if run.runbook == self.runbook}
        for event in (entry.event for entry in town.journal):
            if isinstance(event, e.OutcomePicked) and event.run in mine:
                self.picked[event.track, event.step, event.outcome] += 1
            if isinstance(event, e.TrackEnded) and event.run in mine:
                self.reached.add((event.track, event.step))

    def _go_on(self, town: Town) -> bool:
        """One more step of the incident: the least pressed button that the rules allow, else the clock."""
        tried: Counter[tuple[str, str, str]] = self.picked + Counter(
            (one.track, one.step, one.outcome) for one in town.written(e.OutcomePicked)
        )
        places = sorted(
            (
                (
                    self.curious and not self._leads_to_news(run.runbook, track, cursor.step, name, tried),
                    tried[track, cursor.step, name],
                    run.id,
                    track,
                    name,
                )
                for run, track, cursor in town.places()
                for name in town.shelf.definition(run.digest).step(track, cursor.step).outcomes
            ),
        )
        return any(self._press(town, run, track, name) for *_, run, track, name in places) or self._wait(town)

    def _leads_to_news(
        self, runbook: str, track: str, step: str, name: str, tried: Counter[tuple[str, str, str]]
    ) -> bool:
        """Say whether something that was never pressed is this outcome, or may follow it in its track."""
        if runbook != self.runbook:
            return False
        if not tried[track, step, name]:
            return True
        to = self.definition.step(track, step).outcomes[name].next
        return to is not None and any(
            not tried[track, one, other]
            for one in flow.reachable(self.definition, track, to)
            for other in self.definition.step(track, one).outcomes
        )

    def _press(self, town: Town, run_id: int, track: str, name: str) -> bool:
        run = town.incident.runs[run_id]
        cursor = run.tracks[track].cursor
        assert cursor is not None
        definition = town.shelf.definition(run.digest)
        step = definition.step(track, cursor.step)
        if name == "abandoned" and cursor.waits_for:
            return self._abandon(town, cursor.waits_for)
        if not definition.is_pressable(step, name):
            return step.outcomes[name].auto_after is not None and self._wait(town)
        self._answer(town, definition, run_id, step.outcomes[name])
        (who, *_) = permissions.who_may(step.role, town.incident, town.world.directory)
        order = c.PickOutcome(
            run=run_id, track=track, step=cursor.step, visit=cursor.visit, outcome=name, confirm=True, reason="essai"
        )  # fmt: skip
        answer = town.answers(town.order(who, order))
        if isinstance(answer, Accepted):
            self._sign(town)
        return isinstance(answer, Accepted)

    def _abandon(self, town: Town, run: int) -> bool:
        (who, *_) = town.world.directory.directors()
        return isinstance(town.answers(town.order(who, c.AbandonRun(run=run, reason="essai"))), Accepted)

    def _answer(self, town: Town, definition: Definition, run: int, outcome: Outcome) -> None:
        """Answer what the button asks for, so that it may be pressed."""
        (who, *_) = town.world.directory.directors()
        for fact, test in outcome.when.items():
            spec = definition.facts[fact]
            own = run if fact in definition.runbook.facts else 0
            town.answers(town.order(who, c.SetFact(name=fact, value=_value(spec, test), run=own)))

    def _sign(self, town: Town) -> None:
        """Have each person sign who may."""
        for approval in list(town.incident.approvals.values()):
            for person in town.world.directory.people:
                if town.incident.approvals[approval.id].pending:
                    town.answers(town.order(person, c.Approve(approval=approval.id)))

    def _wait(self, town: Town) -> bool:
        """Let time pass until the clock has picked an outcome, thirty days at most."""
        before = len(town.written(e.OutcomePicked))
        for _ in range(31):
            town.waits("1 j")
            if len(town.written(e.OutcomePicked)) > before:
                return True
        return False


def _value(spec: FactSpec, test: Test) -> str:
    """An answer that passes the test."""
    if test.op == "unknown":
        return ""
    if test.op == "in":
        return test.values[0]
    if test.op in ("<", ">"):
        return str(int(test.values[0]) + (1 if test.op == ">" else -1))
    if test.op != "known":
        return test.values[0]
    return next(iter(spec.choices), "") or EXAMPLES.get(spec.type, "p1")


def test_the_director_of_the_example_can_always_be_found(valmont: Home) -> None:
    assert valmont.world.directory.roles[DIRECTOR].people
