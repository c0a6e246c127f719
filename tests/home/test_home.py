"""A town's folder, opened whole: its people, its procedures as they are and as runs are pinned to them, its files."""

from __future__ import annotations

import io
import shutil
import sqlite3
from pathlib import Path

import pytest

from engine.core import commands as c
from engine.core.directory import DIRECTOR, Directory, Person, Post
from engine.home import Home, HomeUnusable
from engine.home.evidence import RESERVE, Evidence
from engine.home.holidays import FrenchHolidays
from engine.i18n import Words
from engine.journal.sqlite import FILE
from tests.desk import towns


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return towns.make_town(tmp_path / "valmont")


def edit_procedure(folder: Path, before: str, after: str) -> None:
    path = folder / "runbooks" / "banc.yaml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_a_town_knows_its_name_its_people_its_procedures_and_its_days(folder: Path) -> None:
    with Home(folder) as home:
        world = home.world
        assert world.organisation == "Ville de Valmont"
        assert world.directory.name("p4") == "Thierry Lacombe"
        assert world.shelf.current("banc")
        assert world.shelf.current("rancongiciel")
        assert world.shelf.current("no_such") is None
        assert {"H-CNIL33", "H-PLAINTE72"} <= world.clocks.keys()
        assert world.duties
        assert str(world.calendar.zone) == "Europe/Paris"
        assert "2026-07-14" in world.calendar.holidays


def test_public_holidays_are_those_of_france() -> None:
    holidays = FrenchHolidays()
    assert all(
        day in holidays for day in ("2026-01-01", "2026-04-06", "2026-05-14", "2026-05-25", "2031-12-25")
    )
    assert not any(day in holidays for day in ("2026-01-02", "2026-04-03", "2026-12-26", 0))


def test_a_run_keeps_the_procedure_it_opened_with(folder: Path) -> None:
    with Home(folder) as home:
        incident = towns.declare(home)
    edit_procedure(folder, "next: s1\n", "next: s19\n")
    with Home(folder) as home:
        towns.press(home, incident, "press")
        state = home.desk.incident(incident)
        assert state is not None
        cursor = state.runs[1].tracks["principal"].cursor
        assert cursor is not None
        assert cursor.step == "s1", "the pinned procedure is the run's law"
        newer = towns.declare(home, "newer")
        towns.press(home, newer, "press newer")
        state = home.desk.incident(newer)
        assert state is not None
        cursor = state.runs[1].tracks["principal"].cursor
        assert cursor is not None
        assert cursor.step == "s19"


def test_a_run_goes_on_when_its_procedure_is_gone(folder: Path) -> None:
    with Home(folder) as home:
        incident = towns.declare(home)
    (folder / "runbooks" / "banc.yaml").unlink()
    with Home(folder) as home:
        assert home.world.shelf.current("banc") is None
        towns.press(home, incident, "press")


def test_one_procedure_is_pinned_once(folder: Path) -> None:
    with Home(folder) as home:
        for number in range(3):
            towns.declare(home, f"declare {number}")
        assert len(home.journal.reader.definitions()) == 1


def test_the_files_are_read_again_without_closing(folder: Path) -> None:
    with Home(folder) as home:
        incident = towns.declare(home)
        annuaire = folder / "annuaire.yaml"
        annuaire.write_text(annuaire.read_text("utf-8").replace("Thierry Lacombe", "Théo Lacombe"), "utf-8")
        edit_procedure(folder, "Étape 0", "La toute première")
        before = home.world.shelf.current("banc")
        home.reload()
        assert home.world.directory.name("p4") == "Théo Lacombe"
        assert home.world.shelf.current("banc") != before
        towns.press(home, incident, "press")
        *_, entry = home.journal.reader.entries(incident)
        assert entry.actor.name == "Théo Lacombe"
        towns.declare(home, "newer")
        assert len(home.journal.reader.definitions()) == 2


