"""A bare number is for the card that was read: another track, a card that has just come, an approval are doubted."""

from __future__ import annotations

from dataclasses import dataclass

from bots.console.guard import IDLE, Guard
from engine.core import commands as c


@dataclass
class Watch:
    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def _pick(track: str, step: str, visit: int = 1) -> c.PickOutcome:
    return c.PickOutcome(run=1, track=track, step=step, visit=visit, outcome="fait")


def _at(track: str, step: str) -> tuple[int, str, str, int]:
    return (1, track, step, 1)


def test_the_first_card_may_be_pressed_at_once() -> None:
    guard = Guard(clock=Watch())
    guard.drew(_at("a", "un"), chosen=True)
    assert guard.doubts(_pick("a", "un")) == ""


def test_a_card_that_has_just_come_is_not_pressed_by_the_press_before() -> None:
    watch = Watch()
    guard = Guard(clock=watch)
    guard.drew(_at("a", "un"), chosen=True)
    guard.pressed(_pick("a", "un"))
    guard.drew(_at("a", "deux"))
    assert guard.doubts(_pick("a", "deux")) == "early"
    watch.now += IDLE + 0.1
    assert guard.doubts(_pick("a", "deux")) == ""


def test_another_track_is_asked_about_however_long_it_was_there() -> None:
    watch = Watch()
    guard = Guard(clock=watch)
    guard.drew(_at("a", "un"), chosen=True)
    guard.pressed(_pick("a", "un"))
    guard.drew(_at("b", "un"))
    watch.now += 3600
    assert guard.doubts(_pick("b", "un")) == "track"
    guard.pressed(_pick("b", "un"))
    assert guard.doubts(_pick("b", "un")) == ""


def test_a_card_that_was_asked_for_is_the_one_that_is_meant() -> None:
    guard = Guard(clock=Watch())
    guard.drew(_at("a", "un"), chosen=True)
    guard.drew(_at("b", "un"), chosen=True)
    assert guard.doubts(_pick("b", "un")) == ""


def test_an_approval_is_always_asked_about() -> None:
    guard = Guard(clock=Watch())
    guard.drew(_at("a", "un"), chosen=True)
    assert guard.doubts(c.Approve(approval=1)) == "approval"
