"""The guide's example is clean, the guide names every key, and every rule of reading and shape is explained."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from engine.i18n import load_area
from engine.library.check import check_paths
from engine.library.kinds import KINDS
from engine.library.schema import published

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (DOCS / "runbook-format.md").read_text("utf-8")
RULES = (DOCS / "linter-rules.md").read_text("utf-8")

# Words that every finding uses, and what the command says besides.
NOT_RULES = {
    "with_suggestion", "severity_warning", "severity_info", "place", "summary", "set_aside", "clean", "mended",
}  # fmt: skip


def _rules() -> list[str]:
    names = {key.split(".")[1] for key in load_area("fr", "lint_yaml")}
    return sorted(names - NOT_RULES)


def _keys() -> list[str]:
    """Every key of a procedure that an author may write."""
    schema = published("runbook")
    parts = [schema, *schema["$defs"].values()]
    return sorted({key for part in parts for key in part.get("properties", {})})


def test_the_example_of_the_guide_is_clean(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```yaml\n(.*?)^```", GUIDE, re.M | re.S)
    path = tmp_path / "panne-messagerie.yaml"
    path.write_text(example, "utf-8")
    assert check_paths([path]) == []


@pytest.mark.parametrize("rule", _rules())
def test_every_rule_of_reading_and_shape_is_explained(rule: str) -> None:
    rows = [line for line in RULES.splitlines() if line.startswith("|") and f"`{rule}`" in line.split("|")[1]]
    assert len(rows) == 1


def test_no_rule_is_explained_that_does_not_exist() -> None:
    part = RULES.partition("\n## What the linter proves")[0]
    told = {
        rule
        for line in part.splitlines()
        if line.startswith("| `")
        for rule in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    register = {key.removeprefix("lint_pca.") for key in load_area("fr", "lint_pca")}
    assert told - set(_rules()) - register == set()


@pytest.mark.parametrize("key", _keys())
def test_every_key_of_a_procedure_is_in_the_guide(key: str) -> None:
    assert re.search(rf"\b{key}\b", GUIDE)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "runbook"])
def test_every_key_of_the_other_files_is_in_the_guide(kind: str) -> None:
    model: type[BaseModel] = KINDS[kind].model
    schema = model.model_json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    keys = {key for part in parts for key in part.get("properties", {})} - {"extensions"}
    guide = (DOCS / "pca.md").read_text("utf-8") if kind == "register" else GUIDE
    missing = {key for key in keys if not re.search(rf"\b{key}\b", guide)}
    assert missing - {"declare_channel", "crisis_channel", "crisis_group", "exercise_group"} == set()
