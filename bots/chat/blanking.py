"""After the crisis: our own messages are taken out of the chat, when a director asks. The journal keeps all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bots.chat.doing import no, told
from bots.chat.fields import text_field
from bots.chat.forms import form
from bots.chat.speaker import Speaker
from bots.chat.values import Answer
from bots.inbound.pressed import Intent
from bots.lines import Line
from engine.core.permissions import directors

__all__ = ["Blank", "asked", "blanked", "nothing"]

Blank = Callable[[str, str], Awaitable[int]]
"""Takes the messages of an incident away from a platform, in the background; how many they are."""


async def nothing(_: str, __: str) -> int:
    """Where nothing is shown, nothing is taken away."""
    return 0


def asked(speaker: Speaker, intent: Intent) -> Answer:
    """Ask whether it is meant: what a platform deletes, it can't bring back. Each is asked about where it is."""
    if refused := _refused(speaker):
        return no(refused)
    note = Line(
        kind="hand",
        text=speaker.say("chat.note.blank", incident=speaker.incident_id, surface=_named(speaker)),
    )
    return Answer(form=form(speaker, intent, (text_field(speaker, "confirm", kind="yes"),), (note,)))


async def blanked(speaker: Speaker, blank: Blank, values: Mapping[str, str]) -> Answer:
    """Have it done, now that it was meant."""
    if refused := _refused(speaker):
        return no(refused)
    if not values.get("confirm", "").strip():
        return Answer(ok=False, errors={"confirm": speaker.say("chat.wrong.confirm")})
    count = await blank(speaker.incident_id, speaker.surface)
    return told([Line(kind="ok", text=speaker.say("chat.blanking", count=count, surface=_named(speaker)))])


def _named(speaker: Speaker) -> str:
    return speaker.say(f"chat.surface.{speaker.surface}")


def _refused(speaker: Speaker) -> str:
    if speaker.incident.status != "closed":
        return speaker.say("chat.refused.blank_open")
    if speaker.person not in directors(speaker.incident, speaker.office.home.world.directory):
        return speaker.say("chat.refused.blank_director")
    return ""
