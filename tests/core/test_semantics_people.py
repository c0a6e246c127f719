"""Who may act, who is called, who takes over: roles, presence, the roll, the ladder of a late step."""

from __future__ import annotations

import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core import permissions
from engine.core.directory import DIRECTOR
from engine.core.incident import Incident
from engine.core.quantities import HOUR, MINUTE
from tests.core.builders import DIRECTORY, NIGHT, Town, directory, play

POSTES = """
runbook: postes
updates: {every: 2 h}
roles: {dsi: Informatique, juridique: Droit, comptable: Comptes, communication: Communication}
tracks:
  a:
    title: A
    steps:
      faire:
        title: Faire
        role: dsi
        target: 30 min
        escalate: {role: dgs, delay: 15 min}
        outcomes: {fait: {label: Fait, next: ecrire, sign: {by: [[maire], [rssi]], within: 1 h}}}
      ecrire: {title: Écrire, role: juridique, outcomes: {ecrit: {label: Écrit, next: payer}}}
      payer: {title: Payer, role: comptable, outcomes: {paye: {label: Payé, next: annoncer}}}
      annoncer: {title: Annoncer, role: [communication, dgs], outcomes: {annonce: {label: Annoncé, next: libre}}}
      libre: {title: Libre, outcomes: {fini: {label: Fini, next: fin}}}
      fin: {title: Fin, end: closed}
"""


def at_work(step: str = "faire", by: str = "agent") -> Town:
    town = play(POSTES)
    town.declares(by, "postes")
    if step != "faire":
        town.says("maire", c.GoTo(run=1, track="a", to=step, reason="essai"))
    return town


# Declaring


def test_anybody_of_the_directory_declares_and_nobody_else() -> None:
    town = play(POSTES)
    assert town.is_told("inconnu", c.Declare(title="Feu", known_at=NIGHT)).code == "unknown_person"
    assert town.is_told("", c.Declare(title="Feu", known_at=NIGHT)).code == "unknown_person"
    town.declares("agent", "postes")
    assert town.is_told("maire", c.Declare(title="Feu", known_at=NIGHT)).code == "already_declared"


def test_an_unknown_person_can_do_nothing_and_leaves_no_trace() -> None:
    town = at_work()
    for command in (
        c.Note(text="x"),
        c.Deviate(text="x"),
        c.MarkPresence(person="maire", status="present"),
        c.CallRoll(),
    ):
        assert town.is_told("inconnu", command).code == "unknown_person"
        assert town.is_told("dsi", command, entered_by="inconnu").code == "unknown_person"


def test_first_knowledge_by_whom_and_the_declaration_are_three_things() -> None:
    town = play(POSTES)
    town.declares("agent", "postes", known_at=NIGHT - 2 * HOUR, known_by="Le gardien")
    incident = town.incident
    assert (incident.known_at, incident.known_by) == (NIGHT - 2 * HOUR, "Le gardien")
    assert (incident.declared_at, incident.declared_by) == (NIGHT, "agent")
    assert town.run("postes").t0 == NIGHT - 2 * HOUR, "the law counts from first knowledge"


def test_nobody_declares_what_is_not_yet_known() -> None:
    town = play(POSTES)
    assert town.is_told("agent", c.Declare(title="Feu", known_at=NIGHT + 1)).code == "in_the_future"


def test_whoever_declares_directs_until_a_director_answers() -> None:
    town = at_work()
    assert permissions.directors(town.incident, DIRECTORY) == ("maire", "adjoint", "agent")
    town.says("agent", c.GoTo(run=1, track="a", to="ecrire", reason="seul ici"))
    town.says("dsi", c.Note(text="présent"))
    assert town.incident.interim == "agent"
    town.says("adjoint", c.Note(text="j'arrive"))
    assert town.incident.interim == ""
    assert town.is_told("agent", c.GoTo(run=1, track="a", to="payer", reason="r")).code == "director_only"


def test_a_director_who_declares_has_no_interim() -> None:
    assert at_work(by="adjoint").incident.interim == ""


def test_a_director_who_says_they_can_not_come_has_not_answered() -> None:
    town = at_work()
    town.says("maire", c.MarkPresence(person="maire", status="unavailable"))
    assert town.incident.interim == "agent"
    assert town.incident.presence["maire"] == "unavailable"
    town.says("adjoint", c.MarkPresence(person="adjoint", status="coming"))
    assert (town.incident.interim, town.incident.presence["adjoint"]) == ("", "coming")


