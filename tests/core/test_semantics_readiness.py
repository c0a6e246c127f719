"""A review that comes round is a run like any other, and no crisis: it frightens nobody, and starts no legal clock."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core.quantities import DAY, HOUR
from tests.core.builders import NIGHT, Town, duty, play

REVUE = """
runbook: revue
recurs: [{every: 6 mois}]
tracks:
  a:
    title: A
    steps:
      relire:
        title: Relire
        role: dsi
        outcomes:
          bon: {label: Bon, next: vu}
          intrus: {label: Intrus, hand_over: attaque}
          doute: {label: Doute, open: [attaque]}
      vu: {title: Vu, end: closed}
"""
ATTAQUE = """
runbook: attaque
severity: G4
clocks: [{use: H-CNIL33}]
tracks:
  b:
    title: B
    steps:
      agir: {title: Agir, role: dsi, outcomes: {fait: {label: Fait, next: fin}}}
      fin: {title: Fin, end: retex}
"""
DUTIES = {
    "main_courante": duty("opening", "secretaire", "10 min"),
    "gravite": duty("opening", "dgs", "T0 + 1 h"),
    "sortie": duty("ending", "dgs", "24 h"),
    "retex": duty("retex", "dgs", "72 h"),
}


def begun(by: str = "dsi") -> Town:
    town = play(REVUE, ATTAQUE, duties=DUTIES)
    town.declares(by, "revue")
    return town


def test_a_review_owes_none_of_the_duties_of_a_crisis() -> None:
    town = begun()
    town.picks("dsi", "bon")
    assert town.incident.readiness
    assert not town.incident.severity
    assert town.incident.status == "closed", "nobody directs a review: it is over by itself"
    assert town.incident.tasks == {}
    assert town.incident.clocks == {}


def test_closed_before_its_end_it_owes_none_either() -> None:
    town = begun()
    town.says("maire", c.CloseIncident(confirm=True, reason="reportée"))
    assert town.incident.tasks == {}


def test_its_proof_may_still_be_brought_once_it_is_over() -> None:
    town = begun()
    town.picks("dsi", "bon")
    town.says("dsi", c.AddEvidence(run=0, track="", step="", visit=0, name="Visa", text="Visa daté"))
    assert town.incident.evidence == 1


def test_whoever_opens_a_review_does_not_direct_a_crisis() -> None:
    """Else they could force the second signature that their own review asks for."""
    assert not begun("agent").incident.interim


def test_what_a_review_finds_is_an_incident_from_then_on() -> None:
    town = begun()
    town.waits("20 j")
    town.picks("dsi", "intrus")
    found_at = NIGHT + 20 * DAY
    assert not town.incident.readiness
    assert town.incident.severity == "G4"
    assert town.run("revue").end == "transferred"
    assert town.run("attaque").t0 == found_at
    assert town.incident.clocks["H-CNIL33"].start == found_at
    assert {task.duty: task.due for task in town.incident.tasks.values()} == {
        "main_courante": found_at + HOUR // 6,
        "gravite": found_at + HOUR,
    }
    town.picks("dsi", "fait")
    assert {task.duty for task in town.incident.tasks.values()} >= {"sortie", "retex"}


def test_an_incident_beside_a_review_counts_from_itself() -> None:
    town = begun()
    town.waits("20 j")
    town.picks("dsi", "doute")
    assert town.incident.clocks["H-CNIL33"].start == NIGHT + 20 * DAY
    assert town.run("revue").open


def test_a_review_opened_in_the_middle_of_a_crisis_changes_nothing_of_it() -> None:
    town = play(REVUE, ATTAQUE, duties=DUTIES)
    town.declares("dsi", "attaque")
    owed = dict(town.incident.tasks)
    town.says("maire", c.OpenRunbook(runbook="revue"))
    assert not town.incident.readiness
    assert town.incident.tasks == owed
    assert [run.readiness for run in town.incident.runs.values()] == [False, True]


def test_the_journal_says_which_runs_are_reviews() -> None:
    declared, opened = begun().journal[0].event, begun().written(e.RunOpened)[0]
    assert isinstance(declared, e.IncidentDeclared)
    assert declared.readiness
    assert opened.readiness
