"""A library of one procedure, and a town that lays an overlay over it."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.core.directory import Directory
from engine.core.specs import ClockSpec
from engine.library.catalogue import Library
from engine.library.finding import Finding
from engine.library.lint import Surroundings
from engine.library.modelled import modelled
from engine.library.overlays.checking import changes_of
from engine.library.overlays.notation import Overlay

HERE = Path(__file__).parent
HEAD = "format: 1\noverlay: panne\nof: 3\n"

_CLOCK = ClockSpec.model_validate(
    {"title": "CNIL", "source": "RGPD, article 33", "checked": "2026-11-24", "certainty": "sur"}
)


def town(folder: Path, text: str, *, name: str = "panne") -> Library:
    """The library under the town's files, with one overlay among them."""
    library, home = folder / "bibliotheque", folder / "valmont" / "runbooks"
    library.mkdir(exist_ok=True)
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(HERE / "panne.yaml", library / "panne.yaml")
    (home / f"{name}.yaml").write_text(text, "utf-8")
    return Library.load(library, home)


def findings(library: Library, *, name: str = "panne") -> list[Finding]:
    """What a check of the town's overlay says."""
    path = library.layers[1] / f"{name}.yaml"
    document, head = modelled(path, Overlay)
    if head is None:
        return document.findings
    around = Surroundings(clocks={"H-CNIL33": _CLOCK}, directory=Directory(roles={}, fallback={}))
    found = changes_of(head, path, document, library, around)
    # Nobody holds a role in this town without people.
    return [one for one in found if one.rule not in ("role_nobody", "role_vacant")]
