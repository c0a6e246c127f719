"""The library of procedures: looked up by name, each read when it is first asked for, the town's over the shipped ones.

A layer is a folder. A procedure of a later layer replaces the one of the same name below it, an overlay changes it; but
what can't be read, or no longer fits, gives way to what is below it, and is told among the `problems`: at three in the
morning a slip in last week's edit must not leave a town without its procedure.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel

import engine
from engine.config import CONFIGURATION
from engine.continuity.keeping import procedures_of
from engine.continuity.model import Activities, Activity, Clocks, Contact, Contacts
from engine.continuity.quiz import Question, Quiz
from engine.continuity.register import REGISTER_FILE, Plan, Register, merged
from engine.core.commun import Commun, Duty, SharedFacts
from engine.core.quantities import Duration
from engine.core.runbook import ChecklistItem, Definition, Outcome, Runbook
from engine.core.specs import ClockSpec, FactSpec, Message
from engine.library.finding import Finding
from engine.library.folders import names_in, procedures_in
from engine.library.local import NUMBERS_FILE, clocks_of, contacts_of
from engine.library.modelled import modelled
from engine.library.overlays.notation import Overlay
from engine.library.yamltree import Document

__all__ = ["Library", "Unreadable", "definition_from", "digest", "library_folder"]

M = TypeVar("M", bound=BaseModel)


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
        self._adapted: dict[str, Runbook] = {}

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
        return self._named[0]

    @cached_property
    def overlays(self) -> dict[str, tuple[Path, ...]]:
        """For each procedure the overlays that change it, the one that counts first."""
        return self._named[1]

    @cached_property
    def _named(self) -> tuple[dict[str, tuple[Path, ...]], dict[str, tuple[Path, ...]]]:
        found: tuple[dict[str, tuple[Path, ...]], dict[str, tuple[Path, ...]]] = ({}, {})
        for layer in self.layers:
            for path in procedures_in(layer):
                for names, name in zip(found, names_in(path), strict=True):
                    if name is not None:
                        names[name] = (path, *names.get(name, ()))
        return found

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.files, *(name for name in self._adopted if name not in self.files))

    def runbook(self, name: str) -> Runbook:
        """The procedure of this name; a KeyError if there is none, `Unreadable` if none can be read."""
        if name in self._adopted:
            return self._adopted[name]
        for path in self.files[name]:
            document, runbook = self.read(path)
            if runbook is not None:
                return self._under_overlay(name, path, document, runbook)
        raise Unreadable(name, [one for path in self.files[name] for one in self.read(path)[0].findings])

    def beneath(self, name: str, overlay: Path) -> Path | None:
        """The file that an overlay changes: of a procedure that is not the town's own."""
        return next((path for path in self.files.get(name, ()) if path.parent != overlay.parent), None)

    def _under_overlay(self, name: str, path: Path, document: Document, runbook: Runbook) -> Runbook:
        """A procedure as the town changes it, or as it is when there is no overlay that fits."""
        overlay = next(iter(self.overlays.get(name, ())), None)
        if overlay is None or self.beneath(name, overlay) != path:
            return runbook
        if name not in self._adapted:
            written, head = modelled(overlay, Overlay)
            self.problems += written.findings
            self._adapted[name] = (
                runbook if head is None or head.changes_nothing else self._adapt(written, document, runbook)
            )
        return self._adapted[name]

    def _adapt(self, overlay: Document, document: Document, runbook: Runbook) -> Runbook:
        from engine.library.overlays.applying import (
            adapted,  # reads the linter, which a plain library doesn't need
        )

        found, problems = adapted(overlay, document, runbook, self.facts)
        self.problems += problems
        return found

    def adopt(self, runbooks: Mapping[str, Runbook]) -> None:
        """Put procedures already read before all others: those that a check has in hand."""
        self._adopted |= runbooks

    def document(self, name: str) -> Document:
        """The file of a procedure, with places."""
        return self.read(self.files[name][0])[0]

    def read(self, path: Path) -> tuple[Document, Runbook | None]:
        """A file of procedure, once; what is wrong with it joins the problems."""
        if path not in self._read:
            document, runbook = modelled(path, Runbook)
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
        return clocks_of(self._all("continuity/clocks.yaml", Clocks))

    @cached_property
    def register(self) -> Register:
        """What the town decided of its continuity plan; an empty one when it has written none that can be read."""
        written = self._all(REGISTER_FILE, Register)
        return written[-1] if written else Register(format="1", pca=Plan())

    @cached_property
    def proposed(self) -> Mapping[str, Activity]:
        """The activities and delays that the library proposes."""
        files = self._all("continuity/activites.yaml", Activities)
        return {name: one for file in files for name, one in file.activities.items()}

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        """The activities with the delays that the town decided, else those proposed: what incidents count against."""
        return merged(self.proposed, self.register.activities)

    @cached_property
    def keeping(self) -> Mapping[str, tuple[str, ...]]:
        """By activity, the procedures that keep it going."""
        return procedures_of(self.runbooks)

    @cached_property
    def contacts(self) -> Mapping[str, Contact]:
        return contacts_of(self._all(NUMBERS_FILE, Contacts))

    @cached_property
    def quiz(self) -> Mapping[str, Question]:
        """The awareness quiz: the library's questions, then the town's own."""
        return {name: one for file in self._all("quiz.yaml", Quiz) for name, one in file.questions.items()}

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
            document, value = modelled(path, model)
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


def _clocks_of(runbook: Runbook) -> list[str]:
    """The legal delays that a procedure names: at its top, on an outcome, on an item to tick."""
    named: dict[str, Any] = dict.fromkeys(clock.use for clock in runbook.clocks)
    for track in runbook.tracks.values():
        for step in track.steps.values():
            acts: list[Outcome | ChecklistItem] = [*step.outcomes.values(), *step.checklist]
            for one in acts:
                named |= dict.fromkeys((*one.clock_start, *one.clock_stop))
    return list(named)