def test_marking_a_director_present_is_not_their_answer() -> None:
    town = at_work()
    town.says("dsi", c.MarkPresence(person="maire", status="present"))
    assert town.incident.interim == "agent"


def test_who_stands_in_as_director_gives_nobody_the_direction_and_erases_nothing() -> None:
    town = at_work()
    assert town.is_told("agent", c.AssignRole(role=DIRECTOR, person="agent")).code == "director_only"
    assert town.is_told("agent", c.Erase(entries=(1,), reason="r", visa="v")).code == "director_only"
    town.says("agent", c.AssignRole(role="dsi", person="com"))


def test_who_stands_in_hands_over_the_standing_in_and_no_more() -> None:
    town = at_work()
    town.says("agent", c.HandOver(to="com", report="je rentre"))
    assert (town.incident.interim, town.incident.roles) == ("com", {})
    town.says("maire", c.Note(text="me voici"))
    assert town.incident.interim == ""
    assert permissions.directors(town.incident, DIRECTORY) == ("maire", "adjoint")


def test_a_town_whose_directory_knows_no_director_is_led_by_who_declares() -> None:
    alone = directory(["a", "b"], {"dsi": ("b",)})
    town = play(POSTES)
    town.world = type(town.world)(directory=alone, shelf=town.shelf)
    town.declares("a", "postes")
    town.says("a", c.AssignRole(role=DIRECTOR, person="b"))
    town.says("b", c.GoTo(run=1, track="a", to="ecrire", reason="r"))


# Who may act


@pytest.mark.parametrize("person", ["dsi", "technicien", "maire", "adjoint"])
def test_the_holder_a_deputy_at_any_time_and_the_director_always_may_act(person: str) -> None:
    at_work().picks(person, "fait")


@pytest.mark.parametrize("person", ["dgs", "com", "dpo"])
def test_others_are_told_whose_it_is(person: str) -> None:
    town = at_work()
    refused = town.is_told(person, town.outcome("fait"))
    assert (refused.code, refused.facts["roles"]) == ("not_yours", ("dsi",))
    assert refused.facts["people"] == ("dsi", "technicien", "maire", "adjoint", "agent")
    assert town.is_told(person, c.TakeStep(**town.at_step("faire"))).code == "not_yours"


def test_a_step_of_several_roles_is_anyones_of_them() -> None:
    for person in ("com", "dgs"):
        at_work("annoncer").picks(person, "annonce")


def test_a_vacant_role_falls_to_its_fallback_then_to_the_director() -> None:
    town = at_work("ecrire")
    assert town.is_told("com", town.outcome("ecrit")).code == "not_yours"
    town.picks("dpo", "ecrit")
    refused = town.is_told("dpo", town.outcome("paye"))
    assert refused.facts["people"] == ("maire", "adjoint")
    town.picks("adjoint", "paye")


def test_a_role_given_in_the_incident_is_no_longer_vacant() -> None:
    town = at_work("ecrire")
    town.says("maire", c.AssignRole(role="juridique", person="com"))
    town.picks("com", "ecrit")
    town = at_work("ecrire")
    town.says("maire", c.AssignRole(role="juridique", person="com"))
    assert town.is_told("dpo", town.outcome("ecrit")).code == "not_yours"


def test_a_role_given_puts_that_person_first_and_keeps_the_others_as_deputies() -> None:
    town = at_work()
    town.says("maire", c.AssignRole(role="dsi", person="rssi"))
    assert permissions.holders("dsi", town.incident, DIRECTORY) == ("rssi", "dsi", "technicien")
    town.says("maire", c.AssignRole(role="dsi", person=""))
    assert permissions.holders("dsi", town.incident, DIRECTORY) == ("dsi", "technicien")


def test_anybody_notes_ticks_brings_evidence_says_blocked_and_records_a_deviation() -> None:
    town = play(POSTES.replace("target: 30 min", "target: 30 min\n        checklist: [Câble]"))
    town.declares("maire", "postes")
    here = town.at_step("faire")
    for command in (
        c.Note(text="vu"),
        c.Tick(**here, item=1),
        c.AddEvidence(**here, name="photo", text="écran"),
        c.ReportBlocked(**here, text="pas de clé"),
        c.Deviate(text="débranché sans attendre"),
    ):
        town.says("agent", command)


