"""`/healthz`: whether the bell is alive, for a monitor on this machine; it names nobody."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from icalendar import Calendar

from engine.core import commands as c
from engine.journal.errors import JournalUnavailable
from engine.journal.sqlite import FILE
from engine.timers import SystemClock
from tests.console.town import new_town
from tests.serving.playing import Hall, hall, played


async def asked(town: Hall) -> tuple[int, dict[str, Any]]:
    url = f"http://127.0.0.1:{town.port}/healthz"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.json()


@played
async def test_it_tells_what_stands_and_what_fell_and_names_nobody(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        status, told = await asked(town)
        assert (status, told["status"], told["journal"]) == (200, "ok", "ok")
        assert told["surfaces"]["telegram"]["ok"]

        declare = c.Declare(title="Rançon au CCAS", known_at=SystemClock().now(), runbook="rancongiciel")
        incident = (await town.order(declare, incident="")).incident
        _, told = await asked(town)
        shown = json.dumps(told, ensure_ascii=False)
        names = [one.name for one in town.home.world.directory.people.values()]
        assert not any(one in shown for one in (incident, "Rançon", *names))

        await town.telegram.close()
        await town.until(lambda: not town.served.doors["telegram"].health.sound)
        status, told = await asked(town)
        assert (status, told["status"]) == (200, "degraded")
        assert told["surfaces"]["telegram"]["why"] == "unreachable"
        await town.telegram.listen()

        town.served.fallen["timers"] = "OSError"
        status, told = await asked(town)
        assert (status, told["status"], told["fallen"]) == (503, "down", ["timers"])
        town.served.fallen.clear()


@played
async def test_a_part_that_fails_is_started_again_and_stops_no_other(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        door = town.served.doors["telegram"]
        others = [one for one in asyncio.all_tasks() if one.get_name() == "telegram-updates"]
        assert others
        for one in others:
            one.cancel()  # as a bug would end it
        await town.until(lambda: door.health.sound, 10)
        status, told = await asked(town)
        assert status == 200
        assert "timers" not in told["fallen"]


def test_an_address_that_is_taken_is_told(tmp_path: Path) -> None:
    ran = _serve(tmp_path, "127.0.0.1:not-a-port")
    assert ran.code == 2
    assert "TOCSIN_BOARD" in ran.err


def _serve(folder: Path, board: str) -> Any:
    town = new_town(folder)
    secrets = town.path / "secrets.env"
    secrets.write_text(f"TOCSIN_BOARD={board}\n")
    secrets.chmod(0o600)
    return town.tocsin("serve")


@played
async def test_a_journal_that_can_be_read_and_not_written_is_down_until_it_is_written_again(
    tmp_path: Path,
) -> None:
    async with hall(tmp_path) as town:
        declare = c.Declare(title="Écrans", known_at=SystemClock().now(), runbook="rancongiciel")
        incident = (await town.order(declare, incident="")).incident
        other = sqlite3.connect(town.home.path / FILE, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalUnavailable):
            await town.order(c.Note(text="vu"), incident=incident)
        status, told = await asked(town)
        assert (status, told["status"], told["journal"]) == (503, "down", "locked")
        other.execute("ROLLBACK")
        other.close()
        await town.order(c.Note(text="vu"), incident=incident)
        status, told = await asked(town)
        assert (status, told["journal"]) == (200, "ok")


@played
async def test_a_calendar_subscribes_to_what_is_due_and_learns_no_name(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        url = f"http://127.0.0.1:{town.port}/pca.ics"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert (answer.status, answer.content_type) == (200, "text/calendar")
            told = Calendar.from_ical(await answer.read())
        titles = [str(event["summary"]) for event in told.walk("VEVENT")]
        assert any("Test de restauration" in one for one in titles)
        names = [one.name for one in town.home.world.directory.people.values()]
        assert not any(name in one for name in names for one in titles)
