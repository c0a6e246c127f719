"""Who is told of what is due: whoever can be reached, once for each rung, and nothing twice."""

from __future__ import annotations

from datetime import date

from engine.continuity.calendar import MEASURE, REVIEW, Due, History
from engine.continuity.reminders import Call, reminders
from engine.continuity.town import Town
from engine.core.directory import Directory, Post
from engine.core.house import Reminder
from engine.core.quantities import DAY
from tests.continuity.test_due import register
from tests.core.builders import at

NOW = at("2026-12-01 10:00")
DIRECTORY = Directory(
    roles={
        "directeur_crise": Post(holder="maire", deputies=("adjoint",)),
        "dsi": Post(holder="p4", deputies=("p5",)),
    }
)
TOWN = Town(
    today=date(2026, 12, 1), name="Valmont", register=register(), every_activity={}, runbooks={},
    contacts={}, directory=DIRECTORY,
)  # fmt: skip
REVUE = Due(kind=REVIEW, id="revue", title="Revue", owner="dsi", on=date(2026, 11, 20), why="pace")


def calls(*duties: Due, linked: str = "p4 maire", **told: Reminder) -> list[tuple[str, int]]:
    memory = {name.replace("__", ":"): one for name, one in told.items()}
    found: list[Call] = list(reminders(TOWN, duties, memory, linked.split(), NOW))
    return [(one.person, one.rung) for one in found]


def before(rung: int, days: int, on: str = "2026-11-20") -> Reminder:
    return Reminder(on=on, rung=rung, at=NOW - days * DAY)


def test_the_owner_first_again_after_a_week_then_who_directs_then_nobody() -> None:
    assert calls(REVUE) == [("p4", 1)]
    assert calls(REVUE, review__revue=before(1, 6)) == []
    assert calls(REVUE, review__revue=before(1, 7)) == [("p4", 2)]
    assert calls(REVUE, review__revue=before(2, 7)) == [("maire", 3)]
    assert calls(REVUE, review__revue=before(3, 70)) == []


def test_another_occurrence_begins_again() -> None:
    assert calls(REVUE, review__revue=before(3, 1, on="2026-05-20")) == [("p4", 1)]


def test_whoever_stands_in_is_told_when_the_holder_has_no_account() -> None:
    assert calls(REVUE, linked="p5 maire") == [("p5", 1)]
    assert calls(REVUE, linked="adjoint") == [("adjoint", 1)]
    assert calls(REVUE, linked="agent") == []


def test_a_thing_of_nobody_is_the_director_s() -> None:
    alone = Due(kind=MEASURE, id="copie", title="Copie", owner="", on=date(2026, 11, 20), why="measure")
    assert calls(alone) == [("maire", 1)]


def test_nothing_is_said_of_what_is_to_come_nor_of_what_goes_on() -> None:
    assert calls(Due(kind=REVIEW, id="r", title="R", owner="dsi", on=date(2026, 12, 2), why="pace")) == []
    going_on = Due(
        kind=REVIEW, id="revue", title="Revue", owner="dsi", on=date(2026, 11, 20), why="pace",
        past=History(open="INC-2026-003"),
    )  # fmt: skip
    assert calls(going_on) == []
