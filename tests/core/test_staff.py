"""The directory changes from a chat: a holder, a number, a departure; the file written later counts again."""

from __future__ import annotations

from msgspec.structs import replace

from engine.core import events as e
from engine.core.directory import DIRECTOR, Directory, Post
from engine.core.house import Staff
from engine.core.house import commands as h
from engine.core.house.staff import amended
from tests.core.builders import DIRECTORY
from tests.core.test_house import CODE, Book, linked

MAYOR, CIO = DIRECTORY.directors()[0], DIRECTORY.roles["dsi"].holder
OTHER = next(one for one in DIRECTORY.people if one not in DIRECTORY.directors() and one != CIO)


class Town(Book):
    """The house's book, whose directory follows what is said in it."""

    @property
    def people(self) -> Directory:
        return amended(DIRECTORY, self.house.staff)

    def catches_up(self) -> None:
        self.directory, self.file = self.people, DIRECTORY


def _town() -> Town:
    return Town(directory=DIRECTORY)


def _holds(town: Town, role: str) -> tuple[str, ...]:
    return town.people.roles[role].people


def test_a_director_names_a_holder_and_the_file_needs_no_hand() -> None:
    town = _town()
    town.says(MAYOR, h.Appoint(role="dsi", people=(OTHER, CIO)))
    assert _holds(town, "dsi") == (OTHER, CIO)
    town.catches_up()
    assert town.says(MAYOR, h.Appoint(role="dsi", people=(OTHER, CIO))) == []


def test_a_holder_passes_their_own_role_on_but_nobody_takes_anothers() -> None:
    town = _town()
    assert town.is_told(OTHER, h.Appoint(role="dsi", people=(OTHER,))) == "director_only"
    assert town.is_told(MAYOR, h.Appoint(role="dsi", people=(OTHER,)), entered_by=OTHER) == "in_person_only"
    town.says(CIO, h.Appoint(role="dsi", people=(OTHER,)))
    assert _holds(town, "dsi") == (OTHER,)
    assert town.is_told(MAYOR, h.Appoint(role="dsi", people=())) == "role_for_nobody"
    assert town.is_told(MAYOR, h.Appoint(role="dsi", people=("personne",))) == "unknown_person"
    assert town.is_told(MAYOR, h.Appoint(role="roi", people=(OTHER,))) == "unknown_role"


def test_a_deputy_takes_the_crisis_from_nobody_before_them() -> None:
    """Whoever has stolen one deputy's account would otherwise be the only director, and the mayor could not undo it."""
    town, deputy = _town(), DIRECTORY.directors()[1]
    for people in ((deputy,), (deputy, MAYOR), (OTHER, MAYOR, deputy)):
        assert town.is_told(deputy, h.Appoint(role=DIRECTOR, people=people)) == "director_only"
    town.says(deputy, h.Appoint(role=DIRECTOR, people=(MAYOR, deputy, OTHER)))
    town.says(MAYOR, h.Appoint(role=DIRECTOR, people=(MAYOR,)))
    assert town.people.directors() == (MAYOR,)


def test_what_was_written_in_the_file_later_counts() -> None:
    town = _town()
    town.says(MAYOR, h.Appoint(role="dsi", people=(OTHER,)))
    town.says(CIO, h.ChangeNumber(phone="06 12 34 56 78"))
    written = replace(
        DIRECTORY,
        roles={**DIRECTORY.roles, "dsi": Post(holder=MAYOR)},
        people={**DIRECTORY.people, CIO: replace(DIRECTORY.people[CIO], phone="01 00 00 00 00")},
    )
    now = amended(written, town.house.staff)
    assert now.roles["dsi"] == Post(holder=MAYOR)
    assert now.people[CIO].phone == "01 00 00 00 00"


def test_a_second_change_from_a_chat_still_gives_way_to_the_file_only() -> None:
    town = _town()
    for phone in ("06 12 34 56 78", "06 99 99 99 99"):
        town.says(CIO, h.ChangeNumber(phone=phone))
        town.catches_up()
    assert town.people.people[CIO].phone == "06 99 99 99 99"
    assert amended(DIRECTORY, Staff()) is DIRECTORY


def test_a_number_is_a_number_and_the_same_one_confirms() -> None:
    town = _town()
    for wrong in ("", "demain", "06", "<script>", "0" * 60):
        assert town.is_told(CIO, h.ChangeNumber(phone=wrong)) == "no_number"
    town.says(CIO, h.ChangeNumber(phone=" 06  12 34 56 78 "))
    town.catches_up()
    assert town.says(CIO, h.ChangeNumber(phone="06 12 34 56 78")) == [e.ReachConfirmed(person=CIO)]


