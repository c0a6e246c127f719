"""What can still be asked of a closed incident: that our messages leave the chat."""

from __future__ import annotations

from bots.chat.faces.presses import Rows
from bots.chat.faces.wanted import View
from bots.chat.token import token_of
from bots.chat.values import Press
from bots.inbound.pressed import of_incident
from engine.speech import Speech

__all__ = ["blank_rows"]


def blank_rows(view: View, speech: Speech) -> Rows:
    """The button that has them taken away, from the platform where it is pressed."""
    token = token_of(of_incident("blank", view.scene))
    return ((Press(label=speech.say("faces.now.blank"), token=token, style="danger", form=True),),)
