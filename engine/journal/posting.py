"""The tables of the relay's own book (`posts`), and how it is opened."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Final

from engine.core.quantities import Instant
from engine.journal.errors import JournalUnavailable, translated

__all__ = ["POSTS_FILE", "connect"]

POSTS_FILE: Final = "posts.db"
"""The book's name in a town's folder."""
VERSION: Final = 1

_TABLES: Final = """
CREATE TABLE born (at INTEGER NOT NULL) STRICT;

CREATE TABLE posts (
  id       INTEGER PRIMARY KEY,
  surface  TEXT NOT NULL,
  chat     TEXT NOT NULL,
  thread   TEXT NOT NULL,
  person   TEXT NOT NULL,     -- whose private chat it is; empty: a group
  incident TEXT NOT NULL,
  key      TEXT NOT NULL,
  once     INTEGER NOT NULL,  -- a notice: never edited
  state    TEXT NOT NULL,
  message  TEXT NOT NULL,     -- its identity on the platform; empty: not known, or nothing is left of it
  digest   BLOB NOT NULL,     -- of the content that it shows
  afresh   TEXT NOT NULL,
  at       INTEGER NOT NULL,  -- of the intent, milliseconds since 1970 UTC
  below    INTEGER NOT NULL,  -- messages seen after it
  pinned   INTEGER NOT NULL,
  CONSTRAINT state_known CHECK (state IN ('intent', 'unsure', 'sent', 'old', 'past', 'empty'))
) STRICT;

CREATE UNIQUE INDEX one_stands ON posts (surface, chat, thread, key) WHERE state IN ('intent', 'unsure', 'sent');
CREATE INDEX posts_of_incident ON posts (incident);
CREATE INDEX posts_of_chat ON posts (surface, chat);

CREATE TABLE told (           -- up to which entry a platform has nothing more to tell
  surface  TEXT NOT NULL,
  incident TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  PRIMARY KEY (surface, incident)
) STRICT, WITHOUT ROWID;

CREATE TABLE chats (          -- where an account is spoken to in private
  surface TEXT NOT NULL,
  account TEXT NOT NULL,
  chat    TEXT NOT NULL,
  PRIMARY KEY (surface, account)
) STRICT, WITHOUT ROWID;

CREATE TABLE settled (        -- closed incidents that a platform has nothing more to show of
  surface  TEXT NOT NULL,
  incident TEXT NOT NULL,
  seq      INTEGER NOT NULL,
  hushed   INTEGER NOT NULL,  -- its messages were emptied: none is posted any more
  PRIMARY KEY (surface, incident)
) STRICT, WITHOUT ROWID;
"""

_SETTINGS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA journal_size_limit = 4194304",
)


def connect(path: Path, now: Instant) -> sqlite3.Connection:
    """Open the book, or make it: it is born now then. JournalUnavailable if it can't be used."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise JournalUnavailable("unopenable", path=str(path), detail=error.strerror) from error
    with translated:
        connection = sqlite3.connect(path, isolation_level=None, timeout=0)
        try:
            for setting in _SETTINGS:
                connection.execute(setting)
            _recognise(connection, now)
        except BaseException:
            connection.close()
            raise
    return connection


def _recognise(connection: sqlite3.Connection, now: Instant) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise JournalUnavailable("newer", found=version, known=VERSION)
    if version == 0:
        connection.executescript(
            f"BEGIN IMMEDIATE; {_TABLES} INSERT INTO born VALUES ({int(now)});"
            f" PRAGMA user_version = {VERSION}; COMMIT;"
        )
