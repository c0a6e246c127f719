"""At closing: a director has our messages taken out of Telegram, and the chain's head stays with those who read it."""

from __future__ import annotations

import re
from pathlib import Path

from engine.core import commands as c
from engine.home import Home
from engine.timers import SystemClock
from tests.acceptance.night import GROUP as NIGHT_GROUP
from tests.acceptance.night import Night
from tests.console.town import Town
from tests.serving.playing import GROUP, PEOPLE, Hall, hall, played

MAYOR, DSI = PEOPLE["p1"], PEOPLE["p4"]
BLANK = "Effacer nos messages"


def about(town: Hall, chat: int, incident: str) -> list[str]:
    return [one.text for one in town.telegram.shown(chat) if incident in one.text]


@played
async def test_a_director_has_our_messages_taken_away_once_it_is_closed(tmp_path: Path) -> None:
    async with hall(tmp_path) as town:
        telegram = town.telegram
        declare = c.Declare(title="Écrans chiffrés", known_at=SystemClock().now(), runbook="rancongiciel")
        incident = (await town.order(declare, incident="")).incident
        await town.until(lambda: about(town, GROUP, incident) and about(town, DSI, incident))
        assert not any(BLANK in one.labels for one in telegram.shown(GROUP))
        await town.order(c.CloseIncident(reason="c'est fini", confirm=True), incident=incident)
        await town.until(lambda: any(BLANK in one.labels for one in telegram.shown(GROUP)))
        card = next(one for one in telegram.shown(GROUP) if BLANK in one.labels)

        refused = await telegram.press(DSI, GROUP, card.id, BLANK)
        assert "Seule la direction" in refused.text

        opened = await telegram.press(MAYOR, GROUP, card.id, BLANK)
        telegram.follow(MAYOR, opened.url)
        await town.until(lambda: any("Oui" in one.labels for one in telegram.shown(MAYOR)))
        asked = telegram.last(MAYOR)
        await telegram.press(MAYOR, MAYOR, asked.id, "Oui")
        await town.until(lambda: any("du robot" in one.text for one in telegram.shown(MAYOR)))
        await town.until(lambda: not about(town, GROUP, incident) and not about(town, DSI, incident), 40)
        await town.until(town.served.relay.converged)
        assert not about(town, GROUP, incident)
        kept = [entry.event for entry in town.home.journal.reader.entries(incident)]
        assert len(kept) > 3


@played
async def test_the_head_that_each_chat_was_told_verifies(tmp_path: Path) -> None:
    """At each situation report, decision and closing: with it a journal that was cut is found out."""
    async with Night(tmp_path) as night:
        await night.start()
        with Home(night.town.path) as home:

            async def order(command: c.Command, incident: str) -> str:
                at = SystemClock().now()
                given = c.Order(
                    incident=incident, command=command, by="p3", at=at, key=str(at) + str(command)[:9]
                )
                receipt = await home.desk.submit(given)
                assert receipt.refused is None, receipt.refused
                return receipt.incident

            declare = c.Declare(title="Écrans", known_at=SystemClock().now(), runbook="rancongiciel")
            incident = await order(declare, "")
            # Declared by another program, it gets its channel all the same.
            await night.until(lambda: _slack(night), "a channel in Slack", 20)
            await order(c.Decision(text="On coupe le site web"), incident)
            await order(c.AskSituation(text="Deux serveurs touchés"), incident)
            await order(c.CloseIncident(reason="fausse alerte", confirm=True), incident)
        await night.until(lambda: len(_heads(_telegram(night))) == 3, "three heads in Telegram", 60)
        await night.until(lambda: len(_heads(_slack(night))) == 3, "three heads in Slack", 60)
        assert _heads(_telegram(night)) == _heads(_slack(night))
        assert await night.stop() == 0
        for head in _heads(_telegram(night)):
            assert _verified(night.town, incident, head) == 0
        assert _verified(night.town, incident, "0123456789abcdef") == 1


def _heads(texts: list[str]) -> list[str]:
    return [found for text in texts for found in re.findall(r"Empreinte[^:]*:\s*((?:[0-9a-f]{4} ){3})", text)]


def _telegram(night: Night) -> list[str]:
    return [one.text for one in night.telegram.shown(NIGHT_GROUP)]


def _slack(night: Night) -> list[str]:
    private = [one.id for one in night.slack.workspace.channels.values() if one.private and not one.im_of]
    return [one.words for channel in private for one in night.slack.messages(channel)]


def _verified(town: Town, incident: str, head: str) -> int:
    return town.tocsin("verify", incident, "--head", head).code
