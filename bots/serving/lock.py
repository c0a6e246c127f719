"""One program drives a town's bots: two that poll the same chats would each take half of what people press.

The lock is the system's, on a file: it is let go when its holder dies, however it dies. Somebody who must take over a
program that hangs (`--take-over`) writes their own name as the owner; the older one looks every second, and stops.
"""

from __future__ import annotations

import json
import os
import socket
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from filelock import FileLock, Timeout

__all__ = ["AlreadyServed", "Hold"]

_LOCK: Final = "serve.lock"
_OWNER: Final = "serve.owner"
HANDING_OVER: Final = 15.0
"""Seconds that an older program has to finish what it was answering."""


class AlreadyServed(Exception):
    """Another program serves this town: `owner` says which, as far as it is known."""

    def __init__(self, owner: dict[str, str | int]) -> None:
        super().__init__(str(owner))
        self.owner = owner


@dataclass
class Hold:
    """The right to drive this town's bots, once entered."""

    home: Path
    take_over: bool = False
    nonce: str = field(default_factory=lambda: uuid.uuid4().hex)

    def __enter__(self) -> Self:
        self._lock = FileLock(self.home / _LOCK)
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            if not self.take_over:
                raise AlreadyServed(_owner(self.home)) from None
            older = _owner(self.home)
            self._claim()
            try:
                self._lock.acquire(timeout=HANDING_OVER)
            except Timeout:
                if self.still_ours:
                    self._write(older)  # should it wake up, it goes on: else nobody would serve
                raise AlreadyServed(older) from None
        self._claim()
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def _claim(self) -> None:
        told: dict[str, str | int] = {
            "nonce": self.nonce,
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": int(time.time()),
        }
        self._write(told)

    def _write(self, told: dict[str, str | int]) -> None:
        fresh = self.home / f"{_OWNER}.{self.nonce[:8]}"
        fresh.write_text(json.dumps(told), "utf-8")
        fresh.replace(self.home / _OWNER)  # whole or not at all: the other one reads it meanwhile

    @property
    def still_ours(self) -> bool:
        """Whether nobody has taken over."""
        return _owner(self.home).get("nonce") == self.nonce


def _owner(home: Path) -> dict[str, str | int]:
    try:
        found = json.loads((home / _OWNER).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
