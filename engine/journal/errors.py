"""Say once, at the edge, what a database's own errors mean to a person."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from engine.i18n import Words

__all__ = ["BrokenRule", "JournalUnavailable", "translated"]


class JournalUnavailable(Exception):
    """The journal can't be written, or read, now. Nothing was half done; the same order may be given again.

    `code`: full, locked, readonly, disk, damaged, unopenable, replaced, newer, older, foreign, old_sqlite.
    """

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def tell(self, words: Words) -> str:
        """Say it to a person: what happened, and what to do."""
        return words.say(f"journal.unavailable.{self.code}", **self.facts)


class BrokenRule(Exception):
    """A row that the journal's own rules refuse: a bug, never a person's fault. Its transaction must be rolled back."""


_MEANING: Final = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_BUSY: "locked",
    sqlite3.SQLITE_LOCKED: "locked",
    sqlite3.SQLITE_READONLY: "readonly",
    sqlite3.SQLITE_PERM: "readonly",
    sqlite3.SQLITE_IOERR: "disk",
    sqlite3.SQLITE_CORRUPT: "damaged",
    sqlite3.SQLITE_NOTADB: "damaged",
    sqlite3.SQLITE_CANTOPEN: "unopenable",
}
_PRIMARY: Final = 0xFF
"""SQLite's extended codes keep the plain one in their low byte."""


class _Translated:
    """Turns a database's error into ours; an error that has no meaning for a person goes through as it is."""

    __slots__ = ()

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, sqlite3.IntegrityError):
            raise BrokenRule(str(error)) from error
        if isinstance(error, sqlite3.Error):
            code = _MEANING.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
            if code is not None:
                raise JournalUnavailable(code, path="journal.db", detail=str(error)) from error


translated: Final = _Translated()
