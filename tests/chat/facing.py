"""Valmont as its chats show it: accounts, a view of one platform, and a message as text that a person can read."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from msgspec.structs import replace

from bots.chat.faces import View
from bots.chat.values import Content, Press
from bots.lines import SIGNS, Line
from engine.core.house import House, Link
from engine.core.quantities import Instant
from tests.bots.valmont import Valmont

__all__ = ["linked", "read", "seen"]

MARKS: Mapping[str, str] = SIGNS | {
    "ticked": "☑",
    "due": "⏳",
    "overdue": "⚠",
    "never": "⛔",
    "question": "?",
    "answer": "·",
}
ACCOUNTS: Mapping[str, tuple[str, ...]] = {"slack": ("p3", "p4", "p5"), "telegram": ("p1", "p2")}
"""Three on Slack, two on Telegram, as their directory says they prefer."""


def linked(accounts: Mapping[str, tuple[str, ...]] = ACCOUNTS, shut: tuple[str, ...] = ()) -> House:
    """A house with these accounts; `shut`: people whose private chat was never opened."""
    return House(
        links={
            f"{surface}:{person}": Link(
                person=person, surface=surface, account=person, since=0, open=person not in shut
            )
            for surface, people in accounts.items()
            for person in people
        }
    )


def seen(
    town: Valmont,
    surface: str = "slack",
    *,
    lang: str = "fr",
    now: Instant = 0,
    house: House | None = None,
    health: Mapping[str, Instant | None] | None = None,
) -> View:
    """The town's incident on one platform; in English, everybody reads English."""
    scene = dataclasses.replace(town.scene, now=now or town.now)
    if lang != "fr":
        world = scene.world
        people = {name: replace(one, lang=lang) for name, one in world.directory.people.items()}
        directory = replace(world.directory, people=people)
        scene = dataclasses.replace(scene, world=dataclasses.replace(world, directory=directory))
    return View(
        scene=scene,
        house=linked() if house is None else house,
        surface=surface,
        lang=lang,
        titles=town.speech.titles,
        health={"slack": None, "telegram": None} if health is None else health,
    )


def read(content: Content) -> str:
    """A message as text: its title, its lines with their signs, its buttons in brackets (… asks for more)."""
    rows = ("  ".join(map(_button, row)) for row in content.buttons)
    rung = [f"@ {', '.join(content.mentions)}"] if content.mentions else []
    return "\n".join([content.title, *map(_line, content.lines), *rows, *rung])


def _line(line: Line) -> str:
    told = " : ".join(filter(None, (line.label, line.text)))
    return f"{MARKS.get(line.kind, ' ')} {told}".rstrip()


def _button(press: Press) -> str:
    marks = {"primary": "*", "danger": "!"}.get(press.style, "")
    return f"[{marks}{press.label}{' …' if press.form else ''}{' ' + press.url if press.url else ''}]"
