"""The law's clocks, T0 and the duties, sentence by sentence."""

from __future__ import annotations

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core.incident import Clock
from engine.core.quantities import DAY, HOUR, MINUTE
from tests.core.builders import NIGHT, Town, at, clock_spec, commands_of, duty, play

LOI = """
runbook: loi
clocks:
  - use: H-PLAINTE72
  - {use: H-CNIL33, unless: {donnees_personnelles: non}}
  - {use: H-REG, when: {donnees_personnelles: [oui, a_confirmer]}}
tracks:
  a:
    title: A
    steps:
      voir:
        title: Voir
        role: dpo
        target: T0 + 4 h
        checklist:
          - {do: Plainte déposée, optional: oui, clock_stop: H-PLAINTE72}
          - {do: Assureur appelé, optional: oui, clock_start: H-ASSUR}
        outcomes:
          notifie: {label: Notifié, clock_stop: H-CNIL33}
          encore: {label: Nouveaux faits, clock_start: H-CNIL33}
          fini: {label: Fini, next: fin}
      fin: {title: Fin, end: retex}
"""
AUTRE = """
runbook: autre
clocks:
  - {use: H-CNIL33, unless: {risque: nul}}
facts:
  risque: {type: choice, label: Risque, choices: {nul: Nul, eleve: Élevé}}
tracks:
  b:
    title: B
    steps:
      faire: {title: Faire, role: dpo, outcomes: {fait: {label: Fait, next: bfin}}}
      bfin: {title: Fin, end: closed}
"""


def begun(**more: object) -> Town:
    town = play(LOI, AUTRE, **more)
    town.declares("agent", "loi", known_at=NIGHT - 2 * HOUR)
    return town


def clock(town: Town, name: str = "H-CNIL33") -> Clock:
    return town.incident.clocks[name]


# Start


def test_legal_clocks_run_from_the_runs_t0_which_is_first_knowledge() -> None:
    town = begun()
    assert (clock(town).start, clock(town).due, clock(town).set_by) == (
        NIGHT - 2 * HOUR,
        NIGHT + 70 * HOUR,
        "agent",
    )
    assert "H-REG" not in town.incident.clocks, "one with `when` waits until its facts hold"


def test_a_clock_runs_in_doubt_and_one_with_when_starts_once_its_fact_holds() -> None:
    town = begun()
    town.says("dpo", c.SetFact(name="donnees_personnelles", value=""))
    assert clock(town).status == "running"
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="oui"))
    assert clock(town, "H-REG").status == "running"


def test_a_fact_known_before_the_run_opens_excludes_the_clock_from_the_start() -> None:
    town = play(LOI, AUTRE)
    town.declares("agent", "loi")
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="non"))
    town.says("maire", c.AbandonRun(run=1, reason="r"))
    town.says("dpo", c.OpenRunbook(runbook="loi"))
    assert clock(town).status == "suspended"


def test_each_clock_has_its_own_start_with_who_set_it_and_why() -> None:
    town = begun()
    town.says("dpo", c.StartClock(clock="H-ASSUR", start=NIGHT - 30 * MINUTE, reason="sinistre constaté"))
    (started,) = [one for one in town.entries(e.ClockStarted) if one.event.clock == "H-ASSUR"]
    assert (started.actor.id, started.event.reason) == ("dpo", "sinistre constaté")
    assert clock(town, "H-ASSUR").start == NIGHT - 30 * MINUTE


def test_a_clock_started_by_hand_counts_from_first_knowledge_by_default() -> None:
    town = begun()
    town.says("dpo", c.StartClock(clock="H-ASSUR"))
    assert clock(town, "H-ASSUR").start == NIGHT - 2 * HOUR


def test_a_clock_of_the_future_or_of_another_century_is_refused() -> None:
    town = begun()
    assert town.is_told("dpo", c.StartClock(clock="H-ASSUR", start=NIGHT + 1)).code == "in_the_future"
    assert town.is_told("dpo", c.CorrectClock(clock="H-CNIL33", start=1, reason="r")).code == "unlikely_date"
    assert town.is_told("dpo", c.StartClock(clock="H-RIEN")).code == "unknown_clock"
    assert town.is_told("dpo", c.StartClock(clock="H-CNIL33")).code == "clock_running"


