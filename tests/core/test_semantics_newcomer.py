"""What a newcomer's night taught: a doubt that becomes an attack, a late knowledge, a hand that ticks for its role."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from tests.core.builders import NIGHT, play

DOUBT = """
format: 1
runbook: doute
title: Doute
version: 1
severity: G2
tracks:
  seul:
    title: Seul
    steps:
      trier:
        title: Trier
        role: rssi
        checklist: [Débranché]
        outcomes:
          attaque: {label: Attaque, hand_over: attaque}
          autre: {label: Autre, next: fin}
      fin: {title: Fin, end: closed}
"""
ATTACK = """
format: 1
runbook: attaque
title: Attaque
version: 1
severity: G4
clocks:
  - use: H-PLAINTE72
tracks:
  seul:
    title: Seul
    steps:
      agir:
        title: Agir
        role: dsi
        outcomes:
          fait: {label: Fait, next: fin}
      fin: {title: Fin, end: closed}
"""


def test_a_doubt_that_becomes_an_attack_is_as_grave_as_the_attack() -> None:
    town = play(DOUBT, ATTACK)
    town.declares("agent", "doute")
    town.says(
        "rssi",
        c.PickOutcome(run=1, track="seul", step="trier", outcome="attaque", confirm=True, reason="écran"),
    )
    assert town.incident.severity == "G4"


def test_a_lighter_procedure_opened_later_makes_nothing_lighter() -> None:
    town = play(DOUBT, ATTACK)
    town.declares("agent", "attaque")
    town.says("rssi", c.OpenRunbook(runbook="doute"))
    assert town.incident.severity == "G4"


def test_the_law_counts_from_first_knowledge_whatever_opened_later() -> None:
    town = play(DOUBT, ATTACK)
    town.declares("agent", "doute")
    town.waits("5 h")
    town.says("rssi", c.OpenRunbook(runbook="attaque"))
    assert town.incident.clocks["H-PLAINTE72"].start == town.incident.known_at
    town.says("rssi", c.CorrectT0(run=1, t0=NIGHT - 3_600_000, reason="vu par l'agent d'accueil"))
    assert town.incident.clocks["H-PLAINTE72"].start == NIGHT - 3_600_000


def test_a_tick_is_written_under_the_role_that_the_step_asks_for() -> None:
    town = play(DOUBT, ATTACK)
    town.declares("rssi", "doute")
    town.says("rssi", c.Tick(run=1, track="seul", step="trier", item=1))
    ticked = next(entry for entry in reversed(town.entries(e.ItemTicked)))
    assert ticked.actor.role == "rssi"
