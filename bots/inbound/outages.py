"""The word about an application: down, or back."""

from __future__ import annotations

from typing import Final

from bots.inbound.lookup import best
from bots.inbound.values import Asked, Context, Misheard
from bots.inbound.vocabulary import plain
from engine.core import commands as c
from engine.core.outages import DOWN, RESTORED

__all__ = ["application"]

_STATES: Final = {
    "en panne": DOWN, "panne": DOWN, "hors service": DOWN, "down": DOWN,
    "retablie": RESTORED, "retabli": RESTORED, "restored": RESTORED, "back": RESTORED, "up": RESTORED,
}  # fmt: skip


def application(context: Context, text: str) -> tuple[c.Command, ...] | Asked | Misheard:
    """`application NOM en panne|retablie [@HH:MM]`; alone: what is down, and what falls with it."""
    words = text.split()
    if not words:
        return Asked(what="activities")
    named, status = _split(words)
    applications = context.scene.world.applications
    if not applications:
        return Misheard(code="no_application")
    found = best(named, {name: [name, one.title] for name, one in applications.items()})
    if len(found) != 1:
        titles = tuple(applications[name].title for name in found or applications)
        return Misheard(code="which_application", facts={"name": named}, suggestions=titles)
    if not status:
        return Misheard(code="usage", facts={"verb": "application"})
    return (c.ChangeApplication(application=found[0], status=status),)


def _split(words: list[str]) -> tuple[str, str]:
    """The name, and the state that the last word or two say."""
    for count in (2, 1):
        status = _STATES.get(plain(" ".join(words[-count:]))) if len(words) > count else None
        if status is not None:
            return " ".join(words[:-count]), status
    return " ".join(words), ""
