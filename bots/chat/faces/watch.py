"""Which messages a change touches, and when one reads otherwise though nothing happened."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from bots.chat.faces.wanted import View
from engine.core.cards import CELL, OVERVIEW, activities_card, overview, tasks_card
from engine.core.cards.values import At, Card, Section
from engine.core.quantities import DAY, Instant

__all__ = ["affected", "next_change"]


def affected(keys: Iterable[str], incident: str) -> frozenset[str]:
    """The names (`Wanted.key`) of the messages that may read otherwise, of the cards that were touched."""
    found: set[str] = set()
    for key in keys:
        kind, _, number = key.partition(":")
        if kind == "approval":
            found |= {key, f"sign:{number}"}
        elif kind == CELL:
            found |= {"overview", "calls", "roll", "now"}
        elif kind == OVERVIEW:
            found |= {"overview", "now"}
        else:
            found.add("now")
    return frozenset(f"{incident}/{name}" for name in found)


def next_change(view: View) -> Instant:
    """When a delay is next crossed, or a day begins (an hour then reads with its day); 0 when never."""
    scene, now = view.scene, view.scene.now
    marks = [_midnight(view)]
    for card in (overview(scene), tasks_card(scene)):
        marks.append(card.next_change)
    marks += _told(activities_card(scene))
    for place in scene.places():
        target = scene.target(place)
        if target is not None:
            marks += [target, target - DAY]  # within a day, a step comes before those that are due later
    marks += [one.due for one in view.incident.approvals.values()]
    return min((mark for mark in marks if mark > now), default=0)


def _midnight(view: View) -> Instant:
    calendar = view.scene.world.calendar
    local: datetime = calendar.local(view.scene.now)
    following = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    return round(following.timestamp() * 1000)


def _told(card: Card) -> list[Instant]:
    """Every instant that the lines of a card tell."""
    rows = (row for block in card.blocks if isinstance(block, Section) for row in block.rows)
    facts = (fact for row in rows for one in row.told for fact in one.facts.values())
    return [fact.instant for fact in facts if isinstance(fact, At)]
