"""The quiz in a chat: in private, one press a question, the answer and why at once; a crisis comes first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.chat.values import Answer, Press
from tests.chat.rooms import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    opened = Chat.open(tmp_path)
    yield opened
    opened.home.close()


def _keys(answer: Answer) -> tuple[Press, ...]:
    assert answer.content is not None
    return answer.content.buttons[0]


def _read(answer: Answer) -> str:
    return "\n".join(line.text for line in (answer.content.lines if answer.content else answer.lines))


@pytest.mark.parametrize("surface", ["slack", "telegram"])
def test_a_question_is_answered_with_one_press_and_the_next_follows(chat: Chat, surface: str) -> None:
    seen, shown = set[str](), chat.says("p2", "quiz", surface=surface)
    while shown.content is not None:
        question = shown.content.lines[0].text
        assert question not in seen
        seen.add(question)
        verdict = chat.presses("p2", _keys(shown)[0].token, surface=surface)
        assert ("Oui." in _read(verdict)) != ("Non." in _read(verdict))
        assert "sans votre nom" in _read(verdict)
        twice = chat.presses("p2", _keys(shown)[1].token, surface=surface)
        assert "rien n'est compté deux fois" in _read(twice)
        shown = (
            chat.presses("p2", _keys(verdict)[0].token, surface=surface)
            if verdict.content and verdict.content.buttons
            else chat.says("p2", "quiz", surface=surface)
        )
    assert len(seen) == len(chat.home.library.quiz)
    assert "toutes les questions" in _read(shown)


def test_in_the_group_nobody_learns_what_somebody_answers(chat: Chat) -> None:
    answer = chat.run(chat.room.say(chat.among("p2"), "quiz"))
    assert not answer.ok
    assert answer.content is None


def test_a_crisis_comes_first_an_exercise_does_not(chat: Chat) -> None:
    chat.declares(exercise=True)
    assert chat.says("p2", "quiz").content is not None
    chat.declares()
    assert "attendra" in _read(chat.says("p2", "quiz"))


def test_a_question_that_was_taken_out_says_so(chat: Chat) -> None:
    token = _keys(chat.says("p2", "quiz"))[0].token
    del chat.home.library.quiz[next(iter(chat.home.library.quiz))]  # type: ignore[attr-defined]
    assert "n'est plus" in _read(chat.presses("p2", token))
