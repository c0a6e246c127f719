"""Working a step: questions, boxes, evidence, targets, sleep, rosters; asked, never blocking."""

from __future__ import annotations

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core import targets
from engine.core.incident import Cursor
from engine.core.quantities import DAY, HOUR, MINUTE
from tests.core.builders import NIGHT, Town, at, play

TRAVAIL = """
runbook: travail
activities: [paie, deces]
updates: {every: 6 h}
facts:
  postes: {type: integer, label: Postes, min: 0}
  ou: {type: choice, label: Où, choices: {ici: Ici, la: Là}}
tracks:
  a:
    title: A
    steps:
      faire:
        title: Faire
        role: dsi
        target: T0 + 1 h
        ask: [postes]
        checklist: [Câble, {do: Photo, optional: oui}, Téléphone]
        outcomes:
          peu: {label: Peu, next: choisir, when: {postes: "< 10"}}
          beaucoup: {label: Beaucoup, next: choisir, when: {postes: ">= 10", ou: ici}}
          passer: {label: Passer, next: choisir}
          dire: {label: Dire}
      choisir:
        title: Choisir
        role: dsi
        outcomes:
          ici: {label: Ici, next: fin, when: {ou: ici}}
          ailleurs: {label: Ailleurs, next: faire, otherwise: oui}
          sur: {label: Sûr, next: fin, confirm: "Vraiment ?", reason: oui}
      fin: {title: Fin, end: closed}
"""


def working(text: str = TRAVAIL, known_at: int = NIGHT) -> Town:
    town = play(text)
    town.declares("agent", town.shelf.books and next(iter(town.shelf.books)), known_at=known_at)
    return town


def cursor(town: Town, step: str) -> Cursor:
    return town.find(step, "")[2]


# Asked, never blocking


def test_an_unanswered_question_blocks_nothing() -> None:
    town = working()
    town.picks("dsi", "passer", reason="vite", confirm=True)
    assert town.steps == ["choisir"]


def test_only_a_fact_of_the_outcomes_own_when_is_required() -> None:
    town = working()
    refused = town.is_told("dsi", town.outcome("peu", reason="r", confirm=True))
    assert (refused.code, refused.facts["facts"], refused.facts["names"]) == (
        "facts_missing",
        ("Postes",),
        ("postes",),
    )
    town.says("dsi", c.SetFact(name="postes", value="3"))
    assert town.is_told("dsi", town.outcome("beaucoup", reason="r", confirm=True)).code == "outcome_excluded"
    town.picks("dsi", "peu", reason="r", confirm=True)


def test_a_refusal_names_the_answer_that_excludes_and_not_those_that_agree() -> None:
    town = play(DANGER.replace("urgent: oui", "confirm: Sûr ?"))
    town.declares("dsi", "visite")
    town.says("dsi", c.SetFact(name="joints", value="3"))
    town.says("dsi", c.SetFact(name="danger", value="non"))
    refused = town.is_told("dsi", town.outcome("secours"))
    assert (refused.code, refused.facts["facts"]) == ("outcome_excluded", ("Danger ?",))
    town.says("dsi", c.SetFact(name="danger", value="oui"))
    town.says("dsi", c.SetFact(name="joints", value=""))
    refused = town.is_told("dsi", town.outcome("secours"))
    assert (refused.code, refused.facts["facts"]) == ("facts_missing", ("Personnes jointes",))


def test_unknown_for_now_is_an_answer_and_a_visible_debt() -> None:
    town = working()
    town.says("dsi", c.SetFact(name="postes", value=""))
    assert town.run("travail").unknown == {"postes"}
    assert town.says("dsi", c.SetFact(name="postes", value="")) == []
    town.says("dsi", c.SetFact(name="postes", value="12"))
    assert (town.run("travail").unknown, town.run("travail").facts) == (frozenset(), {"postes": "12"})
    town.says("dsi", c.SetFact(name="postes", value=" "))
    assert (town.run("travail").unknown, town.run("travail").facts) == ({"postes"}, {})


def test_otherwise_is_for_when_no_other_condition_is_known_to_hold() -> None:
    town = working()
    town.picks("dsi", "passer", reason="r", confirm=True)
    town.picks("dsi", "ailleurs")
    town.picks("dsi", "passer", reason="r", confirm=True)
    town.says("dsi", c.SetFact(name="ou", value="ici"))
    refused = town.is_told("dsi", town.outcome("ailleurs"))
    assert (refused.code, refused.facts["other"]) == ("outcome_excluded_by", "Ici")