def test_a_box_starts_and_stops_clocks_at_the_hour_it_happened() -> None:
    town = begun()
    here = town.at_step("voir")
    town.says("com", c.Tick(**here, item=2), occurred_at=NIGHT - HOUR)
    town.waits("1 h")
    town.says("com", c.Tick(**here, item=1), occurred_at=NIGHT + 10 * MINUTE)
    assert clock(town, "H-ASSUR").start == NIGHT - HOUR
    assert (clock(town, "H-PLAINTE72").status, clock(town, "H-PLAINTE72").stopped_at) == (
        "stopped",
        NIGHT + 10 * MINUTE,
    )


def test_working_days_of_the_law_follow_the_towns_calendar() -> None:
    town = begun()
    town.says("com", c.Tick(**town.at_step("voir"), item=2))
    assert clock(town, "H-ASSUR").due == at("2026-12-01 03:00"), "five working days after Tuesday the 24th"


# Warnings


def test_a_clock_warns_at_50_75_90_then_is_breached_and_each_once() -> None:
    town = begun()
    town.waits("10 j")
    mine = [one for one in town.journal if getattr(one.event, "clock", "") == "H-CNIL33"]
    told = [
        (type(one.event).__name__, getattr(one.event, "percent", 100), one.at - NIGHT + 2 * HOUR)
        for one in mine[1:]
    ]
    assert told == [
        ("ClockWarned", 50, 36 * HOUR), ("ClockWarned", 75, 54 * HOUR),
        ("ClockWarned", 90, 64 * HOUR + 48 * MINUTE), ("ClockBreached", 100, 72 * HOUR),
    ]  # fmt: skip
    assert clock(town).breached


def test_a_stopped_clock_is_never_warned() -> None:
    town = begun()
    town.picks("dpo", "notifie")
    town.waits("10 j")
    assert not [one for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"]


def test_a_clock_with_no_length_runs_and_never_warns() -> None:
    town = begun()
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="oui"))
    town.waits("10 j")
    assert clock(town, "H-REG").due == 0
    assert not [one for one in town.written(e.ClockWarned) if one.clock == "H-REG"]


def test_after_a_stop_of_three_days_each_threshold_is_written_with_its_lateness_and_only_the_last_told() -> (
    None
):
    town = begun()
    town.sleeps("3 j")
    town.wakes()
    warned = [
        (one.percent, one.late_ms, one.told) for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"
    ]
    assert warned == [
        (50, 38 * HOUR, False), (75, 20 * HOUR, False), (90, 9 * HOUR + 12 * MINUTE, False),
    ]  # fmt: skip
    assert [one.late_ms for one in town.written(e.ClockBreached) if one.clock == "H-CNIL33"] == [2 * HOUR]


def test_the_laws_delay_is_in_hours_over_the_autumn_night() -> None:
    town = play(LOI, AUTRE)
    town.now = at("2026-10-23 18:00")
    town.declares("agent", "loi")
    assert clock(town).due == at("2026-10-26 17:00"), "72 hours, one of them twice"
    town.waits("72 h")
    assert clock(town).breached


# Suspension


def test_a_fact_that_excludes_it_suspends_with_a_reason_and_one_that_no_longer_does_resumes() -> None:
    town = begun()
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="non"))
    assert clock(town).status == "suspended"
    assert town.written(e.ClockSuspended)[0].reason == "donnees_personnelles = non"
    town.waits("2 j")
    assert not [one for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"]
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="a_confirmer"))
    assert (clock(town).status, clock(town).due) == ("running", NIGHT + 70 * HOUR), "the law's delay went on"
    town.waits("1 min")
    assert [one.percent for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"] == [50]


def test_a_clock_runs_as_long_as_one_procedure_does_not_exclude_it() -> None:
    town = begun()
    town.says("dpo", c.OpenRunbook(runbook="autre"))
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="non"))
    assert clock(town).status == "running"
    town.says("dpo", c.SetFact(name="risque", value="nul"))
    assert clock(town).status == "suspended"
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="oui"))
    assert clock(town).status == "running"


