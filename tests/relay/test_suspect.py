"""A channel that was suspect and is sound again: what was missed there is told, once, to whom nothing else told it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.core import commands as c
from tests.relay.hall import Hall, hall
from tests.relay.mirror import told
from tests.relay.model import Message


@pytest.fixture
def town() -> Iterator[Hall]:
    """p4 has Slack and nothing else; p1 and p2 have Telegram; p3 has both."""
    with hall() as found:
        found.binds()
        found.links("p3", "telegram")
        found.begins()
        found.declares()
        found.converges()
        yield found


def changes(town: Hall, status: str) -> int:
    seq = town.orders(c.ChangeSurface(surface="slack", status=status), "p1").first
    town.converges()
    return seq


def test_what_was_missed_comes_once_in_one_message(town: Hall) -> None:
    changes(town, "suspect")
    role = town.orders(c.AssignRole(role="dsi", person="p4"), "p1").first
    task = town.orders(c.AddTask(text="Relever les compteurs", who="p4"), "p1").first
    other = town.orders(c.AddTask(text="Prévenir la presse", who="p3"), "p1").first
    decided = town.orders(c.Decision(text="On coupe tout"), "p1").first
    town.converges()
    assert not any(told(town.slack, chat, role) for chat in ("G-slack", "Dsp4"))
    assert told(town.telegram, "Dtp3", other)
    sound = changes(town, "sound")
    for again in ("as it is", "after a restart"):
        (mine,), (too,) = told(town.slack, "Dsp4", role), told(town.slack, "Dsp4", task)
        assert mine.id == too.id, again
        (group,), (last,) = told(town.slack, "G-slack", role), told(town.slack, "G-slack", decided)
        assert group.id == last.id
        assert group.content is not None
        assert "pendant que ce canal était suspect" in group.content.title
        assert f"n° {role} à {decided}" in group.content.title
        assert len(told(town.slack, "G-slack", sound)) == 1
        assert not told(town.slack, "Dsp3", other), "they were told elsewhere"
        town.stops()
        town.begins()
        town.converges()


def test_a_single_notice_that_was_missed_reads_as_it_would_have(town: Hall) -> None:
    changes(town, "suspect")
    decided = town.orders(c.Decision(text="On coupe tout"), "p1").first
    town.converges()
    changes(town, "sound")
    (group,) = told(town.slack, "G-slack", decided)
    assert group.content is not None
    assert "On coupe tout" in group.content.title
    changes(town, "suspect")
    changes(town, "sound")
    assert len(told(town.slack, "G-slack", decided)) == 1


def test_who_has_nothing_else_is_told_there_whom_to_call_and_the_director_their_number(town: Hall) -> None:
    suspect = changes(town, "suspect")
    (there,) = told(town.slack, "Dsp4", suspect)
    assert "appelez la direction de crise" in str(there.content)
    assert not told(town.slack, "Dsp3", suspect), "they have another channel"
    assert any("tel:" in str(one.content) for one in numbers(town))
    changes(town, "sound")
    assert not any("tel:" in str(one.content) for one in numbers(town))


def numbers(town: Hall) -> list[Message]:
    return [one for one in town.telegram.messages if one.key.startswith(f"{town.incident}/cut_off/")]
