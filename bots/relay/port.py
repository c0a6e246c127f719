"""What a platform can do for the relay, and what can go wrong, told in the same words for all platforms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from bots.chat.values import Content, Place

__all__ = [
    "Closed", "Down", "Gone", "Listener", "Moved", "Nobody", "Platform", "Rejected", "Trouble", "Unsure", "Wait",
    "Wire",
]  # fmt: skip


class Trouble(Exception):
    """Something that a platform answers, or doesn't, when it is asked to show a message."""


class Wait(Trouble):
    """Too fast: nothing was done. `scope`: what is to rest: `place` (that chat), `method` or `all`."""

    def __init__(self, seconds: float, scope: str = "place") -> None:
        super().__init__(f"{seconds:.1f} s, {scope}")
        self.seconds, self.scope = seconds, scope


class Gone(Trouble):
    """The message can't be edited any more (deleted, too old, of another time of this chat): it is posted afresh."""


class Moved(Trouble):
    """The chat has another name now (a Telegram group became a supergroup)."""

    def __init__(self, chat: str) -> None:
        super().__init__(chat)
        self.chat = chat


class Closed(Trouble):
    """This chat is shut to us until somebody opens it (blocked, kicked, archived, never started): `why` is a code."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Rejected(Trouble):
    """The platform will never take this content: our fault. It is sent once more, plain."""


class Unsure(Trouble):
    """The answer was lost: it may have been done or not. Never repeated blindly."""


class Down(Trouble):
    """Out of reach, or it refuses us altogether (`fatal`: a revoked token; nothing will mend by itself)."""

    def __init__(self, why: str, *, fatal: bool = False) -> None:
        super().__init__(why)
        self.why, self.fatal = why, fatal


class Platform(Protocol):
    """One bot on one platform. Every method may raise a `Trouble`."""

    @property
    def surface(self) -> str:
        """Which platform: slack or telegram."""

    async def post(self, place: Place, content: Content, *, key: str, silent: bool, repeat: bool) -> str:
        """Post a message and return its identity there.

        `key`: kept with the message where the platform has room for it, to `find` it again. `silent`: no phone buzzes.
        `repeat`: it may already be there; the message says so where it can't be looked for.
        """

    async def edit(self, place: Place, message: str, content: Content) -> None:
        """Make a message read so; it is no error that it already does."""

    async def find(self, place: Place, key: str, since: int) -> str | None:
        """The message that was posted with this key since then (milliseconds), where the platform can tell; else None.

        Only asked after a lost answer or a crash.
        """

    async def pin(self, place: Place, message: str) -> None:
        """Keep it at the top. Without the right to, nothing happens."""

    async def blank(self, place: Place, message: str) -> None:
        """Take our words and buttons away from a message (deleted where that is allowed)."""

    async def private(self, account: str) -> str:
        """The chat in which this account is spoken to in private. Closed('not_started') if it never opened one."""


class Listener(Protocol):
    """What a door may tell the relay (`bots.relay.relay.Relay`), from the loop: each is one small write at most."""

    def seen(self, place: Place) -> None:
        """Somebody wrote there: a card that gets buried is posted anew."""

    def gone(self, place: Place, message: str) -> None:
        """Somebody has deleted a message of ours."""

    def opened(self, place: Place) -> None:
        """A group that was shut to us is open again. For an account, `MarkReach` does it."""

    def stray(self, place: Place, message: str, incident: str) -> bool:
        """A button of this message was pressed: if it is a copy that nobody knows of, it is emptied; True then."""

    def spend(self, place: Place, act: str = "post") -> None:
        """The door has sent something itself, with the same bot."""


class Nobody:
    """Who listens to a door while no relay runs: nothing is shown then, so nothing is buried or lost."""

    def seen(self, place: Place) -> None: ...

    def gone(self, place: Place, message: str) -> None: ...

    def opened(self, place: Place) -> None: ...

    def stray(self, place: Place, message: str, incident: str) -> bool:
        return False

    def spend(self, place: Place, act: str = "post") -> None: ...


def _unwatched(_: Place, __: str) -> None: ...


@dataclass(slots=True)
class Wire:
    """Between a door and whoever listens to it. A relay is made of its doors: it is plugged in afterwards."""

    listener: Listener = field(default_factory=Nobody)
    added: Callable[[Place, str], None] = _unwatched
    """The bot was put in a group, which people call so: `tocsin setup` asks whether it is the one."""