def test_an_answer_that_is_none_is_refused_and_told_what_would_do() -> None:
    town = working()
    assert town.is_told("dsi", c.SetFact(name="ou", value="nulle part")).facts["choices"] == ("Ici", "Là")
    assert town.is_told("dsi", c.SetFact(name="age", value="3")).code == "unknown_fact"


def test_the_same_answer_twice_is_written_once() -> None:
    town = working()
    town.says("dsi", c.SetFact(name="postes", value="12"))
    assert town.says("dsi", c.SetFact(name="postes", value=" 12 ")) == []


def test_a_fact_of_the_run_stays_in_it_and_a_shared_one_is_everybodys() -> None:
    town = working()
    town.says("dsi", c.SetFact(name="postes", value="12"))
    town.says("dsi", c.SetFact(name="donnees_personnelles", value="oui"))
    assert (town.incident.facts, town.run("travail").facts) == (
        {"donnees_personnelles": "oui"},
        {"postes": "12"},
    )


def test_a_question_that_two_cases_ask_is_not_answered_in_the_wrong_one() -> None:
    town = working()
    town.says("dsi", c.OpenRunbook(runbook="travail", again=True))
    refused = town.is_told("dsi", c.SetFact(name="postes", value="12"))
    assert (refused.code, refused.facts["runs"]) == ("which_run", ("1", "2"))
    town.says("dsi", c.SetFact(name="postes", value="12", run=2))
    town.says("dsi", town.outcome("passer", run=1, reason="r", confirm=True))
    town.says("dsi", c.SetFact(name="postes", value="3"))
    assert [run.facts for run in town.incident.runs.values()] == [{}, {"postes": "3"}], (
        "only the second asks it now"
    )


def test_a_fact_of_an_ended_run_may_still_be_told() -> None:
    town = working()
    town.says("maire", c.AbandonRun(run=1, reason="r"))
    town.says("dsi", c.SetFact(name="postes", value="12", run=1))
    assert town.run("travail").facts == {"postes": "12"}


# Boxes


def test_unticked_boxes_ask_for_a_confirmation_and_a_reason_which_are_kept() -> None:
    town = working()
    town.says("agent", c.Tick(**town.at_step("faire"), item=1))
    refused = town.is_told("dsi", town.outcome("passer"))
    assert (refused.code, refused.facts["items"]) == ("unticked", ("Téléphone",)), (
        "the optional one is not asked"
    )
    assert town.is_told("dsi", town.outcome("passer", confirm=True)).code == "unticked"
    town.picks("dsi", "passer", reason="plus de réseau", confirm=True)
    picked = town.written(e.OutcomePicked)[0]
    assert (picked.unticked, picked.reason) == ((3,), "plus de réseau")


DANGER = """
runbook: visite
facts:
  joints: {type: integer, label: Personnes jointes}
  danger: {type: choice, label: "Danger ?", choices: {oui: Oui, non: Non}}
tracks:
  visites:
    title: Visites
    steps:
      visiter:
        title: Visiter
        role: dsi
        ask: [joints, danger]
        checklist: [Clé prise, {do: Photo, optional: true}]
        outcomes:
          secours:
            label: Danger, le 15
            next: secourir
            urgent: oui
            when: {danger: oui, joints: connu}
          fini: {label: Fini, next: bout}
      secourir: {title: Secourir, role: dsi, outcomes: {fait: {label: Fait, next: bout}}}
      bout: {title: Au bout, end: closed}
"""


def test_an_urgent_outcome_waits_for_no_box_and_no_answer_and_the_journal_says_which() -> None:
    town = play(DANGER)
    town.declares("dsi", "visite")
    town.picks("dsi", "secours")
    picked = town.written(e.OutcomePicked)[0]
    assert (town.steps, picked.reason) == (["secourir"], "")
    assert (picked.unticked, picked.unanswered) == ((1,), ("danger", "joints"))


def test_an_urgent_outcome_is_still_excluded_by_what_is_known_and_kept_for_whoever_may() -> None:
    town = play(DANGER)
    town.declares("dsi", "visite")
    assert town.is_told("com", town.outcome("secours")).code == "not_yours"
    town.says("dsi", c.SetFact(name="danger", value="non"))
    assert town.is_told("dsi", town.outcome("secours")).code == "outcome_excluded"
    town.says("dsi", c.SetFact(name="danger", value="oui"))
    town.picks("dsi", "secours")
    assert town.written(e.OutcomePicked)[0].unanswered == ("joints",)


