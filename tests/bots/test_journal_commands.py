"""`tocsin verify`, `backup` and `restore`, as they are typed."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pyrage
import pytest

from bots.cli import answer
from engine.home import Home
from engine.journal import record
from engine.journal.sqlite import FILE
from tests.desk import towns

Said = pytest.CaptureFixture[str]
INCIDENT = "INC-2025-001"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A town with an incident; the command line stands in its folder."""
    folder = towns.make_town(tmp_path / "valmont")
    with Home(folder) as home:
        incident = towns.declare(home)
        for number in range(4):
            towns.press(home, incident, f"press {number}")
    monkeypatch.chdir(folder)
    monkeypatch.delenv("TOCSIN_HOME", raising=False)
    monkeypatch.delenv("TOCSIN_BACKUP_PASSPHRASE", raising=False)
    return folder


def spoil(folder: Path) -> None:
    with sqlite3.connect(folder / FILE) as connection:
        connection.execute("DROP TRIGGER events_never_change")
        connection.execute("UPDATE events SET at = at + 1 WHERE seq = 3")
    connection.close()


def test_a_whole_journal_says_so_and_gives_each_head(town: Path, capsys: Said) -> None:
    assert answer(["verify"]) == 0
    said = capsys.readouterr().out
    with Home(town) as home:
        assert home.journal.reader.tips()[0].hash in said
    assert f"{INCIDENT} : intact" in said


def test_one_incident_is_verified_against_a_noted_head(town: Path, capsys: Said) -> None:
    with Home(town) as home:
        head = home.journal.reader.tips()[0].hash
    assert answer(["verify", INCIDENT, "--head", head[:12]]) == 0
    assert "retrouvée" in capsys.readouterr().err
    assert answer(["verify", INCIDENT, "--head", f"{head[:4]} {head[4:8]} {head[8:12]}"]) == 0
    assert answer(["verify", INCIDENT, "--head", head[:11]]) == 2
    assert "douze" in capsys.readouterr().err
    assert answer(["verify", INCIDENT, "--head", "0123456789ab"]) == 1
    assert "0123456789ab" in capsys.readouterr().out


def test_a_broken_journal_says_where(town: Path, capsys: Said) -> None:
    spoil(town)
    assert answer(["verify", INCIDENT, "--lang", "en"]) == 1
    said = capsys.readouterr().out
    assert "BROKEN" in said
    assert "entry no. 3" in said