def test_a_procedure_that_opens_without_excluding_it_resumes_a_suspended_clock() -> None:
    town = begun()
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="non"))
    town.says("dpo", c.OpenRunbook(runbook="autre"))
    assert clock(town).status == "running"


def test_the_end_of_a_run_stops_no_clock_and_facts_still_count() -> None:
    town = begun()
    town.picks("dpo", "fini")
    assert clock(town).status == "running"
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="non"))
    assert clock(town).status == "suspended"


def test_a_clock_that_was_stopped_does_not_come_back_with_another_procedure() -> None:
    """The complaint was lodged: a second procedure that asks for it finds it done."""
    town = begun()
    town.picks("dpo", "notifie")
    town.says("dpo", c.OpenRunbook(runbook="autre"))
    assert clock(town).status == "stopped"


def test_an_outcome_or_a_person_may_start_a_stopped_clock_anew() -> None:
    town = begun()
    town.picks("dpo", "notifie")
    town.waits("5 h")
    town.picks("dpo", "encore")
    assert (clock(town).status, clock(town).start, clock(town).run) == ("running", NIGHT + 5 * HOUR, 1)
    town.picks("dpo", "notifie")
    town.says("dpo", c.StartClock(clock="H-CNIL33", start=NIGHT + 4 * HOUR, reason="seconde fuite"))
    assert (clock(town).start, clock(town).run) == (NIGHT + 4 * HOUR, 1)


# Correction


def test_correcting_t0_moves_the_clocks_that_counted_from_it_and_what_was_sent_stays() -> None:
    town = begun()
    town.says("dpo", c.StartClock(clock="H-ASSUR", start=NIGHT - HOUR))
    town.waits("40 h")
    assert [one.percent for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"] == [50]
    town.says("dpo", c.CorrectT0(run=1, t0=NIGHT - 3 * HOUR, reason="vu par le gardien"))
    assert (clock(town).start, clock(town).due) == (NIGHT - 3 * HOUR, NIGHT + 69 * HOUR)
    assert clock(town, "H-ASSUR").start == NIGHT - HOUR
    town.waits("1 h")
    assert [one.percent for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"] == [50], (
        "not told again"
    )


def test_a_threshold_that_a_correction_moves_ahead_is_told_when_it_comes() -> None:
    town = begun()
    town.waits("40 h")
    town.says(
        "dpo", c.CorrectClock(clock="H-CNIL33", start=NIGHT + 30 * HOUR, reason="fuite prouvée plus tard")
    )
    town.waits("26 h")
    assert [one.percent for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"] == [50, 50]


def test_a_breach_that_a_correction_undoes_is_no_breach_any_more() -> None:
    town = begun()
    town.waits("80 h")
    assert clock(town).breached
    town.says("dpo", c.CorrectClock(clock="H-CNIL33", start=NIGHT + 60 * HOUR, reason="r"))
    assert not clock(town).breached
    town.waits("60 h")
    assert len([one for one in town.written(e.ClockBreached) if one.clock == "H-CNIL33"]) == 2


def test_a_correction_that_makes_it_late_says_so_at_once() -> None:
    town = begun()
    town.says("dpo", c.CorrectT0(run=1, t0=NIGHT - 100 * HOUR, reason="su depuis quatre jours"))
    town.waits("1 min")
    assert clock(town).breached
    assert [one.told for one in town.written(e.ClockWarned) if one.clock == "H-CNIL33"] == [False] * 3


def test_a_true_t0_after_the_clock_was_stopped_says_whether_the_duty_was_late() -> None:
    town = begun()
    town.waits("69 h")
    town.picks("dpo", "notifie")
    assert not clock(town).breached
    town.says("dpo", c.CorrectT0(run=1, t0=NIGHT - 5 * HOUR, reason="r"))
    assert (clock(town).status, clock(town).breached) == ("stopped", True)
    assert not [one for one in town.due.values() if one.kind == "clock" and one.subject == "H-CNIL33"]


def test_stopping_late_but_with_the_hour_it_was_done_is_no_breach() -> None:
    town = begun()
    town.waits("80 h")
    assert clock(town).breached
    town.says(
        "dpo", c.StopClock(clock="H-CNIL33", reason="récépissé retrouvé"), occurred_at=NIGHT + 50 * HOUR
    )
    assert (clock(town).status, clock(town).breached) == ("stopped", False)
    assert town.is_told("dpo", c.StopClock(clock="H-CNIL33")).code == "clock_stopped"


def test_a_correction_needs_a_reason() -> None:
    town = begun()
    for command in (
        c.CorrectT0(run=1, t0=NIGHT, reason=" "),
        c.CorrectClock(clock="H-CNIL33", start=NIGHT, reason=""),
    ):
        assert town.is_told("dpo", command).code == "reason_needed"
    assert town.is_told("dpo", c.CorrectT0(run=9, t0=NIGHT, reason="r")).code == "unknown_run"
    assert town.is_told("dpo", c.CorrectT0(run=1, t0=NIGHT + 1, reason="r")).code == "in_the_future"


def test_a_procedure_opened_after_a_bare_declaration_counts_the_law_from_first_knowledge() -> None:
    town = play(LOI, AUTRE)
    town.declares("agent", known_at=NIGHT - 2 * HOUR)
    town.waits("1 h")
    town.says("dpo", c.OpenRunbook(runbook="loi"))
    assert (town.run("loi").t0, clock(town).start) == (NIGHT + HOUR, NIGHT - 2 * HOUR)
    town.says("dpo", c.CorrectT0(run=1, t0=NIGHT - 3 * HOUR, reason="vu plus tôt"))
    assert clock(town).start == NIGHT - 3 * HOUR


def test_the_t0_of_who_took_over_corrects_first_knowledge_and_every_clock_that_counts_from_it() -> None:
    town = play(LOI.replace("fini: {label: Fini, next: fin}", "fini: {label: Fini, hand_over: autre}"), AUTRE)
    town.declares("agent", "loi")
    town.picks("dpo", "fini")
    town.says("dpo", c.CorrectT0(run=2, t0=NIGHT - HOUR, reason="vu plus tôt"))
    assert {clock(town, name).start for name in ("H-CNIL33", "H-PLAINTE72")} == {NIGHT - HOUR}
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="oui"))
    town.says("dpo", c.StartClock(clock="H-ASSUR"))
    assert clock(town, "H-ASSUR").start == NIGHT - HOUR


