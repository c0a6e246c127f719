"""A channel that somebody else may be reading: where to go, and nothing else."""

from __future__ import annotations

from bots.chat.faces.fit import content
from bots.chat.faces.lines import marked
from bots.chat.faces.wanted import GROUP, View
from bots.chat.values import Content
from bots.lines import Line

__all__ = ["suspect_content"]


def suspect_content(view: View, person: str = GROUP) -> Content:
    """Nothing but where to go: whoever else reads here learns no more, and nothing can be pressed."""
    speech = view.speech(person)
    others = [one for one in view.health if one not in view.incident.suspect]
    names = [speech.say(f"faces.surface.{one}") for one in others]
    where = ", ".join([*names, speech.say("faces.suspect.terminal")])
    title = marked(speech.say("faces.suspect.title"), view.incident, speech)
    told = (speech.say("faces.suspect.text", where=where), speech.say("faces.suspect.alone"))
    return content(title, [Line(kind="text", text=text) for text in told], speech)
