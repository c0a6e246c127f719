"""The formats by name: each a function of a dossier alone, whose module and libraries load when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from engine.review.dossier import Dossier

__all__ = ["FORMATS", "Format", "by_suffix", "export"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How a format is made, and what its file is called."""

    module: str
    function: str = ""
    suffix: str
    binary: bool = False
    whole: bool = False
    """It has no sense with some of the entries only."""
    crisis: bool = False
    """It tells an incident: the house's own book is none."""


FORMATS: Final = {
    "md": Format(module="markdown", suffix=".md"),
    "html": Format(module="html", suffix=".html"),
    "pdf": Format(module="pdf", suffix=".pdf", binary=True),
    "docx": Format(module="docx", suffix=".docx", binary=True),
    "xlsx": Format(module="xlsx", suffix=".xlsx", binary=True),
    "csv": Format(module="csv", suffix=".csv"),
    "timesketch": Format(module="timesketch", function="timesketch_csv", suffix=".timesketch.csv"),
    "iris": Format(module="iris", suffix=".iris.csv"),
    "stix": Format(module="stix", suffix=".stix.json", crisis=True),
    "ics": Format(module="ics", suffix=".ics", whole=True, crisis=True),
    "jsonl": Format(module="jsonl", suffix=".jsonl", whole=True),
}
"""`jsonl` is the journal itself, entry by entry: it alone is not made of a dossier."""

_MORE: Final = {".markdown": "md", ".htm": "html", ".json": "stix"}


def by_suffix(name: str) -> str:
    """The format that the name of a file tells, or nothing. The longest suffix wins: `.iris.csv` is no `.csv`."""
    known = {one.suffix: told for told, one in FORMATS.items()} | _MORE
    found = [suffix for suffix in known if name.lower().endswith(suffix)]
    return known[max(found, key=len)] if found else ""


def export(dossier: Dossier, name: str, *, file: str = "") -> bytes:
    """The content in this format. `file`: the name that it will have; Timesketch reads two, told by their suffix."""
    made = FORMATS[name]
    function = made.function or made.module
    if name == "timesketch" and file.lower().endswith(".jsonl"):
        function = "timesketch_jsonl"
    content = getattr(import_module(f"{__package__}.{made.module}"), function)(dossier)
    return content.encode() if isinstance(content, str) else bytes(content)
