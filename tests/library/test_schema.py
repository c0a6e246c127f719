"""The published schema says of a file what the loader says, as an editor sees the file."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from engine.library.catalogue import library_folder
from engine.library.folders import procedures_in
from engine.library.kinds import KINDS, kind_of
from engine.library.schema import published, schema_text

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for path in library_folder().rglob("*.yaml"))


class _AsAnEditor(yaml.SafeLoader):
    """YAML 1.2 as editors read it: numbers are numbers, `oui` and dates are texts."""


_AsAnEditor.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("int", "float", "null")]
    for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _seen(text: str) -> Any:
    return yaml.load(text, Loader=_AsAnEditor)


def test_the_published_file_is_fresh() -> None:
    """Write it again with `tocsin schema > docs/runbook.schema.json`."""
    assert (ROOT / "docs" / "runbook.schema.json").read_text("utf-8") == schema_text("runbook")


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(published(kind))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_editor_accepts_what_the_loader_accepts(path: Path) -> None:
    kind = kind_of(path, path.read_bytes())
    assert kind is not None
    found = list(
        jsonschema.Draft202012Validator(published(kind.name)).iter_errors(_seen(path.read_text("utf-8")))
    )
    assert found == []


@pytest.mark.parametrize(
    "change",
    [
        ("title: ", "titel: "),
        ("severity: G", "severity: "),
        ("version: ", "version: v"),
        ("    steps:\n", "    step:\n"),
        ("        outcomes:\n", "        outcomes: []\n        x-o:\n"),
    ],
)
def test_an_editor_underlines_what_the_loader_refuses(change: tuple[str, str]) -> None:
    path = next(path for path in procedures_in(library_folder()) if path.stem == "rancongiciel")
    text = path.read_text("utf-8")
    assert change[0] in text
    validator = jsonschema.Draft202012Validator(published("runbook"))
    assert list(validator.iter_errors(_seen(text.replace(*change))))


def test_the_keys_of_another_tool_are_accepted() -> None:
    validator = jsonschema.Draft202012Validator(published("facts"))
    facts = {"format": 1, "facts": {"a": {"type": "text", "label": "A", "x-id": 3}}}
    assert list(validator.iter_errors(facts)) == []


def test_every_part_is_described() -> None:
    parts = published("runbook")["$defs"]
    assert [name for name, one in parts.items() if not one.get("description")] == []
