"""Open a town's folder: from its files to the world that the core is told of, the journal, and the desk.

Two towns' folders may be open in one program: nothing here is process-wide.
"""

from __future__ import annotations

import contextlib
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from msgspec import DecodeError
from pydantic import ValidationError

from engine.config import Config, Organisation, load_config
from engine.continuity.keeping import applications_of
from engine.core import deadlines
from engine.core.cards import touched
from engine.core.decide import decide
from engine.core.directory import Directory
from engine.core.events import Entry, Erased, EvidenceAdded
from engine.core.house import HOUSE, House
from engine.core.house.staff import amended
from engine.core.incident import Incident
from engine.core.world import Calendar, World
from engine.desk import Desk, Rules
from engine.home.alarm import Alarm
from engine.home.awareness import Awareness
from engine.home.evidence import Evidence
from engine.home.holidays import FrenchHolidays
from engine.home.shelf import HomeShelf
from engine.i18n import Words
from engine.journal.codec import UnreadableEntry
from engine.journal.errors import JournalUnavailable
from engine.journal.sqlite import FILE, SqliteJournal
from engine.library.catalogue import Library
from engine.library.directory import DirectoryFile, directory_of
from engine.library.finding import Finding
from engine.library.shape import shaped
from engine.library.source import decoded, read_bytes
from engine.library.yamltree import Document, compose

__all__ = ["DIRECTORY_FILE", "RULES", "Home", "HomeUnusable"]

DIRECTORY_FILE: Final = "annuaire.yaml"

RULES: Final = Rules(decide, deadlines.following, touched)
"""The core's rules, as the desk asks for them."""


class HomeUnusable(Exception):
    """The folder can't be opened as a town's: `code` is a key of `journal.home`. `tocsin check` tells the rest."""

    def __init__(self, code: str, findings: Sequence[Finding] = (), **facts: Any) -> None:
        super().__init__(code)
        self.code, self.findings, self.facts = code, tuple(findings), facts

    def tell(self, words: Words) -> str:
        """Say it to a person."""
        return words.say(f"journal.home.{self.code}", **self.facts)


class Home:
    """One town, open. To be closed; a `with` does."""

    def __init__(self, path: Path, *, directory: Directory | None = None, reading: bool = False) -> None:
        """Open the town of this folder, which is made if there is none.

        `directory` stands in for `annuaire.yaml`. HomeUnusable if a file of the town can't be read,
        JournalUnavailable if the journal can't be opened.
        `reading`: make and change nothing. A slip in a file of the town doesn't stand in the way of the journal then:
        it is in `slips`, and what the file would say is left out.
        """
        self.path = path
        self.slips: list[HomeUnusable] = []
        self.config, people = _config_or_slip(path, self.slips) if reading else _config(path), directory
        if people is None:
            people = _directory_or_slip(path, self.slips) if reading else _directory(path)
        if not reading:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.journal = SqliteJournal(path / FILE, reading=reading)
        self.evidence = Evidence(path / "evidence")
        self.library = Library.of_home(path)
        self.shelf = HomeShelf(self.library, self.journal.reader.definition)
        self.world = _world(self.config, people, self.library, self.shelf)
        self.desk = Desk(self.journal, self.world, RULES, definition=self.shelf.content)
        self.desk.on_commit(self._destroy_evidence)
        self.desk.on_commit(lambda _, after, __: self._follow_house() if after.id == HOUSE else None)
        self.desk.on_change(self._follow_house)
        with contextlib.suppress(JournalUnavailable, UnreadableEntry, DecodeError):
            self._follow_house()  # a journal that can't be read is told by whoever asks for it
        self.alarm = Alarm(self.desk, self.journal.reader)

    @property
    def house(self) -> House:
        """Which account is whose, which group serves what, as the journal says now."""
        book = self.desk.incident(HOUSE)
        return (book and book.house) or House()

    @property
    def awareness(self) -> Awareness:
        """The quiz of this town, with its people as they are now."""
        world = self.world
        return Awareness(self.path, self.library.quiz, world.calendar, world.directory)

    def reload(self) -> None:
        """Read the town's files again: people and procedures as they are now. Open runs keep theirs."""
        self.config = _config(self.path)
        people = _directory(self.path).after(self.world.directory)
        self.library = Library.of_home(self.path)
        self.shelf = HomeShelf(self.library, self.journal.reader.definition)
        self.world = _world(self.config, people, self.library, self.shelf)
        self._follow_house()

    def _follow_house(self) -> None:
        """Have the people of the file with what was said of them since, in a chat: the house's book may have grown."""
        file = self.world.written
        directory = amended(file, self.house.staff)
        if directory != self.world.directory:
            self.world = replace(self.world, directory=directory, file=file)
        self.desk.follow_world(self.world, self.shelf.content)

    def close(self) -> None:
        self.journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def _destroy_evidence(self, _: Incident | None, after: Incident, entries: Sequence[Entry]) -> None:
        """After an erasure, destroy the files that no entry names any more."""
        erased = {seq for entry in entries if isinstance(entry.event, Erased) for seq in entry.event.entries}
        if not erased:
            return
        brought = [
            (incident, entry.seq, entry.event.sha256)
            for incident in self.journal.reader.incidents()
            for entry in self.journal.reader.entries(incident)
            if isinstance(entry.event, EvidenceAdded) and entry.event.sha256
        ]
        gone = {digest for incident, seq, digest in brought if incident == after.id and seq in erased}
        kept = {digest for incident, seq, digest in brought if incident != after.id or seq not in erased}
        for digest in gone - kept:
            self.evidence.forget(digest)


