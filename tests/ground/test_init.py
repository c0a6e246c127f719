"""`tocsin init` makes a town's folder and never overwrites."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from bots import cli
from engine.i18n import LANGUAGES
from engine.library.catalogue import Library
from engine.library.check import check_paths


def test_a_new_folder_holds_a_configuration_and_a_directory(tmp_path: Path) -> None:
    town = tmp_path / "town"
    assert cli.answer(["init", str(town)]) == 0
    assert "organisation" in tomllib.loads((town / "tocsin.toml").read_text("utf-8"))
    assert (town / "annuaire.yaml").is_file()
    if sys.platform != "win32":
        assert town.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_procedures_stay_in_the_library(tmp_path: Path, lang: str) -> None:
    """What the folder says of them is an overlay in which everything is commented out."""
    assert cli.answer(["init", str(tmp_path), "--lang", lang]) == 0
    (overlay,) = (tmp_path / "runbooks").iterdir()
    library = Library.of_home(tmp_path)
    assert set(library.overlays) == {"rancongiciel"}
    assert library.runbook("rancongiciel") == Library.load().runbook("rancongiciel")
    assert check_paths([overlay], home=tmp_path) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_examples_of_the_overlay_hold_once_their_mark_is_taken_away(tmp_path: Path, lang: str) -> None:
    assert cli.answer(["init", str(tmp_path), "--lang", lang]) == 0
    path = tmp_path / "runbooks" / "rancongiciel.yaml"
    path.write_text(re.sub(r"^# ", "", path.read_text("utf-8"), flags=re.M), "utf-8")
    assert check_paths([path], home=tmp_path) == []
    mine = Library.of_home(tmp_path).runbook("rancongiciel")
    assert "prevenir_infogerant" in mine.tracks["technique"].steps


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_local_numbers_are_all_there_to_fill_in(tmp_path: Path, lang: str) -> None:
    assert cli.answer(["init", str(tmp_path), "--lang", lang]) == 0
    path = tmp_path / "continuity" / "contacts.yaml"
    local = [name for name, one in Library.load().contacts.items() if not one.channel]
    assert [one.rule for one in check_paths([path], home=tmp_path)] == ["number_empty"] * len(local)
    filled = path.read_text("utf-8").replace(f'{local[0]}: ""', f'{local[0]}: "01 99 00 12 34"')
    path.write_text(filled, "utf-8")
    assert Library.of_home(tmp_path).contacts[local[0]].channel == "01 99 00 12 34"


def test_the_library_that_a_town_begins_with_is_accepted(tmp_path: Path) -> None:
    assert cli.answer(["init", str(tmp_path)]) == 0
    assert cli.answer(["upgrade", "--check", "--home", str(tmp_path)]) == 0


def test_what_is_there_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "annuaire.yaml").write_text("mine", "utf-8")
    assert cli.answer(["init", str(tmp_path), "--lang", "en"]) == 0
    assert (tmp_path / "annuaire.yaml").read_text("utf-8") == "mine"
    assert "kept" in capsys.readouterr().out
    assert (tmp_path / "tocsin.toml").is_file()


def test_a_folder_that_can_not_be_made_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert cli.answer(["init", str(tmp_path / "file" / "town"), "--lang", "en"]) == 2
    assert "cannot be made" in capsys.readouterr().err
