"""Draw a person's screen: the board first, what is theirs last, so that what matters is just above the prompt."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bots.console.board import draw_overview
from bots.console.paint import STYLES, hanging, painted
from bots.console.screen import Beside, Part, Screen
from bots.lines import SIGNS, Line, block_lines, button_words, lines
from engine.core.cards.values import Answer, Heading, Phrase, Questions
from engine.core.commands import Approve
from engine.speech import Speech

__all__ = ["LETTERS", "draw", "draw_board", "draw_part", "draw_short"]

LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_READ_ONCE: Final = ("who", "text", "never", "message")
_LETTERED: Final = {"ticked": "☑", "box": "☐", "question": "?", "answer": "·"}
_GAPS: Final = ("text", "box", "ticked", "question", "answer", "never", "message")
_GROUPS: Final = {"ticked": "box", "answer": "question", "how": "question"}


def draw(screen: Screen, speech: Speech) -> RenderableType:
    """The whole screen: the board with all its sections, the card in front, approvals."""
    others = _opens(screen, "console.also", [one.name for one in screen.beside if one.may], speech)
    return Group(*_board(screen, speech), *others, *_mine(screen, speech, details=False, whole=True))


def draw_board(screen: Screen, speech: Speech) -> RenderableType:
    """The board alone, where the card would push it off the screen: no number, the words that open each step."""
    own = [screen.front_name] if screen.front_name else []
    names = [*own, *(one.name for one in screen.beside if one.may)]
    return Group(*_board(screen, speech), *_opens(screen, "console.opens", names, speech))


def _board(screen: Screen, speech: Speech) -> Iterator[RenderableType]:
    yield draw_overview(screen.overview, speech)
    yield from _duties(screen, speech)


def _opens(screen: Screen, key: str, names: list[str], speech: Speech) -> Iterator[RenderableType]:
    if names:
        told = " · ".join(speech.say("console.view", name=name) for name in names)
        yield hanging("", speech.say(key, names=told), STYLES["hint"])
    if key == "console.opens":
        signs = (
            button.command for part in screen.approvals if part.signs for button in part.card.buttons[:1]
        )
        for command in signs:
            if isinstance(command, Approve):
                yield hanging("✋ ", speech.say("console.help.approve", number=command.approval), "bold")


def draw_short(screen: Screen, speech: Speech, *, details: bool = False) -> RenderableType:
    """A line for the incident, one for each other open step, then the card in front and approvals."""
    heading = screen.overview.card.find(Heading)
    head = [painted(line) for line in block_lines(heading, speech)] if heading else []
    parts: list[RenderableType] = [Rule(style="dim"), *head, *_duties(screen, speech)]
    if screen.beside:
        parts.append(_beside(screen.beside, speech))
    return Group(*parts, *_mine(screen, speech, details=details, whole=False))


def _mine(screen: Screen, speech: Speech, *, details: bool, whole: bool) -> Iterator[RenderableType]:
    if screen.front is not None:
        yield draw_part(screen.front, speech, details=details)
    elif not screen.duties and not any(part.signs for part in screen.approvals):
        yield painted(Line(kind="none", text=speech.phrase(Phrase("now.nothing"))))
    for part in screen.approvals:
        yield _approval(part, speech, whole=whole or part.signs)
    if screen.proposed is not None:
        yield Group(Rule(style="dim"), *_buttons(screen.proposed, speech))


def _duties(screen: Screen, speech: Speech) -> Iterator[RenderableType]:
    """What this person owes beside steps, each with what to type once it is done."""
    for row in screen.duties:
        told = ", ".join(
            speech.phrase(one) for one in row.told if not one.key.startswith(("task.for", "task.role"))
        )
        label = speech.phrase(row.label)
        done = speech.say("console.finish", number=row.id) if row.id else ""
        text = " — ".join(filter(None, (label, told, done)))
        yield hanging(f"{SIGNS.get(row.sign, '')} ", text, STYLES.get(row.sign, ""))


def _beside(shown: tuple[Beside, ...], speech: Speech) -> RenderableType:
    """One line each, never two: a hour, what, who, and the word that opens it."""
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column(no_wrap=True, justify="right")
    for one in shown:
        style = STYLES["late" if one.late else "now"]
        when = ", ".join(speech.phrase(told) for told in one.told)
        what = " · ".join(filter(None, (one.title, one.person)))
        opens = speech.say("console.view", name=one.name) if one.may else ""
        sign = SIGNS["late" if one.late else "now"]
        table.add_row(Text(f"{sign} {when}".strip(), style), Text(what, style), Text(opens, STYLES["hint"]))
    return table


def _approval(part: Part, speech: Speech, *, whole: bool) -> RenderableType:
    """What is asked and who has signed; for others than its signatories, a line is enough."""
    told = list(lines(part.card, speech))
    body = [painted(line) for line in (told if whole else told[:1])]
    return Group(Rule(style="dim"), *body, *_votes(part, speech))


def _votes(part: Part, speech: Speech) -> Iterator[RenderableType]:
    """A number to agree; to refuse takes a word and a reason."""
    for choice in part.choices if part.signs else ():
        command = part.card.buttons[choice.index].command
        if isinstance(command, Approve) and choice.number:
            yield hanging(f"{choice.number:>3} ", speech.say("console.sign", number=command.approval), "bold")
            if len(part.card.buttons) > 1:
                yield hanging("  – ", speech.say("console.refuse", number=command.approval), "dim")


def draw_part(part: Part, speech: Speech, *, brief: bool = False, details: bool = False) -> RenderableType:
    """A step's card: what now, who, how long; what to do; what never to do; the choices last.

    `brief`: what was just read is not said again. `details`: all that its author wrote.
    """
    shown: list[RenderableType] = [Rule(style="dim")]
    letter, before, asked = part.letters, "due", part.card.find(Questions)
    answers = {one.fact: one for one in asked.answers} if isinstance(asked, Questions) else {}
    for line in lines(part.card, speech, whole=details):
        if line.kind == "exercise" or (brief and line.kind in _READ_ONCE):
            continue
        group = _GROUPS.get(line.kind, line.kind)
        if group != before and line.kind in _GAPS:
            shown.append(Text(""))
        before = group
        if sign := _LETTERED.get(line.kind):
            shown.append(hanging(f" {LETTERS[letter % 26]} {sign} ", line.text, STYLES[line.kind]))
            letter += 1
        elif line.kind == "how":
            answer = answers.get(line.id)
            if answer is not None and answer.help:
                shown.append(hanging("     ", answer.help, STYLES["hint"]))
            text = _how(LETTERS[(letter - 1) % 26], answer, speech) if answer else line.text
            shown.append(hanging("     ", text, STYLES["how"]))
        else:
            shown.append(painted(line))
    return Group(*shown, Text(""), *_buttons(part, speech))


def _how(letter: str, answer: Answer, speech: Speech) -> str:
    """The line to type: a choice by letter and number, since a number alone is for a button; else what is asked for."""
    if not answer.choices:
        kind = speech.say(f"cards.question.{answer.kind}")
        return speech.say("console.answer", letter=letter, name=answer.fact, kind=kind)
    chosen = [f"{letter}{number} {label}" for number, (_, label) in enumerate(answer.choices, 1)]
    return " · ".join((*chosen, f"{letter}? {speech.say('cards.question.unknown')}"))


def _buttons(part: Part, speech: Speech) -> Iterator[RenderableType]:
    for choice in part.choices:
        words = button_words(part.card.buttons[choice.index], speech)
        if choice.number:
            yield hanging(f"{choice.number:>3} ", words, "bold")
        else:
            yield hanging("  – ", words, "dim")
