"""The relay's book: what it holds after each step, and after it is opened again."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.journal.errors import BrokenRule, JournalUnavailable
from engine.journal.posts import Post, Posts, open_posts


def card(key: str = "INC/overview", **more: object) -> Post:
    return Post(surface="slack", chat="C1", incident="INC", key=key, at=5, **more)  # type: ignore[arg-type]


@pytest.fixture
def book(tmp_path: Path) -> Posts:
    return open_posts(tmp_path, 1)


def states(book: Posts) -> list[tuple[str, str]]:
    return [(post.state, post.message) for post in book.of("INC")]


def test_an_intent_outlives_the_program(book: Posts, tmp_path: Path) -> None:
    book.intend(card())
    again = open_posts(tmp_path, 99)
    assert states(again) == [("intent", "")]
    assert again.born == 1


def test_an_intent_that_is_withdrawn_leaves_what_stood(book: Posts) -> None:
    book.sent(book.intend(card()), "m1", b"a")
    second = book.intend(card())
    assert states(book) == [("old", "m1"), ("intent", "")]
    book.withdraw(second)
    assert states(book) == [("sent", "m1")]


def test_only_one_message_stands_for_a_thing(book: Posts) -> None:
    book.intend(card())
    with pytest.raises(BrokenRule):
        book.add(card())


def test_a_chat_that_moves_keeps_what_it_was_told(book: Posts) -> None:
    book.sent(book.intend(card()), "m1", b"a")
    book.sent(book.intend(card("INC/n:3", once=True)), "m2", b"b")
    book.move("slack", "C1", "C9")
    assert [(post.chat, post.key, post.once) for post in book.of("INC")] == [("C9", "INC/n:3", True)]


def test_messages_below_are_counted_for_cards_alone(book: Posts) -> None:
    book.sent(book.intend(card()), "m1", b"a")
    book.sent(book.intend(card("INC/n:3", once=True)), "m2", b"b")
    assert book.seen("slack", "C1", "", 1) == set()
    assert book.seen("slack", "C1", "", 1) == {"INC"}
    assert [post.below for post in book.of("INC")] == [2, 0]


def test_a_notice_that_is_emptied_stays_told(book: Posts) -> None:
    book.sent(book.intend(card("INC/n:3", once=True)), "m2", b"b")
    book.empty("slack", "INC", book.of("INC"), hush=True)
    assert states(book) == [("empty", "m2")]
    assert book.hushed("slack", "INC")
    book.emptied(book.of("INC")[0])
    assert states(book) == [("past", "")]
    book.settle("slack", "INC", 7)
    assert book.hushed("slack", "INC")
    assert book.settled("slack", "INC") == 7


def test_another_writer_is_told_and_not_waited_for(book: Posts, tmp_path: Path) -> None:
    with book._change():
        book._insert(card())
        with pytest.raises(JournalUnavailable) as caught:
            open_posts(tmp_path, 1).intend(card("INC/other"))
    assert caught.value.code == "locked"


def test_a_damaged_book_is_put_aside_and_begun_again(book: Posts, tmp_path: Path) -> None:
    book.close()
    (tmp_path / "posts.db").write_bytes(b"no database " * 400)
    assert open_posts(tmp_path, 77).born == 77
    assert (tmp_path / "posts.db.damaged-77").exists()
