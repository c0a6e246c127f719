"""Whatever is typed, pressed or filled in, the room answers: it never breaks, and a popup fits."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bots.chat.token import token_of
from bots.chat.values import Answer
from bots.inbound.pressed import ACTS, Intent
from bots.inbound.vocabulary import WORDS
from tests.chat.rooms import CRISIS, Chat

NAMES = ("INC-2026-001", "EX-2026-001", "INC-2026-009", "")
small = st.integers(0, 12)
intents = st.builds(
    Intent,
    act=st.sampled_from(sorted(ACTS)),
    incident=st.sampled_from(NAMES),
    run=st.integers(0, 3),
    track=small,
    step=small,
    visit=st.integers(0, 2),
    what=small,
    value=small,
)
pieces = st.sampled_from(
    [word for words in WORDS.values() for word in words]
    + (
        "rancongiciel technique reflexe debranche @p1 par p3 1 tout : motif ! @02:50 postes_touches=14 slack suspect "
        "contact_attaquant=x paie interrompue G3 Nadia exercice"
    ).split()
)
lines = st.one_of(st.lists(pieces, min_size=1, max_size=6).map(" ".join), st.text(max_size=60))
names = st.sampled_from(
    "text when reason confirm items numbers state to who due more line incident runbook since title kind pin "
    "fact:postes_touches fact:annuaire_touche fact:rien".split()
)
values = st.dictionaries(names, st.one_of(lines, st.sampled_from(["1,2", "p1", "real", *NAMES])), max_size=5)
gestures = st.lists(
    st.one_of(
        st.tuples(st.just("say"), lines, st.booleans()),
        st.tuples(st.just("press"), intents, st.booleans()),
        st.tuples(st.just("fill"), intents, values),
    ),
    min_size=1,
    max_size=12,
)


@given(gestures)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_gesture_is_answered(done: list[tuple[str, object, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        chat = Chat.open(Path(folder))
        try:
            chat.declares()
            chat.declares(exercise=True)
            for number, (kind, what, how) in enumerate(done):
                person = f"p{1 + number % 5}"
                answer = _done(chat, person, kind, what, how)
                assert isinstance(answer, Answer)
                assert len(answer.short) <= 200
                told = answer.lines or answer.form or answer.content or answer.errors
                assert told, (kind, what, how)
        finally:
            chat.home.close()


def _done(chat: Chat, person: str, kind: str, what: object, how: object) -> Answer:
    if kind == "say":
        assert isinstance(what, str)
        caller = chat.among(person, CRISIS, incident=NAMES[0]) if how else chat.alone(person)
        return chat.run(chat.room.say(caller, what))
    assert isinstance(what, Intent)
    token = token_of(what)
    if kind == "press":
        return chat.run(chat.room.press(chat.alone(person, "slack" if how else "telegram"), token))
    assert isinstance(how, dict)
    chat.room.options(chat.alone(person), token, "to", "na")
    return chat.run(chat.room.filled(chat.alone(person), token, how))
