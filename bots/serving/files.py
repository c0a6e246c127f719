"""Follow the town's files while the program runs: a number corrected at night is the one that is called.

A file with a slip changes nothing: people and procedures stay those of before, and the log says what to mend.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from engine.home import Home, HomeUnusable
from engine.i18n import Words

__all__ = ["follow_files"]

log = logging.getLogger(__name__)

GLANCE: Final = 5.0
"""Seconds between two looks."""
_WATCHED: Final = ("*.toml", "*.yaml", "*.yml", "runbooks/**/*.y*ml")


async def follow_files(home: Home, words: Words, changed: Callable[[], None]) -> None:
    """Read the files again once they have changed and rested for a glance, until cancelled; `changed` is told."""
    seen = read = _stamps(home.path)
    while True:
        await asyncio.sleep(GLANCE)
        now = _stamps(home.path)
        rested, seen = now == seen, now
        if not rested or now == read:
            continue  # an editor may still be writing
        read = now
        try:
            home.reload()
        except HomeUnusable as error:
            log.warning("the town's files are left as they were: %s", error.tell(words))
        else:
            log.info("the town's files have changed: read again")
            changed()


def _stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return dict(_found(folder))


def _found(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    for pattern in _WATCHED:
        for path in folder.glob(pattern):
            try:
                found = path.stat()
            except OSError:
                continue
            yield str(path), (found.st_mtime_ns, found.st_size)
