"""The words about the way of a step: take it, pick its outcome, skip it, go to another."""

from __future__ import annotations

import re

from bots.inbound.lookup import here, outcome_in, outcomes_everywhere, place_named, split_place
from bots.inbound.values import Context, Misheard
from bots.inbound.vocabulary import is_number, plain
from engine.core import commands as c
from engine.core.cards import Place, mine

__all__ = ["done", "go_to", "is_confirmed", "pick_shown", "skip", "split_reason", "take"]

Commands = tuple[c.Command, ...]
_REASON = re.compile(r"(?:^|\s+)(?::|--|parce que|because)\s+", re.IGNORECASE)


def split_reason(text: str) -> tuple[str, str, bool]:
    """Split `issue ! : motif` into what is named, the reason, and whether `!` confirms."""
    head, *reason = _REASON.split(text, maxsplit=1)
    head = head.strip()
    confirmed = head.endswith("!")
    return head.rstrip("! "), reason[0].strip() if reason else "", confirmed


def is_confirmed(text: str) -> bool:
    """Whether an exclamation mark confirms: at the end of what is named, or of the line."""
    return split_reason(text)[2] or text.rstrip().endswith("!")


def take(context: Context, text: str) -> Commands | Misheard:
    """`prendre [ÉTAPE]`: mine that nobody has taken, else the only one."""
    if text:
        place = place_named(context, text)
    else:
        free = [place for place in mine(context.scene, context.person) if place.cursor.taken is None]
        place = free[0] if len(free) == 1 else here(context)
    if isinstance(place, Misheard):
        return place
    return (
        c.TakeStep(run=place.run.id, track=place.track, step=place.cursor.step, visit=place.cursor.visit),
    )


def done(context: Context, text: str) -> Commands | Misheard:
    """`valider [ÉTAPE] [ISSUE] [!] [: motif]`; an outcome by number, identifier or label."""
    head, reason, confirmed = split_reason(text)
    if is_number(head) and context.shown.outcomes:
        return pick_shown(context, int(head), reason, confirm=confirmed)
    picked = _picked(context, head)
    if isinstance(picked, Misheard):
        return picked
    return (_with(picked, reason, confirm=confirmed),)


def _with(pick: c.PickOutcome, reason: str, *, confirm: bool) -> c.PickOutcome:
    return c.PickOutcome(
        run=pick.run,
        track=pick.track,
        step=pick.step,
        visit=pick.visit,
        outcome=pick.outcome,
        reason=reason,
        confirm=confirm,
    )


def pick_shown(
    context: Context, number: int, reason: str = "", *, confirm: bool = False
) -> Commands | Misheard:
    """The outcome, the approval or the procedure to open that this number showed."""
    shown = context.shown.outcomes
    if not 1 <= number <= len(shown):
        return Misheard(code="no_number", facts={"number": str(number), "count": str(len(shown))})
    pressed = shown[number - 1]
    return (_with(pressed, reason, confirm=confirm) if isinstance(pressed, c.PickOutcome) else pressed,)


def _picked(context: Context, head: str) -> c.PickOutcome | Misheard:
    place, rest = split_place(context, head)
    if place is None:
        return _anywhere(context, head)
    if not rest and plain(head) != plain(place.cursor.step):
        everywhere = outcomes_everywhere(context, head)  # an outcome may bear the name of a track
        if len(everywhere) == 1:
            return everywhere[0]
    names = outcome_in(place, rest) if rest else place.definition.pressable(place.step)
    return _the_one(place, names, rest)


def _the_one(place: Place, names: tuple[str, ...], typed: str) -> c.PickOutcome | Misheard:
    pressable = place.definition.pressable(place.step)
    if len(names) == 1:
        return c.PickOutcome(
            run=place.run.id,
            track=place.track,
            step=place.cursor.step,
            visit=place.cursor.visit,
            outcome=names[0],
        )
    labels = tuple(f"{name} ({place.step.outcomes[name].label})" for name in names or pressable)
    return Misheard(code="which_outcome", facts={"name": typed, "step": place.step.title}, suggestions=labels)


def _anywhere(context: Context, head: str) -> c.PickOutcome | Misheard:
    """No open step is named: the focus' own outcomes, those of all steps, then a step that was left."""
    focus = here(context)
    if isinstance(focus, Place):
        names = outcome_in(focus, head) if head else focus.definition.pressable(focus.step)
        if len(names) == 1:
            return _the_one(focus, names, head)
    elif not head:
        return focus
    everywhere = outcomes_everywhere(context, head)
    if len(everywhere) == 1:
        return everywhere[0]
    if (left := _left(context, head)) is not None:
        return left
    if everywhere:
        listed = tuple(f"{pick.step} {pick.outcome}" for pick in everywhere)
        return Misheard(code="which_outcome", facts={"name": head, "step": ""}, suggestions=listed)
    return _the_one(focus, (), head) if isinstance(focus, Place) else focus


def _left(context: Context, head: str) -> c.PickOutcome | None:
    """A step that is not open: the answer will say who left it and when."""
    name, _, rest = head.partition(" ")
    for run in context.scene.incident.runs.values():
        for track, written in context.scene.definition(run).runbook.tracks.items():
            for step_id, step in written.steps.items():
                if plain(name) in (plain(step_id), plain(step.title)) and step.outcomes:
                    outcome = rest if rest in step.outcomes else next(iter(step.outcomes))
                    return c.PickOutcome(run=run.id, track=track, step=step_id, outcome=outcome)
    return None


def skip(context: Context, text: str) -> Commands | Misheard:
    """`sauter [ÉTAPE] : motif`."""
    head, reason, _ = split_reason(text)
    place, rest = split_place(context, head)
    where = place or (here(context) if not head or reason == "" else place_named(context, head))
    if isinstance(where, Misheard):
        return where
    cursor = where.cursor
    return (
        c.Skip(
            run=where.run.id, track=where.track, step=cursor.step, visit=cursor.visit, reason=reason or rest
        ),
    )


def go_to(context: Context, text: str) -> Commands | Misheard:
    """`aller ÉTAPE : motif`: any step of any track, by identifier or title; `volet.étape` when two share a name."""
    head, reason, _ = split_reason(text)
    named: dict[tuple[int, str, str], list[str]] = {}
    for run in context.scene.incident.runs.values():
        for track, written in context.scene.definition(run).runbook.tracks.items():
            for step_id, step in written.steps.items():
                if step.end is None:
                    named[run.id, track, step_id] = [
                        step_id,
                        step.title,
                        f"{track} {step_id}",
                        f"{run.id} {step_id}",
                    ]
    words, found = head.split(), list[tuple[int, str, str]]()
    if not words:
        return Misheard(code="usage", facts={"verb": "goto"})
    for count in range(len(words), 0, -1):
        found = [key for key, names in named.items() if plain(" ".join(words[:count])) in map(plain, names)]
        if len(found) == 1:
            run_id, track, to = found[0]
            why = reason or " ".join(words[count:])
            return (c.GoTo(run=run_id, track=track, to=to, reason=why),)
    return Misheard(
        code="which_step", facts={"name": head}, suggestions=tuple(f"{t}.{s}" for _, t, s in found)[:8]
    )
