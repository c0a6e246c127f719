"""What a model refuses is told where it is, in words, with what was probably meant."""

import os
from pathlib import Path

import pytest

from engine.i18n import LANGUAGES, Words
from engine.library.check import check_paths, checked
from engine.library.finding import render
from engine.library.shape import SHAPE_RULES

GOLDEN = Path(__file__).parent / "golden"

RUNBOOK = """\
format: 1
runbook: panne
title: Panne de la messagerie
version: 1
severity: G2
roles:
  dsi: Conduit les actions techniques
facts:
  postes:
    type: integer
    label: Postes touchés
clocks:
  - use: H-CNIL33
    unless:
      donnees_personnelles: non
tracks:
  technique:
    title: Technique
    steps:
      chercher:
        title: Chercher la cause
        role: dsi
        target: 30 min
        checklist:
          - Serveur joignable
        outcomes:
          trouve:
            label: Cause trouvée
            next: fini
            reason: required
          attendre:
            label: Rien pour l'instant
            next: chercher
            auto_after: 2 h
      fini:
        end: closed
        title: Rétabli
"""

# A name, the rule, and the change that makes the file wrong.
BAD_RUNBOOKS = [
    ("no title", "missing_key", "title: Panne de la messagerie\n", ""),
    ("a key mistyped", "unknown_key", "        target: 30 min", "        taget: 30 min"),
    ("a key of another language", "unknown_key_among", "        target: 30 min", "        jamais: 30 min"),
    ("a key left empty", "empty_value", "version: 1", "version:"),
    ("an item left empty", "empty_value", "          - Serveur joignable", "          -"),
    ("an unknown severity", "not_among", "severity: G2", "severity: grave"),
    ("an unknown end", "not_among", "end: closed", "end: close"),
    ("a list for a text", "want_text", "title: Panne de la messagerie", "title: [Panne, messagerie]"),
    ("a text for a list", "want_list", "        checklist:\n          - Serveur", "        checklist: Serveur"),
    ("a text for a block", "want_mapping", "roles:\n  dsi: Conduit les actions techniques", "roles: dsi"),
    ("a word for a number", "want_integer", "version: 1", "version: un"),
    ("version zero", "too_small", "version: 1", "version: 0"),
    ("no step", "too_few", "    steps:\n", "    steps: {}\n    x-steps:\n"),
    ("an endless title", "too_long", "title: Technique", "title: " + "x" * 20_001),
    ("a condition without value", "empty_value", "donnees_personnelles: non", "donnees_personnelles:"),
    ("a condition that is a block", "condition", "donnees_personnelles: non", "donnees_personnelles: {a: b}"),
    ("a delay in words", "delay", "auto_after: 2 h", "auto_after: demain"),
    ("a target in words", "target", "target: 30 min", "target: au plus vite"),
    ("a condition that is a text", "want_mapping",
     "    unless:\n      donnees_personnelles: non", "    unless: donnees_personnelles"),
    ("a target that is a block", "want_text", "target: 30 min", "target: {is: 3 h}"),
    ("a case without its target", "missing_key", "target: 30 min", "target: [{when: {postes: \"> 10\"}}]"),
    ("neither yes nor no", "flag", "reason: required", "reason: peut-être"),
    ("an accent in an identifier", "identifier", "runbook: panne", "runbook: dégât"),
    ("a space in a step's identifier", "identifier", "      fini:", "      c'est fini:"),
    ("a role that is a sentence", "identifier", "role: dsi\n", "role:\n          - dsi\n          - le maire\n"),
    ("a step without issue", "no_outcome", "        end: closed\n", ""),
    ("an end with issues", "end_with_outcomes", "        end: closed\n",
     "        end: closed\n        outcomes:\n          a:\n            label: b\n"),
    ("several mistakes", "unknown_key", "        role: dsi\n        target: 30 min",
     "        rol: dsi\n        target: au plus vite\n        evidance: [x]"),
]  # fmt: skip

