"""A channel that is suspect in one incident is suspect in all that are open, and exercises are apart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core import commands as c
from engine.core.incident import Incident
from engine.core.quantities import MINUTE
from engine.desk import Desk
from engine.home import Home
from engine.home.home import RULES
from engine.journal.sqlite import FILE, SqliteJournal
from tests.bots.valmont import NIGHT
from tests.console.town import new_town


class Town:
    def __init__(self, home: Home) -> None:
        self.home, self.now = home, NIGHT

    def order(self, command: c.Command, incident: str, by: str) -> c.Order:
        self.now += MINUTE
        key = str(self.now)
        return c.Order(incident=incident, command=command, by=by, at=self.now, key=key, source="terminal")

    def says(self, command: c.Command, incident: str = "", by: str = "p1") -> str:
        receipt = self.home.desk.submit_now(self.order(command, incident, by))
        assert receipt.refused is None, receipt.refused
        return receipt.incident

    def declares(self, *, exercise: bool = False, by: str = "p1") -> str:
        return self.says(
            c.Declare(title="T", known_at=self.now, runbook="rancongiciel", exercise=exercise), by=by
        )

    def doubts(self, incident: str, status: str = "suspect", by: str = "p1") -> c.Order:
        return self.order(c.ChangeSurface(surface="slack", status=status, reason="compte volé"), incident, by)

    def incident(self, name: str) -> Incident:
        found = self.home.desk.incident(name)
        assert found is not None
        return found

    def suspect(self, *names: str) -> list[bool]:
        return ["slack" in self.incident(one).suspect for one in names]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Home(new_town(tmp_path).path) as home:
        yield Town(home)


def test_an_alarm_given_at_the_terminal_is_given_in_all_incidents_that_are_open(town: Town) -> None:
    first, second, drill = town.declares(), town.declares(), town.declares(exercise=True)
    town.home.desk.submit_now(town.doubts(first))
    third = town.declares()
    assert town.suspect(first, second, third, drill) == [True, True, True, False]
    town.home.desk.submit_now(town.doubts(second, "sound"))
    assert town.suspect(first, second, third, drill) == [False] * 4


def test_an_alarm_passed_on_brings_nobody_to_the_other_incident(town: Town) -> None:
    flood, attack = town.declares(by="p4"), town.declares(by="p4")
    town.says(c.CallRoll(), flood, by="p4")
    town.home.desk.submit_now(town.doubts(attack, by="p2"))
    assert town.suspect(flood, attack) == [True, True]
    assert "p2" in town.incident(attack).presence
    assert "p2" not in town.incident(flood).presence
    assert "p2" in town.incident(flood).calls  # still called: silence there goes on to the deputy


def test_what_a_crash_left_between_two_incidents_is_passed_on_later(town: Town) -> None:
    first, second = town.declares(), town.declares()
    journal = SqliteJournal(town.home.path / FILE)  # a program that dies between the two
    Desk(journal, town.home.world, RULES).submit_now(town.doubts(first))
    journal.close()
    assert town.suspect(first, second) == [True, False]
    asyncio.run(town.home.alarm.settle(town.now + MINUTE))
    assert town.suspect(first, second) == [True, True]
