"""Write in an overlay the version that it fits now; nothing else of the file is touched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from engine.library.fix import write_atomically

__all__ = ["say_version"]

_OF: Final = re.compile(rb"""^(of[ \t]*:[ \t]*["']?)\d+""", re.MULTILINE)


def say_version(path: Path, version: int) -> None:
    """Give `of:` this version; an OSError if the file can't be written, or has no such line."""
    content = path.read_bytes()
    written, count = _OF.subn(lambda found: found[1] + str(version).encode(), content, count=1)
    if not count:
        raise OSError("of:")
    if written != content:
        write_atomically(path, written, unless_changed_from=content)