def test_boxes_are_not_asked_for_an_act_that_stays() -> None:
    working().picks("dsi", "dire")


def test_anybody_ticks_with_their_name_and_a_second_is_told_who() -> None:
    town = working()
    tick = c.Tick(**town.at_step("faire"), item=1)
    town.says("com", tick)
    assert town.says("com", tick) == []
    refused = town.is_told("agent", tick)
    assert (refused.code, refused.facts["by"]) == ("already_ticked", "Com")
    assert town.is_told("com", c.Tick(**town.at_step("faire"), item=4)).code == "unknown_item"
    town.says("agent", c.Tick(**town.at_step("faire"), item=1, done=False))
    assert cursor(town, "faire").ticks == {}


def test_boxes_are_empty_again_at_the_next_visit() -> None:
    town = working()
    for item in (1, 3):
        town.says("com", c.Tick(**town.at_step("faire"), item=item))
    town.picks("dsi", "passer")
    town.picks("dsi", "ailleurs")
    assert cursor(town, "faire").ticks == {}


def test_a_confirmation_and_a_reason_are_asked_where_the_outcome_wants_them() -> None:
    town = working()
    town.picks("dsi", "passer", reason="r", confirm=True)
    assert town.is_told("dsi", town.outcome("sur", reason="r")).facts["text"] == "Vraiment ?"
    assert town.is_told("dsi", town.outcome("sur", confirm=True)).code == "reason_needed"
    town.picks("dsi", "sur", reason="r", confirm=True)


# Evidence


def test_evidence_is_taken_in_by_anybody_on_a_step_or_on_the_incident() -> None:
    town = working()
    town.says(
        "agent",
        c.AddEvidence(**town.at_step("faire"), name="photo.jpg", sha256="a" * 64, size=3, media="image/jpeg"),
    )
    town.says("agent", c.AddEvidence(run=0, track="x", step="y", name="note", text="rançon affichée"))
    first, second = town.written(e.EvidenceAdded)
    assert (first.sha256, first.step) == ("a" * 64, "faire")
    assert (second.run, second.track, second.step) == (0, "", "")
    assert town.incident.evidence == 2


def test_evidence_of_an_old_visit_is_taken_in_too_and_of_no_step_is_not() -> None:
    town = working()
    here = town.at_step("faire")
    town.picks("dsi", "passer", reason="r", confirm=True)
    town.says("agent", c.AddEvidence(**here, name="note", text="vu"))
    assert (
        town.is_told("agent", c.AddEvidence(run=1, track="a", step="nulle", name="n", text="t")).code
        == "unknown_step"
    )
    assert town.is_told("agent", c.AddEvidence(**here, name="vide")).code == "nothing_brought"
    assert (
        town.is_told("agent", c.AddEvidence(run=9, track="", step="", name="n", text="t")).code
        == "unknown_run"
    )


# Targets


def due(town: Town, step: str) -> int | None:
    run, track, where = town.find(step, "")
    definition = town.shelf.definition(run.digest)
    return targets.due(definition, town.incident, run, track, where, town.world.calendar)


def test_a_t0_target_holds_for_the_first_visit_and_later_ones_count_from_their_entry() -> None:
    town = working(known_at=NIGHT - 30 * MINUTE)
    assert due(town, "faire") == NIGHT + 30 * MINUTE
    town.waits("3 h")
    town.picks("dsi", "passer", reason="r", confirm=True)
    town.picks("dsi", "ailleurs")
    assert due(town, "faire") == NIGHT + 4 * HOUR


def test_a_correction_of_t0_recomputes_what_is_to_come() -> None:
    town = working()
    town.says("dsi", c.CorrectT0(run=1, t0=NIGHT - 30 * MINUTE, reason="r"))
    assert due(town, "faire") == NIGHT + 30 * MINUTE
    assert town.deadline("late").due == NIGHT + 30 * MINUTE


def targeted(target: str, wake: str = "") -> Town:
    sleep = f"\n        wake: {wake}" if wake else ""
    return working(TRAVAIL.replace("        target: T0 + 1 h", f"        target: {target}{sleep}"))


