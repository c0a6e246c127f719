"""What an incident took: nothing invented where the log is silent, nothing measured where it contradicts itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bots.console.measures import measures_text, trends_text
from engine.core import commands as c
from engine.core import events as e
from engine.core.quantities import HOUR, MINUTE
from engine.review.metrics import Metrics, Moment, Span, measured, trends
from engine.review.metrics.measured import SPANS
from engine.review.metrics.outages import union
from tests.bots.valmont import NIGHT, Valmont, at


def of(town: Valmont) -> Metrics:
    return measured(town.journal, town.scene)


def told(town: Valmont) -> str:
    """All on one line, its no-break spaces as any other."""
    return " ".join(measures_text(of(town), town.speech).split())


def minutes(found: Metrics, name: str) -> float | None:
    ms = found.spans[name].ms
    return None if ms is None else ms / MINUTE


# From one moment to another


def test_an_incident_just_declared_has_nothing_to_measure_and_says_why() -> None:
    found = of(Valmont().declares())
    assert {name: minutes(found, name) for name in SPANS} == {
        "detect": None, "declare": 0, "acknowledge": None, "cell": None, "decide": None, "close": None,
    }  # fmt: skip
    assert "non mesurable, aucune décision explicite" in told(Valmont().declares())


def test_the_time_to_detect_counts_from_what_stopped_before_anybody_knew() -> None:
    town = Valmont(now=at("2026-11-24 08:00"))
    town.declares()
    town.does("activite paie interrompue @07:10", "p4")
    assert minutes(of(town), "detect") == 50


def test_what_stops_after_the_first_sign_says_nothing_of_when_it_began() -> None:
    town = Valmont().declares()
    town.now += HOUR
    town.does("activite paie interrompue", "p4")
    assert of(town).spans["detect"].state == "no_start"


def test_the_declaration_counts_from_the_first_sign() -> None:
    town = Valmont()
    command = c.Declare(title="Écrans chiffrés", known_at=NIGHT - 25 * MINUTE, runbook="rancongiciel")
    town.submit(command, "p2")
    assert minutes(of(town), "declare") == 25


def test_the_first_step_taken_is_the_acknowledgement() -> None:
    town = Valmont().declares()
    town.now += 3 * MINUTE
    town.does("prendre technique", "p4")
    town.now += 9 * MINUTE
    town.does("decision on coupe tout", "p1")
    found = of(town)
    assert (minutes(found, "acknowledge"), minutes(found, "decide")) == (3, 12)


def test_the_cell_is_there_once_a_director_and_somebody_else_are() -> None:
    town = Valmont().declares(by="p4")
    town.now += 5 * MINUTE
    town.does("presence present", "p5")
    assert minutes(of(town), "cell") is None
    town.now += 5 * MINUTE
    town.does("presence present", "p1")
    assert minutes(of(town), "cell") == 10


def test_a_decision_typed_as_taken_before_the_declaration_is_impossible_and_both_entries_are_named() -> None:
    town = Valmont().declares()
    town.now += 10 * MINUTE
    town.does("decision on coupe tout @02:50", "p1")
    number = next(entry.seq for entry in town.journal if isinstance(entry.event, e.DecisionMade))
    assert of(town).spans["decide"].state == "impossible"
    said = told(town)
    assert f"impossible, l'entrée n° {number} (24 nov. 02:50) viendrait avant l'entrée n° 1" in said


# Steps, activities, clocks


def test_a_step_left_after_its_target_is_late_by_what_it_took_too_long() -> None:
    town = Valmont().declares()
    town.now += 20 * MINUTE
    town.does("valider technique debranche", "p4")
    (late,) = of(town).late_steps
    assert (late.where.step, late.late_ms) == ("reflexe", 15 * MINUTE)


def test_an_open_step_is_late_once_its_target_has_passed_and_not_before() -> None:
    town = Valmont().declares()
    town.now += 4 * MINUTE
    assert not of(town).late_steps
    town.now += 4 * MINUTE
    (late,) = of(town).late_steps
    assert late.late_ms == 3 * MINUTE
    assert late.span.ms is None


def test_each_interruption_counts_by_itself_against_the_register() -> None:
    town = Valmont().declares()
    for hours, status in ((0, "interrompue"), (1, "retablie"), (2, "interrompue"), (9, "retablie")):
        town.now = NIGHT + hours * HOUR
        town.does(f"activite etat_civil_deces {status}", "p4")
    one, two = of(town).outages
    assert (one.span.ms, two.span.ms) == (HOUR, 7 * HOUR)
    assert one.rto is not None
    assert two.rto is not None
    assert (one.rto.state, two.rto.state) == ("kept", "missed")


def test_an_hour_corrected_moves_the_interruption_and_makes_no_second_one() -> None:
    town = Valmont().declares()
    town.now += HOUR
    town.does("activite paie interrompue", "p4")
    town.does("activite paie interrompue @03:30", "p4")
    (one,) = of(town).outages
    assert one.span.start is not None
    assert one.span.start.at == at("2026-11-24 03:30")


def test_what_was_only_threatened_is_no_interruption() -> None:
    town = Valmont().declares()
    town.does("application logiciel panne", "p4")
    assert town.incident.activities
    assert not of(town).outages
    town.now += HOUR
    town.does("application logiciel retablie", "p4")
    assert not of(town).outages


def test_degraded_time_is_counted_once_for_two_activities_and_not_at_all_when_none_was_said_to_be() -> None:
    town = Valmont().declares()
    assert of(town).degraded_ms is None
    town.does("activite paie degradee", "p4")
    town.now += HOUR
    town.does("activite messagerie degradee", "p4")
    town.now += HOUR
    town.does("activite paie retablie", "p4")
    assert of(town).degraded_ms == 2 * HOUR


def test_a_decision_that_names_nobody_has_no_owner() -> None:
    town = Valmont().declares()
    for text in ("on coupe tout", "Thierry coupe tout", "la communication prépare un texte"):
        town.does(f"decision {text}", "p1")
    unowned = of(town).unowned
    assert unowned is not None
    assert [town.journal[seq - 1].event.text for seq in unowned] == ["on coupe tout"]  # type: ignore[attr-defined]


def test_a_decision_that_was_erased_makes_owners_not_measurable() -> None:
    town = Valmont().declares()
    town.does("decision on coupe tout", "p1")
    town.journal = [
        replace(entry, event=e.DecisionMade()) if isinstance(entry.event, e.DecisionMade) else entry
        for entry in town.journal
    ]
    assert of(town).unowned is None


# Over several incidents


def test_an_exercise_never_counts_with_the_real_thing() -> None:
    real, played = Valmont().declares(), Valmont().declares(exercise=True)
    for town, delay in ((real, 10), (played, 1)):
        town.now += delay * MINUTE
        town.does("prendre technique", "p4")
    found = {(one.exercise, one.name): one for one in trends([of(real), of(played)])}
    assert found[False, "acknowledge"].median_ms == 10 * MINUTE
    assert found[True, "acknowledge"].median_ms == MINUTE
    assert {one.incidents for one in found.values()} == {1}


def test_a_trend_says_how_many_could_be_measured() -> None:
    silent, quick, slow = Valmont().declares(), Valmont().declares(), Valmont().declares()
    for town, delay in ((quick, 2), (slow, 8)):
        town.now += delay * MINUTE
        town.does("prendre technique", "p4")
    found = trends(map(of, (silent, quick, slow)))
    said = " ".join(trends_text(found, silent.speech).split())
    assert "médiane 2 min (2 mesurés sur 3)" in said
    assert "Clore (de la déclaration à la clôture) : non mesurable (0 mesuré sur 3)" in said


# Whatever the log says


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500))))
def test_a_union_counts_each_instant_once(spans: list[tuple[int, int]]) -> None:
    covered = {instant for begun, ended in spans for instant in range(begun, ended)}
    assert union(spans) == len(covered)


@given(st.none() | st.integers(), st.none() | st.integers())
def test_a_length_is_never_negative_and_never_invented(start: int | None, end: int | None) -> None:
    span = Span(
        start=None if start is None else Moment(at=start, entry=1),
        end=None if end is None else Moment(at=end, entry=2),
    )
    if start is None or end is None:
        assert span.ms is None
    assert span.ms is None or span.ms >= 0
    assert (span.state == "measured") == (span.ms is not None)


LINES = (
    "prendre technique", "valider technique debranche", "decision on coupe", "note vu", "presence present",
    "activite paie interrompue", "activite paie degradee", "activite paie retablie", "clore !",
)  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(LINES), st.integers(0, 90), st.integers(0, 120)), max_size=12))
def test_no_order_of_acts_makes_a_measure_negative_or_stops_the_telling(
    acts: list[tuple[str, int, int]],
) -> None:
    town = Valmont().declares()
    for line, later, earlier in acts:
        town.now += later * MINUTE
        heard = town.hears(line, "p1")
        for command in getattr(heard, "commands", ()):
            town.submit(command, "p1", at=max(town.now - earlier * MINUTE, NIGHT - HOUR) if earlier else None)
    found = of(town)
    lengths = [span.ms for span in found.spans.values()]
    lengths += [one.span.ms for one in (*found.steps, *found.outages)]
    lengths += [one.late_ms for one in found.steps] + [found.degraded_ms]
    assert all(one is None or one >= 0 for one in lengths)
    assert told(town)
