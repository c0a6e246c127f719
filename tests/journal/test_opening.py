"""A journal that was put away meanwhile is noticed at the next order; who only reads changes nothing, anywhere."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.home import Home
from engine.i18n import LANGUAGES, Words
from engine.journal import opening
from engine.journal.errors import JournalUnavailable
from engine.journal.sqlite import FILE, SqliteJournal
from engine.journal.verify import verify_incident
from tests.desk import towns

INCIDENT = "INC-2025-001"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    folder = towns.make_town(tmp_path / "valmont")
    with Home(folder) as home:
        towns.declare(home)
        towns.press(home, INCIDENT, "press")
    return folder


def deleted(folder: Path) -> None:
    for path in folder.glob(f"{FILE}*"):
        path.unlink()


def log_deleted(folder: Path) -> None:
    (folder / f"{FILE}-wal").unlink()


def replaced(folder: Path) -> None:
    shutil.copy(folder / FILE, folder / "other")
    os.replace(folder / "other", folder / FILE)


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def folder_deleted(folder: Path) -> None:
    shutil.rmtree(folder)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody delete an open file")
@pytest.mark.parametrize("change", [deleted, log_deleted, replaced, moved, folder_deleted])
def test_nothing_is_acknowledged_once_the_file_is_gone(town: Path, change: Callable[[Path], None]) -> None:
    with Home(town) as home:
        towns.note(home, INCIDENT, "avant", "before")
        order = towns.order(INCIDENT, towns.pick(home, INCIDENT), "after")
        change(town)
        for _ in range(2):
            with pytest.raises(JournalUnavailable) as caught:
                home.desk.submit_now(order)
            assert caught.value.code == "replaced"
        with pytest.raises(JournalUnavailable):
            home.desk.incident(INCIDENT)
        for lang in LANGUAGES:
            assert str(town) in caught.value.tell(Words(lang))


@pytest.mark.skipif(os.name == "nt", reason="Windows moves no open folder")
def test_a_folder_put_back_in_its_place_goes_on(town: Path) -> None:
    with Home(town) as home:
        moved(town)
        with pytest.raises(JournalUnavailable):
            towns.note(home, INCIDENT, "perdu", "lost")
        town.with_name("elsewhere").rename(town)
        towns.note(home, INCIDENT, "retrouvé", "lost")


def test_an_erasures_rewriting_and_other_programs_are_no_replacement(town: Path) -> None:
    with Home(town) as home:
        home.journal._connection.execute("VACUUM")
        with Home(town) as other:
            towns.note(other, INCIDENT, "ici", "other")
        towns.note(home, INCIDENT, "là", "note")


def whole(path: Path) -> int:
    journal = SqliteJournal(path, reading=True)
    try:
        verdict = verify_incident(journal.reader, INCIDENT)
        assert verdict.whole, verdict
        return verdict.entries
    finally:
        journal.close()


def test_reading_makes_no_file(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / FILE, reading=True)
    assert journal.reader.incidents() == []
    journal.close()
    assert list(tmp_path.iterdir()) == []


def test_reading_writes_nothing(town: Path) -> None:
    before = (town / FILE).read_bytes()
    journal = SqliteJournal(town / FILE, reading=True)
    with pytest.raises(JournalUnavailable) as caught:
        journal.begin()
    assert caught.value.code == "readonly"
    journal.close()
    assert (town / FILE).read_bytes() == before


def test_one_reads_while_another_writes(town: Path) -> None:
    with Home(town) as home:
        before = whole(town / FILE)
        towns.note(home, INCIDENT, "encore", "more")
        assert whole(town / FILE) == before + 1


def unwritable(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """As a disk that can't be written answers, for whoever is root here."""
    reading = opening._reading

    def refuse(path: Path, mode: str) -> sqlite3.Connection:
        if mode == "mode=ro" and path.parent == folder:
            raise JournalUnavailable("unopenable", path=str(path), detail="")
        return reading(path, mode)

    monkeypatch.setattr(opening, "_reading", refuse)


def test_a_disk_that_can_not_be_written_is_read(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = whole(town / FILE)
    for path in list(town.glob(f"{FILE}-*")):
        path.unlink()
    unwritable(monkeypatch, town)
    assert whole(town / FILE) == entries
    assert [path.name for path in town.glob(f"{FILE}*")] == [FILE]


def test_there_the_log_of_a_program_that_died_is_read_too(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seized = tmp_path / "seized"
    seized.mkdir()
    with Home(town) as home:
        towns.note(home, INCIDENT, "les derniers mots", "last")
        entries = len(list(home.journal.reader.rows(INCIDENT)))
        for end in ("", "-wal"):
            shutil.copy(town / f"{FILE}{end}", seized)
    unwritable(monkeypatch, seized)
    assert whole(seized / FILE) == entries
    assert len(list(seized.iterdir())) == 2


READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount -o remount,ro,bind "$1"
for command in verify list "show INC-2025-001" "export INC-2025-001"; do
  "$2" -m bots.cli --home "$1" $command > /dev/null
done
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts are Linux's here")
def test_a_read_only_mount_is_verified_shown_listed_and_exported(town: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
        pytest.skip("this machine lets nobody make a mount of their own")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", READ_ONLY, "sh", town, sys.executable],
        cwd=towns.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("statements", "code"),
    [
        (["ALTER TABLE boards RENAME COLUMN cards TO cartes"], "foreign"),
        (["DROP TABLE answers"], "foreign"),
    ],
)
@pytest.mark.parametrize("reading", [False, True])
def test_other_columns_are_refused_in_words(
    town: Path, statements: list[str], code: str, reading: bool
) -> None:
    with sqlite3.connect(town / FILE) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    with pytest.raises(JournalUnavailable) as caught:
        SqliteJournal(town / FILE, reading=reading)
    assert caught.value.code == code


def test_another_database_is_no_journal_to_read(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE) as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(JournalUnavailable) as caught:
        SqliteJournal(tmp_path / FILE, reading=True)
    assert caught.value.code == "foreign"