def test_a_target_may_count_from_the_entry_or_from_a_date() -> None:
    assert due(targeted("15 min"), "faire") == NIGHT + 15 * MINUTE
    town = targeted("date_virement - 2 j")
    assert due(town, "faire") is None
    town.says("dgs", c.SetFact(name="date_virement", value="04/12/2026"))
    assert due(town, "faire") == at("2026-12-02 00:00")
    assert town.deadline("late").due == at("2026-12-02 00:00")


def test_of_a_conditional_target_the_first_that_holds_is_the_target() -> None:
    town = targeted('[{when: {postes: "> 10"}, is: 10 min}, {when: {ou: ici}, is: 20 min}]')
    assert due(town, "faire") is None
    town.says("dsi", c.SetFact(name="ou", value="ici"))
    assert due(town, "faire") == NIGHT + 20 * MINUTE
    town.says("dsi", c.SetFact(name="postes", value="11"))
    assert due(town, "faire") == NIGHT + 10 * MINUTE


def test_an_rto_target_counts_from_each_interruption_and_the_first_to_be_due_wins() -> None:
    town = targeted("rto")
    assert due(town, "faire") == NIGHT + 4 * HOUR, "nothing is down yet: from T0, the shortest"
    town.says("dsi", c.ChangeActivity(activity="paie", status="interrupted"), occurred_at=NIGHT - HOUR)
    assert due(town, "faire") == NIGHT + 47 * HOUR, "deaths still go on: the pay is what is down"
    town.waits("2 h")
    town.says("dsi", c.ChangeActivity(activity="deces", status="interrupted"))
    assert due(town, "faire") == NIGHT + 6 * HOUR
    town.says("dsi", c.ChangeActivity(activity="deces", status="restored"))
    assert due(town, "faire") == NIGHT + 47 * HOUR


# Sleep


def test_a_sleeping_step_reminds_nobody_and_its_own_delay_counts_from_its_waking() -> None:
    town = targeted("2 h", "3 j")
    assert [one.kind for one in town.due.values()] == ["wake", "report"]
    town.waits("3 j")
    assert town.written(e.StepWoken)[0].late_ms == 0
    assert due(town, "faire") == NIGHT + 3 * DAY + 2 * HOUR
    assert not [one for one in town.written(e.Escalated) if one.step == "faire"]


def test_a_step_asleep_until_a_date_nobody_knows_is_reminded_until_it_is_known() -> None:
    town = targeted("2 h", "date_virement - 5 j")
    town.waits("6 h")
    assert [one.paced for one in town.written(e.Escalated)] == [True]
    town.says("dgs", c.SetFact(name="date_virement", value="04/12/2026"))
    assert town.deadline("wake").due == at("2026-11-29 00:00")
    town.until(at("2026-11-29 00:00"))
    assert cursor(town, "faire").awake


def test_a_date_already_past_wakes_the_step_at_once() -> None:
    town = targeted("2 h", "date_virement - 5 j")
    town.says("dgs", c.SetFact(name="date_virement", value="25/11/2026"))
    town.waits("1 min")
    assert cursor(town, "faire").awake


def test_people_may_act_on_a_step_that_sleeps() -> None:
    town = targeted("2 h", "3 j")
    town.picks("dsi", "passer", reason="plus tôt que prévu", confirm=True)
    assert town.steps == ["choisir"]


def test_what_the_clock_does_late_is_written_with_its_lateness() -> None:
    town = working(
        TRAVAIL.replace(
            "passer: {label: Passer, next: choisir}",
            "passer: {label: Passer, next: choisir, auto_after: 1 j}",
        )
    )
    town.sleeps("3 j")
    town.wakes()
    assert [(one.how, one.late_ms) for one in town.written(e.OutcomePicked)] == [("clock", 2 * DAY)]


# Rosters

LISTE = """
runbook: liste
facts:
  personnes: {type: integer, label: Personnes}
  vues: {type: integer, label: Vues}
  restent: {type: integer, label: Restent}
tracks:
  a:
    title: A
    steps:
      visiter:
        title: Visiter
        role: com
        roll: {title: P, size: personnes, states: {a_voir: À voir, vue: Vue}, counts: {vues: vue, restent: a_voir}}
        outcomes:
          toutes: {label: Toutes, next: fin, when: {restent: "0"}}
          dire: {label: Dire}
      fin: {title: Fin, end: closed}
"""


