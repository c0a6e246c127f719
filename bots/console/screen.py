"""What the terminal shows one person: their step whole, the others in a line; numbers and letters that refer to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bots.inbound import Shown
from engine.core.cards import (
    Place,
    Scene,
    activities_card,
    approval_card,
    duties,
    may_sign,
    mine,
    overview,
    step_card,
)
from engine.core.cards.values import At, Card, Checklist, Fill, Phrase, Questions, Row
from engine.core.commands import Approve, OpenRunbook, PickOutcome, Tick
from engine.core.permissions import right

__all__ = ["Beside", "Choice", "Part", "Screen", "screen", "typed_name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A numbered button: its number, what it picks, why it can't be pressed (then it has no number)."""

    number: int
    index: int
    """Its place among the card's buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A card on the screen, with what its numbers and letters mean. `letters`: the first letter of its boxes."""

    card: Card
    choices: tuple[Choice, ...] = ()
    letters: int = 0
    place: tuple[int, str, str, int] | None = None
    """The run, track, step and visit, when it is a step."""
    signs: bool = False
    """The person may sign this approval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Another open step, in one line: nothing there can be pressed blind; `name` opens it."""

    title: str
    track: str
    told: tuple[Fill, ...]
    person: str
    name: str
    late: bool
    may: bool
    """The person may act there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """All that is shown to one person, and what its numbers mean."""

    overview: Part
    duties: tuple[Row, ...]
    """What this person owes beside steps: the crisis to direct, tasks."""
    front: Part | None
    front_name: str
    """What to type to open it."""
    beside: tuple[Beside, ...]
    approvals: tuple[Part, ...]
    proposed: Part | None
    """The procedures that would keep going what the incident stops."""
    shown: Shown


def screen(scene: Scene, person: str, focus: tuple[int, str] | None = None) -> Screen:
    """The screen of this person. `focus`: the step that was asked for, shown whole."""
    own = [(p.run.id, p.track) for p in mine(scene, person)]
    going = scene.incident.status == "open"  # once closed, every number would be refused: none is shown
    places = sorted(scene.places() if going else (), key=lambda place: _rank(place, own, focus))
    front = next((one for one in places if _is_front(scene, one, person, focus)), None)
    numbers = _Numbers()
    part = _part(scene, front, numbers) if front else None
    approvals = tuple(_approvals(scene, person, numbers))
    proposed = _proposed(scene, numbers) if going else None
    return Screen(
        overview=Part(card=overview(scene)),
        duties=duties(scene, person),
        front=part,
        front_name=typed_name(front, places) if front else "",
        beside=tuple(_beside(scene, one, places, person) for one in places if one is not front),
        approvals=approvals,
        proposed=proposed,
        shown=Shown(
            outcomes=tuple(numbers.outcomes),
            boxes=tuple(numbers.boxes),
            questions=tuple(numbers.questions),
            focus=_focus(places, own, focus),
            front=(front.run.id, front.track) if front else None,
        ),
    )


class _Numbers:
    """Counts what has been given a number or a letter so far."""

    def __init__(self) -> None:
        self.outcomes: list[PickOutcome | Approve | OpenRunbook] = []
        self.boxes: list[Tick] = []
        self.questions: list[tuple[int, str]] = []


def _rank(place: Place, own: list[tuple[int, str]], focus: tuple[int, str] | None) -> tuple[int, int]:
    key = (place.run.id, place.track)
    if key == focus:
        return 0, 0
    return (1, own.index(key)) if key in own else (2, 0)


def _is_front(scene: Scene, place: Place, person: str, focus: tuple[int, str] | None) -> bool:
    """The first in rank; one that was asked for may be looked at by anybody."""
    return (place.run.id, place.track) == focus or _may(scene, place, person)


def _focus(
    places: list[Place], own: list[tuple[int, str]], focus: tuple[int, str] | None
) -> tuple[int, str] | None:
    if focus is not None and any((place.run.id, place.track) == focus for place in places):
        return focus
    return own[0] if own else None


def _may(scene: Scene, place: Place, person: str) -> bool:
    roles = place.step.role
    return not roles or right(person, roles, scene.incident, scene.world.directory) is not None


def _part(scene: Scene, place: Place, numbers: _Numbers) -> Part:
    card = step_card(scene, place)
    numbers.boxes += _boxes(place, card)
    asked = card.find(Questions)
    if isinstance(asked, Questions):
        numbers.questions += [(place.run.id, answer.fact) for answer in asked.answers]
    cursor = place.cursor
    return Part(
        card=card,
        choices=tuple(_choices(card, numbers)),
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


def _choices(card: Card, numbers: _Numbers, *, signs: bool = True) -> Iterator[Choice]:
    """What can be pressed gets a number; what waits for something is shown without one."""
    for index, button in enumerate(card.buttons):
        if isinstance(button.command, PickOutcome | Approve | OpenRunbook):
            pressable = button.why_not is None and signs
            if pressable:
                numbers.outcomes.append(button.command)
            yield Choice(number=len(numbers.outcomes) if pressable else 0, index=index)


def _approvals(scene: Scene, person: str, numbers: _Numbers) -> Iterator[Part]:
    """Those that this person may sign, with a number; what others must sign before an act, without."""
    for one in scene.incident.approvals.values():
        signs = may_sign(scene, one, person)
        if signs or (one.pending and not one.after):
            card = approval_card(scene, one)
            yield Part(card=card, choices=tuple(_choices(card, numbers, signs=signs)), signs=signs)


def _proposed(scene: Scene, numbers: _Numbers) -> Part | None:
    card = activities_card(scene)
    choices = tuple(_choices(card, numbers))
    return Part(card=card, choices=choices) if choices else None


def _beside(scene: Scene, place: Place, places: list[Place], person: str) -> Beside:
    taken = place.cursor.taken
    holder = taken.by if taken else scene.first_for(place.step.role) if place.step.role else ""
    delay = scene.due(place) if place.cursor.awake else None
    told = _when(scene, place)
    return Beside(
        title=place.step.title,
        track=place.track_title,
        told=(told,) if told else (),
        person=scene.name(holder) if holder else "",
        name=typed_name(place, places),
        late=delay is not None and delay.at <= scene.now,
        may=_may(scene, place, person),
    )


def _when(scene: Scene, place: Place) -> Phrase | None:
    if not place.cursor.awake:
        return Phrase("beside.asleep")
    delay = scene.due(place)
    if delay is None:
        return None
    key = "late" if delay.at <= scene.now else "before"
    return Phrase(f"beside.{key}", {"at": At(delay.at)})


def typed_name(place: Place, places: list[Place]) -> str:
    """The shortest name that means this step alone."""
    step, track = place.cursor.step, place.track
    if sum(step in (one.cursor.step, one.track) for one in places) == 1:
        return step
    if sum(one.track == track for one in places) == 1:
        return f"{track} {step}"
    return f"{place.run.id} {step}"