def test_who_leaves_holds_nothing_and_their_accounts_are_untied_until_they_are_invited_again() -> None:
    town = Town(directory=DIRECTORY)
    book = linked((CIO, "77"))
    town.incident, town.journal = book.incident, book.journal
    assert town.is_told(OTHER, h.Leave(person=CIO)) == "director_only"
    said = town.says(CIO, h.Leave())
    assert [type(one) for one in said] == [e.PersonLeft, e.AccountRevoked]
    town.catches_up()
    assert all(CIO not in post.people for post in town.people.roles.values())
    assert CIO in town.people.on("2026-12-01").over
    assert town.people.name(CIO) == DIRECTORY.people[CIO].name
    assert town.is_told(CIO, h.ConfirmReach()) == "person_left"
    town.directory = replace(town.directory)
    town.says(MAYOR, _invitation(town, CIO))
    town.catches_up()
    assert _holds(town, "dsi") == DIRECTORY.roles["dsi"].people
    assert town.enrolls("77")


def _invitation(town: Town, person: str) -> h.Invite:
    from engine.core.house import codes
    from engine.core.quantities import HOUR
    from tests.core.test_house import SALT

    return h.Invite(person=person, salt=SALT, digest=codes.code_digest(CODE, SALT), expires=town.now + HOUR)


def test_the_last_who_can_direct_a_crisis_does_not_leave() -> None:
    town = _town()
    directors = DIRECTORY.directors()
    for one in directors[:-1]:
        town.says(one, h.Leave())
        town.catches_up()
    assert town.is_told(directors[-1], h.Leave()) == "last_director"
    assert town.people.roles[DIRECTOR].people == directors[-1:]


def test_only_oneself_says_that_one_can_be_reached() -> None:
    town = _town()
    town.says("", h.AskReach(person=CIO))
    assert town.house.staff.asked == {CIO: town.now}
    assert town.is_told(CIO, h.ConfirmReach(), entered_by=OTHER) == "in_person_only"
    town.says(CIO, h.ConfirmReach())
    assert town.house.staff.confirmed == {CIO: town.now}


def test_who_is_named_instead_of_a_guest_who_is_gone_is_named_for_good() -> None:
    """The file still names the guest; it was not written later than what was said."""
    people = {**DIRECTORY.people, OTHER: replace(DIRECTORY.people[OTHER], until="2026-01-01")}
    roles = {**DIRECTORY.roles, "dsi": Post(holder=CIO, deputies=(OTHER,))}
    file = replace(DIRECTORY, people=people, roles=roles)
    town = Town(directory=file)
    town.says(MAYOR, h.Appoint(role="dsi", people=(MAYOR,)))
    assert amended(file, town.house.staff).roles["dsi"].people == (MAYOR,)


def test_directors_who_leave_in_the_same_breath_leave_one() -> None:
    town = _town()
    *first, last = DIRECTORY.directors()
    for one in first:
        town.says(one, h.Leave())
    assert town.is_told(last, h.Leave()) == "last_director"


def test_who_had_left_is_called_back_by_a_director_only() -> None:
    town = _town()
    town.says(MAYOR, h.Leave(person=CIO))
    assert town.is_told("com", _invitation(town, CIO)) == "director_only"
    town.says(DIRECTORY.directors()[-1], _invitation(town, CIO))
    assert _holds(town, "dsi") == DIRECTORY.roles["dsi"].people


def test_a_deputy_dismisses_nobody_who_directs_before_them() -> None:
    town, directors = _town(), DIRECTORY.directors()
    assert len(directors) > 1
    assert town.is_told(directors[1], h.Leave(person=directors[0])) == "director_only"
    assert town.says(directors[0], h.Leave(person=directors[1]))


def test_a_guest_alone_directs_no_crisis() -> None:
    guest = replace(DIRECTORY.people[OTHER], until="2027-12-31")
    town = Town(directory=replace(DIRECTORY, people={**DIRECTORY.people, OTHER: guest}))
    assert town.is_told(MAYOR, h.Appoint(role=DIRECTOR, people=(OTHER,))) == "guests_direct_nothing"
    assert town.says(MAYOR, h.Appoint(role=DIRECTOR, people=(MAYOR, OTHER)))
