"""The state at an instant: what could be read then is a beginning of the journal; what was true then is not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.evolve import fold
from engine.core.incident import Incident
from engine.core.quantities import HOUR, MINUTE
from engine.review.asof import KNOWN, TRUE, as_of
from tests.bots.valmont import NIGHT, Valmont, at
from tests.review.corpus import night


@settings(deadline=None)  # the night is played by whichever comes first
@given(st.integers(-60, 40 * 60))
def test_what_was_known_is_the_journal_as_far_as_it_was_written(after: int) -> None:
    journal, instant = night().journal, NIGHT + after * MINUTE
    written = [entry for entry in journal if entry.at <= instant]
    found = as_of(journal, instant, KNOWN)
    assert found.entries == len(written)
    assert not found.aside
    if written:
        assert found.incident == fold(Incident(id=journal[0].incident), written)


def test_once_all_is_written_both_views_agree() -> None:
    valmont = night()
    for view in (KNOWN, TRUE):
        found = as_of(valmont.journal, valmont.now, view)
        assert (found.incident, found.otherwise) == (valmont.incident, 0)


def test_an_outage_typed_in_late_was_true_before_it_was_known() -> None:
    town = Valmont().declares()
    town.now += 2 * HOUR
    town.does("activite paie interrompue @03:30", "p4")
    four = at("2026-11-24 04:00")
    known, true = as_of(town.journal, four, KNOWN), as_of(town.journal, four, TRUE)
    assert "paie" not in known.incident.activities
    assert true.incident.activities["paie"].status == "interrupted"
    assert known.otherwise == true.otherwise == 1


def test_a_corrected_first_knowledge_was_true_all_along() -> None:
    town = Valmont().declares()
    town.now += 2 * HOUR
    town.does("t0 01:00 : vu par l'agent d'entretien", "p1")
    just_after = NIGHT + MINUTE
    assert as_of(town.journal, just_after, KNOWN).incident.runs[1].t0 == NIGHT
    assert as_of(town.journal, just_after, TRUE).incident.runs[1].t0 == at("2026-11-24 01:00")


def test_a_step_left_before_it_was_entered_is_set_aside_and_named() -> None:
    town = Valmont().declares()
    town.now += 30 * MINUTE
    town.does("valider technique debranche @02:45", "p4")
    numbers = [entry.seq for entry in town.journal if entry.occurred_at == at("2026-11-24 02:45")]
    found = as_of(town.journal, at("2026-11-24 02:50"), TRUE)
    assert found.incident.status == "none"
    assert set(found.aside) <= set(numbers)
    assert found.aside


def test_nothing_was_declared_before_the_declaration() -> None:
    town = Valmont().declares()
    assert as_of(town.journal, NIGHT - 1, KNOWN).incident.status == "none"
