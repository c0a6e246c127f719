"""The forms to photocopy: main courante, notification to the CNIL, complaint, call-back, sealed envelopes, quiz."""

from __future__ import annotations

from typing import Final

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
    Question,
    Table,
)  # fmt: skip
from engine.paper.material import Material

__all__ = ["call_back", "cnil", "complaint", "envelopes", "log_sheet", "quiz"]

_LINES_A_PAGE: Final = 12
_ENVELOPES: Final = 7


def log_sheet(material: Material) -> Document:
    """A sheet of the main courante, front and back, in the columns that `tocsin transcribe` reads."""
    word = material.word
    columns = tuple(
        Column(title=word(f"log.{name}"), share=share)
        for name, share in (
            ("number", 0.5), ("real", 1.0), ("noted", 1.0), ("who", 1.7), ("what", 6.0), ("decision", 2.8),
            ("visa", 1.0),
        )
    )  # fmt: skip
    front, back = (
        Table(
            columns=columns,
            rows=tuple((str(n), *[""] * 6) for n in range(first, first + _LINES_A_PAGE)),
            tall=10.3,
        )
        for first in (1, 1 + _LINES_A_PAGE)
    )
    return Document(
        name="formulaire-main-courante",
        group="forms",
        title=word("log.title"),
        summary=word("log.summary"),
        landscape=True,
        blocks=(Paragraph(text=word("log.sheet")), front, NewPage(), Paragraph(text=word("log.sheet")), back),
    )


def cnil(material: Material) -> Document:
    """What the online service asks for, gathered on paper first; nothing of it is sent."""
    word = material.word
    clock = material.library.clocks.get("H-CNIL33")
    known = [] if clock is None else [clock.title, material.delay(clock), clock.start, clock.channel]
    first: list[Block] = []
    if known:
        first.append(Frame(title=" · ".join(one for one in known if one), blocks=(), heavy=True))
    return Document(
        name="formulaire-cnil",
        group="forms",
        title=word("cnil.title"),
        summary=word("cnil.summary"),
        blocks=(
            *first,
            _choice(material, "cnil.kind"),
            Fill(label=word("cnil.first_number")),
            Heading(text=word("cnil.when"), level=1),
            *_fills(material, "cnil.dates"),
            Heading(text=word("cnil.what"), level=1),
            _choice(material, "cnil.nature"),
            *_fills(material, "cnil.facts"),
            NewPage(),
            Heading(text=word("cnil.whom"), level=1),
            *_fills(material, "cnil.people"),
            Heading(text=word("cnil.risk"), level=1),
            *_fills(material, "cnil.consequences"),
            _choice(material, "cnil.gravity"),
            Heading(text=word("cnil.measures"), level=1),
            *_fills(material, "cnil.done"),
            _choice(material, "cnil.informed"),
            Heading(text=word("cnil.contact"), level=1),
            *_fills(material, "cnil.officer"),
            *_fills(material, "cnil.signed"),
        ),
    )


def complaint(material: Material) -> Document:
    """The letter of complaint, to fill in and sign."""
    word, town = material.word, material.world.organisation
    return Document(
        name="formulaire-plainte",
        group="forms",
        title=word("complaint.title"),
        summary=word("complaint.summary"),
        blocks=(
            Paragraph(text=word("complaint.from", town=town)),
            *_fills(material, "complaint.sender"),
            Heading(text=word("complaint.to")),
            *_fills(material, "complaint.place"),
            Heading(text=word("complaint.subject")),
            _choice(material, "complaint.articles"),
            Paragraph(text=word("complaint.opening")),
            *_fills(material, "complaint.facts"),
            NewPage(),
            *_fills(material, "complaint.more"),
            Heading(text=word("complaint.evidence"), level=1),
            Table(
                columns=(
                    Column(title=word("complaint.piece"), share=2),
                    Column(title=word("complaint.digest"), share=4),
                ),
                rows=(("", ""),) * 6,
                tall=9,
            ),
            Paragraph(text=word("complaint.closing")),
            *_fills(material, "complaint.end"),
        ),
    )


def call_back(material: Material) -> Document:
    """Before a RIB is changed: call back, at a number known from before, two people."""
    word = material.word
    return Document(
        name="formulaire-contre-appel",
        group="forms",
        title=word("callback.title"),
        summary=word("callback.summary"),
        blocks=(
            Frame(
                title=word("callback.never_title"),
                blocks=(Items(items=material.lines("callback.never"), mark="never"),),
                heavy=True,
            ),
            Heading(text=word("callback.request"), level=1),
            *_fills(material, "callback.asked"),
            Heading(text=word("callback.call"), level=1),
            *_fills(material, "callback.called"),
            Items(items=material.lines("callback.checks"), mark="box"),
            Heading(text=word("callback.decision"), level=1),
            _choice(material, "callback.outcome"),
            *_fills(material, "callback.after"),
        ),
    )


def envelopes(material: Material) -> Document:
    """What is sealed, where, who may open it; each opening is told."""
    word = material.word
    columns = tuple(
        Column(title=word(f"envelopes.{name}"), share=share)
        for name, share in (
            ("number", 0.5), ("content", 3), ("place", 2), ("openers", 2), ("sealed", 1.6), ("opened", 2.4),
        )
    )  # fmt: skip
    proposed = material.lines("envelopes.proposed")
    rows = [(str(n), what, "", "", "", "") for n, what in enumerate(proposed, 1)]
    rows += [(str(n), "", "", "", "", "") for n in range(len(rows) + 1, len(rows) + 1 + _ENVELOPES)]
    return Document(
        name="formulaire-enveloppes",
        group="forms",
        title=word("envelopes.title"),
        summary=word("envelopes.summary"),
        landscape=True,
        blocks=(
            Items(items=material.lines("envelopes.rules")),
            Table(columns=columns, rows=tuple(rows), tall=12),
        ),
    )


def quiz(material: Material) -> Document:
    """The poster: questions on the front, answers on the back with the reason of each."""
    word, asked = material.word, material.library.quiz
    questions = [
        Question(
            number=n,
            question=one.question,
            choices=tuple(f"{letter.upper()}. {text}" for letter, text in one.choices.items()),
        )
        for n, one in enumerate(asked.values(), 1)
    ]
    rows = [
        (str(n), f"{one.answer.upper()}. {one.choices[one.answer]}", one.why or "")
        for n, one in enumerate(asked.values(), 1)
    ]
    columns = (
        Column(title=word("quiz.number"), share=0.4),
        Column(title=word("quiz.answer"), share=3, strong=True),
        Column(title=word("quiz.why"), share=4),
    )
    return Document(
        name="affiche-quiz",
        group="forms",
        title=word("quiz.title"),
        summary=word("quiz.summary"),
        blocks=(
            Columns(blocks=tuple(questions)),
            NewPage(),
            Heading(text=word("quiz.answers"), level=1),
            Table(columns=columns, rows=tuple(rows)),
        ),
    )


def _fills(material: Material, key: str) -> tuple[Fill, ...]:
    """One question a line of the catalogue; a number before it says how many lines to write on."""
    found = []
    for line in material.lines(key):
        count, _, label = line.partition(" ")
        found.append(Fill(label=label, lines=int(count)))
    return tuple(found)


def _choice(material: Material, key: str) -> Choice:
    label, *options = material.lines(key)
    return Choice(label=label, options=tuple(options))
