"""What may lack in a continuity plan: the answer of `status_of`, and its names.

They are a contract: `tocsin pca status --json` prints them (docs/pca.md), and a security officer shared by forty towns
reads forty of them.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

__all__ = ["HOLES", "Status"]


class Undecided(msgspec.Struct, frozen=True, kw_only=True):
    activity: str
    title: str
    fields: tuple[str, ...]
    """Of dmia, rto and pdma, those that the library proposes and the town has not decided."""
    registered: bool
    """Whether the register names the activity at all."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str


class BareRisk(msgspec.Struct, frozen=True, kw_only=True):
    risk: str
    title: str
    level: int


class Uncovered(msgspec.Struct, frozen=True, kw_only=True):
    activity: str
    title: str
    risks: tuple[str, ...]


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    name: str
    title: str
    activities: tuple[str, ...]
    fallback: str | None


class Late(msgspec.Struct, frozen=True, kw_only=True):
    runbook: str
    title: str
    activity: str
    activity_title: str
    outcome: str
    longest_minutes: int
    rto_minutes: int
    unmeasured_steps: int


class Unreachable(msgspec.Struct, frozen=True, kw_only=True):
    person: str
    name: str
    lacks: tuple[str, ...]
    """phone, account."""


class Old(msgspec.Struct, frozen=True, kw_only=True):
    runbook: str
    title: str
    last: date | None


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    measure: str
    title: str
    owner: str | None
    due: date
    days: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    kind: str
    name: str
    title: str


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """Every hole, each empty when there is none; then what is no hole but worth knowing."""

    register_missing: bool
    register_of_the_example: bool
    plan_not_adopted: bool
    plan_not_reviewed: bool
    undecided: tuple[Undecided, ...]
    activities_without_owner: tuple[Named, ...]
    activities_without_procedure: tuple[Named, ...]
    threats_without_procedure: tuple[Uncovered, ...]
    procedures_unplaced: tuple[Named, ...]
    late_procedures: tuple[Late, ...]
    procedures_never_exercised: tuple[Named, ...]
    procedures_exercised_long_ago: tuple[Old, ...]
    procedures_not_reviewed: tuple[Old, ...]
    risks_without_measure: tuple[BareRisk, ...]
    practices_without_measure: tuple[str, ...]
    measures_overdue: tuple[Overdue, ...]
    shared_without_fallback: tuple[Shared, ...]
    circle: tuple[Step, ...]
    roles_without_holder: tuple[str, ...]
    roles_without_deputy: tuple[str, ...]
    people_unreachable: tuple[Unreachable, ...]
    suppliers_without_contact: tuple[Named, ...]
    local_numbers_missing: tuple[Named, ...]

    shared_with_fallback: tuple[Shared, ...]
    restart_order: tuple[tuple[Step, ...], ...]

    @property
    def holes(self) -> dict[str, int]:
        """How many of each hole there are."""
        return {
            name: len(value) if isinstance(value, tuple) else int(value)
            for name in HOLES
            for value in (getattr(self, name),)
        }


HOLES: Final = tuple(
    name for name in Status.__struct_fields__ if name not in ("shared_with_fallback", "restart_order")
)
