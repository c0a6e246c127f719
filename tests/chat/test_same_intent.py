"""Pressed, filled in or typed, on one platform or the other, the same intent writes the same events."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.chat.values import Answer
from bots.inbound.pressed import fact_number, number_for
from engine.core import events as e
from tests.chat.rooms import Chat

words = st.text("abcdefghij éèç", min_size=6, max_size=40).map(
    lambda text: " ".join(f"vu {text} ici".split())
)
Do = Callable[[Chat, str], Answer]


@dataclass(frozen=True)
class Intention:
    """The same thing, said in every way there is: a line, a form, a button when one is enough."""

    line: str
    form: tuple[str, dict[str, str]]
    button: tuple[str, int, int] | None = None
    """Act, number, value; those of a choice are looked up in the procedure."""
    of_step: bool = False

    def ways(self) -> list[Do]:
        ways: list[Do] = [self._typed, self._filled]
        return [*ways, self._pressed] if self.button is not None else ways

    def _typed(self, chat: Chat, name: str) -> Answer:
        return chat.says("p4", self.line, surface="slack")

    def _filled(self, chat: Chat, name: str) -> Answer:
        act, values = self.form
        token = self._token(chat, name, act, 0, 0)
        return chat.run(chat.room.filled(chat.alone("p4"), token, values))

    def _pressed(self, chat: Chat, name: str) -> Answer:
        assert self.button is not None
        act, what, value = self.button
        if act == "fact":
            definition = chat.step(name).definition
            what = fact_number(self.form[1]["_"], definition)
            spec = definition.facts[self.form[1]["_"]]
            value = number_for(next(iter(spec.choices)), spec.choices)
        return chat.presses("p4", self._token(chat, name, act, what, value))

    def _token(self, chat: Chat, name: str, act: str, what: int, value: int) -> str:
        return chat.at(act, name, what=what, value=value) if self.of_step else chat.of(act, name, what, value)


def _written(act: str, word: str) -> st.SearchStrategy[Intention]:
    return words.map(lambda text: Intention(line=f"{word} {text}", form=(act, {"text": text})))


anywhere = st.one_of(
    _written("note", "note"),
    _written("decision", "decision"),
    _written("say", "dire"),
    _written("deviation", "ecart"),
    _written("task", "tache"),
    words.map(
        lambda text: Intention(
            line=f"bloque qualifier {text}", form=("blocked", {"reason": text}), of_step=True
        )
    ),
    words.map(
        lambda text: Intention(
            line=f"preuve qualifier {text}", form=("evidence", {"text": text}), of_step=True
        )
    ),
    st.integers(0, 999).map(
        lambda number: Intention(
            line=f"fait postes_touches={number}",
            form=("fact", {"fact:postes_touches": str(number)}),
            of_step=True,
        )
    ),
    st.just(
        Intention(
            line="fait annuaire_touche=1",
            form=("fact", {"fact:annuaire_touche": "1", "_": "annuaire_touche"}),
            button=("fact", 0, 0),
            of_step=True,
        )
    ),
    st.just(Intention(line="point rien de neuf", form=("situation", {"more": "rien de neuf"}))),
)
boxes = st.lists(st.integers(1, 6), unique=True, min_size=1).map(sorted)


def _told(chat: Chat, name: str) -> list[tuple[e.Event, str, str]]:
    return [(one.event, one.actor.id, one.actor.role) for one in chat.home.journal.reader.entries(name)]


@given(st.lists(anywhere, min_size=1, max_size=6), boxes, st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_same_intents_write_the_same_events(
    intents: list[Intention], ticked: list[int], data: st.DataObject
) -> None:
    chosen = [data.draw(st.sampled_from(range(len(one.ways())))) for one in intents]
    with tempfile.TemporaryDirectory() as folder:
        told = []
        for number in range(2):
            chat = Chat.open(Path(folder) / str(number))
            try:
                name = chat.declares()
                assert chat.presses("p4", chat.token(name, "debranche")).ok
                for intent, way in zip(intents, chosen, strict=True):
                    do = intent.ways()[way if number else 0]
                    answer = do(chat, name)
                    assert answer.ok, (intent, answer)
                _leave_and_tick(chat, name, ticked, by_line=bool(number))
                told.append(_told(chat, name))
            finally:
                chat.home.close()
        assert told[0] == told[1]


def _leave_and_tick(chat: Chat, name: str, ticked: list[int], *, by_line: bool) -> None:
    if by_line:
        assert chat.says("p4", "valider qualifier confirme").ok
        assert chat.says("p4", f"cocher endiguer {' '.join(map(str, ticked))}").ok
    else:
        assert chat.presses("p4", chat.token(name, "confirme")).ok
        assert chat.fills("p4", chat.token(name, "tick"), items=",".join(map(str, ticked))).ok
