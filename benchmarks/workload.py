"""What every contender does: N incidents of a procedure of 20 steps in a row with one branch, pressed in turn."""

from __future__ import annotations

import json

__all__ = ["STEPS", "body", "expected", "outcome", "step_at"]

STEPS = 20


def step_at(run: int, press: int) -> str:
    """The step at which this press is made."""
    place = press % STEPS
    return f"s10{'ab'[run % 2]}" if place == 10 else f"s{place}"


def outcome(run: int, press: int, *, for_ever: bool = False) -> str:
    """The button that is pressed; `for_ever` goes round again at the last step."""
    match press % STEPS:
        case 9:
            return "non_b" if run % 2 else "oui_a"
        case 19:
            return "reprendre" if for_ever else "clos"
        case _:
            return "ok"


def expected(run: int, presses: int, *, for_ever: bool = False) -> str:
    """The step at which an incident stands after so many presses."""
    if presses and presses % STEPS == 0 and not for_ever:
        return "fin"
    return step_at(run, presses)


def body(run: int, press: int) -> str:
    """A press as a bare program would store it: some 200 bytes of JSON."""
    return json.dumps(
        {
            "type": "step.done",
            "run": run,
            "seq": press,
            "choice": outcome(run, press),
            "by": {"id": "U02ABCDEFGH", "name": "alice.responder"},
            "at": "2026-11-24T02:40:00.123456Z",
            "via": {"kind": "slack", "channel": "C0123456789", "ts": "1700000000.123456"},
        }
    )
