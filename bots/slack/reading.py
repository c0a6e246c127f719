"""Read what people wrote in Slack as they see it: its own marks become words again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

__all__ = ["readable"]

_MARK: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")


def readable(text: str, name: Callable[[str], str]) -> str:
    """A message's words. `name`: what a user is called, by their id."""

    def said(found: re.Match[str]) -> str:
        kind, target, label = found[1], found[2], found[3] or ""
        match kind:
            case "@":
                return f"@{name(target) or label or target}"
            case "#":
                return f"#{label or target}"
            case "!":
                return label or f"@{target.partition('^')[0]}"
            case _:
                address = target.removeprefix("mailto:").removeprefix("tel:")
                return address if label in ("", address, target) else f"{label} ({address})"

    return _MARK.sub(said, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
