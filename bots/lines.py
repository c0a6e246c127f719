"""Say a card in lines of words, the same on every surface; each line says what it is, the surface says how it looks.

The order is the card's: what now, who, how long; what to do; what never to do; the buttons last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.cards.values import (
    Answer,
    Block,
    Body,
    Button,
    Card,
    Checklist,
    Due,
    Evidence,
    Heading,
    Never,
    Questions,
    Roster,
    Row,
    Section,
    ToSend,
    Who,
)
from engine.core.quantities import MINUTE
from engine.i18n import LANGUAGES, duration
from engine.speech import Speech

__all__ = ["SIGNS", "Line", "block_lines", "button_words", "choices_of", "head", "lines", "row_words"]

SIGNS = {
    "now": "▸", "late": "⚠", "done": "✓", "waiting": "…", "none": "–", "hand": "✋", "clock": "◷", "down": "▼",
    "coming": "→", "absent": "✗", "unknown": "?", "box": "☐", "call": "📞", "run": "■",
}  # fmt: skip
"""A sign is never alone: the words beside it say the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its kind (head, step, who, due, late, text, more, box, question, never…) and its words."""

    kind: str
    text: str
    label: str = ""
    """What a row is about; the surface may put it in a column."""
    id: str = ""


def lines(card: Card, speech: Speech, *, whole: bool = False) -> Iterator[Line]:
    """The lines of a card without its buttons. `whole`: details and ready texts too."""
    for block in card.blocks:
        yield from block_lines(block, speech, whole=whole)


def block_lines(block: Block, speech: Speech, *, whole: bool = False) -> Iterator[Line]:
    """The lines of one part of a card."""
    match block:
        case Heading():
            yield from _heading(block, speech)
        case Who():
            yield from _who(block, speech)
        case Due():
            yield _due(block, speech)
        case Body():
            yield from _body(block, speech, whole=whole)
        case Checklist():
            yield from _checklist(block, speech)
        case Questions():
            yield from _questions(block, speech)
        case Section():
            yield from _section(block, speech)
        case _:
            yield from _rest(block, speech, whole=whole)


def head(block: Heading, speech: Speech) -> str:
    """The incident's line: `INC-2026-003 · Rançongiciel · G4 · depuis 03:02 (47 min)`."""
    if block.closed:
        last = speech.say("cards.heading.closed", at=speech.at(block.closed))
    else:
        passed = speech.now - block.since
        key = "since" if passed >= MINUTE else "since_now"
        span = duration(passed, speech.words.lang)
        last = speech.say(f"cards.heading.{key}", at=speech.at(block.since), span=span)
    return " · ".join(filter(None, (block.incident, block.title, speech.severity(block.severity), last)))


def _heading(block: Heading, speech: Speech) -> Iterator[Line]:
    if block.exercise:
        yield Line(kind="exercise", text=speech.say("cards.heading.exercise"))
    if not block.step:
        yield Line(kind="head", text=head(block, speech))
        return
    step = block.step
    if block.visit > 1:
        step = speech.say("cards.heading.visit", step=step, count=block.visit)
    yield Line(kind="step", text=step, label=block.place)


def _who(block: Who, speech: Speech) -> Iterator[Line]:
    role = speech.named(block.role)
    if block.taken_by:
        at = speech.at(block.taken_at)
        yield Line(kind="who", text=speech.say("cards.who.taken", role=role, person=block.taken_by, at=at))
    elif block.person:
        key = "cards.who.substitute" if block.substitute else "cards.who.first"
        told = speech.say(key, role=role, person=block.person)
        phone = speech.say("cards.who.phone", phone=block.phone) if block.phone else ""
        yield Line(kind="who", text=f"{told}   {phone}".rstrip())
    else:
        yield Line(kind="late", text=speech.say("cards.who.nobody", role=role))
    if block.left_by:
        yield Line(kind="late", text=speech.say("cards.who.left", person=block.left_by))
    for person, text in block.blocked:
        yield Line(kind="late", text=speech.say("cards.who.blocked", person=person, text=text))


def _due(block: Due, speech: Speech) -> Line:
    at = speech.at(block.at)
    if block.asleep:
        return Line(kind="asleep", text=speech.say("cards.due.asleep", at=at))
    if block.late or block.at <= speech.now:
        over = speech.say("cards.due.over", at=at, span=speech.left(block.at))
        return Line(kind="overdue", text=over)
    before = speech.say("cards.due.before", at=at)
    return Line(kind="due", text=f"{before} ({speech.say('cards.due.left', span=speech.left(block.at))})")


def _body(block: Body, speech: Speech, *, whole: bool) -> Iterator[Line]:
    if block.lang != speech.words.lang:  # not translated: an order of the crisis is read as it was written
        lang = block.lang if block.lang in LANGUAGES else "other"
        yield Line(kind="hint", text=speech.say(f"cards.written_in.{lang}"))
    for paragraph in speech.text(block.text).splitlines():
        yield Line(kind="text", text=paragraph)
    if whole and block.more is not None:
        for paragraph in speech.text(block.more).splitlines():
            yield Line(kind="more", text=paragraph)


def _checklist(block: Checklist, speech: Speech) -> Iterator[Line]:
    for box in block.boxes:
        text = speech.text(box.text)
        if box.optional:
            text = f"{text} {speech.say('cards.box.optional')}"
        if box.by:
            text = f"{text} — {speech.say('cards.box.done', person=box.by, at=speech.at(box.at))}"
        yield Line(kind="ticked" if box.by else "box", text=text, id=str(box.number))


def _questions(block: Questions, speech: Speech) -> Iterator[Line]:
    for answer in block.answers:
        yield Line(
            kind="answer" if answer.value else "question", text=_answer(answer, speech), id=answer.fact
        )
        if not answer.value:
            how = speech.say("cards.question.how", name=answer.fact, choices=choices_of(answer, speech))
            yield Line(kind="how", text=how, id=answer.fact)


def choices_of(answer: Answer, speech: Speech) -> str:
    """What would do as an answer: the choices, else what kind of thing is asked for.

    Without numbers: on a card those are for its buttons.
    """
    return " / ".join(label for _, label in answer.choices) or speech.say(f"cards.question.{answer.kind}")


def _answer(answer: Answer, speech: Speech) -> str:
    if answer.value and answer.sensitive and speech.hides:
        told = speech.say("cards.text.masked_answer")
    elif answer.value:
        told = speech.answer(answer.kind, answer.value, dict(answer.choices))
    elif answer.unknown:
        told = speech.say("cards.question.unknown")
    else:
        told = speech.say("cards.question.unanswered")
    return f"{answer.label} — {told}"


def _rest(block: Block, speech: Speech, *, whole: bool) -> Iterator[Line]:
    match block:
        case Never():
            yield from (
                Line(kind="never", text=speech.say("cards.section.never", text=text)) for text in block.texts
            )
        case Evidence() if whole:
            yield Line(kind="label", text=speech.say("cards.section.evidence"))
            yield from (Line(kind="item", text=text) for text in block.wanted)
        case ToSend():
            yield from _to_send(block, speech, whole=whole)
        case Roster():
            title = speech.say("cards.section.roster", title=block.title, size=block.size)
            counts = " · ".join(f"{label} {count}" for _, label, count in block.counts)
            yield Line(kind="item", text=f"{title} ({counts})")
            states = " · ".join(label for _, label, _ in block.counts)
            yield Line(kind="how", text=speech.say("cards.section.roster_how", states=states))
        case _:
            return


def _to_send(block: ToSend, speech: Speech, *, whole: bool) -> Iterator[Line]:
    title = speech.say("cards.section.message", audience=block.audience)
    yield Line(kind="message", text=title, id=block.id)
    if whole:
        yield from (Line(kind="quote", text=text) for text in speech.text(block.text).splitlines())


def _section(block: Section, speech: Speech) -> Iterator[Line]:
    title = speech.say(f"cards.section.{block.name}")
    for row in block.rows:
        yield Line(
            kind=row.sign or "plain", text=row_words(row, speech), label=_label(row, speech, title), id=row.id
        )


def _label(row: Row, speech: Speech, title: str) -> str:
    return speech.phrase(row.label) or title


def row_words(row: Row, speech: Speech) -> str:
    """What is told of a row, after its label: a step is set off from its person and its hour."""
    told = [speech.phrase(one) for one in row.told]
    if row.told and row.told[0].key == "track.at" and len(told) > 1:
        return f"{told[0]} — {', '.join(told[1:])}"
    return ", ".join(told)


def button_words(button: Button, speech: Speech) -> str:
    """A button's label, with why it can't be pressed or what it asks for."""
    label = button.label if isinstance(button.label, str) else speech.phrase(button.label)
    if button.why_not is not None:
        return f"{label} ({speech.phrase(button.why_not)})"
    if button.signs:
        key = "signs_after" if button.signs_after else "signs_before"
        return f"{label} ({speech.say(f'cards.button.{key}')})"
    return label
