"""Who speaks, and what people say to each other: what is kept, what is not looked at, who is refused."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bots.telegram.draft import form_link
from engine.core import events as e
from tests.telegram.test_incident import card, posted
from tests.telegram.valley import GROUP, PEOPLE, played, valley

P1, P4, P5 = PEOPLE["p1"], PEOPLE["p4"], PEOPLE["p5"]

# What people say to each other


@played
async def test_a_message_is_kept_by_a_reply_and_its_edit_is_recorded(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        await town.bound()
        incident = await town.declared()
        town.telegram.send(P1, GROUP, "bonjour à tous")
        said = town.telegram.send(P1, GROUP, "le préfet est prévenu")
        told = await town.says("p4", GROUP, "/note", reply_to=said.id)
        assert told.chat == P4
        kept = next(one for one in town.entries(incident) if isinstance(one.event, e.MessageKept))
        assert kept.event.text == "le préfet est prévenu"
        assert kept.event.author == "Hélène Castaing"
        town.telegram.edit(P1, GROUP, said.id, "le préfet n'est pas prévenu")
        await town.until(lambda: "KeptMessageChanged" in town.kinds(incident))
        changed = next(one for one in town.entries(incident) if isinstance(one.event, e.KeptMessageChanged))
        assert changed.event.text == "le préfet n'est pas prévenu"
        assert "bonjour" not in str([one.event for one in town.entries(incident)])


@played
async def test_what_is_not_said_to_the_bot_is_not_looked_at(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1") as town:
        await town.bound()
        incident = await town.declared()
        written, before = len(town.entries(incident)), town.now()
        for text in ("valider", "/weather Paris", "/note@other_bot x", "note bonjour", "/start"):
            before.add((GROUP, town.telegram.send(P1, GROUP, text).id))
        await town.idle()
        await asyncio.sleep(0.1)
        assert town.now() == before
        assert len(town.entries(incident)) == written


@played
async def test_an_anonymous_administrator_is_refused(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1") as town:
        await town.bound()
        incident = await town.declared()
        written = len(town.entries(incident))
        told = await town.says("p1", GROUP, "/note vu", anonymous=True)
        assert "anonyme" in told.text
        assert len(town.entries(incident)) == written


# Who


@played
async def test_the_code_of_a_link_ties_the_account_once_it_is_confirmed(tmp_path: Path) -> None:
    async with valley(tmp_path) as town:
        code = await town.invited("p3")
        before = town.now()
        town.telegram.start(103, code)
        asked = await town.next_after(before)
        assert "Nadia Benslimane" in asked.text
        assert town.home.house.person("telegram", "103") == ""
        await town.telegram.press(103, 103, asked.id, "Non")
        assert town.home.house.person("telegram", "103") == ""
        town.telegram.start(103, code)
        asked = await town.next_after(town.now())
        told = await town.telegram.press(103, 103, asked.id, "Oui")
        assert town.home.house.person("telegram", "103") == "p3"
        assert told.text
        before = town.now()
        town.telegram.start(P5, code)
        assert "Oui" not in str((await town.next_after(before)).labels)
        assert town.home.house.person("telegram", str(P5)) == ""


@played
async def test_an_unknown_account_is_refused_and_leaves_no_trace(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.bound()
        incident = await town.declared()
        stranger = town.telegram.person(999, "<b>Eve</b>", username="eve", lang="en", started=True)
        town.telegram.chat(GROUP).members.add(stranger.id)
        group = await posted(town, await card(town, "p4"))
        written = len(town.entries(incident))
        pressed = await town.telegram.press(999, GROUP, group.id, "Prendre")
        assert pressed.alert
        before = town.now()
        for text in ("/note intrusion", "bonjour", f"/start {form_link('b', 'x').split('=')[1]}"):
            town.telegram.send(999, 999, text)
        town.telegram.send_file(999, 999, "x.exe", b"x")
        await town.idle()
        told = [one for one in town.telegram.shown(999) if (one.chat, one.id) not in before and one.by != 999]
        assert told
        for one in told:
            assert "INC-" not in one.text
            assert "ncident" not in one.text.replace("incident de", "")
        assert len(town.entries(incident)) == written


@played
async def test_strangers_who_type_in_the_group_spend_nothing_of_what_the_cell_may_send(
    tmp_path: Path,
) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.bound()
        await town.declared()
        for number in (998, 999):
            town.telegram.person(number, f"Eve {number}")
            town.telegram.chat(GROUP).members.add(number)
        before = len(town.telegram.shown(GROUP))
        for number in (998, 999) * 6:
            town.telegram.send(number, GROUP, "/note@valmont_bot je passe par là")
            town.telegram.send(number, GROUP, "/aide", anonymous=True)
        await town.idle()
        told = [one for one in town.telegram.shown(GROUP)[before:] if one.by == town.telegram.world.bot.id]
        assert len([one for one in told if "n'est pas connu" in one.text]) == 2
        assert len([one for one in told if "anonyme" in one.text]) == 1
        assert (await town.says("p4", GROUP, "/chrono")).text


@played
async def test_hostile_names_and_words_are_shown_and_do_nothing(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.bound()
        await town.declared()
        hostile = "</b><a href='tg://user?id=101'>x</a> @hcastaing <script> &amp; \u202egnal"
        told = await town.says("p4", P4, f"/note {hostile}")
        assert told.pings == []
        assert "</b><a href='tg://user?id=101'>x</a>" in told.text
        read = await town.says("p4", GROUP, "/chrono")
        assert read.pings == []


@played
async def test_the_answer_of_a_group_command_goes_to_who_asked(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.bound()
        await town.declared()
        assert (await town.says("p4", GROUP, "/moi")).chat == P4
        aloud = await town.says("p4", GROUP, "/chrono")
        assert aloud.chat == GROUP
        # Somebody who shut the private chat is told where to open it, and nothing else.
        town.telegram.block(P4)
        await town.until(lambda: not town.home.house.reachable("telegram", str(P4)))
        told = await town.says("p4", GROUP, "/moi")
        assert told.chat == GROUP
        assert told.silent
        assert "INC-" not in told.text
        assert told.buttons[0]["url"] == "https://t.me/valmont_bot?start=hello"
