"""Fetch what somebody put in Slack, into a file of ours: only from Slack itself, and no more than fits."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp

from bots.chat.values import Attachment
from bots.relay.port import Down, Unsure
from bots.slack.web import Web

__all__ = ["LARGEST", "Files", "Unfetched"]

LARGEST: Final = 200 * 2**20
CHUNK: Final = 2**20
LONGEST: Final = 300
"""Seconds."""


class Unfetched(Exception):
    """A file that can't be fetched: `code` is a key of `slack.file`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Files:
    """The files of one workspace."""

    def __init__(self, web: Web, folder: Path) -> None:
        """`folder`: where they stand until the room takes them over."""
        self._web, self._folder = web, folder

    @asynccontextmanager
    async def fetched(self, file: Mapping[str, Any]) -> AsyncIterator[Attachment]:
        """A file of Slack as an attachment, gone afterwards if nobody took it. Unfetched says why not; or Trouble."""
        told = file
        if not (told.get("url_private_download") or told.get("url_private")):
            # An event may tell no more than the file's id.
            asked = await self._web.asked("files.info", self._web.client.files_info(file=str(file["id"])))
            told = asked["file"]
        url = str(told.get("url_private_download") or told.get("url_private") or "")
        if int(told.get("size") or 0) > LARGEST:
            raise Unfetched("too_large")
        if not url or not self._is_slack(url):
            raise Unfetched("elsewhere")
        path = await asyncio.to_thread(self._empty)
        try:
            size = await self._download(url, path, str(told.get("mimetype") or ""))
            name = str(told.get("name") or told.get("title") or told["id"])
            yield Attachment(name=name, size=size, media=str(told.get("mimetype") or ""), path=str(path))
        finally:
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _is_slack(self, url: str) -> bool:
        """Our token goes to nobody else."""
        host, own = urlsplit(url), urlsplit(self._web.settings.api_url)
        if (host.scheme, host.netloc) == (own.scheme, own.netloc):
            return True
        return host.scheme == "https" and (host.hostname or "").endswith((".slack.com", ".slack-gov.com"))

    def _empty(self) -> Path:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix="slack-", delete=False) as made:
            return Path(made.name)

    async def _download(self, url: str, path: Path, media: str) -> int:
        headers = {"Authorization": f"Bearer {self._web.settings.bot_token}"}
        timeout = aiohttp.ClientTimeout(total=LONGEST, sock_connect=5, sock_read=30)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                # Without the right, Slack answers a page to log in, as if all were well.
                if answer.status != 200 or (answer.content_type == "text/html" and media != "text/html"):
                    raise Unfetched("refused")
                return await _kept(answer.content, path)
        except aiohttp.ClientConnectorError as error:
            raise Down("unreachable") from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Unsure(type(error).__name__) from error


async def _kept(content: aiohttp.StreamReader, path: Path) -> int:
    size = 0
    file = await asyncio.to_thread(path.open, "wb")
    try:
        async for chunk in content.iter_chunked(CHUNK):
            size += len(chunk)
            if size > LARGEST:
                raise Unfetched("too_large")
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)
    return size
