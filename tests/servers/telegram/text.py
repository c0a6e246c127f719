"""What Telegram makes of a text: its HTML becomes entities, or a 400; some words become links by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

__all__ = ["CannotParse", "Parsed", "parse", "units"]

NAMES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "a": "text_link", "code": "code",
    "pre": "pre", "blockquote": "blockquote", "tg-spoiler": "spoiler", "tg-emoji": "custom_emoji",
}  # fmt: skip
AUTOMATIC = (
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z0-9_]{3,32}\b")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?")),
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+")),
)


class CannotParse(Exception):
    pass


@dataclass(frozen=True)
class Parsed:
    text: str
    entities: list[dict[str, Any]] = field(default_factory=list)


def units(text: str) -> int:
    """Telegram counts in UTF-16."""
    return len(text.encode("utf-16-le")) // 2


class _Reader(HTMLParser):
    """Stricter than HTML: an unknown or a crossed tag is an error, as the Bot API server has it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.text = ""
        self.entities: list[dict[str, Any]] = []
        self._open: list[tuple[str, int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in NAMES:
            raise CannotParse(f'Unsupported start tag "{tag}" at byte offset {self._offset()}')
        self._open.append((tag, units(self.text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self._open:
            raise CannotParse(f"Unexpected end tag at byte offset {self._offset()}")
        opened, start, href = self._open.pop()
        if opened != tag:
            raise CannotParse(
                f'Unmatched end tag at byte offset {self._offset()}, expected "</{opened}>", found "</{tag}>"'
            )
        length = units(self.text) - start
        if length == 0 or (tag == "a" and not href):
            return
        entity: dict[str, Any] = {"type": NAMES[tag], "offset": start, "length": length}
        if tag == "a":
            user = re.fullmatch(r"tg://user\?id=([0-9]+)", href)
            entity |= (
                {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": "…"}}
                if user
                else {"url": href}
            )
        self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        if "<" in data:
            raise CannotParse(f"Unclosed start tag at byte offset {self._offset()}")
        self.text += data

    def handle_entityref(self, name: str) -> None:
        known = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
        self.text += known.get(name, f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.text += chr(int(name[1:], 16) if name[0] in "xX" else int(name))

    def _offset(self) -> int:
        return len(self.text.encode())

    def finish(self) -> None:
        self.close()
        if self._open:
            tag = self._open[-1][0]
            raise CannotParse(f'Can\'t find end tag corresponding to start tag "{tag}"')


def parse(text: str, mode: str) -> Parsed:
    """The text that people see, with its entities in order."""
    if mode.casefold() == "html":
        reader = _Reader()
        reader.feed(text)
        reader.finish()
        text, entities = reader.text, reader.entities
    elif mode:
        raise CannotParse(f"unsupported parse_mode {mode}")
    else:
        entities = []
    cut = units(text) - units(text.lstrip())
    text = text.strip()
    entities = [one | {"offset": one["offset"] - cut} for one in entities]
    return Parsed(text, sorted([*entities, *_automatic(text, entities)], key=lambda one: one["offset"]))


def _automatic(text: str, marked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What clients and servers find by themselves: a mention in bare words does ring a phone."""
    verbatim = [
        (one["offset"], one["offset"] + one["length"])
        for one in marked
        if one["type"] in ("code", "pre", "text_link")
    ]
    found = []
    for kind, pattern in AUTOMATIC:
        for match in pattern.finditer(text):
            start, length = units(text[: match.start()]), units(match[0])
            if not any(low <= start < high for low, high in verbatim):
                found.append({"type": kind, "offset": start, "length": length})
    return found
