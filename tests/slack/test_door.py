"""What people do in Slack, through the real SDK and Socket Mode, to the journal and back."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bots.slack.files import Files
from engine.core import commands as c
from engine.core import events as e
from engine.core.commands import ChangeSurface
from engine.core.house import HOUSE
from engine.core.house.commands import BindGroup, Revoke
from engine.home import Home
from engine.journal.verify import verify_incident
from engine.library.catalogue import library_folder
from engine.timers import SystemClock
from tests.servers.slack import BOT, Seen
from tests.slack.town import DSI, MAYOR, OFFICE, STRANGER, Town, at_night

BOTH_WAYS = pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])


async def card(town: Town, user: str, label: str) -> Seen:
    """The card in somebody's private chat that has this button."""
    chat = town.slack.workspace.private(user).id
    return await town.slack.until(  # type: ignore[no-any-return]
        lambda: next((one for one in town.slack.messages(chat) if label in one.buttons), None), label, 10
    )


def private(town: Town, user: str) -> str:
    return town.slack.workspace.private(user).id


@BOTH_WAYS
def test_an_incident_is_declared_in_a_modal_and_gets_its_channel(tmp_path: Path, http: bool) -> None:
    async def declare() -> None:
        async with Town(tmp_path, http=http) as town:
            did = await town.slack.type_command(DSI, "general", "declarer")
            assert did.ok
            modal = await town.slack.modal(DSI)
            assert modal.body["title"]["text"]
            did = await town.slack.fill_modal(
                DSI, runbook="rancongiciel", title="Écrans chiffrés", kind="real"
            )
            assert did.ok
            assert town.slack.view(DSI) is None
            assert town.incident.title == "Écrans chiffrés"
            assert "INC-" in await town.slack.last_told(DSI)
            place = await town.place()
            channel = town.slack.workspace.channel(place.chat)
            assert channel.private
            assert channel.name == town.incident.id.lower()
            await town.slack.until(lambda: channel.members >= {DSI, MAYOR, OFFICE}, "invited")
            assert STRANGER not in channel.members
            await town.slack.until(lambda: channel.pins, "the overview is pinned", 10)
            assert town.entries()[0].source == "slack"

    at_night(declare)()


