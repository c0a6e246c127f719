"""`tocsin export`, as somebody types it: the format by its name or by the file's, a folder, a closed exercise again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.review.exports.formats import FORMATS
from tests.console.town import Town, new_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A town with one exercise, closed."""
    made = new_town(tmp_path_factory.mktemp("town"))
    lines = "prendre\nnote =1+1 ; « vu »\nvalider debranche\n@p1 clore ! : fin de l'essai\n"
    ran = made.tocsin("run", "rancongiciel", "--exercise", "--as", "p4", "--title", "Écrans", lines=lines)
    assert ran.code == 0, ran.out + ran.err
    return made


def _exercise(town: Town) -> str:
    told = json.loads(town.tocsin("list", "--json").out)
    return str(told["incidents"][-1]["incident"])


def test_a_folder_gets_files_named_after_the_exercise_and_marked(town: Town, tmp_path: Path) -> None:
    name = _exercise(town)
    kinds = ("html", "xlsx", "stix", "jsonl")
    for kind in kinds:
        ran = town.tocsin("export", name, "--format", kind, "--out", str(tmp_path))
        assert (ran.code, ran.out, ran.err) == (0, "", ""), kind
    assert {path.name for path in tmp_path.iterdir()} == {
        f"[EXERCICE] {name}{FORMATS[kind].suffix}" for kind in kinds
    }


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_closed_incident_exported_again_is_the_same_file(town: Town, tmp_path: Path, kind: str) -> None:
    name, first, second = _exercise(town), tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    assert town.tocsin("export", name, "--out", str(first)).code == 0
    assert town.tocsin("export", name, "--out", str(second)).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes()[:4] in (b"%PDF", b"PK\x03\x04"), "the name of the file told the format"


def test_what_is_no_text_is_never_poured_into_a_terminal(town: Town) -> None:
    ran = town.tocsin("export", _exercise(town), "--format", "pdf")
    assert (ran.code, ran.out) == (2, "")
    assert "--out chronologie.pdf" in ran.err


def test_an_agenda_of_some_of_the_entries_is_refused(town: Town) -> None:
    ran = town.tocsin("export", _exercise(town), "--format", "ics", "--decisions")
    assert ran.code == 2
    assert "ics" in ran.err


def test_an_unknown_format_is_told_with_those_that_exist(town: Town) -> None:
    ran = town.tocsin("export", _exercise(town), "--format", "zip")
    assert ran.code == 2
    assert "xlsx" in ran.err
