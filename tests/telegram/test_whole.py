"""The door and the relay together: what is done in Telegram is seen in Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from bots.relay.relay import Relay
from engine.core import commands as c
from engine.timers import SystemClock
from tests.telegram.valley import GROUP, PEOPLE, Valley, played, valley

P4 = PEOPLE["p4"]


@asynccontextmanager
async def relayed(town: Valley) -> AsyncIterator[Relay]:
    relay = Relay(town.home, [town.door.platform], SystemClock())
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        relay.close()


def shows(town: Valley, chat: int, text: str) -> bool:
    return any(text in one.text for one in town.bot_said(chat))


@played
async def test_an_incident_is_seen_pressed_and_seen_to_move_on(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town, relayed(town):
        await town.bound()
        incident = await town.declared()
        await town.until(lambda: shows(town, GROUP, incident))
        group = town.telegram.chat(GROUP)
        await town.until(lambda: group.pinned)
        overview = group.messages[group.pinned[0]]
        await town.until(lambda: shows(town, P4, "Geste réflexe"))
        mine = next(one for one in town.bot_said(P4, "Geste réflexe") if "Machines débranchées" in one.labels)
        pressed = await town.telegram.press(P4, P4, mine.id, "Machines débranchées")
        assert not pressed.spinning
        await town.until(lambda: shows(town, P4, "Qualifier l'alerte"), wait=15)
        await town.until(lambda: "Qualifier" in overview.text, wait=15)
        assert town.telegram.world.buzzes.count((P4, P4, mine.id)) <= 1
        # A key of the overview answers whoever presses, in private.
        label = overview.labels[0]
        asked = await town.telegram.press(P4, GROUP, overview.id, label)
        assert not asked.spinning
        assert asked.url or asked.text


@played
async def test_the_chats_catch_up_after_an_outage(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town, relayed(town):
        await town.bound()
        incident = await town.declared()
        await town.until(lambda: town.telegram.chat(GROUP).pinned)
        await town.telegram.close()
        await town.until(lambda: town.door.health.why == "unreachable")
        await town.order(c.Note(text="pendant la coupure"), by="p4", incident=incident)
        await town.order(c.Decision(text="On évacue la salle des serveurs"), by="p1", incident=incident)
        await town.telegram.listen()
        await town.until(lambda: shows(town, GROUP, "évacue la salle"), wait=30)
        pinned = town.telegram.chat(GROUP).pinned[0]
        told = [one for one in town.bot_said(GROUP, "évacue la salle") if one.id != pinned]
        assert len(told) == 1
