"""`tocsin doctor` on the bots: what it asks of each platform, and what it says of the answers."""

from __future__ import annotations

import asyncio
import functools
import json
import socket
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bots.serving.examining import examine_bots
from engine.core import commands as c
from engine.core.house import HOUSE
from engine.core.house.codes import code_digest
from engine.core.house.commands import BindGroup, Enroll, Invite, MarkReach
from engine.home import Home
from engine.home.symptom import Symptom
from engine.i18n import LANGUAGES, Words
from engine.timers import SystemClock
from tests.console.town import new_town
from tests.servers.slack import BOT, Slack
from tests.servers.telegram.server import Telegram

SALT = "ab" * 16


def played(test: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    @functools.wraps(test)
    def play(*given: Any, **named: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*given, **named), 60))

    return play


def ordered(home: Path, *orders: tuple[c.Command, str]) -> None:
    with Home(home) as town:
        for number, (command, by) in enumerate(orders):
            order = c.Order(
                incident=HOUSE,
                command=command,
                by=by,
                at=SystemClock().now(),
                key=f"{time.time_ns()}:{number}",
            )
            receipt = town.desk.submit_now(order)
            assert receipt.refused is None, receipt.refused


def enrolled(surface: str, person: str, account: str) -> tuple[tuple[c.Command, str], ...]:
    code = f"ABCDEFGHJK{person[1]}2"
    expires = SystemClock().now() + 60_000
    return (
        (Invite(person=person, salt=SALT, digest=code_digest(code, SALT), expires=expires), "p1"),
        (Enroll(surface=surface, account=account, code=code), ""),
    )


async def told(home: Path, secrets: dict[str, str], *, offline: bool = False) -> dict[str, Symptom]:
    found = await examine_bots(home, secrets, SystemClock().now(), offline=offline)
    unsaid = [
        one.code for one in found for lang in LANGUAGES if not Words(lang).has(f"doctor.says.{one.code}")
    ]
    assert not unsaid
    return {one.code: one for one in found}


def telegram_secrets(telegram: Telegram) -> dict[str, str]:
    return {"TOCSIN_TELEGRAM_TOKEN": telegram.token, "TOCSIN_TELEGRAM_API_URL": telegram.url}


def slack_secrets(slack: Slack) -> dict[str, str]:
    return {
        "TOCSIN_SLACK_BOT_TOKEN": slack.api.bot_token,
        "TOCSIN_SLACK_APP_TOKEN": slack.api.app_token,
        "TOCSIN_SLACK_API_URL": f"{slack.url}/api/",
    }


@played
async def test_telegram_that_is_ready_and_telegram_that_is_not(tmp_path: Path) -> None:
    home = new_town(tmp_path).path
    async with Telegram() as telegram:
        telegram.group(-5001, "Cellule de crise", rights="can_pin_messages")
        telegram.group(-5002, "Exercices", rights="")
        ordered(home, (BindGroup(surface="telegram", purpose="crisis", chat="-5001"), "p1"))
        found = await told(home, telegram_secrets(telegram))
        assert found["bot_named"].facts["name"] == "@valmont_bot"
        assert found["group_there"].facts["name"] == "Cellule de crise"
        assert found["no_exercise_group"].gravity == "warn"
        assert "no_privacy" not in found
        assert "webhook_left" not in found

        ordered(home, (BindGroup(surface="telegram", purpose="exercise", chat="-5002"), "p1"))
        found = await told(home, telegram_secrets(telegram))
        assert found["may_not_pin"].facts["name"] == "Exercices"

        telegram.chat(-5001).rights = None
        telegram.chat(-5002).kicked = True
        telegram.world.privacy = False
        telegram.delivery.set_webhook({"url": "https://elsewhere.example/hook"})
        found = await told(home, telegram_secrets(telegram))
        assert found["not_administrator"].gravity == found["group_gone"].gravity == "bad"
        assert found["no_privacy"].gravity == "warn"
        assert found["webhook_left"].facts["url"] == "https://elsewhere.example/hook"

        telegram.revoked = True
        found = await told(home, telegram_secrets(telegram))
        assert found["token_refused"].gravity == "bad"


