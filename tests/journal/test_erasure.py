"""A legal erasure leaves no trace of the text in any file, and the chain still verifies."""

from __future__ import annotations

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.core.receipt import Receipt
from engine.home import Home
from engine.journal import audit, record
from engine.journal.sqlite import FILE
from engine.journal.verify import verify_file, verify_incident
from tests.desk import towns

SECRET = "Polichinelle"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        yield home


def erase(home: Home, incident: str, *entries: int, key: str = "erase") -> Receipt:
    command = c.Erase(entries=entries, reason="demande de la personne", visa="AD-2026-12")
    return towns.accepted(
        home.desk.submit_now(towns.order(incident, command, key, by="p1", at=towns.NOW + 60_000))
    )


def traces(home: Home) -> list[str]:
    return [
        path.name for path in home.path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()
    ]


def sound(home: Home) -> bool:
    verdicts, beside = audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)
    return all(verdict.whole for verdict in verdicts) and not beside


def test_the_text_is_nowhere_and_the_chain_is_whole(home: Home) -> None:
    incident = towns.declare(home)
    for number in range(40):
        towns.note(home, incident, f"{SECRET} {number} " + "x" * 200, f"note {number}")
    entries = tuple(
        entry.seq for entry in home.journal.reader.entries(incident) if isinstance(entry.event, e.NoteTaken)
    )
    assert home.journal.search(SECRET)
    assert traces(home)
    erase(home, incident, *entries)
    assert traces(home) == []
    assert home.journal.search(SECRET) == []
    assert sound(home)
    assert verify_incident(home.journal.reader, incident).erased == 2 * len(entries)


def test_an_erased_entry_says_when_what_kind_and_under_which_role(home: Home) -> None:
    incident = towns.declare(home)
    seq = towns.note(home, incident, SECRET, "note").last
    before = list(home.journal.reader.entries(incident))[seq - 1]
    erase(home, incident, seq)
    after = list(home.journal.reader.entries(incident))[seq - 1]
    assert before.actor.name
    assert after.actor == e.Actor(role=before.actor.role)
    assert after.event == e.NoteTaken()
    assert (after.at, after.occurred_at, after.seq) == (before.at, before.occurred_at, before.seq)


def test_the_erasure_is_itself_an_entry(home: Home) -> None:
    incident = towns.declare(home)
    seq = towns.note(home, incident, SECRET, "note").last
    receipt = erase(home, incident, seq)
    entry, *_ = home.journal.reader.entries(incident, receipt.first - 1)
    assert isinstance(entry.event, e.Erased)
    assert entry.event.entries == (seq,)
    assert entry.event.reason == "demande de la personne"


def test_what_the_state_showed_is_erased_from_it_and_from_what_is_derived(home: Home) -> None:
    incident = towns.declare(home)
    command = c.AddTask(text=f"appeler {SECRET}", who="p5", due=towns.NOW + 3_600_000)
    seq = towns.accepted(home.desk.submit_now(towns.order(incident, command, "task"))).last
    before = home.desk.incident(incident)
    assert before is not None
    assert any(SECRET in task.text for task in before.tasks.values())
    erase(home, incident, seq)
    after = home.desk.incident(incident)
    assert after is not None
    assert not any(SECRET in task.text for task in after.tasks.values())
    assert sound(home)


def test_a_refusals_receipt_goes_too(home: Home) -> None:
    incident = towns.declare(home)
    seq = towns.note(home, incident, "x", "note").last
    order = towns.order(incident, c.MarkPresence(person=SECRET, status="present"), "refused")
    towns.refused(home.desk.submit_now(order))
    erase(home, incident, seq)
    assert traces(home) == []


