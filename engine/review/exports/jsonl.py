"""`timeline.jsonl`: one entry a line, for programs, checkable by `tocsin verify` and without tocsin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import UNSET
from msgspec.structs import fields, replace

from engine.core import events as e
from engine.journal.codec import Row
from engine.journal.record import write
from engine.review.narrator import Narrator

__all__ = ["hidden", "jsonl"]


def jsonl(rows: Iterable[Row], narrator: Narrator, *, redact: bool = False) -> Iterator[bytes]:
    """The lines of the file. The narrator must be fresh; redacted, it is told no name and no free text either."""
    if redact:
        return write(rows, lambda entry: narrator.summary(hidden(entry)), redact=True)
    return write(rows, narrator.summary)


def hidden(entry: e.Entry) -> e.Entry:
    """The entry without what could be erased: names and free text. The role stays."""
    event = entry.event
    blank = {one.name: one.default for one in fields(event) if one.name in event.LEAVES}
    blank = {name: () if default is UNSET else default for name, default in blank.items()}
    return replace(
        entry, actor=e.Actor(role=entry.actor.role), entered_by=None, event=replace(event, **blank)
    )
