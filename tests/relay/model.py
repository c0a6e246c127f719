"""A chat platform in memory that obeys the protocol, and misbehaves when told to."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bots.chat.values import Content, Place
from bots.relay.port import Closed, Down, Gone, Moved, Rejected, Unsure, Wait

__all__ = ["Message", "ModelPlatform"]


@dataclass
class Message:
    id: str
    place: Place
    key: str
    content: Content | None
    """None: emptied."""
    at: int
    repeat: bool = False
    pinned: bool = False
    silent: bool = True
    deleted: bool = False
    edits: int = 0


@dataclass
class ModelPlatform:
    """`finds`: whether it can be asked for a message by its key (Slack), or not (Telegram)."""

    surface: str
    finds: bool
    messages: list[Message] = field(default_factory=list)
    faults: deque[str] = field(default_factory=deque)
    """What befalls the next calls."""
    down: bool = False
    moved: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    calls: list[tuple[float, str, str]] = field(default_factory=list)
    """When, what, in which chat."""
    lost: int = 0
    """Posts that were done and whose answer was lost."""
    delay: float = 0.03

    async def post(self, place: Place, content: Content, *, key: str, silent: bool, repeat: bool) -> str:
        fault = await self._enter("post", place)
        if fault == "rejected" and content.buttons:
            raise Rejected("buttons")
        message = Message(
            str(len(self.messages) + 1), place, key, content, self._now(), repeat, silent=silent
        )
        self.messages.append(message)
        self.lost += 1  # until the answer is home
        await self._leave(fault)
        self.lost -= 1
        return message.id

    async def edit(self, place: Place, message: str, content: Content) -> None:
        fault = await self._enter("edit", place)
        found = self._message(place, message)
        if found.content != content:
            found.edits += 1
        found.content = content
        await self._leave(fault)

    async def find(self, place: Place, key: str, since: int) -> str | None:
        fault = await self._enter("find", place)
        found = [
            one for one in self.messages
            if one.place.chat == place.chat and one.key == key and not one.deleted and one.at >= since
        ]  # fmt: skip
        await self._leave(fault)
        return found[-1].id if self.finds and found else None

    async def pin(self, place: Place, message: str) -> None:
        fault = await self._enter("pin", place)
        self._message(place, message).pinned = True
        await self._leave(fault)

    async def blank(self, place: Place, message: str) -> None:
        fault = await self._enter("blank", place)
        self._message(place, message).content = None
        await self._leave(fault)

    async def private(self, account: str) -> str:
        fault = await self._enter("open", Place(surface=self.surface, chat=f"D{account}"))
        await self._leave(fault)
        return f"D{account}"

    # What befalls it

    async def _enter(self, act: str, place: Place) -> str:
        self.calls.append((asyncio.get_running_loop().time(), act, place.chat))
        fault = self.faults.popleft() if self.faults else ""
        await asyncio.sleep(self.delay)
        if self.down:
            raise Down("connection refused")
        if place.chat in self.closed:
            raise Closed("blocked")
        if place.chat in self.moved:
            raise Moved(self.moved[place.chat])
        match fault:
            case "wait":
                raise Wait(7.0)
            case "wait all":
                raise Wait(5.0, "all")
            case "lost before":
                raise Unsure("no answer")
            case "revoked":
                raise Down("token_revoked", fatal=True)
            case "bug":
                raise RuntimeError("a bug of the door")
            case "stuck":
                await asyncio.sleep(10_000)
        return fault

    async def _leave(self, fault: str) -> None:
        await asyncio.sleep(self.delay)
        if fault == "lost after":
            raise Unsure("no answer")

    def _message(self, place: Place, message: str) -> Message:
        found = next((one for one in self.messages if one.id == message), None)
        if found is None or found.deleted or found.place.chat != place.chat:
            raise Gone(message)
        return found

    def _now(self) -> int:
        return 1_795_000_000_000 + round(asyncio.get_running_loop().time() * 1000)

    # What people see

    def seen(self, chat: str, key: str = "") -> list[Message]:
        return [
            one for one in self.messages
            if one.place.chat == chat and not one.deleted and one.content is not None and key in one.key
        ]  # fmt: skip
