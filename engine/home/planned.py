"""Back the town up at the pace that `tocsin.toml` asks for, while a program that people press in is open.

Each backup is made by a process of its own: sealing with a passphrase takes seconds during which nothing else of a
Python program runs, and a share that no longer answers would hold up every press. Leaving doesn't wait for it, nor
stop it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from engine.config import Backup
from engine.core.quantities import MINUTE, SECOND
from engine.home.backup import Schedule
from engine.home.sealing import Seal, Unsealable
from engine.i18n import Words
from engine.journal.errors import JournalUnavailable

__all__ = ["Failure", "folder_of", "keep_backing_up", "planned", "seal_of"]

log = logging.getLogger(__name__)

GLANCE: Final = 0.2
"""Seconds between two looks at whether the process has ended."""
RETRY: Final = 5 * MINUTE
LONGEST: Final = 10 * MINUTE
"""After that somebody is told that the place of the backups doesn't answer."""


class Failure(Exception):
    """No backup could be made: `key` is a key of the catalogue."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts

    def tell(self, words: Words) -> str:
        """Say it to a person."""
        return words.say(self.key, **self.facts)

    def warn(self, words: Words) -> str:
        """Say it to people who are busy with something else: what it means, then what it is."""
        return words.say("journal.backup.alone", detail=self.tell(words))


def seal_of(home: Path, config: Backup) -> Seal:
    """Who may read the backups, as `tocsin.toml` says; Failure if it doesn't, or the passphrase can't be read."""
    if bool(config.recipient) == bool(config.passphrase_file):
        raise Failure("journal.backup.one_key" if config.recipient else "journal.backup.config_key")
    if config.recipient:
        return Seal(recipients=(config.recipient,))
    path = home / Path(config.passphrase_file or "").expanduser()
    try:
        passphrase = path.read_text("utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise Failure("journal.backup.passphrase_file", path=str(path), detail=detail) from error
    if not passphrase:
        raise Failure("journal.backup.passphrase_empty", path=str(path))
    return Seal(passphrase=passphrase)


def folder_of(home: Path, config: Backup) -> Path:
    """Where the backups go: a relative place is inside the town's folder."""
    return home.absolute() / Path(config.to).expanduser()


def planned(home: Path, config: Backup) -> Schedule | None:
    """The schedule that `tocsin.toml` asks for; None if it gives no pace. Failure if it can't be kept."""
    if config.every is None:
        return None
    return Schedule(home.absolute(), folder_of(home, config), seal_of(home, config), config.every.ms)


async def keep_backing_up(home: Path, config: Backup | None, tell: Callable[[Failure], None]) -> None:
    """Make the backups when they are due, until cancelled. `tell` hears of a failure once, until one succeeds."""
    try:
        schedule = planned(home, config) if config is not None else None
    except Failure as failure:
        log.warning("no backup: %s", failure.key)
        tell(failure)
        return
    if schedule is None:
        return
    told = False
    while True:
        try:
            wait = (await _made(schedule)) or schedule.every
            told = False
        except Exception as error:  # noqa: BLE001 - whatever it is, people go on pressing
            missed = error if isinstance(error, Failure) else Failure("journal.backup.failed", detail=error)
            log.warning("no backup: %s %s", missed.key, missed.facts)
            if not told:
                tell(missed)
            told, wait = True, min(RETRY, schedule.every)
        await asyncio.sleep(wait / SECOND)


async def _made(schedule: Schedule) -> int:
    """Have the backup made if it is due; milliseconds until the next one is."""
    process = subprocess.Popen(  # noqa: ASYNC220 - asyncio's own would end it with the loop; starting takes no time
        [sys.executable, "-m", "engine.home.planned"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, map(os.path.abspath, sys.path)))},
        start_new_session=True,  # Ctrl-C in the terminal is not meant for it
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin:
        process.stdin.write(_Told.of(schedule).packed())
    until = time.monotonic() + LONGEST / SECOND
    while process.poll() is None:
        await asyncio.sleep(GLANCE)
        if time.monotonic() > until:
            raise Failure("journal.backup.stuck", path=str(schedule.folder))
    with process.stdout:
        answer = process.stdout.read()
    try:
        answered = json.loads(answer)
    except ValueError:
        raise Failure("journal.backup.failed", detail=f"exit {process.returncode}") from None
    if "key" in answered:
        raise Failure(answered["key"], **answered["facts"])
    return int(answered["wait"])


class _Told(NamedTuple):
    """A schedule as the process is told of it, on its standard input: a passphrase is seen by nobody there."""

    home: str
    folder: str
    passphrase: str
    recipients: list[str]
    every: int
    keep: int

    @classmethod
    def of(cls, schedule: Schedule) -> _Told:
        seal = schedule.seal
        return cls(
            str(schedule.home), str(schedule.folder), seal.passphrase, list(seal.recipients),
            schedule.every, schedule.keep,
        )  # fmt: skip

    def packed(self) -> bytes:
        return json.dumps(self).encode()

    def schedule(self) -> Schedule:
        seal = Seal(self.passphrase, tuple(self.recipients))
        return Schedule(Path(self.home), Path(self.folder), seal, self.every, self.keep)


def _work(told: bytes) -> dict[str, Any]:
    """What the process does."""
    schedule = _Told._make(json.loads(told)).schedule()
    try:
        schedule.run(time.time_ns() // 1_000_000)
        return {"wait": max(schedule.next_due() - time.time_ns() // 1_000_000, SECOND)}
    except Unsealable as error:
        return {"key": f"journal.backup.{error.code}", "facts": error.facts}
    except JournalUnavailable as error:
        return {"key": f"journal.unavailable.{error.code}", "facts": error.facts}
    except OSError as error:
        return {"key": "journal.backup.failed", "facts": {"detail": error.strerror or str(error)}}


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(10)  # people press meanwhile
    print(json.dumps(_work(sys.stdin.buffer.read())))
