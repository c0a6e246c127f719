"""A draft of entries: each is folded at once, so that the next consequence is judged on what is already true."""

from __future__ import annotations

import msgspec

from engine.core import permissions
from engine.core.commands import Order
from engine.core.directory import DIRECTOR
from engine.core.events import Actor, Entry, Event
from engine.core.evolve import evolve
from engine.core.incident import Cursor, Incident, Run
from engine.core.quantities import Instant
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.core.runbook import Definition, Outcome, Step
from engine.core.world import World

__all__ = ["Draft", "Refusal", "Spot", "refuse"]


_MOST_BY_THEMSELVES = 50
"""More automatic moves in one order are a circle (the linter names it), not a crisis."""
_EARLIEST = 946_684_800_000
"""1 January 2000."""


class Refusal(Exception):
    """How a rule deep inside says no: it carries the value that `decide` answers with; nothing else sees it."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.code)
        self.refused = refused


def refuse(code: str, **facts: str | int | tuple[str, ...]) -> Refusal:
    """The refusal of that code, to raise."""
    return Refusal(Refused(code, facts))


class Spot(msgspec.Struct, frozen=True):
    """Where a step command applies: the run, the track, its cursor and what the pinned procedure says of the step."""

    run: Run
    track: str
    cursor: Cursor
    step: Step
    definition: Definition


class Draft:
    """The entries of one order so far. Local to one `decide`; nothing outside sees it change."""

    __slots__ = (
        "_actor", "_entered_by", "_made", "by", "entries", "incident", "occurred_at", "order", "typist", "unsettled",
        "world",
    )  # fmt: skip

    def __init__(self, order: Order, incident: Incident, world: World) -> None:
        self.order = order
        self.incident = incident
        self.world = world.at(self.now)
        self.entries: list[Entry] = []
        self.by = order.by
        self.typist = order.entered_by if order.entered_by != order.by else ""
        self.occurred_at: Instant = order.occurred_at or self.now
        self.unsettled: dict[int, None] = {}
        """Runs in which a move may have set something free: `moves.settle` looks at them."""
        self._made: set[tuple[int, str, str, str]] = set()
        self._actor: Actor | None = None
        self._entered_by: Actor | None = None

    def first_time(self, run: int, track: str, outcome: str) -> bool:
        """Say whether this automatic outcome of the track's step wasn't picked in this order yet, and note it.

        Nor may procedures that open each other go on for ever: after so many automatic moves, the order stops.
        """
        cursor = self.incident.runs[run].tracks[track].cursor
        made = (run, track, cursor.step if cursor else "", outcome)
        if made in self._made or len(self._made) >= _MOST_BY_THEMSELVES:
            return False
        self._made.add(made)
        return True

    @property
    def now(self) -> Instant:
        """When the order is recorded; never before what is already in the journal."""
        return max(self.order.at, self.incident.now)

    @property
    def in_person(self) -> bool:
        return not self.typist

    def speak_for(self, speaker: str, typist: str) -> None:
        """What follows is `speaker`'s act, typed by somebody else."""
        self.by, self.typist, self._actor, self._entered_by = speaker, typist, None, None

    def now_in_person(self, person: str) -> None:
        """What follows is what this person does now, with their own hands."""
        self.speak_for(person, "")
        self.occurred_at = self.now

    def emit(self, event: Event) -> None:
        """Add an entry by the actor of the order, and fold it."""
        if self._actor is None:
            self.act_as(permissions.hat(self.by, self.incident, self.world.directory) if self.by else "")
        actor = self._actor or Actor()
        entry = Entry(
            incident=self.incident.id,
            seq=self.incident.seq + 1,
            at=self.now,
            occurred_at=self.occurred_at,
            actor=actor,
            event=event,
            source=self.order.source,
            entered_by=self._entered_by,
        )
        self.entries.append(entry)
        self.incident = evolve(self.incident, entry)

    def act_as(self, role: str) -> None:
        """Record what follows under this role."""
        directory = self.world.directory
        self._actor = Actor(self.by, directory.name(self.by) if self.by else "", role)
        if self.typist:
            hat = permissions.hat(self.typist, self.incident, directory)
            self._entered_by = Actor(self.typist, directory.name(self.typist), hat)

    def done(self) -> Accepted:
        return Accepted(tuple(self.entries), self.incident)

    # Where, and with what right

    def run(self, number: int) -> Run:
        run = self.incident.runs.get(number)
        if run is None:
            raise refuse("unknown_run", run=number)
        return run

    def definition(self, run: Run) -> Definition:
        return self.world.shelf.definition(run.digest)

    def place(self, run: int, track: str, step: str) -> tuple[int, str, str]:
        """Where something is said to belong: a step that exists, else the run, else the whole incident."""
        if not run:
            return 0, "", ""
        tracks = self.definition(self.run(run)).runbook.tracks
        if not track and not step:
            return run, "", ""
        if track not in tracks or (step and step not in tracks[track].steps):
            raise refuse("unknown_step", step=step, track=track)
        return run, track, step

    def spot(self, run_number: int, track: str, step: str, visit: int) -> Spot:
        """Where the press was made, if it is still there; else the refusal says who moved it and when."""
        run = self.run(run_number)
        definition = self.definition(run)
        written = definition.runbook.tracks.get(track)
        if written is None or step not in written.steps:
            raise refuse("unknown_step", step=step, track=track)
        state = run.tracks.get(track)
        cursor = state.cursor if state else None
        if run.open and cursor is not None and cursor.step == step and visit in (0, cursor.visit):
            return Spot(run, track, cursor, written.steps[step], definition)
        left = state.left.get(step) if state else None
        if left is not None and (not visit or left.visit >= visit):
            label = (
                written.steps[step].outcomes[left.outcome].label
                if left.outcome in written.steps[step].outcomes
                else ""
            )
            raise refuse(
                "step_left",
                step=written.steps[step].title,
                by=self.world.directory.name(left.by),
                at=left.at,
                outcome=label,
            )
        if not run.open:
            raise refuse("run_over", run=definition.runbook.title, at=run.ended_at)
        raise refuse("step_not_current", step=written.steps[step].title)

    def need_right(self, roles: tuple[str, ...], what: str) -> str:
        """The role under which the actor may; else a refusal that says who may."""
        if not roles:
            return permissions.hat(self.by, self.incident, self.world.directory)
        role = permissions.right(self.by, roles, self.incident, self.world.directory)
        if role is None:
            people = permissions.who_may(roles, self.incident, self.world.directory)
            raise refuse("not_yours", what=what, roles=roles, people=people)
        if role == DIRECTOR and not self.in_person:
            raise refuse("in_person_only", what=what, people=(self.by,))
        return role

    def act_for(self, step: Step) -> None:
        """Record what follows under the role that the step asks for, when the actor holds it, else under their own."""
        incident, directory = self.incident, self.world.directory
        held = (role for role in step.role if permissions.holds(self.by, role, incident, directory))
        self.act_as(next(held, "") or permissions.hat(self.by, incident, directory))

    def need_role(self, what: str) -> None:
        """Holders of any role only, and typed by one: a guest of the directory may note and tick, not steer."""
        hands = (self.by, self.typist) if self.typist else (self.by,)
        if not all(permissions.hat(person, self.incident, self.world.directory) for person in hands):
            raise refuse(
                "role_needed", what=what, people=permissions.directors(self.incident, self.world.directory)
            )

    def need_director(self, what: str, *, standing: bool = False) -> None:
        """Only a director, and in person: nobody types a director's power for them.

        `standing`: not one who only stands in until a director answers, unless the directory knows no director.
        """
        incident, directory = self.incident, self.world.directory
        directors = permissions.directors(incident, directory)
        if standing and len(directors) > 1 and permissions.is_stand_in(self.by, incident, directory):
            directors = tuple(person for person in directors if person != self.by)
        if self.by not in directors:
            raise refuse("director_only", what=what, people=directors)
        if not self.in_person:
            raise refuse("in_person_only", what=what, people=(self.by,))
        self.act_as(DIRECTOR)

    def need_open_incident(self) -> None:
        closed = self.incident.closed
        if closed is not None:
            raise refuse("incident_closed", at=closed.at)

    def need_past(self, instant: Instant) -> None:
        """What is said to have happened has: not later than now, nor in a year that is a slip of the finger."""
        if instant > self.now:
            raise refuse("in_the_future", at=instant)
        if instant < _EARLIEST:
            raise refuse("unlikely_date", at=instant)

    def need_reason(self, reason: str, what: str) -> str:
        if not reason.strip():
            raise refuse("reason_needed", what=what)
        return reason.strip()

    def need_known(self, person: str) -> str:
        known = self.world.directory.people.get(person)
        if known is None:
            raise refuse("unknown_person", person=person)
        if person in self.world.directory.left:
            raise refuse("person_left", person=person)
        if known.until and self.world.calendar.local(self.now).date().isoformat() > known.until:
            raise refuse("person_over", person=person, day=known.until)
        return person

    def outcome(self, spot: Spot, name: str) -> Outcome:
        outcome = spot.step.outcomes.get(name)
        if outcome is None:
            labels = tuple(spot.step.outcomes[one].label for one in spot.definition.pressable(spot.step))
            raise refuse("unknown_outcome", outcome=name, choices=labels)
        return outcome
