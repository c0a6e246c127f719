"""What a killed program left half done goes at the next start; what is under way, and the safe, stay."""

from __future__ import annotations

import os
from pathlib import Path

from engine.core.quantities import DAY, SECOND
from engine.home.leftovers import INCOMING, sweep
from tests.bots.valmont import NIGHT


def made(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"le nom d'un administre")
    at = (NIGHT - days * DAY) / SECOND
    os.utime(path, (at, at))
    return path


def test_what_was_left_half_done_goes_after_a_day(tmp_path: Path) -> None:
    gone = [made(tmp_path / INCOMING / "telegram-x", 2), made(tmp_path / "evidence" / ".x1", 1.1)]
    work = made(tmp_path / ".backup-x" / "journal.db", 3).parent
    os.utime(work, ((NIGHT - 3 * DAY) / SECOND,) * 2)
    kept = [
        made(tmp_path / INCOMING / "slack-y", 0.5),
        made(tmp_path / "evidence" / ("a" * 64), 400),
        made(tmp_path / "journal.db", 400),
    ]
    assert sweep(tmp_path, NIGHT) == 3
    assert not any(one.exists() for one in (*gone, work))
    assert all(one.exists() for one in kept)
    assert sweep(tmp_path, NIGHT) == 0
