"""Fetch a file that somebody brings, from Telegram to this machine."""

from __future__ import annotations

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from telegram import Message
from telegram.error import TelegramError

from bots.chat.values import Attachment
from bots.telegram.client import Client

__all__ = ["Brought", "TooBig", "brought", "dropped", "fetched"]

LARGEST: Final = 20 * 1024 * 1024
"""What Telegram lets a bot fetch."""


class TooBig(Exception):
    """Telegram keeps it from bots: it must be brought another way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A file of a message, still at Telegram's."""

    id: str
    name: str
    size: int
    media: str
    photo: bool = False


def brought(message: Message) -> Brought | None:
    """The file that a message holds; a picture sent as one was compressed, and lost its name."""
    stem = f"telegram-{message.message_id}"
    if message.photo:
        best = message.photo[-1]  # Telegram lists them by size, the largest last
        return Brought(
            id=best.file_id, name=f"{stem}.jpg", size=best.file_size or 0, media="image/jpeg", photo=True
        )
    if document := message.document:
        return Brought(
            id=document.file_id,
            name=document.file_name or stem,
            size=document.file_size or 0,
            media=document.mime_type or "application/octet-stream",
        )
    if voice := message.voice:
        return Brought(
            id=voice.file_id,
            name=f"{stem}.ogg",
            size=voice.file_size or 0,
            media=voice.mime_type or "audio/ogg",
        )
    if audio := message.audio:
        return Brought(
            id=audio.file_id,
            name=audio.file_name or f"{stem}.mp3",
            size=audio.file_size or 0,
            media=audio.mime_type or "audio/mpeg",
        )
    if video := message.video:
        return Brought(
            id=video.file_id,
            name=video.file_name or f"{stem}.mp4",
            size=video.file_size or 0,
            media=video.mime_type or "video/mp4",
            photo=True,  # a clip sent as one is compressed too
        )
    return None


async def fetched(client: Client, found: Brought, folder: Path) -> Attachment:
    """Put it in a temporary file of this folder, to be `dropped`. TooBig, OSError, or what PTB raises."""
    if found.size > LARGEST:
        raise TooBig
    try:
        file = await client.get_file(found.id)
    except TelegramError as error:
        if "too big" in str(error).casefold():
            raise TooBig from error
        raise
    content = await file.download_as_bytearray()
    path = await asyncio.to_thread(_put, bytes(content), folder)
    return Attachment(
        name=found.name, size=len(content), media=found.media, path=str(path), photo=found.photo
    )


def _put(content: bytes, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder, prefix="telegram-")  # its owner alone can read it
    path = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path


async def dropped(file: Attachment | None) -> None:
    """Whatever became of it, the temporary file goes: what people bring lies in the safe or nowhere."""
    if file is not None:
        await asyncio.to_thread(Path(file.path).unlink, missing_ok=True)
