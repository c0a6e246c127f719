"""Reality always goes in: notes, corrections, deviations, tasks, activities; closing and opening again."""

from __future__ import annotations

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core.incident import Activity
from engine.core.quantities import DAY, HOUR, MINUTE
from tests.core.builders import NIGHT, Town, at, commands_of, play

SIMPLE = """
runbook: simple
severity: G3
updates: {every: 2 h}
tracks:
  a:
    title: A
    steps:
      faire:
        title: Faire
        role: dsi
        outcomes:
          fait: {label: Fait, next: fin, resumes: [paie]}
          tombe: {label: Tombe, interrupts: [paie], degrades: deces}
      fin: {title: Fin, end: closed}
messages:
  consigne: {audience: agents, text: Débranchez.}
"""
PRESSE = SIMPLE.replace("runbook: simple", "runbook: presse").replace("every: 2 h", "every: 30 min")


def going() -> Town:
    town = play(SIMPLE, PRESSE)
    town.declares("agent", "simple")
    return town


# The main courante


def test_a_note_has_its_own_time_and_keeps_when_it_was_written() -> None:
    town = going()
    town.says("com", c.Note(text="  les écrans sont rouges "), occurred_at=NIGHT - HOUR)
    (entry,) = town.entries(e.NoteTaken)
    assert (entry.at, entry.occurred_at, entry.actor.id) == (NIGHT, NIGHT - HOUR, "com")
    assert entry.event == e.NoteTaken(text="les écrans sont rouges")


def test_what_is_dated_in_the_future_or_in_another_century_is_refused() -> None:
    town = going()
    assert town.is_told("com", c.Note(text="x"), occurred_at=NIGHT + MINUTE).code == "in_the_future"
    assert town.is_told("com", c.Note(text="x"), occurred_at=5).code == "unlikely_date"
    assert town.is_told("com", c.AddTask(text="x", due=NIGHT + 30_000 * DAY)).code == "unlikely_date"


def test_time_never_runs_backwards_whatever_the_machine_says() -> None:
    town = going()
    town.waits("1 h")
    town.says("dsi", c.Note(text="quatre heures"))
    town.now = NIGHT
    town.says("com", c.Note(text="l'horloge a reculé"))
    assert town.journal[-1].at == NIGHT + HOUR


def test_a_decision_is_a_kind_of_its_own() -> None:
    town = going()
    town.says("maire", c.Decision(text="on ne paie pas"))
    assert town.written(e.DecisionMade) == [e.DecisionMade(text="on ne paie pas")]


@pytest.mark.parametrize(
    "command",
    [c.Note(text=" "), c.Decision(text=""), c.Say(text=""), c.Deviate(text=""), c.AddTask(text=""),
     c.AskSituation(text="")],
)  # fmt: skip
def test_nothing_written_is_refused_and_so_is_too_much(command: c.Command) -> None:
    town = going()
    assert town.is_told("com", command).code == "nothing_written"
    assert town.is_told("com", c.Note(text="x" * 40_001)).code == "too_long"


def test_a_correction_is_a_new_entry_and_the_corrected_one_stays() -> None:
    town = going()
    town.says("com", c.Note(text="14 postes"))
    number = town.entries(e.NoteTaken)[0].seq
    town.says("com", c.Correct(entry=number, text="12 postes"))
    assert town.written(e.NoteTaken)[0].text == "14 postes"
    assert town.written(e.EntryCorrected) == [e.EntryCorrected(entry=number, text="12 postes")]
    for entry in (0, -1, 999):
        assert town.is_told("com", c.Correct(entry=entry, text="x")).code == "unknown_entry"


def test_a_deviation_is_flagged_authorises_nothing_and_moves_nothing() -> None:
    town = going()
    before = town.incident.runs
    town.says("agent", c.Deviate(text="tout débranché sans attendre", run=1, track="a", step="faire"))
    assert (town.incident.deviations, town.incident.runs) == (1, before)
    town.says("agent", c.Deviate(text="hors de tout", track="a", step="faire"))
    assert town.written(e.DeviationRecorded)[-1] == e.DeviationRecorded(text="hors de tout")
    assert town.is_told("agent", c.Deviate(text="x", run=1, track="a", step="nulle")).code == "unknown_step"


