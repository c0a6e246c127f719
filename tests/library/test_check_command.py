"""`tocsin check`: exit codes, forms, and one pass over everything."""

import json
import re
from pathlib import Path

import pytest

from bots import cli

RUNBOOK = """\
format: 1
runbook: panne
title: Panne de la messagerie
version: 1
roles:
  dsi: Conduit les actions techniques
tracks:
  technique:
    title: Technique
    steps:
      chercher:
        title: Chercher la cause
        role: dsi
        target: 30 min
        do: Chercher la cause.
        outcomes:
          trouve:
            label: Cause trouvée
            next: fini
      fini:
        end: closed
        title: Rétabli
"""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_HOME", str(tmp_path / "nowhere"))
    (tmp_path / "panne.yaml").write_text(RUNBOOK, "utf-8")
    return tmp_path


def _broken(folder: Path) -> Path:
    path = folder / "panne.yaml"
    text = RUNBOOK.replace("next: fini", "next: finii").replace(
        "do: Chercher la cause.", "do: Attention : chercher"
    )
    path.write_text(text, "utf-8")
    return path


def test_a_clean_file_is_told_on_the_side_and_leaves_with_zero(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(["check", "panne.yaml"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert "1 fichier relu" in told.err


def test_what_lines_and_linter_find_comes_in_one_pass(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _broken(town)
    assert cli.answer(["check", "panne.yaml"]) == 1
    told = capsys.readouterr().out
    assert (
        'panne.yaml:15:23: « : » au milieu d\'un texte est lu comme une clé : écrivez "Attention : chercher"'
        in told
    )
    assert "panne.yaml:19:" in told
    assert "vouliez-vous dire « fini » ?" in told


def test_a_missing_comma_hides_nothing_of_the_rest(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = town / "annuaire.yaml"
    people.write_text(
        "people:\n  p1: {name: La maire}\n  p2: {name: Le DGS}\n"
        "roles:\n  maire:\n    holder: p1\n    deputies: [p2 p8]\n  dsi:\n    holder: p7\n    deputies: [p1]\n",
        "utf-8",
    )
    assert cli.answer(["check", str(people)]) == 1
    told = capsys.readouterr().out
    assert "7:16: « p2 p8 » : il manque une virgule, écrivez [p2, p8]" in told
    assert "7:20: rôle « maire » : « p8 » n'est pas dans people:" in told
    assert "9:13: rôle « dsi » : « p7 » n'est pas dans people:" in told


def test_english_is_a_word_away(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _broken(town)
    assert cli.answer(["check", "panne.yaml", "--lang", "en"]) == 1
    assert "did you mean “fini”?" in capsys.readouterr().out


def test_json_is_for_programs(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _broken(town)
    assert cli.answer(["check", "panne.yaml", "--format", "json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert {"path", "line", "column", "rule", "severity", "message", "suggestion", "facts"} == set(rows[0])
    assert ("colon_in_text", 15) in {(row["rule"], row["line"]) for row in rows}


def test_json_of_nothing_is_an_empty_list(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["check", "panne.yaml", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_github_gets_annotations_on_one_line_each(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _broken(town)
    assert cli.answer(["check", "panne.yaml", "--format", "github"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith(("::error file=panne.yaml,line=", "::notice", "::warning")) for line in lines)


@pytest.mark.parametrize("path", ["absent.yaml", "absent/"])
def test_a_missing_path_has_no_answer(path: str, town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["check", "panne.yaml", path]) == 2
    assert capsys.readouterr().out == ""


def test_a_town_whose_name_was_mistyped_is_not_taken_for_checked(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(["check", "--home", "ma-comune"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "ma-comune n'est pas le dossier d'une commune" in told.err


def test_fix_mends_and_says_what_is_left(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _broken(town)
    assert cli.answer(["check", "panne.yaml", "--fix"]) == 1
    told = capsys.readouterr()
    assert 'do: "Attention : chercher"' in path.read_text("utf-8")
    assert "récrit : panne.yaml" in told.err
    assert "colon" not in told.out
    assert "finii" in told.out


def test_without_a_path_the_library_and_the_town_are_read(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(["init", "ville"]) == 0
    (town / "ville" / "runbooks").mkdir(exist_ok=True)
    _broken(town).rename(town / "ville" / "runbooks" / "panne.yaml")
    capsys.readouterr()
    assert cli.answer(["check", "--home", "ville"]) == 1
    told = capsys.readouterr().out
    assert f"{Path('ville') / 'runbooks' / 'panne.yaml'}:15:23" in told


def test_the_town_made_by_init_lacks_only_its_name_its_numbers_and_its_register(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(["init", "ville"]) == 0
    capsys.readouterr()
    assert cli.answer(["check", "ville", "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {(one["rule"], one["severity"]) for one in found} == {
        ("example_name", "warning"),
        ("example_phone", "warning"),
        ("still_example", "warning"),
        ("number_empty", "info"),
    }
    people = Path("ville/annuaire.yaml")
    people.write_text(
        re.sub(r"(?<=phone: )(06 39 98|01 99 00)", "06 12 34", people.read_text("utf-8")), "utf-8"
    )
    settings = Path("ville/tocsin.toml")
    settings.write_text(
        settings.read_text("utf-8").replace('"Ville de Valmont"', '"Ville de Lorme"'), "utf-8"
    )
    plan = Path("ville/pca.yaml")
    plan.write_text(plan.read_text("utf-8").replace("  example: oui\n", ""), "utf-8")
    assert cli.answer(["check", "ville"]) == 0


def test_a_folder_is_read_whole_and_hidden_files_are_not(
    town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (town / ".old").mkdir()
    (town / ".old" / "bad.yaml").write_text("a: b: c", "utf-8")
    (town / "deep").mkdir()
    (town / "deep" / "bad.yml").write_text("a: b: c", "utf-8")
    assert cli.answer(["check", "."]) == 1
    assert {line.partition(":")[0] for line in capsys.readouterr().out.splitlines()} == {
        str(Path("deep") / "bad.yml")
    }


def test_a_procedure_may_wait_for_another_of_the_same_check(town: Path) -> None:
    waiting = (
        RUNBOOK.replace("runbook: panne", "runbook: attente")
        .replace("        target: 30 min\n", "        target: 30 min\n        wait_for: panne\n")
        .replace("          trouve:\n", "          abandoned:\n")
    )
    (town / "attente.yaml").write_text(waiting, "utf-8")
    assert cli.answer(["check", "panne.yaml", "attente.yaml"]) == 0


def test_two_procedures_of_one_name_are_told(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (town / "z.yaml").write_text(RUNBOOK, "utf-8")
    assert cli.answer(["check", "."]) == 1
    assert "z.yaml:2:10: la procédure « panne » est déjà dans « panne.yaml »" in capsys.readouterr().out


def test_schema_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.answer(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Runbook"
