"""Who has only the channel that is suspect: named, called, and told afterwards what they missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.core import events as e
from engine.core.house import HOUSE
from engine.core.house.commands import Revoke
from tests.chat.rooms import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    """p5 has Slack and nothing else."""
    made = Chat.open(tmp_path)
    made.orders(Revoke(surface="telegram", account="telegram-p5"), HOUSE, "p1")
    return made


@pytest.mark.parametrize("line", ["tache @p5 : relever les compteurs", "role dsi p5", "releve p5"])
def test_what_is_meant_for_somebody_cut_off_is_written_and_says_to_call_them(chat: Chat, line: str) -> None:
    name = chat.declares()
    assert chat.says("p1", "canal slack suspect : vol").ok
    before = chat.incident(name).seq
    answer = chat.says("p1", line)
    assert answer.ok, answer
    assert chat.incident(name).seq > before
    assert "ne le verra pas" in answer.lines[-1].text
    assert chat.says("p1", "canal slack sain").ok
    assert "ne le verra pas" not in str(chat.says("p1", "tache @p5 : relever"))


def test_who_has_another_channel_sees_it(chat: Chat) -> None:
    name = chat.declares()
    assert chat.says("p1", "canal slack suspect : vol").ok
    assert "ne le verra pas" not in str(chat.says("p1", "tache @p4 : relever"))
    assert isinstance(chat.last(name, e.TaskAdded).event, e.TaskAdded)
