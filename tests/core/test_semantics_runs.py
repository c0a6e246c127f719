"""Runs and tracks, sentence by sentence of the format: opening, waiting, joining, ending, handing over."""

from __future__ import annotations

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core import flow
from engine.core.incident import TrackState
from engine.core.quantities import DAY, HOUR
from tests.core.builders import NIGHT, Town, commands_of, play

DEUX_VOLETS = """
runbook: deux
tracks:
  a:
    title: A
    steps:
      voir: {title: Voir, role: dsi, outcomes: {oui: {label: Oui, next: agir}, non: {label: Non, next: fin}}}
      agir: {title: Agir, role: dsi, outcomes: {fait: {label: Fait, next: fin}, retour: {label: Retour, next: voir}}}
      fin: {title: Fin, end: closed, result: bien}
  b:
    title: B
    opens_on: [a.voir.oui]
    steps:
      suivre: {title: Suivre, role: dgs, outcomes: {suivi: {label: Suivi, next: grave}}}
      grave: {title: Grave, end: retex}
"""


def status(town: Town, track: str, run: int = 1) -> str:
    return town.incident.runs[run].tracks.get(track, TrackState()).status


# Run


def test_a_run_is_pinned_with_what_it_borrows_when_it_opens() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    pinned = town.run("deux").digest
    town.shelf.put(DEUX_VOLETS.replace("label: Oui", "label: Certainement"))
    assert town.shelf.current("deux") != pinned
    assert town.run("deux").digest == pinned
    assert town.shelf.definition(pinned).step("a", "voir").outcomes["oui"].label == "Oui"
    town.picks("dsi", "voir.oui")  # and it goes on as it was


def test_a_new_run_takes_the_library_as_it_is_now() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    town.shelf.put(DEUX_VOLETS.replace("label: Oui", "label: Certainement"))
    town.says("dsi", c.OpenRunbook(runbook="deux", again=True))
    first, second = town.incident.runs.values()
    assert first.digest != second.digest


def test_a_track_is_waiting_then_at_a_step_then_ended() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    assert (status(town, "a"), status(town, "b")) == ("at", "waiting")
    town.picks("dsi", "voir.oui")
    assert (status(town, "a"), status(town, "b")) == ("at", "at")
    town.picks("dsi", "fait")
    assert (status(town, "a"), status(town, "b")) == ("ended", "at")


def test_an_outcome_without_next_is_an_act_in_the_same_visit() -> None:
    town = play("""
runbook: acte
tracks:
  a:
    title: A
    steps:
      un: {title: Un, role: dsi, outcomes: {couper: {label: Couper}, fini: {label: Fini, next: fin}}}
      fin: {title: Fin, end: closed}
""")
    town.declares("agent", "acte")
    town.picks("dsi", "couper")
    assert town.at_step("un")["visit"] == 1
    assert "a.un.couper" in town.run("acte").picked


def test_each_entry_of_a_loop_is_a_new_visit() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    for visit in (1, 2, 3):
        assert town.at_step("voir")["visit"] == visit
        town.picks("dsi", "voir.oui")
        town.picks("dsi", "retour")


def test_a_stale_press_is_told_who_moved_the_step_and_when() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    old = town.outcome("voir.non")
    town.picks("dsi", "voir.oui")
    town.waits("5 min")
    refused = town.is_told("technicien", old)
    assert (refused.code, refused.facts["by"], refused.facts["at"]) == ("step_left", "Dsi", NIGHT)
    assert refused.facts["outcome"] == "Oui"


def test_a_press_on_an_earlier_visit_of_the_same_step_moves_nothing() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    old = town.outcome("voir.non")
    town.picks("dsi", "voir.oui")
    town.picks("dsi", "retour")
    assert town.is_told("dsi", old).code == "step_left"
    assert town.steps == ["suivre", "voir"]


