"""A channel that is suspect in one incident is suspect in all that are open, and exercises are apart."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from bots.serving.alarm import Alarm
from engine.core import commands as c
from engine.home import Home
from engine.timers import SystemClock
from tests.console.town import new_town


class Town:
    def __init__(self, home: Home) -> None:
        self.home, self.count = home, 0

    async def says(self, command: c.Command, incident: str = "") -> str:
        self.count += 1
        now = SystemClock().now()
        order = c.Order(
            incident=incident, command=command, by="p1", at=now, key=str(self.count), source="telegram"
        )
        receipt = await self.home.desk.submit(order)
        assert receipt.refused is None, receipt.refused
        return receipt.incident

    async def declares(self, exercise: bool = False) -> str:
        now = SystemClock().now()
        return await self.says(c.Declare(title="T", known_at=now, runbook="rancongiciel", exercise=exercise))

    def suspect(self, incident: str) -> frozenset[str]:
        found = self.home.desk.incident(incident)
        assert found is not None
        return found.suspect


def test_an_alarm_given_in_one_incident_is_given_in_all_that_are_open(tmp_path: Path) -> None:
    async def night(home: Home) -> None:
        town, alarm = Town(home), Alarm(home, SystemClock())
        first, second, drill = (
            await town.declares(),
            await town.declares(),
            await town.declares(exercise=True),
        )
        running = asyncio.create_task(alarm.run())
        await town.says(c.ChangeSurface(surface="slack", status="suspect", reason="compte volé"), first)
        await asyncio.sleep(0.1)
        third = await town.declares()
        await asyncio.sleep(0.1)
        assert [town.suspect(one) for one in (first, second, third)] == [{"slack"}] * 3
        assert not town.suspect(drill)
        await town.says(c.ChangeSurface(surface="slack", status="sound", reason="compte repris"), second)
        await asyncio.sleep(0.1)
        assert not any(town.suspect(one) for one in (first, second, third))
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

    with Home(new_town(tmp_path).path) as home:
        asyncio.run(night(home))
