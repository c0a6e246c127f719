"""For whom a timeline is written: what each reader gets, and no more. Told in docs/audiences.md, with the reasons.

A table, so that a DPO can read it. It is a proposal of tocsin's: the town's DPO confirms it before a copy leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from engine.review.families import FAMILIES

__all__ = ["AUDIENCES", "TYPES", "Audience", "reader"]

TYPES: Final = (
    "name", "phone", "mail", "account", "nir", "birth", "child", "health", "sensitive",
)  # fmt: skip
"""What is taken out by its type. `account`: IBAN, RIB, card. `nir`: social security number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """One sort of reader."""

    name: str
    hides: frozenset[str] = frozenset()
    """Types of data that they don't get, of `TYPES`. `name`: a role stands in its place."""
    unread: frozenset[str] = frozenset()
    """Families whose entries a document for them leaves out whole."""
    untold: frozenset[str] = frozenset()
    """Families whose entries they see without what somebody wrote in them."""
    titled: bool = True
    """They get the incident's title all the same."""


_ALL: Final = frozenset(TYPES)
_FAMILIES: Final = frozenset(FAMILIES)
_EVERYTHING: Final = Audience(name="redacted", hides=_ALL, untold=_FAMILIES, titled=False)
"""No name, no number and no free text, whoever reads."""
_PUBLIC: Final = frozenset(("life", "activities", "messages", "clocks"))

AUDIENCES: Final[Mapping[str, Audience]] = {
    one.name: one
    for one in (
        Audience(
            name="maire",
            hides=frozenset(("account", "nir", "health", "child", "birth", "sensitive")),
            unread=frozenset(("house",)),
        ),
        Audience(name="assureur", hides=_ALL, unread=frozenset(("house", "cell"))),
        Audience(name="cnil", hides=_ALL, unread=frozenset(("house", "cell"))),
        Audience(name="juge"),
        Audience(
            name="conseil",
            hides=_ALL,
            unread=frozenset(("house", "cell", "notes", "answers", "evidence", "late")),
            untold=frozenset(("tasks", "steps", "approvals")),
        ),
        Audience(name="public", hides=_ALL, unread=_FAMILIES - _PUBLIC, untold=_FAMILIES),
    )
}


def reader(name: str, *, redact: bool) -> Audience | None:
    """Who reads: one of the table, stripped of all that is personal with `redact`; None for the crisis team itself."""
    told = AUDIENCES.get(name)
    if not redact:
        return told
    return replace(_EVERYTHING, name=name, unread=told.unread) if told else _EVERYTHING
