"""What stands in the group where people may declare, before there is an incident."""

from __future__ import annotations

from bots.chat.faces.fit import content
from bots.chat.token import DECLARE
from bots.chat.values import Content, Press
from bots.lines import Line
from engine.speech import Speech

__all__ = ["declare_content"]


def declare_content(speech: Speech) -> Content:
    """One button, and when to press it."""
    press = Press(label=speech.say("faces.button.declare"), token=DECLARE, style="danger", form=True)
    line = Line(kind="text", text=speech.say("faces.declare.text"))
    return content(speech.say("faces.declare.title"), [line], speech, [(press,)])
