"""Read what Slack delivers: who did it, where, which delivery it is, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.values import Account, Caller, Place
from bots.slack.modals import Origin
from bots.slack.platform import SURFACE
from engine.core.quantities import Instant
from engine.home import Home

__all__ = ["Deliveries", "Reply", "in_view", "instant_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """Where one person is answered."""

    user: str
    chat: str = ""
    response_url: str = ""
    trigger: str = ""
    """Opens one modal, within three seconds."""
    instead: bool = False
    """What they pressed has served: the answer takes its place."""


def instant_of(ts: object) -> Instant:
    """Slack's hour in milliseconds; 0 if it is none."""
    try:
        return round(float(str(ts)) * 1000)
    except ValueError:
        return 0


class Deliveries:
    """Payloads become callers. An account is the pair of its own workspace and its user: a name proves nothing."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def pressed(self, body: Mapping[str, Any]) -> Caller:
        """A button of a message."""
        action, container = body["actions"][0], body.get("container") or {}
        user, ts = body["user"]["id"], action.get("action_ts", "")
        message = container.get("message_ts", "") or container.get("view_id", "")
        return self._caller(
            self._account(body, body["user"]),
            _channel(body),
            key=f"slack:{user}:{message}:{action['action_id']}:{ts}",
            sent_at=instant_of(ts),
            alone=in_view(body),
        )

    def chose(self, body: Mapping[str, Any]) -> Caller:
        """A button of a question: it is answered once, however often it is pressed."""
        caller, container = self.pressed(body), body.get("container") or {}
        return replace(caller, key=f"slack:{body['user']['id']}:{container.get('message_ts', '')}:answer")

    def typed(self, body: Mapping[str, Any]) -> Caller:
        """A slash command; its team is that of whoever typed it."""
        account = Account(surface=SURFACE, id=f"{body.get('team_id', '')}/{body['user_id']}")
        return self._caller(account, body.get("channel_id", ""), key=f"slack:{body['trigger_id']}")

    def chosen(self, body: Mapping[str, Any]) -> Caller:
        """A shortcut, of a message or of none."""
        ts = body.get("action_ts", "")
        key = f"slack:{body['user']['id']}:{body.get('message_ts', '')}:{body['callback_id']}:{ts}"
        account = self._account(body, body["user"])
        return self._caller(account, _channel(body), key=key, sent_at=instant_of(ts))

    def filled(self, body: Mapping[str, Any], origin: Origin) -> Caller:
        """A modal, sent."""
        shown = body["view"]
        account = self._account(body, body["user"])
        place = Place(surface=SURFACE, chat=origin.chat, person=origin.person)
        # The hash stays the same when fields are found wrong and sent again: the trigger tells the two apart.
        key = f"slack:{shown['id']}:{shown.get('hash', '')}:{body.get('trigger_id', '')}"
        return Caller(account=account, place=place, key=key, incident=origin.incident)

    def told(self, body: Mapping[str, Any], user: str, channel: str, ts: object) -> Caller:
        """An event."""
        team = body.get("event", {}).get("user_team") or body.get("event", {}).get("team") or body["team_id"]
        account = Account(surface=SURFACE, id=f"{team}/{user}")
        key = f"slack:{body['team_id']}:{body['event_id']}"
        return self._caller(account, channel, key=key, sent_at=instant_of(ts))

    def _account(self, body: Mapping[str, Any], user: Mapping[str, Any]) -> Account:
        team = user.get("team_id") or (body.get("team") or {}).get("id") or ""
        return Account(surface=SURFACE, id=f"{team}/{user['id']}")

    def _caller(
        self, account: Account, chat: str, *, key: str, sent_at: Instant = 0, alone: bool = False
    ) -> Caller:
        house = self._home.house
        # Only the bot and its owner are in a direct channel; a view is before one person.
        person = house.person(SURFACE, account.id) if alone or chat.startswith("D") else ""
        return Caller(
            account=account,
            place=Place(surface=SURFACE, chat=chat, person=person),
            key=key,
            sent_at=sent_at,
            incident=house.incident_at(SURFACE, chat, "") if chat else "",
        )


def in_view(body: Mapping[str, Any]) -> bool:
    """Whether a button was pressed in a view: on the application's own tab, since a form has none."""
    return (body.get("container") or {}).get("type") == "view"


def _channel(body: Mapping[str, Any]) -> str:
    channel = body.get("channel") or {}
    return str(channel.get("id") or (body.get("container") or {}).get("channel_id") or "")
