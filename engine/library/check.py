"""Check files: each for what it is, its YAML, its shape, then what the linter proves, everything in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from engine.config import CONFIGURATION, Config
from engine.continuity.register import Register
from engine.core.directory import Directory
from engine.core.runbook import Runbook
from engine.library import directory
from engine.library.catalogue import Library, library_folder
from engine.library.finding import Finding, ordered
from engine.library.fix import mend_file
from engine.library.kinds import KINDS, Kind, kind_of
from engine.library.overlays.notation import Overlay
from engine.library.reading import examined
from engine.library.shape import shaped
from engine.library.source import read_bytes
from engine.library.tomltree import toml_document
from engine.library.yamltree import Document

__all__ = ["Checked", "check_paths", "checked", "files_in", "mend_paths"]

_DIRECTORY: Final = "annuaire.yaml"
_EXTENSIONS: Final = frozenset({".yaml", ".yml"})


@dataclass(slots=True)
class Checked:
    """One file, read and shaped."""

    path: Path
    kind: Kind | None
    document: Document
    value: BaseModel | None = None
    findings: list[Finding] = field(default_factory=list)


def check_paths(paths: Sequence[Path], *, home: Path | None = None) -> list[Finding]:
    """Everything that is wrong in these files and folders.

    `home` is the town whose registers and directory the procedures are checked against. Raises an OSError when a
    path can't be read: there is then no answer.
    """
    found = [checked(file) for file in files_in(paths)]
    findings = [one for file in found for one in file.findings]
    findings += _same_names(found)
    library, people = _library(found, home), _directory(found, home)
    around = _surroundings(library, people)
    findings += _linted(found, around)
    findings += _registers(found, library, people)
    findings += _towns(found, library, around, home)
    return ordered(findings)


def mend_paths(paths: Sequence[Path]) -> list[Path]:
    """Mend what can be without risk in these files and folders; return the files that changed."""
    return [path for path in files_in(paths) if _mend(path)]


def files_in(paths: Sequence[Path]) -> list[Path]:
    """The files to check, each once; an OSError for a path that isn't there."""
    return list(dict.fromkeys(file for path in paths for file in _files(path)))


def checked(path: Path) -> Checked:
    """Read one file and give it its shape."""
    shown = str(path)
    content = read_bytes(path, shown)
    if isinstance(content, Finding):
        return Checked(path, None, Document(path=shown), findings=[content])
    kind = kind_of(path, content)
    if kind is KINDS["config"]:
        document = toml_document(content, shown)
    else:
        document = examined(content, shown, texts_in_flow=kind is not None and kind.texts_in_flow)
    file = Checked(path, kind, document, findings=list(document.findings))
    if document.tree is None:
        return file
    if kind is None:
        file.findings.append(Finding(area="lint_yaml", rule="unknown_kind", path=shown))
        return file
    file.value, shape = shaped(document, kind.model)
    file.findings += _unexplained(shape, document.findings)
    if isinstance(file.value, directory.DirectoryFile):
        file.findings += directory.judged(file.value, document)
    if isinstance(file.value, Config):
        file.findings += directory.named(file.value, document)
    return file


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        path.stat()  # a missing file is an OSError here, before anything is checked
        yield path
        return
    for one in sorted(path.rglob("*")):
        inner = one.relative_to(path).parts
        if any(part.startswith(".") for part in inner) or not one.is_file():
            continue
        if one.suffix in _EXTENSIONS or one.name == CONFIGURATION:
            yield one


def _mend(path: Path) -> bool:
    content = read_bytes(path)
    if isinstance(content, Finding) or path.suffix not in _EXTENSIONS:
        return False
    kind = kind_of(path, content)
    return mend_file(path, texts_in_flow=kind is not None and kind.texts_in_flow)


def _runbooks(found: Iterable[Checked]) -> Iterator[tuple[Checked, Runbook]]:
    yield from ((file, file.value) for file in found if isinstance(file.value, Runbook))


