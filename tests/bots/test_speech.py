"""Names as people read them."""

from __future__ import annotations

from engine.core.cards.values import Named
from tests.bots.valmont import Valmont


def test_a_role_keeps_its_name_when_an_activity_bears_it_too() -> None:
    speech = Valmont().speech
    assert speech.role("elections") == "Élections"
    assert speech.named(Named("activity", "elections")) == "Élections (de J−30 à J+1)"
