"""Tell an entry in one sentence: what happened, in the reader's language, with the names that procedures use.

A narrator reads a stream in order and folds it as it goes: an entry says `accord 2`, the state says what was asked.
What was erased reads "(effacé)"; a procedure that nobody has any more reads as its identifiers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from engine.core import events as e
from engine.core.evolve import evolve
from engine.core.incident import Incident, Run
from engine.core.quantities import MINUTE, Instant
from engine.core.runbook import Definition
from engine.core.specs import FactSpec
from engine.core.world import World
from engine.i18n import duration
from engine.review.variants import variant
from engine.review.where import Where, where
from engine.speech import Speech
from engine.texts import BLANK

__all__ = ["Narrator", "kind_of"]

_TIMES = ("known_at", "t0", "due", "start", "confirm_by", "expires")
_TOLD: dict[str, type] = {
    **dict.fromkeys(_TIMES, int),
    **dict.fromkeys(("people", "roles", "groups", "entries", "activities"), tuple),
}
_ERASABLE = ("text", "title", "author", "report", "name", "person", "who", "people", "account")
_LONGEST_REASON = 2_000


def kind_of(event: e.Event) -> str:
    """The name of an event's kind, as the journal spells it."""
    return str(event.__struct_config__.tag)


class Narrator:
    """Whoever tells one incident. Feed it every entry, in order."""

    def __init__(self, speech: Speech, world: World, *, redacted: bool = False) -> None:
        """`redacted`: what is not told was hidden for this reader; else it was erased for all."""
        self.speech, self._world = speech, world
        self._blank = f"timeline.line.{'hidden' if redacted else 'erased'}"
        self.incident = Incident(id="")
        self._now = speech.now
        self._sayers: dict[str, Callable[[Any], object]] = {
            **dict.fromkeys(_TIMES, self._at),
            **dict.fromkeys(("person", "who"), speech.person),
            **dict.fromkeys(("activity", "clock"), self._title),
            **dict.fromkeys(("surface", "way"), lambda one: speech.code("surface", one)),
            "purpose": lambda one: speech.code("purpose", one),
            "on": lambda one: speech.answer("date", one, {}),
            "application": self._application,
            "activities": lambda names: " · ".join(map(self._title, names)),
            "people": self._people,
            "role": speech.role,
            "roles": lambda roles: ", ".join(speech.role(role) for role in roles),
            "groups": self._groups,
            "end": self._end,
            "entries": lambda entries: ", ".join(map(str, entries)),
        }

    def summary(self, entry: e.Entry) -> str:
        """The sentence of this entry, which comes after all those told before."""
        if entry.seq > self.incident.seq:
            self.incident = evolve(self.incident if self.incident.id else Incident(id=entry.incident), entry)
        return self.tell(entry)

    def where(self, event: e.Event) -> Where:
        """The procedure, track and step of an event of the incident as it stands."""
        return where(event, self.incident, self._world)

    def tell(self, entry: e.Entry) -> str:
        """The sentence of an entry of the incident as it stands."""
        self._now = entry.at
        kind = kind_of(entry.event)
        case = variant(entry.event, readiness=self.incident.readiness)
        told = self.speech.say(f"timeline.entry.{kind}.{case}", **self._facts(entry))
        return " — ".join((told, *self._extras(entry.event), *self._trust(entry))) if told else told

    def _trust(self, entry: e.Entry) -> list[str]:
        """While a surface is suspect: what came from it all the same, and how a yes was proved."""
        extras = []
        if entry.source in self.incident.suspect and not isinstance(entry.event, e.SurfaceChanged):
            extras.append(self.speech.say("timeline.line.from_suspect"))
        if proof := getattr(entry.event, "proof", ""):
            extras.append(self.speech.say(f"timeline.line.by_{proof}"))
        return extras

    def _extras(self, event: e.Event) -> list[str]:
        """What may follow any sentence: what was left undone, why, how late, and whether a call was spared."""
        extras = self._left_undone(event) if isinstance(event, e.OutcomePicked) else []
        if reason := getattr(event, "reason", ""):
            extras.append(self.speech.say("timeline.line.reason", reason=reason[:_LONGEST_REASON]))
        if (late := getattr(event, "late_ms", 0)) >= MINUTE:
            extras.append(self.speech.say("timeline.line.late", late=duration(late, self.speech.words.lang)))
        if getattr(event, "told", True) is False:
            extras.append(self.speech.say("timeline.line.not_told"))
        return extras

    def _left_undone(self, event: e.OutcomePicked) -> list[str]:
        """The boxes and the questions that the outcome went ahead of."""
        definition = self._definition(self.incident.runs.get(event.run))
        if definition is None:
            return []
        boxes = definition.step(event.track, event.step).checklist
        left = {
            "unticked": [boxes[number - 1].do for number in event.unticked],
            "unanswered": [
                definition.facts[name].label for name in event.unanswered if name in definition.facts
            ],
        }
        return [
            self.speech.say(f"timeline.line.{key}", left=" · ".join(texts))
            for key, texts in left.items()
            if texts
        ]

    def _facts(self, entry: e.Entry) -> dict[str, object]:
        event = entry.event
        found: dict[str, object] = {}
        for name in event.__struct_fields__:
            value = getattr(event, name)
            found[name] = self._said(event, name, value)
        found |= self._places(event)
        if (number := getattr(event, "approval", 0)) and not isinstance(event, e.ApprovalAsked):
            found |= self._approval(number)
        if number := getattr(event, "task", 0):
            found |= self._task(number)
        if isinstance(event, e.FactSet):
            found |= self._fact(event)
        if isinstance(event, e.MessageSent) and self.speech.hides and self.is_sensitive(event):
            found["text"] = self.speech.say("cards.text.masked")
        if isinstance(event, e.IncidentClosed):
            found["open"] = self._still_open(event)
        if isinstance(event, e.HandedOver):
            found["to"] = self.speech.person(event.to) or self.speech.say(self._blank)
        return found

    # Names

    def _said(self, event: e.Event, name: str, value: Any) -> object:
        """A field as it is told; an erased one says so."""
        if name in _ERASABLE and name in event.LEAVES and not value:
            return self.speech.say(self._blank)
        sayer = self._sayers.get(name)
        return value if sayer is None or not isinstance(value, _TOLD.get(name, str)) else sayer(value)

    def _at(self, instant: Instant) -> str:
        """An hour as it was said when the entry was written: "avant ven. 03:02" then means the next Friday."""
        return replace(self.speech, now=self._now).at(instant)

    def _end(self, end: str) -> str:
        key = f"cards.end.{end}"
        return self.speech.say(key) if self.speech.words.has(key) else end

    def _people(self, people: tuple[str, ...]) -> str:
        return ", ".join(self.speech.person(one) for one in people)

    def _groups(self, groups: Sequence[Sequence[str]]) -> str:
        return " + ".join(" / ".join(self.speech.role(role) for role in group) for group in groups)

    def _title(self, name: str) -> str:
        for run in self.incident.runs.values():
            definition = self._definition(run)
            if definition is not None and name in definition.clocks:
                return definition.clocks[name].title
        spec = self._world.clocks.get(name)
        return spec.title if spec else self.speech.titles.get(name, name)

    def _application(self, name: str) -> str:
        known = self._world.applications.get(name)
        return known.title if known else name

    def _definition(self, run: Run | None) -> Definition | None:
        try:
            return self._world.shelf.definition(run.digest) if run else None
        except KeyError:
            return None

    def _runbook(self, number: int) -> str:
        run = self.incident.runs.get(number)
        definition = self._definition(run)
        return definition.runbook.title if definition else run.runbook if run else ""

    def _awaited(self, runbook: str) -> str:
        """The title of a procedure that is told of before it is opened."""
        digest = self._world.shelf.current(runbook)
        try:
            return self._world.shelf.definition(digest).runbook.title if digest else runbook
        except KeyError:
            return runbook

    def _places(self, event: e.Event) -> dict[str, object]:
        """Titles of the run, track, steps, outcome and box that an event names."""
        number = getattr(event, "run", 0) or getattr(event, "child", 0)
        found: dict[str, object] = {
            "runbook": self._runbook(number) or getattr(event, "runbook", ""),
            "child": self._runbook(getattr(event, "child", 0)),
            "handed_to": self._runbook(getattr(event, "handed_to", 0)),
        }
        definition = self._definition(self.incident.runs.get(number))
        track = definition.runbook.tracks.get(getattr(event, "track", "")) if definition else None
        if track is None or definition is None:
            return found
        found["track"] = track.title
        for name in ("step", "to"):
            step = track.steps.get(getattr(event, name, ""))
            if step is not None:
                found[name] = step.title
        here = track.steps.get(getattr(event, "step", ""))
        if here is None:
            return found
        if isinstance(event, e.WaitStarted):
            found["child"] = found["child"] or self._awaited(here.wait_for or "")
        if (outcome := getattr(event, "outcome", "")) in here.outcomes:
            found["outcome"] = here.outcomes[outcome].label
        if isinstance(event, e.ItemTicked) and 1 <= event.item <= len(here.checklist):
            found["item"] = here.checklist[event.item - 1].do
        if isinstance(event, e.RollMarked) and here.roll is not None:
            found["status"] = here.roll.states.get(event.status, event.status)
        return found

    def _approval(self, number: int) -> dict[str, object]:
        asked = self.incident.approvals.get(number)
        definition = self._definition(self.incident.runs.get(asked.run)) if asked else None
        if asked is None or definition is None:
            return {"outcome": asked.outcome if asked else "", "step": asked.step if asked else ""}
        step = definition.step(asked.track, asked.step)
        outcome = step.outcomes[asked.outcome].label if asked.outcome in step.outcomes else asked.outcome
        return {"outcome": outcome, "step": step.title}

    def _task(self, number: int) -> dict[str, object]:
        task = self.incident.tasks.get(number)
        if task is None:
            return {}
        who = self.speech.person(task.who) if task.who else self.speech.role(task.role)
        duty = self._world.duties.get(task.duty)
        text = task.text or (duty.title if duty else self._check(task.duty))
        return {
            "text": text or self.speech.say(self._blank),
            "who": who,
        }

    def _check(self, duty: str) -> str:
        """The question that a false alarm leaves: its words are the catalogue's."""
        kind, _, name = duty.removeprefix("check-").partition("-")
        if not duty.startswith("check-"):
            return ""
        told = self._runbook(int(name)) if kind == "run" and name.isdigit() else self._title(name)
        return self.speech.say(f"cards.task.check_{kind}", name=told)

    def _fact(self, event: e.FactSet) -> dict[str, object]:
        runs = (
            [self.incident.runs[event.run]]
            if event.run in self.incident.runs
            else self.incident.runs.values()
        )
        specs = (
            d.facts[event.name] for run in runs if (d := self._definition(run)) and event.name in d.facts
        )
        spec = next(specs, None)
        value = self._value(event, spec)
        return {"fact": spec.label if spec else event.name, "value": value}

    def is_sensitive(self, event: e.Event) -> bool:
        """Whether it is an answer declared so, or a text that was filled with one."""
        if not isinstance(event, e.MessageSent):
            return isinstance(event, e.FactSet) and event.sensitive
        definition = self._definition(self.incident.runs.get(event.run))
        message = definition.runbook.messages.get(event.message) if definition else None
        if definition is None or message is None:
            return False
        named = {blank["name"] for blank in BLANK.finditer(message.text)}
        return any(definition.facts[name].sensitive for name in named & definition.facts.keys())

    def _value(self, event: e.FactSet, spec: FactSpec | None) -> str:
        if not event.value:
            return self.speech.say(self._blank)
        return self.speech.answer(spec.type, event.value, spec.choices) if spec else event.value

    def _still_open(self, event: e.IncidentClosed) -> str:
        runs = [self._runbook(number) for number in event.open_runs]
        return ", ".join((*runs, *(self._title(clock) for clock in event.clocks), *map(str, event.pending)))
