"""`timeline.pdf`: the main courante to print, sign and file; set by typst, the template and the font are with tocsin.

People's texts reach the template as data, never as source. A long log is set in pieces that are then bound: typst
keeps all that it has laid out in memory, and ten thousand entries at once would take half a gigabyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec
import pypdfium2

from engine.paper.compiler import compiler
from engine.paper.typography import typeset
from engine.review.dossier import Dossier
from engine.review.exports.outline import Listing, Outline, Told, outline
from engine.review.exports.picture import picture

__all__ = ["pdf"]

_TEMPLATE: Final = Path(__file__).with_name("pages.typ")
_ALL: Final = (1_000, 400_000)
"""Entries and letters of a log that is set at once: its pages then say how many they are."""
_PIECE: Final = (150, 60_000)
"""The same, of a piece of a longer one."""
_IDENTIFIER: Final = re.compile(rb"/ID\[(?:<\w+>|\([^)]*\))\s*<(\w{32})>\]")
_WIDTH: Final = 660
"""Of the picture, in pixels: its letters are then as high as the text."""


def pdf(dossier: Dossier) -> bytes:
    """The file, dated of the dossier."""
    told = outline(dossier)
    letters = sum(len(line.text) for day in told.days for line in day.lines)
    at_once = len(dossier.lines) <= _ALL[0] and letters <= _ALL[1]
    pieces = [told.days] if at_once else list(_pieces(told.days))
    setter = compiler(_TEMPLATE)
    whole, page = None, 1
    for number, days in enumerate(pieces):
        handed = _handed(dossier, told, days, number, len(pieces), page)
        printed = setter.compile(
            format="pdf",
            sys_inputs={"page": msgspec.json.encode(typeset(handed) | {"proof": told.proof}).decode()},
            timestamp=dossier.scene.now // 1000,
        )
        assert isinstance(printed, bytes)
        if len(pieces) == 1:
            return printed
        with pypdfium2.PdfDocument(printed) as piece:
            page += len(piece)
            if whole is None:  # it keeps the title and the date of the first
                whole = pypdfium2.PdfDocument(printed)
            else:
                whole.import_pages(piece)
    assert whole is not None
    bound = BytesIO()
    whole.save(bound)
    whole.close()
    return _named_after_itself(bound.getvalue())


def _named_after_itself(content: bytes) -> bytes:
    """PDFium gives what it binds an identifier of the hour, at the very end: ours is the fingerprint of the rest."""
    found = list(_IDENTIFIER.finditer(content))[-1]
    name = sha256(content[: found.start(1)]).hexdigest()[: len(found[1])].upper()
    return content[: found.start(1)] + name.encode() + content[found.end(1) :]


def _handed(
    dossier: Dossier, told: Outline, days: tuple[Listing, ...], number: int, pieces: int, page: int
) -> dict[str, object]:
    """What the template gets: the outline with the days of this piece, and what only the first or the last shows."""
    say, head = dossier.speech.say, number == 0
    shown = msgspec.structs.replace(told, days=days)
    if not head:
        shown = msgspec.structs.replace(shown, listings=(), tables=(), tasks=())
    drawn = picture(dossier, width=_WIDTH) if head else ""
    return {
        "outline": msgspec.to_builtins(shown),
        "head": head,
        "tail": number == pieces - 1,
        "whole": pieces == 1,
        "page": page,
        "number": told.columns[0],
        "foot": " · ".join(filter(None, (told.mark, dossier.incident.id, dossier.speech.organisation))),
        "picture": {"svg": drawn, "title": say("exports.picture.title"), "read": say("exports.picture.read")},
    }


def _pieces(days: tuple[Listing, ...]) -> Iterator[tuple[Listing, ...]]:
    """The days, cut where a piece is full; a day that is cut keeps its title."""
    piece: list[Listing] = []
    room, letters = _PIECE
    for day in days:
        begun: list[Told] = []
        for line in day.lines:
            if room <= 0 or letters <= 0:
                yield (*piece, *([Listing(title=day.title, lines=tuple(begun))] if begun else []))
                piece, begun, (room, letters) = [], [], _PIECE
            begun.append(line)
            room, letters = room - 1, letters - len(line.text)
        if begun:
            piece.append(Listing(title=day.title, lines=tuple(begun)))
    yield tuple(piece)