def test_a_message_sent_is_logged_as_it_was_sent() -> None:
    town = going()
    town.says("com", c.SendMessage(run=1, message="consigne", text="Débranchez tout."))
    assert town.written(e.MessageSent) == [
        e.MessageSent(run=1, message="consigne", audience="agents", text="Débranchez tout.")
    ]
    assert town.is_told("com", c.SendMessage(run=1, message="rien", text="x")).code == "unknown_message"


def test_a_legal_erasure_needs_a_director_a_reason_and_a_visa() -> None:
    town = going()
    assert town.is_told("maire", c.Erase(entries=(1,), reason="r")).code == "visa_needed"
    assert town.is_told("maire", c.Erase(entries=(1,), reason="", visa="v")).code == "reason_needed"
    assert town.is_told("maire", c.Erase(entries=(), reason="r", visa="v")).code == "unknown_entry"
    assert town.is_told("maire", c.Erase(entries=(99,), reason="r", visa="v")).code == "unknown_entry"
    town.says("maire", c.Erase(entries=(2, 1, 2), reason="demande", visa="AD-2026-12"))
    assert town.written(e.Erased)[0].entries == (1, 2)


# Tasks


def test_a_task_is_for_somebody_by_a_time_and_its_lateness_is_told() -> None:
    town = going()
    town.says("agent", c.AddTask(text="appeler l'assureur", who="com", due=NIGHT + HOUR))
    assert town.is_told("agent", c.AddTask(text="x", who="inconnu")).code == "unknown_person"
    assert town.is_told("agent", c.AddTask(text="x", due=NIGHT - 1)).code == "in_the_past"
    town.waits("3 h")
    assert [(entry.at - NIGHT, entry.event.rung) for entry in town.entries(e.TaskLate)] == [
        (HOUR, 1),
        (2 * HOUR, 2),
    ]
    town.says("dsi", c.FinishTask(task=1))
    assert town.incident.tasks[1].done is not None
    assert town.is_told("com", c.FinishTask(task=1)).facts["by"] == "Dsi"
    assert town.is_told("com", c.FinishTask(task=7)).code == "unknown_task"


def test_a_task_done_in_time_is_never_late_and_one_without_a_time_neither() -> None:
    town = going()
    town.says("agent", c.AddTask(text="un", due=NIGHT + HOUR))
    town.says("agent", c.AddTask(text="deux"))
    town.says("agent", c.FinishTask(task=1))
    town.waits("2 j")
    assert town.written(e.TaskLate) == []


# Activities


def activity(town: Town, name: str = "paie") -> Activity:
    return town.incident.activities[name]


def test_an_activity_is_interrupted_degraded_restored_each_at_its_hour() -> None:
    town = going()
    town.says("com", c.ChangeActivity(activity="paie", status="interrupted"), occurred_at=NIGHT - HOUR)
    assert activity(town) == Activity(status="interrupted", since=NIGHT - HOUR, interrupted_at=NIGHT - HOUR)
    town.waits("1 h")
    town.says("com", c.ChangeActivity(activity="paie", status="degraded"))
    assert activity(town) == Activity(status="degraded", since=NIGHT + HOUR, interrupted_at=NIGHT - HOUR)
    town.waits("1 h")
    town.says("com", c.ChangeActivity(activity="paie", status="restored"), occurred_at=NIGHT + 90 * MINUTE)
    assert activity(town).restored_at == NIGHT + 90 * MINUTE
    assert activity(town).interrupted_at == NIGHT - HOUR, "the time it took is still known"


def test_an_activity_touched_again_after_it_was_restored_starts_anew() -> None:
    town = going()
    for status in ("interrupted", "restored"):
        town.says("com", c.ChangeActivity(activity="paie", status=status))
        town.waits("1 h")
    town.says("com", c.ChangeActivity(activity="paie", status="degraded"))
    assert activity(town) == Activity(
        status="degraded", since=NIGHT + 2 * HOUR, interrupted_at=NIGHT + 2 * HOUR
    )


def test_the_hour_of_an_interruption_is_corrected_by_saying_it_again() -> None:
    town = going()
    change = c.ChangeActivity(activity="paie", status="interrupted")
    town.says("com", change)
    assert town.says("com", change) == [], "the same without an hour says nothing new"
    town.says("com", change, occurred_at=NIGHT - 2 * HOUR)
    assert activity(town).interrupted_at == NIGHT - 2 * HOUR
    town.waits("1 h")
    town.says("com", c.ChangeActivity(activity="paie", status="degraded"))
    town.says("com", c.ChangeActivity(activity="paie", status="degraded"), occurred_at=NIGHT + 30 * MINUTE)
    assert (activity(town).since, activity(town).interrupted_at) == (NIGHT + 30 * MINUTE, NIGHT - 2 * HOUR)


