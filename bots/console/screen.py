"""What the terminal shows: the overview, my steps whole, the others short; numbers and letters that refer to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bots.inbound import Shown
from engine.core.cards import Place, Scene, approval_card, may_sign, mine, overview, step_card
from engine.core.cards.values import Card, Checklist
from engine.core.commands import PickOutcome, Tick
from engine.core.permissions import right

__all__ = ["Choice", "Part", "Screen", "screen"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A numbered button: its number, what it picks, why it can't be pressed (then it has no number)."""

    number: int
    index: int
    """Its place among the card's buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A card on the screen; a step may be shown short. `letters`: the first letter of its boxes."""

    card: Card
    short: bool = False
    choices: tuple[Choice, ...] = ()
    letters: int = 0
    place: tuple[int, str, str, int] | None = None
    """The run, track, step and visit, when it is a step."""
    signs: bool = False
    """The person may sign this approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that is shown to one person, and what its numbers mean."""

    overview: Part
    approvals: tuple[Part, ...]
    steps: tuple[Part, ...]
    shown: Shown

    @property
    def places(self) -> tuple[tuple[int, str, str, int] | None, ...]:
        """Which steps are here: when it changes, the whole screen is drawn again."""
        return tuple(part.place for part in self.steps)


def screen(scene: Scene, person: str, focus: tuple[int, str] | None = None) -> Screen:
    """The screen of this person. `focus`: the step that was asked for, shown first and whole."""
    own = [(p.run.id, p.track) for p in mine(scene, person)]
    places = sorted(scene.places(), key=lambda place: _rank(place, own, focus))
    numbers = _Numbers()
    parts = tuple(
        _part(scene, place, person, numbers, short=not _is_whole(place, n, own, focus))
        for n, place in enumerate(places)
        if _may(scene, place, person)
    )
    signing = {
        one.id: may_sign(scene, one, person) for one in scene.incident.approvals.values() if one.pending
    }
    return Screen(
        overview=Part(card=overview(scene)),
        approvals=tuple(
            Part(card=approval_card(scene, scene.incident.approvals[number]), signs=signs)
            for number, signs in signing.items()
            if signs or not scene.incident.approvals[number].after
        ),
        steps=parts,
        shown=Shown(
            outcomes=tuple(numbers.outcomes), boxes=tuple(numbers.boxes), focus=_focus(places, own, focus)
        ),
    )


class _Numbers:
    """Counts what has been given a number or a letter so far."""

    def __init__(self) -> None:
        self.outcomes: list[PickOutcome] = []
        self.boxes: list[Tick] = []


def _rank(place: Place, own: list[tuple[int, str]], focus: tuple[int, str] | None) -> tuple[int, int]:
    key = (place.run.id, place.track)
    if key == focus:
        return 0, 0
    return (1, own.index(key)) if key in own else (2, 0)


def _is_whole(place: Place, position: int, own: list[tuple[int, str]], focus: tuple[int, str] | None) -> bool:
    """One step is read at a time: the one asked for, else the most urgent of mine, else the first."""
    key = (place.run.id, place.track)
    return key == focus or (focus is None and (key in own[:1] or (not own and position == 0)))


def _focus(
    places: list[Place], own: list[tuple[int, str]], focus: tuple[int, str] | None
) -> tuple[int, str] | None:
    if focus is not None and any((place.run.id, place.track) == focus for place in places):
        return focus
    return own[0] if own else None


def _may(scene: Scene, place: Place, person: str) -> bool:
    roles = place.step.role
    return not roles or right(person, roles, scene.incident, scene.world.directory) is not None


def _part(scene: Scene, place: Place, person: str, numbers: _Numbers, *, short: bool) -> Part:
    card = step_card(scene, place)
    letters = len(numbers.boxes)
    if not short:
        numbers.boxes += _boxes(place, card)
    cursor = place.cursor
    return Part(
        card=card,
        short=short,
        choices=tuple(_choices(card, numbers)),
        letters=letters,
        place=(place.run.id, place.track, cursor.step, cursor.visit),
    )


def _boxes(place: Place, card: Card) -> Iterator[Tick]:
    for block in card.blocks:
        if isinstance(block, Checklist):
            for box in block.boxes:
                yield Tick(
                    run=place.run.id,
                    track=place.track,
                    step=place.cursor.step,
                    visit=place.cursor.visit,
                    item=box.number,
                    done=not box.by,
                )


def _choices(card: Card, numbers: _Numbers) -> Iterator[Choice]:
    """Outcomes that can be pressed get a number; those that wait for something are shown without one."""
    for index, button in enumerate(card.buttons):
        if isinstance(button.command, PickOutcome):
            pressable = button.why_not is None
            if pressable:
                numbers.outcomes.append(button.command)
            yield Choice(number=len(numbers.outcomes) if pressable else 0, index=index)
