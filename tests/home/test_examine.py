"""What `tocsin doctor` sees before the day comes."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots import cli
from engine.config import SECRETS
from engine.core.commands import Order
from engine.core.house import HOUSE
from engine.core.house.commands import Leave
from engine.home import Home
from engine.home.examine import EARLIEST, examine
from engine.home.machine import where_it_stands
from engine.home.symptom import Symptom
from engine.i18n import LANGUAGES, Words
from engine.journal.sqlite import FILE
from tests.desk import towns

NOW = EARLIEST + 86_400_000 * 300


def codes(path: Path, now: int = NOW) -> dict[str, Symptom]:
    return {one.code: one for one in examine(path, now, path / SECRETS)}


def stands_here() -> Iterator[str]:
    """What is said of the machine that runs this test: it may have only one line."""
    return (one.code for one in where_it_stands(Path.home(), os.environ))


@pytest.fixture
def valmont(tmp_path: Path) -> Path:
    home = tmp_path / "valmont"
    assert cli.answer(["init", str(home)]) == 0
    return home


def test_a_fresh_town_still_has_the_examples_people_and_no_backup(valmont: Path) -> None:
    assert {code for code, one in codes(valmont).items() if one.gravity != "ok"} == {
        "no_backup",
        "still_example",
    } | (set(stands_here()) - {"stands_alone"})


def test_a_number_of_the_example_is_known_however_it_is_written(valmont: Path) -> None:
    directory = valmont / "annuaire.yaml"
    directory.write_text(directory.read_text().replace("06 39 98", "+33 6 39 98"))
    assert codes(valmont)["still_example"].gravity == "bad"


def test_a_folder_that_is_not_there_is_said_with_what_to_type(tmp_path: Path) -> None:
    assert codes(tmp_path / "nowhere")["no_home"].gravity == "bad"


def test_a_clock_before_the_program_itself_is_wrong(valmont: Path) -> None:
    assert codes(valmont, now=0)["clock_wrong"].gravity == "bad"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits")
def test_a_secret_that_others_can_read_is_said(valmont: Path) -> None:
    secret = valmont / "backup-passphrase"
    secret.write_text("x")
    secret.chmod(0o644)
    assert "backup-passphrase" in codes(valmont)["readable_by_others"].facts["files"]


def test_a_directory_with_holes_is_said_hole_by_hole(valmont: Path) -> None:
    (valmont / "annuaire.yaml").write_text(
        "people:\n  p1: {name: Une personne}\n"
        "roles:\n  directeur_crise: {holder: p1, deputies: []}\n  dsi: {holder: p1, deputies: []}\n"
    )
    found = codes(valmont)
    assert {"no_phone", "no_deputy", "few_people"} <= found.keys()


def test_who_left_and_is_still_named_in_the_file_is_said(valmont: Path) -> None:
    """The file is edited months later, with the successor's name over theirs: nobody would hold the role."""
    with Home(valmont) as home:
        order = Order(incident=HOUSE, command=Leave(), by="p4", at=NOW, key="leaves", source="terminal")
        assert home.desk.submit_now(order).refused is None
    assert codes(valmont)["left_but_named"].facts == {"people": "Thierry Lacombe", "count": 1}
    written = (valmont / "annuaire.yaml").read_text("utf-8")
    people, _, roles = written.partition("\nroles:")
    (valmont / "annuaire.yaml").write_text(f"{people}\nroles:{roles.replace('p4', 'p3')}", "utf-8")
    assert "left_but_named" not in codes(valmont)


def test_an_unreadable_directory_is_a_symptom_not_a_crash(valmont: Path) -> None:
    (valmont / "annuaire.yaml").write_text("people: [")
    assert codes(valmont)["home_unusable"].gravity == "bad"


def test_a_backup_folder_without_a_copy_is_bad(valmont: Path) -> None:
    with (valmont / "tocsin.toml").open("a") as file:
        file.write('\n[backup]\nto = "copies"\n')
    assert codes(valmont)["backup_absent"].gravity == "bad"


def damage(home: Path, statement: str) -> None:
    with sqlite3.connect(home / FILE) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()


def test_a_damaged_journal_is_a_symptom_not_a_crash(tmp_path: Path) -> None:
    folder = towns.make_town(tmp_path / "town")
    with Home(folder) as home:
        towns.declare(home)
    assert codes(folder)["journal"].gravity == "ok"
    damage(folder, "UPDATE events SET data = '{' WHERE seq = 2")
    assert codes(folder)["journal_unreadable"].gravity == "bad"
    content = bytearray((folder / FILE).read_bytes())
    for page in range(2048, len(content), 2048):
        content[page : page + 200] = b"\xff" * 200
    for log in folder.glob(f"{FILE}-*"):
        log.unlink()
    (folder / FILE).write_bytes(content)
    assert codes(folder)["journal_unavailable"].gravity == "bad"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_says_each_symptom_in_words(
    valmont: Path, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(["doctor", "--home", str(valmont), "--lang", lang]) == 1
    told = capsys.readouterr().out
    assert "doctor." not in told
    assert Words(lang).say("doctor.gravity.warn") in told


def stands(home: Path, root: Path, **environment: str) -> dict[str, Symptom]:
    return {one.code: one for one in where_it_stands(home, environment, root)}


def system(root: Path, mounts: str = "", routes: str = "") -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/net").mkdir()
    (root / "proc/self/mounts").write_text(mounts)
    (root / "proc/net/route").write_text("Iface Destination Gateway\n" + routes)
    return root


def test_a_machine_of_the_domain_would_fall_with_it(tmp_path: Path) -> None:
    root = system(tmp_path / "root")
    assert set(stands(tmp_path, root)) == {"stands_alone"}
    assert (
        "VALMONT.LOCAL" in stands(tmp_path, root, USERDNSDOMAIN="VALMONT.LOCAL")["in_domain"].facts["domain"]
    )
    (root / "etc").mkdir()
    (root / "etc/krb5.keytab").touch()
    assert "in_domain" in stands(tmp_path, root)


def test_a_folder_on_a_share_falls_with_the_server(tmp_path: Path) -> None:
    mounts = f"/dev/vda / ext4 rw 0 0\n//srv/mairie {tmp_path} cifs rw 0 0\n"
    found = stands(tmp_path / "ville", system(tmp_path / "root", mounts))
    assert found["on_share"].facts["share"] == "//srv/mairie"
    beside = stands(Path(f"{tmp_path}-local"), tmp_path / "root")
    assert "on_share" not in beside


def test_one_line_to_the_internet_is_said_and_an_unknown_number_is_not(tmp_path: Path) -> None:
    one = "eth0 00000000 0101A8C0\neth0 0001A8C0 00000000\n"
    root = system(tmp_path / "root", routes=one)
    assert stands(tmp_path, root)["one_line"].facts["line"] == "eth0"
    (root / "proc/net/route").write_text("Iface Destination Gateway\n" + one + "wwan0 00000000 0201A8C0\n")
    assert "one_line" not in stands(tmp_path, root)
    (root / "proc/net/route").unlink()
    assert "one_line" not in stands(tmp_path, root)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
def test_the_file_of_tokens_is_judged_wherever_it_is(tmp_path: Path) -> None:
    town, elsewhere = towns.make_town(tmp_path / "valmont"), tmp_path / "coffre.env"
    elsewhere.write_text("TOCSIN_TELEGRAM_TOKEN=1:x\n")
    elsewhere.chmod(0o644)
    (found,) = [one for one in examine(town, EARLIEST, elsewhere) if one.code == "readable_by_others"]
    assert found.facts["files"] == "coffre.env"