def test_a_track_reopens_each_time_only_once_it_has_ended() -> None:
    town = play("""
runbook: encore
tracks:
  a:
    title: A
    steps:
      un: {title: Un, role: dsi, outcomes: {dire: {label: Dire}, fini: {label: Fini, next: fin}}}
      fin: {title: Fin, end: closed}
  b:
    title: B
    opens_on: {any: [a.un.dire]}
    each_time: oui
    steps:
      parler: {title: Parler, role: dgs, outcomes: {dit: {label: Dit, next: bfin}}}
      bfin: {title: Fin, end: closed}
""")
    town.declares("agent", "encore")
    town.picks("dsi", "dire")
    assert commands_of(town.picks("dsi", "dire")) == ["OutcomePicked"], (
        "still at work: it goes on where it is"
    )
    town.picks("dgs", "dit")
    town.picks("dsi", "dire")
    assert town.at_step("parler")["visit"] == 2


# Not needed


def test_not_needed_is_never_final_while_something_open_can_still_change_it() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    town.picks("dsi", "voir.non")
    run = town.run("deux")
    assert (run.end, status(town, "b")) == ("closed", "waiting"), "b can't open any more: the run is over"
    town.says("maire", c.GoTo(run=1, track="a", to="voir", reason="mal vu"))
    definition = town.shelf.definition(run.digest)
    where = {name: state.position for name, state in town.run("deux").tracks.items()}
    assert flow.not_needed(definition, where, town.run("deux").picked) == set()
    town.picks("dsi", "voir.oui")
    assert status(town, "b") == "at"


# End of a run


def test_a_run_ends_when_every_track_has_and_its_kind_is_the_gravest() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    town.picks("dsi", "voir.oui")
    town.picks("dsi", "fait")
    assert town.run("deux").open
    town.picks("dgs", "suivi")
    assert (town.run("deux").end, town.run("deux").result) == ("retex", "bien")


FAUSSE = """
runbook: alerte
clocks: [{use: H-PLAINTE72}]
tracks:
  a:
    title: A
    steps:
      voir:
        title: Voir
        role: dsi
        outcomes:
          vraie: {label: Vraie, next: agir, open: [enquete]}
          fausse: {label: Fausse, next: faux}
      agir:
        title: Agir
        role: dsi
        outcomes: {fausse: {label: Finalement non, next: faux}, fait: {label: Fait, next: fin}}
      fin: {title: Fin, end: closed}
      faux: {title: Faux, end: false_alarm}
  b:
    title: B
    opens_on: [a.voir.vraie]
    steps:
      dire: {title: Dire, role: dgs, outcomes: {dit: {label: Dit, next: dite}}}
      dite: {title: Dite, end: closed}
"""
ENQUETE = """
runbook: enquete
tracks:
  e:
    title: E
    steps:
      chercher: {title: Chercher, role: rssi, outcomes: {trouve: {label: Trouvé, next: fini}}}
      fini: {title: Fini, end: closed, result: trouve}
"""


def test_a_false_alarm_needs_a_reason_and_ends_the_run() -> None:
    town = play(FAUSSE, ENQUETE)
    town.declares("agent", "alerte")
    town.picks("dsi", "vraie")
    assert town.is_told("dsi", town.outcome("agir.fausse")).code == "reason_needed"
    town.picks("dsi", "agir.fausse", reason="un test de l'antivirus")
    assert town.run("alerte").end == "false_alarm"
    assert town.steps == ["chercher"], "its other track is over too; the child goes on"


def test_a_false_alarm_is_offered_only_until_another_track_has_ended_otherwise() -> None:
    town = play(FAUSSE, ENQUETE)
    town.declares("agent", "alerte")
    town.picks("dsi", "vraie")
    town.picks("dgs", "dit")
    assert town.is_told("dsi", town.outcome("agir.fausse", reason="si")).code == "false_alarm_too_late"
    refused = town.is_told("maire", c.GoTo(run=1, track="a", to="faux", reason="si"))
    assert refused.code == "false_alarm_too_late", "not even by a detour"


def test_a_false_alarm_asks_about_each_child_run_and_running_clock() -> None:
    town = play(FAUSSE, ENQUETE)
    town.declares("agent", "alerte")
    town.picks("dsi", "vraie")
    town.picks("dsi", "agir.fausse", reason="un test")
    assert [task.duty for task in town.incident.tasks.values()] == ["check-run-2", "check-clock-H-PLAINTE72"]
    assert town.incident.clocks["H-PLAINTE72"].status == "running"


