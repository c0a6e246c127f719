"""Every procedure of the library is played to each of its ends, and each of its buttons is pressed, by real orders.

The small town of the example plays: five people who hold all the roles. What can't be reached by anything that people
may do is a fault of the procedure, or of the engine, and is named.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.core import commands as c
from engine.core.directory import Directory
from engine.core.flow import GRAVITY
from engine.core.runbook import Runbook
from engine.core.world import Calendar, World
from engine.home.holidays import FrenchHolidays
from engine.home.shelf import HomeShelf
from engine.library.catalogue import Library, library_folder
from engine.library.directory import DirectoryFile, directory_of
from engine.library.yamltree import compose
from tests.core.builders import Town, play, runbook
from tests.core.invariants import hold_at_rest, hold_when_erased, somebody_can_move_it
from tests.core.player import Player, Unreachable
from tests.core.procedures import ALL

LIBRARY = Library.load()
ANNUAIRE = library_folder() / "exemple" / "annuaire.yaml"


def example_directory() -> Directory:
    document = compose(ANNUAIRE.read_text(encoding="utf-8"), str(ANNUAIRE))
    return directory_of(DirectoryFile.model_validate(document.tree))


def town() -> Town:
    shelf = HomeShelf(LIBRARY, lambda digest: None)
    calendar = Calendar(holidays=FrenchHolidays())
    world = World(
        directory=example_directory(),
        shelf=shelf,
        calendar=calendar,
        clocks=LIBRARY.clocks,
        duties=LIBRARY.duties,
    )
    return Town(shelf=shelf, world=world)  # type: ignore[arg-type]


def begun(runbook: str) -> tuple[Town, Player]:
    played = town()
    played.declares("p5", runbook)
    return played, Player(played, 1)


def ends() -> Iterator[tuple[str, str, str]]:
    for name, book in LIBRARY.runbooks.items():
        for track, written in book.tracks.items():
            yield from ((name, track, step) for step, one in written.steps.items() if one.end)


def outcomes() -> Iterator[tuple[str, str, str, str]]:
    for name, book in LIBRARY.runbooks.items():
        for track, written in book.tracks.items():
            for step, one in written.steps.items():
                yield from ((name, track, step, outcome) for outcome in one.outcomes)


def needs(book: Runbook, track: str, step: str, outcome: str) -> str:
    """The procedure that this outcome leads to, or hears of."""
    written = book.tracks[track].steps[step]
    one = written.outcomes[outcome]
    heard = LIBRARY.definition(book.runbook).results(written)
    return one.hand_over or (written.wait_for if outcome in heard else "") or ""


@pytest.mark.parametrize("goal", list(ends()), ids=".".join)
def test_the_procedure_is_played_to_this_end(goal: tuple[str, str, str]) -> None:
    name, track, end = goal
    played, player = begun(name)
    player.reach(track, end)
    kind = LIBRARY.runbook(name).tracks[track].steps[end].end
    assert kind is not None
    if player.run.open:
        assert kind != "false_alarm"
        player.finish()
    assert not player.run.open
    assert player.run.end in GRAVITY[GRAVITY.index(kind) :], "a run ends as gravely as its gravest track"
    hold_at_rest(played)
    hold_when_erased(played)
    if played.incident.status == "open":  # a review closes itself
        played.says("p1", c.CloseIncident(reason="fini", confirm=True))
    played.waits("3 mois")


@pytest.mark.parametrize("goal", list(outcomes()), ids=".".join)
def test_every_button_can_be_pressed(goal: tuple[str, str, str, str]) -> None:
    name, track, step, outcome = goal
    other = needs(LIBRARY.runbook(name), track, step, outcome)
    if other and other not in LIBRARY.runbooks:
        pytest.skip(f"{other} is not in the library")
    played, player = begun(name)
    player.pick(track, step, outcome)
    hold_at_rest(played)
    somebody_can_move_it(played)
    if player.run.open:
        player.finish()
    assert not player.run.open


def test_a_goal_that_nothing_leads_to_is_named() -> None:
    name = next(iter(LIBRARY.runbooks))
    _, player = begun(name)
    track = next(iter(LIBRARY.runbook(name).tracks))
    with pytest.raises(Unreachable):
        player.reach(track, "nulle_part")


# The same on procedures that use, between them, all that the format can say


def written_here() -> Iterator[tuple[str, str, str, str]]:
    for text in ALL:
        book = runbook(text)
        for track, written in book.tracks.items():
            for step, one in written.steps.items():
                yield from ((book.runbook, track, step, outcome) for outcome in one.outcomes or {"": None})


@pytest.mark.parametrize("goal", list(written_here()), ids=".".join)
def test_all_that_the_format_can_say_can_be_played(goal: tuple[str, str, str, str]) -> None:
    name, track, step, outcome = goal
    played = play(*ALL)
    played.declares("agent", name)
    player = Player(played, 1)
    if outcome:
        player.pick(track, step, outcome)
    else:
        player.reach(track, step)
    hold_at_rest(played)
    if player.run.open:
        player.finish()
    assert not player.run.open
