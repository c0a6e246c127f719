"""What a dishonest hand tried at night to act alone: each way is closed, and stays closed."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from tests.core.builders import Town, directory, play
from tests.core.test_semantics_approvals import ACTES, CONFIRMED, acting, only

FORCE = c.Approve(approval=1, force=True, reason="pas le temps")


def away(town: Town, by: str, *people: str) -> None:
    for person in people:
        town.says(by, c.MarkPresence(person=person, status="unavailable"))


def test_calling_those_who_can_sign_unavailable_does_not_let_the_requester_force() -> None:
    town = acting()
    for person in ("maire", "dgs"):
        town.says(person, c.Note(text="je suis là"))
    town.says("maire", c.AssignRole(role="dsi", person="adjoint"))
    away(town, "adjoint", "maire", "dgs")
    assert town.is_told("adjoint", FORCE).code == "force_too_early"


def test_an_interim_director_who_marks_everybody_away_still_waits_thirty_minutes() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.picks("agent", "eteindre", **CONFIRMED)
    away(town, "agent", "maire", "adjoint", "dgs", "rssi", "dsi", "technicien")
    assert town.is_told("agent", FORCE).code == "force_too_early"
    town.waits("31 min")
    town.says("agent", FORCE)
    assert [one.how for one in town.written(e.OutcomePicked)] == ["forced"]


def test_people_who_say_themselves_that_they_cannot_come_let_the_director_go_on() -> None:
    town = acting()
    for person in ("maire", "dgs"):
        town.says(person, c.MarkPresence(person=person, status="unavailable"))
    town.says("adjoint", c.Note(text="j'arrive"))
    assert town.is_told("adjoint", FORCE).code == "force_too_early"  # the deputy can sign, so signs
    town.says("adjoint", c.Approve(approval=1))
    assert only(town).status == "complete"


def test_erasing_a_request_or_a_signature_cannot_make_one_person_two() -> None:
    town = acting()
    asked = next(entry.seq for entry in town.entries(e.ApprovalAsked))
    signed = next(entry.seq for entry in town.entries(e.ApprovalGiven))
    for entry in (asked, signed):
        erase = c.Erase(entries=(entry,), reason="RGPD", visa="AD-1")
        assert town.is_told("maire", erase).code == "erase_pending"
    town.says("maire", c.Approve(approval=1))
    town.says("maire", c.Erase(entries=(asked, signed), reason="RGPD", visa="AD-1"))


def test_an_interim_who_hands_over_makes_an_interim_even_once_their_name_is_erased() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    (handed,) = [one for one in town.says("agent", c.HandOver(to="com")) if isinstance(one, e.HandedOver)]
    assert handed.interim
    assert (town.incident.interim, town.incident.roles) == ("com", {})


def test_two_guests_cannot_give_each_other_the_roles_of_those_who_sleep() -> None:
    guests = directory(
        ["maire", "dgs", "dsi", "g1", "g2"], {"directeur_crise": ("maire",), "dsi": ("dsi",), "dgs": ("dgs",)}
    )
    town = play(ACTES, directory=guests)
    town.declares("maire", "actes")
    for giver, role, guest, typist in (("dsi", "dsi", "g2", "g1"), ("dgs", "dgs", "g1", "g2")):
        gift = c.AssignRole(role=role, person=guest)
        assert town.is_told(giver, gift, entered_by=typist).code == "in_person_only"
        handed = c.HandOver(to=guest, roles=(role,))
        assert town.is_told(giver, handed, entered_by=typist).code == "in_person_only"


def test_a_guest_does_not_type_the_directors_powers() -> None:
    guests = directory(
        ["maire", "dsi", "g1"], {"directeur_crise": ("maire",), "dsi": ("dsi",), "dgs": ("dsi",)}
    )
    town = play(ACTES, directory=guests)
    town.declares("maire", "actes")
    town.picks("dsi", "partir", **CONFIRMED)
    leave = c.PickOutcome(run=1, track="a", step="ailleurs", outcome="finir")
    assert town.is_told("maire", leave, entered_by="g1").code == "in_person_only"
    assert town.is_told("maire", c.ChangeSeverity(level="G1"), entered_by="g1").code == "role_needed"


def test_who_types_a_request_cannot_be_its_only_signature() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.says("maire", c.SetFact(name="donnees_personnelles", value="oui"))
    order = c.PickOutcome(run=1, track="a", step="agir", outcome="effacer", **CONFIRMED)
    town.says("dsi", order, entered_by="maire")
    assert town.is_told("maire", c.Approve(approval=1)).code == "requester_alone"
