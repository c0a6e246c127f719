"""How fast a platform may be spoken to: its limits as windows in time, exact, and what it asked to leave alone.

A window never lets more than its limit pass in any stretch of its length, which a leaky bucket (aiolimiter) does after
a rest. Time is an argument: seconds of whatever clock the caller keeps to.

Each limit keeps a little under the platform's own: a request leaves here at one moment and is counted there at another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bots.chat.values import Place

__all__ = ["LIMITS", "SLACK", "TELEGRAM", "Act", "Budget", "Rule"]

Act = str
"""post, edit, blank, pin, open (ask for somebody's private chat) or find."""

_SENDING: Final[frozenset[Act]] = frozenset({"post", "edit", "blank", "pin"})


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` of these acts in any `seconds`."""

    limit: int
    seconds: float
    acts: frozenset[Act] = _SENDING
    each: str = "all"
    """all: everything together; chat: each chat by itself."""
    where: str = ""
    """group or private; empty: both."""
    sparing: bool = False
    """What can wait leaves the rest of the platform's own limit to what can't."""

    def bears_on(self, act: Act, place: Place, urgent: bool) -> bool:
        """Tell whether this act has to keep to it. What was done counts even where `urgent` excuses it."""
        return (
            act in self.acts
            and (not self.where or self.where == ("private" if place.person else "group"))
            and not (self.sparing and urgent)
        )


SLACK: Final = (
    Rule(47, 60, frozenset({"edit"})),  # chat.update: 50 a minute for the whole workspace
    Rule(30, 60, frozenset({"edit"}), sparing=True),
    Rule(1, 1.05, frozenset({"post"}), each="chat"),
    Rule(240, 60, frozenset({"post"})),  # "several hundred a minute"
    Rule(45, 60, frozenset({"blank"})),
    Rule(18, 60, frozenset({"pin"})),
    Rule(45, 60, frozenset({"open"})),
    Rule(45, 60, frozenset({"find"})),
)
TELEGRAM: Final = (
    Rule(28, 1.02),  # 30 a second for the whole bot
    Rule(1, 1.05, each="chat"),
    Rule(19, 60.5, each="chat", where="group"),  # 20 a minute, edits and pins counted
    Rule(14, 60, frozenset({"edit", "blank", "pin"}), each="chat", where="group", sparing=True),
    Rule(1, 3.05, frozenset({"edit"}), each="chat", where="group"),
)
LIMITS: Final[Mapping[str, tuple[Rule, ...]]] = {"slack": SLACK, "telegram": TELEGRAM}


class Window:
    """The last moments at which something passed."""

    __slots__ = ("_passed", "_seconds")

    def __init__(self, limit: int, seconds: float) -> None:
        self._passed: deque[float] = deque(maxlen=limit)
        self._seconds = seconds

    def free_at(self) -> float:
        """When one more may pass."""
        if len(self._passed) < (self._passed.maxlen or 0):
            return 0.0
        return self._passed[0] + self._seconds

    def spend(self, now: float) -> None:
        self._passed.append(now)


class Budget:
    """What one bot may still do on its platform."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        self._rules = rules
        self._windows: dict[tuple[int, str], Window] = {}
        self._rests: dict[str, float] = {}

    def free_at(self, act: Act, place: Place, urgent: bool = False) -> float:
        """When this may be done; in the past, now."""
        spent = (
            self._windows[name].free_at() for name in self._names(act, place, urgent) if name in self._windows
        )
        rests = (self._rests.get(name, 0.0) for name in ("all", f"act {act}", f"chat {place.chat}"))
        return max(*rests, *spent, 0.0)

    def spend(self, act: Act, place: Place, now: float) -> None:
        """Count what is done now."""
        for name in self._names(act, place, urgent=False):
            rule = self._rules[name[0]]
            self._windows.setdefault(name, Window(rule.limit, rule.seconds)).spend(now)

    def rest(self, until: float, scope: str, act: Act, place: Place) -> None:
        """Leave alone what the platform told us to: this `place`, this `method` or `all`."""
        name = {"place": f"chat {place.chat}", "method": f"act {act}"}.get(scope, "all")
        self._rests[name] = max(until, self._rests.get(name, 0.0))

    def _names(self, act: Act, place: Place, urgent: bool) -> Iterator[tuple[int, str]]:
        for number, rule in enumerate(self._rules):
            if rule.bears_on(act, place, urgent):
                yield number, place.chat if rule.each == "chat" else ""
