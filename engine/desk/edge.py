"""Clean the text of an order as it comes in, before anything is decided, so that state, journal and replay agree.

The rule: Unicode in composed form (NFC), so that « é » is one letter whoever types it; line ends are newlines;
characters that no screen shows (NUL and the other controls, tabs and newlines aside) are dropped; half of a surrogate
pair, which is no character, becomes U+FFFD, and two halves that fit become theirs. Nothing is refused: what somebody
reports goes in.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from engine.core.commands import Command, Order

__all__ = ["clean", "clean_text"]

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")

_encode = msgspec.json.Encoder().encode

T = TypeVar("T", Order, Command)


def clean_text(text: str) -> str:
    """The text that goes in the journal for what was typed. Cleaning twice changes nothing."""
    if text.isascii() and text.isprintable():
        return text
    if _SURROGATES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", text)


def clean(order: Order) -> Order:
    """The order with every text of it cleaned."""
    if _is_plain(order):
        return order
    command = _cleaned(order.command)
    return _cleaned(order if command is order.command else replace(order, command=command))


def _is_plain(order: Order) -> bool:
    """Most orders are ASCII without anything that JSON escapes: one look at the whole tells."""
    try:
        written = _encode(order)
    except UnicodeEncodeError:
        return False
    return written.isascii() and b"\\" not in written and b"\x7f" not in written


def _cleaned(value: T) -> T:
    changed: dict[str, object] = {}
    for name in value.__struct_fields__:
        before = getattr(value, name)
        if isinstance(before, str):
            after: object = clean_text(before)
        elif isinstance(before, tuple) and before and isinstance(before[0], str):
            after = tuple(map(clean_text, before))
        else:
            continue
        if after != before:
            changed[name] = after
    return replace(value, **changed) if changed else value