@pytest.fixture
def erased(home: Home) -> Iterator[sqlite3.Connection]:
    """Somebody with an SQL shell, after one note was erased."""
    incident = towns.declare(home)
    erase(home, incident, towns.note(home, incident, SECRET, "note").last)
    connection = sqlite3.connect(home.path / FILE, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE plain SET name = 'Le maire' WHERE event IN (SELECT event FROM erased)",
        "UPDATE plain SET leaves = '{}' WHERE event IN (SELECT event FROM erased)",
        "UPDATE plain SET role = 'maire' WHERE event IN (SELECT event FROM erased)",
        "UPDATE plain SET event = 1000 WHERE event IN (SELECT event FROM erased)",
        "INSERT OR REPLACE INTO plain SELECT event, 'p1', 'Le maire', 'maire', NULL, NULL, salts FROM plain",
        "DELETE FROM plain",
        "DELETE FROM erased",
    ],
)
def test_no_shell_brings_a_text_back_or_takes_another(erased: sqlite3.Connection, statement: str) -> None:
    before = list(erased.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        erased.execute(statement)
    assert list(erased.iterdump()) == before


def test_not_even_once_the_row_itself_is_gone(erased: sqlite3.Connection) -> None:
    (row,) = erased.execute("SELECT * FROM plain WHERE event IN (SELECT event FROM erased)").fetchall()
    erased.execute("DELETE FROM plain WHERE event IN (SELECT event FROM erased)")
    with pytest.raises(sqlite3.IntegrityError, match="never comes back"):
        erased.execute("INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def test_an_entry_that_no_one_signed_has_no_text_beside_it(home: Home) -> None:
    incident = towns.declare(home)
    connection = sqlite3.connect(home.path / FILE)
    beside = {seq for (seq,) in connection.execute("SELECT seq FROM events JOIN plain ON event = id")}
    connection.close()
    assert beside == {row.seq for row in home.journal.reader.rows(incident) if row.paths}
    erase(home, incident, *beside)
    assert sound(home)


def test_an_exported_timeline_tells_nothing_of_it_and_verifies(home: Home, tmp_path: Path) -> None:
    incident = towns.declare(home)
    seq = towns.note(home, incident, SECRET, "note").last
    head = home.journal.reader.tips()[0].hash
    erase(home, incident, seq)
    path = tmp_path / "timeline.jsonl"
    path.write_bytes(b"".join(record.write(home.journal.reader.rows(incident), lambda _: "")))
    assert SECRET.encode() not in path.read_bytes()
    assert verify_file(path, head).whole, "a head noted before the erasure is still found"


def test_evidence_that_only_erased_entries_name_is_destroyed(home: Home) -> None:
    incident = towns.declare(home)
    first, second = home.evidence.keep(io.BytesIO(b"one")), home.evidence.keep(io.BytesIO(b"two"))
    added = []
    for number, kept in enumerate((first, second, second)):
        command = c.AddEvidence(
            run=1, track="principal", step="s0", name=f"photo {number}", sha256=kept.sha256, size=kept.size
        )
        added.append(
            towns.accepted(home.desk.submit_now(towns.order(incident, command, f"evidence {number}"))).last
        )
    erase(home, incident, added[0], added[1])
    assert not home.evidence.path(first.sha256).exists()
    assert home.evidence.whole(second.sha256), "another entry still names it"


def test_erasing_twice_changes_nothing_more(home: Home) -> None:
    incident = towns.declare(home)
    seq = towns.note(home, incident, SECRET, "note").last
    erase(home, incident, seq)
    erase(home, incident, seq, key="again")
    assert sound(home)


def test_the_incident_goes_on_after_an_erasure(home: Home) -> None:
    incident = towns.declare(home)
    seq = towns.press(home, incident, "one").last
    erase(home, incident, seq)
    towns.press(home, incident, "two", at=towns.NOW + 120_000)
    assert sound(home)


def test_traces_that_a_reader_held_back_are_wiped_at_the_next_opening(tmp_path: Path) -> None:
    folder = towns.make_town(tmp_path / "valmont")
    with Home(folder) as home:
        incident = towns.declare(home)
        seq = towns.note(home, incident, SECRET, "note").last
        reader = sqlite3.connect(folder / FILE, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM events").fetchone()
        erase(home, incident, seq)
        assert traces(home), "the reader still sees the journal as it was"
        reader.execute("COMMIT")
        reader.close()
    with Home(folder) as home:
        assert traces(home) == []
        assert sound(home)
