"""What the program says of itself: one line an event, for a person or (`--log json`) for a machine. Never a secret.

Not the main courante: nothing that people write is logged.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

__all__ = ["configure"]

_CHATTY: Final = ("httpx", "httpcore", "telegram", "slack_bolt", "slack_sdk", "aiohttp.access", "asyncio")
"""Libraries whose everyday lines hold addresses with tokens in them, or bodies: only their warnings are kept."""
_TOKEN_SHAPES: Final = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<!\d)\d{6,}:[\w-]{20,}")
"""Telegram's comes after `bot` in every address."""
_HIDDEN: Final = "•••"


class _Clean(logging.Formatter):
    """Takes out the tokens that we know, and whatever looks like one: last, so that traces are cleaned too."""

    def __init__(self, secrets: Iterable[str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s", "%Y-%m-%d %H:%M:%S")
        self._secrets = tuple(secret for secret in secrets if len(secret) > 7)

    def format(self, record: logging.LogRecord) -> str:
        return self.clean(super().format(record))

    def clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKEN_SHAPES.sub(_HIDDEN, text)


class _Json(_Clean):
    def format(self, record: logging.LogRecord) -> str:
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "where": record.name,
            "text": self.clean(record.getMessage()),
        }
        if record.exc_info:
            told["trace"] = self.clean(self.formatException(record.exc_info))
        return json.dumps(told, ensure_ascii=False)


def configure(form: str, secrets: Iterable[str]) -> logging.Handler:
    """Log on standard error, as `text` or `json`; returns the handler, to be removed by who added it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json(secrets) if form == "json" else _Clean(secrets))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler
