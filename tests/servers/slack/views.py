"""Modals and home tabs: opened with a trigger that lives three seconds, once."""

from __future__ import annotations

import json
from typing import Any

from tests.servers.slack.blocks import view_slips
from tests.servers.slack.workspace import View, Workspace

__all__ = ["Failed", "Views", "parsed"]

_TRIGGER = 3.0
"""Seconds that a trigger lives."""


class Failed(Exception):
    """An answer with `ok: false`."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


class Views:
    """The methods of views."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.triggers: dict[str, tuple[str, float]] = {}

    def _views_open(self, trigger_id: str, view: Any, **_: Any) -> dict[str, Any]:
        return self._shown(self._spend(trigger_id), parsed(view))

    _views_push = _views_open

    def _shown(self, user: str, body: dict[str, Any]) -> dict[str, Any]:
        self._check(body)
        made = View(f"V{self.workspace.number():07d}", user, f"{self.workspace.number()}.h", body)
        self.workspace.views[made.id] = made
        return {"view": made.as_json(self.workspace.team)}

    def _views_update(self, view: Any, view_id: str = "", hash: str = "", **_: Any) -> dict[str, Any]:
        body, found = parsed(view), self.workspace.views.get(view_id)
        if found is None or found.closed:
            raise Failed("not_found")
        if hash and hash != found.hash:
            raise Failed("hash_conflict")
        self._check(body)
        found.body, found.hash = body, f"{self.workspace.number()}.h"
        return {"view": found.as_json(self.workspace.team)}

    def _views_publish(self, user_id: str, view: Any, **_: Any) -> dict[str, Any]:
        body = parsed(view)
        self._check(body)
        self.workspace.homes[user_id] = body
        return {"view": body}

    def _check(self, body: dict[str, Any]) -> None:
        if slips := view_slips(body):
            raise Failed("invalid_arguments", response_metadata={"messages": slips})

    def _spend(self, trigger: str) -> str:
        user, until = self.triggers.get(trigger, ("", 0.0))
        if not user:
            raise Failed("exchanged_trigger_id" if trigger in self.triggers else "invalid_trigger_id")
        if self.workspace.clock() > until:
            raise Failed("expired_trigger_id")
        self.triggers[trigger] = ("", 0.0)
        return user

    def trigger(self, user: str) -> str:
        """Make a trigger: one view may be opened with it, within three seconds."""
        made = f"{self.workspace.number()}.{user}.trigger"
        self.triggers[made] = (user, self.workspace.clock() + _TRIGGER)
        return made


def parsed(value: Any) -> Any:
    """An argument that came as JSON text, or as what it is."""
    return json.loads(value) if isinstance(value, str) and value else value
