"""What is wrong in `pca.yaml` between the names: an owner nobody knows, a thing nobody defined, a circle."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import PurePath
from typing import Final

from engine.continuity.dependencies import Dependencies, nodes_of
from engine.continuity.model import Activity
from engine.continuity.register import Needs, Register, merged
from engine.core.directory import Directory
from engine.library.directory import EXAMPLE
from engine.library.finding import Finding, Severity, closest
from engine.library.yamltree import Document

__all__ = ["judged"]

Path = tuple[str | int, ...]

_MOST_FINDINGS: Final = 100
"""Beyond these a person has enough to mend."""
_MOST_NAMES: Final = 1_000
"""Among more than these nobody's slip is guessed: it would take minutes."""


def judged(
    register: Register,
    document: Document,
    *,
    proposed: Mapping[str, Activity],
    runbooks: Collection[str],
    directory: Directory | None,
) -> Iterator[Finding]:
    """The findings on a register that has its shape. Without a directory, roles are not checked."""
    yield from islice(_all(_Sheet(register, document, proposed, runbooks, directory)), _MOST_FINDINGS)


def _all(sheet: _Sheet) -> Iterator[Finding]:
    yield from _head(sheet)
    yield from _activities(sheet)
    yield from _resources(sheet)
    yield from _risks(sheet)
    yield from _measures(sheet)
    yield from _procedures(sheet)
    yield from _circle(sheet)


@dataclass(frozen=True)
class _Sheet:
    register: Register
    document: Document
    proposed: Mapping[str, Activity]
    runbooks: Collection[str]
    directory: Directory | None

    @cached_property
    def activities(self) -> dict[str, Activity]:
        """All of them, with the delays that they then have."""
        return merged(self.proposed, self.register.activities)

    @cached_property
    def dependencies(self) -> Dependencies:
        return Dependencies(self.register, self.activities)

    def finding(
        self, rule: str, path: Path, *, key: bool = True, severity: Severity = "error",
        meant: str | None = None, **facts: object,
    ) -> Finding:  # fmt: skip
        return self.document.finding(
            rule, path, area="lint_pca", severity=severity, value=not key, meant=meant, **facts
        )

    def known(self, kind: str) -> Collection[str] | None:
        """The names of a kind; None when nobody said which there are."""
        if kind == "roles":
            return None if self.directory is None else self.directory.roles
        if kind == "activities":
            return self.activities
        if kind == "runbooks":
            return self.runbooks
        names: Mapping[str, object] = getattr(self.register, kind)
        return names

    def names(self, kind: str, name: str, path: Path, *, key: bool = False) -> Iterator[Finding]:
        """Whether a name leads somewhere."""
        known = self.known(kind)
        if known is not None and name not in known:
            meant = closest(name, known) if len(known) <= _MOST_NAMES else None
            yield self.finding(f"unknown_{kind}", path, key=key, meant=meant, name=name)
        elif (
            kind == "activities" and (one := self.register.activities.get(name)) is not None and one.excluded
        ):
            yield self.finding("excluded_named", path, key=key, severity="warning", name=name)

    def needs(self, needs: Needs, path: Path) -> Iterator[Finding]:
        for kind, n, name in needs.named():
            yield from self.names(kind, name, _element(self.document, (*path, kind), n))

    def owner(self, role: str | None, path: Path) -> Iterator[Finding]:
        if role is not None:
            yield from self.names("roles", role, (*path, "owner"))


def _head(sheet: _Sheet) -> Iterator[Finding]:
    yield from sheet.owner(sheet.register.pca.owner, ("pca",))
    if sheet.register.pca.example and PurePath(sheet.document.path).parent.name != EXAMPLE:
        yield sheet.finding("still_example", ("pca", "example"), severity="warning")


def _activities(sheet: _Sheet) -> Iterator[Finding]:
    for name, one in sheet.register.activities.items():
        path: Path = ("activities", name)
        if name not in sheet.proposed and one.title is None:
            meant = closest(name, sheet.proposed)
            yield sheet.finding("untitled_activity", path, meant=meant, name=name)
        yield from sheet.owner(one.owner, path)
        if not one.excluded:
            yield from sheet.needs(one.needs, (*path, "needs"))
        rto, dmia = sheet.activities[name].rto, sheet.activities[name].dmia
        if rto is not None and dmia is not None and rto.rough_ms > dmia.rough_ms:
            wrote = [field for field in ("rto", "dmia") if field in one.model_fields_set]
            rule = "rto_too_long" if len(wrote) == 2 else "rto_over_proposal"
            yield sheet.finding(rule, (*path, *wrote[:1]), name=name, rto=str(rto), dmia=str(dmia))


def _resources(sheet: _Sheet) -> Iterator[Finding]:
    wanted = {node for needed in sheet.dependencies.graph.values() for node in needed}
    wanted |= {node for risk in sheet.register.risks.values() for node in nodes_of(risk.hits)}
    for kind, name, one in sheet.register.resources():
        yield from sheet.owner(one.owner, (kind, name))
        yield from sheet.needs(one.needs, (kind, name, "needs"))
        if (kind, name) not in wanted:
            yield sheet.finding("unused", (kind, name), severity="info", name=name)


def _risks(sheet: _Sheet) -> Iterator[Finding]:
    for name, one in sheet.register.risks.items():
        yield from sheet.needs(one.hits, ("risks", name, "hits"))
        if not any(one.hits.named()):
            yield sheet.finding("risk_hits_nothing", ("risks", name), severity="warning", name=name)


def _measures(sheet: _Sheet) -> Iterator[Finding]:
    for name, one in sheet.register.measures.items():
        path: Path = ("measures", name)
        yield from sheet.owner(one.owner, path)
        for n, risk in enumerate(one.lowers):
            yield from sheet.names("risks", risk, _element(sheet.document, (*path, "lowers"), n))
        lacks = {
            "measure_no_owner": one.owner is None and not one.over,
            "measure_no_due": one.due is None and not one.over,
            "measure_lowers_nothing": not one.lowers,
            "measure_unproved": one.state == "faite" and one.evidence is None,
        }
        for rule in (rule for rule, lacking in lacks.items() if lacking):
            yield sheet.finding(rule, path, severity="warning", name=name)


def _procedures(sheet: _Sheet) -> Iterator[Finding]:
    for name, one in sheet.register.procedures.items():
        path: Path = ("procedures", name)
        yield from sheet.names("runbooks", name, path, key=True)
        for kind, names in (("activities", one.activities), ("risks", one.risks)):
            for n, named in enumerate(names):
                yield from sheet.names(kind, named, _element(sheet.document, (*path, kind), n))


def _circle(sheet: _Sheet) -> Iterator[Finding]:
    if circle := sheet.dependencies.circle:
        first = circle[0]
        yield sheet.finding("circle", (first.kind, first.name, "needs"), names=[one.name for one in circle])


def _element(document: Document, path: Path, n: int) -> Path:
    """The place of an element: a list of one may be written without its dash."""
    return (*path, n) if isinstance(document.find(path), list) else path
