"""What Telegram refuses, in the words of the relay's port.

PTB strips `Bad Request: ` and changes the capitals: texts are compared without regard to them.
"""

from __future__ import annotations

from typing import Final

from telegram import error as e

from bots.relay.port import Closed, Down, Gone, Moved, Rejected, Trouble, Unsure, Wait

__all__ = ["is_no_thread", "is_old_query", "is_same", "is_unparsed", "trouble", "why_down"]

_CLOSED: Final = (
    ("blocked by the user", "blocked"),
    ("user is deactivated", "deactivated"),
    ("can't initiate conversation", "not_started"),
    ("was kicked", "kicked"),
    ("is not a member", "kicked"),
    ("group chat was deleted", "deleted"),
    ("group chat was deactivated", "deleted"),
    ("chat not found", "not_found"),
    ("not enough rights", "no_right"),
    ("have no rights", "no_right"),
    ("chat_write_forbidden", "no_right"),
    ("peer_id_invalid", "not_found"),
)
_GONE: Final = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to pin not found",
)
_NO_THREAD: Final = ("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid")


_NO_CONNECTION: Final = ("ConnectError", "ConnectTimeout")
"""Of httpx, which PTB hides but for the cause: nothing was sent."""


def _says(error: e.TelegramError, *texts: str) -> bool:
    return any(text in str(error).casefold() for text in texts)


def is_same(error: e.TelegramError) -> bool:
    """The message already reads so."""
    return _says(error, "message is not modified")


def is_unparsed(error: e.TelegramError) -> bool:
    """Our HTML was not understood: nothing was sent."""
    return _says(error, "can't parse entities")


def is_no_thread(error: e.TelegramError) -> bool:
    """The topic was deleted or closed; General is still there."""
    return _says(error, *_NO_THREAD)


def is_old_query(error: e.TelegramError) -> bool:
    """The press waited too long, or was answered: its button turns no more."""
    return _says(error, "query is too old", "query_id_invalid", "query id is invalid")


def trouble(error: e.TelegramError) -> Trouble:
    """The same in the words of the port."""
    match error:
        case e.RetryAfter():
            return Wait(_seconds(error))
        case e.ChatMigrated():
            return Moved(str(error.new_chat_id))
        case e.BadRequest() | e.Forbidden():
            return _refused(error)
        case e.InvalidToken() | e.EndPointNotFound():
            return Down("token", fatal=True)
        case e.TimedOut() if _says(error, "pool timeout"):
            return Wait(1.0, "all")
        case _ if type(error.__cause__).__name__ in _NO_CONNECTION:
            return Down("unreachable")
        case _:
            return Unsure(type(error).__name__)


def _seconds(error: e.RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int) else wait.total_seconds()


def _refused(error: e.TelegramError) -> Trouble:
    if _says(error, *_GONE):
        return Gone(str(error))
    for text, why in _CLOSED:
        if _says(error, text):
            return Closed(why)
    return Closed("forbidden") if isinstance(error, e.Forbidden) else Rejected(str(error))


def why_down(error: e.TelegramError) -> str:
    """Why we get no updates, as a code of `Health`."""
    match error:
        case e.InvalidToken() | e.EndPointNotFound() | e.Forbidden():
            return "token"
        case e.Conflict():
            return "conflict"
        case e.RetryAfter():
            return "flood"
        case _:
            return "unreachable"
