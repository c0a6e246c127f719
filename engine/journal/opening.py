"""Open the journal's file: to write, to read without changing anything, and to notice that it was put away meanwhile.

A program goes on writing to a file that somebody deleted or replaced: the system keeps it for whoever has it open, and
throws it away after. So what is at the path is compared with what was opened, before each order.

Who only reads makes no file. A disk that can't be written is read too, as it is: evidence that was seized must verify.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from engine.journal import schema
from engine.journal.errors import JournalUnavailable, translated

__all__ = ["FILE", "LOG", "Place", "Reading", "connect", "read_only"]

FILE: Final = "journal.db"
"""The file's name in a town's folder."""
LOG: Final = "-wal"

_OLDEST: Final = (3, 37, 0)
"""The first SQLite with STRICT tables."""

_PATIENCE: Final = 5.0
"""Seconds to wait, when opening, for another program that opens, closes or migrates the same file."""

_SETTINGS: Final = (
    "PRAGMA page_size = 2048",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # macOS: an fsync there doesn't reach the platter
    "PRAGMA recursive_triggers = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # what is erased is overwritten
    "PRAGMA trusted_schema = OFF",
    "PRAGMA wal_autocheckpoint = 2000",  # pages: 4 MB of log
    "PRAGMA journal_size_limit = 16777216",
    "PRAGMA cache_size = -4000",
    "PRAGMA temp_store = MEMORY",
)


def connect(path: Path) -> sqlite3.Connection:
    """Open or make a journal's file, readable by its owner alone, at this program's version."""
    _check_library()
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise JournalUnavailable("unopenable", path=str(path), detail=error.strerror) from error
    with translated:
        connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE, cached_statements=256)
        try:
            for setting in _SETTINGS:
                connection.execute(setting)
            schema.migrate(connection)
            connection.execute("PRAGMA busy_timeout = 0")
        except BaseException:
            connection.close()
            raise
    return connection


def _check_library() -> None:
    if sqlite3.sqlite_version_info < _OLDEST:
        raise JournalUnavailable(
            "old_sqlite", found=sqlite3.sqlite_version, needed=".".join(map(str, _OLDEST))
        )


class Place:
    """Which files were opened, to know whether they are still the ones at their path."""

    def __init__(self, path: Path) -> None:
        self._path = str(path.absolute())
        # The index of the log too: two programs that don't share it don't see each other's locks.
        files = [self._path + end for end in ("", LOG, "-shm")]
        self._opened = [(file, found) for file in files if (found := _there(file)) is not None]

    def check(self) -> None:
        """JournalUnavailable if one of them was deleted, moved or replaced."""
        for path, opened in self._opened:
            if _there(path) != opened:
                raise JournalUnavailable("replaced", path=self._path)


def _there(path: str) -> tuple[int, int] | None:
    """What is at this path, as the system names it; None if nothing is, or the system has no names."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found.st_ino else None


class Reading(NamedTuple):
    """A connection that changes nothing. `copied`: where a copy was read from, to be thrown away after."""

    connection: sqlite3.Connection
    copied: tempfile.TemporaryDirectory[str] | None = None


def read_only(path: Path) -> Reading:
    """Open a journal to read it, where it is, and whoever else is at work; an empty one if there is none."""
    _check_library()
    if not path.exists():
        return Reading(schema.made())
    try:
        return Reading(_reading(path, "mode=ro"))
    except JournalUnavailable as error:
        if error.code not in {"unopenable", "readonly"}:
            raise
    # The log can't be indexed there: nobody writes there either.
    log = Path(f"{path}{LOG}")
    if not log.is_file() or not log.stat().st_size:
        return Reading(_reading(path, "immutable=1"))
    copied = tempfile.TemporaryDirectory(prefix="tocsin-")
    try:
        for one in (path, log):
            shutil.copyfile(one, Path(copied.name) / one.name)
        return Reading(_reading(Path(copied.name) / path.name, "mode=ro"), copied)
    except OSError as error:
        copied.cleanup()
        raise JournalUnavailable("unopenable", path=str(path), detail=error.strerror or str(error)) from error
    except BaseException:
        copied.cleanup()
        raise


def _reading(path: Path, mode: str) -> sqlite3.Connection:
    with translated:
        address = f"{path.absolute().as_uri()}?{mode}"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, timeout=_PATIENCE)
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            schema.recognise(connection)
        except BaseException:
            connection.close()
            raise
    return connection
