"""What was acknowledged, noted outside the journal: after the kill, each of these must be found there, once."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["Acknowledged", "Ledger"]


class Acknowledged(NamedTuple):
    """An order that was answered: its place in the script, and the entries that its receipt told."""

    place: str
    first: int
    last: int


class Ledger:
    """A file of receipts: one line each, written once the receipt is out."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, place: str, first: int, last: int) -> None:
        with self._path.open("a", encoding="ascii") as file:
            file.write(f"{place} {first} {last}\n")

    def read(self) -> list[Acknowledged]:
        """All of it; a line cut by the kill was never acknowledged."""
        if not self._path.is_file():
            return []
        lines = self._path.read_text("ascii").split("\n")[:-1]
        return [Acknowledged(place, int(first), int(last)) for place, first, last in map(str.split, lines)]

    def count(self, prefix: str) -> int:
        """How many orders of this part of the script were acknowledged."""
        return sum(one.place.startswith(prefix) for one in self.read())