def test_an_activity_does_not_come_back_before_it_stopped_nor_without_having_stopped() -> None:
    town = going()
    assert (
        town.is_told("com", c.ChangeActivity(activity="paie", status="restored")).code == "activity_untouched"
    )
    assert (
        town.is_told("com", c.ChangeActivity(activity="paie", status="lente")).code
        == "unknown_activity_state"
    )
    town.says("com", c.ChangeActivity(activity="paie", status="interrupted"))
    early = c.ChangeActivity(activity="paie", status="restored")
    assert town.is_told("com", early, occurred_at=NIGHT - HOUR).code == "activity_before"
    town.waits("1 h")
    town.says("com", c.ChangeActivity(activity="paie", status="degraded"))
    again = c.ChangeActivity(activity="paie", status="degraded")
    assert town.is_told("com", again, occurred_at=NIGHT - HOUR).code == "activity_before"


def test_an_outcome_says_what_it_interrupts_degrades_and_resumes() -> None:
    town = going()
    town.picks("dsi", "tombe")
    assert (activity(town).status, activity(town, "deces").status) == ("interrupted", "degraded")
    assert commands_of(town.picks("dsi", "tombe")) == ["OutcomePicked"], "already so"
    town.picks("dsi", "fait")
    assert activity(town).status == "restored"


def test_an_outcome_restores_nothing_that_nobody_stopped() -> None:
    town = going()
    town.picks("dsi", "fait")
    assert town.incident.activities == {}


# Severity


def test_severity_comes_from_the_procedure_and_is_reviewed() -> None:
    town = going()
    assert town.incident.severity == "G3"
    town.says("dgs", c.ChangeSeverity(level="g4", reason="tout est touché"))
    assert town.incident.severity == "G4"
    assert commands_of(town.says("dgs", c.ChangeSeverity(level="G4"))) == []
    assert town.is_told("dgs", c.ChangeSeverity(level="G5")).code == "unknown_severity"


def test_the_severity_declared_wins_over_the_procedures() -> None:
    town = play(SIMPLE)
    assert town.is_told("agent", c.Declare(title="x", known_at=0, severity="G7")).code == "unknown_severity"
    assert town.is_told("agent", c.Declare(title="x", known_at=0, runbook="rien")).code == "unknown_runbook"
    town.declares("agent", "simple", severity="G1")
    assert town.incident.severity == "G1"


# Situation reports


def test_a_report_is_due_at_the_shortest_pace_of_the_open_procedures_and_reminded_once() -> None:
    town = going()
    assert town.deadline("report").due == NIGHT + 2 * HOUR
    town.says("dsi", c.OpenRunbook(runbook="presse"))
    assert town.deadline("report").due == NIGHT + 30 * MINUTE
    town.waits("5 h")
    assert [entry.at - NIGHT for entry in town.entries(e.SituationDue)] == [30 * MINUTE]
    town.says("dgs", c.AskSituation(text="deux procédures en cours"))
    assert town.deadline("report").due == NIGHT + 5 * HOUR + 30 * MINUTE


def test_no_report_is_due_once_no_procedure_is_open_or_the_incident_is_closed() -> None:
    town = going()
    town.picks("dsi", "fait")
    assert not [one for one in town.due.values() if one.kind == "report"]
    town = going()
    town.says("maire", c.CloseIncident(reason="r", confirm=True))
    assert not [one for one in town.due.values() if one.kind == "report"]
    town.says("maire", c.ReopenIncident(reason="r"))
    assert town.deadline("report").due == NIGHT + 2 * HOUR


# Closing


def test_a_person_closes_when_all_runs_have_ended_or_earlier_with_a_reason() -> None:
    town = going()
    assert town.is_told("dsi", c.CloseIncident()).code == "director_only"
    refused = town.is_told("maire", c.CloseIncident())
    assert (refused.code, refused.facts["runs"]) == ("still_open", ("simple",))
    assert refused.facts["activities"] == ()
    town.picks("dsi", "tombe")
    assert town.is_told("maire", c.CloseIncident()).facts["activities"] == ("paie", "deces")
    assert town.is_told("maire", c.CloseIncident(confirm=True)).code == "reason_needed"
    town.says("maire", c.CloseIncident(confirm=True, reason="repris par la préfecture"))
    assert town.written(e.IncidentClosed)[0].open_runs == (1,)
    town = going()
    town.picks("dsi", "fait")
    town.says("maire", c.CloseIncident())


