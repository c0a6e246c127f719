"""The names of streams: incidents number themselves, the town's own book has one name."""

from __future__ import annotations

from typing import Final

__all__ = ["EXERCISE", "HOUSE", "REAL", "is_exercise"]

HOUSE: Final = "MAISON"
"""The house's own book: who is tied to which account, which group serves what. It is no incident."""
REAL: Final = "INC"
EXERCISE: Final = "EX"


def is_exercise(name: str) -> bool:
    """An exercise can't lose its flag: it is in its name, which every entry and every hash repeat."""
    return name.startswith(f"{EXERCISE}-")
