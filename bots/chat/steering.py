"""What is answered in private to a line that did nothing: that nothing was changed, and what may be pressed instead."""

from __future__ import annotations

from collections.abc import Sequence

from bots.chat.doing import told
from bots.chat.speaker import Speaker
from bots.chat.token import DECLARE, press_of
from bots.chat.values import Answer, Content, Press
from bots.lines import Line
from engine.core.cards.values import Button, Phrase

__all__ = ["steered"]


def steered(speaker: Speaker, lines: Sequence[Line]) -> Answer:
    """These lines, and the ways on; where others read, the lines alone."""
    return told(lines, ok=False, content=None if speaker.shared else _ways_on(speaker))


def _ways_on(speaker: Speaker) -> Content:
    speech, scene = speaker.speech, speaker.scene
    if speaker.incident.status == "open":
        buttons = (Button(name=name, label=Phrase(f"button.{name}")) for name in ("me", "note"))
        presses = tuple(press_of(one, scene, speech) for one in buttons)
    else:
        label = speech.say("faces.button.declare")
        presses = (Press(label=label, token=DECLARE, style="danger", form=True),)
    title = speaker.say("chat.nothing_done")
    if speaker.incident.exercise:
        title = f"{speaker.say('cards.heading.exercise')} {title}"
    return Content(title=title, buttons=(presses,))
