"""The runbook format, version 1: what a town may write in a procedure.

A runbook is a set of *tracks* that run side by side; a track is a flat state machine, its states are *steps*, its
transitions the *outcomes* that a person picks. `docs/runbook-format.md` is the guide, these models are the law:
the published JSON Schema is generated from them. They check shape only; what needs the whole (does this outcome lead
somewhere, can this track be lost) is the linter's.

Everything is frozen: a definition is pinned by its digest when a run opens and never changes afterwards.
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_serializer, model_validator
from pydantic_core import PydanticCustomError

from engine.core.quantities import Duration, Target
from engine.core.scalars import Delay, Flag, Identifier, OneOrMany, Rule, Text, When
from engine.core.specs import ClockSpec, ClockUse, Exit, FactSpec, Message, Pace, Recurrence, Review
from engine.core.written import Written

__all__ = [
    "AnyOf", "CaseTarget", "ChecklistItem", "ChildRuns", "ClockSpec", "ClockUse", "Definition", "EndKind",
    "FactSpec", "Message", "Opening", "Outcome", "Roll", "Runbook", "Signature", "Step", "Track",
]  # fmt: skip

EndKind = Literal["closed", "retex", "false_alarm", "transferred"]
Severity = Literal["G1", "G2", "G3", "G4"]


class ChecklistItem(Written):
    """A box to tick. It never blocks; one left unticked asks for a confirmation and a reason."""

    do: Text
    optional: Flag = False
    clock_start: OneOrMany = ()
    clock_stop: OneOrMany = ()


class Signature(Written):
    """Named people, one from each group. With `within`, afterwards: for a reversible act that must not wait."""

    by: tuple[OneOrMany, ...] = Field(min_length=1)
    within: Delay | None = None


class Opening(Written):
    """Another procedure that an outcome opens; both go on."""

    runbook: Identifier
    when: When = Field(default_factory=dict)


class ChildRuns(Written):
    """`once: {runs: visite-personne}`: when no run of this procedure opened from here is still going on."""

    runs: Identifier


class Outcome(Written):
    """A button of a step. Without `next` (or an end of its own) it is an act: the step stays, in the same visit."""

    label: Text
    next: Identifier | None = None
    hand_over: Identifier | None = None
    when: When = Field(default_factory=dict)
    otherwise: Flag = False
    urgent: Flag = False
    """Danger, or a graver procedure takes over: boxes left unticked and facts still unknown don't hold it up."""
    reason: Flag = False
    confirm: Text | None = None
    sign: Signature | None = None
    once: OneOrMany | ChildRuns | None = None
    auto_after: Delay | None = None
    open: tuple[
        Annotated[
            Opening,
            BeforeValidator(lambda written: {"runbook": written} if isinstance(written, str) else written),
        ],
        ...,
    ] = ()
    clock_start: OneOrMany = ()
    clock_stop: OneOrMany = ()
    interrupts: OneOrMany = ()
    degrades: OneOrMany = ()
    resumes: OneOrMany = ()

    @property
    def is_automatic(self) -> bool:
        """Picked by the engine alone; a result of `wait_for` is too, but only its step knows that."""
        return self.once is not None or self.auto_after is not None

    @cached_property
    def touches(self) -> bool:
        """Does it start, stop or open anything beside its own track?"""
        return bool(
            self.clock_start
            or self.clock_stop
            or self.interrupts
            or self.degrades
            or self.resumes
            or self.open
        )

    @property
    def leaves(self) -> bool:
        return self.next is not None or self.hand_over is not None


class Roll(Written):
    """A step over many items (vulnerable persons, applications): numbers only, never names in the chat."""

    title: Text
    size: Identifier
    """The integer fact that says how many items there are."""
    states: dict[Identifier, Text] = Field(min_length=2)
    counts: dict[Identifier, Identifier] = Field(default_factory=dict)
    """Run facts that count the items in a state: `{visites: visite}`."""


class Escalation(Written):
    """A rung of its own on the ladder of a late step."""

    role: Identifier
    delay: Delay


class CaseTarget(Written):
    """One line of a conditional target; the first that holds is the target."""

    when: When = Field(default_factory=dict)
    target: Rule = Field(alias="is")


