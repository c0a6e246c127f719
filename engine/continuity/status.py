"""What a town's continuity plan lacks on one day. Pure: the same town gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from engine.continuity.coverage import Coverage
from engine.continuity.dependencies import ACTIVITY, Node
from engine.continuity.holes import (
    BareRisk,
    Late,
    Named,
    Old,
    Overdue,
    Shared,
    Status,
    Step,
    Uncovered,
    Undecided,
    Unreachable,
)
from engine.continuity.register import AXES
from engine.continuity.town import YEAR, Town
from engine.core.quantities import MINUTE
from engine.library.paths.longest import Longest, longest_times

__all__ = ["GOOD_PRACTICES", "SHARED_BY", "status_of"]

SHARED_BY: Final = 3
"""From how many activities on a thing is told as shared (proposal of the project)."""
GOOD_PRACTICES: Final = AXES[: AXES.index("contrats")]
"""What every town should do something about: each axis of good practice, and training."""


def status_of(town: Town) -> Status:
    """Look at everything."""
    coverage, shared = Coverage(town), tuple(_shared(town))
    plan = town.register.pca
    return Status(
        undecided=tuple(_undecided(town)),
        activities_without_owner=tuple(
            Named(id=name, title=one.title)
            for name, one in town.activities.items()
            if (decided := town.register.activities.get(name)) is None or decided.owner is None
        ),
        activities_without_procedure=tuple(
            Named(id=name, title=one.title)
            for name, one in town.activities.items()
            if not coverage.of_activity(name)
        ),
        threats_without_procedure=tuple(_uncovered(coverage)),
        procedures_unplaced=tuple(
            Named(id=name, title=one.title)
            for name, one in town.answering.items()
            if name not in town.register.procedures
        ),
        late_procedures=tuple(_late(town)),
        procedures_never_exercised=tuple(
            Named(id=name, title=one.title) for name, one in town.answering.items() if town.last(name) is None
        ),
        procedures_exercised_long_ago=tuple(_exercised_long_ago(town)),
        procedures_not_reviewed=tuple(_not_reviewed(town)),
        risks_without_measure=tuple(_bare_risks(town)),
        practices_without_measure=_bare_practices(town),
        measures_overdue=tuple(_overdue(town)),
        shared_without_fallback=tuple(one for one in shared if one.fallback is None),
        circle=tuple(_steps(town, town.dependencies.circle)),
        roles_without_holder=tuple(_without_holder(town)),
        roles_without_deputy=tuple(
            name for name, post in town.directory.roles.items() if len(post.people) == 1
        ),
        people_unreachable=tuple(_unreachable(town)),
        suppliers_without_contact=tuple(
            Named(id=name, title=one.title)
            for name, one in town.register.suppliers.items()
            if not one.contact
        ),
        local_numbers_missing=tuple(
            Named(id=name, title=one.title) for name, one in town.contacts.items() if not one.channel
        ),
        plan_not_adopted=plan.adopted is None or plan.adopted > town.today,
        plan_not_reviewed=not town.is_fresh(plan.reviewed, plan.every or YEAR),
        register_missing=not town.written,
        register_of_the_example=plan.example,
        shared_with_fallback=tuple(one for one in shared if one.fallback is not None),
        restart_order=tuple(tuple(_steps(town, wave)) for wave in town.dependencies.restart()),
    )


def _undecided(town: Town) -> Iterator[Undecided]:
    for name, one in town.activities.items():
        decided = town.register.activities.get(name)
        wrote = decided.model_fields_set if decided else frozenset()
        left = tuple(
            field
            for field in ("dmia", "rto", "pdma")
            if getattr(one, field) is not None and field not in wrote
        )
        if left:
            yield Undecided(activity=name, title=one.title, fields=left, registered=decided is not None)


def _uncovered(coverage: Coverage) -> Iterator[Uncovered]:
    open_to: dict[str, list[str]] = {}
    for cell in coverage.cells():
        if cell.state == "open":
            open_to.setdefault(cell.activity, []).append(cell.risk)
    for activity, risks in open_to.items():
        yield Uncovered(activity=activity, title=coverage.town.title(ACTIVITY, activity), risks=tuple(risks))


def _shared(town: Town) -> Iterator[Shared]:
    """Things on which several activities stand, the most shared first. What is only a role is no thing."""
    found = []
    for kind, name, one in town.register.resources():
        falls = town.dependencies.falls_with(Node(kind, name))
        if len(falls) >= SHARED_BY:
            found.append(
                Shared(kind=kind, name=name, title=one.title, activities=falls, fallback=one.fallback)
            )
    yield from sorted(found, key=lambda one: -len(one.activities))


def _late(town: Town) -> Iterator[Late]:
    """Procedures that bring an activity back too late, its steps all taking the time they are given."""
    rto = {name: one.rto for name, one in town.activities.items() if one.rto is not None}
    for name, runbook in town.runbooks.items():
        worst: dict[str, Longest] = {}
        for one in longest_times(runbook, rto, town.runbooks):
            if one.late and one.ms > (worst[one.activity].ms if one.activity in worst else 0):
                worst[one.activity] = one
        for activity, one in worst.items():
            yield Late(
                runbook=name,
                title=runbook.title,
                activity=activity,
                activity_title=town.activities[activity].title,
                outcome=one.ref,
                longest_minutes=one.ms // MINUTE,
                rto_minutes=(one.rto_ms or 0) // MINUTE,
                unmeasured_steps=one.unmeasured,
            )


def _exercised_long_ago(town: Town) -> Iterator[Old]:
    for name, one in town.answering.items():
        last = town.last(name)
        if last is not None and not town.is_fresh(last.on):
            yield Old(runbook=name, title=one.title, last=last.on)


def _not_reviewed(town: Town) -> Iterator[Old]:
    """Pages whose review is due: by the delay that each gives itself, a year when it gives none."""
    for name, one in town.ours.items():
        last, every = town.reread(name), one.page_review.every if one.page_review else YEAR
        if not town.is_fresh(last, every):
            yield Old(runbook=name, title=one.title, last=last)


def _bare_risks(town: Town) -> Iterator[BareRisk]:
    lowered = {
        risk
        for one in town.register.measures.values()
        if one.state != "abandonnee"
        for risk in one.lowers
    }  # fmt: skip
    bare = [(name, one) for name, one in town.register.risks.items() if name not in lowered]
    for name, one in sorted(bare, key=lambda pair: -pair[1].level):
        yield BareRisk(risk=name, title=one.title, level=one.level)


def _bare_practices(town: Town) -> tuple[str, ...]:
    done = {one.axis for one in town.register.measures.values() if one.state != "abandonnee"}
    return tuple(axis for axis in GOOD_PRACTICES if axis not in done)


def _overdue(town: Town) -> Iterator[Overdue]:
    late = [
        (name, one, one.due)
        for name, one in town.register.measures.items()
        if not one.over and one.due is not None and one.due < town.today
    ]
    for name, one, due in sorted(late, key=lambda row: row[2]):
        days = (town.today - due).days
        yield Overdue(measure=name, title=one.title, owner=one.owner, due=due, days=days)


def _without_holder(town: Town) -> Iterator[str]:
    """Roles of the directory with nobody in them, then those that the register counts on and nobody defined."""
    roles = town.directory.roles
    yield from (name for name, post in roles.items() if not post.people)
    counted = {node.name: None for node in town.dependencies.nodes if node.kind == "roles"}
    counted |= {one.owner: None for one in town.register.activities.values() if one.owner}
    yield from (name for name in counted if name not in roles)


def _unreachable(town: Town) -> Iterator[Unreachable]:
    for name, one in town.directory.people.items():
        if name in town.directory.over:
            continue
        lacks = tuple(
            what
            for what, there in (("phone", bool(one.phone)), ("account", name in town.accounts))
            if not there
        )
        if lacks:
            yield Unreachable(person=name, name=one.name, lacks=lacks)


def _steps(town: Town, nodes: tuple[Node, ...]) -> Iterator[Step]:
    yield from (Step(kind=kind, name=name, title=town.title(kind, name)) for kind, name in nodes)
