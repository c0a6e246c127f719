"""The firewall review that nobody thinks of: its owner is told, told again, then the mayor is; one press starts it."""

from __future__ import annotations

import re
from pathlib import Path

from bots.answering.office import Office
from bots.serving.rounds import make_a_round
from engine.core import commands as c
from engine.core import events as e
from engine.core.house import HOUSE
from engine.core.house.commands import Remind
from engine.core.quantities import DAY, HOUR, MINUTE, Instant
from engine.timers import SystemClock
from tests.chat.rooms import Still
from tests.servers.telegram.world import Message
from tests.serving.playing import GROUP, PEOPLE, Hall, hall, played

MAYOR, CIO = PEOPLE["p1"], PEOPLE["p4"]


def working(town: Hall, days: int, hour: int = 10) -> Instant:
    """That hour of the first working day after so many days."""
    calendar, at = town.home.world.calendar, SystemClock().now() + days * DAY
    at += (10 - calendar.local(at).hour) * HOUR
    while not calendar.is_office_hour(at):
        at += DAY
    return at + (hour - 10) * HOUR


async def round_at(town: Hall, at: Instant) -> None:
    office = town.served.office
    await make_a_round(Office(office.home, office.words, Still(at)), town.served.relay)


def told(town: Hall, person: int, words: str = "Rappel") -> list[Message]:
    return [one for one in town.telegram.shown(person) if words in one.text]


def rungs(town: Hall, what: str = "review:revue-pare-feu") -> list[tuple[int, str]]:
    entries = [one.event for one in town.home.journal.reader.entries(HOUSE)]
    return [(one.rung, one.person) for one in entries if isinstance(one, e.Reminded) and one.what == what]


@played
async def test_the_owner_is_told_once_again_after_a_week_then_the_mayor(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        await round_at(town, working(town, 1, hour=22))
        assert told(town, CIO) == [], "nobody is reminded at night"
        first = working(town, 1)
        for later in (0, HOUR, 3 * DAY):
            await round_at(town, first + later)
        (one,) = told(town, CIO)
        assert "Revue du pare-feu" in one.text
        assert not one.silent
        assert rungs(town) == [(1, "p4")]
        await round_at(town, working(town, 10))
        assert len(told(town, CIO)) == 2
        assert told(town, CIO)[1].silent
        await round_at(town, working(town, 20))
        await round_at(town, working(town, 40))
        assert rungs(town) == [(1, "p4"), (2, "p4"), (3, "p1")]
        assert any(
            re.search("Revue du pare-feu · Responsable informatique", one.text)
            for one in told(town, MAYOR, "sans suite")
        )


@played
async def test_a_restart_repeats_nothing(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        at = working(town, 1)
        await round_at(town, at)
        before = town.home.house.reminded
        assert "review:revue-pare-feu" in before
        town.home.desk.forget_answers(at + 30 * DAY)
        await round_at(town, at + HOUR)
        assert town.home.house.reminded == before
        assert len(told(town, CIO)) == 1


@played
async def test_a_day_that_is_put_back_in_the_file_is_told_again_once(tmp_path: Path) -> None:
    """Somebody writes that the review was done, then sees that it was not."""
    async with hall(tmp_path) as town:
        at = working(town, 1)
        await round_at(town, at)
        other = Remind(person="p4", what="review:revue-pare-feu", on="2030-01-01", rung=1, title="Revue")
        await town.order(other, incident=HOUSE, by="")
        for later in (1, 2, 3):
            await round_at(town, at + later * 10 * MINUTE)
        assert len(told(town, CIO)) == 2


@played
async def test_one_press_starts_the_review_and_the_cell_hears_nothing(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        await round_at(town, working(town, 1))
        (one,) = told(town, CIO)
        group = len(town.telegram.shown(GROUP))
        await town.telegram.press(CIO, CIO, one.id, "Commencer : Revue du pare-feu")
        await town.until(lambda: told(town, CIO, "Extraire"))
        (incident,) = town.home.desk.incidents()
        assert incident.readiness
        assert not incident.interim
        assert [run.runbook for run in incident.open_runs] == ["revue-pare-feu"]
        again = await town.telegram.press(CIO, CIO, one.id, "Commencer : Revue du pare-feu")
        assert "Déjà en cours" in again.text
        assert len(list(town.home.desk.incidents())) == 1
        await town.until(town.served.relay.converged)
        assert len(town.telegram.shown(GROUP)) == group
        assert told(town, MAYOR, "INC-") == [], "a review has nothing to direct"
        await round_at(town, working(town, 10))
        assert rungs(town) == [(1, "p4")], "a review that goes on is reminded by its own steps"


@played
async def test_a_crisis_comes_first(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        declare = c.Declare(title="Écrans chiffrés", known_at=SystemClock().now(), runbook="rancongiciel")
        await town.order(declare, incident="")
        await round_at(town, working(town, 1))
        assert rungs(town) == []
