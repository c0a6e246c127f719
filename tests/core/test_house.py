"""The house: a code ties one account to one person, once, in its time; a suspect surface does nothing any more."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from msgspec.structs import replace

from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.core.decide import decide
from engine.core.directory import Directory
from engine.core.evolve import fold
from engine.core.house import HOUSE, House, codes
from engine.core.house import commands as h
from engine.core.incident import Incident
from engine.core.quantities import DAY, HOUR, Instant
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.core.world import World
from tests.core.builders import DIRECTORY, NIGHT, Shelf, Town, at, commands_of, play
from tests.core.test_semantics_approvals import ACTES, CONFIRMED, only

SALT = "0f" * 16
CODE = "K7QF-29XM-PD4T"


@dataclass
class Book:
    """The house as it is lived."""

    now: Instant = NIGHT
    directory: Directory = DIRECTORY
    file: Directory | None = None
    """What `annuaire.yaml` says, where people have changed the directory since."""
    incident: Incident = field(default_factory=lambda: Incident(id=HOUSE))
    journal: list[e.Entry] = field(default_factory=list)

    @property
    def house(self) -> House:
        return self.incident.house or House()

    def answers(self, by: str, command: c.Command, **envelope: Any) -> Accepted | Refused:
        order = c.Order(
            incident=HOUSE, command=command, by=by, at=self.now, key=str(len(self.journal)), **envelope
        )
        world = World(directory=self.directory, shelf=Shelf(), file=self.file)
        answer = decide(order, self.incident, world)
        assert decide(order, self.incident, world) == answer
        if isinstance(answer, Accepted):
            assert [one.seq for one in answer.entries] == list(
                range(self.incident.seq + 1, self.incident.seq + 1 + len(answer.entries))
            )
            if answer.entries:
                assert touched(self.incident, answer.incident) == ()
                assert list(of(answer.incident, world)) == []
            self.incident, self.journal = answer.incident, [*self.journal, *answer.entries]
            assert fold(Incident(id=HOUSE), self.journal).house == self.incident.house
        return answer

    def says(self, by: str, command: c.Command, **envelope: Any) -> list[e.Event]:
        answer = self.answers(by, command, **envelope)
        assert isinstance(answer, Accepted), answer
        return [one.event for one in answer.entries]

    def is_told(self, by: str, command: c.Command, **envelope: Any) -> str:
        answer = self.answers(by, command, **envelope)
        assert isinstance(answer, Refused), answer
        return answer.code

    def invites(self, person: str, code: str = CODE, surface: str = "", hours: int = 24) -> None:
        invite = h.Invite(
            person=person,
            salt=SALT,
            digest=codes.code_digest(code, SALT),
            surface=surface,
            expires=self.now + hours * HOUR,
        )
        self.says("dsi", invite)

    def enrolls(self, account: str, code: str = CODE, surface: str = "telegram") -> list[e.Event]:
        return self.says("", h.Enroll(surface=surface, account=account, code=code), source=surface)

    def fails(self, account: str, code: str = CODE, surface: str = "telegram") -> str:
        return self.is_told("", h.Enroll(surface=surface, account=account, code=code), source=surface)


def linked(*pairs: tuple[str, str]) -> Book:
    book = Book()
    for person, account in pairs:
        book.invites(person)
        book.enrolls(account)
    return book


# Accounts


def test_a_code_ties_an_account_to_whom_it_was_drawn_for() -> None:
    book = Book()
    book.invites("maire")
    assert book.enrolls("77") == [e.AccountLinked(person="maire", surface="telegram", account="77")]
    assert (book.house.person("telegram", "77"), book.house.accounts("maire")) == (
        "maire",
        (("telegram", "77"),),
    )
    assert book.house.reachable("telegram", "77")
    entry = book.journal[-1]
    assert (entry.actor.id, entry.actor.name, entry.source) == ("maire", "Maire", "telegram")


def test_what_is_kept_of_a_code_is_no_code() -> None:
    book = Book()
    book.invites("maire")
    assert codes.plain(CODE) not in str(book.journal)
    assert CODE not in str(book.journal)


@pytest.mark.parametrize("typed", ["k7qf-29xm-pd4t", "K7QF29XMPD4T", " k7qf 29xm pd4t "])
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    book = Book()
    book.invites("maire")
    assert book.enrolls("77", typed)


def test_a_wrong_code_ties_nothing_and_leaves_no_trace() -> None:
    book = Book()
    book.invites("maire")
    before = book.incident
    assert {book.fails("77", wrong) for wrong in ("", "K7QF-29XM-PD4S", "0" * 64, "é\ud800")} == {
        "code_wrong"
    }
    assert book.incident == before


def test_a_code_serves_once() -> None:
    book = linked(("maire", "77"))
    assert book.fails("78") == "code_wrong"


def test_a_code_has_its_time() -> None:
    book = Book()
    book.invites("maire", hours=24)
    book.now += 24 * HOUR
    assert book.fails("77") == "code_expired"
    too_long = h.Invite(person="maire", salt=SALT, digest="ab" * 32, expires=book.now + 8 * DAY)
    assert book.is_told("dsi", too_long) == "unlikely_date"


def test_a_newer_invitation_takes_the_place_of_the_older() -> None:
    book = Book()
    book.invites("maire", "AAAA-AAAA-AAAA")
    book.invites("maire", "BBBB-BBBB-BBBB")
    assert book.fails("77", "AAAA-AAAA-AAAA") == "code_wrong"
    assert book.enrolls("77", "BBBB-BBBB-BBBB")


def test_a_code_for_one_surface_is_none_for_the_other() -> None:
    book = Book()
    book.invites("maire", surface="slack")
    assert book.fails("77") == "code_wrong"
    assert book.enrolls("T1/U1", surface="slack")


def test_an_account_is_one_persons_until_it_is_revoked() -> None:
    book = linked(("maire", "77"))
    book.invites("dgs")
    assert book.fails("77") == "account_taken"
    book.says("dsi", h.Revoke(surface="telegram", account="77", reason="téléphone prêté"))
    assert book.enrolls("77")
    assert book.house.person("telegram", "77") == "dgs"


def test_a_new_account_takes_the_place_of_the_old_one_on_its_surface_only() -> None:
    book = linked(("maire", "77"))
    book.invites("maire")
    book.enrolls("T1/U1", surface="slack")
    book.invites("maire")
    book.enrolls("78")
    assert book.house.person("telegram", "77") == ""
    assert set(book.house.accounts("maire")) == {("slack", "T1/U1"), ("telegram", "78")}


def test_revoking_a_person_unties_all_and_cancels_the_code_that_waits() -> None:
    book = linked(("maire", "77"))
    book.invites("maire")
    assert commands_of(book.says("dsi", h.Revoke(person="maire"))) == [
        "AccountRevoked",
        "InvitationCancelled",
    ]
    assert book.fails("77") == "code_wrong"
    assert book.is_told("dsi", h.Revoke(person="maire")) == "nothing_to_revoke"


def test_a_guest_revokes_their_own_account_and_no_other() -> None:
    book = linked(("agent", "77"), ("maire", "78"))
    assert book.is_told("agent", h.Revoke(person="maire")) == "role_needed"
    assert book.is_told("agent", h.Revoke(surface="telegram", account="78")) == "role_needed"
    assert book.says("agent", h.Revoke(person="agent"))


def test_a_guest_invites_nobody_and_binds_nothing() -> None:
    book = Book()
    invite = h.Invite(person="agent", salt=SALT, digest="ab" * 32, expires=book.now + HOUR)
    assert book.is_told("agent", invite) == "role_needed"
    assert book.is_told("agent", h.BindGroup(surface="slack", purpose="crisis", chat="C1")) == "role_needed"
    assert book.is_told("", invite) == "unknown_person"
    assert book.is_told("inconnu", invite) == "unknown_person"


@pytest.mark.parametrize(
    ("salt", "digest"), [("", ""), ("zz" * 16, "ab" * 32), (SALT, "ab"), ("0f", "ab" * 32)]
)
def test_a_digest_that_nothing_can_be_compared_with_is_refused(salt: str, digest: str) -> None:
    book = Book()
    invite = h.Invite(person="maire", salt=salt, digest=digest, expires=book.now + HOUR)
    assert book.is_told("dsi", invite) == "unusable_digest"
    assert book.is_told("dsi", h.SetPin(salt=salt, digest=digest)) == "unusable_digest"


def test_who_was_erased_is_tied_to_nothing() -> None:
    book = linked(("maire", "77"))
    book.says("maire", c.Erase(entries=(2,), reason="demande", visa="AD-12"))
    erased = replace(book.journal[1], event=replace(book.journal[1].event, person="", account=""))
    assert fold(Incident(id=HOUSE), [book.journal[0], erased]).house.links == {}  # type: ignore[union-attr]


# Guests


def until(day: str) -> Directory:
    people = dict(DIRECTORY.people) | {"agent": replace(DIRECTORY.people["agent"], until=day)}
    return replace(DIRECTORY, people=people)


def test_a_guest_may_act_on_their_last_day_and_not_after() -> None:
    town = play(ACTES, directory=until("2026-11-24"))
    town.declares("dsi", "actes")
    town.now = at("2026-11-24 23:59")
    assert town.says("agent", c.Note(text="vu"))
    town.now = at("2026-11-25 00:00")
    assert town.is_told("agent", c.Note(text="vu")).code == "person_over"
    assert town.is_told("dsi", c.AddTask(text="voir", who="agent")).code == "person_over"
    assert town.is_told("agent", c.Note(text="vu"), entered_by="dsi").code == "person_over"


def test_a_guest_who_is_gone_ties_no_account() -> None:
    book = Book(directory=until("2026-11-24"))
    book.invites("agent")
    book.now = at("2026-11-25 00:00")
    assert book.fails("77") == "person_over"


# Groups and places


def bind(purpose: str, chat: str, thread: str = "", surface: str = "telegram") -> h.BindGroup:
    return h.BindGroup(surface=surface, purpose=purpose, chat=chat, thread=thread)


def test_a_group_serves_its_purpose_and_follows_its_migration() -> None:
    book = Book()
    book.says("dsi", bind("crisis", "-12"))
    book.says("dsi", bind("declare", "-12"))
    book.says("", h.BindPlace(incident="INC-2026-001", surface="telegram", chat="-12", thread="5"))
    book.says("", h.MoveChat(surface="telegram", old="-12", new="-10012"))
    house = book.house
    assert house.group("telegram", "crisis") == house.group("telegram", "declare") == ("-10012", "")
    assert house.place("INC-2026-001", "telegram") == ("-10012", "5")
    assert house.incident_at("telegram", "-10012", "5") == "INC-2026-001"
    assert house.incident_at("telegram", "-10012", "") == house.incident_at("slack", "-10012", "5") == ""
    assert house.group("slack", "crisis") is house.place("INC-2026-002", "telegram") is None
    assert book.says("", h.MoveChat(surface="telegram", old="-12", new="-9")) == []


@pytest.mark.parametrize(("crisis", "exercise"), [("-12", "-10012"), ("-10012", "-12")])
def test_a_move_that_is_told_late_leaves_no_chat_to_both_the_crisis_and_exercises(
    crisis: str, exercise: str
) -> None:
    book = Book()
    book.says("dsi", bind("crisis", crisis))
    book.says("dsi", bind("exercise", exercise))
    book.says("", h.MoveChat(surface="telegram", old="-12", new="-10012"))
    assert book.house.group("telegram", "crisis") == ("-10012", "")
    assert book.house.group("telegram", "exercise") is None


def test_the_group_of_exercises_never_serves_the_real_thing() -> None:
    book = Book()
    book.says("dsi", bind("exercise", "-5"))
    assert {book.is_told("dsi", bind(one, "-5", "7")) for one in ("crisis", "declare")} == {"group_is_for"}
    real, drill = (
        h.BindPlace(incident=name, surface="telegram", chat="-5") for name in ("INC-2026-001", "EX-2026-001")
    )
    assert book.is_told("", real) == "group_is_for"
    book.says("", drill)
    assert book.says("dsi", bind("exercise", "")) == [e.GroupBound(surface="telegram", purpose="exercise")]
    assert book.is_told("dsi", bind("crisis", "-5")) == "place_is_of"
    book.says("dsi", bind("crisis", "-6"))
    assert book.is_told("dsi", bind("exercise", "-6")) == "group_is_for"


def test_the_last_incident_of_a_group_that_several_share_is_the_one_meant() -> None:
    book = Book()
    for name in ("INC-2026-001", "INC-2026-002", "INC-2026-001"):
        book.says("", h.BindPlace(incident=name, surface="slack", chat="C1"))
    assert book.house.incident_at("slack", "C1") == "INC-2026-002"
    book.says("", h.BindPlace(incident="INC-2026-001", surface="slack", chat="C1", thread="2"))
    book.says("", h.BindPlace(incident="INC-2026-001", surface="slack", chat="C1"))
    assert book.house.incident_at("slack", "C1") == "INC-2026-001"


def test_what_changes_nothing_writes_nothing() -> None:
    book = linked(("maire", "77"))
    book.says("dsi", bind("crisis", "-12"))
    book.says("", h.NameBot(surface="telegram", name="valmont_bot"))
    again = (
        ("dsi", bind("crisis", "-12")),
        ("", h.NameBot(surface="telegram", name="valmont_bot")),
        ("", h.MarkReach(surface="telegram", account="77", open=True)),
        ("", h.MarkReach(surface="telegram", account="99", open=False, why="blocked")),
    )
    for by, command in again:
        assert book.says(by, command) == []


def test_an_account_that_cant_be_written_to_says_so_until_it_can() -> None:
    book = linked(("maire", "77"))
    book.says("", h.MarkReach(surface="telegram", account="77", open=False, why="blocked"))
    assert not book.house.reachable("telegram", "77")
    book.says("", h.MarkReach(surface="telegram", account="77", open=True))
    assert book.house.reachable("telegram", "77")


def test_the_house_takes_nothing_of_an_incident_nor_the_other_way_round() -> None:
    book = Book()
    assert book.is_told("dsi", c.Note(text="vu")) == "no_incident"
    assert book.is_told("dsi", c.Declare(title="x", known_at=NIGHT)) == "no_incident"
    town = play(ACTES)
    town.declares("dsi", "actes")
    assert town.is_told("dsi", bind("crisis", "-12")).code == "no_incident"


def test_a_pin_is_ones_own_and_only_its_digest_is_kept() -> None:
    book = Book()
    pin = h.SetPin(salt=SALT, digest=codes.pin_digest("482915", SALT))
    assert book.is_told("maire", pin, entered_by="dsi") == "in_person_only"
    book.says("maire", pin)
    assert book.house.is_pin("maire", " 482915 ")
    assert not book.house.is_pin("maire", "482916")
    assert not book.house.is_pin("dgs", "482915")
    assert "482915" not in str(book.journal)


# A suspect surface


def suspect(surface: str = "slack") -> Town:
    town = play(ACTES)
    town.declares("agent", "actes")
    for person in ("maire", "dsi", "com"):  # whoever acts first is thereby present: here that is done
        town.says(person, c.Note(text="présent"))
    town.says("dsi", c.ChangeSurface(surface=surface, status="suspect", reason="messages forgés"))
    return town


def test_nothing_is_done_from_a_suspect_surface_and_what_is_written_there_moves_nothing() -> None:
    town = suspect()
    for command in (
        town.outcome("partir", reason="peur"), c.Decision(text="x"), c.Say(text="x"), c.Deviate(text="x"),
        c.MarkPresence(person="maire", status="unavailable"), c.AssignRole(role="dpo", person="agent"),
        c.ChangeSurface(surface="slack", status="sound"), c.CloseIncident(reason="fini", confirm=True),
    ):  # fmt: skip
        assert town.is_told("maire", command, source="slack").code == "surface_suspect", command
    before = town.incident
    town.says("dgs", c.Note(text="c'est bien moi"), source="slack")
    assert replace(town.incident, seq=before.seq) == before
    assert "dgs" not in town.incident.answered, "a stranger may hold the account: nobody is here for that"
    town.says("dgs", c.Note(text="me voici"), source="telegram")
    assert "dgs" in town.incident.answered


def test_a_suspect_surface_may_still_raise_the_alarm_about_another() -> None:
    town = suspect()
    assert town.says("maire", c.ChangeSurface(surface="telegram", status="suspect"), source="slack")
    sound = c.ChangeSurface(surface="slack", status="sound")
    assert town.is_told("maire", sound, source="telegram").code == "surface_suspect"
    town.says("maire", c.ChangeSurface(surface="slack", status="sound"))
    assert town.incident.suspect == {"telegram"}


def test_only_a_holder_of_a_role_says_that_a_surface_is_suspect_or_sound() -> None:
    town = suspect()
    assert town.is_told("com", c.ChangeSurface(surface="fax", status="suspect")).code == "unknown_surface"
    assert town.is_told("com", c.ChangeSurface(surface="slack", status="?")).code == "unknown_surface_status"
    town.incident = replace(town.incident, interim="")
    assert town.is_told("agent", c.ChangeSurface(surface="slack", status="sound")).code == "role_needed"
    assert town.says("com", c.ChangeSurface(surface="slack", status="suspect")) == []


def test_an_irreversible_yes_is_said_two_ways_while_a_surface_is_suspect() -> None:
    town = suspect()
    assert commands_of(town.picks("dsi", "eteindre", **CONFIRMED)) == ["ApprovalAsked", "ApprovalStarted"]
    sign = c.Approve(approval=1)
    assert town.says("maire", sign, source="telegram") == [e.ApprovalStarted(approval=1, way="telegram")]
    assert town.is_told("maire", sign, source="telegram").code == "second_way_needed"
    assert only(town).signed == ()
    (given, *_) = town.says("maire", sign, source="terminal")
    assert given == e.ApprovalGiven(approval=1, fits=(0,), proof="second_way")
    assert only(town).status == "asked"
    assert "OutcomePicked" in commands_of(town.says("dsi", sign, source="telegram"))


def test_a_pin_makes_one_way_enough() -> None:
    town = suspect()
    town.picks("dsi", "eteindre", **CONFIRMED)
    assert town.says("maire", c.Approve(approval=1, proof="pin"), source="telegram") == [
        e.ApprovalGiven(approval=1, fits=(0,), proof="pin")
    ]


def test_the_voice_is_one_way_and_never_both() -> None:
    town = suspect()
    town.picks("dsi", "eteindre", **CONFIRMED)
    voice = c.Approve(approval=1, voice="maire", proof="pin")
    assert town.says("com", voice) == [e.ApprovalStarted(approval=1, way="voice")]
    assert town.is_told("com", voice).code == "second_way_needed"
    assert commands_of(town.says("maire", c.Approve(approval=1), source="telegram")) == ["ApprovalGiven"]


def test_what_was_half_said_on_a_surface_that_became_suspect_no_longer_counts() -> None:
    town = suspect()
    town.picks("dsi", "eteindre", **CONFIRMED)
    town.says("maire", c.Approve(approval=1), source="telegram")
    town.says("dsi", c.ChangeSurface(surface="telegram", status="suspect"))
    assert commands_of(town.says("maire", c.Approve(approval=1))) == ["ApprovalStarted"]


def test_what_was_signed_on_a_surface_before_the_alarm_falls_and_is_given_again() -> None:
    town = play(ACTES)
    town.declares("agent", "actes")
    town.picks("dsi", "eteindre", **CONFIRMED)
    town.says("agent", c.Note(text="présent"))
    assert [one.by for one in only(town).signed] == ["dsi"]
    town.says("agent", c.ChangeSurface(surface="telegram", status="suspect"))
    assert [one.by for one in only(town).signed] == ["dsi"], "given at the terminal"
    town.says("agent", c.ChangeSurface(surface="telegram", status="sound"))
    other = play(ACTES)
    other.declares("agent", "actes")
    asking = other.outcome("eteindre", reason="le feu gagne", confirm=True)
    other.answers(other.order("dsi", asking, source="slack"))
    written = other.says("agent", c.ChangeSurface(surface="slack", status="suspect"))
    assert written[1] == e.ApprovalDoubted(approval=1, surface="slack", signatures=(0,), people=("dsi",))
    assert (only(other).signed, only(other).status) == ((), "asked")
    other.says("dsi", c.Approve(approval=1), source="telegram")
    other.says("dsi", c.Approve(approval=1))
    assert [(one.by, one.proof) for one in only(other).signed] == [("dsi", "second_way")]


def test_forcing_takes_two_ways_too_and_a_reversible_act_takes_one() -> None:
    town = suspect()
    town.picks("dsi", "eteindre", **CONFIRMED)
    town.waits("31 min")
    force = c.Approve(approval=1, force=True, reason="plus personne")
    assert town.says("maire", force, source="telegram") == [e.ApprovalStarted(approval=1, way="telegram")]
    assert "ApprovalForced" in commands_of(town.says("maire", force, source="terminal"))
    other = suspect()
    other.picks("dsi", "couper", **CONFIRMED)
    assert commands_of(other.says("maire", c.Approve(approval=1))) == ["ApprovalGiven"]


def test_once_every_surface_is_sound_one_yes_is_enough_again() -> None:
    town = suspect()
    town.picks("dsi", "eteindre", **CONFIRMED)
    town.says("maire", c.ChangeSurface(surface="slack", status="sound"))
    assert commands_of(town.says("maire", c.Approve(approval=1), source="slack")) == ["ApprovalGiven"]


# No order of invitations, enrolments and revocations breaks it

PEOPLE = ("maire", "dgs", "dsi", "agent")
ACCOUNTS = ("1", "2", "3")
SURFACES = ("slack", "telegram")


class Enrolments(RuleBasedStateMachine):
    """Codes are drawn, given, mistyped, given again, outlived; accounts are lost and revoked."""

    def __init__(self) -> None:
        super().__init__()
        self.book = Book()
        self.drawn: dict[str, tuple[str, Instant]] = {}
        """Code to its person and its end; those that can no longer serve are in `spent`."""
        self.spent: set[str] = set()
        self.owners: dict[tuple[str, str], str] = {}

    @rule(person=st.sampled_from(PEOPLE), hours=st.integers(1, 48))
    def invite(self, person: str, hours: int) -> None:
        code = f"CODE-{len(self.drawn):04d}"
        self.book.invites(person, code, hours=hours)
        self.spent |= {old for old, (whose, _) in self.drawn.items() if whose == person}
        self.drawn[code] = (person, self.book.now + hours * HOUR)

    @precondition(lambda self: self.drawn)
    @rule(data=st.data(), account=st.sampled_from(ACCOUNTS), surface=st.sampled_from(SURFACES))
    def enroll(self, data: st.DataObject, account: str, surface: str) -> None:
        code = data.draw(st.sampled_from(sorted(self.drawn)))
        person, end = self.drawn[code]
        good = code not in self.spent and self.book.now < end
        good = good and self.owners.get((surface, account), person) == person
        answer = self.book.answers("", h.Enroll(surface=surface, account=account, code=code), source=surface)
        assert isinstance(answer, Accepted) is good
        if good:
            self.spent.add(code)
            self.owners = {
                key: who for key, who in self.owners.items() if (who, key[0]) != (person, surface)
            } | {(surface, account): person}

    @rule(code=st.text(max_size=20), account=st.sampled_from(ACCOUNTS))
    def guess(self, code: str, account: str) -> None:
        if codes.plain(code) not in {codes.plain(one) for one in self.drawn}:
            assert self.book.fails(account, code) == "code_wrong"

    @rule(person=st.sampled_from(PEOPLE))
    def revoke(self, person: str) -> None:
        waits = any(whose == person and code not in self.spent for code, (whose, _) in self.drawn.items())
        had = person in self.owners.values()
        answer = self.book.answers("dsi", h.Revoke(person=person))
        assert isinstance(answer, Accepted) is (had or waits)
        self.owners = {key: who for key, who in self.owners.items() if who != person}
        self.spent |= {code for code, (whose, _) in self.drawn.items() if whose == person}

    @rule(account=st.sampled_from(ACCOUNTS), surface=st.sampled_from(SURFACES), opened=st.booleans())
    def reach(self, account: str, surface: str, opened: bool) -> None:
        self.book.says("", h.MarkReach(surface=surface, account=account, open=opened, why="blocked"))
        assert self.book.house.reachable(surface, account) is ((surface, account) in self.owners and opened)

    @rule(hours=st.integers(0, 30))
    def wait(self, hours: int) -> None:
        self.book.now += hours * HOUR

    @invariant()
    def each_account_is_whose_the_codes_say(self) -> None:
        links = {(one.surface, one.account): one.person for one in self.book.house.links.values()}
        assert links == self.owners
        for person in PEOPLE:
            surfaces = [surface for surface, _ in self.book.house.accounts(person)]
            assert len(surfaces) == len(set(surfaces))


TestEnrolments = Enrolments.TestCase
TestEnrolments.settings = settings(
    max_examples=400 if os.environ.get("TOCSIN_PROOF") else 40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
