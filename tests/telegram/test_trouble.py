"""Telegram misbehaves: nothing is lost, nothing is done twice, nobody waits in front of a button that turns."""

from __future__ import annotations

import asyncio
import logging
import random
from pathlib import Path

import aiohttp
import pytest

from engine.core import events as e
from engine.core.house.commands import MarkReach
from engine.home.leftovers import INCOMING
from tests.telegram.test_incident import card, posted
from tests.telegram.valley import GROUP, PEOPLE, played, valley

P1, P4 = PEOPLE["p1"], PEOPLE["p4"]


@played
async def test_one_401_does_not_end_polling_in_silence(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        town.telegram.revoked = True
        town.telegram.send(P4, P4, "/note pendant la panne")
        await town.until(lambda: town.door.health.why == "token")
        assert town.door.health.since > 0
        town.telegram.revoked = False
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        await town.until(lambda: town.door.health.sound)


@played
async def test_a_door_that_opens_on_a_refused_token_waits_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="bots"):
        async with valley(tmp_path, opens=False) as town:
            town.telegram.revoked = True
            opening = asyncio.create_task(town.opens())
            await town.until(lambda: town.door.health.why == "token")
            town.telegram.revoked = False
            await opening
    assert town.telegram.token not in caplog.text


@played
async def test_two_pollers_never_fight(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        other = aiohttp.ClientSession()
        url = f"{town.telegram.url}/bot{town.telegram.token}/getUpdates"
        async with other, other.post(url, data={"timeout": "1"}) as answer:
            assert answer.status in (200, 409)
        await town.until(lambda: town.door.health.why == "conflict" or town.door.health.sound)
        town.telegram.send(P4, P4, "/note après l'autre")
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        await town.until(lambda: town.door.health.sound)


@played
async def test_a_platform_that_is_dead_comes_back_with_what_waited(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        town.telegram.dead = True
        await town.until(lambda: town.door.health.why == "unreachable")
        town.telegram.send(P4, P4, "/note dans le noir")
        town.telegram.dead = False
        await town.until(lambda: "NoteTaken" in town.kinds(incident))


@played
async def test_an_update_is_confirmed_only_once_it_is_written(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        confirmed_early: list[int] = []

        def watch(*_: object) -> None:
            waiting = [one["update_id"] for one in town.telegram.world.updates]
            confirmed_early.extend(number for number in sent if number not in waiting)

        sent: list[int] = []
        town.home.desk.on_commit(watch)
        for count in range(5):
            sent.append(town.telegram.world.next_update)
            town.telegram.send(P4, P4, f"/note {count} vu")
            await town.until(lambda count=count: town.kinds(incident).count("NoteTaken") == count + 1)
            sent.clear()
        assert confirmed_early == []
        await town.idle()


@played
async def test_a_crash_before_the_confirmation_writes_nothing_twice(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        town.telegram.faults.add("getUpdates", "cut", times=200, chance=0.5)
        for count in range(10):
            town.telegram.send(P4, P4, f"/note {count} vu")
            if count % 4 == 3:
                assert town._task is not None
                town._task.cancel()  # no orderly stop: the other process knows nothing
                await town.restarts()
        town.telegram.faults.listed.clear()
        await town.idle()
        notes = [one.event.text for one in town.entries(incident) if isinstance(one.event, e.NoteTaken)]
        assert sorted(notes) == [f"{count} vu" for count in range(10)]


@played
async def test_updates_out_of_order_and_twice_are_handled_once_each(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        town.telegram.delivery.shuffled = random.Random(3)
        for count in range(12):
            town.telegram.send(P4, P4, f"/note {count:02} vu")
        await town.idle()
        for number in list(town.telegram.delivery.confirmed)[-5:]:
            town.telegram.delivery.again(number)
        await town.idle()
        notes = [one.event.text for one in town.entries(incident) if isinstance(one.event, e.NoteTaken)]
        assert notes == [f"{count:02} vu" for count in range(12)]


@played
async def test_a_poisonous_update_is_passed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        town.telegram.world.tell("message", {"message_id": "nonsense", "chat": 3})
        town.telegram.world.tell("callback_query", {"id": "poison", "data": "x"})
        town.telegram.send(P4, P4, "/note après le poison")
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        await town.idle()
        assert "passed over" in caplog.text


@played
async def test_a_slow_update_holds_up_nobody_else(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        incident = await town.declared()
        town.telegram.faults.add("getFile", "timeout", seconds=2.5)
        town.telegram.send_file(P1, P1, "lent.bin", b"x")
        town.telegram.send(P4, P4, "/note pendant ce temps")
        await town.until(lambda: "NoteTaken" in town.kinds(incident), wait=2.0)


@played
async def test_a_chat_that_must_wait_for_its_answers_holds_up_no_update(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        incident = await town.declared()
        for count in range(15):  # more answers than that chat may get at once
            town.telegram.send(P4, P4, f"/note {count} vu")
        await town.until(lambda: town.kinds(incident).count("NoteTaken") == 15, wait=4)
        await town.until(lambda: not town.telegram.world.updates, wait=4)
        assert len(town.bot_said(P4, "vu")) < 15
        assert "moi" in (await town.says("p1", P1, "/note moi")).text


@played
async def test_flood_delays_an_answer_and_loses_none(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.declared()
        town.telegram.faults.add("sendMessage", "429", seconds=1, times=2)
        told = await town.says("p4", P4, "/note vu")
        assert "vu" in told.text
        shown = await card(town, "p4")
        town.telegram.faults.add("answerCallbackQuery", "429", seconds=1)
        assert not (await town.telegram.press(P4, P4, shown.id, "Prendre")).spinning


@played
async def test_a_lost_answer_repeats_nothing(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        town.telegram.faults.add("sendMessage", "lost")
        await town.says("p4", P4, "/note vu")
        await town.idle()
        assert len(town.bot_said(P4, "vu")) == 1
        assert town.kinds(incident).count("NoteTaken") == 1


@played
async def test_a_server_that_fails_is_waited_for(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        for kind in ("500", "502", "429", "cut"):
            town.telegram.faults.add("getUpdates", kind)
        town.telegram.send(P4, P4, "/note malgré tout")
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        await town.until(lambda: town.door.health.sound)


@played
async def test_a_blocked_bot_is_known_and_known_to_be_back(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        town.telegram.block(P4)
        await town.until(lambda: not town.home.house.reachable("telegram", str(P4)))
        town.telegram.block(P4, False)
        await town.until(lambda: town.home.house.reachable("telegram", str(P4)))


@played
async def test_the_start_button_opens_what_was_shut(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        reach = MarkReach(surface="telegram", account=str(P4), open=False, why="not_started")
        await town.order(reach, by="")
        town.telegram.start(P4)
        await town.until(lambda: town.home.house.reachable("telegram", str(P4)))


@played
async def test_a_group_that_becomes_a_supergroup_stays_the_crisis_group(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.bound()
        incident = await town.declared()
        await town.until(lambda: town.home.house.place(incident, "telegram"))
        new = town.telegram.migrate(GROUP)
        await town.until(lambda: town.home.house.group("telegram", "crisis") == (str(new.id), ""))
        assert town.home.house.place(incident, "telegram") == (str(new.id), "")
        assert town.home.house.incident_at("telegram", str(new.id)) == incident
        told = await town.says("p4", new.id, "/chrono")
        assert told.chat == new.id


@played
async def test_a_bot_that_is_added_says_what_to_type(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1") as town:
        town.telegram.group(-6001, "Exercices", P1)
        before = town.now()
        town.telegram.add(P1, -6001)
        assert "/ici@valmont_bot" in (await town.next_after(before)).text
        before = town.now()
        town.telegram.send(P1, -6001, "/ici@valmont_bot exercice")
        await town.until(lambda: town.home.house.group("telegram", "exercise") == ("-6001", ""))
        town.telegram.kick(P1, -6001)
        await town.idle()


@played
async def test_two_hundred_presses_are_all_answered(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        await town.declared()
        group = await posted(town, await card(town, "p4"))
        data = next(one["callback_data"] for one in group.buttons if one["text"] == "Prendre")
        pressed = await asyncio.gather(
            *(
                town.telegram.press_data((P1, P4)[one % 2], GROUP, group.id, data, wait=10)
                for one in range(200)
            )
        )
        assert not any(one.spinning for one in pressed)


@played
async def test_under_fire_every_act_is_written_once(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        incident = await town.declared()
        for kind in ("429", "500", "502", "lost", "cut"):
            town.telegram.faults.add(
                r"send.*|edit.*|answer.*|delete.*|getUpdates", kind, times=40, chance=0.06
            )
        town.telegram.delivery.shuffled = random.Random(7)
        for count in range(40):
            user = (P1, P4)[count % 2]
            town.telegram.send(user, user, f"/note {count:02} sous le feu")
            if count % 10 == 9:
                await asyncio.sleep(0.2)
                for number in list(town.telegram.delivery.confirmed)[-3:]:
                    town.telegram.delivery.again(number)
            if count == 25:
                await town.restarts()
        await town.until(lambda: not town.telegram.world.updates, wait=20)
        notes = sorted(one.event.text for one in town.entries(incident) if isinstance(one.event, e.NoteTaken))
        assert notes == [f"{count:02} sous le feu" for count in range(40)]


@played
async def test_a_file_that_nobody_takes_is_not_left_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with valley(tmp_path, "p4") as town:
        folder = town.home.path / INCOMING
        await town.declared()
        await town.declared()
        before = town.now()
        town.telegram.send_file(PEOPLE["p4"], PEOPLE["p4"], "demande.txt", b"le nom d'un administre")
        asked = await town.next_after(before)  # of which incident it is evidence
        await town.idle()
        assert not list(folder.glob("*"))

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("bots.telegram.files.os.fdopen", full)
        pressed = await town.telegram.press(PEOPLE["p4"], PEOPLE["p4"], asked.id, "Preuve")
        assert "n'a pas pu" in pressed.text
        await town.idle()
        assert not list(folder.glob("*"))
