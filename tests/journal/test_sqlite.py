"""The tables keep what was written, whoever writes; an older database is brought up, a newer one refused."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.home import Home
from engine.i18n import Words
from engine.journal import errors, schema
from engine.journal.errors import JournalUnavailable
from engine.journal.naming import Number, number_of
from engine.journal.sqlite import FILE, SqliteJournal
from tests.desk import towns

REST = "at, occurred_at, source, kind, kind_version, data, paths, commitments, hash, key, last"
"""The columns of an event after its place."""
NEXT = "1 + (SELECT max(seq) FROM events)"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        incident = towns.declare(home)
        towns.press(home, incident, "press")
        towns.note(home, incident, "vu", "note")
        yield home


@pytest.fixture
def shell(home: Home) -> Iterator[sqlite3.Connection]:
    """Somebody with an SQL shell and no setting of ours."""
    connection = sqlite3.connect(home.path / FILE, isolation_level=None)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET at = 0",
        "UPDATE events SET key = NULL",
        "UPDATE events SET hash = hash",
        "UPDATE plain SET name = ''",
        "UPDATE plain SET name = 'Quelqu''un d''autre'",
        "UPDATE plain SET actor = NULL, name = NULL, entered_by = NULL, leaves = NULL",
        "UPDATE plain SET role = NULL",
        "UPDATE plain SET event = event + 1000",
        "DELETE FROM plain",
        "INSERT OR REPLACE INTO plain SELECT event, actor, 'Le maire', role, entered_by, leaves, salts FROM plain",
        "UPDATE OR REPLACE events SET seq = 1 WHERE seq = 2",
        "DELETE FROM events",
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 2",
        f"INSERT OR REPLACE INTO events SELECT 1000, incident, seq, {REST} FROM events WHERE seq = 2",
        f"REPLACE INTO events SELECT id, incident, {NEXT}, {REST} FROM events WHERE seq = 2",
        f"REPLACE INTO events SELECT 1000, incident, {NEXT}, {REST} FROM events WHERE seq = 1",
        f"INSERT INTO events SELECT 1000, incident, 1000, {REST} FROM events WHERE seq = 2",
        "INSERT INTO erased SELECT id, id FROM events",
        "UPDATE incidents SET name = 'INC-2025-002'",
        "DELETE FROM incidents",
        "INSERT OR REPLACE INTO incidents VALUES (9, 'INC-2025-001', 0, 2025, 1)",
        "UPDATE definitions SET body = x''",
        "DELETE FROM definitions",
        "INSERT OR REPLACE INTO definitions SELECT digest, x'' FROM definitions",
    ],
)
def test_what_is_written_is_never_changed(home: Home, shell: sqlite3.Connection, statement: str) -> None:
    before = list(shell.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        shell.execute(statement)
    assert list(shell.iterdump()) == before


def test_tables_are_strict(shell: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="cannot store"):
        shell.execute("INSERT INTO boards VALUES (2, 'soon', '[]', '{}')")


def test_every_constraint_has_a_name(shell: sqlite3.Connection) -> None:
    for (text,) in shell.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'"
    ):
        for line in text.splitlines():
            for word in ("UNIQUE (", "CHECK (", "FOREIGN KEY ("):
                assert word not in line or line.strip().startswith("CONSTRAINT "), line


def test_a_journal_is_for_its_owner_alone(home: Home) -> None:
    if os.name == "nt":
        pytest.skip("Windows keeps the folder's own rights")
    for path in home.path.glob(f"{FILE}*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_newer_database_is_refused_in_words(tmp_path: Path) -> None:
    SqliteJournal(tmp_path / FILE).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    with pytest.raises(JournalUnavailable) as caught:
        SqliteJournal(tmp_path / FILE)
    assert caught.value.code == "newer"
    assert str(schema.VERSION + 1) in caught.value.tell(Words("fr"))


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, " * 300)
    with pytest.raises(JournalUnavailable) as caught:
        SqliteJournal(tmp_path / FILE)
    assert caught.value.code == "damaged"
    assert caught.value.tell(Words("en"))


def test_a_folder_in_its_place_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(JournalUnavailable) as caught:
        SqliteJournal(tmp_path / FILE)
    assert caught.value.code == "unopenable"
    assert caught.value.tell(Words("fr"))


def test_an_older_database_is_brought_up_with_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteJournal(tmp_path / FILE).close()
    newer = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;"
    monkeypatch.setattr(schema, "_LINES", (*schema._LINES, newer))
    monkeypatch.setattr(schema, "VERSION", 2)
    SqliteJournal(tmp_path / FILE).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM extra").fetchone() == (0,)
    connection.close()


def test_a_step_that_fails_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteJournal(tmp_path / FILE).close()
    broken = "CREATE TABLE extra (id INTEGER PRIMARY KEY) STRICT;\nCREATE TABLE events (x);"
    monkeypatch.setattr(schema, "_LINES", (*schema._LINES, broken))
    monkeypatch.setattr(schema, "VERSION", 2)
    with pytest.raises(sqlite3.OperationalError):
        SqliteJournal(tmp_path / FILE)
    monkeypatch.undo()
    SqliteJournal(tmp_path / FILE).close()
    with sqlite3.connect(tmp_path / FILE) as connection:
        assert "extra" not in {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()


def test_two_programs_that_make_a_journal_together_make_one(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from engine.journal.sqlite import SqliteJournal;"
        "SqliteJournal(Path(sys.argv[1])).close()"
    )
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", script, tmp_path / FILE], cwd=towns.ROOT, stderr=subprocess.PIPE
        )
        for _ in range(4)
    ]
    for program in programs:
        _, told = program.communicate(timeout=60)
        assert program.returncode == 0, told


def test_a_name_says_the_incidents_place_in_its_year() -> None:
    assert Number(False, 2026, 3).name == "INC-2026-003"
    assert Number(True, 2026, 1).name == "EX-2026-001"
    for number in (Number(False, 2026, 3), Number(True, 2026, 1000)):
        assert number_of(number.name) == number
    assert number_of("INC-26-3") is None


# Search


def test_a_word_is_found_with_or_without_accents_whole_or_begun(home: Home) -> None:
    incident = home.journal.reader.incidents()[0]
    seq = towns.note(home, incident, "Le télétravail est dégradé, la paie attend", "search").last
    for text in ("degrade", "DÉGRADÉ", "télétr", "paie dégradé", "  paie ", "paie*("):
        assert [found.seq for found in home.journal.search(text)] == [seq], text
    for text in ("cantine", "paie cantine", "", '"', "NOT", "a AND b"):
        assert home.journal.search(text) == [], text


def test_the_index_catches_up_with_what_was_written_since(home: Home) -> None:
    incident = home.journal.reader.incidents()[0]
    assert home.journal.search("Polichinelle") == []
    first = towns.note(home, incident, "Polichinelle arrive", "one").last
    assert [found.seq for found in home.journal.search("Polichinelle")] == [first]
    second = towns.note(home, incident, "Polichinelle part", "two").last
    assert [found.seq for found in home.journal.search("Polichinelle")] == [second, first]
    assert [found.seq for found in home.journal.search("Polichinelle", limit=1)] == [second]


def test_names_roles_and_steps_are_found_too(home: Home) -> None:
    for text in ("Lacombe", "dsi", "principal"):
        assert home.journal.search(text)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "code", sorted({*errors._MEANING.values(), "replaced", "newer", "older", "foreign", "old_sqlite"})
)
def test_every_way_of_being_out_of_reach_has_its_words(code: str, lang: str) -> None:
    facts = {"path": "x", "detail": "y", "table": "z", "found": 1, "known": 2, "needed": 3}
    assert JournalUnavailable(code, **facts).tell(Words(lang))
