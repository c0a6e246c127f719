"""A review goes on for weeks beside whatever happens: in a crisis, what is typed is about the crisis."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.chat.faces.buzz import buzz
from bots.chat.token import token_of
from bots.inbound.pressed import Intent, person_number
from engine.core import events as e
from tests.chat.rooms import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    opened = Chat.open(tmp_path)
    yield opened
    opened.home.close()


def begins(runbook: str) -> str:
    return token_of(Intent(act="review", what=person_number(runbook)))


def notes(chat: Chat, name: str) -> list[str]:
    return [one.text for one in chat.events(name) if isinstance(one, e.NoteTaken)]


def test_alone_a_review_hears_what_is_typed(chat: Chat) -> None:
    review = chat.declares("revue-pare-feu")
    chat.says("p4", "note règle 12 sans motif")
    assert notes(chat, review) == ["règle 12 sans motif"]


def test_in_a_crisis_nothing_typed_is_lost_in_a_review(chat: Chat) -> None:
    review, crisis = chat.declares("revue-pare-feu"), chat.declares()
    chat.says("p4", "note tout est rouge")
    assert (notes(chat, review), notes(chat, crisis)) == ([], ["tout est rouge"])


def test_nothing_of_a_review_is_told_to_the_group(chat: Chat) -> None:
    review = chat.declares("revue-pare-feu")
    chat.says("p4", "note vu")
    scene = chat.scene(review)
    for entry in chat.home.journal.reader.entries(review):
        assert not buzz(entry, scene).group


def test_a_press_begins_a_review_once(chat: Chat) -> None:
    assert chat.presses("p4", begins("revue-pare-feu")).ok
    (opened,) = chat.home.desk.incidents()
    assert (opened.readiness, opened.declared_by) == (True, "p4")
    again = chat.presses("p5", begins("revue-pare-feu"))
    assert not again.ok
    assert opened.id in again.short
    assert len(list(chat.home.desk.incidents())) == 1


@pytest.mark.parametrize("runbook", ["rancongiciel", "inconnue"])
def test_a_forged_press_opens_no_crisis(chat: Chat, runbook: str) -> None:
    assert not chat.presses("p4", begins(runbook)).ok
    assert list(chat.home.desk.incidents()) == []


def test_what_was_done_meanwhile_is_not_begun_again(chat: Chat) -> None:
    name = chat.declares("revue-journaux")
    for line in (
        "fait sources_attendues=7", "fait sources_muettes=0", "valider collecter complet", "cocher relire 1 2 3",
        "valider relire normal", "preuve Visa daté", "cocher consigner 1", "valider consigner vise",
    ):  # fmt: skip
        chat.says("p4", line)
    assert chat.incident(name).status == "closed"
    late = chat.presses("p4", begins("revue-journaux"))
    assert not late.ok
    assert name in late.short
