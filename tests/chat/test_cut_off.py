"""Who has only the channel that is suspect: named, called, and told afterwards what they missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bots.chat import faces
from bots.chat.faces import GROUP
from bots.chat.faces.calls import dialled
from engine.core import commands as c
from engine.core import events as e
from engine.core.house import HOUSE
from engine.core.house.commands import Revoke
from engine.core.receipt import Accepted
from tests.bots.valmont import Valmont
from tests.chat.facing import linked, read, seen
from tests.chat.rooms import Chat


@pytest.fixture
def town() -> Valmont:
    """Slack is all that p3, p4 and p5 have."""
    return Valmont().declares()


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    """p5 has Slack and nothing else."""
    made = Chat.open(tmp_path)
    made.orders(Revoke(surface="telegram", account="telegram-p5"), HOUSE, "p1")
    return made


@pytest.mark.parametrize("line", ["tache @p5 : relever les compteurs", "role dsi p5", "releve p5"])
def test_what_is_meant_for_somebody_cut_off_is_written_and_says_to_call_them(chat: Chat, line: str) -> None:
    name = chat.declares()
    assert chat.says("p1", "canal slack suspect : vol").ok
    before = chat.incident(name).seq
    answer = chat.says("p1", line)
    assert answer.ok, answer
    assert chat.incident(name).seq > before
    assert "ne le verra pas" in answer.lines[-1].text
    assert chat.says("p1", "canal slack sain").ok
    assert "ne le verra pas" not in str(chat.says("p1", "tache @p5 : relever"))


def test_who_has_another_channel_sees_it(chat: Chat) -> None:
    name = chat.declares()
    assert chat.says("p1", "canal slack suspect : vol").ok
    assert "ne le verra pas" not in str(chat.says("p1", "tache @p4 : relever"))
    assert isinstance(chat.last(name, e.TaskAdded).event, e.TaskAdded)


# Who is named, who is called


def test_the_other_group_names_who_sees_nothing_and_the_director_gets_their_numbers(town: Valmont) -> None:
    _changes(town, "suspect")
    view = seen(town, "telegram")
    (told,) = faces.notices(view, _changed(town))
    names = read(told.content)
    assert "Ne voient plus rien : " in names
    assert view.scene.name("p4") in names
    assert "+33" not in names
    cards = [one for p in ("p1", "p2") for one in faces.private_wanted(view, p) if "cut_off" in one.key]
    assert [(one.person, one.silent) for one in cards] == [("p1", False)]
    urls = [press.url for row in cards[0].content.buttons for press in row]
    assert urls == [f"tel:{dialled(view.scene.phone(p))}" for p in ("p3", "p4", "p5")]


def test_on_the_suspect_channel_they_read_whom_to_call_and_no_number(town: Valmont) -> None:
    _changes(town, "suspect")
    told = faces.notices(seen(town), _changed(town))
    assert [one.person for one in told] == [GROUP, "p3", "p4", "p5"]
    for one in told:
        assert "appelez la direction de crise par téléphone, ou venez en cellule" in read(one.content)
        assert "+33" not in read(one.content)


def test_whoever_has_another_channel_is_not_called(town: Valmont) -> None:
    _changes(town, "suspect")
    house = linked({"slack": ("p3", "p4"), "telegram": ("p1", "p2", "p3", "p4")})
    view = seen(town, "telegram", house=house)
    assert "Ne voient" not in read(faces.notices(view, _changed(town))[0].content)
    assert not any("cut_off" in one.key for one in faces.private_wanted(view, "p1"))


def _changes(town: Valmont, status: str) -> None:
    answer = town.submit(c.ChangeSurface(surface="slack", status=status), "p1")
    assert isinstance(answer, Accepted), answer


def _changed(town: Valmont) -> list[e.Entry]:
    return [one for one in town.journal if isinstance(one.event, e.SurfaceChanged)]
