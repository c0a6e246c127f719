"""What Slack allows and how fast: the tier and the scopes of each method, and who must wait how long."""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["BURST", "METHODS", "PER_MINUTE", "POSTS_PER_MINUTE", "Limits"]

PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute, by tier: for one method, one workspace, one app, whatever the message."""
POSTS_PER_MINUTE = 300
"""Of the whole workspace: "several hundred"."""
BURST = 3
"""Posts that a channel takes at once; then one a second."""

METHODS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "auth.test": (4, ()),
    "apps.connections.open": (3, ()),
    "chat.postMessage": (0, ("chat:write",)),
    "chat.update": (3, ("chat:write",)),
    "chat.delete": (3, ("chat:write",)),
    "chat.postEphemeral": (4, ("chat:write",)),
    "conversations.create": (2, ("groups:write",)),
    "conversations.info": (3, ("groups:read",)),
    "conversations.list": (2, ("groups:read",)),
    "conversations.members": (4, ("groups:read",)),
    "conversations.invite": (3, ("groups:write",)),
    "conversations.kick": (3, ("groups:write",)),
    "conversations.setTopic": (2, ("groups:write",)),
    "conversations.archive": (2, ("groups:write",)),
    "conversations.open": (3, ("im:write",)),
    "conversations.history": (3, ("groups:history", "im:history")),
    "conversations.replies": (3, ("groups:history", "im:history")),
    "pins.add": (2, ("pins:write",)),
    "pins.remove": (2, ("pins:write",)),
    "views.open": (4, ()),
    "views.push": (4, ()),
    "views.update": (4, ()),
    "views.publish": (4, ()),
    "users.info": (4, ("users:read",)),
    "files.info": (4, ("files:read",)),
    "reactions.add": (3, ("reactions:write",)),
}
"""Method: its tier (0 is a rule of its own) and the scopes that it needs. For private channels and direct messages."""


@dataclass
class Limits:
    """Counts calls. `minute`: how long a minute lasts here, in seconds; shorter makes a long test short."""

    minute: float = 60.0
    update_per_minute: int = PER_MINUTE[3]
    per_minute: dict[int, int] = field(default_factory=lambda: dict(PER_MINUTE))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    """How many 429s each method got."""
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _seen: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _tokens: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, method: str, channel: str, now: float) -> int:
        """Count a call, or say how many seconds it must wait; 0 when it may pass."""
        if method == "chat.postMessage":
            wait = self._channel(channel, now) or self._window(method, POSTS_PER_MINUTE, now)
        elif method == "chat.update":
            wait = self._window(method, self.update_per_minute, now)
        else:
            wait = self._window(method, self.per_minute[METHODS[method][0]], now)
        (self.refused if wait else self.calls)[method] += 1
        return math.ceil(wait)

    def _window(self, method: str, most: int, now: float) -> float:
        seen = self._seen[method]
        while seen and seen[0] <= now - self.minute:
            seen.popleft()
        if len(seen) >= most:
            return max(seen[0] + self.minute - now, 0.001)
        seen.append(now)
        return 0.0

    def _channel(self, channel: str, now: float) -> float:
        rate = 60 / self.minute
        left, since = self._tokens.get(channel, (float(BURST), now))
        left = min(BURST, left + (now - since) * rate)
        if left < 1:
            self._tokens[channel] = (left, now)
            return (1 - left) / rate
        self._tokens[channel] = (left - 1, now)
        return 0.0
