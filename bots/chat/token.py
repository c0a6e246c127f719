"""What a button carries: an intent in at most 56 characters of A-Z a-z 0-9 _ -, the same on every platform.

Numbers only (`bots.inbound.pressed`). A token proves nothing, and need not: whoever presses is asked for their right
each time. The five characters at its end only tell that it came whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2s
from typing import Final

from bots.chat.values import Press
from bots.inbound.pressed import ACTS, Intent, at_step, intent_of, of_incident
from bots.lines import button_words
from engine.core import commands as c
from engine.core.cards import Place, Scene
from engine.core.cards.values import Button
from engine.journal.naming import number_of
from engine.speech import Speech

__all__ = ["DECLARE", "ENROLL", "LONGEST", "press_of", "read", "token_of"]

LONGEST: Final = 56
"""With `f-` before it, it is still a Telegram start parameter (64) and callback data (64 bytes)."""

_BODY = re.compile(r"([a-z]+)(?:-((?:INC|EX)-[0-9]{4}-[0-9]{3,6}))?((?:-[0-9a-z]{1,7}){0,6})_([0-9a-f]{5})")
_FIGURES: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@lru_cache(maxsize=10_000)
def token_of(intent: Intent) -> str:
    """Write an intent as a token. ValueError if it is none. A card is drawn again with the same buttons: kept."""
    incident = f"-{intent.incident}" if intent.incident else ""
    last = max((place for place, one in enumerate(intent.numbers, 1) if one), default=0)
    body = intent.act + incident + "".join(f"-{_base36(one)}" for one in intent.numbers[:last])
    token = f"{body}_{_check(body)}"
    if read(token) != intent:
        raise ValueError(f"no token can carry {intent}")
    return token


def read(token: str) -> Intent | None:
    """Read a token back; None if it is damaged, forged or of another time."""
    found = _BODY.fullmatch(token) if len(token) <= LONGEST else None
    if found is None or found[1] not in ACTS or _check(token.rpartition("_")[0]) != found[4]:
        return None
    if found[2] and number_of(found[2]) is None:
        return None
    numbers = [int(one, 36) for one in found[3].split("-")[1:]]
    run, track, step, visit, what, value = numbers + [0] * (6 - len(numbers))
    return Intent(
        act=found[1], incident=found[2] or "", run=run, track=track, step=step, visit=visit, what=what, value=value
    )  # fmt: skip


def _check(body: str) -> str:
    return blake2s(body.encode(), digest_size=3).hexdigest()[:5]


def _base36(number: int) -> str:
    figures = ""
    while number or not figures:
        number, last = divmod(number, 36)
        figures = _FIGURES[last] + figures
    return figures


DECLARE: Final = token_of(Intent(act="declare"))
"""Opens the form of a declaration; doors may offer it anywhere."""
ENROLL: Final = token_of(Intent(act="enroll"))
"""Tells how an account is tied to a person."""


_SINGLE: Final = ("me", "take", "rollcall", "cell", "view", "status")
"""Acts of a button without a command that ask nothing."""


def press_of(button: Button, scene: Scene, speech: Speech, place: Place | None = None) -> Press:
    """Make a card's button one that a platform can carry. `place`: the step whose card it is on.

    A button that waits for an answer keeps its press: it then asks for that answer.
    """
    intent = intent_of(button.command, scene) if button.command is not None else None
    if intent is None and button.name in ACTS:
        intent = at_step(button.name, scene, place) if place else of_incident(button.name, scene)
    if intent is None:
        raise ValueError(f"no token for the button {button.name}")
    asks = bool(button.needs) or (button.command is None and button.name not in _SINGLE)
    return Press(
        label=button_words(button, speech),
        token=token_of(intent),
        style=_style(button),
        form=asks or button.why_not is not None,
    )


def _style(button: Button) -> str:
    match button.command:
        case c.Approve():
            return "primary"
        case c.Refuse():
            return "danger"
        case c.PickOutcome() if button.signs or button.confirm:
            return "danger"
        case _:
            return ""
