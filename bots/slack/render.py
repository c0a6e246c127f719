"""Draw a message as Slack's blocks: within its limits, and deaf to whatever people wrote in it.

People's words are escaped, so that `<!channel>` or `<@U…>` in them calls nobody; `verbatim` keeps Slack from reading
names and addresses out of them. A phone buzzes for those whom the message itself names, and for nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from bots.chat.faces.fit import TITLE, clipped
from bots.chat.values import Content, Press
from bots.lines import SIGNS, Line
from engine.visible import harmless

__all__ = [
    "PLAIN_LIMIT",
    "VALUE",
    "Block",
    "clamped",
    "drawn",
    "escaped",
    "marked",
    "notification",
    "sections",
]

Block = dict[str, Any]

MOST_BLOCKS: Final = 50
SECTION: Final = 3000
ROW: Final = 25
"""Buttons in one block."""
LABEL: Final = 75
VALUE: Final = 2000
"""What a button carries, characters."""
PLAIN_LIMIT: Final = 3900
"""Slack cuts at 40,000 and may split at 4,000."""
_CUT: Final = "…"

_SIGNS: Final = SIGNS | {
    "head": "●", "due": "⏳", "overdue": "⚠", "late": "⚠", "asleep": "…", "never": "⛔", "ticked": "☑", "question": "?",
    "answer": "·", "message": "✉", "item": "•", "ok": "✓", "no": "✗", "news": "•", "loud": "⚠", "follow": "   ·",
}  # fmt: skip
_BOLD: Final = frozenset("exercise head step label overdue caption".split())


def escaped(text: str) -> str:
    """Words that Slack shows and never obeys."""
    return harmless(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def clamped(text: str, most: int) -> str:
    """At most so many characters; a cut is seen."""
    return text if len(text) <= most else text[: most - 1].rstrip() + _CUT


def notification(content: Content) -> str:
    """What a phone's notification says: short, the message itself has the whole of it."""
    return _fitting(clipped(content.title, TITLE), PLAIN_LIMIT)


def _fitting(text: str, most: int) -> str:
    """Escaped within a limit, never cut inside an escape."""
    shown = escaped(text)
    while len(shown) > most:
        text = clamped(text, max(len(text) - (len(shown) - most) - 1, 1))
        shown = escaped(text)
    return shown


def marked(line: Line) -> str:
    """One line of words in Slack's markup."""
    if line.kind == "quote":
        return f">{_fitting(line.text, SECTION - 10)}"
    parts = (line.text, line.label) if line.kind == "step" else (line.label, line.text)
    glue = " · " if line.kind == "step" else " : "
    text = _fitting(glue.join(filter(None, parts)), SECTION - 20)
    if line.kind in _BOLD and text.strip():
        text = f"*{text.strip()}*"
    return f"{_SIGNS[line.kind]} {text}" if line.kind in _SIGNS else text


def sections(texts: Iterable[str]) -> Iterator[Block]:
    """Lines of markup, packed in as few blocks as hold them."""
    packed = ""
    for text in filter(str.strip, texts):
        if packed and len(packed) + 1 + len(text) > SECTION:
            yield _section(packed)
            packed = text
        else:
            packed = f"{packed}\n{text}" if packed else text
    if packed:
        yield _section(packed)


def _section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def drawn(content: Content, mentioned: Sequence[str] = ()) -> list[Block]:
    """The blocks of a message. `mentioned`: users of Slack whose phones are to buzz."""
    buttons = [block for number, row in enumerate(content.buttons) for block in _row(number, row)]
    buttons = buttons[: MOST_BLOCKS - 10]  # words are never driven out by buttons
    texts = [f"*{_fitting(content.title, SECTION - 2)}*"] if content.title else []
    texts += [marked(line) for line in content.lines if line.text != content.title or line.label]
    texts += [_call(one) for row in content.buttons for one in row if one.url.startswith("tel:")]
    if mentioned:
        texts.append(" ".join(f"<@{one}>" for one in mentioned))
    shown = list(sections(texts))
    room = MOST_BLOCKS - len(buttons)
    if len(shown) > room:
        shown = [*shown[: room - 1], _section(_CUT)]
    return [*shown, *buttons]


def _row(number: int, row: Sequence[Press]) -> Iterator[Block]:
    shown = [one for one in row if one.token or one.url.startswith("http")]
    for start in range(0, len(shown), ROW):
        part = shown[start : start + ROW]
        elements = [_button(one, f"press-{number}-{start + place}") for place, one in enumerate(part)]
        yield {"type": "actions", "elements": elements}


def _button(press: Press, action: str) -> Block:
    label = clamped(harmless(press.label).strip() or _CUT, LABEL)
    button: Block = {
        "type": "button",
        "action_id": action,
        "text": {"type": "plain_text", "text": label, "emoji": False},
    }
    if press.token:
        button["value"] = press.token[:VALUE]
    else:
        button["url"] = press.url
    if press.style in ("primary", "danger"):
        button["style"] = press.style
    return button


def _call(press: Press) -> str:
    """A number to call is a link: Slack's buttons open pages alone."""
    return f"{SIGNS['call']} <{escaped(press.url)}|{_fitting(press.label, 200).replace('|', '/')}>"
