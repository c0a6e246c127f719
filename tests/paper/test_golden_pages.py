"""What each page says: the golden files are the specification, in French and in English.

`TOCSIN_REWRITE_GOLDEN=1 pytest tests/paper/test_golden_pages.py` writes them again; read the difference first.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
import yaml

from engine.i18n import LANGUAGES
from engine.paper.blocks import Document
from engine.paper.kit import kit
from tests.paper.valmont import material

GOLDEN = Path(__file__).parent / "golden"


def _documents(lang: str) -> dict[str, Document]:
    whole = kit(material(lang))
    assert whole.missing == ()
    return {one.name: one for one in (whole.summary(material(lang)), *whole.documents)}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", list(_documents("fr")))
def test_a_page_says_what_its_golden_file_says(name: str, lang: str) -> None:
    said = msgspec.to_builtins(_documents(lang)[name])
    for block in said["blocks"]:
        block.pop("svg", None)  # the diagram has golden files of its own
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=100)
    path = GOLDEN / f"{name}.{lang}.yaml"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_golden_files_are_of_pages_that_exist() -> None:
    known = {f"{name}.{lang}.yaml" for name in _documents("fr") for lang in LANGUAGES}
    assert {path.name for path in GOLDEN.iterdir()} == known
