"""What every event is, and the entry that holds it in its place."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from engine.core.quantities import Instant

__all__ = ["Actor", "Entry", "Event"]


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


class Actor(msgspec.Struct, gc=False, frozen=True):
    """Who acted, as they were then. `id` empty: the clock. `role`: the right under which they acted."""

    id: str = ""
    name: str = ""
    role: str = ""


class Event(
    msgspec.Struct, gc=False, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=_snake
):
    """Base of all events."""

    LEAVES: ClassVar[tuple[str, ...]] = ()


class Entry(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """One line of the main courante: an event in its place, with who and when.

    `at` is when it was recorded, `occurred_at` when it happened. Neither runs backwards inside a stream (`at`).
    """

    incident: str
    seq: int
    at: Instant
    occurred_at: Instant
    actor: Actor
    event: Event
    source: str = ""
    entered_by: Actor | None = None
