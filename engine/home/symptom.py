"""One thing that `tocsin doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["Gravity", "Symptom"]

Gravity = Literal["ok", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Symptom:
    """A finding, its code a key of `doctor.says`. `gravity`: fine, to be mended, or what would stop a crisis."""

    gravity: Gravity
    code: str
    facts: dict[str, Any] = field(default_factory=dict)
