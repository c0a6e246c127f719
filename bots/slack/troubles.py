"""What Slack answers when it doesn't do what it is asked, in the words that the relay knows."""

from __future__ import annotations

from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bots.relay.port import Closed, Down, Gone, Rejected, Trouble, Unsure, Wait

__all__ = ["error_of", "trouble_of"]

_GONE: Final = frozenset(
    "message_not_found cant_update_message edit_window_closed cant_delete_message".split()
)
_CLOSED: Final = frozenset(
    "channel_not_found not_in_channel is_archived user_disabled user_not_found cannot_dm_bot user_not_in_channel "
    "channel_is_archived restricted_action restricted_action_read_only_channel is_inactive user_not_visible".split()
)
_FATAL: Final = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired team_access_not_granted missing_scope "
    "not_allowed_token_type no_permission access_denied app_missing_action_url".split()
)
_OWN: Final = frozenset("fatal_error internal_error service_unavailable request_timeout".split())
"""Slack's own mishaps."""
_OVERALL: Final = ("views.", "users.", "conversations.", "pins.", "chat.update", "chat.delete")
"""Methods whose pace is the workspace's, whatever the channel."""


def error_of(error: SlackApiError) -> str:
    """Slack's own code; empty when the answer has none."""
    return str(_told(error).get("error") or "")


def _told(error: SlackApiError) -> dict[str, Any]:
    told = getattr(error.response, "data", None)  # an answer that isn't JSON comes as it is
    return told if isinstance(told, dict) else {}


def trouble_of(error: Exception, method: str) -> Trouble:
    """Translate; what is not Slack's is raised again as it is."""
    match error:
        case SlackApiError():
            return _answered(error, method)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return Down("unreachable")
        case aiohttp.ClientError() | TimeoutError() | ConnectionError():
            return Unsure(type(error).__name__)
        case _:
            raise error


def _answered(error: SlackApiError, method: str) -> Trouble:
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", 0)
    code = error_of(error)
    if status == 429 or code == "ratelimited":
        return Wait(_seconds(error), "method" if method.startswith(_OVERALL) else "place")
    if code in _GONE:
        return Gone(code)
    if code in _CLOSED:
        return Closed(code)
    if code in _FATAL:
        return Down(code, fatal=True)
    if code in _OWN or not code:  # done or not, nobody knows
        return Unsure(code or f"http_{status}")
    return Rejected(code, str((_told(error).get("response_metadata") or {}).get("messages") or ""))


def _seconds(error: SlackApiError) -> float:
    headers = getattr(error.response, "headers", None) or {}
    try:
        return max(float(headers.get("Retry-After", "30")), 1.0)
    except ValueError:
        return 30.0