DIRECTORY = """\
people:
  p1: {name: La maire, phone: "", lang: fr, prefers: telegram}
  p2: {name: Le premier adjoint, phone: ""}
roles:
  directeur_crise: {holder: p1, deputies: [p2]}
  dsi: {holder: p2, deputies: [p1]}
fallback:
  dsi: [directeur_crise]
"""

BAD_OTHERS = [
    ("annuaire.yaml", "director_missing", DIRECTORY, "directeur_crise: {holder", "directeur: {holder"),
    ("annuaire.yaml", "person_unknown", DIRECTORY, "dsi: {holder: p2", "dsi: {holder: p22"),
    ("annuaire.yaml", "no_deputy", DIRECTORY, "deputies: [p1]", "deputies: []"),
    ("annuaire.yaml", "replaces_oneself", DIRECTORY, "deputies: [p1]", "deputies: [p2]"),
    ("annuaire.yaml", "fallback_unknown", DIRECTORY, "[directeur_crise]", "[directeur_crises]"),
    ("annuaire.yaml", "example_phone", DIRECTORY, 'adjoint, phone: ""', "adjoint, phone: +33 6 39 98 01 22"),
    ("annuaire.yaml", "phone", DIRECTORY, 'adjoint, phone: ""', "adjoint, phone: bonjour"),
    ("annuaire.yaml", "until", DIRECTORY, 'adjoint, phone: ""', "adjoint, until: demain"),
    ("activites.yaml", "rto_over_dmia",
     "format: 1\nactivities:\n  paie:\n    title: Paie\n    dmia: 2 h\n    rto: 1 h\n", "rto: 1 h", "rto: 3 h"),
    ("contacts.yaml", "not_among",
     "format: 1\ncontacts:\n  samu:\n    title: SAMU\n    channel:\n    source: x\n    checked: 2026-11-24\n"
     "    certainty: sur\n", "certainty: sur", "certainty: sûr"),
    ("clocks.yaml", "delay",
     "format: 1\nclocks:\n  H-X:\n    title: X\n    delay: 72 h\n    source: x\n    checked: 2026-11-24\n"
     "    certainty: sur\n", "72 h", "trois jours"),
    ("commun.yaml", "not_among",
     "format: 1\ncommun: 1\nduties:\n  a:\n    title: A\n    role: dgs\n    when: opening\n    target: 1 h\n"
     "    do: Noter\n", "opening", "ouverture"),
    ("facts.yaml", "unknown_key",
     "format: 1\nfacts:\n  a:\n    type: text\n    label: A\n", "label:", "labell:"),
    ("tocsin.toml", "timezone", '[organisation]\nname = "V"\ntimezone = "Europe/Paris"\n', "Paris", "Pari"),
    ("tocsin.toml", "unknown_key", '[organisation]\nname = "V"\n[slack]\ncrisis_channel = "new"\n',
     "crisis_channel", "crisis_chanel"),
    ("tocsin.toml", "toml_unreadable", '[organisation]\nname = "V"\n', '"V"', "V"),
    ("tocsin.toml", "missing_key", '[organisation]\nname = "V"\n', 'name = "V"', 'lang = "fr"'),
    ("tocsin.toml", "want_integer", '[organisation]\nname = "V"\n[telegram]\ncrisis_group = -1\n', "-1", '"x"'),
    ("pca.yaml", "too_big",
     "format: 1\npca: {}\nrisks:\n  crue: {title: Crue, likelihood: 2, impact: 3}\n", "impact: 3", "impact: 7"),
    ("pca.yaml", "day",
     "format: 1\npca:\n  adopted: 2026-03-12\n", "2026-03-12", "12 mars 2026"),
    ("facts.yaml", "not_a_mapping", "format: 1\nfacts:\n  a:\n    type: text\n    label: A\n",
     "format: 1\nfacts:\n  a:\n    type: text\n    label: A\n", "- a\n"),
]  # fmt: skip


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def _changed(text: str, before: str, after: str) -> str:
    assert before in text
    return text.replace(before, after, 1)