def test_a_false_alarm_declared_again_after_a_return_asks_only_what_was_not_asked() -> None:
    town = play(FAUSSE, ENQUETE)
    town.declares("agent", "alerte")
    town.picks("dsi", "voir.fausse", reason="rien")
    town.says("maire", c.GoTo(run=1, track="a", to="voir", reason="encore"))
    town.picks("dsi", "voir.fausse", reason="vraiment rien")
    assert [task.duty for task in town.incident.tasks.values()] == ["check-clock-H-PLAINTE72"]


# Joins

JOINTS = """
runbook: joints
tracks:
  a:
    title: A
    steps:
      un: {title: Un, role: dsi, outcomes: {go: {label: Go, next: attendre}, seul: {label: Seul, next: attendre}}}
      attendre: {title: Attendre, role: dsi, outcomes: {prets: {label: Prêts, next: fin, once: [b, c]}}}
      fin: {title: Fin, end: closed}
  b:
    title: B
    opens_on: [a.un.go]
    steps:
      b1: {title: B1, role: dgs, outcomes: {b2: {label: B2, next: bfin}}}
      bfin: {title: Fin, end: closed}
  c:
    title: C
    opens_on: [a.un.go]
    steps:
      c1: {title: C1, role: dpo, outcomes: {c2: {label: C2, next: cfin}}}
      cfin: {title: Fin, end: closed}
"""


def test_a_join_is_picked_by_itself_when_none_of_its_tracks_is_still_at_a_step() -> None:
    town = play(JOINTS)
    town.declares("agent", "joints")
    town.picks("dsi", "go")
    town.picks("dgs", "b2")
    assert town.is_told("dsi", town.outcome("prets")).code == "not_pressable"
    town.picks("dpo", "c2")
    assert town.run("joints").end == "closed"
    assert town.written(e.OutcomePicked)[-1].how == "joined"


def test_a_join_waits_only_for_tracks_that_have_opened() -> None:
    town = play(JOINTS)
    town.declares("agent", "joints")
    town.picks("dsi", "seul")
    assert town.run("joints").end == "closed"


VISITES = """
runbook: tour
tracks:
  a:
    title: A
    steps:
      partir:
        title: Partir
        role: dgs
        outcomes:
          une: {label: Une visite, open: [visite]}
          rentrer: {label: Rentrer, next: attendre}
      attendre: {title: Attendre, role: dgs, outcomes: {rentres: {label: Rentrés, next: fin, once: {runs: visite}}}}
      fin: {title: Fin, end: closed}
"""
VISITE = """
runbook: visite
several: oui
tracks:
  v:
    title: V
    steps:
      voir: {title: Voir, role: com, outcomes: {vu: {label: Vu, next: vue}, autre: {label: Autre, hand_over: ailleurs}}}
      vue: {title: Vue, end: closed}
"""
AILLEURS = """
runbook: ailleurs
tracks:
  x:
    title: X
    steps:
      faire: {title: Faire, role: com, outcomes: {fait: {label: Fait, next: faite}}}
      faite: {title: Faite, end: closed}
"""


def test_a_procedure_that_may_run_several_times_opens_once_for_each_case() -> None:
    town = play(VISITES, VISITE, AILLEURS)
    town.declares("agent", "tour")
    town.picks("dgs", "une")
    town.picks("dgs", "une")
    assert [run.runbook for run in town.incident.runs.values()] == ["tour", "visite", "visite"]


def test_another_procedure_already_going_is_not_opened_twice_by_an_outcome() -> None:
    town = play(VISITES, VISITE.replace("several: oui", ""), AILLEURS)
    town.declares("agent", "tour")
    town.picks("dgs", "une")
    town.picks("dgs", "une")
    assert [run.runbook for run in town.incident.runs.values()] == ["tour", "visite"]


