"""Each rule of the linter, on a runbook that breaks it and nothing else."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from engine.core.directory import Directory, Post
from engine.core.quantities import parse_duration
from engine.core.runbook import Runbook
from engine.core.specs import ClockSpec, FactSpec
from engine.i18n import LANGUAGES, Words, load_area
from engine.library import lint as linter
from engine.library.finding import Finding, message, render
from engine.library.lint import Surroundings, lint, review
from engine.library.yamltree import compose

HERE = Path(__file__).parent
BASE = (HERE / "lint" / "base.yaml").read_text("utf-8")
CASES = tomllib.loads((HERE / "lint" / "cases.toml").read_text("utf-8"))
DOCUMENTATION = HERE.parents[1] / "docs" / "linter-rules.md"


def _other(name: str, *results: str, waits: str = "") -> Runbook:
    ends = {one: {"title": one, "end": "closed", "result": one} for one in results or ("fin",)}
    outcomes = {one: {"label": one, "next": one} for one in ends}
    first = {"title": "Agir", "outcomes": outcomes} | ({"wait_for": waits} if waits else {})
    tracks = {"seul": {"title": "Seul", "steps": {"agir": first, **ends}}}
    return Runbook.model_validate(
        {"format": "1", "runbook": name, "title": name, "version": "1", "tracks": tracks}
    )


def _clock(title: str) -> ClockSpec:
    return ClockSpec.model_validate(
        {"title": title, "source": "loi", "checked": "2026-01-01", "certainty": "sur"}
    )


AROUND = Surroundings(
    runbooks={
        "restauration": _other("restauration", "restaure", "perdu"),
        "fuite": _other("fuite"),
        "cercle": _other("cercle", waits="boucle"),
        "attend": _other("attend", waits="cercle"),
    },
    facts={
        "donnees": FactSpec.model_validate(
            {
                "type": "choice",
                "label": "Données personnelles touchées",
                "choices": {"oui": "Oui", "non": "Non", "a_confirmer": "À confirmer"},
            }
        )
    },
    clocks={"H-CNIL33": _clock("CNIL"), "H-ASSUR": _clock("Assureur")},
    rto={"paie": parse_duration("5 j")},
    directory=Directory(
        roles={
            "directeur_crise": Post(holder="p1", deputies=("p2",)),
            "maire": Post(holder="p1", deputies=("p2",)),
            "dgs": Post(holder="p2", deputies=("p1",)),
            "dsi": Post(holder="p3", deputies=("p4",)),
            "rssi": Post(holder="p4", deputies=("p3",)),
            "communication": Post(holder="p5"),
            "juriste": Post(holder="p5"),
        },
        fallback={"dpo": ("dgs",)},
    ),
)


def broken(rule: str) -> str:
    text = BASE
    for edit in CASES[rule]:
        assert edit["old"] in text, f"{rule}: {edit['old']!r} is no longer in base.yaml"
        text = text.replace(edit["old"], edit["new"], 1)
    return text


def findings(text: str, path: str = "runbooks/essai.yaml") -> list[Finding]:
    document = compose(text, path)
    assert not document.findings, document.findings
    return lint(Runbook.model_validate(document.tree), document, AROUND)


def test_a_sound_runbook_has_no_finding() -> None:
    assert findings(BASE) == []


@pytest.mark.parametrize("rule", CASES)
def test_a_broken_runbook_is_told_so(rule: str) -> None:
    found = findings(broken(rule))
    assert rule in {one.rule for one in found}
    placed = [one for one in found if one.rule == rule]
    assert all(one.line > 1 for one in placed), "a finding says where"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_findings_read_as_they_did(lang: str) -> None:
    """Rewrite the file with TOCSIN_REWRITE_GOLDEN=1, then read it: it is what an author sees."""
    words = Words(lang)
    told = "".join(f"# {rule}\n{render(findings(broken(rule)), 'text', words)}\n" for rule in CASES)
    golden = HERE / "golden" / f"lint.{lang}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text(told, "utf-8")
    assert told == golden.read_text("utf-8")


def test_beyond_the_limit_what_was_not_seen_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    prove = linter.prove
    monkeypatch.setattr(linter, "prove", lambda *given, **known: prove(*given, **known, most=5))
    found = findings(BASE)
    assert [(one.rule, one.severity) for one in found] == [("not_proved", "info")]


def test_the_proof_comes_with_the_findings_unless_the_graph_has_holes() -> None:
    document = compose(BASE, "essai.yaml")
    whole = review(Runbook.model_validate(document.tree), document, AROUND)
    assert whole.proof is not None
    assert whole.proof.kinds == {"closed", "retex", "false_alarm"} - {"closed"}
    document = compose(BASE.replace("next: isoler", "next: zzz"), "essai.yaml")
    assert review(Runbook.model_validate(document.tree), document, AROUND).proof is None


def test_what_nobody_told_the_linter_is_not_checked() -> None:
    document = compose(BASE, "essai.yaml")
    alone = lint(Runbook.model_validate(document.tree), document, Surroundings())
    assert {one.rule for one in alone} == {"fact_unknown"}


def test_every_rule_is_tried_said_and_documented() -> None:
    said = {key.removeprefix("lint.") for key in load_area("fr", "lint")}
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", DOCUMENTATION.read_text("utf-8"), re.MULTILINE))
    assert said == {*CASES, "not_proved"}
    assert said <= documented


def test_a_suggestion_closes_the_sentence() -> None:
    one = next(one for one in findings(broken("next_unknown")) if one.rule == "next_unknown")
    assert one.suggestion == "isoler"
    assert "« isoler »" in message(one, Words("fr"))
