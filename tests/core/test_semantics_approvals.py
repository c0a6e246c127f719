"""Two people: signatures before an irreversible act, ratifications after a reversible one, spoken yeses, forcing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core import commands as c
from engine.core import events as e
from engine.core.decide.signatures import filled
from engine.core.incident import Approval
from engine.core.quantities import HOUR, MINUTE
from tests.core.builders import NIGHT, Town, commands_of, directory, play

ACTES = """
runbook: actes
tracks:
  a:
    title: A
    steps:
      agir:
        title: Agir
        role: [dsi, agent]
        checklist: [Sauvegardes hors d'atteinte]
        outcomes:
          eteindre: {label: Éteindre, next: fin, sign: {by: [[maire, dgs], [rssi, dsi]]}}
          effacer: {label: Effacer, next: fin, sign: {by: [[maire]]}, when: {donnees_personnelles: oui}}
          couper: {label: Couper, sign: {by: [[maire, dgs], [rssi, dsi]], within: 1 h}}
          partir: {label: Partir, next: ailleurs, reason: required}
          tout: {label: Tout couper, next: fin, sign: {by: [[dgs], [dgs, rssi], [dsi, dpo]], within: 1 h}}
      ailleurs:
        title: Ailleurs
        role: dsi
        outcomes: {revenir: {label: Revenir, next: agir}, finir: {label: Finir, next: fin}}
      fin: {title: Fin, end: closed}
"""
CONFIRMED = {"reason": "le feu gagne", "confirm": True}


def acting(requester: str = "dsi", outcome: str = "eteindre") -> Town:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.picks(requester, outcome, **CONFIRMED)
    return town


def only(town: Town) -> Approval:
    (approval,) = town.incident.approvals.values()
    return approval


# Before


def test_an_irreversible_act_asks_first_and_is_done_at_the_last_signature() -> None:
    town = acting()
    assert (only(town).status, town.steps) == ("asked", ["agir"])
    events = town.says("maire", c.Approve(approval=1))
    assert commands_of(events)[:3] == ["ApprovalGiven", "OutcomePicked", "TrackEnded"]
    picked = town.written(e.OutcomePicked)[-1]
    assert (picked.how, picked.reason, picked.unticked) == ("approved", "le feu gagne", (1,))


def test_the_requester_may_fill_one_group_never_all() -> None:
    town = acting("dsi")
    assert [signed.by for signed in only(town).signed] == ["dsi"]
    assert town.is_told("dsi", c.Approve(approval=1)).code == "already_signed"


def test_the_requester_signs_under_the_role_of_the_group() -> None:
    town = acting("maire")
    assert [(one.actor.id, one.actor.role) for one in town.entries(e.ApprovalGiven)] == [("maire", "maire")]


def test_a_single_signature_is_never_the_requesters() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("dsi", c.SetFact(name="donnees_personnelles", value="oui"))
    town.picks("maire", "effacer", **CONFIRMED)
    assert town.is_told("maire", c.Approve(approval=1)).code == "requester_alone"
    town.says("adjoint", c.Approve(approval=1))
    assert town.run("actes").end == "closed"


def test_one_person_never_fills_two_groups() -> None:
    """A DGS who is also RSSI fits both groups, and fills one: whichever the others leave."""
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("maire", c.AssignRole(role="rssi", person="dgs"))
    town.picks("maire", "eteindre", **CONFIRMED)
    town.says("dgs", c.Approve(approval=1))
    assert town.run("actes").end == "closed", "the mayor fills the first group, the DGS the second"

    town = play(ACTES)
    town.declares("agent", "actes")
    town.picks("agent", "eteindre", **CONFIRMED)
    town.says("maire", c.AssignRole(role="rssi", person="dgs"))
    town.says("dgs", c.Approve(approval=1))
    assert town.is_told("dgs", c.Approve(approval=1)).code == "already_signed"
    assert only(town).status == "asked"


def test_a_vote_that_fills_no_group_is_told_whose_is_missing() -> None:
    town = acting("maire")
    refused = town.is_told("adjoint", c.Approve(approval=1))
    assert (refused.code, refused.facts["roles"]) == ("group_filled", ("rssi", "dsi"))


def test_somebody_of_no_group_is_told_who_signs() -> None:
    town = acting()
    assert town.is_told("com", c.Approve(approval=1)).code == "not_a_signer"


def test_roles_are_judged_when_the_vote_is_cast() -> None:
    town = acting()
    assert town.is_told("com", c.Approve(approval=1)).code == "not_a_signer"
    town.says("maire", c.AssignRole(role="dgs", person="com"))
    town.says("com", c.Approve(approval=1))
    assert town.run("actes").end == "closed"


def test_a_vote_cast_in_time_holds_when_the_role_is_given_away_later() -> None:
    town = acting("dsi")
    town.says("maire", c.AssignRole(role="dsi", person="technicien"))
    town.says("dgs", c.Approve(approval=1))
    assert town.run("actes").end == "closed"


def test_asking_again_at_the_same_visit_is_told_who_asked() -> None:
    town = acting()
    refused = town.is_told("technicien", town.outcome("eteindre", **CONFIRMED))
    assert (refused.code, refused.facts["by"], refused.facts["approval"]) == ("approval_pending", "Dsi", 1)


@pytest.mark.parametrize("exit_by", ["outcome", "goto", "abandon"])
def test_any_exit_cancels_the_request(exit_by: str) -> None:
    town = acting()
    match exit_by:
        case "outcome":
            town.picks("dsi", "partir", **CONFIRMED)
        case "goto":
            town.says("maire", c.GoTo(run=1, track="a", to="ailleurs", reason="r"))
        case "abandon":
            town.says("maire", c.AbandonRun(run=1, reason="r"))
    assert only(town).status == "cancelled"
    assert town.is_told("maire", c.Approve(approval=1)).code == "approval_over"


def test_an_act_that_stays_cancels_nothing() -> None:
    town = acting()
    town.picks("dsi", "couper", **CONFIRMED)
    assert [one.status for one in town.incident.approvals.values()] == ["asked", "owed"]


def test_a_request_of_an_earlier_visit_does_nothing_to_the_next() -> None:
    town = acting()
    town.picks("dsi", "partir", **CONFIRMED)
    town.picks("dsi", "revenir")
    assert town.is_told("maire", c.Approve(approval=1)).code == "approval_over"
    town.picks("dsi", "eteindre", **CONFIRMED)
    assert [one.visit for one in town.incident.approvals.values()] == [1, 2]


def test_a_signer_may_say_no_with_a_reason_and_the_request_falls() -> None:
    town = acting()
    assert town.is_told("com", c.Refuse(approval=1, reason="non")).code == "not_yours"
    assert town.is_told("dgs", c.Refuse(approval=1)).code == "reason_needed"
    town.says("dgs", c.Refuse(approval=1, reason="les sauvegardes d'abord"))
    assert only(town).status == "refused"
    town.picks("dsi", "eteindre", **CONFIRMED)
    assert town.incident.approvals[2].status == "asked", "it may be asked again"


def test_whoever_asked_may_take_it_back() -> None:
    town = play(ACTES.replace("[dsi, agent]", "[dsi, communication]"))
    town.declares("agent", "actes")
    town.picks("com", "eteindre", **CONFIRMED)
    town.says("com", c.Refuse(approval=1, reason="pressé par erreur"))
    assert only(town).status == "refused"


def test_facts_that_changed_meanwhile_still_exclude_the_act() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("dsi", c.SetFact(name="donnees_personnelles", value="oui"))
    town.picks("dsi", "effacer", **CONFIRMED)
    town.says("dpo", c.SetFact(name="donnees_personnelles", value="non"))
    assert town.is_told("maire", c.Approve(approval=1)).code == "outcome_excluded"
    assert only(town).status == "asked"


def test_a_request_waits_while_the_incident_is_closed() -> None:
    town = acting()
    town.says("maire", c.CloseIncident(reason="pause", confirm=True))
    assert town.is_told("dgs", c.Approve(approval=1)).code == "incident_closed"
    assert not [one for one in town.due.values() if one.kind == "silent"]
    town.says("maire", c.ReopenIncident(reason="ça reprend"))
    town.says("dgs", c.Approve(approval=1))
    assert town.run("actes").end == "closed"


# Silence and force


def test_after_thirty_minutes_of_silence_the_deputies_are_called_and_the_director_may_force_it() -> None:
    town = acting("technicien")
    assert town.is_told("maire", c.Approve(approval=1, force=True, reason="r")).code == "force_too_early"
    town.waits("30 min")
    assert only(town).silent
    assert set(town.written(e.ApprovalSilent)[0].people) >= {"maire", "adjoint", "dgs"}
    assert town.is_told("dgs", c.Approve(approval=1, force=True, reason="r")).code == "director_only"
    assert town.is_told("maire", c.Approve(approval=1, force=True)).code == "reason_needed"
    town.says("maire", c.Approve(approval=1, force=True, reason="péril imminent"))
    assert (only(town).status, town.run("actes").end) == ("forced", "closed")


def test_silence_counts_from_the_record_not_from_the_hour_the_requester_gives() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("technicien", town.outcome("eteindre", **CONFIRMED), occurred_at=NIGHT - HOUR)
    assert town.deadline("silent").due == NIGHT + 30 * MINUTE


def test_with_no_holder_of_a_group_to_be_reached_the_director_may_force_at_once() -> None:
    town = acting("maire")
    for person in ("dsi", "technicien", "rssi"):
        town.says("dgs", c.MarkPresence(person=person, status="unavailable"))
    town.says("adjoint", c.Approve(approval=1, force=True, reason="personne ne répond"))
    assert only(town).status == "forced"


def test_never_the_requester_alone_while_another_director_or_deputy_answers() -> None:
    town = acting("maire")
    town.says("adjoint", c.Note(text="je suis là"))
    town.waits("31 min")
    refused = town.is_told("maire", c.Approve(approval=1, force=True, reason="r"))
    assert (refused.code, refused.facts["people"]) == ("requester_alone", ("adjoint",))
    town.says("adjoint", c.MarkPresence(person="adjoint", status="unavailable"))
    town.says("maire", c.Approve(approval=1, force=True, reason="plus personne"))


def test_typing_a_request_for_another_makes_nobody_less_a_requester() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("dsi", town.outcome("eteindre", **CONFIRMED), entered_by="maire")
    town.says("adjoint", c.Note(text="je suis là"))
    town.waits("31 min")
    assert town.is_told("maire", c.Approve(approval=1, force=True, reason="r")).code == "requester_alone"


def test_a_director_who_forces_does_it_in_person() -> None:
    town = acting("technicien")
    town.waits("31 min")
    force = c.Approve(approval=1, force=True, reason="r")
    assert town.is_told("maire", force, entered_by="com").code == "in_person_only"


# After


def test_a_reversible_act_is_done_at_once_and_signed_within_a_delay() -> None:
    town = acting("dsi", "couper")
    assert (town.steps, only(town).status, only(town).due) == (["agir"], "owed", NIGHT + HOUR)
    town.says("maire", c.Approve(approval=1))
    assert only(town).status == "complete"
    assert len(town.written(e.OutcomePicked)) == 1


def test_what_is_owed_is_reported_when_late_and_stays_owed() -> None:
    town = acting("dsi", "couper")
    town.waits("2 h")
    assert [late.approval for late in town.written(e.RatificationLate)] == [1]
    assert only(town).status == "owed"
    town.says("maire", c.Approve(approval=1))
    assert only(town).status == "complete"


def test_what_is_owed_survives_every_exit_and_the_closing() -> None:
    town = acting("dsi", "couper")
    town.picks("dsi", "partir", **CONFIRMED)
    town.picks("dsi", "finir")
    refused = town.is_told("maire", c.CloseIncident())
    assert (refused.code, refused.facts["pending"]) == ("still_open", ("1",))
    town.says("maire", c.CloseIncident(confirm=True))
    assert only(town).status == "owed"
    town.says("maire", c.Approve(approval=1))
    assert only(town).status == "complete"


def test_an_act_that_leaves_the_step_owes_its_signatures_too() -> None:
    town = acting("dsi", "tout")
    assert (town.run("actes").end, only(town).status) == ("closed", "owed")
    town.says("dgs", c.Approve(approval=1))
    town.says("rssi", c.Approve(approval=1))
    assert only(town).status == "complete"


def test_a_refused_ratification_is_written_and_the_act_stays_not_regularised() -> None:
    town = acting("dsi", "couper")
    town.says("maire", c.Refuse(approval=1, reason="il ne fallait pas"))
    assert only(town).status == "owed"
    town.says("dgs", c.Approve(approval=1))
    assert only(town).status == "complete"


def test_what_is_owed_can_not_be_forced() -> None:
    town = acting("dsi", "couper")
    town.waits("2 h")
    assert town.is_told("maire", c.Approve(approval=1, force=True, reason="r")).code == "owed_not_forced"


def test_the_same_act_still_owed_is_not_asked_twice() -> None:
    """Sixty-four people press at once: one wins, the others are told who."""
    town = acting("dsi", "couper")
    assert town.is_told("technicien", town.outcome("couper", **CONFIRMED)).code == "approval_pending"
    town.says("maire", c.Approve(approval=1))
    town.picks("technicien", "couper", **CONFIRMED)
    assert town.incident.approvals[2].status == "owed"


# Spoken


def test_a_spoken_yes_counts_at_once_and_is_marked_until_its_author_confirms() -> None:
    town = acting()
    town.says("com", c.Approve(approval=1, voice="maire"))
    assert town.run("actes").end == "closed"
    signed = only(town).signed[-1]
    assert (signed.by, signed.voice, signed.entered_by, signed.confirmed) == ("maire", True, "com", False)
    assert town.entries(e.ApprovalGiven)[-1].entered_by == e.Actor("com", "Com", "communication")
    town.says("maire", c.ConfirmVoice(approval=1))
    assert only(town).signed[-1].confirmed


def test_done_by_one_and_entered_by_another_is_a_spoken_yes() -> None:
    town = acting()
    town.says("maire", c.Approve(approval=1), entered_by="com")
    assert only(town).signed[-1].voice
    assert town.incident.presence.get("maire") is None, "a spoken yes is no presence"
    assert town.incident.presence["com"] == "present", "whoever types is here"


def test_a_spoken_yes_that_nobody_confirms_within_an_hour_is_reported_once() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("technicien", town.outcome("couper", **CONFIRMED), entered_by="agent")
    town.says("com", c.Approve(approval=1, voice="maire"))
    town.waits("10 min")
    town.says("dpo", c.Approve(approval=1, voice="rssi"))
    town.waits("50 min")
    assert [one.person for one in town.written(e.VoiceUnconfirmed)] == ["maire"]
    assert [one.subject for one in town.due.values() if one.kind == "voice"] == ["1:rssi"], (
        "the other has its own hour"
    )
    town.waits("2 h")
    assert [one.person for one in town.written(e.VoiceUnconfirmed)] == ["maire", "rssi"]
    town.says("maire", c.ConfirmVoice(approval=1))
    assert only(town).signed[0].confirmed, "late, if need be"


def test_who_enters_a_spoken_yes_neither_asks_nor_signs() -> None:
    town = acting("dsi")
    assert town.is_told("dsi", c.Approve(approval=1, voice="maire")).code == "voice_by_signer"
    assert town.is_told("maire", c.Approve(approval=1, voice="maire")).code == "voice_of_oneself"
    town.says("com", c.Approve(approval=1, voice="dgs"))

    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("technicien", town.outcome("eteindre", **CONFIRMED), entered_by="com")
    assert town.is_told("com", c.Approve(approval=1, voice="maire")).code == "voice_by_signer", (
        "it asked, in his name"
    )
    town.says("dpo", c.Approve(approval=1, voice="rssi"))


def test_who_entered_a_spoken_yes_can_not_sign_afterwards() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("technicien", town.outcome("eteindre", **CONFIRMED), entered_by="agent")
    town.says("dgs", c.Approve(approval=1, voice="rssi"))
    assert town.is_told("dgs", c.Approve(approval=1)).code == "voice_by_signer"


def test_only_its_author_confirms_a_spoken_yes_and_in_person() -> None:
    town = acting()
    town.says("com", c.Approve(approval=1, voice="maire"))
    assert town.is_told("adjoint", c.ConfirmVoice(approval=1)).code == "nothing_to_confirm"
    assert town.is_told("maire", c.ConfirmVoice(approval=1), entered_by="com").code == "in_person_only"


def test_a_request_typed_for_somebody_is_not_their_signature() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("dsi", town.outcome("eteindre", **CONFIRMED), entered_by="com")
    assert only(town).signed == ()


# Small towns


def test_two_vacant_groups_fall_to_the_director_who_fills_one_and_may_force_the_other() -> None:
    three = directory(["maire", "dsi", "agent"], {"directeur_crise": ("maire",), "dsi": ("dsi",)})
    town = play(ACTES.replace("[rssi, dsi]", "[rssi]"))
    town.world = type(town.world)(directory=three, shelf=town.shelf)
    town.declares("agent", "actes")
    town.picks("dsi", "eteindre", **CONFIRMED)
    town.says("maire", c.Approve(approval=1))
    assert town.is_told("maire", c.Approve(approval=1)).code == "already_signed"
    town.says("maire", c.Approve(approval=1, force=True, reason="nous sommes trois"))
    assert only(town).status == "forced"


@given(st.lists(st.frozensets(st.integers(0, 3)).map(lambda groups: tuple(sorted(groups))), max_size=5))
def test_votes_are_matched_to_groups_as_well_as_can_be(votes: list[tuple[int, ...]]) -> None:
    def best(left: list[tuple[int, ...]], free: frozenset[int]) -> int:
        if not left:
            return 0
        skipped = best(left[1:], free)
        return max([skipped, *(1 + best(left[1:], free - {group}) for group in left[0] if group in free)])

    assert filled(votes, 3) == best(votes, frozenset(range(3)))
