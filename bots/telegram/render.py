"""Content becomes Telegram's HTML and keys under it. All words are escaped here, people's and ours alike.

Words of people ring nobody: an `@name` in them is broken up, and only `Content.mentions` becomes a real mention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape, unescape
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bots.chat.values import Content, Press
from bots.lines import SIGNS, Line
from engine.visible import harmless

__all__ = [
    "LONGEST",
    "POPUP",
    "clamped",
    "html",
    "keys",
    "line_html",
    "lines_html",
    "plain",
    "popup",
    "safe",
    "units",
]

LONGEST: Final = 4096
"""UTF-16 units of a message, once marked up."""
POPUP: Final = 200
_ROW: Final = 8
_MOST: Final = 100
_LABEL: Final = 60

_BOLD: Final = frozenset("exercise head step overdue late loud label run caption".split())
_SIGNS: Final = SIGNS | {
    "due": "⏳", "overdue": "⚠", "late": "⚠", "asleep": "…", "never": "⛔", "question": "?", "answer": "·",
    "message": "✉", "item": "–", "box": "☐", "ticked": "☑", "ok": "✓", "no": "✗", "loud": "⚠", "follow": "·",
}  # fmt: skip
_PING: Final = re.compile(r"(?<!\w)@(?=[A-Za-z0-9_])")
"""What Telegram makes a mention of; an e-mail address is none, and stays as it is."""
_TAG: Final = re.compile(r"<[^>]*>")


def safe(text: str) -> str:
    """Words as they may stand in HTML: they mark nothing up, ring nobody, and hide nothing."""
    return escape(_PING.sub("@\u2060", harmless(text)), quote=False)


def units(text: str) -> int:
    """Telegram counts in UTF-16."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clamped(text: str, most: int) -> str:
    """The text within so many units, cut with a sign."""
    if units(text) <= most:
        return text
    cut = text.encode("utf-16-le", "surrogatepass")[: 2 * (most - 1)]
    return f"{cut.decode('utf-16-le', 'ignore').rstrip()}…"


def html(content: Content, names: Mapping[int, str] | None = None, *, before: str = "") -> str:
    """A message. `names`: the accounts that it is to ring, and what they are called; `before`: a line of ours first."""
    last = " ".join(
        f'<a href="tg://user?id={account}">{safe(name)}</a>' for account, name in (names or {}).items()
    )
    listed = [safe(before)] if before else []
    # The title is the phone's notification; a card that starts with the same words says them once.
    if not content.lines or content.title != content.lines[0].text:
        listed.append(f"<b>{safe(content.title)}</b>")
    listed += map(line_html, content.lines)
    return _within(listed, [*_calls(content.buttons), *([last] if last else [])])


def lines_html(lines: Iterable[Line], most: int = LONGEST) -> str:
    """An answer in lines."""
    return _within([line_html(line) for line in lines], [], most)


def _within(lines: list[str], tail: list[str], most: int = LONGEST) -> str:
    """Whole lines, as many as a message holds: the tail always goes with them."""
    left = most - sum(_shown(one) + 1 for one in tail) - 2
    kept: list[str] = []
    for line in lines:
        if (left := left - _shown(line) - 1) < 0:
            kept.append("…")
            break
        kept.append(line)
    if kept == ["…"] and lines:
        kept = [escape(clamped(plain(lines[0]), max(most - 200, 1)), quote=False)]
    return "\n".join([*kept, *tail])


def _shown(line: str) -> int:
    return units(plain(line))


def line_html(line: Line) -> str:
    """One line, as its kind looks."""
    match line.kind:
        case "step":
            place = f" · {safe(line.label)}" if line.label else ""
            return f"<b>{safe(line.text.upper())}</b>{place}"
        case "quote":
            return f"<blockquote>{safe(line.text)}</blockquote>"
        case "more" | "how" | "hint":
            return f"<i>{safe(line.text)}</i>"
    label = f"<b>{safe(line.label)}</b>" if line.label else ""
    text = f"<b>{safe(line.text)}</b>" if line.kind in _BOLD and line.text else safe(line.text)
    sign = _SIGNS.get(line.kind, "")
    return " ".join(filter(None, (sign, " : ".join(filter(None, (label, text))))))


def _calls(buttons: Iterable[Iterable[Press]]) -> Iterator[str]:
    """Numbers to dial: Telegram takes no `tel:` key, but a number in the text is dialled when it is touched."""
    for press in (one for row in buttons for one in row):
        if press.url.startswith("tel:"):
            number = press.url.removeprefix("tel:")
            told = press.label if number in press.label else f"{press.label} {number}"
            yield f"{SIGNS['call']} {safe(told)}"


def keys(rows: Iterable[Iterable[Press]]) -> InlineKeyboardMarkup | None:
    """The keys under a message. Each carries its token, or opens a page."""
    made: list[list[InlineKeyboardButton]] = []
    count = 0
    for row in rows:
        shown = [one for one in map(_key, row) if one is not None][: _MOST - count]
        count += len(shown)
        made += [shown[first : first + _ROW] for first in range(0, len(shown), _ROW)]
    return InlineKeyboardMarkup(made) if made else None


def _key(press: Press) -> InlineKeyboardButton | None:
    label = clamped(harmless(press.label), _LABEL)
    if press.url.startswith(("https://", "http://", "tg://")):
        return InlineKeyboardButton(label, url=press.url)
    return InlineKeyboardButton(label, callback_data=press.token) if press.token else None


def plain(text: str) -> str:
    """The words of our own HTML, without its marks: sent when Telegram could not read them."""
    return unescape(_TAG.sub("", text))


def popup(text: str) -> str:
    """Words of a popup: plain, at most 200."""
    return clamped(harmless(text), POPUP)