def test_a_person_of_no_role_steers_nothing() -> None:
    town = at_work(by="maire")
    for command in (
        c.OpenRunbook(runbook="postes", again=True),
        c.ChangeSeverity(level="G1"),
        c.CorrectT0(run=1, t0=NIGHT, reason="r"),
        c.StartClock(clock="H-CNIL33"),
        c.StopClock(clock="H-CNIL33"),
    ):
        assert town.is_told("agent", command).code == "role_needed"


def test_done_by_one_and_entered_by_another_is_judged_on_who_did_it_and_shows_both() -> None:
    town = at_work()
    town.says("dsi", town.outcome("fait"), entered_by="com", occurred_at=NIGHT - 5 * MINUTE)
    (picked,) = town.entries(e.OutcomePicked)
    assert (picked.actor.id, picked.entered_by, picked.occurred_at) == (
        "dsi", e.Actor("com", "Com", "communication"), NIGHT - 5 * MINUTE,
    )  # fmt: skip
    assert town.is_told("com", town.outcome("ecrit"), entered_by="dpo").code == "not_yours"


def test_typing_for_oneself_is_acting_in_person() -> None:
    town = at_work()
    town.says("maire", c.GoTo(run=1, track="a", to="ecrire", reason="r"), entered_by="maire")
    assert town.entries(e.TrackMoved)[0].entered_by is None


def test_nobody_types_a_role_for_another_nor_the_directors_powers() -> None:
    town = at_work()
    gift = c.AssignRole(role="dsi", person="com")
    assert town.is_told("maire", gift, entered_by="com").code == "in_person_only"
    assert town.is_told("maire", gift, entered_by="agent").code == "in_person_only"
    direction = c.AssignRole(role=DIRECTOR, person="dgs")
    assert town.is_told("maire", direction, entered_by="agent").code == "in_person_only"
    assert (
        town.is_told("dsi", c.HandOver(to="com", roles=("dsi",)), entered_by="com").code == "in_person_only"
    )


# Presence


def test_whoever_acts_is_here_and_so_is_who_types_for_another() -> None:
    town = at_work()
    town.says("dsi", c.Note(text="vu"), entered_by="com", occurred_at=NIGHT - HOUR)
    assert town.incident.presence == {"agent": "present", "com": "present"}
    (marked,) = [one for one in town.entries(e.PresenceMarked) if one.event.person == "com"]
    assert (marked.actor.id, marked.entered_by, marked.occurred_at) == ("com", None, NIGHT)


def test_who_was_marked_unavailable_and_acts_is_here_again() -> None:
    town = at_work()
    town.says("com", c.MarkPresence(person="dsi", status="unavailable"))
    town.says("dsi", c.Note(text="me revoilà"))
    assert town.incident.presence["dsi"] == "present"


def test_what_one_said_stands_when_one_acts_from_a_chat_but_not_at_the_terminal() -> None:
    for said in ("coming", "unavailable"):
        town = at_work()
        town.says("maire", c.MarkPresence(person="maire", status=said), source="slack")
        town.says("maire", c.Note(text="vu de mon téléphone"), source="telegram")
        assert town.incident.presence["maire"] == said
        assert town.incident.interim == ("" if said == "coming" else "agent")
        town.says("maire", c.Note(text="me voici"), source="terminal")
        assert (town.incident.presence["maire"], town.incident.interim) == ("present", "")


def test_what_others_said_of_one_does_not_stand_when_one_acts_from_a_chat() -> None:
    town = at_work()
    town.says("com", c.MarkPresence(person="dsi", status="unavailable"))
    town.says("dsi", c.Note(text="mais si"), source="telegram")
    assert town.incident.presence["dsi"] == "present"


# The roll


def test_the_roll_calls_those_who_hold_a_needed_role_and_have_not_answered() -> None:
    town = at_work()
    town.says("dsi", c.Note(text="là"))
    town.says("agent", c.CallRoll())
    (called,) = town.written(e.RollCalled)
    assert called.people == ("maire", "adjoint", "technicien", "com", "dgs", "rssi")


