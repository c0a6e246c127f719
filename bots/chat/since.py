"""Since when, asked once it is declared: nobody waits to declare for want of an hour, and legal delays run from it.

One press says it; another one after it puts it right. "I don't know" is an answer too: the hour of the declaration
stands, and the log says that it is no more than that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from bots.chat.fields import text_field
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Field, Press
from bots.inbound.pressed import Intent, of_incident
from engine.core import commands as c
from engine.core.quantities import HOUR, Instant

__all__ = ["asked", "corrected", "ordered", "since_field"]

_AGO: Final[Mapping[str, int]] = {"now": 0, "hour": HOUR}
"""Before the declaration."""
_FRESH: Final = HOUR
"""After the declaration; a button pressed later asks for the hour: legal delays don't move by an old press."""
_ANSWERS: Final = (*_AGO, "unknown")
"""What a `since` token's value stands for, from 1; 0: another hour, that is asked for."""


def asked(speaker: Speaker) -> tuple[Press, ...]:
    """The row of answers, to whoever has just declared without a word of it."""
    names = (*_ANSWERS[:-1], "other", _ANSWERS[-1])
    return tuple(_press(speaker, name) for name in names)


def _press(speaker: Speaker, name: str) -> Press:
    value = _ANSWERS.index(name) + 1 if name in _ANSWERS else 0
    token = token_of(of_incident("since", speaker.scene, value=value))
    return Press(label=speaker.say(f"chat.since.{name}"), token=token, form=not value)


def ordered(speaker: Speaker, intent: Intent) -> c.Command | None:
    """What an answer that needs no more orders; None for another hour, an old press, or when no procedure runs."""
    name = _ANSWERS[intent.value - 1] if 0 < intent.value <= len(_ANSWERS) else ""
    if name == "unknown":
        return c.Note(text=speaker.town.words.say("chat.since.noted"))
    if name not in _AGO or speaker.office.now() > speaker.incident.declared_at + _FRESH:
        return None
    return next(corrected(speaker, speaker.incident.declared_at - _AGO[name]), None)


def since_field(speaker: Speaker) -> Iterator[Field]:
    """Another hour, as it is typed."""
    if any(speaker.incident.open_runs):
        yield text_field(speaker, "since", kind="text")


def corrected(speaker: Speaker, t0: Instant) -> Iterator[c.Command]:
    """The first sign was at that hour: written with why, as any correction of it."""
    for run in islice(speaker.incident.open_runs, 1):
        yield c.CorrectT0(run=run.id, t0=t0, reason=speaker.town.words.say("chat.since.reason"))
