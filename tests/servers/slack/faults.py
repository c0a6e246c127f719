"""What goes wrong on the way: refusals, lost answers, deliveries twice or in another order, cut sockets."""

from __future__ import annotations

import random
from collections import defaultdict, deque
from dataclasses import dataclass, field

__all__ = ["Faults"]


@dataclass
class Faults:
    """Faults to come. For one call: `next`; by chance, as long as it lasts: `rate`."""

    seed: int = 1
    rate: dict[str, float] = field(default_factory=dict)
    """Kind to probability: 429, 500, lost, cut, hang; twice and late for deliveries."""
    retry_after: int = 1
    hang: float = 30.0
    """How long a hanging call hangs, seconds."""
    _next: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def next(self, method: str, kind: str, times: int = 1) -> None:
        """Let the next calls of this method fail. `lost`: it is done, but the answer never comes; `cut`: not done.

        Any other word is an error that Slack answers (`fatal_error`).
        """
        self._next[method].extend([kind] * times)

    def call(self, method: str) -> str:
        """What goes wrong with this call; empty when nothing does."""
        if self._next[method]:
            return self._next[method].popleft()
        kinds = [kind for kind in ("429", "500", "lost", "cut", "hang") if self.happens(kind)]
        return kinds[0] if kinds else ""

    def happens(self, kind: str) -> bool:
        return self._chance.random() < self.rate.get(kind, 0.0)
