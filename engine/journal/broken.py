"""What a verification finds."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.i18n import Words

__all__ = ["Break"]


@dataclass(frozen=True, slots=True)
class Break:
    """Where and how a chain is broken: `code` is a key of `journal.broken`. `seq` 0: no one entry."""

    incident: str
    seq: int
    code: str
    facts: dict[str, object] = field(default_factory=dict)

    def tell(self, words: Words) -> str:
        """Say it to a person."""
        return words.say(f"journal.broken.{self.code}", incident=self.incident, seq=self.seq, **self.facts)
