"""A town in crisis, small enough to read: a few people, a shelf of procedures written in the test, and what they say.

    town = play(RANCONGICIEL)
    town.declares("agent", "rancongiciel")
    town.picks("rssi", "confirme")
    town.waits("2 h")

Every order, accepted or refused, is checked against what must always hold (`Town._must_hold`): deciding is pure,
entries follow each other, the journal replayed gives the state, and the deadlines kept by differences are the state's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec
import yaml

from engine.core import commands as c
from engine.core import deadlines, permissions
from engine.core import events as e
from engine.core.commun import Duty
from engine.core.deadlines import Deadline
from engine.core.decide import decide
from engine.core.directory import DIRECTOR, Directory, Person, Post
from engine.core.evolve import fold
from engine.core.incident import Cursor, Incident, Run
from engine.core.quantities import Instant, parse_duration
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.core.runbook import Definition, Runbook
from engine.core.specs import ClockSpec, FactSpec
from engine.core.world import World
from engine.library.catalogue import definition_from
from engine.library.catalogue import digest as digest_of

__all__ = [
    "DIRECTORY", "NIGHT", "Shelf", "Town", "at", "clock_spec", "commands_of", "duty", "fact_spec", "play", "runbook",
]  # fmt: skip

PARIS = ZoneInfo("Europe/Paris")
E = TypeVar("E", bound=e.Event)


def at(local: str, zone: ZoneInfo = PARIS) -> Instant:
    """The instant of a local time: `at("2026-11-24 03:00")`; where it comes twice, the first."""
    return round(datetime.fromisoformat(local).replace(tzinfo=zone).timestamp() * 1000)


NIGHT = at("2026-11-24 03:00")
"""A Tuesday, when nobody is at the town hall."""


# Who


def directory(
    people: Iterable[str],
    roles: Mapping[str, tuple[str, ...]],
    fallback: Mapping[str, tuple[str, ...]] | None = None,
) -> Directory:
    """Names are ids; a role lists its holder, then its deputies."""
    return Directory(
        people={one: Person(id=one, name=one.capitalize()) for one in people},
        roles={role: Post(holder=posts[0], deputies=tuple(posts[1:])) for role, posts in roles.items()},
        fallback=dict(fallback or {}),
    )


DIRECTORY = directory(
    "maire adjoint dgs dsi technicien rssi dpo com agent".split(),
    {
        DIRECTOR: ("maire", "adjoint"),
        "maire": ("maire", "adjoint"),
        "dgs": ("dgs", "adjoint"),
        "dsi": ("dsi", "technicien"),
        "rssi": ("rssi",),
        "dpo": ("dpo",),
        "communication": ("com", "dgs"),
    },
    {"juridique": ("avocat", "dpo"), "comptable": ("tresorier",)},
)
"""Nobody is `juridique`: it falls to the DPO. Nobody is `comptable`, nor its fallback: it falls to the director."""


# What they follow


def runbook(text: str) -> Runbook:
    """A procedure as a town writes it; the header may be left out."""
    written = yaml.load(text, Loader=yaml.BaseLoader)
    header = {"format": "1", "title": written["runbook"], "version": "1"}
    return Runbook.model_validate(header | written)


def fact_spec(kind: str, label: str = "", **more: Any) -> FactSpec:
    return FactSpec.model_validate({"type": kind, "label": label or kind, **more})


def clock_spec(delay: str | None = None, **more: Any) -> ClockSpec:
    written = {"title": "Délai légal", "source": "loi", "checked": "2026-11-24", "certainty": "sur"}
    return ClockSpec.model_validate(written | ({"delay": delay} if delay else {}) | more)


def duty(when: str, role: str, target: str) -> Duty:
    return Duty.model_validate(
        {"title": f"Devoir {when}", "role": role, "when": when, "target": target, "do": "…"}
    )


SHARED_FACTS = {
    "donnees_personnelles": fact_spec(
        "choice",
        "Des données personnelles ?",
        choices={"oui": "Oui", "non": "Non", "a_confirmer": "À confirmer"},
    ),
    "date_virement": fact_spec("date", "Date du virement"),
}
CLOCKS = {
    "H-CNIL33": clock_spec("72 h", title="Notification à la CNIL"),
    "H-PLAINTE72": clock_spec("72 h", title="Plainte"),
    "H-REG": clock_spec(immediate="true", title="Registre"),
    "H-ASSUR": clock_spec("5 jo", title="Assureur"),
}
RTO = {"paie": parse_duration("48 h"), "deces": parse_duration("4 h")}


@dataclass
class Shelf:
    """Procedures in memory. `put` is the library being edited: runs keep the version that they opened with."""

    shared_facts: Mapping[str, FactSpec] = field(default_factory=lambda: SHARED_FACTS)
    clocks: Mapping[str, ClockSpec] = field(default_factory=lambda: CLOCKS)
    books: dict[str, Runbook] = field(default_factory=dict)
    pinned: dict[str, Definition] = field(default_factory=dict)
    newest: dict[str, str] = field(default_factory=dict)

    def put(self, *texts: str) -> Shelf:
        for text in texts:
            one = runbook(text)
            self.books[one.runbook] = one
        for name, book in self.books.items():
            definition = self._defined(book)
            digest, content = digest_of(definition)
            self.pinned.setdefault(digest, definition_from(content))  # as the journal keeps it: read back
            self.newest[name] = digest
        return self

    def drop(self, name: str) -> None:
        """Take a procedure off the shelf; its open runs go on."""
        del self.books[name], self.newest[name]

    def current(self, runbook: str) -> str | None:
        return self.newest.get(runbook)

    def definition(self, digest: str) -> Definition:
        return self.pinned[digest]

    def _defined(self, book: Runbook) -> Definition:
        waited = {
            step.wait_for for track in book.tracks.values() for step in track.steps.values() if step.wait_for
        }
        return Definition(
            runbook=book,
            shared_facts=dict(self.shared_facts),
            clocks=dict(self.clocks),
            waits={
                name: self.books[name].results | {"abandoned"}
                if name in self.books
                else frozenset({"abandoned"})
                for name in waited
            },
            rto=RTO,
        )


# What they say


def play(*texts: str, **more: Any) -> Town:
    """A quiet town at night, with these procedures on its shelf."""
    shelf = Shelf().put(*texts)
    world = World(directory=DIRECTORY, shelf=shelf, clocks=CLOCKS, organisation="Valmont")
    return Town(shelf=shelf, world=_with(world, more))


def _with(world: World, more: Mapping[str, Any]) -> World:
    fields = {name: getattr(world, name) for name in world.__dataclass_fields__}
    return World(**(fields | dict(more)))


@dataclass
class Town:
    """The incident as it is lived: orders go in, entries come out, time passes."""

    shelf: Shelf
    world: World
    now: Instant = NIGHT
    incident: Incident = field(default_factory=lambda: Incident(id="INC-2026-001"))
    journal: list[e.Entry] = field(default_factory=list)
    due: dict[tuple[Any, ...], Deadline] = field(default_factory=dict)

    # Orders

    def order(self, by: str, command: c.Command, **envelope: Any) -> c.Order:
        return c.Order(
            incident=self.incident.id,
            command=command,
            by=by,
            at=self.now,
            key=str(len(self.journal)),
            **envelope,
        )

    def answers(self, order: c.Order) -> Accepted | Refused:
        """Decide, check what must always hold, keep what was accepted."""
        before = self.incident
        answer = decide(order, before, self.world)
        self._must_hold(order, before, answer)
        if isinstance(answer, Accepted):
            watched = deadlines.grouped(self.due.values())
            watched = deadlines.following(watched, before, answer.incident, self.world)
            self.incident = answer.incident
            self.journal += answer.entries
            self.due = {one.name: one for due in watched.values() for one in due}
            assert self.due == {one.name: one for one in deadlines.of(self.incident, self.world)}
        return answer

    def says(self, by: str, command: c.Command, **envelope: Any) -> list[e.Event]:
        """An order that is accepted; the events that it brings."""
        answer = self.answers(self.order(by, command, **envelope))
        assert isinstance(answer, Accepted), answer
        return [entry.event for entry in answer.entries]

    def is_told(self, by: str, command: c.Command, **envelope: Any) -> Refused:
        """An order that is refused; what the person is told."""
        answer = self.answers(self.order(by, command, **envelope))
        assert isinstance(answer, Refused), answer.entries
        return answer

    def declares(self, by: str, runbook: str = "", **more: Any) -> list[e.Event]:
        known_at = more.pop("known_at", self.now)
        return self.says(by, c.Declare(title="Alerte", known_at=known_at, runbook=runbook, **more))

    def picks(self, by: str, outcome: str, **more: Any) -> list[e.Event]:
        return self.says(by, self.outcome(outcome, **more))

    def outcome(self, outcome: str, reason: str = "", confirm: bool = False, **where: Any) -> c.PickOutcome:
        """The button of that name (or `step.outcome`), on the step that has it now."""
        step, _, name = outcome.rpartition(".")
        run, track, cursor = self.find(step, name, **where)
        return c.PickOutcome(
            run=run.id,
            track=track,
            step=cursor.step,
            visit=cursor.visit,
            outcome=name,
            reason=reason,
            confirm=confirm,
        )

    def at_step(self, step: str, **where: Any) -> dict[str, Any]:
        """The coordinates of a step command: `TakeStep(**town.at_step("isoler"))`."""
        run, track, cursor = self.find(step, "", **where)
        return {"run": run.id, "track": track, "step": cursor.step, "visit": cursor.visit}

    def find(self, step: str, outcome: str, run: int = 0) -> tuple[Run, str, Cursor]:
        found = [
            (one, track, cursor)
            for one, track, cursor in self.places()
            if (not step or cursor.step == step)
            and (not run or one.id == run)
            and (
                not outcome or outcome in self.shelf.definition(one.digest).step(track, cursor.step).outcomes
            )
        ]
        assert len(found) == 1, f"{step}.{outcome}: {len(found)} places among {self.steps}"
        return found[0]

    def places(self) -> Iterator[tuple[Run, str, Cursor]]:
        for run in self.incident.open_runs:
            for track, state in run.tracks.items():
                if state.cursor is not None:
                    yield run, track, state.cursor

    @property
    def steps(self) -> list[str]:
        """Where each open run stands."""
        return sorted(cursor.step for _, _, cursor in self.places())

    def run(self, runbook: str) -> Run:
        """The last run of that procedure."""
        return [run for run in self.incident.runs.values() if run.runbook == runbook][-1]

    # Time

    def waits(self, delay: str) -> list[e.Entry]:
        """Time passes; each deadline fires when it is due, as with a desk that never stops."""
        return self.until(self.world.calendar.add(self.now, parse_duration(delay)))

    def until(self, instant: Instant) -> list[e.Entry]:
        written = len(self.journal)
        while self.due and (first := min(self.due.values(), key=lambda one: one.due)).due <= instant:
            self.now = max(self.now, first.due)
            self.fires(first)
        self.now = max(self.now, instant)
        return self.journal[written:]

    def sleeps(self, delay: str) -> None:
        """Time passes and nothing fires: the machine is off."""
        self.now = self.world.calendar.add(self.now, parse_duration(delay))

    def wakes(self) -> list[e.Entry]:
        """The machine is on again: what came due meanwhile fires, oldest first."""
        return self.until(self.now)

    def fires(self, deadline: Deadline) -> list[e.Event]:
        events = self.says("", fire(deadline))
        assert self.due.get(deadline.name) != deadline, (
            "what has fired is not due again, or it would for ever"
        )
        return events

    def deadline(self, kind: str, subject: str = "") -> Deadline:
        found = [
            one for one in self.due.values() if one.kind == kind and (not subject or one.subject == subject)
        ]
        assert len(found) == 1, f"{kind}: {found}"
        return found[0]

    # What was written

    def written(self, kind: type[E]) -> list[E]:
        return [entry.event for entry in self.journal if isinstance(entry.event, kind)]

    def entries(self, kind: type[e.Event]) -> list[e.Entry]:
        return [entry for entry in self.journal if isinstance(entry.event, kind)]

    def may(self, person: str, *roles: str) -> bool:
        return permissions.right(person, roles, self.incident, self.world.directory) is not None

    def _must_hold(self, order: c.Order, before: Incident, answer: Accepted | Refused) -> None:
        assert decide(order, before, self.world) == answer, (
            "the same order on the same state is decided the same way"
        )
        assert order.incident == before.id
        if isinstance(answer, Refused):
            return
        entries, after = list(answer.entries), answer.incident
        assert [one.seq for one in entries] == list(range(before.seq + 1, before.seq + 1 + len(entries)))
        assert all(one.at == max(order.at, before.now) and one.occurred_at <= one.at for one in entries)
        assert fold(before, entries) == after
        if len(self.journal) < 100 or len(self.journal) % 16 == 0:  # a long play would cost its square
            assert fold(Incident(id=before.id), self.journal + entries) == after
        assert msgspec.json.decode(msgspec.json.encode(after), type=Incident) == after


def fire(deadline: Deadline) -> c.FireDeadline:
    return c.FireDeadline(**{name: getattr(deadline, name) for name in c.FireDeadline.__struct_fields__})


def commands_of(events: Iterable[e.Event]) -> list[str]:
    """The kinds of these events, to compare at a glance."""
    return [type(one).__name__ for one in events]
