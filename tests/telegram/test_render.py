"""What people write reads as they wrote it, marks nothing up, rings nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.values import Content, Press
from bots.lines import Line
from bots.telegram.render import LONGEST, html, keys, plain, popup, units
from tests.servers.telegram.text import parse

HOSTILE = (
    "<b>gras</b>", "</b></a>", "<script>alert(1)</script>", "&lt;i&gt; &amp;", '"><a href="tg://user?id=101">x</a>',
    "@channel @valmont_bot @toto", "[x](tg://user?id=1)", "*_`~|", "<!channel> <@U123>", "tg://user?id=101",
    "\u202egnal", "a\x00b\x1b[31m", "é" * 50, "🚨" * 40, "<", ">", "&", "&#60;b&#62;",
)  # fmt: skip


def content(text: str) -> Content:
    kinds = ("head", "step", "who", "due", "late", "text", "box", "never", "quote", "more", "item", "now")
    return Content(title=text, lines=tuple(Line(kind=kind, text=text, label=text) for kind in kinds))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_words(text: str) -> None:
    parsed = parse(html(content(text)), "HTML")
    kinds = {one["type"] for one in parsed.entities}
    assert kinds <= {"bold", "italic", "blockquote", "url", "bot_command"}, parsed


@given(st.text(max_size=200))
def test_any_words_are_accepted(text: str) -> None:
    parsed = parse(html(content(text)), "HTML")
    assert not {one["type"] for one in parsed.entities} & {"mention", "text_mention", "text_link"}


@given(st.text(max_size=3000), st.integers(1, 60))
def test_a_message_never_exceeds_what_telegram_takes(text: str, count: int) -> None:
    long = Content(title="Titre", lines=tuple(Line(kind="text", text=text) for _ in range(count)))
    assert units(parse(html(long), "HTML").text) <= LONGEST


def test_a_mention_is_made_of_the_directory_alone() -> None:
    parsed = parse(html(Content(title="Appel"), {101: "Hélène <Castaing>"}), "HTML")
    assert [one["user"]["id"] for one in parsed.entities if one["type"] == "text_mention"] == [101]
    assert "Hélène <Castaing>" in parsed.text


def test_a_number_to_call_stands_in_the_text_since_no_key_may_dial() -> None:
    called = Content(title="x", buttons=((Press(label="DSI", url="tel:+33639980144"),),))
    assert "+33639980144" in html(called)
    assert keys(called.buttons) is None
    named = Content(title="x", buttons=((Press(label="A. B +33639980144", url="tel:+33639980144"),),))
    assert html(named).count("+33639980144") == 1


def test_keys_keep_their_rows_and_their_tokens() -> None:
    made = keys(
        (
            (Press(label="A", token="t1"), Press(label="B", url="https://x.example")),
            (Press(label="C", token="t2"),),
        )
    )
    assert made is not None
    assert [[one.text for one in row] for row in made.inline_keyboard] == [["A", "B"], ["C"]]
    assert made.inline_keyboard[0][0].callback_data == "t1"


def test_a_popup_holds_two_hundred() -> None:
    assert units(popup("🚨" * 300)) <= 200


def test_plain_words_of_our_own_marks() -> None:
    assert plain("<b>a &lt;b&gt;</b>") == "a <b>"


def test_an_address_stays_an_address() -> None:
    assert "dpo@valmont.example" in html(Content(title="dpo@valmont.example /ici@valmont_bot"))
