"""The whole kit: which documents a town's paper PCA has, in order, each with what tells whether it is still current."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, get_args

import msgspec

from engine.library.catalogue import Unreadable
from engine.paper import forms, registers
from engine.paper.blocks import Block, Column, Document, Frame, Group, Heading, Items, Table
from engine.paper.material import Material
from engine.paper.procedure import procedure

__all__ = ["SUMMARY", "Kit", "fingerprint", "grouped", "kit"]

SUMMARY: Final = "sommaire"
_UNKNOWN: Final = "procedure-je-ne-sais-pas-encore"
_FIGURES: Final = 12
"""Of a fingerprint: 48 bits, short enough to be read over a telephone."""
_BEFORE: Final = (registers.directory, registers.contacts, registers.clocks, registers.duties)
_AFTER: Final = (forms.log_sheet, forms.cnil, forms.complaint, forms.call_back, forms.envelopes, forms.quiz)


class Kit(msgspec.Struct, frozen=True, kw_only=True):
    """What a town would print today: documents in order, and the procedures that can't be read."""

    documents: tuple[Document, ...]
    missing: tuple[str, ...]

    def summary(self, material: Material, sheets: Mapping[str, int] | None = None) -> Document:
        """The list of all documents, with the number of the sheet where each begins, once it is known."""
        return _summary(material, self, sheets or {})


def kit(material: Material, *, drawn: bool = True) -> Kit:
    """Every document but the summary, which is made of the others. To be compared, they need not be `drawn`."""
    missing: list[str] = []
    documents = [make(material) for make in _BEFORE]
    documents += _procedures(material, missing, drawn=drawn)
    documents += [make(material) for make in _AFTER]
    return Kit(documents=tuple(documents), missing=tuple(missing))


def fingerprint(document: Document) -> str:
    """What the document says, in twelve figures: drawings apart, since they only show it again."""
    said = msgspec.to_builtins(document)
    said["blocks"] = [one for one in said["blocks"] if one["kind"] != "picture"]
    return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()[:_FIGURES]


def _procedures(material: Material, missing: list[str], *, drawn: bool) -> Iterator[Document]:
    """Incidents before preparation, by title; before them all, the one for whoever doesn't know yet."""
    found = []
    for name in material.library.ids:
        try:
            found.append(procedure(material, name, drawn=drawn))
        except Unreadable:
            missing.append(name)
    yield from sorted(
        found, key=lambda one: (one.group != "procedures", one.name != _UNKNOWN, _plain(one.title))
    )


def _summary(material: Material, whole: Kit, sheets: Mapping[str, int]) -> Document:
    word = material.word
    columns = (
        Column(title=word("summary.document"), share=4, strong=True),
        Column(title=word("summary.edition"), share=3),
        Column(title=word("summary.fingerprint"), share=1.9),
        Column(title=word("summary.sheet"), share=1),
    )
    lists: list[Block] = []
    for group in get_args(Group):
        rows = tuple(
            (one.title, one.edition or "–", grouped(fingerprint(one)), str(sheets.get(one.name, "")))
            for one in whole.documents
            if one.group == group
        )
        lists += (
            [Heading(text=word(f"summary.{group}"), level=1), Table(columns=columns, rows=rows)]
            if rows
            else []
        )
    lacking = (Frame(title=word("summary.missing"), blocks=(Items(items=whole.missing),), heavy=True),)
    return Document(
        name=SUMMARY,
        title=word("summary.title"),
        summary=word("summary.summary", town=material.world.organisation),
        confidential=True,
        blocks=(
            Frame(title=word("summary.keep_title"), blocks=(Items(items=material.lines("summary.keep")),)),
            *(lacking if whole.missing else ()),
            *lists,
        ),
    )


def grouped(figures: str) -> str:
    """Twelve figures, four at a time, as people read them out."""
    return " ".join(figures[n : n + 4] for n in range(0, len(figures), 4))


def _plain(title: str) -> str:
    """A title as it is sorted: « Élections » among the E."""
    return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
