"""`tocsin init` makes a town's folder and never overwrites."""

import sys
import tomllib
from pathlib import Path

import pytest

from bots import cli


def test_a_new_folder_holds_a_configuration_and_a_directory(tmp_path: Path) -> None:
    town = tmp_path / "town"
    assert cli.answer(["init", str(town)]) == 0
    assert "organisation" in tomllib.loads((town / "tocsin.toml").read_text("utf-8"))
    assert (town / "annuaire.yaml").is_file()
    if sys.platform != "win32":
        assert town.stat().st_mode & 0o077 == 0


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