def test_the_t0_of_another_procedure_moves_only_its_own_clocks() -> None:
    town = begun()
    town.says("dpo", c.OpenRunbook(runbook="autre"))
    town.says("dpo", c.CorrectT0(run=2, t0=NIGHT - MINUTE, reason="r"))
    assert clock(town).start == NIGHT - 2 * HOUR


def test_each_run_has_its_own_t0() -> None:
    town = begun()
    town.says("dpo", c.OpenRunbook(runbook="autre"))
    assert [run.t0 for run in town.incident.runs.values()] == [NIGHT - 2 * HOUR, NIGHT]
    town.says("dpo", c.CorrectT0(run=2, t0=NIGHT - MINUTE, reason="r"))
    assert town.run("loi").t0 == NIGHT - 2 * HOUR


# Closing


def test_closing_cancels_nothing_of_the_law() -> None:
    town = begun()
    town.picks("dpo", "fini")
    refused = town.is_told("maire", c.CloseIncident())
    assert (refused.code, refused.facts["clocks"]) == ("still_open", ("H-PLAINTE72", "H-CNIL33"))
    town.says("maire", c.CloseIncident(confirm=True))
    town.waits("36 h")
    assert "H-CNIL33" in {one.clock for one in town.written(e.ClockWarned)}
    town.says("dpo", c.StopClock(clock="H-CNIL33", reason="notifié"))


# Duties

DUTIES = {
    "journal": duty("opening", "dgs", "T0 + 1 h"),
    "bilan": duty("ending", "dgs", "24 h"),
    "chaud": duty("retex", "dgs", "72 h"),
    "froid": duty("retex", "dgs", "2 mois"),
}