def _same_names(found: Iterable[Checked]) -> Iterator[Finding]:
    """Two procedures of one folder may not carry one name; a town's may replace a shipped one."""
    first: dict[tuple[Path, str], Checked] = {}
    for file, runbook in _runbooks(found):
        other = first.setdefault((file.path.parent, runbook.runbook), file)
        if other is not file:
            yield file.document.finding(
                "duplicate_id", ("runbook",), value=True, id=runbook.runbook, other=other.document.path
            )


def _library(found: Sequence[Checked], home: Path | None) -> Library:
    """The shipped library, the town's files, and the files being checked."""
    layers = [library_folder()]
    if home is not None:
        layers.append(home / "runbooks")
    layers += _folders(found, layers)
    library = Library(*layers)
    mine = {runbook.runbook: runbook for _, runbook in _runbooks(found)}
    library.adopt(mine)
    return library


def _surroundings(library: Library, people: Directory | None) -> Any:
    """What the procedures may borrow."""
    from engine.library.lint import Surroundings

    return Surroundings(
        runbooks=library.runbooks,
        facts=library.facts,
        clocks=library.clocks,
        rto=library.rto,
        directory=people,
    )


def _registers(found: Iterable[Checked], library: Library, people: Directory | None) -> Iterator[Finding]:
    from engine.library import pca

    for file in found:
        if isinstance(file.value, Register):
            told = pca.judged(
                file.value, file.document, proposed=library.proposed, runbooks=library.ids, directory=people
            )
            yield from _unexplained(told, file.findings)


def _towns(found: Iterable[Checked], library: Library, around: Any, home: Path | None) -> Iterator[Finding]:
    """What a town changes in the library, or fills in."""
    from engine.library import local
    from engine.library.overlays.checking import changes_of

    shipped = Library.load()
    for file in found:
        if isinstance(file.value, Overlay):
            yield from _unexplained(
                changes_of(file.value, file.path, file.document, library, around), file.findings
            )
        elif _is_a_towns(file.path.resolve(), home):
            yield from local.judged(
                file.value, file.document, clocks=shipped.clocks, contacts=shipped.contacts
            )


def _is_a_towns(path: Path, home: Path | None) -> bool:
    """Whether a register is the town's: in its folder, or beside a configuration when no town was named."""
    if home is not None and path.is_relative_to(home.resolve()):
        return True
    return any((folder / CONFIGURATION).is_file() for folder in list(path.parents)[:2])


def _folders(found: Sequence[Checked], known: Sequence[Path]) -> list[Path]:
    """Libraries around the files that are checked: the nearest folder above each that holds shared facts."""
    layers = {path.resolve() for path in known}
    more: list[Path] = []
    for file in found:
        for folder in list(file.path.resolve().parents)[:2]:
            if folder not in layers and (folder / "facts.yaml").is_file():
                layers.add(folder)
                more.append(folder)
    return more


def _directory(found: Iterable[Checked], home: Path | None) -> Directory | None:
    """The town's directory: of its home, else the one among the files, if it reads."""
    if home is not None and (home / _DIRECTORY).is_file():
        found = [checked(home / _DIRECTORY)]
    value = next((file.value for file in found if isinstance(file.value, directory.DirectoryFile)), None)
    return None if value is None else directory.directory_of(value)


def _linted(found: Iterable[Checked], surroundings: Any) -> Iterator[Finding]:
    from engine.library.lint import lint

    for file, runbook in _runbooks(found):
        yield from _unexplained(lint(runbook, file.document, surroundings), file.findings)


def _unexplained(found: Iterable[Finding], before: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what follows from an error already told: further right on the same line."""
    first: dict[int, int] = {}
    for one in before:
        if one.severity == "error":
            first[one.line] = min(one.column, first.get(one.line, one.column))
    for one in found:
        if one.column < first.get(one.line, one.column + 1) and not (
            one.rule == "empty_value" and one.line in first
        ):
            yield one
