"""A refusal for want of one answer becomes the form that asks for it; so does a line that must be said twice."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from bots.chat.fields import text_field
from bots.chat.forms import form, form_for
from bots.chat.speaker import Speaker
from bots.chat.values import Field, Form
from bots.inbound.pressed import Intent, intent_of
from bots.lines import Line
from engine.core import commands as c
from engine.core.refusal import Refused

__all__ = ["PIN", "completing", "line_form"]

PIN: Final = "pin"
"""The field of an approval that asks for a person's PIN."""
_LACKING: Final = ("reason_needed", "unticked", "confirm_needed", "facts_missing", "still_open")


def completing(
    speaker: Speaker, command: c.Command, refused: Refused, line: str, *, mine: bool
) -> Form | None:
    """The form that turns this refusal into a yes; None when nothing more that is said would.

    `line`: what was typed, if it was. `mine`: a press would say the same (it is nobody else's act, of no other hour).
    """
    if refused.code == "second_way_needed" and isinstance(command, c.Approve) and mine:
        return _pin_form(speaker, command)
    if refused.code not in _LACKING:
        return None
    why = speaker.speech.refusal(refused)
    pressed = isinstance(command, c.PickOutcome | c.Refuse) and mine
    intent = intent_of(command, speaker.scene) if pressed else None
    if intent is not None:
        found = form_for(speaker, intent)
        return found if found is not None and found.fields else None
    if not line:
        return None
    return line_form(
        speaker,
        line,
        (Line(kind="hand", text=why),),
        reason=refused.code in ("reason_needed", "unticked") or _closes_without_a_word(command),
        confirm=refused.code in ("unticked", "confirm_needed", "still_open"),
    )


def _closes_without_a_word(command: c.Command) -> bool:
    """Asked with the yes: what is left open is read, explained and confirmed at one go."""
    return isinstance(command, c.CloseIncident) and not command.reason.strip()


def _pin_form(speaker: Speaker, command: c.Approve) -> Form | None:
    """While a channel is suspect, a PIN stands for a second way of saying yes: for whoever has chosen one."""
    intent = intent_of(command, speaker.scene)
    if intent is None or speaker.person not in speaker.office.home.house.pins:
        return None
    asked = replace(text_field(speaker, PIN, kind="text"), sensitive=True)
    return form(speaker, intent, (asked,))


def line_form(
    speaker: Speaker,
    line: str,
    note: tuple[Line, ...] = (),
    *,
    reason: bool = False,
    confirm: bool = False,
    incidents: tuple[tuple[str, str], ...] = (),
) -> Form:
    """Ask for what a typed line lacks: which incident, a reason, whether it is sure."""
    fields = [
        Field(name="incident", label=speaker.say("chat.field.incident"), kind="choice", choices=incidents)
    ] if incidents else []  # fmt: skip
    fields.append(text_field(speaker, "line", kind="long" if "\n" in line else "text", value=line))
    if reason:
        fields.append(text_field(speaker, "reason"))
    if confirm:
        fields.append(text_field(speaker, "confirm", kind="yes"))
    return form(speaker, Intent(act="line", incident=speaker.incident_id), tuple(fields), note)
