"""How the door is reached, and what it says of itself when it isn't."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest

from bots.slack.reading import readable
from bots.slack.settings import SlackSettings
from engine.core import events as e
from tests.slack.town import DSI, Town, at_night


@at_night
async def test_a_request_that_slack_did_not_sign_or_that_is_old_is_refused(tmp_path: Path) -> None:
    async with Town(tmp_path, http=True) as town:
        place = await town.declared()
        body = urlencode({"command": "/tocsin", "text": "note faux", "user_id": DSI, "team_id": "T0VALMONT",
                          "channel_id": place.chat, "trigger_id": "1.1"})  # fmt: skip

        async def post(secret: str, at: float) -> int:
            stamp = str(int(at))
            signed = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
            headers = {
                "X-Slack-Signature": f"v0={signed}",
                "X-Slack-Request-Timestamp": stamp,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            async with (
                aiohttp.ClientSession() as session,
                session.post(town.slack.delivery.http, data=body, headers=headers) as answer,
            ):
                return answer.status

        assert await post("guessed", time.time()) == 401
        assert await post(town.slack.delivery.secret, time.time() - 600) == 401
        assert town.entries(e.NoteTaken) == []
        assert await post(town.slack.delivery.secret, time.time()) == 200
        assert len(town.entries(e.NoteTaken)) == 1


@at_night
async def test_a_scope_that_was_not_granted_is_named(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        town.slack.api.scopes.discard("pins:write")
        town.opened = True
        await town.reopen()
        assert town.door.health.missing == ("pins:write",)
        await town.declared()


@at_night
async def test_a_refused_token_is_told_and_the_door_waits(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        town.slack.api.revoked = True
        running = asyncio.create_task(town.door.run())
        await town.slack.until(lambda: town.door.health.fatal, "the refusal")
        assert town.door.health.why == "token_revoked"
        assert not town.door.health.sound
        assert not running.done()
        running.cancel()


@at_night
async def test_a_town_that_starts_before_slack_opens_by_itself(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        await town.slack.down()
        running = asyncio.create_task(town.door.run())
        await town.slack.until(lambda: town.door.health.why == "unreachable", "the outage")
        await town.slack.up()
        await town.slack.until(lambda: town.door.health.sound, "open", 20)
        running.cancel()


@at_night
async def test_after_a_restart_nothing_is_posted_twice_and_presses_go_on(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        did = await town.slack.type_command(DSI, place.chat, "note avant l'arrêt")
        await asyncio.sleep(3)
        before = [one.text for one in town.slack.messages(place.chat)]
        await town.shut()
        await town.reopen()
        await asyncio.sleep(4)
        assert [one.text for one in town.slack.messages(place.chat)] == before
        assert await town.place() == place
        await town.slack.again(did)
        assert len(town.entries(e.NoteTaken)) == 1


@at_night
async def test_what_was_taken_is_acknowledged_before_the_door_shuts(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        presses = [
            asyncio.create_task(town.slack.type_command(DSI, place.chat, f"note {n}")) for n in range(40)
        ]
        await town.slack.until(lambda: town.entries(e.NoteTaken), "the first")
        await town.shut()
        dids = await asyncio.gather(*presses)
        town.opened = False
        town.home = type(town.home)(town.path)
        kept = {one.event.text for one in town.entries(e.NoteTaken)}
        assert {f"{n}" for n, did in enumerate(dids) if did.ok} <= kept


def test_the_settings_come_from_the_secrets_and_show_no_token() -> None:
    socket = {"TOCSIN_SLACK_BOT_TOKEN": "xoxb-1", "TOCSIN_SLACK_APP_TOKEN": "xapp-1"}
    made = SlackSettings.of(socket)
    assert made is not None
    assert made.listen is None
    assert "xoxb-1" not in repr(made)
    assert "xapp-1" not in repr(made)
    http = {
        "TOCSIN_SLACK_BOT_TOKEN": "xoxb-1",
        "TOCSIN_SLACK_SIGNING_SECRET": "s",
        "TOCSIN_SLACK_LISTEN": ":3000",
    }
    made = SlackSettings.of(http)
    assert made is not None
    assert made.listen == ("127.0.0.1", 3000)
    assert replace(made, app_token="xapp").app_token
    assert SlackSettings.of({"TOCSIN_SLACK_BOT_TOKEN": "xoxb-1"}) is None
    assert SlackSettings.of({"TOCSIN_SLACK_APP_TOKEN": "xapp-1"}) is None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<@U1> et <@U2|bob> &amp; moi", "@Nadia et @bob & moi"),
        ("<!channel> <!subteam^S1|@dsi> <!date^1^{date}|hier>", "@channel @dsi hier"),
        ("<#C1|general> <https://x.fr|ici> <https://x.fr> <mailto:a@b.fr|a@b.fr>",
         "#general ici (https://x.fr) https://x.fr a@b.fr"),
        ("1 &lt; 2 &amp;lt; 3", "1 < 2 &lt; 3"),
    ],
)  # fmt: skip
def test_slacks_marks_are_read_as_people_see_them(written: str, read: str) -> None:
    assert readable(written, {"U1": "Nadia"}.get) == read  # type: ignore[arg-type]
