"""The example town's plan as people get it: on the screen, for a program, as a document."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2
import pytest

from bots import cli
from bots.console.continuity import status_json, status_text
from bots.console.matrix import matrix_json, matrix_text
from engine.continuity.coverage import Coverage
from engine.continuity.holes import Status
from engine.continuity.report import report_of, written
from engine.continuity.report.document import Heading
from engine.continuity.status import status_of
from engine.continuity.town import Town, played
from engine.core.incident import Incident, Run
from engine.core.world import Calendar
from engine.home import Home
from engine.home.continuity import town_of
from engine.i18n import LANGUAGES, Words
from engine.library.catalogue import library_folder
from tests.continuity.whole import REGISTER, town

HERE = Path(__file__).parent
DOCUMENTATION = (HERE.parents[1] / "docs" / "pca.md").read_text("utf-8")
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def valmont(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    folder = tmp_path_factory.mktemp("pca") / "valmont"
    shutil.copytree(library_folder() / "exemple", folder)
    with Home(folder, reading=True) as home:
        yield town_of(home, round(NOON.timestamp()) * 1000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(library_folder() / "exemple", tmp_path / "valmont"))


def golden(name: str, told: str) -> None:
    """Rewrite the file with TOCSIN_REWRITE_GOLDEN=1, then read it: it is what a town reads."""
    path = HERE / "golden" / name
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        path.write_text(told, "utf-8")
    assert told == path.read_text("utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_example_town_lacks_reads_as_it_did(lang: str, valmont: Town) -> None:
    told = status_text(valmont, status_of(valmont), Words(lang))
    assert max(map(len, told.splitlines())) <= 80
    golden(f"status.{lang}.txt", told)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_matrix_of_the_example_town_reads_as_it_did(lang: str, valmont: Town) -> None:
    told = matrix_text(Coverage(valmont), Words(lang))
    assert max(map(len, told.splitlines())) <= 80
    golden(f"matrix.{lang}.txt", told)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_document_of_the_example_town_reads_as_it_did(lang: str, valmont: Town) -> None:
    golden(f"report.{lang}.md", written(report_of(valmont, Words(lang)), "md", NOON).decode())


def test_a_whole_town_is_told_that_nothing_is_missing() -> None:
    told = status_text(town(), status_of(town()), Words("fr"))
    assert "✗" not in told
    assert "Rien à redire" in told
    assert "Rien ne manque" in written(report_of(town(), Words("fr")), "md", NOON).decode()


def test_more_risks_than_fit_side_by_side_make_a_second_grid() -> None:
    many = "".join(f"  r{n}: {{title: R, likelihood: 1, impact: 1}}\n" for n in range(12))
    told = matrix_text(Coverage(town(REGISTER.replace("measures:\n", f"{many}measures:\n", 1))), Words("fr"))
    assert max(map(len, told.splitlines())) <= 80
    assert "R13" in told


def test_the_names_of_the_json_are_documented(valmont: Town) -> None:
    told = status_json(valmont, status_of(valmont))
    assert {"town", "on", "holes", *Status.__struct_fields__} == set(told)
    inner = {key for value in told.values() if isinstance(value, list) for one in value for key in _keys(one)}
    matrix = matrix_json(Coverage(valmont))
    inner |= matrix.keys() | {key for value in matrix.values() if isinstance(value, list) for key in value[0]}
    missing = {name for name in (told.keys() | inner) if f"`{name}`" not in DOCUMENTATION}
    assert missing == set()


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    elif isinstance(value, list):
        for one in value:
            yield from _keys(one)


def test_the_three_forms_of_the_document_say_the_same(valmont: Town) -> None:
    report = report_of(valmont, Words("fr"))
    titles = [one.text for one in report.blocks if isinstance(one, Heading)]
    word = docx.Document(BytesIO(written(report, "docx", NOON)))
    assert [one.text for one in word.paragraphs if one.style.name.startswith("Heading")] == titles
    pages = pypdfium2.PdfDocument(written(report, "pdf", NOON))
    texts = [page.get_textpage().get_text_range() for page in pages]
    printed = " ".join(" ".join(texts).split())
    assert [title for title in titles if " ".join(title.split()) not in printed] == []
    # Nobody takes a page of the example for a plan of their own.
    assert all("EXEMPLE" in text for text in texts)
    assert "EXEMPLE" in word.sections[0].header.paragraphs[0].text


def test_the_document_gives_no_telephone_number(valmont: Town) -> None:
    text = written(report_of(valmont, Words("fr")), "md", NOON).decode()
    assert not re.search(r"06[\s\u00a0]39", text)


HOSTILE = "#pagebreak() *x* <b>|`$ \\\\ ]]> & {{f}} @a"


@pytest.mark.parametrize("kind", ["md", "docx", "pdf"])
def test_what_people_type_is_text_in_every_form(kind: str) -> None:
    odd = town(REGISTER.replace("title: Panne,", f'title: "{HOSTILE}",', 1), name="Ville " * 100)
    content = written(report_of(odd, Words("fr")), kind, NOON)
    if kind == "md":
        assert "<b>" not in content.decode().replace("\\<b\\>", "")
    elif kind == "docx":
        tables = docx.Document(BytesIO(content)).tables
        assert any("#pagebreak()" in cell.text for one in tables for cell in one.column_cells(0))
    else:
        pages = pypdfium2.PdfDocument(content)
        assert "#pagebreak()" in " ".join(page.get_textpage().get_text_range() for page in pages)


def test_a_run_in_which_nobody_did_anything_is_no_exercise() -> None:
    def run(picked: frozenset[str]) -> Incident:
        one = Run(
            id=1, runbook="panne", version=1, digest="", opened_at=1_789_000_000_000, t0=0, picked=picked
        )
        return Incident(id="EX-2026-001", exercise=True, runs={1: one})

    assert played([run(frozenset())], Calendar()) == {}
    last = played([run(frozenset({"a.b.c"}))], Calendar())["panne"]
    assert (last.on.isoformat(), last.kind, last.incident) == ("2026-09-10", "exercice", "EX-2026-001")


def test_the_commands_tell_by_their_exit_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(folder)]
    assert cli.answer(["pca", "status", *home]) == 1
    assert cli.answer(["pca", "matrix", "--json", *home]) == 1
    assert cli.answer(["pca", "report", "--out", str(folder / "pca.pdf"), *home]) == 0
    assert cli.answer(["pca", "report", "--format", "docx", *home]) == 2
    assert cli.answer(["pca", "report", "--out", str(folder / "pca.txt"), *home]) == 2
    assert (folder / "pca.pdf").read_bytes().startswith(b"%PDF")
    capsys.readouterr()
    assert cli.answer(["pca", "status", "--json", *home]) == 1
    assert json.loads(capsys.readouterr().out)["town"] == "Ville de Valmont"


def test_a_register_with_a_slip_is_no_answer(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    register = folder / "pca.yaml"
    register.write_text(
        register.read_text("utf-8").replace("likelihood: 3", "likelihood: beaucoup", 1), "utf-8"
    )
    for command in (["status"], ["matrix"], ["report"]):
        assert cli.answer(["pca", *command, "--home", str(folder)]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert re.search(r"pca\.yaml:\d+:\d+: ", told.err)


def test_a_town_without_a_register_is_told_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pca.yaml").unlink()
    assert cli.answer(["pca", "status", "--home", str(folder)]) == 1
    assert "tocsin init" in capsys.readouterr().out
    assert cli.answer(["pca", "matrix", "--home", str(folder)]) == 0
    assert cli.answer(["pca", "report", "--home", str(folder)]) == 0
    assert "rien n’est décidé" in capsys.readouterr().out
