"""The register says what the town decided: incidents count against it, and a slip in it is told where it is."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from engine.core.directory import Directory, Post
from engine.core.quantities import DAY, HOUR, Duration
from engine.i18n import LANGUAGES, Words, load_area
from engine.library.catalogue import Library
from engine.library.check import check_paths, checked
from engine.library.finding import Finding, render
from engine.library.pca import judged
from engine.library.setaside import set_aside

HERE = Path(__file__).parent
BASE = (HERE / "base.yaml").read_text("utf-8")
CASES: dict[str, dict[str, str]] = tomllib.loads((HERE / "cases.toml").read_text("utf-8"))
DOCUMENTATION = HERE.parents[1] / "docs" / "linter-rules.md"
GUIDE = HERE.parents[1] / "docs" / "pca.md"
LIBRARY = Library.load()
ROLES = Directory(roles={name: Post(holder="p1", deputies=("p2",)) for name in ("dgs", "drh", "dsi")})


def broken(rule: str) -> str:
    edit = CASES[rule]
    assert edit["old"] in BASE, f"{rule}: {edit['old']!r} is no longer in base.yaml"
    return BASE.replace(edit["old"], edit["new"], 1)


def findings(text: str, folder: Path) -> list[Finding]:
    path = folder / "pca.yaml"
    path.write_text(text, "utf-8")
    file = checked(path)
    assert file.findings == []
    return list(
        judged(file.value, file.document, proposed=LIBRARY.proposed, runbooks=LIBRARY.ids, directory=ROLES)  # type: ignore[arg-type]
    )


def town(folder: Path, register: str) -> Library:
    (folder / "tocsin.toml").write_text('[organisation]\nname = "V"\n', "utf-8")
    (folder / "pca.yaml").write_text(register, "utf-8")
    return Library.of_home(folder)


def test_a_sound_register_has_no_finding(tmp_path: Path) -> None:
    assert findings(BASE, tmp_path) == []


@pytest.mark.parametrize("rule", CASES)
def test_a_broken_register_is_told_so_and_where(rule: str, tmp_path: Path) -> None:
    found = [one for one in findings(broken(rule), tmp_path) if one.rule == rule]
    assert found
    assert all(one.line > 1 for one in found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_findings_read_as_they_did(lang: str, tmp_path: Path) -> None:
    """Rewrite the file with TOCSIN_REWRITE_GOLDEN=1, then read it: it is what a town clerk sees."""
    words = Words(lang)
    told = "".join(
        f"# {rule}\n{render(findings(broken(rule), tmp_path), 'text', words)}\n" for rule in CASES
    ).replace(f"{tmp_path}{os.sep}", "")
    golden = HERE / "golden" / f"register.{lang}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text(told, "utf-8")
    assert told == golden.read_text("utf-8")


def test_every_rule_is_tried_said_and_documented() -> None:
    said = {key.removeprefix("lint_pca.") for key in load_area("fr", "lint_pca")}
    documented = set(re.findall(r"^\| `([a-z_]+)` \|", DOCUMENTATION.read_text("utf-8"), re.MULTILINE))
    assert said == CASES.keys()
    assert said <= documented


def test_check_reads_the_register_of_a_town(tmp_path: Path) -> None:
    town(tmp_path, broken("unknown_runbooks"))
    found = {(one.rule, one.line) for one in check_paths([tmp_path], home=tmp_path)}
    assert ("unknown_runbooks", 57) in found


def test_the_register_of_the_guide_is_clean(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE.read_text("utf-8"), re.M | re.S)
    (tmp_path / "pca.yaml").write_text(example, "utf-8")
    assert check_paths([tmp_path / "pca.yaml"]) == []


def test_the_example_town_is_clean_where_it_is_shipped() -> None:
    assert check_paths([LIBRARY.layers[0] / "exemple"]) == []


def test_a_register_that_nobody_wrote_is_answered_at_once(tmp_path: Path) -> None:
    """Ten thousand names that lead nowhere among ten thousand like them."""
    many = "".join(f"        - abcdefgh_{n}\n" for n in range(10_000))
    things = "".join(f"  abcdefgi_{n}: {{title: a}}\n" for n in range(6_000))
    text = f"format: 1\npca: {{}}\nactivities:\n  paie:\n    needs:\n      applications:\n{many}"
    assert len(findings(f"{text}applications:\n{things}", tmp_path)) == 100


def test_what_the_town_decided_counts_over_what_the_library_proposes(tmp_path: Path) -> None:
    library = town(tmp_path, BASE.replace("rto: 5 j", "rto: 2 j"))
    assert library.rto["paie"] == Duration(ms=2 * DAY)
    assert library.definition("continuite-paie").shortest_rto == Duration(ms=2 * DAY)
    # Field over field: what it didn't decide stays proposed.
    assert library.activities["paie"].degraded == library.proposed["paie"].degraded
    assert library.rto["socle_si"] == Duration(ms=8 * HOUR)


def test_an_activity_that_the_town_has_not_presses_nobody(tmp_path: Path) -> None:
    alone = LIBRARY.definition("continuite-enfance").rto
    assert set(alone) == {"creches", "ecoles_cantine"}
    assert set(town(tmp_path, BASE).definition("continuite-enfance").rto) == {"ecoles_cantine"}


def test_a_town_adds_an_activity_of_its_own(tmp_path: Path) -> None:
    own = "  musee:\n    title: Musée\n    rto: 10 j\n"
    library = town(tmp_path, BASE.replace("  creches:\n", f"{own}  creches:\n"))
    assert library.activities["musee"].title == "Musée"
    assert library.rto["musee"] == Duration(ms=10 * DAY)


@pytest.mark.parametrize("day", ["demain", "0001-01-01", "9999-12-31"])
def test_a_register_that_cannot_be_read_leaves_the_proposals_and_is_told(tmp_path: Path, day: str) -> None:
    library = town(tmp_path, BASE.replace("due: 2026-12-18", f"due: {day}"))
    assert library.activities == LIBRARY.activities
    assert [one.rule for one in set_aside(library)] == ["day"]