def test_a_join_on_child_runs_waits_for_all_that_were_opened_from_here() -> None:
    town = play(VISITES, VISITE, AILLEURS)
    town.declares("agent", "tour")
    town.picks("dgs", "une")
    town.picks("dgs", "une")
    town.says("dgs", c.OpenRunbook(runbook="visite"))  # somebody else's case
    town.picks("dgs", "rentrer")
    town.picks("maire", "vu", run=2)
    assert town.steps == ["attendre", "voir", "voir"]
    town.picks("maire", "vu", run=3)
    assert town.run("tour").end == "closed"
    assert town.steps == ["voir"]


@pytest.mark.parametrize("how", ["hand_over", "abandon"])
def test_a_child_run_that_ends_in_any_way_frees_the_join(how: str) -> None:
    town = play(VISITES, VISITE, AILLEURS)
    town.declares("agent", "tour")
    town.picks("dgs", "une")
    town.picks("dgs", "rentrer")
    if how == "hand_over":
        town.picks("maire", "autre")
    else:
        town.says("maire", c.AbandonRun(run=2, reason="refusée"))
    assert town.run("tour").end == "closed"


def test_a_join_with_no_child_run_fires_at_once() -> None:
    town = play(VISITES, VISITE, AILLEURS)
    town.declares("agent", "tour")
    assert commands_of(town.picks("dgs", "rentrer"))[:4] == [
        "OutcomePicked",
        "OutcomePicked",
        "TrackEnded",
        "RunEnded",
    ]


# Waiting for another runbook

PARENT = """
runbook: parent
tracks:
  a:
    title: A
    steps:
      partir: {title: Partir, role: dsi, outcomes: {go: {label: Go, next: attendre}}}
      attendre:
        title: Attendre
        role: dsi
        wait_for: enfant
        outcomes:
          bien: {label: Bien, next: fin}
          mal: {label: Mal, next: fin}
          abandoned: {label: Abandonné, next: partir}
          sans: {label: Sans lui, next: fin}
      fin: {title: Fin, end: closed}
"""
ENFANT = """
runbook: enfant
tracks:
  e:
    title: E
    steps:
      essayer:
        title: Essayer
        role: rssi
        outcomes:
          reussi: {label: Réussi, next: ok}
          rate: {label: Raté, next: ko}
          muet: {label: Muet, next: rien}
          ailleurs: {label: Ailleurs, hand_over: autre}
          retour: {label: C'est lui, hand_over: parent}
      ok: {title: OK, end: closed, result: bien}
      ko: {title: KO, end: closed, result: mal}
      rien: {title: Rien, end: closed}
"""
AUTRE = """
runbook: autre
tracks:
  o:
    title: O
    steps:
      continuer: {title: Continuer, role: rssi, outcomes: {fini: {label: Fini, next: finie}}}
      finie: {title: Finie, end: closed, result: bien}
"""


def waiting() -> Town:
    town = play(PARENT, ENFANT, AUTRE)
    town.declares("agent", "parent")
    town.picks("dsi", "go")
    return town


@pytest.mark.parametrize(("result", "outcome"), [("reussi", "bien"), ("rate", "mal"), ("muet", "abandoned")])
def test_the_result_of_the_awaited_run_picks_the_outcome_of_that_name(result: str, outcome: str) -> None:
    town = waiting()
    town.picks("rssi", result)
    assert town.written(e.OutcomePicked)[-1].outcome == outcome
    assert town.written(e.OutcomePicked)[-1].how == "result"


def test_results_are_not_pressable_other_outcomes_are_and_leaving_does_not_stop_the_child() -> None:
    town = waiting()
    assert town.is_told("dsi", town.outcome("attendre.bien")).code == "not_pressable"
    assert town.is_told("maire", town.outcome("attendre.abandoned")).code == "not_pressable"
    town.picks("dsi", "sans")
    assert (town.run("parent").end, town.steps) == ("closed", ["essayer"])
    town.picks("rssi", "reussi")
    assert town.run("enfant").result == "bien"


def test_a_child_that_is_abandoned_or_handed_over_is_heard_as_abandoned() -> None:
    for leave in ("abandon", "ailleurs"):
        town = waiting()
        if leave == "abandon":
            town.says("maire", c.AbandonRun(run=2, reason="plus rien à faire"))
        else:
            town.picks("rssi", "ailleurs")
        assert "partir" in town.steps
        assert town.written(e.OutcomePicked)[-1].outcome == "abandoned"


