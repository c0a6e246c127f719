"""What a file is: told by its own first keys, so that a copy under another name is still checked for what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from engine.config import CONFIGURATION, Config
from engine.continuity.model import Activities, Clocks, Contacts
from engine.continuity.quiz import Quiz
from engine.continuity.register import Register
from engine.core.commun import Commun, SharedFacts
from engine.core.runbook import Runbook
from engine.library.directory import DirectoryFile
from engine.library.overlays.notation import Overlay

__all__ = ["KINDS", "Kind", "kind_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: its name, the key that tells it, its model."""

    name: str
    key: str
    model: type[BaseModel]
    texts_in_flow: bool = False
    """Registers of names may say `{name: La maire}` on one line; a procedure may not."""


_ALL: Final = (
    Kind(name="runbook", key="runbook", model=Runbook),
    Kind(name="overlay", key="overlay", model=Overlay),
    Kind(name="commun", key="commun", model=Commun),
    Kind(name="register", key="pca", model=Register, texts_in_flow=True),
    Kind(name="directory", key="people", model=DirectoryFile, texts_in_flow=True),
    Kind(name="contacts", key="contacts", model=Contacts, texts_in_flow=True),
    Kind(name="activities", key="activities", model=Activities, texts_in_flow=True),
    Kind(name="clocks", key="clocks", model=Clocks),
    Kind(name="facts", key="facts", model=SharedFacts),
    Kind(name="quiz", key="questions", model=Quiz),
    Kind(name="config", key="", model=Config),
)
KINDS: Final = {kind.name: kind for kind in _ALL}

_STEMS: Final = {
    "commun": "commun",
    "annuaire": "directory",
    "pca": "register",
    "contacts": "contacts",
    "activites": "activities",
    "clocks": "clocks",
    "facts": "facts",
    "quiz": "quiz",
}
_TOP: Final = re.compile(rb"^(?:\xef\xbb\xbf)?([A-Za-z_]+)[ \t]*:", re.MULTILINE)


def kind_of(path: Path, content: bytes) -> Kind | None:
    """The kind of a file; None if nothing tells it.

    The keys at the left margin are looked at in the raw bytes: a file that can't be parsed has a kind too.
    `tracks` alone makes a runbook whose name was forgotten.
    """
    if path.name == CONFIGURATION or path.suffix == ".toml":
        return KINDS["config"]
    keys = {found.decode("ascii") for found in _TOP.findall(content)}
    if "runbook" in keys or ("tracks" in keys and "overlay" not in keys):
        return KINDS["runbook"]
    for kind in _ALL:
        if kind.key and kind.key in keys:
            return kind
    named = _STEMS.get(path.stem)
    return KINDS[named] if named else None
