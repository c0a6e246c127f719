"""What nobody sees is shown as a sign: on the exports here, on the screen in tests/console/test_harmless.py."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.runbook import Runbook
from engine.i18n import Words
from engine.library.catalogue import Library
from engine.library.diagram import mermaid, planned, svg
from engine.review.dossier import dossier_of
from engine.review.exports.markdown import markdown
from engine.visible import SIGN, harmless, hidden_in
from tests.bots.valmont import Valmont

HOSTILE = "a\x1b[2J\x9b31m\u202eb\u2066c\U000e0041\U000e0042\u200bd\x00"


def test_each_hidden_character_becomes_a_sign() -> None:
    assert harmless(HOSTILE) == f"a{SIGN}[2J{SIGN}31m{SIGN}b{SIGN}c{SIGN}{SIGN}d{SIGN}"


@pytest.mark.parametrize(
    "text",
    [
        "L'été à Œuf-sur-Mer : « 10 % »\u00a0!\u202f?",
        "deux\nlignes\tet",
        "👨\u200d👩\u200d👧 ❤\ufe0f\u200d🔥 é",
        "café",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    assert harmless(text) == text
    assert hidden_in(text) is None


@given(st.text())
def test_shown_twice_is_shown_once(text: str) -> None:
    once = harmless(text)
    assert harmless(once) == once
    assert "\x1b" not in once
    assert len(once) <= len(text)


def test_the_timeline_of_a_hostile_note_is_harmless_and_the_journal_keeps_it() -> None:
    town = Valmont().declares()
    assert town.does(f"note {HOSTILE}", "p4") is None
    told = markdown(dossier_of(town.journal, town.speech, lambda _: town.scene, head="ab"))
    assert harmless(told) == told
    assert SIGN in told
    assert any("\u202e" in getattr(entry.event, "text", "") for entry in town.journal)


def test_a_hostile_procedure_draws_as_xml_and_mermaid() -> None:
    shipped: Runbook = Library.load().runbooks["rancongiciel"]
    book = shipped.model_copy(update={"title": HOSTILE, "summary": HOSTILE})
    plan = planned(book, Words("fr"))
    drawn = svg(plan, Words("fr"))
    ET.fromstring(drawn)
    assert harmless(drawn) == drawn
    assert harmless(mermaid(plan, Words("fr"))) == mermaid(plan, Words("fr"))
