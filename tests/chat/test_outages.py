"""An application said to be down in a chat: what falls with it is told, and a button opens what keeps it going."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.chat.token import token_of
from bots.inbound.pressed import of_incident, person_number
from engine.core import events as e
from tests.chat.rooms import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    opened = Chat.open(tmp_path)
    yield opened
    opened.home.close()


def test_the_answer_names_what_falls_and_what_to_open_and_a_press_opens_it(chat: Chat) -> None:
    name = chat.declares(exercise=True)
    answer = chat.says("p5", "/application logiciel en panne @02:30")
    told = [line.text for line in answer.lines]
    assert told[0].startswith("[EXERCICE] n°")
    assert "APPLICATION EN PANNE : Logiciel de la mairie" in told[0]
    assert "Tombent avec elle : " in told[0]
    assert "Paie des agents" in told[0]
    assert "Ouvrir : Continuité de la paie — tapez : ouvrir continuite-paie" in told
    assert chat.incident(name).activities["paie"].status == "threatened"
    press = token_of(of_incident("open", chat.scene(name), person_number("continuite-paie")))
    assert chat.presses("p2", press).ok
    opened = chat.last(name, e.RunOpened).event
    assert isinstance(opened, e.RunOpened)
    assert opened.runbook == "continuite-paie"
    again = chat.presses("p2", press)
    assert not again.ok
    assert "déjà en cours" in again.lines[0].text


def test_alone_the_word_lists_what_is_down_and_an_unknown_name_what_is_known(chat: Chat) -> None:
    chat.declares()
    unknown = chat.says("p5", "application tableur en panne")
    assert "quelle application ?" in unknown.lines[0].text
    assert "Serveur de messagerie" in unknown.lines[1].text
    assert chat.says("p5", "application logiciel en panne").ok
    lines = chat.says("p5", "application").lines
    assert [line.label for line in lines][:1] == [
        "Logiciel de la mairie (état civil, paie, finances, famille)"
    ]
    assert "menacée depuis" in "\n".join(line.text for line in lines)
    assert chat.says("p5", "application logiciel rétablie").ok