@pytest.mark.parametrize(
    ("rule", "before", "after"), [bad[1:] for bad in BAD_RUNBOOKS], ids=[b[0] for b in BAD_RUNBOOKS]
)
def test_what_a_procedure_gets_wrong_is_told(rule: str, before: str, after: str, tmp_path: Path) -> None:
    file = checked(_write(tmp_path, "panne.yaml", _changed(RUNBOOK, before, after)))
    assert rule in {one.rule for one in file.findings}
    for lang in LANGUAGES:
        assert render(file.findings, "text", Words(lang))


@pytest.mark.parametrize(("name", "rule", "text", "before", "after"), BAD_OTHERS)
def test_what_another_file_gets_wrong_is_told(
    name: str, rule: str, text: str, before: str, after: str, tmp_path: Path
) -> None:
    assert checked(_write(tmp_path, name, text)).findings == []
    file = checked(_write(tmp_path, name, _changed(text, before, after)))
    assert rule in {one.rule for one in file.findings}
    for lang in LANGUAGES:
        assert render(file.findings, "text", Words(lang))


def test_a_file_that_says_nothing_of_itself_is_told(tmp_path: Path) -> None:
    (found,) = checked(_write(tmp_path, "autre.yaml", "bonjour: a\n")).findings
    assert found.rule == "unknown_kind"


def test_an_identifier_with_accents_comes_with_one_without(tmp_path: Path) -> None:
    file = checked(
        _write(tmp_path, "panne.yaml", _changed(RUNBOOK, "runbook: panne", "runbook: dégât des eaux"))
    )
    assert [one.suggestion for one in file.findings] == ["degat-des-eaux"]


def test_every_rule_of_the_shape_has_a_bad_file() -> None:
    tried = {bad[1] for bad in (*BAD_RUNBOOKS, *BAD_OTHERS)}
    assert SHAPE_RULES - tried == {"other_shape"}  # what no model of ours raises today


def test_a_right_file_has_no_finding(tmp_path: Path) -> None:
    assert checked(_write(tmp_path, "panne.yaml", RUNBOOK)).findings == []


def test_a_mistyped_key_is_told_with_the_right_one_and_once(tmp_path: Path) -> None:
    file = checked(
        _write(tmp_path, "panne.yaml", _changed(RUNBOOK, "    title: Technique", "    titel: Technique"))
    )
    (found,) = file.findings
    assert (found.rule, found.suggestion, found.line, found.column) == ("unknown_key", "title", 18, 5)


def test_a_mistyped_key_does_not_keep_the_linter_from_the_rest(tmp_path: Path) -> None:
    text = _changed(_changed(RUNBOOK, "        target:", "        targat:"), "next: fini", "next: finis")
    found = check_paths([_write(tmp_path, "panne.yaml", text)])
    assert {"unknown_key", "next_unknown"} <= {one.rule for one in found}


def test_keys_of_another_tool_are_kept(tmp_path: Path) -> None:
    text = RUNBOOK.replace("version: 1\n", "version: 1\nx-import:\n  Clé libre: [a, {b: c}]\n", 1)
    assert checked(_write(tmp_path, "panne.yaml", text)).findings == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_the_findings_are_as_reviewed(lang: str, tmp_path: Path) -> None:
    """Rewrite the file with TOCSIN_REWRITE_GOLDEN=1, then read it: it is what a clerk sees."""
    told = ""
    for name, _, before, after in BAD_RUNBOOKS:
        path = _write(tmp_path, "panne.yaml", _changed(RUNBOOK, before, after))
        told += f"== {name}\n{render(checked(path).findings, 'text', Words(lang))}"
    for name, rule, text, before, after in BAD_OTHERS:
        path = _write(tmp_path, name, _changed(text, before, after))
        told += f"== {name}, {rule}\n{render(checked(path).findings, 'text', Words(lang))}"
    told = told.replace(f"{tmp_path}{os.sep}", "")
    golden = GOLDEN / f"shape.{lang}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text(told, "utf-8")
    assert told == golden.read_text("utf-8")