def test_silence_goes_to_the_deputies_then_to_the_directors() -> None:
    town = at_work()
    town.says("agent", c.CallRoll())
    town.waits("10 min")
    silent = {one.person: one.people for one in town.written(e.PresenceSilent)}
    assert silent["dsi"] == ("technicien",)
    assert silent["rssi"] == ()
    town.waits("10 min")
    again = [one for one in town.written(e.PresenceSilent) if one.person == "rssi" and one.rung == 2]
    assert again[0].people == ("maire", "adjoint", "agent")
    town.waits("2 h")
    assert len([one for one in town.written(e.PresenceSilent) if one.person == "rssi"]) == 2


def test_who_answers_or_acts_is_called_no_more() -> None:
    town = at_work()
    town.says("agent", c.CallRoll())
    town.says("dsi", c.Note(text="là"))
    town.says("agent", c.MarkPresence(person="rssi", status="coming"))
    town.waits("1 h")
    assert not {"dsi", "rssi"} & {one.person for one in town.written(e.PresenceSilent)}


def test_calling_again_gives_who_was_silent_no_more_time() -> None:
    town = at_work()
    town.says("agent", c.CallRoll())
    town.waits("9 min")
    town.says("agent", c.CallRoll())
    town.waits("1 min")
    assert "dsi" in {one.person for one in town.written(e.PresenceSilent)}


def test_when_everybody_answered_the_roll_says_so() -> None:
    town = at_work()
    for person in DIRECTORY.people:
        town.says("agent", c.MarkPresence(person=person, status="present"))
    assert town.is_told("agent", c.CallRoll()).code == "everybody_answered"


def test_the_silence_of_who_was_given_a_role_goes_to_its_other_holders() -> None:
    town = at_work()
    town.says("maire", c.AssignRole(role="dsi", person="com"))
    town.says("agent", c.CallRoll())
    town.waits("10 min")
    silent = {one.person: one.people for one in town.written(e.PresenceSilent)}
    assert set(silent["com"]) >= {"dsi", "technicien"}


# We are three


def test_we_are_three_gives_every_role_that_nobody_here_holds() -> None:
    town = at_work()
    town.says("com", c.Note(text="là"))
    town.says("agent", c.TakeVacantRoles(people=("agent", "com")))
    given = {one.role: one.person for one in town.written(e.RoleAssigned)}
    assert given == {
        "dsi": "agent", "juridique": "com", "comptable": "agent", "dgs": "com", "maire": "agent", "rssi": "com",
    }  # fmt: skip
    town.picks("agent", "fait")


def test_a_role_held_by_somebody_unavailable_counts_as_vacant() -> None:
    town = at_work()
    town.says("dsi", c.Note(text="là"))
    town.says("technicien", c.MarkPresence(person="dsi", status="unavailable"))
    town.says("technicien", c.MarkPresence(person="technicien", status="unavailable"))
    town.says("agent", c.TakeVacantRoles())
    assert town.incident.roles["dsi"] == "agent"


def test_roles_are_not_given_to_who_is_away_and_only_a_director_gives_them() -> None:
    town = at_work()
    town.says("agent", c.MarkPresence(person="com", status="unavailable"))
    assert town.is_told("agent", c.TakeVacantRoles(people=("com",))).code == "person_away"
    assert town.is_told("dsi", c.TakeVacantRoles()).code == "director_only"
    assert town.is_told("agent", c.TakeVacantRoles(people=("inconnu",))).code == "unknown_person"


# Handover


def test_a_handover_gives_ones_roles_with_a_situation_report() -> None:
    town = at_work()
    town.says("dsi", c.HandOver(to="rssi", report="isolé à moitié"))
    (handed,) = town.written(e.HandedOver)
    assert (handed.roles, handed.report) == (("dsi",), "isolé à moitié")
    assert permissions.holders("dsi", town.incident, DIRECTORY)[0] == "rssi"
    assert town.incident.reported_at == NIGHT


def test_after_a_handover_reminders_go_to_who_took_over() -> None:
    town = at_work()
    town.says("dsi", c.TakeStep(**town.at_step("faire")))
    town.waits("10 min")
    town.says("dsi", c.HandOver(to="rssi"))
    assert town.find("faire", "")[2].taken is None
    town.waits("20 min")
    assert town.written(e.Escalated)[0].people == ("rssi",)


def test_a_step_taken_under_another_role_stays_taken() -> None:
    town = at_work()
    town.says("maire", c.TakeStep(**town.at_step("faire")))
    town.says("maire", c.HandOver(to="dgs", roles=("maire",)))
    taken = town.find("faire", "")[2].taken
    assert taken is not None
    assert taken.by == "maire"


