"""What a closed crisis teaches goes into the plan, or is refused by whoever it belongs to, and why."""

from __future__ import annotations

from engine.core.house import commands as h
from engine.core.house.staff import Judged
from engine.core.quantities import DAY
from tests.core.builders import DIRECTORY
from tests.core.test_house import Book

MAYOR, CIO = DIRECTORY.directors()[0], DIRECTORY.roles["dsi"].holder
OTHER = next(one for one in DIRECTORY.people if one not in DIRECTORY.directors() and one != CIO)
NAME = "INC-2026-001/57"


def _judge(state: str, *, due: str = "", reason: str = "") -> h.JudgeLesson:
    return h.JudgeLesson(
        lesson=NAME, state=state, owner="dsi", text="Revoir le délai", due=due, reason=reason
    )


def test_whoever_it_belongs_to_takes_it_by_a_day_then_says_that_it_is_done() -> None:
    book = Book()
    assert book.is_told(OTHER, _judge("taken", due="2027-01-31")) == "not_yours"
    assert book.is_told(CIO, _judge("taken", due="2027-01-31"), entered_by=MAYOR) == "in_person_only"
    assert book.is_told(CIO, _judge("taken", due="bientôt")) == "no_day"
    assert book.is_told(CIO, _judge("taken", due="2020-01-31")) == "in_the_past_day"
    assert book.is_told(CIO, _judge("done")) == "lesson_judged"
    book.says(CIO, _judge("taken", due="2027-01-31"))
    assert book.house.staff.lessons[NAME].due == "2027-01-31"
    assert book.is_told(MAYOR, _judge("refused", reason="non")) == "lesson_judged"
    book.now += DAY
    book.says(MAYOR, _judge("done"))
    assert book.is_told(CIO, _judge("taken", due="2027-01-31")) == "lesson_judged", "the button still stands"
    assert book.house.staff.lessons == {
        NAME: Judged(state="done", owner="dsi", due="2027-01-31", text="Revoir le délai")
    }


def test_a_refusal_says_why_and_may_be_thought_over() -> None:
    book = Book()
    assert book.is_told(CIO, _judge("refused")) == "reason_needed"
    book.says(CIO, _judge("refused", reason="le délai est juste"))
    assert book.house.staff.lessons[NAME].state == "refused"
    book.says(CIO, _judge("taken", due="2027-01-31"))
    assert book.house.staff.lessons[NAME].state == "taken"
