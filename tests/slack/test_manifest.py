"""The manifest asks for what the code uses, and for nothing more; the page tells why."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bots.slack.door import manifest, scopes
from bots.slack.listeners import COMMAND
from tests.servers.slack.limits import METHODS
from tests.slack.town import Town, at_night

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "chat" / "slack.md").read_text("utf-8")
FOR_EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "groups:read",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
}
"""What Slack asks for before it tells of an event."""


def asked_methods() -> set[str]:
    """The methods that the door's code calls, as it names them to `asked` and `answer`."""
    found = set()
    for path in (ROOT / "bots" / "slack").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("asked", "answer"):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_the_scopes_are_those_that_the_code_and_its_events_need() -> None:
    needed = {scope for method in asked_methods() for scope in METHODS[method][1]}
    needed |= {FOR_EVENTS[event] for event in manifest()["settings"]["event_subscriptions"]["bot_events"]}
    assert (needed | {"commands", "files:read"}) - {""} == scopes()


@at_night
async def test_every_event_that_is_subscribed_has_a_listener(tmp_path: Path) -> None:
    """Without one, Slack gets a 404, and delivers it again and again."""
    async with Town(tmp_path, opened=False) as town:
        for event in manifest()["settings"]["event_subscriptions"]["bot_events"]:
            body = {"type": "event_callback", "event_id": "Ev1", "event": {"type": event.partition(".")[0]}}
            request, answer = AsyncBoltRequest(body=body, mode="socket_mode"), BoltResponse(status=404)
            listeners = town.door.app._async_listeners
            assert any([await one.async_matches(req=request, resp=answer) for one in listeners]), event


def test_every_scope_has_its_why() -> None:
    told = set(re.findall(r"^\| `([a-z_]+(?::[a-z]+)?)` \|", PAGE.split("## Scopes")[1].split("##")[0], re.M))
    assert told == scopes()


def test_the_manifest_keeps_slacks_limits_and_names_the_same_command() -> None:
    shown = manifest()
    assert shown["features"]["slash_commands"][0]["command"] == COMMAND
    assert all(len(one["name"]) <= 24 for one in shown["features"]["shortcuts"])
    assert len(shown["display_information"]["name"]) <= 35
    assert len(shown["display_information"]["description"]) <= 140
