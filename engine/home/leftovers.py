"""What a program that was killed left half done: copies on their way into the safe, the work of a backup.

They may hold what people brought, in clear, and no entry names them. Nothing that is under way is a day old.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import Final

from engine.core.quantities import DAY, SECOND, Instant

__all__ = ["INCOMING", "sweep"]

INCOMING: Final = "incoming"
"""Where a file lies that somebody sends, until the safe has it."""
_HALF_DONE: Final = (f"{INCOMING}/*", "evidence/.*", ".backup-*", ".restore-*")


def sweep(home: Path, now: Instant) -> int:
    """Remove what is older than a day; how much there was. What can't be removed stays."""
    count = 0
    for one in (path for pattern in _HALF_DONE for path in home.glob(pattern)):
        with contextlib.suppress(OSError):
            if one.lstat().st_mtime * SECOND > now - DAY:
                continue
            if one.is_dir() and not one.is_symlink():
                shutil.rmtree(one)
            else:
                one.unlink()
            count += 1
    return count
