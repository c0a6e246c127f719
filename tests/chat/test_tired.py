"""What a frightened person writes, who was never taught our words: always a short answer, and never an act."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.chat.token import DECLARE, read
from tests.chat.rooms import Chat

TIRED = (
    """
c'est bon|c'est fait|fait|fini|terminé|ça y est|j'ai coupé internet|le serveur est éteint|tout est bloqué
je fais quoi ?|on fait quoi|et maintenant ?|la suite|quoi ?|où on en est ?|aide|au secours|je comprends pas|menu
qui est là ?|appelle le maire|appel le maire|c'est quoi le numéro du DSI ?|le maire|numéro|appeler|tel
stop|annule|annuler tout|je me suis trompé|erreur|retour|supprime
ok|oui|non|d'accord|ok merci|merci|bonjour|allo|super|👍|🆘|…|??|.|http://x.y|12:30|1|b|@hcastaing
on est attaqués|il y a un virus|plus rien ne marche|ça marche pas|qui|not working|mes enfants sont là
prendre le train|message bien reçu|role de garde|canal plus|confirmer le rdv|liste des courses|fin|valide|start
""".strip()
    .replace("\n", "|")
    .split("|")
)


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    opened = Chat.open(tmp_path_factory.mktemp("fatigue"))
    yield opened
    opened.home.close()


@pytest.fixture(scope="module")
def name(chat: Chat) -> str:
    return chat.declares()


@pytest.mark.parametrize("surface", ["slack", "telegram"])
@pytest.mark.parametrize("line", TIRED)
def test_it_is_answered_and_does_nothing(chat: Chat, name: str, line: str, surface: str) -> None:
    before = chat.incident(name).seq
    answer = chat.says("p4", line, surface=surface)
    assert chat.incident(name).seq == before
    assert answer.lines or answer.content is not None or answer.form is not None
    assert len("\n".join(one.text for one in answer.lines)) < 3_000
    if not answer.ok and answer.form is None:
        assert answer.content is not None
        assert answer.content.title == "Rien n'a été changé. Pour la suite :"
        assert all(read(one.token) for row in answer.content.buttons for one in row)


@pytest.mark.parametrize("line", ["note", "noter", "dire", "valider", "fini"])
def test_a_word_that_lacks_the_rest_does_nothing(chat: Chat, name: str, line: str) -> None:
    before = chat.incident(name).seq
    assert chat.says("p4", line).lines
    assert chat.incident(name).seq == before


def test_what_is_asked_in_plain_words_is_answered(chat: Chat, name: str) -> None:
    for line in ("je fais quoi ?", "et maintenant", "la suite"):
        assert chat.says("p4", line).content == chat.says("p4", "moi").content
    assert chat.says("p4", "appelle le maire").lines == chat.says("p4", "annuaire maire").lines
    assert chat.says("p4", "c'est quoi le numéro du DSI ?").lines == chat.says("p4", "annuaire dsi").lines
    assert any("note j'ai coupé internet" in one.text for one in chat.says("p4", "j'ai coupé internet").lines)


def test_whoever_says_that_they_are_there_is(chat: Chat, name: str) -> None:
    for line, status in (("pas dispo", "unavailable"), ("j'arrive", "coming"), ("je suis là", "present")):
        assert chat.says("p5", line).ok
        assert chat.incident(name).presence["p5"] == status


def test_the_beginning_of_a_word_is_no_order_in_a_chat_but_the_whole_word_is(chat: Chat, name: str) -> None:
    before = chat.incident(name).seq
    assert not chat.says("p4", "not working").ok
    assert chat.incident(name).seq == before
    assert chat.says("p4", "note ça marche").ok
    assert chat.incident(name).seq > before


def test_in_a_group_nothing_is_offered_to_all(chat: Chat, name: str) -> None:
    answer = chat.run(chat.room.say(chat.among("p4"), "j'ai coupé internet"))
    assert answer.lines
    assert answer.content is None


def test_with_nothing_open_what_is_offered_is_to_declare(tmp_path: Path) -> None:
    quiet = Chat.open(tmp_path)
    answer = quiet.says("p4", "il y a un virus")
    assert answer.content is not None
    assert [one.token for row in answer.content.buttons for one in row] == [DECLARE]
    quiet.home.close()
