"""Bytes of a file, read within bounds and decoded: or the finding that says why they can't be."""

from __future__ import annotations

import codecs
import re
import stat
from pathlib import Path
from typing import Final

from engine.library.finding import Finding

__all__ = ["MOST_BYTES", "decoded", "read_bytes"]

MOST_BYTES: Final = 1_000_000
"""A procedure of four hundred lines has 20 kB: a file fifty times that was not written by hand."""

_UNICODE_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
# What YAML refuses, with the line ends that only Word writes: a line that nobody sees is a wrong line number.
_FORBIDDEN: Final = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def read_bytes(path: Path, shown: str | None = None) -> bytes | Finding:
    """Read a regular file of at most `MOST_BYTES`; an OSError when there is none to read."""
    shown = shown or str(path)
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(f"{path}: not a regular file")
    if status.st_size > MOST_BYTES:
        return _finding("too_large", shown, size=status.st_size, most=MOST_BYTES)
    with path.open("rb") as file:
        # The file may grow between the two calls: never read more than the bound.
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        return _finding("too_large", shown, size=len(content), most=MOST_BYTES)
    return content


def decoded(content: bytes, shown: str) -> str | Finding:
    """Decode UTF-8, with or without a byte order mark."""
    if len(content) > MOST_BYTES:
        return _finding("too_large", shown, size=len(content), most=MOST_BYTES)
    if content.startswith(_UNICODE_MARKS):
        return _finding("encoding", shown, encoding="UTF-16")
    if b"\x00" in content:
        return _finding("binary", shown)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _undecodable(content, error.start, shown)
    if found := _FORBIDDEN.search(text):
        line, column = _place(text, found.start())
        return _finding("control_character", shown, line, column, code=f"U+{ord(found.group()):04X}")
    return text


def _undecodable(content: bytes, at: int, shown: str) -> Finding:
    """An old Windows file is text with accents in one byte; anything richer in odd bytes is no text at all."""
    odd = sum(byte < 0x20 and byte not in b"\t\n\r" for byte in content)
    if odd * 100 > len(content):
        return _finding("binary", shown)
    line, column = _place(content[:at].decode("utf-8-sig", "replace"), at)
    return _finding("encoding", shown, line, column, encoding="Windows-1252 (ANSI)")


def _place(text: str, at: int) -> tuple[int, int]:
    before = text[:at]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def _finding(rule: str, shown: str, line: int = 1, column: int = 1, **facts: object) -> Finding:
    return Finding(area="lint_yaml", rule=rule, path=shown, line=line, column=column, facts=facts)
