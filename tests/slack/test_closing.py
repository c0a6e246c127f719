"""After the crisis a director has our messages taken out of Slack; what people wrote stays."""

from __future__ import annotations

from pathlib import Path

from engine.core import commands as c
from tests.slack.town import DSI, MAYOR, Town, at_night

BLANK = "Effacer nos messages"


@at_night
async def test_our_messages_leave_slack_once_it_is_closed_and_those_of_people_stay(tmp_path: Path) -> None:
    async with Town(tmp_path) as town:
        slack, channel = town.slack, (await town.declared()).chat
        town.slack.faults.next(
            "chat.delete", "cant_delete_message"
        )  # one that the workspace lets nobody delete
        await slack.write(DSI, channel, "je coupe la compta")
        await slack.until(lambda: any(one.buttons for one in slack.messages(channel)), "no overview")
        await town.order(town.incident.id, c.CloseIncident(reason="c'est fini", confirm=True), "p1")
        await slack.until(lambda: any(BLANK in one.buttons for one in slack.private(MAYOR)), "no button", 20)

        private = slack.workspace.private(MAYOR).id
        await slack.click(MAYOR, private, BLANK)
        assert "Slack" in str((await slack.modal(MAYOR)).body)
        await slack.fill_modal(MAYOR, confirm=["yes"])

        def left() -> list[str]:
            shown = [*slack.messages(channel), *slack.private(MAYOR), *slack.private(DSI)]
            return [one.text for one in shown if one.text != "Message retiré."]

        await slack.until(lambda: left() == ["je coupe la compta"], f"still there: {left()}", 20)
        assert len(town.entries()) > 3
