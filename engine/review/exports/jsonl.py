"""`timeline.jsonl`: one entry a line, for programs, checkable by `tocsin verify` and without tocsin.

For somebody else than the crisis team, it is `engine.review.copies` that writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.journal.codec import Row
from engine.journal.record import write
from engine.review.narrator import Narrator

__all__ = ["jsonl"]


def jsonl(rows: Iterable[Row], narrator: Narrator) -> Iterator[bytes]:
    """The lines of the file. The narrator must be fresh."""
    return write(rows, narrator.summary)
