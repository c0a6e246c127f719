"""`ici`: say what a group is for, from inside it; nobody types an identifier."""

from __future__ import annotations

from typing import Final

from bots.answering import answers
from bots.chat import showing
from bots.chat.doing import no, told
from bots.chat.speaker import Speaker
from bots.chat.values import Answer
from bots.inbound.vocabulary import plain
from bots.lines import Line
from engine.core import commands as c
from engine.core.house import CRISIS, DECLARE, EXERCISES, HOUSE
from engine.core.house.commands import BindGroup

__all__ = ["bind"]

_PURPOSES: Final = {
    "": CRISIS, "crise": CRISIS, "crisis": CRISIS, "exercice": EXERCISES, "exercices": EXERCISES,
    "exercise": EXERCISES, "exercises": EXERCISES, "declarer": DECLARE, "declaration": DECLARE, "declare": DECLARE,
}  # fmt: skip


async def bind(speaker: Speaker, subject: str) -> Answer:
    """Tie this group to the crisis cell, to exercises, or to declaring."""
    purpose, place = _PURPOSES.get(plain(subject)), speaker.caller.place
    if elsewhere := showing.shut(speaker):
        return elsewhere
    if not speaker.shared:
        return no(speaker.say("chat.refused.bind_in_a_group"))
    if purpose is None:
        return no(speaker.say("chat.refused.which_purpose"))
    order = c.Order(
        incident=HOUSE,
        command=BindGroup(surface=place.surface, purpose=purpose, chat=place.chat, thread=place.thread),
        by=speaker.person,
        at=speaker.office.now(),
        key=f"{speaker.caller.key}/0",
        source=speaker.surface,
    )
    receipt = await speaker.office.home.desk.submit(order)
    if receipt.refused is not None:
        return told([answers.refused(receipt.refused, speaker.speech)], ok=False)
    return told([Line(kind="ok", text=speaker.say(f"chat.bound.{purpose}"))])