@at_night
async def test_a_press_is_acknowledged_once_it_is_in_the_journal(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        shown = await card(town, DSI, "Prendre")
        did = await town.slack.click(DSI, private(town, DSI), "Prendre", ts=shown.ts)
        assert did.ok
        (taken,) = town.entries(e.StepTaken)
        assert (taken.actor.id, taken.source) == ("p4", "slack")
        assert await town.slack.last_told(DSI)


@at_night
async def test_the_same_press_delivered_twice_is_one(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        await card(town, DSI, "Prendre")
        did = await town.slack.click(DSI, private(town, DSI), "Prendre")
        before = len(town.entries())
        again = await asyncio.gather(*(town.slack.again(did) for _ in range(3)))
        assert all(one.ok for one in again)
        assert len(town.entries()) == before


@at_night
async def test_everything_delivered_twice_and_late_changes_nothing(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        town.slack.faults.rate = {"twice": 1.0, "late": 0.3}
        place = await town.declared()
        await card(town, DSI, "Prendre")
        await town.slack.click(DSI, private(town, DSI), "Prendre")
        await town.slack.type_command(DSI, place.chat, "note Internet coupé à 3 h")
        ts = await town.slack.write(OFFICE, place.chat, "La presse appelle")
        await town.slack.react(OFFICE, place.chat, ts)
        assert len(town.entries(e.StepTaken)) == 1
        assert len(town.entries(e.NoteTaken)) == 1
        assert len(town.entries(e.MessageKept)) == 1


@at_night
async def test_a_press_on_a_step_that_has_moved_on_says_who_moved_it(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        shown = await card(town, DSI, "Machines débranchées")
        button, channel = shown.buttons["Machines débranchées"], town.slack.workspace.private(DSI)
        assert (await town.slack.press(DSI, channel, shown, button)).ok
        await town.slack.last_told(DSI)
        told, picked = len(town.slack.told(DSI)), len(town.entries(e.OutcomePicked))
        assert picked == 1
        assert (await town.slack.press(DSI, channel, shown, button)).ok
        assert "Thierry Lacombe" in await town.slack.last_told(DSI, told)
        assert len(town.entries(e.OutcomePicked)) == picked


@at_night
async def test_a_press_that_asks_for_something_opens_its_form_and_a_bad_answer_is_told_at_its_field(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        await card(town, DSI, "Noter")
        await town.slack.click(DSI, private(town, DSI), "Noter")
        await town.slack.modal(DSI)
        did = await town.slack.fill_modal(DSI, text="Rappel du prestataire", when="vers midi")
        assert set(did.errors) == {"when"}
        assert town.entries(e.NoteTaken) == []
        did = await town.slack.fill_modal(DSI, text="Rappel du prestataire", when="")
        assert (did.ok, did.errors) == (True, {})
        assert [one.event.text for one in town.entries(e.NoteTaken)] == ["Rappel du prestataire"]
        again = await town.slack.again(did)
        assert again.ok
        assert len(town.entries(e.NoteTaken)) == 1


@at_night
async def test_a_form_that_can_no_longer_open_says_to_press_again(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        await card(town, DSI, "Noter")
        town.slack.faults.next("views.open", "expired_trigger_id")
        assert (await town.slack.click(DSI, private(town, DSI), "Noter")).ok
        assert "trois secondes" in await town.slack.last_told(DSI)


@at_night
async def test_an_unknown_account_gets_a_polite_no_and_leaves_no_trace(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        town.slack.workspace.channel(place.chat).members.add(STRANGER)
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        before = len(town.entries())
        did = await town.slack.click(STRANGER, place.chat, "Noter")
        assert did.ok
        assert "INC-" not in await town.slack.last_told(STRANGER)
        for text in ("note je suis là", "etat", "declarer"):
            told = len(town.slack.told(STRANGER))
            assert (await town.slack.type_command(STRANGER, "general", text)).ok
            assert "INC-" not in await town.slack.last_told(STRANGER, told)
        ts = await town.slack.write(STRANGER, place.chat, "secret")
        await town.slack.react(STRANGER, place.chat, ts)
        assert town.slack.view(STRANGER) is None
        assert len(town.entries()) == before


@at_night
async def test_somebody_of_another_workspace_is_not_who_has_the_same_number_here(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        shown = await card(town, DSI, "Prendre")
        did = await town.slack.click(DSI, private(town, DSI), "Prendre", ts=shown.ts)
        foreign = {**did.payload, "user": {**did.payload["user"], "team_id": "T0OTHER"}}
        foreign["actions"] = [{**did.payload["actions"][0], "action_ts": "1.5"}]
        before = len(town.entries())
        assert (await town.slack.again(replace(did, payload=foreign))).ok
        assert len(town.entries()) == before


@at_night
async def test_a_code_ties_an_account_by_command(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        assert (await town.slack.type_command(STRANGER, "general", "enroler ABCD-EFGH-JKLM")).ok
        assert await town.slack.last_told(STRANGER)
        assert town.home.house.person("slack", town.account(STRANGER)) == ""


# Messages


@at_night
async def test_a_pinned_message_is_kept_with_its_hour_and_what_becomes_of_it(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        ts = await town.slack.write(MAYOR, place.chat, f"<@{OFFICE}> prévient le préfet &amp; l'ARS <!here>")
        other = await town.slack.write(MAYOR, place.chat, "rien d'important")
        await town.slack.react(OFFICE, place.chat, ts)
        (kept,) = town.entries(e.MessageKept)
        assert kept.event.text == "@U0Office prévient le préfet & l'ARS @here"
        assert kept.event.author == "Hélène Castaing"
        assert kept.actor.id == "p5"
        await town.slack.edit_message(MAYOR, place.chat, ts, "je n'ai rien dit")
        await town.slack.edit_message(MAYOR, place.chat, other, "toujours rien")
        (changed,) = town.entries(e.KeptMessageChanged)
        assert changed.event.text == "je n'ai rien dit"
        await town.slack.delete_message(MAYOR, place.chat, ts)
        assert len(town.entries(e.KeptMessageChanged)) == 2
        assert town.entries(e.MessageKept)[0].event.text == kept.event.text


@at_night
async def test_a_message_in_a_thread_is_kept_from_its_menu_or_its_pin(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        first = await town.slack.write(MAYOR, place.chat, "Qui appelle le préfet ?")
        reply = await town.slack.write(OFFICE, place.chat, "Je l'appelle", thread=first)
        await town.slack.react(DSI, place.chat, reply)
        assert (await town.slack.shortcut(DSI, place.chat, first, "keep")).ok
        await town.slack.shortcut(MAYOR, place.chat, first, "keep")
        assert {one.event.text for one in town.entries(e.MessageKept)} == {
            "Je l'appelle",
            "Qui appelle le préfet ?",
        }


@at_night
async def test_a_pin_that_slack_could_not_show_us_is_delivered_again_and_kept(tmp_path: Path) -> None:
    async with Town(tmp_path, minute=0.3) as town:
        place = await town.declared()
        ts = await town.slack.write(MAYOR, place.chat, "Le préfet est prévenu")
        town.slack.faults.next("conversations.history", "500", 2)
        await town.slack.react(OFFICE, place.chat, ts)
        await town.slack.until(lambda: town.entries(e.MessageKept), "kept in the end")
        assert town.slack.delivery.not_acked == 0


@at_night
async def test_only_what_is_pinned_or_addressed_to_us_is_kept(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        before = len(town.entries())
        ts = await town.slack.write(MAYOR, place.chat, "bavardage")
        await town.slack.react(MAYOR, place.chat, ts, "thumbsup")
        await town.slack.write(MAYOR, place.chat, "photo", ("a.png", "image/png", b"x"))
        ours = next(one for one in town.slack.messages(place.chat) if one.mine)
        await town.slack.react(MAYOR, place.chat, ours.ts)
        await town.slack.write(MAYOR, place.chat, f"<@{'U0TOCSIN'}> et alors ?")
        assert await town.slack.last_told(MAYOR)
        assert len(town.entries()) == before


@at_night
async def test_a_file_brought_in_private_is_hashed_and_put_in_the_safe(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        await town.slack.write(
            DSI, private(town, DSI), "écran du poste 12", ("rançon.png", "image/png", b"\x89PNG")
        )
        (brought,) = town.entries(e.EvidenceAdded)
        assert (brought.event.name, brought.event.size, brought.event.media) == ("rançon.png", 4, "image/png")
        assert brought.event.text == "écran du poste 12"
        assert town.home.evidence.path(brought.event.sha256).read_bytes() == b"\x89PNG"
        assert list((town.path / "incoming").iterdir()) == []


@at_night
async def test_a_file_given_in_a_form_is_taken_after_the_acknowledgement(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        await card(town, DSI, "Preuve")
        await town.slack.click(DSI, private(town, DSI), "Preuve")
        await town.slack.modal(DSI)
        file = town.slack.upload(DSI, "journal.txt", "text/plain", b"03:02 chiffrement")
        did = await town.slack.fill_modal(DSI, file=[file], text="journal du serveur")
        assert did.ok
        (brought,) = await town.slack.until(lambda: town.entries(e.EvidenceAdded), "brought")
        assert (brought.event.name, brought.event.step != "") == ("journal.txt", True)


@at_night
async def test_a_file_that_is_not_at_slack_or_that_slack_refuses_is_told_and_our_token_goes_nowhere(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        town.slack.api.scopes.discard("files:read")
        await town.slack.write(DSI, private(town, DSI), "", ("a.txt", "text/plain", b"x"))
        assert "files:read" in await town.slack.last_told(DSI)
        town.slack.api.scopes.add("files:read")
        away = {"id": "F1", "name": "b.txt", "url_private": "https://slack.com.evil.example/b.txt", "size": 1}
        channel = town.slack.workspace.private(DSI)
        message = town.slack.workspace.add(channel, DSI, "", files=[away])
        payload = town.slack.message_event(channel, {**message.as_json(), "subtype": "file_share"})
        assert payload is not None
        assert (await town.slack.delivery.event(payload)).ok
        assert "b.txt" in await town.slack.last_told(DSI, 1)
        assert town.entries(e.EvidenceAdded) == []


@at_night
async def test_what_people_write_calls_nobody_when_we_say_it_again(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        buzzed = len(town.slack.workspace.buzzed)
        await town.slack.type_command(
            DSI, place.chat, f"decision <!channel> <@{OFFICE}> & <http://x|y> *on* coupe"
        )
        await town.slack.until(
            lambda: any("coupe" in one.words for one in town.slack.messages(place.chat)),
            "the decision is told",
            10,
        )
        shown = next(one for one in town.slack.messages(place.chat) if "coupe" in one.words)
        assert "<!channel>" not in shown.words
        hostile = [text for _, _, text in town.slack.workspace.buzzed[buzzed:] if "<!channel>" in text]
        assert hostile == []


# Slack's own nights


@at_night
async def test_a_cut_socket_and_a_refresh_lose_nothing(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        for number, trouble in enumerate((town.slack.delivery.warn, town.slack.delivery.cut)):
            opened = town.slack.delivery.opened
            await trouble()
            await town.slack.until(
                lambda opened=opened: town.slack.delivery.opened > opened and town.slack.delivery.sockets,
                "a new socket",
                20,
            )
            assert (await town.slack.type_command(DSI, place.chat, f"note après la coupure {number}")).ok
        assert len(town.entries(e.NoteTaken)) == 2


@at_night
async def test_a_socket_whose_address_was_spent_in_vain_is_made_anew(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        town.slack.delivery.refuses_sockets = True
        await town.slack.delivery.cut()
        await asyncio.sleep(7)  # the library has asked for an address, and tries it for ever
        town.slack.delivery.refuses_sockets = False
        await town.slack.until(lambda: town.slack.delivery.sockets, "a new socket", 30)
        assert (await town.slack.type_command(DSI, place.chat, "note de retour")).ok


@at_night
async def test_a_socket_whose_other_end_is_silent_is_given_up(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place, opened = await town.declared(), town.slack.delivery.opened
        town.slack.delivery.pongs = False
        await town.slack.until(lambda: town.slack.delivery.opened > opened, "another socket", 30)
        town.slack.delivery.pongs = True
        assert (await town.slack.type_command(DSI, place.chat, "note de retour")).ok


@at_night
async def test_a_slack_that_comes_back_finds_the_door_open_and_the_chats_equal_to_the_state(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        await town.slack.down()
        await town.slack.until(lambda: not town.door.health.sound, "the outage is seen", 10)
        started = asyncio.get_running_loop().time()
        await town.order(town.incident.id, e_say("Réunion à 4 h"), "p3")
        assert asyncio.get_running_loop().time() - started < 0.5
        await town.slack.up()
        await town.slack.until(lambda: town.door.health.sound, "linked again", 40)
        await town.slack.until(
            lambda: any("Réunion à 4 h" in one for one in town.slack.messages(place.chat)), "told at last", 30
        )


def e_say(text: str) -> object:
    from engine.core.commands import Say

    return Say(text=text)


@at_night
async def test_a_message_whose_answer_was_lost_stands_once(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        place = await town.declared()
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        town.slack.faults.next("chat.postMessage", "lost", 2)
        await town.slack.type_command(DSI, place.chat, "dire Réunion à 4 h")
        await asyncio.sleep(6)
        told = [one for one in town.slack.messages(place.chat) if one.mine and "Réunion à 4 h" in one]
        assert len(told) == 1


@at_night
async def test_after_a_crash_between_making_the_channel_and_writing_it_down_it_is_the_same_channel(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        made = town.slack.workspace.make("inc-2026-001", "U0TOCSIN", private=True, creator="U0TOCSIN")
        place = await town.declared()
        assert place.chat == made.id


@at_night
async def test_a_name_that_is_taken_gets_a_number_and_an_archived_channel_another(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        town.slack.workspace.make("inc-2026-001", MAYOR).archived = True
        place = await town.declared()
        assert town.slack.workspace.channel(place.chat).name == "inc-2026-001-2"
        await town.slack.archive(place.chat)
        await town.slack.until(
            lambda: town.home.house.place(town.incident.id, "slack") != (place.chat, ""), "another"
        )
        found = await town.place()
        assert town.slack.workspace.channel(found.chat).name == "inc-2026-001-3"


@at_night
async def test_a_given_channel_serves_real_incidents_and_a_bound_one_everything_it_is_bound_to(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path, toml='\n[slack]\ncrisis_channel = "G0GIVEN"\n') as town:
        place = await town.declared()
        assert place.chat == "G0GIVEN"
        assert town.slack.limits.calls["conversations.create"] == 0


@at_night
async def test_a_night_of_faults_loses_nothing_and_tells_each_decision_once(tmp_path: Path) -> None:
    async with Town(tmp_path, minute=6.0) as town:
        place = await town.declared()
        await town.slack.until(lambda: town.slack.workspace.channel(place.chat).pins, "overview", 10)
        town.slack.faults.rate = {"429": 0.1, "500": 0.1, "lost": 0.1, "cut": 0.1, "twice": 0.3, "late": 0.3}
        for number in range(12):
            assert (await town.slack.type_command(DSI, place.chat, f"decision choix n{number:02}.")).ok
            await asyncio.sleep(0.3)
        town.slack.faults.rate = {}
        decided = [one.event.text for one in town.entries(e.DecisionMade)]
        assert decided == [f"choix n{number:02}." for number in range(12)]

        def told() -> list[int]:
            shown = [one.words for one in town.slack.messages(place.chat) if one.mine]
            return [sum(f"choix n{number:02}." in words for words in shown) for number in range(12)]

        await town.slack.until(lambda: all(told()), "every decision is told", 40)
        await asyncio.sleep(2)
        assert told() == [1] * 12
        assert verify_incident(town.home.journal.reader, town.incident.id).whole


@at_night
async def test_a_channel_is_for_whoever_is_one_of_us_and_no_longer_for_whoever_was_untied(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "valmont"
    shutil.copytree(library_folder() / "exemple", folder)
    people = (folder / "annuaire.yaml").read_text("utf-8")
    over = people.replace("Julie Perrault\n", "Julie Perrault\n    until: 2026-01-01\n", 1)
    (folder / "annuaire.yaml").write_text(people, "utf-8")
    async with Town(tmp_path) as town:
        (folder / "annuaire.yaml").write_text(over, "utf-8")
        town.home.reload()
        channel = town.slack.workspace.channel((await town.declared()).chat)
        await town.slack.until(lambda: channel.members >= {DSI, MAYOR}, "invited")
        channel.members.add(STRANGER)
        await town.order(HOUSE, Revoke(person="p4"), by="p1")
        await town.slack.until(lambda: DSI not in channel.members, "taken out")
        assert channel.members == {BOT, MAYOR, STRANGER}, "whom Slack's own people added stays"
        await town.link("p4", DSI)
        await town.slack.until(lambda: DSI in channel.members, "invited again")
        await town.order(HOUSE, Revoke(person="p4"), by="p1")
        await town.slack.until(lambda: DSI not in channel.members, "taken out again")


@at_night
async def test_whoever_leaves_the_directory_in_the_night_reads_the_channel_no_further(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        channel = town.slack.workspace.channel((await town.declared()).chat)
        await town.slack.until(lambda: OFFICE in channel.members, "invited")
        path = town.path / "annuaire.yaml"
        before, _, after = path.read_text("utf-8").partition("  p5:\n")
        path.write_text(before + after.partition("prefers: slack\n")[2], "utf-8")
        town.home.reload()
        await town.slack.until(lambda: OFFICE not in channel.members, "taken out")
        assert channel.members == {BOT, MAYOR, DSI}


@at_night
async def test_a_file_of_a_stranger_or_from_a_suspect_channel_is_not_even_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[object] = []
    download = Files._download

    async def watched(self: Files, url: str, path: Path, media: str) -> int:
        fetched.append(url)
        return await download(self, url, path, media)

    monkeypatch.setattr(Files, "_download", watched)
    async with Town(tmp_path) as town:
        await town.declared()
        image = ("image.dd", "application/octet-stream", b"0" * 1000)
        await town.slack.write(STRANGER, private(town, STRANGER), "", image)
        assert await town.slack.last_told(STRANGER)
        assert fetched == []
        await town.order(town.incident.id, ChangeSurface(surface="slack", status="suspect"), "p1")
        await town.slack.write(DSI, private(town, DSI), "", image)
        assert await town.slack.last_told(DSI)
        assert fetched == []


@at_night
async def test_what_was_closed_before_slack_came_gets_no_channel_and_what_is_open_does(
    tmp_path: Path,
) -> None:
    shutil.copytree(library_folder() / "exemple", tmp_path / "valmont")
    names, now = [], SystemClock().now()
    played = c.Declare(title="Répétition", known_at=now, runbook="rancongiciel", exercise=True)
    with Home(tmp_path / "valmont") as home:
        for key in ("first", "second"):
            order = c.Order(incident="", command=played, by="p4", at=now, key=key)
            names.append(home.desk.submit_now(order).incident)
        over = c.CloseIncident(reason="fini", confirm=True)
        home.desk.submit_now(c.Order(incident=names[0], command=over, by="p1", at=now, key="over"))
    async with Town(tmp_path) as town:
        await town.slack.until(lambda: town.home.house.place(names[1], "slack"), "the open one's")
        await asyncio.sleep(0.5)
        assert town.home.house.place(names[0], "slack") is None
        assert town.slack.limits.calls["conversations.create"] == 1


@at_night
async def test_an_incident_without_its_channel_yet_is_not_settled(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        assert town.door.settled
        town.slack.faults.next("conversations.create", "fatal_error")
        declare = c.Declare(title="Écrans", known_at=town.clock.now(), runbook="rancongiciel")
        await town.order("", declare, "p4")
        assert not town.door.settled
        await town.place()
        assert town.door.settled


@at_night
async def test_a_message_pinned_between_two_incidents_is_kept_in_the_one_that_is_pressed(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        cell = town.room_with_bot(DSI, MAYOR).chat
        await town.order(HOUSE, BindGroup(surface="slack", purpose="crisis", chat=cell), "p1")
        for title in ("Écrans chiffrés", "Serveur noyé"):
            declare = c.Declare(title=title, known_at=town.clock.now(), runbook="rancongiciel")
            await town.order("", declare, "p4")
        attack, flood = (one.id for one in town.home.desk.incidents())
        ts = await town.slack.write(MAYOR, cell, "l'eau monte dans la salle")
        await town.slack.react(DSI, cell, ts)
        asked = await town.slack.last_told(DSI)
        label = next(one for one in asked.buttons if "noyé" in one)
        await town.slack.press(DSI, town.slack.workspace.channel(cell), asked, asked.buttons[label])

        def kept(name: str) -> bool:
            return "l'eau monte" in str([*town.home.journal.reader.entries(name)])

        await town.slack.until(lambda: kept(flood), "not kept")
        assert not kept(attack)
