"""Keep a message within what every platform takes: whole lines are left out, the least needed first, and it is said.

The limit is Telegram's (4,096 units of UTF-16, signs included); Slack's are wider once a door has cut blocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bots.chat.values import Content, Press
from bots.lines import Line
from engine.speech import Speech

__all__ = ["LABEL", "LONGEST", "MOST_LINES", "TITLE", "clipped", "content", "units"]

LONGEST: Final = 3_600
"""UTF-16 units of a message. Doors still add signs, a separator a line, and mentions."""
MOST_LINES: Final = 40
TITLE: Final = 180
"""Characters of a notification: what a locked telephone shows at most."""
LABEL: Final = 60
"""Characters of a button: beyond, telephones cut in the middle of a word."""
PARAGRAPH: Final = 900
_SIGN: Final = 8
"""What a door writes around a line: its sign, a colon, the end of the line."""

_LEAST: Final = (
    "quote", "more", "how", "message", "item", "answer", "done", "ticked", "waiting", "hint", "plain", "text",
)  # fmt: skip
"""The kinds of lines that can be missed, the least needed first. The others stay."""


def clipped(text: str, most: int) -> str:
    """The text in at most so many characters, cut between two words."""
    if len(text) <= most:
        return text
    cut = text[: most - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"


def units(text: str) -> int:
    """How long Telegram finds it. An `@` may become two, so that it rings nobody."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + text.count("@")


def content(
    title: str,
    lines: Iterable[Line],
    speech: Speech,
    buttons: Iterable[tuple[Press, ...]] = (),
    mentions: tuple[str, ...] = (),
) -> Content:
    """A message that fits. The title is its first line; what was left out is said in the last."""
    title = " ".join(title.split())
    wanted = [Line(kind=one.kind, text=clipped(one.text, PARAGRAPH), label=clipped(one.label, 400), id=one.id)
              for one in lines]  # fmt: skip
    title = clipped(title, PARAGRAPH)  # never its beginning, then the same sentence again
    return Content(
        title=title,
        lines=tuple(_fitting(wanted, LONGEST - units(title), speech)),
        buttons=tuple(row for row in buttons if row),
        mentions=mentions,
    )


def _fitting(lines: list[Line], room: int, speech: Speech) -> list[Line]:
    if _long(lines) <= room and len(lines) <= MOST_LINES:
        return lines
    last = Line(kind="hint", text=speech.say("faces.more"))
    kept, room = list(lines), room - _long([last])
    while kept and (_long(kept) > room or len(kept) >= MOST_LINES):
        place = min(range(len(kept)), key=lambda one: (_rank(kept[one]), -one))
        del kept[place]
    return [*kept, last]


def _rank(line: Line) -> int:
    return _LEAST.index(line.kind) if line.kind in _LEAST else len(_LEAST)


def _long(lines: list[Line]) -> int:
    return sum(units(one.label) + units(one.text) + _SIGN for one in lines)
