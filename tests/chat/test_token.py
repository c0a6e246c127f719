"""A token comes back as the intent it was made from, for every button there is; anything else is refused."""

import re
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.token import DECLARE, ENROLL, LONGEST, press_of, read, token_of
from bots.inbound.pressed import ACTS, Intent, command_of, place_at
from engine.core import commands as c
from engine.core.cards import (
    Scene,
    activities_card,
    approval_card,
    cell_card,
    overview,
    person_card,
    step_card,
    tasks_card,
)
from engine.core.incident import Cursor, TrackState
from engine.library.catalogue import Library
from tests.bots.valmont import Valmont

numbers = st.integers(0, 36**4)
intents = st.builds(
    Intent,
    act=st.sampled_from(sorted(ACTS)),
    incident=st.sampled_from(("", "INC-2026-003", "EX-2026-001", "INC-2031-1234")),
    run=st.integers(0, 999),
    track=st.integers(0, 99),
    step=st.integers(0, 99),
    visit=st.integers(0, 9999),
    what=st.integers(0, 999),
    value=st.integers(0, 99),
)


@given(intents)
def test_a_token_comes_back(intent: Intent) -> None:
    token = token_of(intent)
    assert read(token) == intent
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST}}}", token)


@given(intents, st.data())
def test_a_damaged_token_is_not_read(intent: Intent, data: st.DataObject) -> None:
    token = token_of(intent)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from(sorted(set("abcXYZ0189_-") - {token[place]})))
    assert read(token[:place] + other + token[place + 1 :]) is None
    assert read(token[:place]) is None


@given(st.text(max_size=80))
def test_a_forged_token_is_not_read(text: str) -> None:
    found = read(text)
    assert found is None or token_of(found) == text


def test_the_fixed_tokens_can_be_read() -> None:
    assert [read(DECLARE), read(ENROLL)] == [Intent(act="declare"), Intent(act="enroll")]


def _everywhere(runbook: str) -> Iterator[Scene]:
    """An incident of this procedure, one track at each of its steps."""
    town = Valmont().declares(runbook)
    run = town.incident.runs[1]
    definition = town.scene.definition(run)
    for track, written in definition.runbook.tracks.items():
        for step in (name for name, one in written.steps.items() if not one.end):
            state = TrackState(status="at", cursor=Cursor(step=step, visit=12, entered_at=town.now))
            moved = msgspec.structs.replace(run, tracks={**run.tracks, track: state})
            town.incident = msgspec.structs.replace(town.incident, runs={1: moved})
            yield town.scene


@pytest.mark.parametrize("runbook", sorted(Library.load().runbooks))
def test_every_button_of_every_step_comes_back(runbook: str) -> None:
    speech = Valmont().speech
    for scene in _everywhere(runbook):
        for place in scene.places():
            for button in step_card(scene, place).buttons:
                press = press_of(button, scene, speech, place)
                intent = read(press.token)
                assert intent is not None
                at = place_at(intent, scene)
                assert at is not None
                assert (at.run, at.track, at.step) == (1, place.track, place.cursor.step)
                if button.command is not None:
                    assert command_of(intent, scene) == button.command
                else:
                    assert intent.act == button.name


def test_every_other_card_has_buttons_that_come_back() -> None:
    town = Valmont().declares("rancongiciel")
    town.submit(c.CallRoll(), "p5")
    town.submit(c.AddTask(text="Acheter des piles", who="p2"), "p5")
    town.submit(c.ChangeApplication(application="logiciel", status="down"), "p5")
    scene, speech = town.scene, town.speech
    cards = [overview(scene), cell_card(scene), tasks_card(scene), activities_card(scene)]
    cards += [person_card(scene, one) for one in scene.world.directory.people]
    cards += [approval_card(scene, one) for one in scene.incident.approvals.values()]
    buttons = [button for card in cards for button in card.buttons]
    assert len(buttons) > 8
    for button in buttons:
        intent = read(press_of(button, scene, speech).token)
        assert intent is not None
        assert button.command in (None, command_of(intent, scene))
    opened = {button.command.runbook for button in buttons if isinstance(button.command, c.OpenRunbook)}
    assert opened == {"continuite-etat-civil", "continuite-paie"}
