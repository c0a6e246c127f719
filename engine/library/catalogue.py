"""The library of procedures: looked up by name, each read when it is first asked for, the town's over the shipped ones.

A layer is a folder. A procedure of a later layer replaces the one of the same name below it; but one that can't be
read gives way to the one it replaces, and is told among the `problems`: at three in the morning a slip in last
week's edit must not leave a town without its procedure.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Self, TypeVar

from pydantic import BaseModel

import engine
from engine.config import CONFIGURATION
from engine.continuity.model import Activities, Activity, Clocks, Contact, Contacts
from engine.core.commun import Commun, Duty, SharedFacts
from engine.core.quantities import Duration
from engine.core.runbook import ChecklistItem, Definition, Outcome, Runbook
from engine.core.specs import ClockSpec, FactSpec, Message
from engine.library.finding import Finding
from engine.library.reading import read_for_check
from engine.library.shape import shaped
from engine.library.source import decoded, read_bytes
from engine.library.yamltree import Document, compose

__all__ = ["Library", "Unreadable", "definition_from", "digest", "library_folder"]

M = TypeVar("M", bound=BaseModel)

_ID: Final = re.compile(
    rb"""^(?:\xef\xbb\xbf)?runbook[ \t]*:[ \t]*["']?([A-Za-z][A-Za-z0-9_-]*)""", re.MULTILINE
)
_OTHERS: Final = frozenset({"continuity", "exemple", "exercises"})
"""Folders of the library that hold no procedure."""


class Unreadable(Exception):
    """A procedure exists, but no layer has a version of it that can be read."""

    def __init__(self, name: str, findings: list[Finding]) -> None:
        super().__init__(name)
        self.name, self.findings = name, findings


def library_folder() -> Path:
    """The procedures that come with the program: of the checkout, else of the installed package."""
    package = Path(engine.__file__).parent
    beside = package.parent / "runbooks"
    return beside if (beside / "facts.yaml").is_file() else package / "shipped" / "runbooks"


class Library:
    """What a town can run, and what its procedures borrow from each other."""

    def __init__(self, *layers: Path) -> None:
        self.layers = tuple(layer.resolve() for layer in layers)
        self.problems: list[Finding] = []
        """What was wrong with the files that were asked for so far."""
        self._adopted: dict[str, Runbook] = {}
        self._read: dict[Path, tuple[Document, Runbook | None]] = {}

    @classmethod
    def load(cls, folder: Path | None = None, *overlays: Path) -> Self:
        """Open a library; the shipped one when no folder is named. Nothing is read before it is asked for."""
        return cls(folder or library_folder(), *overlays)

    @classmethod
    def of_home(cls, home: Path) -> Self:
        """The shipped library with the town's own procedures and registers over it."""
        return cls(library_folder(), home / "runbooks")

    @cached_property
    def files(self) -> dict[str, tuple[Path, ...]]:
        """For each procedure the files that define it, the one that counts first."""
        found: dict[str, tuple[Path, ...]] = {}
        for layer in self.layers:
            for path in procedures_in(layer):
                if name := identifier_in(path):
                    found[name] = (path, *found.get(name, ()))
        return found

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.files, *(name for name in self._adopted if name not in self.files))

    def runbook(self, name: str) -> Runbook:
        """The procedure of this name; a KeyError if there is none, `Unreadable` if none can be read."""
        if name in self._adopted:
            return self._adopted[name]
        for path in self.files[name]:
            _, runbook = self.read(path)
            if runbook is not None:
                return runbook
        raise Unreadable(name, [one for path in self.files[name] for one in self.read(path)[0].findings])

    def adopt(self, runbooks: Mapping[str, Runbook]) -> None:
        """Put procedures already read before all others: those that a check has in hand."""
        self._adopted |= runbooks

    def document(self, name: str) -> Document:
        """The file of a procedure, with places."""
        return self.read(self.files[name][0])[0]

    def read(self, path: Path) -> tuple[Document, Runbook | None]:
        """A file of procedure, once; what is wrong with it joins the problems."""
        if path not in self._read:
            document, runbook = _model(path, Runbook)
            self._read[path] = (document, runbook)
            self.problems += document.findings
        return self._read[path]

    @cached_property
    def runbooks(self) -> Mapping[str, Runbook]:
        """All procedures that can be read."""
        return dict(self._readable())

    def _readable(self) -> Iterator[tuple[str, Runbook]]:
        for name in self.ids:
            try:
                yield name, self.runbook(name)
            except Unreadable:
                continue  # told among the problems

    @cached_property
    def facts(self) -> Mapping[str, FactSpec]:
        return {
            name: one for file in self._all("facts.yaml", SharedFacts) for name, one in file.facts.items()
        }

    @cached_property
    def duties(self) -> Mapping[str, Duty]:
        return {name: one for file in self._all("commun.yaml", Commun) for name, one in file.duties.items()}

    @cached_property
    def clocks(self) -> Mapping[str, ClockSpec]:
        files = self._all("continuity/clocks.yaml", Clocks)
        return {name: one for file in files for name, one in file.clocks.items()}

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        files = self._all("continuity/activites.yaml", Activities)
        return {name: one for file in files for name, one in file.activities.items()}

    @cached_property
    def contacts(self) -> Mapping[str, Contact]:
        files = self._all("continuity/contacts.yaml", Contacts)
        return {name: one for file in files for name, one in file.contacts.items()}

    @cached_property
    def messages(self) -> Mapping[tuple[str, str], Message]:
        """Every text to send, by procedure and name."""
        return {
            (name, key): one for name, book in self.runbooks.items() for key, one in book.messages.items()
        }

    @cached_property
    def rto(self) -> Mapping[str, Duration]:
        """Each activity with the delay in which it must be back; zero when none was set."""
        return {name: one.rto or Duration() for name, one in self.activities.items()}

    def _all(self, name: str, model: type[M]) -> list[M]:
        """The shared file of each layer, shipped first: the town's entries replace those of the same name."""
        found = []
        for path in self._places(name):
            document, value = _model(path, model)
            self.problems += document.findings
            found += [] if value is None else [value]
        return found

    def _places(self, name: str) -> Iterator[Path]:
        for layer in self.layers:
            # A town's registers may stand beside its tocsin.toml, without a folder for procedures.
            beside = [layer.parent / name] if (layer.parent / CONFIGURATION).is_file() else []
            yield from (path for path in (*beside, layer / name) if path.is_file())

    def definition(self, name: str) -> Definition:
        """The procedure with all that it borrows, as a run is pinned to it. Raises as `runbook` does."""
        runbook = self.runbook(name)
        awaited = {
            step.wait_for
            for track in runbook.tracks.values()
            for step in track.steps.values()
            if step.wait_for
        }
        return Definition(
            runbook=runbook,
            shared_facts=dict(self.facts),
            clocks={name: self.clocks[name] for name in _clocks_of(runbook) if name in self.clocks},
            waits={name: self._results(name) for name in sorted(awaited)},
            rto={
                name: delay
                for name in runbook.activities
                if name in self.activities and (delay := self.activities[name].rto) is not None
            },
        )

    def _results(self, name: str) -> frozenset[str]:
        try:
            return self.runbook(name).results | {"abandoned"}
        except (KeyError, Unreadable):
            return frozenset({"abandoned"})