@played
async def test_slack_that_is_ready_and_slack_that_is_not(tmp_path: Path) -> None:
    home = new_town(tmp_path).path
    async with Slack() as slack:
        channel = slack.workspace.make("cellule", BOT, private=True)
        ordered(home, (BindGroup(surface="slack", purpose="crisis", chat=channel.id), "p1"))
        found = await told(home, slack_secrets(slack))
        assert found["bot_named"].facts["name"] == "tocsin (Valmont)"
        assert found["socket_on"].gravity == "ok"
        assert found["group_there"].facts["name"] == "#cellule"
        assert "scopes_missing" not in found

        slack.api.scopes -= {"pins:write", "users:read"}
        channel.archived = True
        found = await told(home, slack_secrets(slack) | {"TOCSIN_SLACK_APP_TOKEN": "xapp-of-another"})
        assert found["scopes_missing"].facts["scopes"] == "pins:write, users:read"
        assert found["group_gone"].facts["why"] == "is_archived"
        assert found["socket_off"].facts["why"] == "invalid_auth"

        slack.api.revoked = True
        found = await told(home, slack_secrets(slack))
        assert found["token_refused"].facts["why"] == "token_revoked"


@played
async def test_who_of_the_cell_a_bot_cannot_reach(tmp_path: Path) -> None:
    home = new_town(tmp_path).path
    async with Telegram() as telegram:
        ordered(
            home,
            *enrolled("telegram", "p1", "101"),
            *enrolled("telegram", "p2", "102"),
            (MarkReach(surface="telegram", account="102", open=False, why="blocked"), ""),
            enrolled("telegram", "p3", "103")[0],
        )
        found = await told(home, telegram_secrets(telegram))
        with Home(home, reading=True) as town:
            name = town.world.directory.name
            assert name("p1") not in found["no_account"].facts["people"]
            assert name("p3") in found["no_account"].facts["people"]
            assert f"{name('p2')} (telegram, blocked)" == found["shut_account"].facts["people"]
            assert found["invited"].facts["people"] == name("p3")


@played
async def test_no_internet_is_said_as_such_and_soon(tmp_path: Path) -> None:
    home = new_town(tmp_path).path
    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes connections and never answers
        url = f"http://127.0.0.1:{mute.getsockname()[1]}"
        began = time.monotonic()
        found = await examine_bots(
            home,
            {
                "TOCSIN_TELEGRAM_TOKEN": "1:x", "TOCSIN_TELEGRAM_API_URL": url,
                "TOCSIN_SLACK_BOT_TOKEN": "xoxb-x", "TOCSIN_SLACK_APP_TOKEN": "xapp-x",
                "TOCSIN_SLACK_API_URL": f"{url}/api/",
            },
            SystemClock().now(),
            offline=False,
        )  # fmt: skip
        assert time.monotonic() - began < 8
    down = {one.facts["surface"] for one in found if one.code == "unreachable"}
    assert down == {"Slack", "Telegram"}


@played
async def test_offline_asks_nobody(tmp_path: Path) -> None:
    home = new_town(tmp_path).path
    async with Telegram() as telegram:
        found = await told(home, telegram_secrets(telegram), offline=True)
        assert "offline" in found
        assert "no_account" in found
        assert not telegram.methods.calls


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_without_a_token_it_is_one_neutral_line(tmp_path: Path, lang: str) -> None:
    ran = new_town(tmp_path).tocsin("doctor", "--json", lang=lang)
    (line,) = (one for one in json.loads(ran.out) if "tocsin setup" in one["text"])
    assert (line["gravity"], line["code"]) == ("ok", "no_bot")


def test_a_file_of_tokens_that_others_may_read_is_told_without_its_content(tmp_path: Path) -> None:
    town = new_town(tmp_path)
    secrets = town.path / "secrets.env"
    secrets.write_text("TOCSIN_TELEGRAM_TOKEN=12345678:secret-of-the-town-hall\n")
    secrets.chmod(0o644)
    ran = town.tocsin("doctor", "--offline")
    assert ran.code == 1
    assert "chmod 600" in ran.out
    assert "secret-of-the-town-hall" not in ran.out + ran.err


def test_half_a_slack_is_told(tmp_path: Path) -> None:
    town = new_town(tmp_path)
    secrets = town.path / "secrets.env"
    secrets.write_text("TOCSIN_SLACK_BOT_TOKEN=xoxb-valmont\n")
    secrets.chmod(0o600)
    ran = town.tocsin("doctor", "--offline", "--json")
    assert "half_slack" in [one["code"] for one in json.loads(ran.out)]
