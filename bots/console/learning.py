"""What closed incidents propose to change in the plan, at the terminal: listed, taken, refused, done."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import click

from bots.answering.learning import judging, told
from bots.answering.office import Office
from bots.console.continuity import wrapped
from bots.door import CommandFailed
from bots.inbound.moments import day_in
from engine.continuity.lessons import Lesson
from engine.core.commands import Order
from engine.core.house import HOUSE
from engine.home.lessons import lessons_of
from engine.i18n import written_day
from engine.visible import harmless

__all__ = ["judge", "listed", "text"]


def listed(office: Office) -> Iterator[dict[str, Any]]:
    """The contract of `tocsin pca lessons --json`: docs/pca.md."""
    speech = office.speech()
    for one, judged in lessons_of(office.home, office.now()):
        yield {
            "id": one.id,
            "incident": one.incident,
            "exercise": one.exercise,
            "kind": one.kind,
            "owner": one.owner,
            "text": told(one, speech),
            "state": judged.state if judged else "open",
            "due": (judged and judged.due) or None,
            "reason": (judged and judged.reason) or None,
        }


def text(office: Office, rows: list[dict[str, Any]]) -> str:
    """The same in words: what waits for an answer first."""
    words, speech = office.words, office.speech()
    lines = []
    for state in ("open", "taken", "refused", "done"):
        some = [one for one in rows if one["state"] == state]
        if some:
            lines += ["", words.say(f"lessons.part.{state}", count=len(some))]
        for one in some:
            mark = f"{words.say('cards.heading.exercise')} " if one["exercise"] else ""
            lines += wrapped(f"{one['id']} · {mark}{one['text']}")
            due = one["due"] and written_day(date.fromisoformat(one["due"]), words.lang)
            facts = {"owner": speech.role(one["owner"]), "due": due, "reason": one["reason"]}
            lines += wrapped(words.say(f"lessons.state.{state}", **facts), 4)
    return "\n".join(lines[1:] or [words.say("lessons.none")]) + "\n"


def judge(office: Office, by: str, name: str, state: str, *, due: str = "", reason: str = "") -> None:
    """Take, refuse or finish one; CommandFailed (exit 1) when that may not be."""
    lesson = _named(office, name)
    day = day_in(due, office.home.world.calendar, office.now())
    due = day.isoformat() if day else due
    order = Order(
        incident=HOUSE,
        command=judging(lesson, state, office.speech(), due=due, reason=reason),
        by=by,
        at=office.now(),
        key=uuid.uuid4().hex,
        source="terminal",
    )
    receipt = office.home.desk.submit_now(order)
    if receipt.refused is not None:
        detail = office.speech().refusal(receipt.refused)
        raise CommandFailed("console.error.told", exit_code=1, detail=detail)
    click.echo(harmless(office.words.say(f"lessons.said.{state}", id=lesson.id)))


def _named(office: Office, name: str) -> Lesson:
    found = [one for one, _ in lessons_of(office.home, office.now()) if one.id.casefold() == name.casefold()]
    if not found:
        raise CommandFailed("lessons.unknown", id=name)
    return found[0]
