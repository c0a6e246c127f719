"""Print a whole kit: each document once, then all of them bound, with the numbers of their sheets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from engine.paper.blocks import Document
from engine.paper.freshness import Proof
from engine.paper.kit import Kit, fingerprint, grouped
from engine.paper.material import Material
from engine.paper.press import Press, Stamp, bound, pages_of

__all__ = ["WHOLE", "printed"]

WHOLE: Final = "pca-papier"
_LABELS: Final = (
    "printed", "fingerprint", "confidential", "sheet", "current",
    "done_at", "asked", "evidence", "never", "paper", "ways",
)  # fmt: skip
"""What the templates say by themselves: around each page, and in each step."""


def printed(kit: Kit, material: Material, *, today: datetime, version: str) -> Iterator[tuple[str, bytes]]:
    """The PDFs by name, the summary first and all of them bound last. `today` is the town's hour."""
    lang = material.words.lang
    press = Press(lang, {name: material.word(f"label.{name}") for name in _LABELS}, today)

    def one(document: Document, sheet: int, figures: str) -> bytes:
        proof = Proof(
            lang=lang,
            name=document.name,
            date=f"{today:%Y-%m-%d}",
            version=version,
            fingerprint=figures,
            town=material.world.organisation,
        )
        stamp = Stamp(
            town=material.world.organisation,
            printed=f"{today:%d/%m/%Y}",
            grouped=grouped(figures),
            sheet=sheet,
            proof=str(proof),
        )
        return press.pdf(document, stamp)

    # The summary comes first but tells where the others begin: it is printed before them for its length, then again.
    summary = kit.summary(material)
    figures = fingerprint(summary)
    sheet = _next_front(1, one(summary, 1, figures))
    sheets, pdfs = {}, []
    for document in kit.documents:
        sheets[document.name] = sheet
        pdfs.append(one(document, sheet, fingerprint(document)))
        sheet = _next_front(sheet, pdfs[-1])
    pdfs.insert(0, one(kit.summary(material, sheets), 1, figures))
    yield from zip((summary.name, *sheets), pdfs, strict=True)
    yield WHOLE, bound(pdfs)


def _next_front(sheet: int, pdf: bytes) -> int:
    """The page after this document, on the front of a sheet of paper."""
    after = sheet + pages_of(pdf)
    return after if after % 2 else after + 1
