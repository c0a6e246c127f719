"""Copy the journal while it is being written: one moment of it, whole."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from engine.journal.errors import translated
from engine.journal.port import Tip
from engine.journal.reading import SqliteReader

__all__ = ["copy"]


def copy(source: Path, target: Path) -> list[Tip]:
    """Write a copy of the journal as it is now to a new file, and return the ends of its chains.

    Writers are not held up, and the copy is not torn by them.
    """
    # In one step: it reads one state of the log, and what is committed meanwhile is not in it.
    with (
        translated,
        contextlib.closing(sqlite3.connect(source, timeout=5)) as journal,
        contextlib.closing(sqlite3.connect(target)) as copied,
    ):
        journal.backup(copied, pages=-1)
        copied.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
        return SqliteReader(copied).tips()
