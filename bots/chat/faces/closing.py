"""What can still be asked of a closed incident: that our messages leave the chat."""

from __future__ import annotations

from typing import Final

from bots.chat.faces.presses import Rows
from bots.chat.faces.wanted import View
from bots.chat.token import token_of
from bots.chat.values import Press
from bots.inbound.pressed import of_incident
from engine.speech import Speech

__all__ = ["blank_rows"]

_BLANKED: Final = ("telegram",)
"""Where what was said stays for ever unless we take it away; a Slack workspace has its own rule of retention."""


def blank_rows(view: View, speech: Speech) -> Rows:
    """The button that has them taken away, where there is something to it."""
    if view.surface not in _BLANKED:
        return ()
    token = token_of(of_incident("blank", view.scene))
    return ((Press(label=speech.say("faces.now.blank"), token=token, style="danger", form=True),),)
