"""The awareness quiz at the terminal: one question, its answer and why; what may be told of all the answers."""

from __future__ import annotations

from typing import Any

import click

from bots.answering.office import Office
from bots.door import CommandFailed
from engine.home.awareness import Awareness, arranged
from engine.journal.training import FEWEST
from engine.visible import harmless

__all__ = ["ask", "only_one", "results", "tell"]


def only_one(office: Office) -> str:
    """Whoever is meant when nobody was named: the directory's only person; CommandFailed when there are several."""
    people = office.home.world.directory.people
    if len(people) != 1:
        raise CommandFailed("quiz.who", people=", ".join(f"{one.id} ({one.name})" for one in people.values()))
    return next(iter(people))


def ask(office: Office, person: str) -> int:
    """Ask the next question, and tell what the answer was worth; 1 when none was given."""
    quiz, words = office.home.awareness, office.words
    name = quiz.next(person, office.now())
    if not name:
        click.echo(words.say("quiz.done"))
        return 0
    question = quiz.questions[name]
    choices = arranged(name, question, person)
    click.echo(harmless(question.question))
    for number, choice in enumerate(choices, 1):
        click.echo(harmless(f"  {number}  {question.choices[choice]}"))
    chosen = _chosen(office, choices)
    if not chosen:
        return 1
    verdict = quiz.answer(person, name, chosen, office.now())
    right = question.choices[question.answer]
    click.echo(words.say("quiz.right" if verdict.right else "quiz.wrong", answer=harmless(right)))
    if question.why:
        click.echo(harmless(question.why))
    click.echo(words.say("quiz.kept" if verdict.counted else "quiz.already", fewest=FEWEST))
    return 0


def _chosen(office: Office, choices: tuple[str, ...]) -> str:
    """The choice whose number is typed; "" when the reader goes away."""
    while True:
        try:
            typed = input(office.words.say("quiz.prompt", most=len(choices)) + " ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo(office.words.say("quiz.nothing"), err=True)
            return ""
        if typed.isdecimal() and 0 < int(typed) <= len(choices):
            return choices[int(typed) - 1]
        click.echo(office.words.say("quiz.which_number", most=len(choices)), err=True)


def results(office: Office) -> dict[str, Any]:
    """What may be told: how many were trained, and the answers of which there are enough."""
    quiz = office.home.awareness
    coverage = quiz.coverage(office.now())
    return {
        "people": len(coverage),
        "trained": sum(count > 0 for count in coverage.values()),
        "answers": sum(coverage.values()),
        "questions": [_counted(quiz, name, counts) for name, counts in quiz.results().items()],
    }


def _counted(quiz: Awareness, name: str, counts: Any) -> dict[str, Any]:
    question = quiz.questions[name]
    return {
        "id": name,
        "question": question.question,
        "answers": sum(counts.values()),
        "right": counts.get(question.answer, 0),
    }


def tell(office: Office, found: dict[str, Any]) -> None:
    """The same in words."""
    words = office.words
    click.echo(words.say("quiz.coverage", trained=found["trained"], people=found["people"]))
    for one in found["questions"]:
        click.echo(harmless(words.say("quiz.result", **one)))
    click.echo(words.say("quiz.held", fewest=FEWEST))
