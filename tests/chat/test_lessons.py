"""A proposal for the plan in a chat: nothing is judged where somebody else may read and write."""

from __future__ import annotations

from pathlib import Path

from bots.chat.token import token_of
from bots.inbound.pressed import Intent
from engine.core import commands as c
from engine.core import events as e
from tests.chat.rooms import Chat


def test_a_form_that_was_open_judges_nothing_once_the_platform_is_suspect(tmp_path: Path) -> None:
    chat = Chat.open(tmp_path)
    played = chat.declares(exercise=True, by="p1")
    chat.orders(c.Deviate(text="On a ouvert la salle des fêtes"), played, "p3")
    chat.orders(c.CloseIncident(reason="fin de jeu", confirm=True), played, "p1")
    entry = chat.last(played, e.DeviationRecorded).seq
    token = token_of(Intent(act="lesson", incident=played, what=entry, value=2))
    form = chat.presses("p1", token).form
    assert form is not None
    real = chat.declares(by="p1")
    chat.orders(c.ChangeSurface(surface="telegram", status="suspect", reason="lu par un autre"), real, "p1")
    assert "suspect" in chat.fills("p1", form.token, reason="non").short
    assert chat.home.house.staff.lessons == {}
    chat.home.close()
