"""The directory from a chat: a number, a departure, a holder; nobody opens a file for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.chat.values import Answer
from engine.core.directory import DIRECTOR
from engine.home import Home
from tests.chat.rooms import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    opened = Chat.open(tmp_path)
    yield opened
    opened.home.close()


def _read(answer: Answer) -> str:
    return "\n".join(line.text for line in (answer.content.lines if answer.content else answer.lines))


def _token(answer: Answer, row: int) -> str:
    assert answer.content is not None
    return answer.content.buttons[row][0].token


@pytest.mark.parametrize("surface", ["slack", "telegram"])
def test_still_reachable_is_one_press_and_a_new_number_one_question(chat: Chat, surface: str) -> None:
    shown = chat.says("p3", "coordonnees", surface=surface)
    assert chat.home.world.directory.people["p3"].phone in _read(shown)
    assert "joignable" in _read(chat.presses("p3", _token(shown, 0), surface=surface))
    assert chat.home.house.staff.confirmed == {"p3": chat.clock.at}
    form = chat.presses("p3", _token(shown, 1), surface=surface).form
    assert form is not None
    wrong = chat.fills("p3", form.token, phone="demain")
    assert "n'est pas un numéro" in wrong.errors["phone"]
    assert chat.fills("p3", form.token, phone="06 12 34 56 78").ok
    assert "06 12 34 56 78" in _read(chat.says("p3", "coordonnees", surface=surface))


def test_who_leaves_is_a_stranger_at_once_and_their_roles_go_to_their_deputies(chat: Chat) -> None:
    chat.says("p1", "titulaire dsi p3, p4")
    shown = chat.says("p3", "coordonnees")
    form = chat.presses("p3", _token(shown, 2)).form
    assert form is not None
    assert not chat.fills("p3", form.token, confirm="").ok
    assert chat.fills("p3", form.token, confirm="yes").ok
    assert not chat.says("p3", "etat").ok
    assert chat.home.world.directory.roles["dsi"].people == ("p4",)
    chat.invites("p3")
    assert chat.run(chat.room.say(chat.alone("p3"), "/enroler ABCDEFGH2345")).ok
    assert chat.says("p3", "coordonnees").content is not None


def test_a_director_names_a_holder_in_words_and_the_next_program_knows(chat: Chat) -> None:
    refused = chat.says("p5", f"titulaire {DIRECTOR} p5")
    assert not refused.ok
    assert "à la place de Hélène Castaing" in _read(chat.says("p5", f"par p1 titulaire {DIRECTOR} p5"))
    assert chat.says("p1", "titulaire dsi Julie, Marc Ollivier").ok
    assert chat.home.world.directory.roles["dsi"].people == ("p5", "p2")
    with Home(chat.home.path, reading=True) as other:
        assert other.world.directory.roles["dsi"].people == ("p5", "p2")
    assert "titulaire RÔLE" in _read(chat.says("p1", "titulaire"))
    assert not chat.says("p1", "titulaire dsi personne").ok


def test_another_programs_change_counts_before_the_next_order_is_decided(chat: Chat) -> None:
    """`tocsin revoke` beside `tocsin serve`: who may do what is never that of a minute ago."""
    beside = Chat(Home(chat.home.path))
    assert beside.says("p1", "titulaire dsi p5").ok
    beside.home.close()
    name = chat.declares()
    assert chat.scene(name).world.directory.roles["dsi"].people == ("p5",)


def test_in_the_group_no_number_is_shown(chat: Chat) -> None:
    answer = chat.run(chat.room.say(chat.among("p3"), "coordonnees"))
    assert not answer.ok
    assert answer.content is None
