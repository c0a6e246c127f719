"""A guest has a last day: from the next one they hold nothing, are called for nothing, and are shown to nobody."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from msgspec.structs import replace

from bots.chat import faces
from engine.core import events as e
from engine.core import permissions
from engine.core.directory import DIRECTOR, Directory, Person, Post
from engine.core.quantities import DAY
from engine.core.world import World
from tests.bots.valmont import Valmont
from tests.chat.facing import linked, read, seen

GUESTS = Directory(
    people={
        "hote": Person(id="hote", name="Hôte"),
        "invite": Person(id="invite", name="Invité", until="2026-11-24"),
    },
    roles={
        "dsi": Post(holder="invite", deputies=("hote",)),
        "avocat": Post(holder="invite"),
        DIRECTOR: Post(holder="hote", deputies=("invite",)),
    },
)


def test_on_the_last_day_nothing_changes_and_the_day_after_the_deputy_is_first() -> None:
    assert GUESTS.on("2026-11-24") is GUESTS
    after = GUESTS.on("2026-11-25")
    assert after.roles["dsi"].people == ("hote",)
    assert after.roles["avocat"].people == ()
    assert after.directors() == ("hote",)
    assert after.name("invite") == "Invité", "what they did still has a name"
    assert after.on("2026-11-26") is after


@dataclass
class Town(Valmont):
    """Valmont with a directory of its own."""

    directory: Directory = field(default_factory=Directory)

    @property
    def world(self) -> World:
        return dataclasses.replace(super().world, directory=self.directory)


def town_with_a_guest() -> tuple[Town, str]:
    """A town whose first step is somebody's who leaves tonight."""
    valmont = Valmont().declares(by="p2")
    place = next(valmont.scene.places())
    guest = valmont.scene.first_for(place.step.role)
    directory = valmont.world.directory
    today = valmont.world.calendar.local(valmont.now).date().isoformat()
    people = {**directory.people, guest: replace(directory.people[guest], until=today)}
    return Town(incident=valmont.incident, directory=replace(directory, people=people)), guest


def test_cards_and_notices_forget_them_at_midnight() -> None:
    town, guest = town_with_a_guest()
    role = next(town.scene.places()).step.role
    house = linked({"slack": (guest,)})
    assert town.scene.first_for(role) == guest
    assert faces.people(seen(town, house=house)) == (guest,)
    town.now += DAY
    assert town.scene.first_for(role) not in ("", guest)
    assert faces.people(seen(town, house=house)) == ()
    assert town.scene.name(guest) not in read(faces.overview_content(seen(town, house=house)))


def test_the_ladder_passes_them_by_and_a_role_that_they_were_given_falls_back() -> None:
    town, guest = town_with_a_guest()
    role = next(place.step.role[0] for place in town.scene.places() if place.step.role)
    assert not town.does(f"role {role} {guest}", by="p1")
    assert permissions.holders(role, town.incident, town.scene.world.directory)[0] == guest
    town.now += DAY
    assert guest not in permissions.holders(role, town.incident, town.scene.world.directory)
    begun = len(town.journal)
    town.waits(3 * 60)
    told = [one.event for one in town.journal[begun:] if isinstance(one.event, e.Escalated)]
    assert told
    assert all(guest not in one.people for one in told)
    refused = town.does("note encore moi", by=guest)
    assert refused is not None
    assert refused.code == "person_over"
