"""Characters that nobody sees: refused in the files of a town, shown as a sign wherever words are put before people.

The journal keeps what was typed; a screen or an export never obeys it. An escape sequence would repaint a terminal,
a control makes XML invalid, a reversed reading order makes a line say what it doesn't, and text in "tag" characters
is there without being there.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["SIGN", "harmless", "hidden_in"]

SIGN: Final = "\ufffd"
"""Stands for what must not act: as wide as a letter, so that nothing that is laid out moves."""

_CONTROLS: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"
_BIDI: Final = "\u202a-\u202e\u2066-\u2069"
_TAGS: Final = "\U000e0000-\U000e007f"
_LINES: Final = "\u2028\u2029"
_UNSEEN: Final = "\u061c\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"

_REFUSED: Final = re.compile(f"[{_CONTROLS}{_LINES}]")
# Not the others: a telephone number copied from an address book carries them, and a town must open all the same.
_HARMFUL: Final = re.compile(
    f"[{_CONTROLS}{_BIDI}{_LINES}{_UNSEEN}]|[{_TAGS}]+"
    # A joiner makes one sign of two emoji; between letters it only hides.
    "|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d|[\u200c\u200d]{2,}"
)


def harmless(text: str) -> str:
    """The text as it may be shown: each character that would act unseen is replaced by a sign."""
    if text.isprintable():
        return text  # of the unseen none is printable
    return _HARMFUL.sub(SIGN, text.replace("\r\n", "\n"))


def hidden_in(text: str) -> str | None:
    """The first character that a file of the town may not hold, or None."""
    if text.isprintable():
        return None
    found = _REFUSED.search(text)
    return found[0] if found else None