def test_a_director_hands_over_anybodys_roles_others_only_their_own() -> None:
    town = at_work()
    assert town.is_told("com", c.HandOver(to="rssi", roles=("dsi",))).code == "not_yours"
    assert town.is_told("rssi", c.HandOver(to="com", roles=("plombier",))).code == "unknown_role"
    assert town.is_told("dpo", c.HandOver(to="com")).code == "nothing_to_hand_over"
    town.says("dsi", c.TakeStep(**town.at_step("faire")))
    town.says("maire", c.HandOver(to="rssi", roles=("dsi",)))
    assert town.find("faire", "")[2].taken is None


def test_roles_are_not_handed_to_who_is_away_nor_to_oneself() -> None:
    town = at_work()
    town.says("agent", c.MarkPresence(person="rssi", status="unavailable"))
    for to in ("rssi", "dsi"):
        assert town.is_told("dsi", c.HandOver(to=to)).code == "person_away"


def test_the_direction_may_be_handed_over() -> None:
    town = at_work()
    town.says("maire", c.HandOver(to="dgs"))
    assert permissions.directors(town.incident, DIRECTORY) == ("dgs", "maire", "adjoint")


# Taking a step


def test_one_takes_the_step_and_the_others_are_told_who_and_when() -> None:
    town = at_work()
    town.says("dsi", c.TakeStep(**town.at_step("faire")))
    assert town.says("dsi", c.TakeStep(**town.at_step("faire"))) == []
    refused = town.is_told("technicien", c.TakeStep(**town.at_step("faire")))
    assert (refused.code, refused.facts) == ("already_taken", {"step": "Faire", "by": "Dsi", "at": NIGHT})


def test_a_step_is_taken_from_who_is_away_or_lost_the_role() -> None:
    town = at_work()
    town.says("dsi", c.TakeStep(**town.at_step("faire")))
    town.says("technicien", c.MarkPresence(person="dsi", status="unavailable"))
    town.says("technicien", c.TakeStep(**town.at_step("faire")))
    town = at_work()
    town.says("maire", c.AssignRole(role="dsi", person="com"))
    town.says("com", c.TakeStep(**town.at_step("faire")))
    town.says("maire", c.AssignRole(role="dsi", person=""))
    town.says("dsi", c.TakeStep(**town.at_step("faire")))


# The ladder


def ladder(town: Town) -> list[tuple[str, tuple[str, ...], int]]:
    return [(one.to, one.people, one.late_ms) for one in town.written(e.Escalated)]


def test_the_ladder_holder_role_deputies_directors_all_counts_from_lateness() -> None:
    town = at_work()
    town.waits("3 h")
    whole = tuple(DIRECTORY.people)
    assert ladder(town) == [
        ("holder", ("dsi",), 0),
        ("role", ("dgs",), 0),
        ("deputies", ("technicien",), 0),
        ("directors", ("maire", "adjoint", "agent"), 0),
        ("all", whole, 0),
    ]
    late = [entry.at - NIGHT - 30 * MINUTE for entry in town.entries(e.Escalated)]
    assert late == [0, 15 * MINUTE, 30 * MINUTE, 45 * MINUTE, 75 * MINUTE]


def test_who_took_the_step_is_the_first_to_be_reminded() -> None:
    town = at_work()
    town.says("technicien", c.TakeStep(**town.at_step("faire")))
    town.waits("30 min")
    assert ladder(town) == [("holder", ("technicien",), 0)]


def test_people_marked_unavailable_are_left_out_and_an_empty_rung_falls_to_the_next() -> None:
    town = at_work()
    town.says("agent", c.MarkPresence(person="dsi", status="unavailable"))
    town.says("agent", c.MarkPresence(person="dgs", status="unavailable"))
    town.waits("1 h")
    assert ladder(town)[0][:2] == ("holder", ("technicien",)), "the first of the role who can be reached"
    assert ladder(town)[1][:2] == ("role", ("adjoint",)), "the next of that role"
    assert ladder(town)[2][:2] == ("deputies", ("maire", "adjoint", "agent")), "nobody is left: the directors"


def test_blocked_silences_reminders_to_that_person_only() -> None:
    town = at_work()
    town.says("dsi", c.ReportBlocked(**town.at_step("faire"), text="pas de clé"))
    town.waits("2 h")
    assert all("dsi" not in people for _, people, _ in ladder(town))
    assert [to for to, _, _ in ladder(town)] == ["holder", "role", "deputies", "directors", "all"]


