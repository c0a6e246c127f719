"""The book of the awareness quiz: who has answered which question, and, apart, how often each answer was given.

What somebody answered is never stored with who they are: an answer goes into a pool that knows only counts, and is told
once it is one of five at least. Who has answered is kept by the month, so that nobody is asked the same twice a year
and the register knows how many were trained; it goes when the person leaves the directory.

It is no part of the main courante: a chain that forgets nothing is no place for who answered what in a quiz.
"""

from __future__ import annotations

import itertools
import logging
import os
import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from engine.journal.errors import JournalUnavailable, translated

__all__ = ["FEWEST", "TRAINING_FILE", "Month", "Training"]

log = logging.getLogger(__name__)

TRAINING_FILE: Final = "training.db"
"""The book's name in a town's folder."""
FEWEST: Final = 5
"""Answers to a question that are told together, and never fewer."""
VERSION: Final = 1
_PATIENCE: Final = 5.0
"""Seconds to wait for another program."""

Month = int
"""Months since year 0: 12 × the year + the month - 1. Nothing finer is kept, which could tell whose an answer is."""

_TABLES: Final = """
CREATE TABLE coverage (         -- who has answered what, never how
  person   TEXT NOT NULL,
  question TEXT NOT NULL,
  month    INTEGER NOT NULL,
  PRIMARY KEY (person, question)
) STRICT, WITHOUT ROWID;

CREATE TABLE counts (           -- how often an answer was given, by whomever
  question TEXT NOT NULL,
  choice   TEXT NOT NULL,
  pooled   INTEGER NOT NULL,    -- not told yet: they are too few
  told     INTEGER NOT NULL,
  PRIMARY KEY (question, choice)
) STRICT, WITHOUT ROWID;

CREATE TABLE asked (            -- when somebody was last sent a question
  person TEXT NOT NULL PRIMARY KEY,
  week   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""

_SETTINGS: Final = (
    "PRAGMA journal_mode = DELETE",  # a log would keep the order of the answers
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA trusted_schema = OFF",
)


class Training:
    """One connection, for one thread. What changes is durable when the call returns."""

    def __init__(self, folder: Path) -> None:
        """Open the book of a town's folder, or begin one; JournalUnavailable if it can't be used.

        A damaged one is put aside: the main courante is whole, and nobody must restore an older one for a quiz.
        """
        path = folder / TRAINING_FILE
        try:
            self._open(path)
        except JournalUnavailable as error:
            if error.code != "damaged":
                raise
            aside = _free(path)
            log.error("the book of the quiz is damaged: put aside as %s; its counts begin anew", aside.name)
            path.replace(aside)
            self._open(path)

    def _open(self, path: Path) -> None:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise JournalUnavailable("unopenable", path=str(path), detail=error.strerror) from error
        with translated:
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE)
            try:
                for setting in _SETTINGS:
                    self._connection.execute(setting)
                self._recognise()
            except BaseException:
                self._connection.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    # What is known

    def answered(self, person: str, since: Month) -> set[str]:
        """The questions that somebody has answered since that month, that one included."""
        return {
            question
            for (question,) in self._all(
                "SELECT question FROM coverage WHERE person = ? AND month >= ?", person, since
            )
        }

    def trained(self, since: Month) -> Mapping[str, int]:
        """How many questions each person has answered since that month; who answered none isn't there."""
        return dict(
            self._all("SELECT person, count(*) FROM coverage WHERE month >= ? GROUP BY person", since)
        )

    def told(self) -> Mapping[str, Mapping[str, int]]:
        """How often each answer was given to each question, once there were enough of them."""
        found: dict[str, dict[str, int]] = {}
        for question, choice, count in self._all(
            "SELECT question, choice, told FROM counts WHERE told > 0 ORDER BY question, choice"
        ):
            found.setdefault(question, {})[choice] = count
        return found

    def last_asked(self, person: str) -> int:
        """The week, counted from 1970, in which somebody was last sent a question; 0 if never."""
        found = self._all("SELECT week FROM asked WHERE person = ?", person)
        return int(found[0][0]) if found else 0

    # What happens

    def answer(self, person: str, question: str, choice: str, month: Month, since: Month) -> bool:
        """Count an answer once a round, which began in the month `since`; False if this person had answered in it."""
        with translated, self._transaction():
            if question in self.answered(person, since):
                return False
            self._connection.execute(
                "INSERT INTO coverage VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET month = excluded.month",
                (person, question, month),
            )
            self._connection.execute(
                "INSERT INTO counts VALUES (?, ?, 1, 0) ON CONFLICT DO UPDATE SET pooled = pooled + 1",
                (question, choice),
            )
            self._connection.execute(
                "UPDATE counts SET told = told + pooled, pooled = 0 WHERE question = ?1"
                " AND (SELECT sum(pooled) FROM counts WHERE question = ?1) >= ?2",
                (question, FEWEST),
            )
            return True

    def ask(self, person: str, week: int) -> None:
        """Note that somebody was sent a question this week."""
        with translated:
            self._connection.execute(
                "INSERT INTO asked VALUES (?, ?) ON CONFLICT DO UPDATE SET week = excluded.week",
                (person, week),
            )

    def keep_only(self, people: Collection[str]) -> None:
        """Forget who is no longer in the directory. What they answered is nobody's, and stays counted."""
        with translated, self._transaction():
            for table in ("coverage", "asked"):
                for (person,) in self._all(f"SELECT DISTINCT person FROM {table}"):
                    if person not in people:
                        self._connection.execute(f"DELETE FROM {table} WHERE person = ?", (person,))

    # The file

    def _transaction(self) -> _Transaction:
        return _Transaction(self._connection)

    def _all(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with translated:
            return self._connection.execute(statement, values).fetchall()

    def _recognise(self) -> None:
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise JournalUnavailable("newer", found=version, known=VERSION)
        if version == 0:
            with self._transaction():
                # Two programs that begin it together make it once.
                if self._connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _TABLES.split(";\n\n"):
                        self._connection.execute(statement)
                    self._connection.execute(f"PRAGMA user_version = {VERSION}")


def _free(path: Path) -> Path:
    """The first name beside it that no other damaged book has."""
    names = (path.with_name(f"{path.name}.damaged-{number}") for number in itertools.count(1))
    return next(one for one in names if not one.exists())


class _Transaction:
    """All of it or nothing."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._connection.execute("ROLLBACK" if kind else "COMMIT")
