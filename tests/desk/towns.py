"""Towns in real folders, with real files, and people who press: what the tests of the desk and of the journal share."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from engine.core import commands as c
from engine.core.receipt import Receipt
from engine.core.refusal import Refused
from engine.home import Home

__all__ = ["NOW", "accepted", "declare", "make_town", "note", "order", "press", "refused"]

ROOT = Path(__file__).resolve().parents[2]
NOW = 1_764_000_000_000
"""24 November 2025, 17:00 in Paris."""


def make_town(folder: Path) -> Path:
    """A town's folder: the example's people, and the procedure of the bench (20 steps, one branch)."""
    example = ROOT / "runbooks" / "exemple"
    (folder / "runbooks").mkdir(parents=True)
    for name in ("tocsin.toml", "annuaire.yaml"):
        shutil.copy(example / name, folder / name)
    shutil.copy(ROOT / "benchmarks" / "banc.yaml", folder / "runbooks" / "banc.yaml")
    return folder


def order(incident: str, command: c.Command, key: str, by: str = "p4", at: int = NOW, **more: Any) -> c.Order:
    return c.Order(incident=incident, command=command, by=by, at=at, key=key, **more)


def accepted(receipt: Receipt) -> Receipt:
    assert receipt.refused is None, receipt
    return receipt


def refused(receipt: Receipt) -> Refused:
    assert receipt.refused is not None, receipt
    return receipt.refused


def declare(
    home: Home, key: str = "declare", *, at: int = NOW, exercise: bool = False, runbook: str = "banc"
) -> str:
    """Open an incident with the bench's procedure; its name."""
    command = c.Declare(title="Écran rouge", known_at=at, runbook=runbook, exercise=exercise)
    return accepted(home.desk.submit_now(order("", command, key, at=at))).incident


def pick(home: Home, incident: str, branch: str = "oui_a") -> c.PickOutcome:
    """The button that moves the incident on."""
    state = home.desk.incident(incident)
    assert state is not None
    cursor = state.runs[1].tracks["principal"].cursor
    assert cursor is not None
    outcome = {"s9": branch, "s19": "reprendre"}.get(cursor.step, "ok")
    return c.PickOutcome(run=1, track="principal", step=cursor.step, visit=cursor.visit, outcome=outcome)


def press(home: Home, incident: str, key: str, *, at: int = NOW) -> Receipt:
    """Somebody presses it."""
    return accepted(home.desk.submit_now(order(incident, pick(home, incident), key, at=at)))


def note(home: Home, incident: str, text: str, key: str, *, at: int = NOW, by: str = "p4") -> Receipt:
    return accepted(home.desk.submit_now(order(incident, c.Note(text=text), key, by=by, at=at)))
