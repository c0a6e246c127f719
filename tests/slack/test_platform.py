"""What the relay asks of Slack, through the real SDK, against a Slack that keeps its limits."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.chat.values import Content, Place, Press
from bots.lines import Line
from bots.relay.port import Closed, Down, Gone, Rejected, Unsure, Wait
from tests.servers.slack import BOT
from tests.slack.town import DSI, MAYOR, Town, at_night

STEP = Content(
    title="[EXERCICE] ISOLER",
    lines=(
        Line(kind="text", text="Couper Internet et les VPN."),
        Line(kind="never", text="Ne rien éteindre"),
    ),
    buttons=((Press(label="Propagation stoppée", token="outcome-1", style="danger"),),),
)


@at_night
async def test_a_message_is_posted_edited_in_place_pinned_and_taken_away(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR, DSI)
        ts = await town.platform.post(place, STEP, key="k1", silent=False, repeat=False)
        (shown,) = town.slack.messages(place.chat)
        assert shown.text == "[EXERCICE] ISOLER"
        assert "⛔" in shown.words
        assert shown.buttons["Propagation stoppée"]["value"] == "outcome-1"
        done = Content(title="✅ Isoler")
        await town.platform.edit(place, ts, done)
        await town.platform.edit(place, ts, done)
        await town.platform.pin(place, ts)
        await town.platform.pin(place, ts)
        (shown,) = town.slack.messages(place.chat)
        assert (shown.words, shown.buttons) == ("*✅ Isoler*", {})
        assert town.slack.workspace.channel(place.chat).pins == [ts]
        await town.platform.blank(place, ts)
        await town.platform.blank(place, ts)
        assert town.slack.messages(place.chat) == []


@at_night
async def test_what_nobody_may_delete_is_emptied_and_what_is_not_ours_is_left(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        ts = await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        town.slack.faults.next("chat.delete", "cant_delete_message")
        await town.platform.blank(place, ts)
        (shown,) = town.slack.messages(place.chat)
        assert (shown.words, shown.buttons) == ("*Message retiré.*", {})
        theirs = await town.slack.write(MAYOR, place.chat, "je suis en route")
        await town.platform.blank(place, theirs)
        assert "je suis en route" in town.slack.messages(place.chat)[-1]


@at_night
async def test_an_edit_keeps_the_buttons_it_is_given(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        ts = await town.platform.post(place, Content(title="…"), key="k", silent=True, repeat=False)
        await town.platform.edit(place, ts, STEP)
        assert "Propagation stoppée" in town.slack.messages(place.chat)[0].buttons


@at_night
async def test_after_a_lost_answer_the_message_is_found_and_not_posted_again(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        since = town.clock.now() - 1
        town.slack.faults.next("chat.postMessage", "lost")
        with pytest.raises(Unsure):
            await town.platform.post(place, STEP, key="INC/n:12", silent=False, repeat=False)
        assert len(town.slack.messages(place.chat)) == 1
        found = await town.platform.find(place, "INC/n:12", since)
        assert found == town.slack.messages(place.chat)[0].ts
        assert await town.platform.find(place, "INC/n:13", since) is None
        assert await town.platform.find(place, "INC/n:12", town.clock.now() + 5000) is None


@at_night
async def test_a_message_is_found_beyond_a_page_of_others(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        ts = await town.platform.post(place, STEP, key="first", silent=False, repeat=False)
        for number in range(450):
            town.slack.workspace.add(town.slack.workspace.channel(place.chat), MAYOR, str(number))
        assert await town.platform.find(place, "first", 0) == ts


@at_night
async def test_the_51st_edit_of_a_minute_waits_as_long_as_slack_says_and_all_edits_with_it(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        ts = await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        for number in range(50):
            await town.platform.edit(place, ts, Content(title=str(number)))
        with pytest.raises(Wait) as wait:
            await town.platform.edit(place, ts, STEP)
        assert 50 < wait.value.seconds <= 60
        assert wait.value.scope == "method"


@at_night
async def test_a_channel_takes_a_burst_then_one_post_a_second(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        one, other = (
            town.room_with_bot(MAYOR),
            Place(surface="slack", chat=town.slack.workspace.private(DSI).id),
        )
        for number in range(3):
            await town.platform.post(one, STEP, key=str(number), silent=True, repeat=False)
        with pytest.raises(Wait) as wait:
            await town.platform.post(one, STEP, key="4", silent=True, repeat=False)
        assert (wait.value.seconds, wait.value.scope) == (1, "place")
        await town.platform.post(other, STEP, key="5", silent=True, repeat=False)


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [
        ("500", Unsure),
        ("cut", Unsure),
        ("fatal_error", Unsure),
        ("429", Wait),
        ("edit_window_closed", Gone),
        ("message_not_found", Gone),
        ("is_archived", Closed),
        ("token_revoked", Down),
        ("invalid_blocks", Rejected),
        ("a_word_of_tomorrow", Rejected),
    ],
)
def test_what_slack_answers_is_told_in_the_relays_words(
    tmp_path: Path, fault: str, trouble: type[Exception]
) -> None:
    async def edit() -> None:
        async with Town(tmp_path, opened=False) as town:
            place = town.room_with_bot(MAYOR)
            ts = await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
            town.slack.faults.next("chat.update", fault)
            with pytest.raises(trouble):
                await town.platform.edit(place, ts, STEP)
            await town.platform.edit(place, ts, STEP)

    at_night(edit)()


@at_night
async def test_a_slack_out_of_reach_says_so_at_once_and_comes_back(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        await town.slack.down()
        with pytest.raises(Down) as down:
            await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        assert not down.value.fatal
        assert town.door.health.why == "unreachable"
        await town.slack.up()
        await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        assert town.door.health.why == ""
        assert town.door.health.last > 0


@at_night
async def test_a_revoked_token_is_fatal_and_a_removed_bot_only_shuts_its_channel(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        town.slack.workspace.channel(place.chat).members.discard(BOT)
        with pytest.raises(Closed, match="channel_not_found"):
            await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        town.slack.api.revoked = True
        with pytest.raises(Down) as down:
            await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        assert down.value.fatal
        assert town.door.health.fatal


@at_night
async def test_a_deleted_message_is_gone_and_somebody_elses_cannot_be_edited(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        ts = await town.platform.post(place, STEP, key="k", silent=True, repeat=False)
        await town.slack.delete_message(MAYOR, place.chat, ts)
        with pytest.raises(Gone):
            await town.platform.edit(place, ts, STEP)
        theirs = await town.slack.write(MAYOR, place.chat, "vu")
        with pytest.raises(Gone):
            await town.platform.edit(place, theirs, STEP)


@at_night
async def test_a_private_chat_is_opened_once_and_shut_for_a_deactivated_account(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        chat = await town.platform.private(town.account(MAYOR))
        assert await town.platform.private(town.account(MAYOR)) == chat
        assert town.slack.limits.calls["conversations.open"] == 1
        town.slack.workspace.person(DSI).deleted = True
        with pytest.raises(Closed, match="user_disabled"):
            await town.platform.private(town.account(DSI))


@at_night
async def test_a_phone_buzzes_for_whom_the_message_names_and_for_nothing_people_wrote(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR, DSI)
        hostile = Content(
            title="Note <!channel> & <@U0DSI>",
            lines=(
                Line(kind="text", text="<!here> <@U0MAYOR|x> <!subteam^S1> *gras*"),
                Line(kind="quote", text="<!everyone>"),
            ),
            buttons=((Press(label="<!channel>", token="t"),), (Press(label="06|39>", url="tel:0639980144"),)),
        )
        ts = await town.platform.post(place, hostile, key="k", silent=True, repeat=False)
        await town.platform.edit(place, ts, hostile)
        assert town.slack.workspace.buzzed == []
        assert "&lt;!here&gt;" in town.slack.messages(place.chat)[0].words
        asked = Content(title="Accord demandé", mentions=("p1", "p3"))
        await town.platform.post(place, asked, key="k2", silent=True, repeat=False)
        assert [who for who, _, _ in town.slack.workspace.buzzed] == [MAYOR]


@at_night
async def test_whatever_its_size_a_message_is_one_that_slack_takes(tmp_path: Path) -> None:
    async with Town(tmp_path, opened=False) as town:
        place = town.room_with_bot(MAYOR)
        rows = tuple(
            tuple(Press(label=f"{'bouton ' * 20}{row}.{one}", token=f"t-{row}-{one}") for one in range(30))
            for row in range(40)
        )
        long = Content(
            title="<&>" * 3000,
            lines=tuple(
                Line(kind=kind, text="&<é>\u202e" * 900, label="<b>" * 50)
                for kind in ("text", "quote", "step", "x") * 20
            ),
            buttons=rows,
        )
        ts = await town.platform.post(place, long, key="k" * 200, silent=True, repeat=False)
        await town.platform.edit(place, ts, Content(title="x", buttons=((Press(label="", token="t"),),)))
        await town.platform.edit(place, ts, Content(title="\u200b", lines=(Line(kind="text", text=""),)))
