"""What is asked and what is read before an outcome is picked: all that the core would ask for, at one go."""

from __future__ import annotations

from collections.abc import Iterator

from bots.chat.fields import fact_field, text_field
from bots.chat.speaker import Speaker
from bots.chat.values import Field
from bots.inbound.pressed import At
from bots.lines import Line
from engine.core.cards import Place
from engine.core.cards.buttons import roll_counts
from engine.core.conditions import holds
from engine.core.runbook import Outcome
from engine.core.targets import facts_of

__all__ = ["before", "lacking"]


def lacking(speaker: Speaker, at: At, place: Place, outcome: Outcome) -> Iterator[Field]:
    """The answers that it waits for, a reason, a yes."""
    left = _unticked(place, outcome)
    yield from (fact_field(speaker, place, name) for name in _missing(speaker, place, outcome))
    if left or outcome.reason or _is_false_alarm(at, outcome):
        yield text_field(speaker, "reason")
    if left or outcome.confirm is not None:
        yield text_field(speaker, "confirm", kind="yes")


def _unticked(place: Place, outcome: Outcome) -> tuple[int, ...]:
    """The boxes that this outcome would leave unticked, and asks about."""
    if not outcome.leaves or outcome.urgent:
        return ()
    items = enumerate(place.step.checklist, 1)
    return tuple(n for n, item in items if n not in place.cursor.ticks and not item.optional)


def _missing(speaker: Speaker, place: Place, outcome: Outcome) -> tuple[str, ...]:
    if outcome.urgent:
        return ()
    _, missing = holds(outcome.when, facts_of(speaker.incident, place.run))
    specs, counted = place.definition.facts, roll_counts(place)
    return tuple(name for name in missing if name in specs and name not in counted)


def _is_false_alarm(at: At, outcome: Outcome) -> bool:
    target = at.definition.runbook.tracks[at.track].steps.get(outcome.next or "")
    return target is not None and target.end == "false_alarm"


def before(speaker: Speaker, place: Place, outcome: Outcome) -> Iterator[Line]:
    """What to read first: is it sure, what is left undone, who must sign."""
    if outcome.confirm is not None:
        yield Line(kind="hand", text=outcome.confirm)
    if left := _unticked(place, outcome):
        yield Line(kind="label", text=speaker.say("chat.note.unticked"))
        items = (place.step.checklist[number - 1].do for number in left)
        texts = (speaker.scene.text(item, place.run, place.definition) for item in items)
        yield from (Line(kind="box", text=speaker.speech.text(text)) for text in texts)
    if outcome.sign is not None:
        groups = " + ".join(" / ".join(map(speaker.speech.role, group)) for group in outcome.sign.by)
        key = "signs_after" if outcome.sign.within else "signs_before"
        yield Line(kind="hand", text=speaker.say(f"chat.note.{key}", groups=groups))