def test_what_nobody_said_is_back_is_named_before_it_is_forgotten() -> None:
    town = going()
    town.picks("dsi", "fait")
    town.says("dsi", c.ChangeActivity(activity="paie", status="interrupted"))
    refused = town.is_told("maire", c.CloseIncident())
    assert (refused.code, refused.facts["runs"], refused.facts["activities"]) == ("still_open", (), ("paie",))
    town.says("dsi", c.ChangeActivity(activity="paie", status="restored"))
    town.says("maire", c.CloseIncident())


@pytest.mark.parametrize(
    "command",
    [c.Note(text="x"), c.Decision(text="x"), c.Deviate(text="x"), c.Correct(entry=1, text="x"), c.AddTask(text="x"),
     c.AddEvidence(run=1, track="a", step="faire", name="n", text="t"), c.StartClock(clock="H-CNIL33"), c.Say(text="x"),
     c.ChangeActivity(activity="paie", status="interrupted"), c.AskSituation(text="x")],
)  # fmt: skip
def test_reality_still_goes_into_a_closed_incident(command: c.Command) -> None:
    town = going()
    town.says("maire", c.CloseIncident(confirm=True, reason="r"))
    town.says("maire", command)


@pytest.mark.parametrize(
    "command",
    [c.PickOutcome(run=1, track="a", step="faire", outcome="fait"), c.GoTo(run=1, track="a", to="fin", reason="r"),
     c.TakeStep(run=1, track="a", step="faire"), c.OpenRunbook(runbook="presse"), c.CallRoll(),
     c.Skip(run=1, track="a", step="faire", reason="r"), c.AbandonRun(run=1, reason="r")],
)  # fmt: skip
def test_no_step_of_a_closed_incident_moves(command: c.Command) -> None:
    town = going()
    town.says("maire", c.CloseIncident(confirm=True, reason="r"))
    refused = town.is_told("maire", command)
    assert (refused.code, refused.facts["at"]) == ("incident_closed", NIGHT)
    assert not [one for one in town.due.values() if one.kind in ("late", "remind", "auto", "wake")]


def test_closing_can_be_undone_and_everything_is_where_it_was() -> None:
    town = going()
    runs = town.incident.runs
    town.says("maire", c.CloseIncident(confirm=True, reason="r"))
    assert town.is_told("maire", c.CloseIncident(confirm=True, reason="r")).code == "incident_closed"
    assert town.is_told("dsi", c.ReopenIncident(reason="r")).code == "director_only"
    assert town.is_told("maire", c.ReopenIncident(reason="")).code == "reason_needed"
    town.says("maire", c.ReopenIncident(reason="ça recommence"))
    assert town.incident.runs is runs
    assert town.is_told("maire", c.ReopenIncident(reason="r")).code == "not_closed"
    town.picks("dsi", "fait")


def test_before_the_declaration_there_is_no_incident() -> None:
    town = play(SIMPLE)
    assert town.is_told("maire", c.Note(text="x")).code == "no_incident"
    assert town.is_told("", c.FireDeadline(kind="report")).code == "no_incident"


# The clock's own orders


def test_only_the_clock_fires_deadlines_and_only_those_that_are_due() -> None:
    town = going()
    due = town.deadline("report")
    order = c.FireDeadline(kind="report", due=due.due)
    assert town.is_told("maire", order).code == "clock_only"
    assert town.is_told("", order, entered_by="maire").code == "clock_only"
    assert town.is_told("", order).facts["at"] == due.due
    assert town.is_told("", c.FireDeadline(kind="late", run=1, track="a", visit=1, rung=1)).code == "moved_on"
    assert town.is_told("", c.FireDeadline(kind="bruit")).code == "moved_on"


def test_over_the_spring_night_reports_come_every_two_hours() -> None:
    town = play(SIMPLE)
    town.now = at("2027-03-28 01:30")
    town.declares("agent", "simple")
    town.waits("2 h")
    assert [entry.at for entry in town.entries(e.SituationDue)] == [at("2027-03-28 04:30")]