def test_a_folder_without_a_directory_is_refused_in_words_and_left_alone(tmp_path: Path) -> None:
    with pytest.raises(HomeUnusable) as caught:
        Home(tmp_path / "new")
    assert caught.value.code == "no_directory"
    assert "tocsin init" in caught.value.tell(Words("fr"))
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("annuaire.yaml", b"people: {p1: ", "directory"),
        ("annuaire.yaml", b"people:\n  p1: {nam: X}\nroles: {}\n", "directory"),
        ("annuaire.yaml", b"\xff\xfe\x00", "directory"),
        ("annuaire.yaml", b"", "directory"),
        ("tocsin.toml", b"[organisation\n", "config"),
        ("tocsin.toml", b"[organisation]\nname = 3\n", "config"),
        ("tocsin.toml", b"\xff", "config"),
    ],
)
def test_a_file_that_can_not_be_read_is_refused_in_words(
    folder: Path, name: str, content: bytes, code: str
) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(HomeUnusable) as caught:
        Home(folder)
    assert caught.value.code == code
    for words in (Words("fr"), Words("en")):
        assert name in caught.value.tell(words)


def test_a_directory_may_be_told_instead_of_read(tmp_path: Path) -> None:
    people = Directory(people={"a": Person(id="a", name="Ada")}, roles={DIRECTOR: Post(holder="a")})
    with Home(tmp_path / "new", directory=people) as home:
        command = c.Declare(title="x", known_at=towns.NOW)
        towns.accepted(home.desk.submit_now(towns.order("", command, "a", by="a")))
        assert (tmp_path / "new" / FILE).exists()


def test_a_pinned_procedure_that_was_spoilt_is_an_error_and_not_another_procedure(folder: Path) -> None:
    with Home(folder) as home:
        incident = towns.declare(home)
    (folder / "runbooks" / "banc.yaml").unlink()
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("DROP TRIGGER definitions_never_change")
        connection.execute("UPDATE definitions SET body = CAST('{}' AS BLOB)")
    connection.close()
    with Home(folder) as home, pytest.raises(ValueError):
        home.desk.submit_now(towns.order(incident, c.TakeStep(run=1, track="principal", step="s0"), "x"))


# Evidence


def test_evidence_is_named_by_its_content_and_kept_once(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "evidence")
    first, second = evidence.keep(io.BytesIO(b"x" * 3_000_000)), evidence.keep(io.BytesIO(b"x" * 3_000_000))
    assert first == second
    assert first.size == 3_000_000
    assert [path.name for path in evidence.folder.iterdir()] == [first.sha256]
    assert evidence.whole(first.sha256)


def test_evidence_that_was_changed_or_is_missing_is_known(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "evidence")
    kept = evidence.keep(io.BytesIO(b"photo"))
    evidence.path(kept.sha256).write_bytes(b"phot0")
    assert not evidence.whole(kept.sha256)
    evidence.forget(kept.sha256)
    assert not evidence.whole(kept.sha256)
    evidence.forget(kept.sha256)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 63 + "/"])
def test_a_name_that_is_no_digest_leads_nowhere(tmp_path: Path, name: str) -> None:
    evidence = Evidence(tmp_path / "evidence")
    assert not evidence.whole(name)
    with pytest.raises(ValueError):
        evidence.path(name)


def test_a_reader_that_fails_leaves_nothing(tmp_path: Path) -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("the stick was pulled out")

    evidence = Evidence(tmp_path / "evidence")
    with pytest.raises(OSError):
        evidence.keep(Broken())
    assert list(evidence.folder.iterdir()) == []


def test_a_large_file_leaves_room_for_the_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nearly_full(_: object) -> object:
        return shutil._ntuple_diskusage(10 * RESERVE, 10 * RESERVE, RESERVE - 1)

    kept = Evidence(tmp_path / "evidence")
    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(OSError, match="space"):
        kept.keep(io.BytesIO(bytes(3 << 20)))
    assert not list(kept.folder.iterdir())
    assert kept.keep(io.BytesIO(b"a photo")).size == 7
