"""What a frightened person writes to the bot in Slack: always answered, with something to press."""

from __future__ import annotations

from pathlib import Path

from engine.core import commands as c
from engine.core import events as e
from tests.slack.town import DSI, MAYOR, STRANGER, Town, at_night


@at_night
async def test_a_private_line_is_answered_with_buttons_and_an_edited_one_is_not_done_again(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        channel = town.slack.workspace.private(DSI).id
        ts = await town.slack.write(DSI, channel, "j'ai coupé internet")
        told = await town.slack.last_told(DSI)
        assert "Rien n'a été changé" in told
        await town.slack.edit_message(DSI, channel, ts, "note c'est coupé")
        assert "n'est pas relu" in await town.slack.last_told(DSI, 1)


@at_night
async def test_a_form_that_nothing_can_open_is_offered_by_a_button(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.slack.write(DSI, town.slack.workspace.private(DSI).id, "déclarer")
        assert "Déclarer" in str(await town.slack.last_told(DSI))


@at_night
async def test_the_tab_that_people_open_by_reflex_shows_what_waits_for_them(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        await town.slack.open_home(DSI)
        homes = town.slack.workspace.homes
        await town.slack.until(lambda: DSI in homes, "no tab")
        assert "Geste réflexe" in str(homes[DSI])
        did = await town.slack.press_tab(DSI, "Prendre")
        await town.slack.press_tab(DSI, "Machines débranchées")
        await town.slack.until(lambda: "Qualifier" in str(homes[DSI]), "the tab is not drawn again")
        assert (await town.slack.again(did)).payload == did.payload
        await town.slack.open_home(STRANGER)
        await town.slack.until(lambda: STRANGER in homes, "no tab")
        assert "Geste" not in str(homes[STRANGER])


@at_night
async def test_between_a_real_incident_and_an_exercise_the_words_typed_wait_for_a_press(
    tmp_path: Path,
) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        drill = c.Declare(
            title="Écrans joués", known_at=town.clock.now(), runbook="rancongiciel", exercise=True
        )
        await town.order("", drill, "p4")
        real, played = (one.id for one in sorted(town.home.desk.incidents(), key=lambda one: one.exercise))
        private = town.slack.workspace.private(DSI).id
        await town.slack.write(DSI, private, "note c'est la compta")
        asked = await town.slack.last_told(DSI)
        labels = list(asked.buttons)
        assert ["[EXERCICE]" in one for one in labels].count(True) == 1
        assert ["[RÉEL]" in one for one in labels].count(True) == 1
        for _ in range(2):  # a nervous thumb
            await town.slack.press(
                DSI, town.slack.workspace.channel(private), asked, asked.buttons[min(labels, key=is_drill)]
            )
        await town.slack.until(lambda: "compta" in town.slack.told(DSI)[-1], "no answer")
        assert not any(one.buttons for one in town.slack.told(DSI))
        notes = {one: [e for e in town.home.journal.reader.entries(one) if "compta" in str(e)]
                 for one in (real, played)}  # fmt: skip
        assert {one: len(found) for one, found in notes.items()} == {real: 1, played: 0}

        # The command, typed where no incident lives, asks the same in its form.
        await town.slack.type_command(DSI, "general", "note vu au guichet")
        asked_for = str((await town.slack.modal(DSI)).body)
        assert "[EXERCICE]" in asked_for
        assert "[RÉEL]" in asked_for
        await town.slack.fill_modal(DSI, incident=played)
        written = [str(one) for one in town.home.journal.reader.entries(played)]
        assert "vu au guichet" in written[-1]


@at_night
async def test_what_a_line_lacks_is_asked_by_a_button_that_remembers_it(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        await town.declared()
        private = town.slack.workspace.private(MAYOR).id
        await town.slack.write(MAYOR, private, "clore")
        asked = await town.slack.last_told(MAYOR)
        await town.slack.press(
            MAYOR, town.slack.workspace.channel(private), asked, next(iter(asked.buttons.values()))
        )
        await town.slack.fill_modal(MAYOR, reason="fausse alerte", confirm=["yes"])
        await town.slack.until(lambda: town.incident.status == "closed", "not closed")


def is_drill(label: str) -> bool:
    return "[EXERCICE]" in label


@at_night
async def test_a_file_without_a_word_is_kept_once_somebody_says_as_evidence_of_what(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        slack = town.slack
        await town.declared()
        for user in (MAYOR, DSI):
            private = slack.workspace.private(user).id
            await slack.write(user, private, "", ("écran.png", "image/png", b"x" + user.encode()))
            if user == MAYOR:  # nothing is asked of her now: the photo may be of anything
                asked = await slack.last_told(user)
                assert "Garder ce fichier" in asked
                assert town.entries(e.EvidenceAdded) == []
                channel = slack.workspace.channel(private)
                await slack.press(user, channel, asked, asked.buttons["Preuve, sans étape"])
            many = 1 if user == MAYOR else 2
            await slack.until(lambda many=many: len(town.entries(e.EvidenceAdded)) == many, "not kept")
        brought = [one.event for one in town.entries(e.EvidenceAdded)]
        assert [(one.name, one.step) for one in brought] == [("écran.png", ""), ("écran.png", "reflexe")]
