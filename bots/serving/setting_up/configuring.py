"""The one choice of the setup that lives in `tocsin.toml`: a channel of its own for each incident in Slack."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Final

from engine.config import CONFIGURATION

__all__ = ["says_crisis_channel", "write_crisis_channel"]

_SECTION: Final = re.compile(r"^\[slack\][^\n]*\n", re.MULTILINE)
_LINE: Final = 'crisis_channel = "new"\n'


def says_crisis_channel(home: Path) -> bool:
    """Whether somebody has chosen already."""
    path = home / CONFIGURATION
    if not path.is_file():
        return False
    found = tomllib.loads(path.read_text("utf-8-sig")).get("slack", {})
    return isinstance(found, dict) and "crisis_channel" in found


def write_crisis_channel(home: Path) -> None:
    """Write that each incident has a channel of its own; the rest of the file stays as people wrote it."""
    path = home / CONFIGURATION
    if not path.is_file():
        return
    text = path.read_text("utf-8-sig")
    if _SECTION.search(text):
        text = _SECTION.sub(lambda found: found[0] + _LINE, text, count=1)
    else:
        text = f"{text.rstrip()}\n\n[slack]\n{_LINE}"
    fresh = path.with_suffix(".toml.new")
    fresh.write_text(text, "utf-8")
    fresh.replace(path)  # whole or not at all: `serve` reads it meanwhile