def test_a_runbook_already_running_is_joined_only_after_asking_is_it_the_same() -> None:
    town = play(PARENT, ENFANT, AUTRE)
    town.declares("agent", "parent")
    town.says("rssi", c.OpenRunbook(runbook="enfant"))
    town.picks("dsi", "go")
    assert town.find("attendre", "")[2].waits_for == 0
    town.says("dsi", c.JoinRun(**town.at_step("attendre"), child=2))
    assert len(town.incident.runs) == 2
    town.picks("rssi", "reussi")
    assert town.run("parent").end == "closed"


def test_the_answer_may_be_that_it_is_another_case() -> None:
    town = play(PARENT, ENFANT, AUTRE)
    town.declares("agent", "parent")
    town.says("rssi", c.OpenRunbook(runbook="enfant"))
    town.picks("dsi", "go")
    town.says("dsi", c.JoinRun(**town.at_step("attendre")))
    assert [run.runbook for run in town.incident.runs.values()] == ["parent", "enfant", "enfant"]
    town.picks("rssi", "reussi", run=2)
    assert "attendre" in town.steps, "the first case says nothing to who waits for the second"
    town.picks("rssi", "rate", run=3)
    assert town.written(e.OutcomePicked)[-1].outcome == "mal"


def test_a_run_that_is_not_the_awaited_procedure_can_not_be_joined() -> None:
    town = play(PARENT, ENFANT, AUTRE)
    town.declares("agent", "parent")
    town.says("rssi", c.OpenRunbook(runbook="enfant"))
    town.says("rssi", c.OpenRunbook(runbook="autre"))
    town.picks("dsi", "go")
    assert town.is_told("dsi", c.JoinRun(**town.at_step("attendre"), child=3)).code == "not_the_same"


CERCLE = """
runbook: enfant
tracks:
  e:
    title: E
    steps:
      tourner:
        title: Tourner
        role: rssi
        wait_for: parent
        outcomes:
          abandoned: {label: Abandonné, next: ok}
          seul: {label: Seul, next: ok}
          passe: {label: Passe, hand_over: parent}
      ok: {title: OK, end: closed, result: bien}
"""


def test_joining_an_ancestor_or_a_run_that_waits_for_me_is_refused_and_handing_over_is_not() -> None:
    town = play(PARENT, CERCLE)
    town.declares("agent", "parent")
    town.picks("dsi", "go")
    assert town.is_told("rssi", c.JoinRun(**town.at_step("tourner"), child=1)).code == "would_wait_for_itself"
    town.picks("rssi", "passe")
    assert (town.run("enfant").end, town.run("enfant").handed_to) == ("transferred", 1)
    assert town.steps == ["partir"], "who waited heard `abandoned`, and goes on"


def test_a_child_that_ends_at_once_is_heard_at_once() -> None:
    at_once = ENFANT.replace(
        "      essayer:", "      essayer0: {title: Déjà, end: closed, result: bien}\n      essayer:"
    )
    town = play(PARENT, at_once, AUTRE)
    town.declares("agent", "parent")
    town.picks("dsi", "go")
    assert [run.end for run in town.incident.runs.values()] == ["closed", "closed"]


def test_a_procedure_that_goes_round_by_itself_stops_and_people_go_on() -> None:
    """The child ends at once and says nothing: the parent would wait, hear `abandoned`, come back, for ever."""
    at_once = ENFANT.replace("      essayer:", "      essayer0: {title: Déjà, end: closed}\n      essayer:")
    town = play(PARENT.replace("Abandonné, next: partir", "Abandonné, next: attendre"), at_once, AUTRE)
    town.declares("agent", "parent")
    town.picks("dsi", "go")
    assert len(town.incident.runs) == 3
    town.picks("dsi", "sans")
    assert town.run("parent").end == "closed"


SANS_FIN = """
runbook: {name}
several: oui
tracks:
  a:
    title: A
    steps:
      partir: {{title: Partir, role: dsi, outcomes: {{go: {{label: Go, next: fin, once: [b], open: [{other}]}}}}}}
      fin: {{title: Fin, end: closed}}
  b: {{title: B, opens_on: [a.partir.go], steps: {{bfin: {{title: Fin, end: closed}}}}}}
"""


