"""A patient crisis team: given a goal in a procedure, it finds the way there and walks it, order by order.

It works only with what people have: it answers questions, ticks boxes, presses buttons, signs two by two, waits for the
clock, and plays the procedures that a step waits for. `Unreachable` says where it stuck.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection
from dataclasses import dataclass, field

from engine.core import commands as c
from engine.core import permissions
from engine.core.conditions import Test, holds
from engine.core.facts import read_fact
from engine.core.incident import Approval, Cursor, Run
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.core.runbook import ChildRuns, Definition, Outcome, Step
from engine.core.targets import facts_of
from engine.library.lint.conditions import samples
from tests.core.builders import Town

__all__ = ["Player", "Unreachable"]

MOST_MOVES = 400
_PLAUSIBLE = ("2026-11-20", "08:00", "2026-11-20T08:00", "1", "vu")
"""An answer of each type, where any will do."""


class Unreachable(Exception):
    """Nothing that people may do leads there."""


@dataclass
class Player:
    """Plays one run of the town's incident."""

    town: Town
    number: int
    depth: int = 0
    _opening: set[str] = field(default_factory=set)

    @property
    def run(self) -> Run:
        return self.town.incident.runs[self.number]

    @property
    def definition(self) -> Definition:
        return self.town.shelf.definition(self.run.digest)

    def cursor(self, track: str) -> Cursor | None:
        state = self.run.tracks.get(track)
        return state.cursor if state else None

    # Goals

    def reach(self, track: str, step: str) -> None:
        """Bring the track to that step, or that end."""
        for _ in range(MOST_MOVES):
            state = self.run.tracks.get(track)
            if state is not None and step in state.visits:
                return
            self._towards(track, {step})
        raise Unreachable(f"{track}.{step}: {MOST_MOVES} moves")

    def pick(self, track: str, step: str, outcome: str) -> None:
        """Have that outcome picked, whoever picks it."""
        for _ in range(MOST_MOVES):
            if f"{track}.{step}.{outcome}" in self.run.picked:
                return
            cursor = self.cursor(track)
            if cursor is not None and cursor.step == step:
                self._take(track, outcome)
            else:
                self._towards(track, {step})
        raise Unreachable(f"{track}.{step}.{outcome}: {MOST_MOVES} moves")

    def finish(self) -> None:
        """Bring every track to an end, until the run is over."""
        for _ in range(MOST_MOVES):
            if not self.run.open:
                return
            ways = [(track, way) for track in self.run.tracks if (way := self._way_to_an_end(track))]
            if not ways:
                raise Unreachable(f"{self.run.runbook}: no way to an end from {self.town.steps}")
            # A join comes by itself once the others are done: they go first.
            track, way = min(ways, key=lambda one: (self._outcome(*one).once is not None, len(one[1])))
            self._take(track, way[0])
        raise Unreachable(f"{self.run.runbook}: {MOST_MOVES} moves")

    def _outcome(self, track: str, way: list[str]) -> Outcome:
        cursor = self.cursor(track)
        assert cursor is not None
        return self.definition.step(track, cursor.step).outcomes[way[0]]

    # Ways

    def _towards(self, track: str, goals: Collection[str]) -> None:
        if not self.run.open:
            raise Unreachable(f"{self.run.runbook} is over before {track}.{','.join(goals)}")
        cursor = self.cursor(track)
        if cursor is None:
            self._open(track)
            return
        way = self._way(track, cursor.step, goals)
        if way is None:
            raise Unreachable(f"no way from {track}.{cursor.step} to {','.join(goals)}")
        self._take(track, way[0])

    def _open(self, track: str) -> None:
        """Have the outcomes picked that open a track: any of them, or all."""
        written = self.definition.runbook.tracks[track]
        if track in self._opening:
            raise Unreachable(f"{track} waits for itself to open")
        self._opening.add(track)
        left = [ref for ref in written.openers if ref not in self.run.picked or len(written.openers) == 1]
        for ref in left or written.openers:
            try:
                self.pick(*ref.split("."))
            except Unreachable:
                continue
            if self.cursor(track) is not None or not self.run.open:
                break
        self._opening.discard(track)
        if self.cursor(track) is None:
            raise Unreachable(f"{track} doesn't open")

    def _way_to_an_end(self, track: str) -> list[str] | None:
        cursor = self.cursor(track)
        if cursor is None:
            return None
        ends = {
            name: step.end for name, step in self.definition.runbook.tracks[track].steps.items() if step.end
        }
        true_ends = {name for name, kind in ends.items() if kind != "false_alarm"}
        return self._way(track, cursor.step, true_ends) or self._way(track, cursor.step, set(ends))

    def _way(self, track: str, start: str, goals: Collection[str]) -> list[str] | None:
        """The outcomes of the easiest way; what people simply press is easier than what they must wait for."""
        steps = self.definition.runbook.tracks[track].steps
        todo: list[tuple[int, str, list[str]]] = [(0, start, [])]
        seen: set[str] = set()
        while todo:
            cost, at, way = heapq.heappop(todo)
            if at in goals and way:
                return way
            if at in seen:
                continue
            seen.add(at)
            for name, outcome in steps[at].outcomes.items():
                price = self._price(steps[at], name, outcome)
                if outcome.next and not outcome.hand_over and price:
                    heapq.heappush(todo, (cost + price, outcome.next, [*way, name]))
        return None

    def _price(self, step: Step, name: str, outcome: Outcome) -> int:
        """How hard an outcome is to have; 0 when nobody can."""
        if name in self.definition.results(step):
            return 9 if self.town.shelf.current(step.wait_for or "") and self.depth < 3 else 0
        if outcome.once is not None or outcome.auto_after is not None:
            return 7
        return 3 if outcome.sign else 1

    # One move

    def _take(self, track: str, name: str) -> None:
        cursor = self.cursor(track)
        assert cursor is not None
        step = self.definition.step(track, cursor.step)
        outcome = step.outcomes[name]
        if name in self.definition.results(step):
            self._have_heard(track, cursor, name)
        elif outcome.once is not None:
            self._have_done(track, outcome.once)
        elif outcome.auto_after is not None:
            kind, subject = ("auto", name) if cursor.awake else ("wake", "")
            self.town.until(self.town.due[(kind, self.number, track, cursor.visit, subject, 0)].due)
        else:
            self._press(track, cursor, step, name)

    def _have_heard(self, track: str, cursor: Cursor, result: str) -> None:
        """Play the awaited procedure until it says so."""
        where = {"run": self.number, "track": track, "step": cursor.step, "visit": cursor.visit}
        if not cursor.waits_for:
            self._says(self._somebody(self.definition.step(track, cursor.step)), c.JoinRun(**where))
            return
        child = Player(self.town, cursor.waits_for, self.depth + 1)
        if result == "abandoned":
            self._says(self._director(), c.AbandonRun(run=child.number, reason="sans issue"))
            return
        ends = [
            (name, end)
            for name, one in child.definition.runbook.tracks.items()
            for end, step in one.steps.items()
            if step.result == result
        ]
        for name, end in ends:
            child.reach(name, end)
            if child.run.open:
                child.finish()
            break
        if child.run.result != result:
            raise Unreachable(f"{child.run.runbook} never says {result}")

    def _have_done(self, track: str, once: tuple[str, ...] | ChildRuns) -> None:
        """Bring to their end the tracks, or the child runs, that a join waits for."""
        if isinstance(once, ChildRuns):
            children = [run.id for run in self.town.incident.open_runs if run.parent == self.number]
            for child in children:
                Player(self.town, child, self.depth + 1).finish()
            return
        before = self.cursor(track)
        for other in once:
            for _ in range(MOST_MOVES):
                way = self._way_to_an_end(other) if self.run.open and self.cursor(track) == before else None
                if not way:
                    break
                self._take(other, way[0])

    def _press(self, track: str, cursor: Cursor, step: Step, name: str) -> None:
        outcome = step.outcomes[name]
        where = {"run": self.number, "track": track, "step": cursor.step, "visit": cursor.visit}
        by = self._somebody(step)
        self._answer(track, step, name)
        for item in range(1, len(step.checklist) + 1):
            if item not in cursor.ticks and outcome.leaves:
                self._says(by, c.Tick(**where, item=item))
        self._says(by, c.PickOutcome(**where, outcome=name, reason="c'est le moment", confirm=True))
        while waiting := [one for one in self.town.incident.approvals.values() if one.pending]:
            self._sign(waiting[0])

    def _sign(self, approval: Approval) -> None:
        for person in self.town.world.directory.people:
            if isinstance(self._try(person, c.Approve(approval=approval.id)), Accepted):
                return
        if approval.after:
            raise Unreachable(f"nobody can sign {approval.outcome}")
        self.town.waits("31 min")
        self._says(self._director(), c.Approve(approval=approval.id, force=True, reason="personne d'autre"))

    # Answers

    def _answer(self, track: str, step: Step, name: str) -> None:
        """Make the outcome's own condition true; for `otherwise`, make no other true."""
        outcome = step.outcomes[name]
        for fact, test in outcome.when.items():
            self._set(fact, test, passing=True)
        if outcome.otherwise:
            for other in step.outcomes.values():
                facts = facts_of(self.town.incident, self.run)
                if other.when and holds(other.when, facts)[0]:
                    fact, test = next(iter(other.when.items()))
                    self._set(fact, test, passing=False)

    def _set(self, fact: str, test: Test, *, passing: bool) -> None:
        spec = self.definition.facts[fact]
        known = facts_of(self.town.incident, self.run).get(fact)
        if test.passes(known) is passing:
            return
        for value in (*samples(spec, [test]), *_PLAUSIBLE, *self.town.world.directory.people):
            readable = value is None or not isinstance(
                read_fact(fact, spec, value.strip(), self.town.world.directory), Refused
            )
            if readable and test.passes(value) is passing:
                self._says(
                    self._director(), c.SetFact(run=self.number, name=fact, value=(value or "").strip())
                )
                return
        raise Unreachable(f"no answer to {fact} for {test}")

    # Who, and how

    def _somebody(self, step: Step) -> str:
        return permissions.who_may(step.role, self.town.incident, self.town.world.directory)[0]

    def _director(self) -> str:
        return permissions.directors(self.town.incident, self.town.world.directory)[0]

    def _says(self, by: str, command: c.Command) -> None:
        answer = self._try(by, command)
        if isinstance(answer, Refused):
            raise Unreachable(f"{by}: {command} → {answer}")

    def _try(self, by: str, command: c.Command) -> Accepted | Refused:
        return self.town.answers(self.town.order(by, command))
