"""How wide a text is: an upper bound, whichever sans-serif the printer has.

The widths are those of DejaVu Sans, the widest of the faces that a browser may take for `sans-serif`: Arial,
Helvetica and Liberation Sans are narrower, so that what fits here fits there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

__all__ = ["cut", "width", "wrapped"]

# Thousandths of the type size, for the characters 32 to 126.
_PLAIN: Final = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656,
    557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613,
    635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818,
    592, 592, 525, 636, 337, 636, 838,
)  # fmt: skip
_BOLD: Final = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775,
    637, 995, 837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675,
    716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924,
    645, 652, 582, 712, 365, 712, 838,
)  # fmt: skip
# not a message: widths of signs
_OTHERS: Final = {"«": 646, "»": 646, "’": 380, "·": 380, "–": 500, "°": 500, "\u00a0": 348, "\u202f": 348}
_WIDEST: Final = 1200


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text, in the unit of `size`."""
    return _units(text, bold) * size / 1000


@lru_cache(maxsize=8192)
def _units(text: str, bold: bool) -> int:
    return sum(_advance(char, bold) for char in text)


@lru_cache(maxsize=4096)
def _advance(char: str, bold: bool) -> int:
    code = ord(char)
    if 32 <= code <= 126:
        return (_BOLD if bold else _PLAIN)[code - 32]
    if char in _OTHERS:
        return _OTHERS[char]
    plain = unicodedata.normalize("NFD", char)
    return _advance(plain[0], bold) if plain[0] != char and ord(plain[0]) < 127 else _WIDEST


def wrapped(text: str, room: float, size: float, *, bold: bool = False, most: int = 99) -> list[str]:
    """The text on lines that fit `room`; what exceeds `most` lines ends with an ellipsis."""
    lines: list[str] = []
    line, used, space = "", 0.0, width(" ", size, bold=bold)
    for word in _words(text, room, size, bold):
        wide = width(word, size, bold=bold)
        if line and used + space + wide > room:
            lines.append(line)
            line, used = word, wide
        else:
            line, used = (f"{line} {word}", used + space + wide) if line else (word, wide)
    if line:
        lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], cut(f"{lines[most - 1]} {lines[most]}", room, size, bold=bold)]
    return lines


def cut(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or its beginning and an ellipsis, on one line."""
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(f"{text}…", size, bold=bold) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _words(text: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """The words, those that are wider than the room broken anywhere. French signs stay with their word."""
    # not a message: signs that French keeps with their word
    for sign in ":;?!»":
        text = text.replace(f" {sign}", f"\u00a0{sign}")
    # not a message: the same
    for word in text.replace("« ", "«\u00a0").split(" "):
        yield from _broken(word, room, size, bold) if word else ()


def _broken(word: str, room: float, size: float, bold: bool) -> Iterator[str]:
    if width(word, size, bold=bold) <= room:
        yield word
        return
    start, used, units = 0, 0, int(room / size * 1000)
    for end, char in enumerate(word):
        wide = _advance(char, bold)
        if end > start and used + wide > units:
            yield word[start:end]
            start, used = end, 0
        used += wide
    yield word[start:]