def test_procedures_that_open_each_other_without_end_stop_too() -> None:
    town = play(SANS_FIN.format(name="un", other="deux"), SANS_FIN.format(name="deux", other="un"))
    town.declares("agent", "un")
    assert len(town.incident.runs) < 100
    town.says("maire", c.CloseIncident(reason="procédures sans fin", confirm=True))


def test_a_track_that_its_own_end_opens_again_begins_a_new_visit() -> None:
    town = play("""
runbook: ronde
tracks:
  a:
    title: A
    steps:
      veiller: {title: Veiller, role: dsi, outcomes: {dire: {label: Dire}, fini: {label: Fini, next: fin}}}
      fin: {title: Fin, end: closed}
  b:
    title: B
    opens_on: {any: [a.veiller.dire, b.passer.passe]}
    each_time: oui
    steps:
      passer:
        title: Passer
        role: dgs
        outcomes: {passe: {label: Passé, next: passe}, cesse: {label: Cesse, next: passe}}
      passe: {title: Passé, end: closed}
""")
    town.declares("agent", "ronde")
    town.picks("dsi", "dire")
    town.picks("dgs", "passer.passe")
    assert town.at_step("passer")["visit"] == 2
    town.picks("dgs", "cesse")
    town.picks("dsi", "fini")
    assert town.run("ronde").end == "closed"


def test_a_procedure_no_longer_in_the_library_leaves_its_step_to_people() -> None:
    town = play(PARENT, ENFANT, AUTRE)
    town.declares("agent", "parent")
    town.shelf.drop("enfant")
    town.picks("dsi", "go")
    assert town.is_told("dsi", c.JoinRun(**town.at_step("attendre"))).code == "unknown_runbook"
    town.picks("dsi", "sans")


# Handing over


def test_a_run_handed_over_ends_as_transferred_and_the_other_keeps_its_first_knowledge() -> None:
    town = play(ENFANT, AUTRE, PARENT)
    town.declares("agent", "enfant", known_at=NIGHT - 5 * HOUR)
    town.picks("rssi", "ailleurs")
    assert (town.run("enfant").end, town.run("enfant").handed_to) == ("transferred", 2)
    assert town.run("autre").t0 == NIGHT - 5 * HOUR


def test_a_run_is_handed_over_to_the_one_already_going() -> None:
    town = play(ENFANT, AUTRE, PARENT)
    town.declares("agent", "enfant")
    town.says("rssi", c.OpenRunbook(runbook="autre"))
    town.picks("rssi", "ailleurs")
    assert town.run("enfant").handed_to == 2
    assert len(town.incident.runs) == 2


def test_an_outcome_that_hands_over_opens_no_track_in_the_run_that_it_ends() -> None:
    """Such a track could be a false alarm from its first step, and end the run before it is handed over."""
    town = play(
        AUTRE,
        """
runbook: double
tracks:
  a:
    title: A
    steps:
      voir: {title: Voir, role: dsi, outcomes: {ailleurs: {label: Ailleurs, hand_over: autre}}}
  b:
    title: B
    opens_on: [a.voir.ailleurs]
    steps:
      rien: {title: Rien, end: false_alarm}
""",
    )
    town.declares("agent", "double")
    events = town.picks("dsi", "ailleurs")
    assert [one.end for one in events if isinstance(one, e.RunEnded)] == ["transferred"]
    assert (status(town, "b"), town.run("double").handed_to) == ("waiting", 2)


def test_the_run_taken_over_has_the_parent_of_the_one_that_left() -> None:
    town = waiting()
    town.picks("rssi", "ailleurs")
    assert town.run("autre").parent == 1


# Opening others


def test_several_procedures_go_on_in_one_incident() -> None:
    town = play(ENQUETE, AUTRE)
    town.declares("agent", "enquete")
    refused = town.is_told("rssi", c.OpenRunbook(runbook="enquete"))
    assert (refused.code, refused.facts["run"]) == ("already_running", 1)
    town.says("rssi", c.OpenRunbook(runbook="enquete", again=True))
    town.says("rssi", c.OpenRunbook(runbook="autre"))
    assert town.steps == ["chercher", "chercher", "continuer"]


