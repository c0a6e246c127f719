"""Valmont in memory: the real procedures and the example directory, a desk that decides and keeps nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bots.inbound import Asked, Context, Heard, Misheard, Shown, understand
from engine.core import commands as c
from engine.core import deadlines
from engine.core import events as e
from engine.core.cards import Limits, Scene
from engine.core.decide import decide
from engine.core.directory import Directory
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.core.runbook import Definition
from engine.core.world import Application, World
from engine.i18n import Words
from engine.library.catalogue import Library, digest, library_folder
from engine.library.directory import DirectoryFile, directory_of
from engine.library.yamltree import compose
from engine.speech import Speech

__all__ = ["NIGHT", "Valmont", "at"]

PARIS = ZoneInfo("Europe/Paris")


def at(local: str) -> Instant:
    return round(datetime.fromisoformat(local).replace(tzinfo=PARIS).timestamp() * 1000)


NIGHT = at("2026-11-24 03:02")


class Shelf:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._digests: dict[str, str] = {}
        self._pinned: dict[str, Definition] = {}

    def current(self, runbook: str) -> str | None:
        if runbook not in self._library.ids:
            return None
        if runbook not in self._digests:
            definition = self._library.definition(runbook)
            self._digests[runbook] = digest(definition)[0]
            self._pinned[self._digests[runbook]] = definition
        return self._digests[runbook]

    def definition(self, digest: str) -> Definition:
        return self._pinned[digest]


@cache
def _library() -> Library:
    return Library.load()


@cache
def _town() -> tuple[World, Mapping[str, Limits], Mapping[str, str]]:
    library = _library()
    world = World(
        directory=_directory(library_folder() / "exemple" / "annuaire.yaml"),
        shelf=Shelf(library),
        clocks=library.clocks,
        duties=library.duties,
        applications={
            "logiciel": Application(title="Logiciel de la mairie", activities=("etat_civil_deces", "paie")),
        },
        organisation="Ville de Valmont",
    )
    register = {
        name: Limits(title=one.title, rto=one.rto, dmia=one.dmia, degraded=one.degraded or "")
        for name, one in library.activities.items()
    }
    return world, register, {name: book.title for name, book in library.runbooks.items()}


def _directory(path: Path) -> Directory:
    document = compose(path.read_text("utf-8"), str(path))
    return directory_of(DirectoryFile.model_validate(document.tree))


@dataclass
class Valmont:
    now: Instant = NIGHT
    lang: str = "fr"
    incident: Incident = field(default_factory=lambda: Incident(id="INC-2026-001"))
    journal: list[e.Entry] = field(default_factory=list)

    @property
    def world(self) -> World:
        return _town()[0]

    @property
    def scene(self) -> Scene:
        return Scene(
            incident=self.incident,
            world=self.world,
            now=self.now,
            register=_town()[1],
            keeping=lambda: _library().keeping,
        )

    @property
    def speech(self) -> Speech:
        titles = {name: one.title for name, one in (*self.world.clocks.items(), *_town()[1].items())}
        return Speech(
            words=Words(self.lang),
            zone=PARIS,
            now=self.now,
            directory=self.world.directory,
            organisation=self.world.organisation,
            titles=titles,
        )

    def context(self, person: str, shown: Shown | None = None) -> Context:
        return Context(
            scene=self.scene, person=person, speech=self.speech, shown=shown or Shown(), runbooks=_town()[2]
        )

    def declares(self, runbook: str = "rancongiciel", by: str = "p2", **more: object) -> Valmont:
        command = c.Declare(title="Écrans chiffrés", known_at=self.now, runbook=runbook, **more)  # type: ignore[arg-type]
        assert isinstance(self.submit(command, by), Accepted)
        return self

    def submit(
        self, command: c.Command, by: str, entered_by: str = "", at: Instant | None = None
    ) -> Accepted | Refused:
        order = c.Order(
            incident=self.incident.id,
            command=command,
            by=by,
            at=self.now,
            key=str(len(self.journal)),
            source="terminal" if by else "clock",
            entered_by=entered_by,
            occurred_at=at,
        )
        answer = decide(order, self.incident, self.world)
        if isinstance(answer, Accepted):
            self.incident = answer.incident
            self.journal += answer.entries
        return answer

    def hears(self, line: str, by: str = "p4", shown: Shown | None = None) -> Heard | Asked | Misheard:
        return understand(line, self.context(by, shown))

    def does(self, line: str, by: str = "p4", shown: Shown | None = None) -> Refused | None:
        """Type a line that must be understood; the refusal, if it is refused."""
        heard = self.hears(line, by, shown)
        assert isinstance(heard, Heard), heard
        for command in heard.commands:
            answer = self.submit(command, heard.by, heard.entered_by, heard.occurred_at)
            if isinstance(answer, Refused):
                return answer
        return None

    def waits(self, minutes: int) -> None:
        """Let time pass; what comes due is fired, earliest first."""
        until = self.now + minutes * 60_000
        while True:
            due = min(deadlines.of(self.incident, self.world), key=lambda one: one.due, default=None)
            if due is None or due.due > until:
                break
            self.now = max(due.due, self.now)
            fire = c.FireDeadline(
                kind=due.kind,
                run=due.run,
                track=due.track,
                visit=due.visit,
                subject=due.subject,
                rung=due.rung,
            )
            assert isinstance(self.submit(fire, ""), Accepted), fire
        self.now = until
