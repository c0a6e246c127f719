"""Whatever happens to the platforms and to the program: once it is over, the chats equal the state.

Each notice is there once where the platform can be asked for it; elsewhere a repeat is marked, and stands for an answer
that was lost or a crash.
"""

from __future__ import annotations

import os
from contextlib import ExitStack

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bots.chat.values import Place
from engine.core import commands as c
from tests.relay.hall import Hall, hall
from tests.relay.mirror import assert_equal
from tests.relay.model import ModelPlatform

LONG = bool(os.environ.get("TOCSIN_PROOF"))
FAULTS = ("", "", "wait", "wait all", "lost before", "lost after", "bug", "stuck")
PEOPLE = ("p1", "p2", "p3", "p4", "p5")
surfaces = st.sampled_from(["slack", "telegram"])


class Chats(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.town: Hall = self.stack.enter_context(hall())
        self.changes = 0
        self.blows = 0
        """Crashes, lost answers, deletions: each may cost a message."""

    def teardown(self) -> None:
        try:
            self._calm()
        finally:
            self.stack.close()

    def _calm(self) -> None:
        town = self.town
        if not town.incident:
            return
        for platform in town.platforms:
            platform.faults.clear()
            platform.down = False
            platform.closed.clear()
        if town.relay is None:
            town.begins()
        for platform in town.platforms:
            for person in PEOPLE:
                account = town.home.house.account(person, platform.surface)
                if account and not town.home.house.reachable(platform.surface, account):
                    town.reaches(platform.surface, account)
        assert town.relay is not None
        town.loop.call_soon(town.relay.look)
        town.passes(3)
        town.converges()
        assert_equal(town)
        for platform in town.platforms:
            edits = sum(one.edits for one in platform.messages)
            shown = len({(one.place.chat, one.key.split("/", 2)[1]) for one in platform.messages})
            assert edits <= (self.changes + self.blows + 4) * shown, "no storm of edits"

    def platform(self, surface: str) -> ModelPlatform:
        return self.town.slack if surface == "slack" else self.town.telegram

    @initialize()
    def declares(self) -> None:
        self.town.binds()
        self.town.begins()
        self.town.declares()
        self.changes = 3

    # What people do

    @rule(person=st.sampled_from(PEOPLE), status=st.sampled_from(["present", "coming", "unavailable"]))
    def says_where_they_are(self, person: str, status: str) -> None:
        self.town.orders(c.MarkPresence(person=person, status=status), person)
        self.changes += 1

    @rule(number=st.integers(0, 99))
    def decides(self, number: int) -> None:
        self.town.orders(c.Decision(text=f"Décision {number}"), "p1")
        self.changes += 1

    @rule(surface=surfaces, private=st.booleans(), many=st.integers(1, 15))
    def chats(self, surface: str, private: bool, many: int) -> None:
        if self.town.relay is None:
            return
        place = Place(surface=surface, chat=f"G-{surface}")
        if private:
            chat, person = ("Dsp4", "p4") if surface == "slack" else ("Dtp2", "p2")
            place = Place(surface=surface, chat=chat, person=person)
        for _ in range(many):
            self.town.loop.call_soon(self.town.relay.seen, place)
        self.town.passes(0)
        self.blows += 1

    @rule(surface=surfaces, which=st.integers(0, 30))
    def deletes(self, surface: str, which: int) -> None:
        """Somebody deletes one of our cards. Slack tells; Telegram lets us find out at the next edit."""
        cards = [one for one in self.platform(surface).messages if "/n:" not in one.key and not one.deleted]
        relay = self.town.relay
        if not cards or relay is None:
            return
        card = cards[which % len(cards)]
        if relay._posts.at(surface, card.place.chat, card.id) is None:
            return  # its answer is still on its way
        card.deleted = True
        if surface == "slack":
            self.town.loop.call_soon(relay.gone, card.place, card.id)
            self.town.passes(0)
        self.blows += 1

    # What happens to the platforms

    @rule(surface=surfaces, faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=6))
    def misbehaves(self, surface: str, faults: list[str]) -> None:
        self.platform(surface).faults.extend(faults)
        self.blows += len(faults)

    @rule(surface=surfaces)
    def goes_down(self, surface: str) -> None:
        self.platform(surface).down = True

    @rule(surface=surfaces)
    def comes_back(self, surface: str) -> None:
        self.platform(surface).down = False

    @rule(chat=st.sampled_from(["Dsp3", "Dsp4", "Dtp2"]))
    def blocks(self, chat: str) -> None:
        self.platform("slack" if chat.startswith("Ds") else "telegram").closed.add(chat)

    @precondition(lambda self: not self.town.telegram.moved)
    @rule()
    def becomes_a_supergroup(self) -> None:
        self.town.telegram.moved["G-telegram"] = "G-super"

    # What happens to us

    @rule(seconds=st.sampled_from([0.0, 0.03, 0.11, 0.14, 0.17, 0.5, 1.1, 5.0, 70.0]))
    def time_passes(self, seconds: float) -> None:
        self.town.passes(seconds)

    @rule()
    def half_an_hour_passes(self) -> None:
        self.town.passes(1_900)
        self.changes += 10  # thresholds

    @rule()
    def crashes(self) -> None:
        self.town.crashes()
        self.blows += 6
        self.town.begins()

    @rule(pause=st.sampled_from([0.0, 30.0]))
    def stops_and_starts(self, pause: float) -> None:
        self.town.stops()
        self.town.passes(pause)
        self.town.begins()
        self.blows += 1

    @invariant()
    def one_repeat_for_one_lost_answer(self) -> None:
        for platform in self.town.platforms:
            repeats = sum(one.repeat for one in platform.messages)
            assert repeats <= self.blows, (repeats, self.blows)


TestAnyTrouble = Chats.TestCase
TestAnyTrouble.settings = settings(
    max_examples=150 if LONG else 6,
    stateful_step_count=20,
    phases=set(Phase) if LONG else {Phase.explicit, Phase.reuse, Phase.generate},
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