def test_a_program_gets_the_verdict_as_json(town: Path, capsys: Said) -> None:
    spoil(town)
    assert answer(["verify", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    (incident,) = found["incidents"]
    assert incident["incident"] == INCIDENT
    assert not incident["whole"]
    assert (incident["breaks"][0]["seq"], incident["breaks"][0]["code"]) == (3, "changed")


def test_a_file_is_verified_without_any_town(
    town: Path, tmp_path: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Home(town) as home:
        lines = b"".join(record.write(home.journal.reader.rows(INCIDENT), lambda _: ""))
    path = tmp_path / "timeline.jsonl"
    path.write_bytes(lines)
    monkeypatch.chdir(tmp_path)
    assert answer(["--home", str(tmp_path / "none"), "verify", str(path)]) == 0
    path.write_bytes(lines.replace(b"INC-2025-001", b"INC-2025-002", 1))
    assert answer(["--home", str(tmp_path / "none"), "verify", str(path)]) == 1
    assert capsys.readouterr().out.count("\n") > 2


@pytest.mark.parametrize(
    "line",
    [
        ["verify", "INC-1999-001"],
        ["verify", "--head", "0123456789ab"],
        ["verify", INCIDENT, "--head", "0123"],
        ["--home", "none", "verify"],
        ["--home", "none", "verify", INCIDENT],
        ["backup", "x.age"],
        ["backup", "x.age", "--recipient", "nonsense"],
        ["backup", "x.age", "--recipient", "age1x", "--passphrase"],
        ["backup", "x.age", "--every", "sometimes", "--recipient", "age1x"],
        ["--home", "none", "backup", "x.age", "--passphrase"],
        ["restore", "tocsin.toml"],
        ["restore", "no_such.age", "--passphrase"],
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(town: Path, line: list[str], capsys: Said) -> None:
    assert answer(line) == 2
    said = capsys.readouterr()
    assert said.err.strip()
    assert "[journal." not in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_folder_is_no_backup_and_is_told_what_is(town: Path, tmp_path: Path, capsys: Said) -> None:
    assert answer(["--home", str(tmp_path / "new"), "restore", str(town), "--passphrase"]) == 2
    assert "donnez le fichier .age" in capsys.readouterr().err


def test_a_backup_comes_back_in_another_folder(town: Path, tmp_path: Path, capsys: Said) -> None:
    identity = pyrage.x25519.Identity.generate()
    key = tmp_path / "key"
    key.write_text(str(identity))
    assert answer(["backup", str(tmp_path / "elsewhere"), "--recipient", str(identity.to_public())]) == 0
    (made,) = (tmp_path / "elsewhere").iterdir()
    assert str(made) in capsys.readouterr().out
    new = tmp_path / "new"
    assert answer(["--home", str(new), "restore", str(made), "--identity", str(key)]) == 0
    assert "chaîne vérifiée" in capsys.readouterr().out
    assert answer(["--home", str(new), "verify"]) == 0
    assert answer(["--home", str(new), "restore", str(made), "--identity", str(key)]) == 2


def test_a_passphrase_may_come_from_the_environment(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("TOCSIN_BACKUP_PASSPHRASE", "cheval agrafe")
    backup = tmp_path / "one.age"
    assert answer(["backup", str(backup)]) == 0
    monkeypatch.setenv("TOCSIN_BACKUP_PASSPHRASE", "autre")
    assert answer(["--home", str(tmp_path / "new"), "restore", str(backup)]) == 2
    assert "pas la bonne" in capsys.readouterr().err
    monkeypatch.setenv("TOCSIN_BACKUP_PASSPHRASE", "cheval agrafe")
    assert answer(["--home", str(tmp_path / "new"), "restore", str(backup), "--lang", "en"]) == 0


def test_a_backup_of_a_broken_journal_is_not_put_to_work(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setenv("TOCSIN_BACKUP_PASSPHRASE", "cheval agrafe")
    spoil(town)
    assert answer(["backup", str(tmp_path / "one.age")]) == 0
    assert answer(["--home", str(tmp_path / "new"), "restore", str(tmp_path / "one.age")]) == 1
    assert "n° 3" in capsys.readouterr().err
    assert not (tmp_path / "new" / FILE).exists()


READERS = [["verify"], ["verify", INCIDENT], ["list"], ["show", INCIDENT], ["export", INCIDENT], ["doctor"]]


@pytest.mark.parametrize("line", READERS)
def test_who_reads_makes_no_journal(town: Path, line: list[str], capsys: Said) -> None:
    for path in town.glob(f"{FILE}*"):
        path.unlink()
    code = answer(line)
    said = capsys.readouterr()
    assert not list(town.glob(f"{FILE}*"))
    assert code == {"list": 0, "doctor": 1}.get(line[0], 2)
    assert "imprévu" not in said.err
    assert said.out or said.err


@pytest.mark.parametrize("line", READERS[:5])
@pytest.mark.parametrize("name", ["annuaire.yaml", "tocsin.toml"])
def test_a_slip_in_a_file_of_the_town_does_not_hide_the_journal(
    town: Path, line: list[str], name: str, capsys: Said
) -> None:
    (town / name).write_text("people: [", "utf-8")
    assert answer(["--home", str(town), *line]) == 0
    said = capsys.readouterr()
    assert INCIDENT in said.out
    assert line[0] == "verify" or name in said.err


@pytest.mark.parametrize("line", READERS[2:5])
def test_a_journal_alone_is_read(town: Path, line: list[str], capsys: Said) -> None:
    for name in ("annuaire.yaml", "tocsin.toml"):
        (town / name).unlink()
    assert answer(["--home", str(town), *line]) == 0
    assert INCIDENT in capsys.readouterr().out


def test_a_journal_without_an_incident_has_nothing_to_verify(
    town: Path, tmp_path: Path, capsys: Said
) -> None:
    with Home(towns.make_town(tmp_path / "new")):
        pass
    assert answer(["--home", str(tmp_path / "new"), "verify"]) == 2
    assert "Aucun incident" in capsys.readouterr().err


def test_an_export_that_does_not_fit_leaves_the_older_one(
    town: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    out = town / "timeline.md"
    assert answer(["export", INCIDENT, "--out", str(out)]) == 0
    before = out.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert answer(["export", INCIDENT, "--format", "jsonl", "--out", str(out)]) == 2
    assert "No space left" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert not list(town.glob(".timeline*"))


@pytest.mark.parametrize("line", READERS[2:5])
def test_entries_that_can_not_be_read_are_said_with_what_to_type(
    town: Path, line: list[str], capsys: Said
) -> None:
    with sqlite3.connect(town / FILE) as connection:
        connection.execute("DROP TRIGGER events_never_change")
        connection.execute("UPDATE events SET data = '{' WHERE seq = 3")
    connection.close()
    assert answer(line) == 2
    assert "tocsin verify" in capsys.readouterr().err


def ask_for_backups(town: Path, lines: str) -> None:
    with (town / "tocsin.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[backup]\n{lines}\n")


def test_a_backup_without_a_path_goes_where_the_configuration_says(town: Path, capsys: Said) -> None:
    ask_for_backups(town, 'to = "copies"\npassphrase_file = "phrase.txt"')
    (town / "phrase.txt").write_text("quatre mots\n")
    assert answer(["backup"]) == 0
    (made,) = (town / "copies").iterdir()
    assert str(made) in capsys.readouterr().out
    assert (
        answer(["backup", str(made), "--recipient", str(pyrage.x25519.Identity.generate().to_public())]) == 2
    )
    assert "n'en écrase jamais" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "said"), [(None, "[backup]"), ('to = "copies"', "recipient"), ("nonsense = 1", "tocsin.toml")]
)
def test_a_configuration_that_does_not_say_how_to_back_up_is_told(
    town: Path, lines: str | None, said: str, capsys: Said
) -> None:
    if lines:
        ask_for_backups(town, lines)
    assert answer(["backup"]) == 2
    assert said in capsys.readouterr().err


def test_repeated_backups_go_to_a_folder(town: Path, capsys: Said) -> None:
    line = ["backup", "one.age", "--every", "15 min", "--recipient", "age1x"]
    assert answer(line) == 2
    assert "dossier" in capsys.readouterr().err
