"""The screens as a person sees them, in 80 columns: read the golden files, they are the specification.

`TOCSIN_REWRITE_GOLDEN=1 pytest tests/console/test_screens.py` writes them again; read the difference before keeping it.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bots.console.draw import draw, draw_short
from bots.console.paint import console
from bots.console.screen import screen
from engine.core import commands as c
from engine.core.receipt import Accepted
from tests.bots.valmont import Valmont

GOLDEN = Path(__file__).parent / "golden"


def _drawn(town: Valmont, person: str, focus: tuple[int, str] | None = None, *, whole: bool = True) -> str:
    out = io.StringIO()
    shown = (draw if whole else draw_short)(screen(town.scene, person, focus), town.speech)
    console(out, width=80, colour=False).print(shown)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _first_minutes(town: Valmont) -> None:
    """Nobody knows yet; one step, one person."""


def _contained(town: Valmont) -> None:
    """Four tracks are open; whoever is at `endiguer` has ticked two boxes, cut the Internet, and is nearly late."""
    for line, by in (
        ("prendre", "p4"),
        ("valider debranche", "p4"),
        ("valider confirme", "p4"),
        ("prendre endiguer", "p4"),
        ("cocher endiguer 1 2", "p4"),
        ("valider endiguer coupure", "p4"),
        ("activite etat_civil_deces interrompue", "p3"),
    ):
        assert town.does(line, by) is None, line
    town.waits(47)


def _two_people(town: Valmont) -> None:
    """An irreversible act waits for the mayor; the technical step is late."""
    _contained(town)
    for line in ("valider endiguer continue ! : encore deux postes", "valider eteint ! : zone B"):
        assert town.does(line, "p4") is None, line
    town.waits(70)


def _waiting(town: Valmont) -> None:
    """The technical track waits for another procedure, whose own steps are beside it."""
    for line in ("valider debranche", "valider confirme"):
        town.does(line, "p4")
    moved = town.submit(c.GoTo(run=1, track="technique", to="restaurer", reason="reprise"), "p1")
    assert isinstance(moved, Accepted)


def _at(step: str) -> Callable[[Valmont], None]:
    """The director has gone to this step."""

    def go(town: Valmont) -> None:
        assert town.does(f"aller {step} : essai", "p1") is None

    return go


def _retyping(town: Valmont) -> None:
    """Two papers are to be typed again, the first is done."""
    _at("ressaisir")(town)
    assert town.does("fait actes_papier=2", "p5") is None
    assert town.does("liste 1 a_controler", "p5") is None


SITUATIONS = [
    # `etat` shows the whole board; all the others are what a press leaves on the screen.
    ("etat.fr", "rancongiciel", _contained, "p2", None),
    ("enqueter.fr", "rancongiciel", _at("investiguer"), "p4", (1, "technique")),
    ("ressaisir.fr", "continuite-etat-civil", _retyping, "p5", (1, "guichet")),
    ("premieres-minutes.fr", "je-ne-sais-pas-encore", _first_minutes, "p2", None),
    ("endiguer.fr", "rancongiciel", _contained, "p4", None),
    ("endiguer.en", "rancongiciel", _contained, "p4", None),
    ("direction.fr", "rancongiciel", _contained, "p1", None),
    ("accord-et-retard.fr", "rancongiciel", _two_people, "p1", None),
    ("attente.fr", "rancongiciel", _waiting, "p4", (1, "technique")),
]


@pytest.mark.parametrize(
    ("name", "runbook", "play", "person", "focus"), SITUATIONS, ids=[one[0] for one in SITUATIONS]
)
def test_the_screen_is_the_one_that_was_read(name, runbook, play, person, focus) -> None:  # type: ignore[no-untyped-def]
    town = Valmont(lang=name.rpartition(".")[2]).declares(runbook)
    play(town)
    drawn = _drawn(town, person, focus, whole=name.startswith("etat"))
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        file.write_text(drawn, "utf-8")
    assert drawn == file.read_text("utf-8")


def test_no_line_is_wider_than_80_columns() -> None:
    from rich.cells import cell_len

    for file in GOLDEN.glob("*.txt"):
        assert [line for line in file.read_text("utf-8").splitlines() if cell_len(line) > 80] == []


def test_an_exercise_says_so_on_its_screen() -> None:
    town = Valmont().declares("rancongiciel", exercise=True)
    assert _drawn(town, "p4").startswith("[EXERCICE]\n")


def test_numbers_and_letters_mean_what_is_shown() -> None:
    town = Valmont().declares("rancongiciel")
    _contained(town)
    shown = screen(town.scene, "p4")
    drawn = _drawn(town, "p4")
    *picks, opened = shown.shown.outcomes
    assert opened == c.OpenRunbook(runbook="continuite-etat-civil")
    assert f"{len(picks) + 1} Ouvrir : Continuité de l'état civil" in drawn
    for number, pick in enumerate(picks, 1):
        assert isinstance(pick, c.PickOutcome)
        label = (
            town.scene.definition(town.incident.runs[1])
            .step(pick.track, pick.step)
            .outcomes[pick.outcome]
            .label
        )
        assert f"{number} {label.split()[0]}" in drawn
    assert len(shown.shown.boxes) == 6
    assert town.does("c", "p4", shown.shown) is None
    cursor = town.incident.runs[1].tracks["technique"].cursor
    assert cursor is not None
    assert set(cursor.ticks) == {1, 2, 3}
