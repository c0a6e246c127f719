"""States that nobody works on are folded small, and come back the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core import commands as c
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.core.quantities import HOUR
from engine.desk.heads import Heads
from engine.home import Home
from engine.journal import audit
from engine.journal.port import Head
from engine.timers import Timers
from tests.desk import towns


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        yield home


def lived_in(home: Home) -> list[Head]:
    """Incidents with most of what a state can hold: facts, roles, tasks, clocks, evidence, a call, lateness."""
    for number, runbook in enumerate(
        ("banc", "rancongiciel", "continuite-etat-civil", "je-ne-sais-pas-encore")
    ):
        incident = towns.declare(home, f"declare {number}", runbook=runbook)
        commands: list[c.Command] = [
            c.CallRoll(),
            c.AssignRole(role="dsi", person="p5"),
            c.MarkPresence(person="p2", status="unavailable"),
            c.AddTask(text="appeler le prestataire", who="p5", due=towns.NOW + HOUR),
            c.SetFact(name="donnees_personnelles", value="oui"),
            c.ChangeActivity(activity="etat_civil_deces", status="interrupted"),
            c.Deviate(text="fait sans attendre"),
            c.StartClock(clock="H-CNIL33", start=towns.NOW),
        ]
        for step, command in enumerate(commands):
            home.desk.submit_now(
                towns.order(incident, command, f"{number}/{step}", by="p1", at=towns.NOW + step)
            )
        for press in range(3 if runbook == "banc" else 0):
            towns.press(home, incident, f"{number}/press {press}", at=towns.NOW + 100)
    Timers(home.desk, home.journal.reader).fire_now(towns.NOW + 2 * HOUR)
    heads = [home.journal.reader.head(name) for name in home.journal.reader.incidents()]
    return [head for head in heads if head is not None]


def test_a_state_that_was_folded_is_the_same(home: Home) -> None:
    heads = lived_in(home)
    assert len(heads) == 4
    assert any(head.incident.tasks and head.incident.clocks and head.incident.activities for head in heads)
    kept = Heads(at_hand=1)
    for head in heads:
        kept.keep({head.incident.id: head})
    for _ in range(2):
        for head in heads:
            assert kept.get(head.incident.id) == head
    assert kept.get("INC-1999-001") is None


def test_what_was_published_last_is_what_is_kept(home: Home) -> None:
    first, second, *_ = lived_in(home)
    kept = Heads(at_hand=1)
    name = first.incident.id
    kept.keep({name: first})
    kept.keep({second.incident.id: second})
    newer = first._replace(hash=bytes(32))
    kept.keep({name: newer})
    assert kept.get(name) == newer
    kept.clear()
    assert kept.get(name) is None
    assert kept.get(second.incident.id) is None


def test_incidents_worked_on_in_turn_beyond_what_is_at_hand_go_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home.desk, "_heads", Heads(at_hand=2))
    incidents = [towns.declare(home, f"declare {number}") for number in range(5)]
    for press in range(12):
        for incident in incidents:
            towns.press(home, incident, f"{incident}/{press}", at=towns.NOW + press)
    verdicts, beside = audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)
    assert all(verdict.whole for verdict in verdicts)
    assert beside == []
