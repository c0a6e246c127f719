"""What a file or a person wrote is seen on the screen, never obeyed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.text import Text

from bots.console.paint import console, draw_lines, told
from bots.lines import Line
from engine.visible import SIGN
from tests.console.town import Town, new_town

HOSTILE = "avant\x1b[2J\x9b31m\x07\u202eerèirra\u2066\U000e0041\u200b"


@pytest.mark.parametrize("kind", ["text", "step", "head", "number", "note", "overdue", "ok", "no", "quote"])
def test_no_line_repaints_the_screen_or_turns_its_order(kind: str) -> None:
    line = Line(kind=kind, text=HOSTILE, label=HOSTILE)
    out = io.StringIO()
    console(out, colour=False).print(draw_lines([line]), Text(HOSTILE), HOSTILE)
    for shown in (out.getvalue(), told(line)):
        assert SIGN in shown
        assert not set(shown) & set("\x1b\x9b\x07\u202e\u2066\U000e0041\u200b")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return new_town(tmp_path)


def test_a_tilde_is_no_user_and_no_end_of_the_conversation(town: Town) -> None:
    done = town.tocsin(
        "run", "rancongiciel", "--as", "p4", lines="preuve ~20 postes touchés\nnote encore là\n"
    )
    assert "20 postes touchés" in done.out
    assert "encore là" in done.out
    assert "vous pouvez relancer" not in done.err


def test_words_echoed_in_a_refusal_are_harmless(town: Town) -> None:
    done = town.tocsin("run", "rancon\x1b[31m\u202egiciel\u200b", "--as", "p4")
    assert done.code == 2
    assert not set(done.err) & set("\x1b\u202e\u200b")
