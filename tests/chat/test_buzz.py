"""Whose phone buzzes, and how often, in a whole ransomware attack: the demonstration's, by five people.

Run with `-s` to see the count. What is counted is what a chat would ring for: a message that is posted with a sound to
somebody in private, one that rings the whole group, one that names somebody. An edit never rings.
"""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from bots.answering.office import Office
from bots.chat import faces
from bots.chat.faces import GROUP, View, Wanted
from bots.chat.faces.buzz import LOUD, NONE, QUIET, buzz
from bots.demo.ledger import Ledger
from bots.demo.player import Player, StoryClock
from bots.demo.script import read_script
from engine.core import commands as c
from engine.core.events import Entry
from engine.core.house import HOUSE
from engine.core.incident import Incident
from engine.core.quantities import HOUR, Instant
from engine.core.receipt import Accepted
from engine.core.refusal import Refused
from engine.home import Home
from engine.i18n import Words, clock_time
from engine.library.catalogue import library_folder
from tests.bots.valmont import NIGHT, Valmont
from tests.chat.facing import linked, seen

MOST_AN_HOUR = 8
"""For one person, while people answer."""
MOST_IN_ALL = 15
MOST_UNANSWERED = 10
"""In an hour, for one person, when nobody answers anything: everything climbs its ladder at once."""

Look = Callable[[Incident, str], View]