def tasks(town: Town) -> dict[str, int]:
    return {task.duty: task.due for task in town.incident.tasks.values()}


def test_common_duties_begin_with_the_incident_and_with_the_last_end() -> None:
    town = begun(duties=DUTIES)
    assert tasks(town) == {"journal": NIGHT - HOUR}, "an hour after first knowledge"
    town.picks("dpo", "fini")
    assert tasks(town) == {
        "journal": NIGHT - HOUR, "bilan": NIGHT + DAY, "chaud": NIGHT + 3 * DAY, "froid": at("2027-01-24 03:00"),
    }  # fmt: skip


def test_a_retex_is_owed_once_on_the_whole_whoever_ends_last() -> None:
    town = begun(duties=DUTIES)
    town.says("dpo", c.OpenRunbook(runbook="autre"))
    town.picks("dpo", "fini")
    assert list(tasks(town)) == ["journal"], "the other still goes on"
    town.picks("dpo", "fait")
    assert list(tasks(town)) == ["journal", "bilan", "chaud", "froid"]
    town.says("maire", c.GoTo(run=2, track="b", to="faire", reason="r"))
    town.picks("dpo", "fait")
    assert len(tasks(town)) == len(town.incident.tasks) == 4, "each once"


@pytest.mark.parametrize("end", ["abandon", "fausse"])
def test_an_abandoned_run_or_a_false_alarm_owes_nothing(end: str) -> None:
    town = play(LOI.replace("end: retex", "end: false_alarm"), AUTRE, duties=DUTIES)
    town.declares("agent", "loi")
    if end == "abandon":
        town.says("maire", c.AbandonRun(run=1, reason="r"))
    else:
        town.picks("dpo", "fini", reason="un test")
    assert "bilan" not in tasks(town)


def test_closing_over_open_procedures_owes_what_their_ends_would_have() -> None:
    town = begun(duties=DUTIES)
    town.says("maire", c.CloseIncident(reason="fin", confirm=True))
    assert list(tasks(town)) == ["journal", "bilan", "chaud", "froid"]


def test_a_duty_may_be_done_by_anybody_and_its_lateness_is_told_twice() -> None:
    town = begun(duties=DUTIES)
    town.waits("2 h")
    assert [(one.task, one.rung) for one in town.written(e.TaskLate)] == [(1, 1), (1, 2)]
    town.says("agent", c.FinishTask(task=1))
    assert town.is_told("agent", c.FinishTask(task=1)).code == "task_done"


def test_a_closed_incident_rings_only_for_what_it_still_owes() -> None:
    town = begun(duties=DUTIES)
    town.says("maire", c.AddTask(text="rappeler l'assureur", who="dsi", due=NIGHT + HOUR))
    town.says("maire", c.CloseIncident(reason="fin", confirm=True))
    town.waits("4 j")
    late = {town.incident.tasks[one.task].duty or "asked by hand" for one in town.written(e.TaskLate)}
    assert late == {"asked by hand", "bilan", "chaud"}, "not the duty of its opening"
    assert town.written(e.ClockBreached), "closing stops no clock of the law"
    assert not town.written(e.Escalated)


def test_a_closed_exercise_rings_nobody_and_does_again_once_it_is_reopened() -> None:
    town = play(LOI, AUTRE, duties=DUTIES)
    town.declares("agent", "loi", exercise=True)
    town.says("maire", c.CloseIncident(reason="fin", confirm=True))
    before = len(town.journal)
    town.waits("4 j")
    assert len(town.journal) == before
    town.says("maire", c.ReopenIncident(reason="encore"))
    town.waits("1 h")
    assert town.written(e.TaskLate)


def test_a_clock_that_the_library_no_longer_knows_keeps_its_pinned_delay() -> None:
    town = begun(clocks={"H-CNIL33": clock_spec("1 h")})
    town.says("dpo", c.CorrectClock(clock="H-CNIL33", start=NIGHT, reason="r"))
    assert clock(town).due == NIGHT + 72 * HOUR
    assert commands_of(town.says("dpo", c.StopClock(clock="H-PLAINTE72")))[0] == "ClockStopped"
