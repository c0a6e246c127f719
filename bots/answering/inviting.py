"""Tie people to their accounts, from the machine: a one-time code, and the links that carry it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from engine.core.house import SURFACES, House, codes
from engine.core.house.commands import Invite, SetPin
from engine.core.quantities import HOUR, Instant

__all__ = ["VALID", "Drawn", "chosen_pin", "draw", "link", "surfaces"]

VALID: Final = 24 * HOUR
"""How long a code may be given."""

_GROUP: Final = 4
_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code that was drawn: it is shown once, and the order keeps only what it is compared with."""

    code: str
    order: Invite


def draw(person: str, surface: str, now: Instant) -> Drawn:
    """Draw a code for somebody, with hyphens where the eye rests: links and fingers take them or leave them."""
    letters = "".join(secrets.choice(codes.CODE_ALPHABET) for _ in range(codes.CODE_LENGTH))
    code = "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
    salt = secrets.token_hex(_SALT_BYTES)
    digest = codes.code_digest(code, salt)
    order = Invite(person=person, salt=salt, digest=digest, expires=now + VALID, surface=surface)
    return Drawn(code, order)


def link(house: House, surface: str, code: str) -> str:
    """The link that gives the code when it is opened; empty where there is none, or the bot's name isn't known yet.

    Slack has no link that speaks to a bot: there the code is typed.
    """
    bot = house.bots.get(surface, "").lstrip("@")
    return f"https://t.me/{bot}?start={code}" if surface == "telegram" and bot else ""


def chosen_pin(pin: str) -> SetPin:
    """The order that keeps what a PIN is compared with. Slow on purpose."""
    salt = secrets.token_hex(_SALT_BYTES)
    return SetPin(salt=salt, digest=codes.pin_digest(pin, salt))


def surfaces(of: str) -> Iterator[str]:
    """The surfaces that an invitation is for."""
    return (one for one in SURFACES if of in ("", one))