class Phones:
    """Chats that only remember what stands in them, and whose phone rang when."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._standing: dict[tuple[str, str], str] = {}
        self.rung: Counter[tuple[str, int]] = Counter()
        self.why: list[tuple[str, int, str]] = []

    def follow(self, _: Incident | None, after: Incident, entries: Sequence[Entry]) -> None:
        """What both platforms post for this commit."""
        if after.id == HOUSE:
            return
        for surface in ("slack", "telegram"):
            view = self._look(after, surface)
            for person in faces.people(view):
                if surface in faces.speaks_on(person, view):
                    for one in faces.private_wanted(view, person):
                        self._card(one, view)
            for one in faces.notices(view, entries):
                self._notice(one, view)

    def _card(self, one: Wanted, view: View) -> None:
        spot = (one.person, one.key)
        standing = self._standing.get(spot)
        if one.only_edit or (standing is not None and one.afresh in ("", standing)):
            return
        self._standing[spot] = one.afresh
        if not one.silent:
            self._ring(one.person, view, one)

    def _notice(self, one: Wanted, view: View) -> None:
        if one.person != GROUP:
            if view.surface in faces.speaks_on(one.person, view):
                self._ring(one.person, view, one)
            return
        for person in faces.people(view):
            on_it = bool(view.house.account(person, view.surface))
            if on_it and (person in one.content.mentions or (not one.silent and view.surface == "telegram")):
                self._ring(person, view, one)

    def _ring(self, person: str, view: View, one: Wanted) -> None:
        self.rung[person, view.scene.now // HOUR] += 1
        self.why.append((person, view.scene.now, f"{one.key.partition('/')[2]}: {one.content.title}"))

    def count(self) -> dict[str, dict[int, int]]:
        """Rings of each person in each hour; printed, for whoever runs with `-s`."""
        found = {
            person: {hour: n for (who, hour), n in sorted(self.rung.items()) if who == person}
            for person in sorted({person for person, _ in self.rung})
        }
        for person, hours in found.items():
            told = ", ".join(
                f"{clock_time(hour * HOUR, 'Europe/Paris', 'fr')} {n}" for hour, n in hours.items()
            )
            print(f"{person}: {sum(hours.values())} rings ({told})")
        return found


@dataclass
class Followed(Valmont):
    """Valmont in memory, with phones that ring."""

    phones: Phones | None = None

    def submit(
        self, command: c.Command, by: str, entered_by: str = "", at: Instant | None = None
    ) -> Accepted | Refused:
        before = self.incident
        answer = super().submit(command, by, entered_by, at)
        if isinstance(answer, Accepted) and self.phones is not None:
            self.phones.follow(before, self.incident, answer.entries)
        return answer


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Phones:
    """The whole demonstration, played on a real home."""
    folder = tmp_path_factory.mktemp("nuit")
    shutil.copytree(library_folder() / "exemple", folder / "valmont")
    clock = StoryClock()
    with Home(folder / "valmont") as home:
        office = Office(home, Words("fr"), clock)
        phones = Phones(
            lambda incident, surface: View(
                scene=office.scene(incident), house=linked(), surface=surface, titles=office.titles
            )
        )
        home.desk.on_commit(phones.follow)
        Player(
            office=office,
            clock=clock,
            script=read_script("fr", home.world.calendar, NIGHT),
            ledger=Ledger(folder / "ledger.jsonl"),
            screen=Console(file=io.StringIO()),
            hurried=True,
        ).play()
        return phones


def test_a_whole_attack_rings_each_phone_a_bounded_number_of_times(night: Phones) -> None:
    found = night.count()
    assert max(max(hours.values()) for hours in found.values()) <= MOST_AN_HOUR
    assert max(sum(hours.values()) for hours in found.values()) <= MOST_IN_ALL


def test_whoever_has_something_to_do_is_rung(night: Phones) -> None:
    assert {person for person, _, _ in night.why} == {"p1", "p2", "p3", "p4", "p5"}


def test_when_nobody_answers_the_ladder_rings_but_does_not_storm() -> None:
    """A whole day without anybody: the worst that a phone may be asked to bear."""
    town = Followed()
    town.phones = Phones(lambda incident, surface: seen(town, surface))
    town.declares()
    for line in (
        "prendre",
        "valider debranche",
        "valider confirme",
        "prendre endiguer",
        "valider endiguer coupure",
    ):
        assert town.does(line, "p4") is None
    assert isinstance(town.submit(c.CallRoll(), "p4"), Accepted)
    town.waits(24 * 60)
    found = town.phones.count()
    assert max(max(hours.values()) for hours in found.values()) <= MOST_UNANSWERED


ENTRIES = [
    (c.Say(text="Repli au gymnase"), "p1", LOUD, ()),
    (c.ChangeSeverity(level="G3"), "p1", LOUD, ()),
    (c.Note(text="Vu"), "p5", QUIET, ()),
    (c.Decision(text="On ferme"), "p1", QUIET, ()),
    (c.AssignRole(role="dpo", person="p3"), "p1", QUIET, ("p3",)),
    (c.AddTask(text="Appeler", who="p3"), "p1", NONE, ("p3",)),
    (c.AddTask(text="Appeler", who="p1"), "p1", NONE, ()),
    (c.ChangeActivity(activity="paie", status="interrupted"), "p1", NONE, ()),
    (c.CloseIncident(reason="fini", confirm=True), "p1", QUIET, ()),
    (c.ChangeSurface(surface="slack", status="suspect"), "p1", LOUD, ()),
]


@pytest.mark.parametrize(
    ("command", "by", "group", "people"), ENTRIES, ids=lambda one: type(one).__name__ if one else ""
)
def test_the_rule(command: c.Command, by: str, group: str, people: tuple[str, ...]) -> None:
    town = Valmont().declares()
    answer = town.submit(command, by)
    assert isinstance(answer, Accepted)
    rules = [buzz(entry, town.scene) for entry in answer.entries]
    told = [(rule.group, rule.people) for rule in rules if rule.group or rule.people]
    assert told == ([(group, people)] if group or people else [])


def test_what_changes_on_a_card_alone_rings_nobody() -> None:
    town = Valmont().declares()
    for line, by in (
        ("prendre", "p4"),
        ("valider debranche", "p4"),
        ("prendre", "p4"),
        ("fait postes_touches=14", "p4"),
    ):
        told = len(town.journal)
        assert town.does(line, by) is None
        rules = [buzz(entry, town.scene) for entry in town.journal[told:]]
        assert not any(rule.group or rule.people for rule in rules)


def test_an_exercise_once_closed_rings_nobody() -> None:
    town = Valmont().declares(exercise=True)
    assert isinstance(town.submit(c.AddTask(text="Appeler", who="p3"), "p1"), Accepted)
    assert isinstance(town.submit(c.CloseIncident(reason="fini", confirm=True), "p1"), Accepted)
    assert isinstance(town.submit(c.Say(text="Bravo à tous"), "p1"), Accepted)
    rules = [buzz(entry, town.scene) for entry in town.journal]
    assert {rule.group for rule in rules} == {NONE, QUIET}
    assert not any(rule.people for rule in rules)
    view = seen(town)
    wanted = [one for person in faces.people(view) for one in faces.private_wanted(view, person)]
    assert all(one.only_edit for one in wanted)


def test_somebody_who_cannot_be_written_to_is_named_in_the_group() -> None:
    """They never pressed Start: the group is the only place where their phone rings."""
    town = Valmont().declares()
    answer = town.submit(c.AssignRole(role="dpo", person="p3"), "p1")
    assert isinstance(answer, Accepted)
    entries = answer.entries
    group, private = faces.notices(seen(town, house=linked(shut=("p3",))), entries)
    assert (group.person, group.content.mentions, group.silent) == (GROUP, ("p3",), False)
    assert private.person == "p3"
    group, _ = faces.notices(seen(town), entries)
    assert (group.content.mentions, group.silent) == ((), True)


def test_the_document_tells_the_rule() -> None:
    """Every kind of entry that rings or is told is in docs/chat/buzz.md, by the name it has in the journal."""
    told = (Path(__file__).resolve().parents[2] / "docs" / "chat" / "buzz.md").read_text("utf-8")
    for kind in TOLD:
        assert f"`{kind}`" in told, kind


TOLD = (
    "incident_declared incident_reopened severity_changed said surface_changed note_taken message_kept "
    "decision_made situation_reported incident_closed deviation_recorded track_moved approval_forced outcome_picked "
    "role_assigned handed_over escalated presence_silent step_blocked clock_warned clock_breached situation_due "
    "task_added task_late approval_started approval_doubted approval_refused approval_silent "
    "ratification_late voice_unconfirmed"
).split()
