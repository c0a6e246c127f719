"""A narrator names what it tells of, even before it has begun."""

from __future__ import annotations

import msgspec

from engine.core import events as e
from engine.review.narrator import Narrator
from tests.bots.valmont import Valmont


def test_a_procedure_that_is_waited_for_before_it_opens_has_its_name() -> None:
    town = Valmont().declares()
    narrator = Narrator(town.speech, town.world)
    for entry in town.journal:
        narrator.summary(entry)
    waits = e.WaitStarted(run=1, track="technique", step="restaurer", visit=1, child=2)
    before = msgspec.structs.replace(town.journal[-1], seq=99, event=waits)
    assert narrator.tell(before) == "« Restaurer par priorité » attend la fin de : Restauration de données."


def test_a_day_is_told_in_words() -> None:
    town = Valmont().declares(by="p1")
    assert town.does("fait date_sure=20/11", "p4") is None
    narrator = Narrator(town.speech, town.world)
    told = " ".join(narrator.summary(entry) for entry in town.journal)
    assert "vendredi 20 novembre 2026" in told
    assert "2026-11-20" not in told
