"""What a frightened person writes to the bot in Slack: always answered, with something to press."""

from __future__ import annotations

from pathlib import Path

from tests.slack.town import DSI, STRANGER, Town, at_night


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