def test_an_opening_with_a_condition_is_skipped_only_when_a_fact_says_no() -> None:
    book = FAUSSE.replace("open: [enquete]", "open: [{runbook: enquete, when: {donnees_personnelles: oui}}]")
    for value, opened in (("non", 1), ("oui", 2), ("", 2)):
        town = play(book, ENQUETE)
        town.declares("agent", "alerte")
        town.says("dsi", c.SetFact(name="donnees_personnelles", value=value))
        town.picks("dsi", "vraie")
        assert len(town.incident.runs) == opened


# Going back


def test_a_director_goes_into_an_ended_run_and_it_opens_again() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    town.picks("dsi", "voir.non")
    assert not town.run("deux").open
    events = town.says("maire", c.GoTo(run=1, track="a", to="agir", reason="encore des traces"))
    assert commands_of(events)[:2] == ["RunReopened", "TrackMoved"]
    assert (town.run("deux").open, town.run("deux").result, town.steps) == (True, "", ["agir"])
    town.picks("dsi", "fait")
    assert town.run("deux").end == "closed"


def test_going_to_an_end_ends() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    town.says("maire", c.GoTo(run=1, track="a", to="fin", reason="réglé hors procédure"))
    assert town.run("deux").end == "closed"


def test_a_run_left_as_a_false_alarm_goes_on_with_all_its_tracks_when_it_is_opened_again() -> None:
    town = play(FAUSSE, ENQUETE)
    town.declares("agent", "alerte")
    town.picks("dsi", "vraie")
    town.picks("dsi", "agir.fausse", reason="un test")
    town.says("maire", c.GoTo(run=1, track="a", to="agir", reason="ce n'en était pas un"))
    assert town.steps == ["agir", "chercher", "dire"]


def test_a_wait_whose_child_ended_while_the_run_was_over_is_heard_when_it_opens_again() -> None:
    town = waiting()
    town.says("maire", c.AbandonRun(run=1, reason="trop tôt"))
    town.picks("rssi", "reussi")
    town.says("maire", c.GoTo(run=1, track="a", to="partir", reason="finalement"))
    assert town.steps == ["partir"]


def test_a_skip_leaves_by_the_only_way_on_and_asks_which_when_there_are_several() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    refused = town.is_told("maire", c.Skip(**town.at_step("voir"), reason="inutile"))
    assert (refused.code, refused.facts["choices"]) == ("skip_where", ("agir", "fin"))
    town.picks("dsi", "voir.oui")
    town.says("maire", c.Skip(**town.at_step("suivre"), reason="inutile"))
    assert town.run("deux").tracks["b"].end == "retex"


def test_skip_and_goto_are_the_directors_with_a_reason_and_in_person() -> None:
    town = play(DEUX_VOLETS)
    town.declares("agent", "deux")
    town.says("maire", c.Note(text="j'arrive"))
    move = c.GoTo(run=1, track="a", to="agir", reason="")
    assert town.is_told("dsi", move).code == "director_only"
    assert town.is_told("maire", move).code == "reason_needed"
    by_phone = c.GoTo(run=1, track="a", to="agir", reason="par téléphone")
    assert town.is_told("maire", by_phone, entered_by="dsi").code == "in_person_only"


def test_a_timed_outcome_is_picked_by_the_clock() -> None:
    town = play("""
runbook: calme
tracks:
  a:
    title: A
    steps:
      veiller:
        title: Veiller
        role: rssi
        outcomes: {calme: {label: Calme, next: fin, auto_after: 30 j}, bruit: {label: Bruit, next: veiller}}
      fin: {title: Fin, end: closed}
""")
    town.declares("agent", "calme")
    town.waits("29 j")
    town.picks("rssi", "bruit")
    town.until(NIGHT + 30 * DAY + HOUR)
    assert town.run("calme").open, "the count starts again with the visit"
    town.until(NIGHT + 59 * DAY)
    picked = town.written(e.OutcomePicked)[-1]
    assert (picked.outcome, picked.how, town.run("calme").end) == ("calme", "clock", "closed")