def _config(path: Path) -> Config:
    try:
        return load_config(path) or _no_config(path)
    except (tomllib.TOMLDecodeError, ValidationError, UnicodeDecodeError, OSError) as error:
        raise HomeUnusable("config", path=str(path), detail=str(error).splitlines()[0]) from error


def _no_config(path: Path) -> Config:
    return Config(organisation=Organisation(name=path.resolve().name or "tocsin"))


def _config_or_slip(path: Path, slips: list[HomeUnusable]) -> Config:
    try:
        return _config(path)
    except HomeUnusable as slip:
        slips.append(slip)
        return _no_config(path)


def _directory_or_slip(path: Path, slips: list[HomeUnusable]) -> Directory:
    try:
        return _directory(path)
    except HomeUnusable as slip:
        if slip.code == "no_directory" and not (path / FILE).exists():
            raise  # neither people nor a journal: this is no town
        slips.append(slip)
        return Directory()


def _directory(path: Path) -> Directory:
    """The town's people, from the one file where they are written."""
    file = path / DIRECTORY_FILE
    if not file.is_file():
        raise HomeUnusable("no_directory", path=str(path))
    try:
        content = read_bytes(file)
    except OSError as error:
        raise HomeUnusable("directory", path=str(file), detail=error.strerror or str(error)) from error
    document, written = _shaped(content, str(file))
    if written is None:
        first = document.findings[0] if document.findings else None
        raise HomeUnusable(
            "directory",
            document.findings,
            path=str(file),
            detail=f"{first.line}:{first.column}" if first else "",
        )
    return directory_of(written)


def _shaped(content: bytes | Finding, shown: str) -> tuple[Document, DirectoryFile | None]:
    text = decoded(content, shown) if isinstance(content, bytes) else content
    if isinstance(text, Finding):
        return Document(path=shown, findings=[text]), None
    document = compose(text, shown)
    if document.findings:
        return document, None
    written, findings = shaped(document, DirectoryFile)
    document.findings += findings
    return document, written


def _world(config: Config, people: Directory, library: Library, shelf: HomeShelf) -> World:
    return World(
        directory=people,
        shelf=shelf,
        calendar=Calendar(zone=ZoneInfo(config.organisation.timezone), holidays=FrenchHolidays()),
        clocks=library.clocks,
        duties=library.duties,
        applications=applications_of(library.register, library.activities),
        organisation=config.organisation.name,
    )