def test_a_roster_holds_numbers_a_state_each_and_counts_that_are_facts() -> None:
    town = working(LISTE)
    here = town.at_step("visiter")
    assert town.is_told("com", c.MarkRoll(**here, item=1, status="vue")).facts == {"item": 1, "count": 0}
    town.says("com", c.SetFact(name="personnes", value="3"))
    town.says("agent", c.MarkRoll(**here, item=2, status="vue"))
    assert town.run("liste").facts == {"personnes": "3", "vues": "1", "restent": "2"}
    assert town.says("agent", c.MarkRoll(**here, item=2, status="vue")) == []
    assert town.is_told("agent", c.MarkRoll(**here, item=4, status="vue")).code == "unknown_item"
    assert town.is_told("agent", c.MarkRoll(**here, item=1, status="partie")).code == "unknown_roll_status"
    for item in (1, 3):
        town.says("agent", c.MarkRoll(**here, item=item, status="vue"))
    town.picks("maire", "toutes")


def test_a_second_round_of_calls_counts_from_nobody() -> None:
    """Else « Tous appelés » is open before anybody was called again."""
    town = working(
        LISTE.replace(
            "      fin: {",
            """\
      pause: {title: Pause, role: maire, outcomes: {encore: {label: Encore, next: visiter}}}
      fin: {""",
        ).replace("next: fin, when", "next: pause, when")
    )
    town.says("com", c.SetFact(name="personnes", value="2"))
    for item in (1, 2):
        town.says("agent", c.MarkRoll(**town.at_step("visiter"), item=item, status="vue"))
    town.picks("maire", "toutes")
    town.picks("maire", "encore")
    assert town.run("liste").facts == {"personnes": "2", "vues": "0", "restent": "2"}
    assert town.is_told("maire", town.outcome("toutes")).code == "outcome_excluded"


def test_a_list_that_grows_while_it_is_called_is_counted_again() -> None:
    """Two were called, then four are found to be on the list: « Tous appelés » must not be open."""
    town = working(LISTE)
    town.says("com", c.SetFact(name="personnes", value="2"))
    for item in (1, 2):
        town.says("agent", c.MarkRoll(**town.at_step("visiter"), item=item, status="vue"))
    town.says("com", c.SetFact(name="personnes", value="4"))
    assert town.run("liste").facts == {"personnes": "4", "vues": "2", "restent": "2"}
    assert town.is_told("maire", town.outcome("toutes")).code == "outcome_excluded"


def test_a_step_without_roster_has_nothing_to_mark() -> None:
    town = working()
    assert town.is_told("dsi", c.MarkRoll(**town.at_step("faire"), item=1, status="vue")).code == "no_roll"


# Everything else about a press


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.PickOutcome(run=9, track="a", step="faire", visit=1, outcome="dire"), "unknown_run"),
        (c.PickOutcome(run=1, track="z", step="faire", visit=1, outcome="dire"), "unknown_step"),
        (c.PickOutcome(run=1, track="a", step="rien", visit=1, outcome="dire"), "unknown_step"),
        (c.PickOutcome(run=1, track="a", step="choisir", visit=1, outcome="ici"), "step_not_current"),
        (c.PickOutcome(run=1, track="a", step="faire", visit=7, outcome="dire"), "step_not_current"),
        (c.PickOutcome(run=1, track="a", step="faire", visit=1, outcome="danser"), "unknown_outcome"),
        (c.TakeStep(run=1, track="a", step="fin", visit=0), "step_not_current"),
        (c.JoinRun(run=1, track="a", step="faire", visit=1), "not_waiting"),
        (c.GoTo(run=1, track="a", to="rien", reason="r"), "unknown_step"),
        (c.GoTo(run=1, track="z", to="faire", reason="r"), "unknown_step"),
        (c.GoTo(run=1, track="a", to="faire", reason="r"), "already_there"),
    ],
)
def test_what_is_nowhere_is_refused_with_a_code(command: c.Command, code: str) -> None:
    assert working().is_told("maire", command).code == code


def test_a_typed_command_means_the_current_visit() -> None:
    town = working()
    town.says("dsi", c.PickOutcome(run=1, track="a", step="faire", visit=0, outcome="dire"))


def test_on_a_run_that_is_over_the_refusal_says_since_when() -> None:
    town = working()
    town.says("maire", c.AbandonRun(run=1, reason="r"))
    refused = town.is_told("dsi", c.PickOutcome(run=1, track="a", step="faire", visit=1, outcome="dire"))
    assert (refused.code, refused.facts["at"]) == ("run_over", NIGHT)
    assert town.is_told("maire", c.AbandonRun(run=1, reason="r")).code == "run_over"
