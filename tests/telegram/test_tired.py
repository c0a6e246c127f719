"""What a frightened person sends the bot in Telegram: always answered, and nothing is done by accident."""

from __future__ import annotations

from pathlib import Path

from tests.telegram.valley import PEOPLE, played, valley

P4 = PEOPLE["p4"]


@played
async def test_whatever_is_sent_in_private_is_answered_and_does_nothing(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        before = town.incident(incident).seq
        told = await town.says("p4", P4, "c'est bon")
        assert "Rien n'a été changé" in told.text
        assert told.labels == ["Où en suis-je ?", "Noter"]
        for line in ("👍", "stop", "/annuler", "/nimporte", "merci"):
            assert (await town.says("p4", P4, line)).text, line
        sticker = {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 9, "height": 9}
        sticker |= {"is_animated": False, "is_video": False}
        assert "photos" in (await town.says("p4", P4, "", holds={"sticker": sticker})).text
        origin = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "Quelqu'un"}
        told = await town.says("p4", P4, "debranche", holds={"forward_origin": origin})
        assert "transféré" in told.text
        said = town.telegram.send(P4, P4, "dbranche")
        town.telegram.edit(P4, P4, said.id, "debranche")
        await town.until(lambda: town.bot_said(P4, "n'est pas relu"))
        assert town.incident(incident).seq == before


@played
async def test_stop_leaves_the_question_that_stands(tmp_path: Path) -> None:
    async with valley(tmp_path, "p4") as town:
        incident = await town.declared()
        before = town.incident(incident).seq
        await town.says("p4", P4, "bloque")
        town.telegram.send(P4, P4, "stop")
        await town.until(lambda: town.bot_said(P4, "Annulé"))
        assert town.incident(incident).seq == before
