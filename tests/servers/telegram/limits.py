"""How fast a bot may write, and what goes wrong on purpose."""

from __future__ import annotations

import math
import random
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

__all__ = ["Fault", "Faults", "Limits"]


@dataclass
class Limits:
    """1/s a chat with bursts, 20/min a group counting edits, 30/s overall: how long to wait, or 0."""

    burst: int = 8
    group_per_minute: int = 20
    overall_per_second: int = 30
    on: bool = True
    _level: dict[int, tuple[float, float]] = field(default_factory=dict)
    _group: dict[int, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _all: deque[float] = field(default_factory=deque)

    def spend(self, chat: int, edit: bool = False) -> int:
        """Seconds to wait before this one would do; 0: it is spent."""
        if not self.on:
            return 0
        now = time.monotonic()
        waits = [self._window(self._all, now, 1.0, self.overall_per_second)]
        if chat < 0:
            waits.append(self._window(self._group[chat], now, 60.0, self.group_per_minute))
        level, since = self._level.get(chat, (0.0, now))
        level = max(0.0, level - (now - since))
        if not edit:
            waits.append(level + 1 - self.burst)
        wait = max(waits)
        if wait > 0:
            return math.ceil(wait)
        self._all.append(now)
        if chat < 0:
            self._group[chat].append(now)
        if not edit:
            self._level[chat] = (level + 1, now)
        return 0

    @staticmethod
    def _window(spent: deque[float], now: float, seconds: float, most: int) -> float:
        while spent and spent[0] <= now - seconds:
            spent.popleft()
        return spent[0] + seconds - now if len(spent) >= most else 0.0


@dataclass
class Fault:
    """`kind`: 429, 500, 502, timeout (held, not done), lost (done, the answer cut), cut (not done, cut)."""

    method: str
    kind: str
    times: int = 1
    seconds: float = 1
    chance: float = 1.0


@dataclass
class Faults:
    """What is to go wrong, in order; each is used up."""

    listed: list[Fault] = field(default_factory=list)
    seed: int = 1
    met: list[tuple[str, str]] = field(default_factory=list)
    """The method and kind of each that happened."""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def add(self, method: str, kind: str, *, times: int = 1, seconds: float = 1, chance: float = 1.0) -> None:
        """`method` is a regular expression."""
        self.listed.append(Fault(method, kind, times, seconds, chance))

    def next(self, method: str) -> Fault | None:
        for fault in self.listed:
            if re.fullmatch(fault.method, method) and self._random.random() < fault.chance:
                fault.times -= 1
                if fault.times <= 0:
                    self.listed.remove(fault)
                self.met.append((method, fault.kind))
                return fault
        return None
