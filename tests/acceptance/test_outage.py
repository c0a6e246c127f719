"""A platform that is dead all night: the other works on, those of both move over, and all is equal again after."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from tests.acceptance.cell import Cell
from tests.acceptance.night import GROUP, Night
from tests.acceptance.play import Play
from tests.acceptance.truth import assert_kept, assert_true

ALSO = {"p4": 104}
"""Thierry Lacombe prefers Slack, and has linked his Telegram too."""
PROMPTLY = 1.0
"""Seconds, on a busy machine; a platform that answers nothing costs many."""


@pytest.mark.proof
def test_slack_is_down_all_night_and_telegram_feels_nothing(tmp_path: Path) -> None:
    async def night() -> None:
        async with Night(tmp_path, also_telegram=ALSO) as town:
            await town.slack.down()
            await town.start(linked=("telegram",))
            cell = Cell(town)
            cell.hands |= ALSO
            play = Play(town, cell)
            await cell.type("p1", "declarer rancongiciel Écrans chiffrés à l'accueil")
            await town.until(town.incidents, "nothing was declared")
            play.incident = town.incidents()[0].id

            def told() -> bool:
                board = " ".join(one.text for one in town.telegram.shown(GROUP))
                return bool(re.search(r"Slack injoignable depuis \d\d:\d\d", board))

            await town.until(told, "nobody is told that Slack is down", 60)
            await town.until(lambda: cell.outcomes("p4"), "who prefers Slack has no card on Telegram", 30)
            slowest = 0.0
            for _ in range(6):
                for person in ("p1", "p2", "p4"):
                    slowest = max(slowest, await _press(play, person))
            assert not cell.failed, cell.failed
            assert len(cell.acknowledged) >= 6
            assert slowest < PROMPTLY

            await town.slack.up()
            cell.hands.pop("p4")
            await town.until(lambda: cell.outcomes("p4"), "Slack is back, and its people have no card", 120)
            await town.until(lambda: _channel(town), "the incident has no channel in Slack", 120)
            await town.settled(180)
            await play.to_closure(rounds=3)
            await town.settled(180)
            assert_true(town, play.incident)
            assert_kept(town, cell.acknowledged)
            assert "Slack ✓" in " ".join(one.text for one in town.telegram.shown(GROUP))
            assert await town.stop() == 0

    asyncio.run(asyncio.wait_for(night(), 600))


def _channel(town: Night) -> bool:
    return any(one.name.startswith("inc-") for one in town.slack.workspace.channels.values())


async def _press(play: Play, person: str) -> float:
    """Press what stands on somebody's card; the seconds that its button turned."""
    button = next(iter(play.cell.outcomes(person)), None)
    if button is None:
        return 0.0
    message, number = button.where
    began = time.monotonic()
    pressed = await play.night.telegram.press_data(number, number, message, button.raw["callback_data"])
    taken = time.monotonic() - began
    assert not pressed.spinning
    await play.cell.press(button)
    return taken
