"""Is this paper still current? What the QR code of a page holds, and what today's kit answers to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from engine.paper.blocks import Document
from engine.paper.kit import fingerprint

__all__ = ["Proof", "Verdict", "verified"]

_MARK: Final = "tocsin-pca"
_PROOF: Final = re.compile(
    rf"{_MARK} 1 (?P<lang>[a-z]{{2}}) (?P<name>[\w-]+) (?P<date>\d{{4}}-\d\d-\d\d) (?P<version>\S+) "
    r"(?P<fingerprint>[0-9a-f]{12}) (?P<town>.+)",
    re.ASCII,
)
_FIGURES: Final = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a document says of itself: the words of its QR code."""

    lang: str = ""
    name: str = ""
    date: str = ""
    version: str = ""
    fingerprint: str
    town: str = ""

    def __str__(self) -> str:
        return f"{_MARK} 1 {self.lang} {self.name} {self.date} {self.version} {self.fingerprint} {self.town}"

    @classmethod
    def read(cls, text: str) -> Proof | None:
        """The proof that was scanned or typed; a fingerprint alone will do. None if it is neither."""
        text = " ".join(text.split())
        if found := _PROOF.fullmatch(text):
            return cls(**found.groupdict())
        figures = text.replace(" ", "").lower()
        return cls(fingerprint=figures) if _FIGURES.fullmatch(figures) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to say of a paper; `current` is today's document, where there is one."""

    code: Literal["fresh", "stale", "gone", "unknown", "other_town"]
    current: Document | None = None


def verified(proof: Proof, documents: Sequence[Document], town: str) -> Verdict:
    """Compare a paper with what would be printed today."""
    if proof.town and proof.town != " ".join(town.split()):
        return Verdict(code="other_town")
    same = next((one for one in documents if fingerprint(one) == proof.fingerprint), None)
    if same is not None:
        return Verdict(code="fresh", current=same)
    if not proof.name:
        return Verdict(code="unknown")
    now = next((one for one in documents if one.name == proof.name), None)
    return Verdict(code="stale" if now else "gone", current=now)
