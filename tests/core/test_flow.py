"""How tracks move, open, join and end: the rules that the engine and the linter share."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from typing import Any

import pytest
from transitions import MachineError

from engine.core import flow
from engine.core.lanes import _FLOWS, flow_of
from engine.core.runbook import ChildRuns, Definition, EndKind, Runbook


def definition(tracks: Mapping[str, Mapping[str, Any]]) -> Definition:
    """Tracks in short: a step maps outcomes to the next step (or to a mapping), an end is its kind."""
    written = {}
    for name, track in tracks.items():
        given = dict(track)
        keys = {key: given.pop(key) for key in ("opens_on", "each_time", "lost_if") if key in given}
        written[name] = {"title": name, **keys, "steps": {one: _step(value) for one, value in given.items()}}
    runbook = {"format": "1", "runbook": "essai", "title": "Essai", "version": "1", "tracks": written}
    return Definition(runbook=Runbook.model_validate(runbook))


def _step(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        kind, _, result = value.partition("/")
        return {"title": kind, "end": kind} | ({"result": result} if result else {})
    outcomes = {
        one: {"label": one} | (target if isinstance(target, dict) else {"next": target} if target else {})
        for one, target in value.items()
    }
    return {"title": "étape", "outcomes": outcomes}


ALERT = definition(
    {
        "a": {
            "voir": {"oui": "agir", "non": "faux", "noter": None, "passer": {"hand_over": "autre"}},
            "agir": {"fait": "attendre", "encore": "agir", "retour": "voir"},
            "attendre": {"prets": {"next": "fin", "once": ["b", "c"]}},
            "fin": "closed/bien",
            "faux": "false_alarm",
        },
        "b": {"opens_on": ["a.voir.oui"], "b1": {"fini": "b2"}, "b2": "retex/mieux"},
        "c": {"opens_on": {"any": ["a.agir.fait", "b.b1.fini"]}, "c1": {"fini": "c2"}, "c2": "closed"},
    }
)


def test_an_outcome_leads_to_its_next_step_whatever_step_shares_its_name() -> None:
    assert flow.move(ALERT, "a", "voir", "oui") == "agir"
    assert flow.move(ALERT, "a", "agir", "fait") == "attendre"


def test_an_act_that_stays_and_a_hand_over_lead_nowhere() -> None:
    assert flow.move(ALERT, "a", "voir", "noter") is None
    assert flow.move(ALERT, "a", "voir", "passer") is None


def test_a_loop_on_the_same_step_is_a_new_visit_not_an_act_that_stays() -> None:
    assert flow.move(ALERT, "a", "agir", "encore") == "agir"


def test_an_outcome_that_the_step_does_not_have_is_refused() -> None:
    with pytest.raises(MachineError):
        flow.move(ALERT, "a", "agir", "oui")
    with pytest.raises(KeyError):
        flow.move(ALERT, "a", "agir", "jamais")


def test_one_machine_serves_every_run_of_a_definition_and_goes_with_it() -> None:
    short_lived = definition({"a": {"un": {"fini": "fin"}, "fin": "closed"}})
    assert flow.machine(short_lived, "a") is flow.machine(short_lived, "a")
    key = id(short_lived.runbook)
    assert key in _FLOWS
    del short_lived
    gc.collect()
    assert key not in _FLOWS


def test_reachable_steps_follow_loops_and_hold_the_step_itself() -> None:
    assert flow.reachable(ALERT, "a", "agir") == {"agir", "voir", "attendre", "fin", "faux"}
    assert flow.reachable(ALERT, "a", "fin") == {"fin"}


def test_a_track_without_openers_opens_with_the_run() -> None:
    assert flow.first_tracks(ALERT) == ("a",)


def test_a_list_waits_for_all_of_its_outcomes_and_any_for_one() -> None:
    both = definition(
        {
            "a": {"un": {"x": "deux"}, "deux": {"y": "fin"}, "fin": "closed"},
            "tous": {"opens_on": ["a.un.x", "a.deux.y"], "t": {"fini": "tf"}, "tf": "closed"},
            "un": {"opens_on": {"any": ["a.un.x", "a.deux.y"]}, "u": {"fini": "uf"}, "uf": "closed"},
        }
    )
    positions = {"a": "deux", "tous": None, "un": None}
    assert flow.opening(both, positions, set(), "a.un.x") == ("un",)
    assert flow.opening(both, positions, {"a.un.x"}, "a.deux.y") == ("tous", "un")
    assert not flow.opens(both, "tous", positions, set(), "a.un.x")
    assert flow.opens(both, "tous", positions, {"a.un.x"}, "a.deux.y")


@pytest.mark.parametrize(("position", "reopened"), [(None, True), ("u", False), ("uf", True)])
def test_each_time_reopens_a_track_that_has_ended_and_leaves_one_at_work_alone(
    position: str | None, reopened: bool
) -> None:
    again = definition(
        {
            "a": {"un": {"x": None, "fini": "fin"}, "fin": "closed"},
            "u": {
                "opens_on": {"any": ["a.un.x"]},
                "each_time": "true",
                "u": {"fini": "uf"},
                "uf": "closed",
            },
        }
    )
    assert flow.opens(again, "u", {"a": "un", "u": position}, {"a.un.x"}, "a.un.x") is reopened


def test_a_join_waits_for_the_tracks_that_opened_and_only_those() -> None:
    assert not flow.joined(ALERT, ("b", "c"), {"a": "attendre", "b": "b1", "c": "c2"})
    assert flow.joined(ALERT, ("b", "c"), {"a": "attendre", "b": "b2", "c": None})
    assert flow.joined(ALERT, ("b", "c"), {"a": "attendre", "b": None, "c": None})


def test_a_join_on_child_runs_waits_for_all_of_them() -> None:
    once = ChildRuns(runs="visite")
    assert not flow.joined(ALERT, once, {"a": "attendre"}, {"visite": 3})
    assert flow.joined(ALERT, once, {"a": "attendre"}, {"autre": 1})


def test_the_next_join_is_named_only_when_its_step_is_reached() -> None:
    assert flow.next_join(ALERT, {"a": "agir", "b": "b2", "c": None}) is None
    assert flow.next_join(ALERT, {"a": "attendre", "b": "b2", "c": "c1"}) is None
    assert flow.next_join(ALERT, {"a": "attendre", "b": "b2", "c": "c2"}) == ("a", "prets")


def test_a_track_stays_possible_while_something_open_can_still_open_it_even_through_another() -> None:
    at_work = {"a": "attendre", "b": "b1", "c": None}
    assert flow.not_needed(ALERT, at_work, {"a.voir.oui"}) == set()
    assert flow.not_needed(ALERT, {"a": "voir", "b": None, "c": None}, set()) == set()


def test_a_track_is_not_needed_once_nothing_can_open_it() -> None:
    assert flow.not_needed(ALERT, {"a": "faux", "b": None, "c": None}, {"a.voir.non"}) == {"b", "c"}


def test_going_back_makes_a_track_possible_again() -> None:
    assert flow.not_needed(ALERT, {"a": "attendre", "b": None, "c": None}, set()) == {"b", "c"}
    assert flow.not_needed(ALERT, {"a": "agir", "b": None, "c": None}, set()) == set()


def test_two_tracks_that_only_wait_for_each_other_are_not_needed() -> None:
    ring = definition(
        {
            "a": {"un": {"x": "fin"}, "fin": "closed"},
            "b": {"opens_on": ["c.c1.fini"], "b1": {"fini": "b2"}, "b2": "closed"},
            "c": {"opens_on": ["b.b1.fini"], "c1": {"fini": "c2"}, "c2": "closed"},
        }
    )
    assert flow.not_needed(ring, {"a": "un", "b": None, "c": None}, set()) == {"b", "c"}


def test_an_ended_track_that_may_reopen_can_still_open_another() -> None:
    again = definition(
        {
            "a": {"un": {"x": None, "fini": "fin"}, "fin": "closed"},
            "u": {
                "opens_on": {"any": ["a.un.x"]},
                "each_time": "true",
                "u1": {"grave": "u2", "leger": "u2"},
                "u2": "closed",
            },
            "g": {"opens_on": ["u.u1.grave"], "g1": {"fini": "g2"}, "g2": "closed"},
        }
    )
    picked = {"a.un.x", "u.u1.leger"}
    assert flow.not_needed(again, {"a": "un", "u": "u2", "g": None}, picked) == set()
    assert flow.not_needed(again, {"a": "fin", "u": "u2", "g": None}, picked) == {"g"}


def test_a_run_is_over_when_every_track_has_ended_or_is_not_needed() -> None:
    assert not flow.over(ALERT, {"a": "fin", "b": "b1", "c": "c2"}, set())
    assert flow.over(ALERT, {"a": "fin", "b": "b2", "c": "c2"}, set())
    assert flow.over(ALERT, {"a": "fin", "b": None, "c": None}, set())
    assert not flow.over(ALERT, {"a": "fin", "b": "b1", "c": None}, set())


@pytest.mark.parametrize(
    ("ends", "gravest"),
    [
        (["closed", "false_alarm"], "closed"),
        (["closed", "transferred"], "transferred"),
        (["transferred", "retex", "closed"], "retex"),
        ([], "closed"),
    ],
)
def test_the_kind_of_a_run_is_the_gravest_of_its_ends(ends: list[EndKind], gravest: EndKind) -> None:
    assert flow.end_kind(ends) == gravest


def test_the_result_of_a_run_is_that_of_its_gravest_end() -> None:
    assert flow.run_result(ALERT, {"a": "fin", "b": "b2", "c": "c2"}) == "mieux"
    assert flow.run_result(ALERT, {"a": "fin", "b": None, "c": None}) == "bien"
    assert flow.run_result(ALERT, {"a": "faux", "b": None, "c": None}) is None


def test_a_false_alarm_is_offered_until_another_track_has_ended_otherwise() -> None:
    assert flow.false_alarm_offered(ALERT, {"a": "voir", "b": "b1", "c": None})
    assert not flow.false_alarm_offered(ALERT, {"a": "voir", "b": "b2", "c": None})


def test_the_machine_agrees_with_the_written_outcomes() -> None:
    for name, track in ALERT.runbook.tracks.items():
        for step, written in track.steps.items():
            for outcome, one in written.outcomes.items():
                assert flow.move(ALERT, name, step, outcome) == (None if one.hand_over else one.next)
    assert flow_of(ALERT.runbook).lanes["a"].machine.models == []
