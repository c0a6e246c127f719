"""What the relay asks of Telegram, and what Telegram refuses, in the words of the port."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.chat.values import Content, Place, Press
from bots.lines import Line
from bots.relay.port import Closed, Down, Gone, Moved, Rejected, Unsure, Wait
from tests.telegram.valley import GROUP, PEOPLE, Valley, played, valley

P4 = PEOPLE["p4"]
THERE = Place(surface="telegram", chat=str(GROUP))
HELLO = Content(
    title="Bonjour", lines=(Line(kind="text", text="à <tous>"),), buttons=((Press(label="A", token="t"),),)
)


async def post(
    town: Valley, content: Content = HELLO, place: Place = THERE, *, silent: bool = True, repeat: bool = False
) -> str:
    return await town.door.platform.post(place, content, key="k", silent=silent, repeat=repeat)


@played
async def test_a_message_is_posted_edited_pinned_and_taken_away(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        platform, chat = town.door.platform, town.telegram.chat(GROUP)
        number = await post(town)
        shown = chat.messages[int(number)]
        assert (shown.text, shown.labels, shown.silent) == ("Bonjour\nà <tous>", ["A"], True)
        await platform.edit(THERE, number, HELLO)  # it already reads so
        assert shown.edits == 0
        await platform.edit(THERE, number, Content(title="Autre"))
        assert (shown.text, shown.labels, shown.edits) == ("Autre", [], 1)
        await platform.pin(THERE, number)
        assert chat.pinned == [int(number)]
        assert await platform.find(THERE, "k", 0) is None
        await platform.blank(THERE, number)
        await platform.blank(THERE, number)  # somebody deleted it before
        assert int(number) not in chat.messages


@played
async def test_a_message_too_old_to_delete_is_emptied(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        number = await post(town)
        town.telegram.world.aged = 3 * 24 * 3600
        await town.door.platform.blank(THERE, number)
        shown = town.telegram.chat(GROUP).messages[int(number)]
        assert (shown.text, shown.labels) == ("Message retiré.", [])


@played
async def test_a_repeat_says_that_it_may_be_one(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        number = await post(town, repeat=True)
        assert "déjà envoyé" in town.telegram.chat(GROUP).messages[int(number)].text


@played
async def test_only_whom_a_content_names_is_rung(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        number = await post(town, Content(title="Appel", mentions=("p4", "p1")))
        shown = town.telegram.chat(GROUP).messages[int(number)]
        assert shown.pings == [P4]  # p1 has no account here
        assert not shown.silent


@played
async def test_what_telegram_refuses_is_told_in_the_words_of_the_port(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        platform, telegram = town.door.platform, town.telegram
        number = await post(town)
        private = Place(surface="telegram", chat=str(P4), person="p4")
        with pytest.raises(Gone):
            await platform.edit(THERE, "999", HELLO)
        telegram.faults.add("sendMessage", "429", seconds=7)
        with pytest.raises(Wait) as wait:
            await post(town)
        assert wait.value.seconds == 7
        for kind in ("lost", "500", "502", "cut"):
            telegram.faults.add("sendMessage", kind)
            with pytest.raises(Unsure):
                await post(town)
        with pytest.raises(Rejected):
            await post(town, Content(title="x", buttons=((Press(label=" ", token="t"),),)))
        for place, why in ((Place(surface="telegram", chat="424242"), "not_found"), (private, "blocked")):
            telegram.world.users[P4].blocks = True
            with pytest.raises(Closed) as closed:
                await post(town, place=place)
            assert closed.value.why == why
        new = telegram.migrate(GROUP)
        with pytest.raises(Moved) as moved:
            await platform.edit(THERE, number, HELLO)
        assert moved.value.chat == str(new.id)
        telegram.revoked = True
        with pytest.raises(Down) as down:
            await post(town)
        assert (down.value.why, down.value.fatal) == ("token", True)
        await telegram.close()
        with pytest.raises(Down) as down:
            await post(town)
        assert (down.value.why, down.value.fatal) == ("unreachable", False)


@played
async def test_without_the_right_to_pin_nothing_happens(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        town.telegram.chat(GROUP).rights = set()
        await town.door.platform.pin(THERE, await post(town))
        town.telegram.chat(GROUP).mute, town.telegram.chat(GROUP).rights = True, None
        with pytest.raises(Closed) as closed:
            await post(town)
        assert closed.value.why == "no_right"


@played
async def test_a_deleted_topic_falls_back_to_general(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        number = await post(town, place=Place(surface="telegram", chat=str(GROUP), thread="77"))
        assert town.telegram.chat(GROUP).messages[int(number)].thread == 0


@played
async def test_the_private_chat_of_an_account(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        assert await town.door.platform.private(str(P4)) == str(P4)
        with pytest.raises(Closed) as closed:
            await town.door.platform.private("999")
        assert closed.value.why == "not_started"
        town.telegram.block(P4)
        await town.until(lambda: not town.home.house.reachable("telegram", str(P4)))
        with pytest.raises(Closed):
            await town.door.platform.private(str(P4))
