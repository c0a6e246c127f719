"""The crisis team follows the procedure in Telegram: real SDK, real room, real journal."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

from bots.chat.values import Content, Place
from engine.core import events as e
from tests.servers.telegram.world import Message
from tests.telegram.valley import GROUP, PEOPLE, Valley, played, valley

P1, P2, P4, P5 = PEOPLE["p1"], PEOPLE["p2"], PEOPLE["p4"], PEOPLE["p5"]


async def card(town: Valley, person: str) -> Message:
    """What waits for somebody, asked for in private."""
    return await town.says(person, PEOPLE[person], "/moi")


async def posted(town: Valley, message: Message, chat: int = GROUP) -> Message:
    """The same keys in the group, as the relay would post them."""
    from bots.chat.values import Press

    rows = tuple(
        (Press(label=one["text"], token=one["callback_data"]),)
        for one in message.buttons
        if "callback_data" in one
    )
    content = Content(title=message.text.splitlines()[0], buttons=rows)
    place = Place(surface="telegram", chat=str(chat))
    number = await town.door.platform.post(place, content, key="k", silent=True, repeat=False)
    return town.telegram.chat(chat).messages[int(number)]


# Declare


@played
async def test_declaring_in_the_group_asks_in_private_then_opens_the_incident(tmp_path: Path) -> None:
    async with valley(tmp_path, "p2") as town:
        await town.bound()
        asked = await town.says("p2", GROUP, "/declarer@valmont_bot")
        assert asked.chat == P2
        assert "pas encore" in asked.labels[0]
        before = town.now()
        runbook = next(one for one in asked.labels if "ançon" in one)
        pressed = await town.telegram.press(P2, P2, asked.id, runbook)
        assert not pressed.spinning
        while not list(town.home.desk.incidents()):  # the first key is what most people want
            asked = await town.next_after(before)
            before = town.now()
            await town.telegram.press(P2, P2, asked.id, asked.labels[0])
        (incident,) = town.home.desk.incidents()
        assert (incident.status, incident.exercise) == ("open", False)
        declared = town.entries(incident.id)[0]
        assert (declared.source, declared.actor.id) == ("telegram", "p2")


# Press


@played
async def test_an_outcome_is_pressed_in_private_and_answered_after_its_commit(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        shown = await card(town, "p4")
        pressed = await town.telegram.press(P4, P4, shown.id, "Machines débranchées")
        assert not pressed.spinning
        assert pressed.text
        assert "OutcomePicked" in town.kinds(incident)


@played
async def test_a_stale_press_says_who_moved_it_and_changes_nothing(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4", "p5") as town:
        incident = await town.declared()
        shown = await card(town, "p4")
        data = next(one["callback_data"] for one in shown.buttons if one["text"] == "Machines débranchées")
        await town.telegram.press_data(P4, P4, shown.id, data)
        written = len(town.entries(incident))
        late = await town.telegram.press_data(P5, P5, shown.id, data)
        assert late.alert
        assert "Thierry Lacombe" in late.text
        assert len(late.text) <= 200
        assert len(town.entries(incident)) == written


@played
async def test_two_people_press_at_once_and_one_is_told_so(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4", "p5") as town:
        incident = await town.declared()
        group = await posted(town, await card(town, "p4"))
        both = await asyncio.gather(
            *(town.telegram.press(one, GROUP, group.id, "Machines débranchées") for one in (P4, P5))
        )
        assert not any(one.spinning for one in both)
        assert town.kinds(incident).count("OutcomePicked") == 1
        assert sorted(one.alert for one in both) == [False, True]


@played
async def test_a_redelivered_press_writes_nothing_twice(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        shown = await card(town, "p4")
        pressed = await town.telegram.press(P4, P4, shown.id, "Prendre")
        await town.idle()
        await town.restarts()
        written = len(town.entries(incident))
        town.telegram.delivery.again(pressed.update)
        await town.idle()
        assert len(town.entries(incident)) == written


@played
async def test_a_forged_press_is_refused_politely(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.declared()
        shown = await card(town, "p4")
        for data in ("x", "outcome-INC-2026-001-1-1-1-1-1_00000", "q.v.00", "q.x", "é" * 30, "q.j.AAAA"):
            pressed = await town.telegram.press_data(P4, P4, shown.id, data)
            assert not pressed.spinning
            assert pressed.text


# Forms


@played
async def test_words_are_asked_in_private_by_a_deep_link(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        group = await posted(town, await card(town, "p4"))
        pressed = await town.telegram.press(P4, GROUP, group.id, "Bloqué")
        assert pressed.url.startswith("https://t.me/valmont_bot?start=f-")
        before = town.now()
        town.telegram.follow(P4, pressed.url)
        asked = await town.next_after(before)
        assert asked.chat == P4
        assert asked.markup["force_reply"]
        told = await town.says("p4", P4, "le local technique est fermé à clé", reply_to=asked.id)
        assert "✓" in told.text or "n°" in told.text
        found = next(one for one in town.entries(incident) if isinstance(one.event, e.StepBlocked))
        assert found.event.text == "le local technique est fermé à clé"
        assert found.actor.id == "p4"


@played
async def test_a_question_survives_a_restart(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        group = await posted(town, await card(town, "p4"))
        pressed = await town.telegram.press(P4, GROUP, group.id, "Bloqué")
        before = town.now()
        town.telegram.follow(P4, pressed.url)
        asked = await town.next_after(before)
        await town.idle()
        await town.restarts()
        await town.says("p4", P4, "il manque la clé du local", reply_to=asked.id)
        assert "StepBlocked" in town.kinds(incident)


@played
async def test_a_note_asks_for_its_text_then_takes_it_as_it_is(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        shown = await card(town, "p4")
        before = town.now()
        await town.telegram.press(P4, P4, shown.id, "Noter")
        asked = await town.next_after(before)
        await town.idle()
        await town.restarts()  # what is asked stands in the message that asks
        await town.says("p4", P4, "vu @toto & <b>l'écran</b>", reply_to=asked.id)
        await town.until(lambda: "NoteTaken" in town.kinds(incident))
        note = next(one.event for one in town.entries(incident) if isinstance(one.event, e.NoteTaken))
        assert note.text == "vu @toto & <b>l'écran</b>"


@played
async def test_cancelling_leaves_nothing(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        shown = await card(town, "p4")
        before = town.now()
        await town.telegram.press(P4, P4, shown.id, "Noter")
        asked = await town.next_after(before)
        written = len(town.entries(incident))
        town.telegram.send(P4, P4, "/annuler")
        await town.until(lambda: "Annulé" in town.telegram.chat(P4).messages[asked.id].text)
        assert len(town.entries(incident)) == written
        told = await town.says("p4", P4, "/annuler")
        assert "Aucune question" in told.text


@played
async def test_old_questions_wait_for_nothing(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        await town.declared()
        shown = await card(town, "p4")
        before = town.now()
        await town.telegram.press(P4, P4, shown.id, "Preuve")
        asked = await town.next_after(before)
        await town.idle()
        await town.restarts()
        town.telegram.world.aged = 3 * 24 * 3600  # an InaccessibleMessage comes with the press
        pressed = await town.telegram.press(P4, P4, asked.id, "Passer")
        assert pressed.alert
        assert "n'attend plus" in pressed.text


# Evidence


@played
async def test_evidence_as_a_file_and_as_a_photo(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        before = town.now()
        town.telegram.send_file(P4, P4, "rançon.txt", b"payez", caption="la demande")
        await town.next_after(before)
        before = town.now()
        town.telegram.send_file(P4, P4, "", b"\xff\xd8photo", photo=True)
        told = await town.next_after(before)
        assert "fichier" in told.text
        file, photo = (one.event for one in town.entries(incident) if isinstance(one.event, e.EvidenceAdded))
        assert (file.name, file.sha256) == ("rançon.txt", hashlib.sha256(b"payez").hexdigest())
        assert "la demande" in file.text
        assert photo.name.endswith(".jpg")
        assert "compress" in photo.text


@played
async def test_a_photo_without_a_word_is_kept_once_somebody_says_so(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1") as town:
        incident = await town.declared()

        def kept() -> list[e.EvidenceAdded]:
            return [one.event for one in town.entries(incident) if isinstance(one.event, e.EvidenceAdded)]

        async def sent(voice: bool = False) -> Message:
            before = town.now()
            town.telegram.send_file(P1, P1, "", b"\xff\xd8" + bytes([voice]), photo=not voice, voice=voice)
            return await town.next_after(before)

        first = await sent()
        assert "Garder ce fichier" in first.text
        assert not kept()
        assert not list((town.home.path / "evidence").glob("*"))
        await town.telegram.press(P1, P1, first.id, "Ne rien garder")
        await town.until(lambda: "Rien n'a été gardé" in town.telegram.chat(P1).messages[first.id].text)
        assert not kept()

        second = await sent(voice=True)
        await town.restarts()
        key = second.buttons[0]["callback_data"]
        for _ in range(2):  # a nervous thumb
            await town.telegram.press_data(P1, P1, second.id, key)
        await town.until(lambda: "gardé" in town.telegram.chat(P1).messages[second.id].text)
        (found,) = kept()
        assert found.name.endswith(".ogg")


@played
async def test_evidence_of_a_step_is_asked_for_then_brought(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        shown = await card(town, "p4")
        before = town.now()
        await town.telegram.press(P4, P4, shown.id, "Preuve")
        asked = await town.next_after(before)
        town.telegram.send_file(P4, P4, "journal.log", b"x" * 1000, reply_to=asked.id)
        await town.until(lambda: "EvidenceAdded" in town.kinds(incident))
        found = next(one.event for one in town.entries(incident) if isinstance(one.event, e.EvidenceAdded))
        assert (found.step, found.size) == ("reflexe", 1000)


@played
async def test_a_picture_of_the_group_is_evidence_once_somebody_says_so(tmp_path: Path) -> None:
    async with valley(tmp_path, "p1", "p4") as town:
        await town.bound()
        incident = await town.declared()
        picture = b"\xff\xd8 picture"
        sent = town.telegram.send_file(P1, GROUP, "", picture, photo=True)
        await town.idle()
        assert "EvidenceAdded" not in town.kinds(incident)
        await town.says("p4", GROUP, "/preuve l'écran du guichet", reply_to=sent.id)
        found = next(one for one in town.entries(incident) if isinstance(one.event, e.EvidenceAdded))
        assert found.event.sha256 == hashlib.sha256(picture).hexdigest()
        assert found.actor.id == "p4"
        assert "l'écran du guichet" in found.event.text


@played
async def test_a_file_that_telegram_keeps_from_bots_is_said_so(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        before = town.now()
        town.telegram.send_file(P4, P4, "disque.img", bytes(21 * 1024 * 1024))
        told = await town.next_after(before)
        assert "20 Mo" in told.text
        assert "EvidenceAdded" not in town.kinds(incident)
