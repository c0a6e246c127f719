"""Who is measured: a bare durable commit, tocsin, and libraries that do a part of the same, where they are installed.

A contender opens a folder, starts incidents, presses (durable when it returns), and tells where an incident stands.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import uuid
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import workload

__all__ = ["CONTENDERS", "Contender", "available"]

ROOT = Path(__file__).resolve().parents[1]
NOW = 1_764_000_000_000


class Contender(Protocol):
    def __init__(self, folder: Path, *, for_ever: bool = False) -> None: ...
    def start(self, run: int) -> None: ...
    def press(self, run: int, press: int) -> None: ...
    async def apress(self, run: int, press: int) -> None: ...
    def stands(self, run: int) -> str: ...


class Bare:
    """The baseline: `BEGIN IMMEDIATE; INSERT; COMMIT` on SQLite, WAL, synchronous=FULL."""

    def __init__(self, folder: Path, *, for_ever: bool = False) -> None:
        self.for_ever = for_ever
        self.db = sqlite3.connect(folder / "bare.db", isolation_level=None)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, run INT, seq INT, body TEXT)"
        )
        self.folded: dict[int, int] | None = None

    def start(self, run: int) -> None:
        """A run is its events."""

    def press(self, run: int, press: int) -> None:
        row = (run, press, workload.body(run, press))
        self.db.execute("BEGIN IMMEDIATE")
        self.db.execute("INSERT INTO event (run, seq, body) VALUES (?, ?, ?)", row)
        self.db.execute("COMMIT")
        self.folded = None

    async def apress(self, run: int, press: int) -> None:
        self.press(run, press)

    def stands(self, run: int) -> str:
        if self.folded is None:
            self.folded = {}
            for one, text in self.db.execute("SELECT run, body FROM event ORDER BY id"):
                self.folded[one] = json.loads(text)["seq"] + 1
        return workload.expected(run, self.folded.get(run, 0), for_ever=self.for_ever)


class Tocsin:
    """The real desk over a real town's folder: permissions, machine, receipt, hashes, deadlines, cards."""

    def __init__(self, folder: Path, *, for_ever: bool = False) -> None:
        from engine.core import commands
        from engine.home import Home

        self.commands, self.for_ever = commands, for_ever
        if not (folder / "tocsin.toml").exists():
            for name in ("tocsin.toml", "annuaire.yaml"):
                shutil.copy(ROOT / "runbooks" / "exemple" / name, folder / name)
            (folder / "runbooks").mkdir()
            shutil.copy(ROOT / "benchmarks" / "banc.yaml", folder / "runbooks" / "banc.yaml")
        self.home = Home(folder)
        self.names = self.home.journal.reader.incidents()

    def start(self, run: int) -> None:
        command = self.commands.Declare(title="Banc", known_at=NOW, runbook="banc")
        order = self.commands.Order(incident="", command=command, by="p4", at=NOW, key=f"start {run}")
        self.names.append(self.home.desk.submit_now(order).incident)

    def order(self, run: int, press: int) -> Any:
        command = self.commands.PickOutcome(
            run=1,
            track="principal",
            step=workload.step_at(run, press),
            visit=press // workload.STEPS + 1,
            outcome=workload.outcome(run, press, for_ever=self.for_ever),
        )
        return self.commands.Order(
            incident=self.names[run],
            command=command,
            by="p4",
            at=NOW + press * 1000,
            key=f"slack:U02ABCDEFGH:{run}:{press}",
        )

    def press(self, run: int, press: int) -> None:
        receipt = self.home.desk.submit_now(self.order(run, press))
        assert receipt.refused is None, receipt

    async def apress(self, run: int, press: int) -> None:
        receipt = await self.home.desk.submit(self.order(run, press))
        assert receipt.refused is None, receipt

    def stands(self, run: int) -> str:
        incident = self.home.desk.incident(self.names[run])
        assert incident is not None
        track = incident.runs[1].tracks["principal"]
        return track.cursor.step if track.cursor else track.end_step


class SqliteUtils:
    """A library's own insert, WAL: no machine, no receipt, no hash."""

    def __init__(self, folder: Path, *, for_ever: bool = False) -> None:
        from sqlite_utils import Database

        self.db, self.for_ever = Database(folder / "utils.db"), for_ever
        self.db.enable_wal()
        self.table = self.db.table("event", pk="id")

    def start(self, run: int) -> None:
        """A run is its events."""

    def press(self, run: int, press: int) -> None:
        self.table.insert({"run": run, "seq": press, "body": workload.body(run, press)})

    async def apress(self, run: int, press: int) -> None:
        self.press(run, press)

    def stands(self, run: int) -> str:
        count = self.table.count_where("run = ?", [run]) if self.table.exists() else 0
        return workload.expected(run, count, for_ever=self.for_ever)


class EventSourcing:
    """The `eventsourcing` library on SQLite, its aggregates cached: no receipt, no hash, no deadlines."""

    def __init__(self, folder: Path, *, for_ever: bool = False) -> None:
        from eventsourcing.application import Application
        from eventsourcing.domain import Aggregate, event

        class Run(Aggregate):
            @event("Started")
            def __init__(self, run: int) -> None:
                self.run, self.count = run, 0

            @staticmethod
            def create_id(run: int) -> uuid.UUID:
                return uuid.uuid5(uuid.NAMESPACE_OID, str(run))

            @event("Pressed")
            def press(self, body: str) -> None:
                self.count += 1

        self.kind, self.for_ever = Run, for_ever
        self.app = Application(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": str(folder / "es.db"),
                "AGGREGATE_CACHE_MAXSIZE": "5000",
            }
        )

    def start(self, run: int) -> None:
        self.app.save(self.kind(run=run))

    def press(self, run: int, press: int) -> None:
        one = self.app.repository.get(self.kind.create_id(run))
        one.press(workload.body(run, press))
        self.app.save(one)

    async def apress(self, run: int, press: int) -> None:
        self.press(run, press)

    def stands(self, run: int) -> str:
        one = self.app.repository.get(self.kind.create_id(run))
        return workload.expected(run, one.count, for_ever=self.for_ever)


CONTENDERS: dict[str, type[Contender]] = {
    "bare": Bare,
    "tocsin": Tocsin,
    "sqlite-utils": SqliteUtils,
    "eventsourcing": EventSourcing,
}
_NEEDS = {"eventsourcing": "eventsourcing"}


def available() -> list[str]:
    """The contenders whose library is installed here."""
    return [name for name in CONTENDERS if find_spec(_NEEDS.get(name, "json"))]
