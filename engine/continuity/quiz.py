"""The questions of the awareness quiz, as written in `quiz.yaml` of the library or of a town."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from engine.core.scalars import Identifier, Text
from engine.core.written import Written

__all__ = ["Question", "Quiz"]

Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
"""What fits a phone's screen beside others like it."""


class Question(Written):
    """One question with its choices, the right one and why, told once somebody has answered."""

    question: Short
    choices: dict[Identifier, Short] = Field(min_length=2, max_length=6)
    answer: Identifier
    why: Text | None = None

    @model_validator(mode="after")
    def _has_its_answer(self) -> Self:
        if self.answer not in self.choices:
            raise PydanticCustomError("quiz_answer", "{answer} is no choice", {"answer": self.answer})
        return self


class Quiz(Written):
    """`quiz.yaml`."""

    format: Literal["1"]
    questions: dict[Identifier, Question] = Field(min_length=1)
