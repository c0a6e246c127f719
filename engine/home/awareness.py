"""The awareness quiz of a town: what to ask somebody next, what their answer was worth, what may be told of all."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2s
from pathlib import Path
from typing import Final, NamedTuple

from engine.continuity.quiz import Question
from engine.core.directory import Directory
from engine.core.quantities import DAY, Instant
from engine.core.world import Calendar
from engine.journal.training import TRAINING_FILE, Month, Training

__all__ = ["Awareness", "Verdict", "arranged"]

ROUND: Final = 12
"""Months in which nobody is asked the same question twice; who answered within them counts as trained."""


class Verdict(NamedTuple):
    """What is told to whoever answered."""

    right: bool
    question: Question
    counted: bool
    """False when they had answered it already: nothing was counted twice."""


def arranged(name: str, question: Question, person: str) -> tuple[str, ...]:
    """The choices in an order of this person's own: "always the second" is no answer."""
    return tuple(
        sorted(question.choices, key=lambda one: blake2s(f"{person}/{name}/{one}".encode()).digest())
    )


class Awareness:
    """Opens the book for each thing it does: a question a week needs no connection that stands."""

    def __init__(
        self, folder: Path, questions: Mapping[str, Question], calendar: Calendar, people: Directory
    ) -> None:
        self._folder, self.questions, self._calendar, self._people = folder, questions, calendar, people

    def next(self, person: str, now: Instant) -> str:
        """The first question that this person hasn't answered in this round; "" when all are."""
        with Training(self._folder) as book:
            answered = book.answered(person, self._since(now))
        return next((name for name in self.questions if name not in answered), "")

    def answer(self, person: str, name: str, choice: str, now: Instant) -> Verdict:
        """Count an answer, apart from who gave it. KeyError if there is no such question or choice."""
        question = self.questions[name]
        if choice not in question.choices:
            raise KeyError(choice)
        with Training(self._folder) as book:
            book.keep_only(self._people.people)
            counted = book.answer(person, name, choice, self._month(now), self._since(now))
        return Verdict(right=choice == question.answer, question=question, counted=counted)

    def is_turn(self, person: str, now: Instant) -> bool:
        """Whether somebody may be sent a question now: at most one a week."""
        with Training(self._folder) as book:
            return book.last_asked(person) < now // (7 * DAY)

    def asked(self, person: str, now: Instant) -> None:
        """Note that somebody was sent this week's question."""
        with Training(self._folder) as book:
            book.ask(person, now // (7 * DAY))

    def coverage(self, now: Instant) -> Mapping[str, int]:
        """How many questions each person of the directory has answered in this round."""
        trained: Mapping[str, int] = {}
        if self._begun:
            with Training(self._folder) as book:
                trained = book.trained(self._since(now))
        return {person: trained.get(person, 0) for person in self._people.people}

    def results(self) -> Mapping[str, Mapping[str, int]]:
        """How often each answer was given, of the questions that enough people have answered."""
        if not self._begun:
            return {}
        with Training(self._folder) as book:
            told = book.told()
        return {name: told[name] for name in self.questions if name in told}

    @property
    def _begun(self) -> bool:
        return (self._folder / TRAINING_FILE).is_file()

    def _month(self, now: Instant) -> Month:
        local = self._calendar.local(now)
        return local.year * 12 + local.month - 1

    def _since(self, now: Instant) -> Month:
        return self._month(now) - ROUND + 1
