"""A procedure on paper: a sheet with what to know and the diagram, then the steps, what explains, what is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.runbook import Definition, Outcome, Runbook
from engine.core.runbook import Step as Written
from engine.library.diagram import Plan, pages, planned
from engine.library.diagram.plan import Box
from engine.paper.blocks import (
    Block,
    Choice,
    Column,
    Columns,
    Document,
    Fill,
    Frame,
    Heading,
    Items,
    NewPage,
    Paragraph,
    Picture,
    Step,
    Table,
    Way,
)  # fmt: skip
from engine.paper.material import BLANK, Material
from engine.texts import BLANK as HOLE

__all__ = ["procedure"]


def procedure(material: Material, name: str, *, drawn: bool = True) -> Document:
    """The pages of one procedure, those of its diagram only if `drawn`. Raises as `Library.runbook` does."""
    definition = material.library.definition(name)
    book = definition.runbook
    titles = {one: other.title for one, other in material.library.runbooks.items()}
    plan = planned(book, material.words, titles=titles, shared=material.library.facts)
    page = _Page(material, definition, plan)
    drawings = pages(plan, material.words) if drawn else []
    edition = material.word("edition.version", version=book.version)
    if book.page_review:
        edition = material.word(
            "edition.reviewed", version=book.version, date=material.day(book.page_review.last)
        )
    return Document(
        name=f"procedure-{name}",
        title=book.title,
        group="preparation" if book.recurs else "procedures",
        summary=book.summary or "",
        badge=book.severity or "",
        edition=edition,
        confidential=True,
        blocks=(
            Columns(blocks=tuple(page.first())),
            *(Picture(svg=svg, alt=book.title) for svg in drawings),
            Columns(blocks=tuple(page.steps())),
            *page.annex(),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Page:
    material: Material
    definition: Definition
    plan: Plan

    @property
    def book(self) -> Runbook:
        return self.definition.runbook

    def word(self, key: str, /, **facts: object) -> str:
        return self.material.word(f"procedure.{key}", **facts)

    # What to know first

    def first(self) -> Iterator[Block]:
        book = self.book
        if book.never:
            never = Items(items=book.never, mark="never")
            yield Frame(title=self.word("never"), blocks=(never,), heavy=True)
        if book.triggers:
            yield Heading(text=self.word("triggers"))
            yield Items(items=book.triggers)
        yield Paragraph(text=self.word("opened"))
        if book.roles:
            yield Heading(text=self.word("who"))
            yield self._calls()
        if self.definition.clocks:
            yield Heading(text=self.word("clocks"))
            yield Items(items=tuple(self._clocks()), mark="box")
            yield Paragraph(text=self.word("clocks_where"))
        if book.paper:
            yield Frame(
                title=self.word("paper"), blocks=(Items(items=tuple(book.paper.splitlines()), mark="box"),)
            )
        if book.evidence:
            yield Heading(text=self.word("evidence"))
            yield Items(items=book.evidence, mark="box")
        if book.exit:
            signed = self._roles(book.exit.signed_by)
            ends = [Paragraph(text=book.exit.criterion)]
            ends += [Paragraph(text=self.word("signed_by", roles=signed))] if signed else []
            yield Frame(title=self.word("exit"), blocks=tuple(ends))

    def _calls(self) -> Table:
        material = self.material
        rows = [
            (material.role(role), "\n".join(material.reached(one) for one in material.people(role)) or BLANK)
            for role in self.book.roles
        ]
        role = Column(title=self.word("role"), share=1.31, strong=True)
        return Table(columns=(role, Column(title=self.word("call_in_order"), share=3)), rows=tuple(rows))

    def _clocks(self) -> Iterator[str]:
        for clock in self.definition.clocks.values():
            told = self.word("clock", title=clock.title, delay=self.material.delay(clock))
            doubt = self.material.certainty(clock.certainty)
            yield (
                told + (f" → {clock.recipient}" if clock.recipient else "") + (f" ({doubt})" if doubt else "")
            )

    def _roles(self, roles: tuple[str, ...]) -> str:
        return self.word("or").join(self.material.role(role) for role in roles)

    # The steps

    def steps(self) -> Iterator[Block]:
        for lane in self.plan.lanes:
            opening = "" if lane.starts else lane.opening
            yield Heading(text=f"{lane.letter}  {lane.title}", level=1, note=opening)
            for box in lane.boxes:
                yield self._step(box, self.definition.step(lane.id, box.id))

    def _step(self, box: Box, step: Written) -> Step:
        do = self._filled(step.do).splitlines()
        ticked = [
            one.do + (f" ({self.word('optional')})" if one.optional else "") + self._clocks_of(one.clock_stop)
            for one in step.checklist
        ]
        return Step(
            number=box.number,
            title=box.title,
            who=box.who,
            # What to do has a box of its own unless the step has a list to tick.
            do=tuple(do) if ticked else (),
            boxes=tuple(ticked or do),
            asked=tuple(self._asked(name) for name in step.ask),
            evidence=step.evidence,
            never=step.never,
            paper=tuple((step.paper or "").splitlines()),
            message=self.word("message", name=self._message(step.message)) if step.message else "",
            ways=tuple(
                Way(label=way.label, to=way.tag, notes=(*way.notes, *self._starts(step.outcomes[name])))
                for way, name in zip(box.ways, step.outcomes, strict=True)
            ),
            end=box.end,
        )

    def _asked(self, name: str) -> Choice | Fill:
        spec = self.definition.facts.get(name)
        if spec is None:
            return Fill(label=name)
        if spec.choices:
            return Choice(label=spec.label, options=tuple(spec.choices.values()))
        return Fill(label=f"{spec.label} ({spec.unit})" if spec.unit else spec.label)

    def _starts(self, outcome: Outcome) -> Iterator[str]:
        if outcome.clock_start:
            yield self._clocks_of(outcome.clock_start).strip(" ()")

    def _clocks_of(self, names: tuple[str, ...]) -> str:
        known = [self.definition.clocks[one].title for one in names if one in self.definition.clocks]
        return f" ({self.word('of_clock', clocks=', '.join(known))})" if known else ""

    def _filled(self, text: str | None) -> str:
        """The text with its blanks as dots, named where their question is known."""

        def told(hole: re.Match[str]) -> str:
            name = hole["name"]
            if name == "organisation":
                return self.material.world.organisation
            spec = self.definition.facts.get(name)
            return f"[{spec.label}] {BLANK}" if spec else BLANK

        return HOLE.sub(told, text or "")

    # What explains, what is sent

    def annex(self) -> Iterator[Block]:
        explained = tuple(self._explained())
        if explained or self.book.messages:
            yield NewPage()
            yield Columns(blocks=(*explained, *self._messages()))

    def _explained(self) -> Iterator[Block]:
        found = [
            (box, step.details)
            for lane in self.plan.lanes
            for box in lane.boxes
            if (step := self.definition.step(lane.id, box.id)).details
        ]
        if found:
            yield Heading(text=self.word("details"), level=1)
        for box, details in found:
            yield Heading(text=f"{box.number}  {box.title}")
            yield Items(items=tuple(self._filled(details).splitlines()))

    def _messages(self) -> Iterator[Block]:
        if self.book.messages:
            yield Heading(text=self.word("messages"), level=1)
        for name, message in self.book.messages.items():
            lines = tuple(Paragraph(text=line) for line in self._filled(message.text).splitlines() if line)
            title = self.word("to", name=self._message(name), audience=message.audience)
            yield Frame(title=title, blocks=lines)

    def _message(self, name: str) -> str:
        return name.replace("_", " ").capitalize()
