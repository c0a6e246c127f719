"""The doors tell the relay what they see: cards that get buried or deleted come back, a shut group opens again."""

from __future__ import annotations

from pathlib import Path

from bots.relay.plan import BURIED
from engine.core import commands as c
from engine.home import Home
from engine.timers import SystemClock
from tests.acceptance.night import Night
from tests.servers.telegram.world import Message
from tests.serving.playing import GROUP, PEOPLE, Hall, hall, played

MAYOR, DSI = PEOPLE["p1"], PEOPLE["p4"]


def overviews(town: Hall, incident: str) -> list[Message]:
    """The messages of the group that show the incident with buttons, the newest last."""
    return [one for one in town.telegram.shown(GROUP) if incident in one.text and one.buttons]


async def declared(town: Hall) -> str:
    declare = c.Declare(title="Écrans chiffrés", known_at=SystemClock().now(), runbook="rancongiciel")
    return (await town.order(declare, incident="")).incident


@played
async def test_a_card_that_is_written_over_in_private_comes_back_below(tmp_path: Path) -> None:
    """In the group the overview is pinned: it is found whatever people write."""
    async with hall(tmp_path) as town:
        await declared(town)

        def card() -> int:
            shown = [one.id for one in town.telegram.shown(DSI) if "Machines débranchées" in one.labels]
            return shown[-1] if shown else 0

        await town.until(lambda: card() and town.served.relay.converged())
        first = card()
        for number in range(BURIED + 1):
            town.telegram.send(DSI, DSI, f"/inconnu {number}")
        await town.until(lambda: card() > first + BURIED, 40)


@played
async def test_a_group_that_shut_us_out_is_written_to_as_soon_as_it_opens(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        town.telegram.kick(MAYOR, GROUP)
        incident = await declared(town)
        await town.until(lambda: town.served.relay.health()["telegram"]["shut"])
        assert not overviews(town, incident)
        town.telegram.promote(MAYOR, GROUP, "can_pin_messages")
        await town.until(lambda: overviews(town, incident))


@played
async def test_a_copy_that_nobody_knows_of_is_emptied_when_it_is_pressed(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        incident = await declared(town)
        await town.until(lambda: overviews(town, incident) and town.served.relay.converged())
        known = overviews(town, incident)[-1]
        group = town.telegram.chat(GROUP)
        copy = town.telegram.world.new(group, town.telegram.world.bot.id, markup=known.markup)
        copy.text = known.text
        await town.telegram.press(MAYOR, GROUP, copy.id, known.labels[0])
        await town.until(lambda: copy.id not in group.messages or not copy.buttons)
        assert [one.id for one in overviews(town, incident)] == [known.id]


@played
async def test_a_card_that_somebody_deletes_in_slack_comes_back(tmp_path: Path) -> None:
    async with Night(tmp_path) as night:
        await night.start()
        with Home(night.town.path) as home:
            declare = c.Declare(title="Écrans", known_at=SystemClock().now(), runbook="rancongiciel")
            at = SystemClock().now()
            await home.desk.submit(c.Order(incident="", command=declare, by="p3", at=at, key="declared"))

        def overview() -> tuple[str, str] | None:
            for channel in night.slack.workspace.channels.values():
                for one in night.slack.messages(channel.id) if channel.private and not channel.im_of else ():
                    if one.buttons:
                        return channel.id, one.ts
            return None

        channel, ts = await night.until(overview, "an overview")
        await night.settled()
        await night.slack.delete_message("U0DGS", channel, ts)
        again = await night.until(lambda: (found := overview()) and found[1] != ts and found, "it came back")
        assert again[0] == channel
        assert await night.stop() == 0