def test_blocked_is_forgotten_at_the_next_visit() -> None:
    town = at_work()
    town.says("dsi", c.ReportBlocked(**town.at_step("faire"), text="pas de clé"))
    town.says("maire", c.GoTo(run=1, track="a", to="ecrire", reason="r"))
    town.says("maire", c.GoTo(run=1, track="a", to="faire", reason="r"))
    assert town.find("faire", "")[2].blocked == {}


def test_the_ladder_of_a_vacant_role_goes_through_its_fallback() -> None:
    town = play(POSTES.replace("role: dsi", "role: archives"))
    town.world = type(town.world)(
        directory=directory(
            DIRECTORY.people, {**{r: p.people for r, p in DIRECTORY.roles.items()}}, {"archives": ("dsi",)}
        ),
        shelf=town.shelf,
    )
    town.declares("agent", "postes")
    town.waits("2 h")
    assert [people for _, people, _ in ladder(town)][:3] == [("dsi",), ("dgs",), ("technicien",)]


def test_a_step_without_target_is_reminded_at_the_pace_of_updates() -> None:
    town = at_work("ecrire")
    town.waits("5 h")
    assert [entry.at - NIGHT for entry in town.entries(e.Escalated)] == [2 * HOUR, 4 * HOUR]
    assert {one.people for one in town.written(e.Escalated)} == {("dpo",)}


def test_reminders_do_not_use_up_the_ladder() -> None:
    """A target that depends on a fact may come after several reminders: the holder still hears first."""
    book = POSTES.replace("target: 30 min", "target: [{when: {donnees_personnelles: oui}, is: 8 h}]")
    town = play(book)
    town.declares("agent", "postes")
    town.waits("6h30")
    town.says("dsi", c.SetFact(name="donnees_personnelles", value="oui"))
    town.waits("1h50")
    assert [one.to for one in town.written(e.Escalated)] == ["holder", "holder", "holder", "holder", "role"]
    assert town.entries(e.Escalated)[3].at == NIGHT + 8 * HOUR


def test_a_deadline_that_moved_later_starts_the_ladder_again() -> None:
    town = play(POSTES.replace("target: 30 min", "target: T0 + 30 min"))
    town.declares("agent", "postes")
    town.waits("2 h")
    assert len(ladder(town)) == 5
    town.says("dsi", c.CorrectT0(run=1, t0=NIGHT + 2 * HOUR, reason="la vraie alerte est de 5 h"))
    town.waits("31 min")
    assert town.written(e.Escalated)[-1].to == "holder"


def test_a_deadline_that_moved_earlier_repeats_nothing() -> None:
    town = play(POSTES.replace("target: 30 min", "target: T0 + 30 min"))
    town.declares("agent", "postes")
    town.waits("31 min")
    town.says("dsi", c.CorrectT0(run=1, t0=NIGHT - 15 * MINUTE, reason="su plus tôt"))
    town.waits("1 min")
    assert [one.to for one in town.written(e.Escalated)] == ["holder", "role"]


def test_after_a_stop_of_three_days_each_rung_is_written_and_only_the_highest_told() -> None:
    town = at_work()
    town.sleeps("3 j")
    town.wakes()
    assert [(one.to, one.told) for one in town.written(e.Escalated)] == [
        ("holder", False), ("role", False), ("deputies", False), ("directors", False), ("all", True),
    ]  # fmt: skip
    assert town.written(e.Escalated)[0].late_ms == 72 * HOUR - 30 * MINUTE


def test_after_a_stop_a_step_without_target_is_reminded_once() -> None:
    town = at_work("ecrire")
    town.sleeps("3 j")
    town.wakes()
    assert len(town.written(e.Escalated)) == 1


def test_a_moved_step_is_late_no_more() -> None:
    town = at_work()
    late = town.deadline("late")
    town.picks("dsi", "fait")
    town.waits("1 h")
    assert (
        town.is_told("", c.FireDeadline(kind="late", run=1, track="a", visit=1, rung=1, due=late.due)).code
        == "moved_on"
    )


def test_the_state_before_the_declaration_has_no_director_but_the_directorys() -> None:
    assert permissions.directors(Incident(id="x"), DIRECTORY) == ("maire", "adjoint")