class Step(Written):
    """A state of a track: who does what by when, and the ways out. With `end`, the track's last state."""

    title: Text
    role: OneOrMany = ()
    target: Rule | tuple[CaseTarget, ...] | None = None
    wake: Rule | None = None
    do: Text | None = None
    details: Text | None = None
    checklist: tuple[
        Annotated[
            ChecklistItem,
            BeforeValidator(lambda written: {"do": written} if isinstance(written, str) else written),
        ],
        ...,
    ] = ()
    ask: OneOrMany = ()
    evidence: tuple[Text, ...] = ()
    escalate: Escalation | None = None
    paper: Text | None = None
    never: tuple[Text, ...] = ()
    message: Identifier | None = None
    roll: Roll | None = None
    wait_for: Identifier | None = None
    outcomes: dict[Identifier, Outcome] = Field(default_factory=dict)
    end: EndKind | None = None
    result: Identifier | None = None

    @field_serializer("target")
    def _write_target(self, target: Target | tuple[CaseTarget, ...] | None) -> object:
        """Left to choose, pydantic would write a conditional target as one text, which can't be read back."""
        if isinstance(target, tuple):
            return [one.model_dump(mode="json", by_alias=True, exclude_defaults=True) for one in target]
        return None if target is None else str(target)

    @model_validator(mode="after")
    def _end_or_outcomes(self) -> Self:
        if self.end is None and not self.outcomes:
            raise PydanticCustomError("no_outcome", "a step needs outcomes, or is an end")
        if self.end is not None and self.outcomes:
            raise PydanticCustomError("end_with_outcomes", "an end has no outcomes")
        return self


class AnyOf(Written):
    """`{any: […]}`: one is enough."""

    any: tuple[Text, ...] = Field(min_length=1)


class Track(Written):
    """A lane of the procedure. Its first step is where it starts."""

    title: Text
    opens_on: tuple[Text, ...] | AnyOf = ()
    each_time: Flag = False
    lost_if: tuple[Text, ...] = ()
    steps: dict[Identifier, Step] = Field(min_length=1)

    @property
    def first(self) -> str:
        return next(iter(self.steps))

    @property
    def openers(self) -> tuple[str, ...]:
        return self.opens_on.any if isinstance(self.opens_on, AnyOf) else self.opens_on


class Runbook(Written):
    """A whole procedure, as written."""

    format: Literal["1"]
    runbook: Identifier
    title: Text
    lang: Text = "fr"
    version: int = Field(ge=1)
    summary: Text | None = None
    severity: Severity | None = None
    triggers: tuple[Text, ...] = ()
    exit: Exit | None = None
    activities: OneOrMany = ()
    keeps: OneOrMany = ()
    """Of these, those that it takes through their degraded mode, whatever has stopped them."""
    roles: dict[Identifier, Text] = Field(default_factory=dict)
    evidence: tuple[Text, ...] = ()
    never: tuple[Text, ...] = ()
    paper: Text | None = None
    sources: tuple[Text, ...] = ()
    page_review: Review | None = None
    updates: Pace | None = None
    recurs: tuple[Recurrence, ...] = ()
    several: Flag = False
    facts: dict[Identifier, FactSpec] = Field(default_factory=dict)
    clocks: tuple[ClockUse, ...] = ()
    tracks: dict[Identifier, Track] = Field(min_length=1)
    messages: dict[Identifier, Message] = Field(default_factory=dict)

    @property
    def is_readiness(self) -> bool:
        """Done because its time has come round, not because something happened."""
        return bool(self.recurs)

    @property
    def results(self) -> frozenset[str]:
        """What whoever waits for this procedure may hear, `abandoned` apart."""
        return frozenset(
            step.result
            for track in self.tracks.values()
            for step in track.steps.values()
            if step.result is not None
        )


class Definition(BaseModel):
    """What a run is pinned to: the procedure and all that it borrows, as they were when the run opened."""

    model_config = ConfigDict(frozen=True)

    runbook: Runbook
    shared_facts: dict[str, FactSpec] = Field(default_factory=dict)
    clocks: dict[str, ClockSpec] = Field(default_factory=dict)
    waits: dict[str, frozenset[str]] = Field(default_factory=dict)
    """For each procedure that a step waits for: its results, `abandoned` among them."""
    rto: dict[str, Delay] = Field(default_factory=dict)
    """RTO of the activities that this procedure protects; a `rto` target takes the shortest."""

    @cached_property
    def facts(self) -> dict[str, FactSpec]:
        return {**self.shared_facts, **self.runbook.facts}

    @cached_property
    def shortest_rto(self) -> Duration | None:
        mine = [self.rto[name] for name in self.runbook.activities if name in self.rto]
        return min(mine, key=lambda delay: delay.rough_ms, default=None)

    def step(self, track: str, step: str) -> Step:
        return self.runbook.tracks[track].steps[step]

    def results(self, step: Step) -> frozenset[str]:
        """The outcomes of `step` that only the procedure it waits for may pick."""
        if step.wait_for is None:
            return frozenset()
        return self.waits.get(step.wait_for, frozenset({"abandoned"})) & step.outcomes.keys()

    def is_pressable(self, step: Step, outcome: str) -> bool:
        """May a person pick this outcome of the step?"""
        return not step.outcomes[outcome].is_automatic and outcome not in self.results(step)

    def pressable(self, step: Step) -> tuple[str, ...]:
        """The outcomes of `step` that a person may pick."""
        results = self.results(step)
        return tuple(
            n for n, outcome in step.outcomes.items() if not outcome.is_automatic and n not in results
        )