def procedures_in(folder: Path) -> Iterator[Path]:
    """The YAML files of a layer where a procedure may be, in order."""
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        inner = path.relative_to(folder).parts[:-1]
        if not any(part in _OTHERS or part.startswith(".") for part in inner) and path.is_file():
            yield path


def identifier_in(path: Path) -> str | None:
    """The name that a procedure gives itself, without reading the rest; None for any other file."""
    try:
        content = read_bytes(path)
    except OSError:
        return None
    found = None if isinstance(content, Finding) else _ID.search(content)
    return found[1].decode("ascii") if found else None


def digest(definition: Definition) -> tuple[str, bytes]:
    """The SHA-256 of a definition, in hexadecimal, and the bytes that it is of.

    One definition has one spelling: UTF-8, NFC, no spaces, no field left at its default. Keys keep the order in
    which they were written, since it means something: a track starts at its first step.
    """
    written = definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if "waits" in written:
        written["waits"] = {name: sorted(results) for name, results in sorted(written["waits"].items())}
    text = json.dumps(written, ensure_ascii=False, separators=(",", ":"))
    content = unicodedata.normalize("NFC", text).encode()
    return hashlib.sha256(content).hexdigest(), content


def definition_from(content: bytes) -> Definition:
    """Read back what `digest` wrote."""
    return Definition.model_validate(json.loads(content))


def _model(path: Path, model: type[M]) -> tuple[Document, M | None]:
    """Read a file into its model; when that fails, read it again for all that there is to say about it."""
    shown = str(path)
    try:
        content = read_bytes(path)
    except OSError as error:
        return Document(path=shown, findings=[unopened(shown, error)]), None
    text = content if isinstance(content, Finding) else decoded(content, shown)
    if isinstance(text, Finding):
        return Document(path=shown, findings=[text]), None
    document = compose(text, shown)
    value, found = shaped(document, model) if not document.findings else (None, [])
    if value is not None and not found:
        return document, value
    document = read_for_check(path)
    document.findings += found
    return document, None


def unopened(shown: str, error: OSError) -> Finding:
    """A file that the system doesn't give."""
    reason = error.strerror or str(error)
    return Finding(area="lint_yaml", rule="unopened", path=shown, facts={"reason": reason})


def _clocks_of(runbook: Runbook) -> list[str]:
    """The legal delays that a procedure names: at its top, on an outcome, on an item to tick."""
    named: dict[str, Any] = dict.fromkeys(clock.use for clock in runbook.clocks)
    for track in runbook.tracks.values():
        for step in track.steps.values():
            acts: list[Outcome | ChecklistItem] = [*step.outcomes.values(), *step.checklist]
            for one in acts:
                named |= dict.fromkeys((*one.clock_start, *one.clock_stop))
    return list(named)
