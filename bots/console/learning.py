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
from engine.core.commands import Order
from engine.core.house import HOUSE
from engine.core.house.commands import JudgeLesson
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
    day = day_in(due, office.home.world.calendar, office.now())
    due = day.isoformat() if day else due
    command = _judgement(office, name, state, due, reason)
    order = Order(
        incident=HOUSE,
        command=command,
        by=by,
        at=office.now(),
        key=uuid.uuid4().hex,
        source="terminal",
    )
    receipt = office.home.desk.submit_now(order)
    if receipt.refused is not None:
        detail = office.speech().refusal(receipt.refused)
        raise CommandFailed("console.error.told", exit_code=1, detail=detail)
    click.echo(harmless(office.words.say(f"lessons.said.{state}", id=command.lesson)))


def _judgement(office: Office, name: str, state: str, due: str, reason: str) -> JudgeLesson:
    for lesson, _ in lessons_of(office.home, office.now()):
        if lesson.id.casefold() == name.casefold():
            return judging(lesson, state, office.speech(), due=due, reason=reason)
    for known, judged in office.home.house.staff.lessons.items():
        if known.casefold() == name.casefold() and judged.state == "taken":
            # Its entry was erased, or its incident is open again: it is still due, and to be finished.
            return JudgeLesson(lesson=known, state=state, owner=judged.owner, text=judged.text)
    raise CommandFailed("lessons.unknown", id=name)
