"""The buttons of a step in a chat: outcomes first, each on its own row; then boxes and answers; then the acts.

A telephone shows eight rows under a message: what is pressed most keeps its row, the rest moves closer together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from bots.chat.faces.fit import LABEL, clipped
from bots.chat.faces.lines import LETTERS
from bots.chat.token import press_of, token_of
from bots.chat.values import Press
from bots.inbound.pressed import at_step, fact_number, number_for
from engine.core.cards import Place, Scene
from engine.core.cards.values import Card, Checklist, Questions
from engine.core.commands import PickOutcome
from engine.speech import Speech

__all__ = ["ROWS", "Rows", "in_rows", "opens", "short", "step_rows", "view"]

Rows = tuple[tuple[Press, ...], ...]

ROWS: Final = 8
"""Rows that a telephone shows without scrolling."""
MOST_BOXES: Final = 8
"""Beyond, boxes are ticked in a form."""
MOST_CHOICES: Final = 4
DIRECT: Final = 2
"""Questions whose choices are buttons; the others are answered in a form."""
_MARKS: Final = {True: "☑", False: "☐"}


def short(press: Press) -> Press:
    """The same button, its label cut between two words."""
    return Press(
        label=clipped(press.label, LABEL),
        token=press.token,
        style=press.style,
        url=press.url,
        form=press.form,
    )


def in_rows(presses: Iterable[Press], each: int) -> Iterator[tuple[Press, ...]]:
    """So many buttons a row."""
    listed = tuple(map(short, presses))
    yield from (listed[start : start + each] for start in range(0, len(listed), each))


def view(scene: Scene, place: Place, speech: Speech) -> Press:
    """Shows a step in whole to whoever asks."""
    return Press(label=speech.say("faces.button.view"), token=token_of(at_step("view", scene, place)))


def opens(scene: Scene, place: Place, speech: Speech) -> Press:
    """The same, named for the step."""
    told = speech.say("faces.button.open", step=place.step.title)
    return Press(label=told, token=token_of(at_step("view", scene, place)))


class _Layout(NamedTuple):
    """How close the buttons stand."""

    outcomes: int
    """In a row."""
    acts: int
    direct: bool = True
    """Boxes and choices have buttons of their own; else a form asks for them."""


_LAYOUTS: Final = (_Layout(1, 2), _Layout(1, 3), _Layout(1, 3, direct=False), _Layout(2, 3, direct=False))


def step_rows(
    scene: Scene, place: Place, card: Card, speech: Speech, *, room: int = ROWS, whole: bool = False
) -> Rows:
    """All that can be done at a step, in as few rows as a telephone shows. `whole`: all of it is read already."""
    made = [(one, press_of(one, scene, speech, place)) for one in card.buttons]
    outcomes = [press for one, press in made if isinstance(one.command, PickOutcome)]
    acts = [(one.name, press) for one, press in made if not isinstance(one.command, PickOutcome)]
    boxes = _boxes(scene, place, card)
    answers = tuple(tuple(map(short, row)) for row in _answers(scene, place, card, speech))
    more = tuple(_more(scene, place, speech, whole=whole))
    rows: Rows = ()
    for layout in _LAYOUTS:
        direct = bool(boxes) and layout.direct
        left = [press for name, press in acts if not (name == "tick" and direct)]
        rows = (
            *in_rows(outcomes, layout.outcomes),
            *(in_rows(boxes, MOST_BOXES // 2) if direct else ()),
            *(answers if layout.direct else ()),
            *in_rows((*left, *more), layout.acts),
        )
        if len(rows) <= room:
            break
    return rows


def _boxes(scene: Scene, place: Place, card: Card) -> tuple[Press, ...]:
    """One press ticks a box, or takes the tick away."""
    block = card.find(Checklist)
    if not isinstance(block, Checklist) or len(block.boxes) > MOST_BOXES:
        return ()
    return tuple(
        Press(
            label=f"{_MARKS[bool(box.by)]} {box.number}",
            token=token_of(at_step("tick", scene, place, what=box.number, value=2 if box.by else 1)),
        )
        for box in block.boxes
    )


def _answers(scene: Scene, place: Place, card: Card, speech: Speech) -> Iterator[tuple[Press, ...]]:
    """The first open questions of few choices: a button a choice, under the letter of the question."""
    block = card.find(Questions)
    found = enumerate(block.answers) if isinstance(block, Questions) else ()
    simple = [
        (number, one)
        for number, one in found
        if one.choices and len(one.choices) <= MOST_CHOICES and not one.value and not one.sensitive
    ]
    for number, answer in simple[:DIRECT]:
        what = fact_number(answer.fact, place.definition)
        names = [name for name, _ in answer.choices]
        yield tuple(
            Press(
                label=speech.say("faces.button.choice", letter=LETTERS[number % 26], choice=label),
                token=token_of(at_step("fact", scene, place, what=what, value=number_for(name, names))),
            )
            for name, label in answer.choices
        )


def _more(scene: Scene, place: Place, speech: Speech, *, whole: bool) -> Iterator[Press]:
    """The list to follow, the text to send, all that the author wrote; and to write beside the procedure."""
    step = place.step
    if step.roll is not None:
        token = token_of(at_step("roll", scene, place))
        yield Press(label=speech.say("faces.button.roll"), token=token, form=True)
    if step.message:
        token = token_of(at_step("sent", scene, place))
        yield Press(label=speech.say("faces.button.sent"), token=token, form=True)
    if (step.details or step.message or step.paper) and not whole:
        yield view(scene, place, speech)
