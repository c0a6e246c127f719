"""Nobody waits for somebody else's answer, and no phone rings for what its owner just did."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.telegram.test_incident import card
from tests.telegram.valley import PEOPLE, played, valley

P1, P4 = PEOPLE["p1"], PEOPLE["p4"]


@played
async def test_a_door_that_opens_in_a_quiet_hour_knows_at_once_that_all_is_well(tmp_path: Path) -> None:
    """A long poll tells nothing before its end."""
    async with valley(tmp_path, opens=False) as town:
        town.telegram.delivery.patience = 10.0
        opening = asyncio.create_task(town.opens())
        await town.until(lambda: town.door.health.sound, wait=3.0)
        await opening


@played
async def test_an_answer_that_never_comes_back_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        await town.declared()
        shown = await card(town, "p4")
        town.telegram.faults.add("answerCallbackQuery", "timeout", seconds=4.0)
        data = shown.buttons[0]["callback_data"]
        held = asyncio.create_task(town.telegram.press_data(P4, P4, shown.id, data))
        await town.until(lambda: town.telegram.faults.met)
        loop = asyncio.get_running_loop()
        began = loop.time()
        pressed = await town.telegram.press_data(P1, P1, shown.id, data)
        assert not pressed.spinning
        assert loop.time() - began < 1.0
        held.cancel()


@played
async def test_what_somebody_is_answered_rings_no_phone(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.declared()
        before = len(town.telegram.world.buzzes)
        await town.says("p4", P4, "moi")
        assert town.telegram.world.buzzes[before:] == []
