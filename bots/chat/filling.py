"""A form given back becomes the same commands as a line would; what can't be read is told field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bots.chat.doing import Act
from bots.chat.fields import FACT
from bots.chat.forms import place_of
from bots.chat.since import corrected
from bots.chat.speaker import Speaker
from bots.inbound import Misheard, as_typed, is_thin
from bots.inbound.cell import text_to_send
from bots.inbound.log import handed_over, reported
from bots.inbound.moments import Unreadable, deadline, happened, take_time
from bots.inbound.pressed import At, Intent, command_of, place_at
from bots.inbound.work import roster
from engine.core import commands as c
from engine.core.cards import Place
from engine.core.facts import read_fact
from engine.core.refusal import Refused

__all__ = ["Wrong", "act_of", "moment_of", "text_and_hour", "wrong_field"]

Values = Mapping[str, str]

_DATED: Final = ("note", "decision", "deviation", "evidence")
"""What is written down, and may have happened earlier."""


class Wrong(Exception):
    """A field that can't be read: nothing is done."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(f"{field}: {text}")
        self.field, self.text = field, text


def act_of(speaker: Speaker, intent: Intent, values: Values) -> Act | None:
    """The commands of a filled form; None when it is about nothing that is there. Wrong for a field."""
    at = place_at(intent, speaker.scene)
    values, happened_at = _timed(speaker, intent, values)
    written = _WRITTEN.get(intent.act)
    commands = tuple(
        written(speaker, intent, at, values) if written else _at_step(speaker, intent, at, values)
    )
    if not commands and not (intent.act == "tick" and place_of(speaker, at)):
        return None
    return Act(commands=commands, occurred_at=happened_at)


def wrong_field(refused: Refused) -> str:
    """The field that a refusal is about; empty when it is about none."""
    match refused.code:
        case "fact_unreadable":
            return f"{FACT}{refused.facts['fact']}"
        case "reason_needed":
            return "reason"
        case "nothing_written" | "too_long" | "nothing_brought":
            return "text"
        case "in_the_past" | "unlikely_date":
            return "due"
        case "in_the_future":
            return "when"
        case _:
            return ""


def _timed(speaker: Speaker, intent: Intent, values: Values) -> tuple[Values, int | None]:
    """When it happened: in the field for it, or at the end of the text (`@02:50`) as in a typed line."""
    if when := values.get("when", "").strip():
        return values, moment_of(speaker, when)
    if intent.act not in _DATED:
        return values, None
    text, at = text_and_hour(speaker, values.get("text", ""))
    return {**values, "text": text}, at


def text_and_hour(speaker: Speaker, text: str) -> tuple[str, int | None]:
    """A text without the hour at its end, and that hour. Wrong when what stands for one is none."""
    world = speaker.office.home.world
    try:
        return take_time(text, world.calendar, speaker.office.now(speaker.incident))
    except Unreadable as wrong:
        raise Wrong("text", speaker.say("inbound.misheard.bad_time", time=str(wrong))) from None


def moment_of(speaker: Speaker, when: str, field: str = "when") -> int:
    """The hour that was given for what happened. Wrong when it is none."""
    world = speaker.office.home.world
    try:
        return happened(when.lstrip("@"), world.calendar, speaker.office.now(speaker.incident))
    except Unreadable:
        raise Wrong(field, speaker.say("inbound.misheard.bad_time", time=when)) from None


def _needed(speaker: Speaker, values: Values, name: str) -> str:
    text = values.get(name, "").strip()
    if not text:
        raise Wrong(name, speaker.say("chat.wrong.empty"))
    return text


def _reason(speaker: Speaker, values: Values, name: str = "reason") -> str:
    text = values.get(name, "").strip()
    if text and is_thin(text):
        raise Wrong(name, speaker.say("inbound.misheard.thin_reason"))
    return text


def _where(at: At | None) -> dict[str, object]:
    return {"run": at.run, "track": at.track, "step": at.step} if at else {"run": 0, "track": "", "step": ""}


# Written down


def _note(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield c.Note(text=_needed(speaker, values, "text"))


def _decision(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield c.Decision(text=_needed(speaker, values, "text"))


def _say(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield c.Say(text=_needed(speaker, values, "text"))


def _deviation(speaker: Speaker, _: Intent, at: At | None, values: Values) -> Iterator[c.Command]:
    yield c.Deviate(text=_needed(speaker, values, "text"), **_where(at))  # type: ignore[arg-type]


def _evidence(speaker: Speaker, _: Intent, at: At | None, values: Values) -> Iterator[c.Command]:
    text = _needed(speaker, values, "text")
    visit = at.visit if at else 0
    yield c.AddEvidence(name=text, text=text, visit=visit, **_where(at))  # type: ignore[arg-type]


def _task(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    text, due = _needed(speaker, values, "text"), values.get("due", "").strip()
    yield c.AddTask(text=text, who=values.get("who", ""), due=_due(speaker, due) if due else 0)


def _due(speaker: Speaker, written: str) -> int:
    """`18:00`, `demain 9h`, `avant 18:00`, `dans 30 min`."""
    calendar, now = speaker.office.home.world.calendar, speaker.office.now(speaker.incident)
    for before in ("", "avant ", "dans "):
        try:
            rest, due = deadline(f"{before}{written}", calendar, now)
        except Unreadable:
            continue
        if due and not rest:
            return due
    raise Wrong("due", speaker.say("inbound.misheard.bad_time", time=written))


def _refuse(speaker: Speaker, intent: Intent, _: At | None, values: Values) -> Iterator[c.Command]:
    _needed(speaker, values, "reason")
    yield c.Refuse(approval=intent.what, reason=_reason(speaker, values))


def _role(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield c.AssignRole(role=_needed(speaker, values, "role"), person=_needed(speaker, values, "who"))


def _handover(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield handed_over(speaker.context, _needed(speaker, values, "to"), (), values.get("more", "").strip())


def _situation(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield reported(speaker.context, values.get("more", "").strip())


def _since(speaker: Speaker, _: Intent, __: At | None, values: Values) -> Iterator[c.Command]:
    yield from corrected(speaker, moment_of(speaker, _needed(speaker, values, "since"), "since"))


_WRITTEN: Final[Mapping[str, Callable[[Speaker, Intent, At | None, Values], Iterator[c.Command]]]] = {
    "note": _note,
    "decision": _decision,
    "say": _say,
    "deviation": _deviation,
    "evidence": _evidence,
    "task": _task,
    "refuse": _refuse,
    "role": _role,
    "handover": _handover,
    "situation": _situation,
    "since": _since,
}


# At a step


def _at_step(speaker: Speaker, intent: Intent, at: At | None, values: Values) -> Iterator[c.Command]:
    if at is None:
        return
    where = {"run": at.run, "track": at.track, "step": at.step, "visit": at.visit}
    place = place_of(speaker, at)
    match intent.act:
        case "blocked":
            _needed(speaker, values, "reason")
            yield c.ReportBlocked(text=_reason(speaker, values), **where)  # type: ignore[arg-type]
        case "outcome":
            yield from _outcome(speaker, intent, at, values)
        case "tick":
            yield from _ticks(place, values, where)
        case "fact" if place is not None:
            yield from _facts(speaker, place, values)
        case "roll" if place is not None:
            yield from _roll(speaker, place, values)
        case "sent" if place is not None and place.step.message:
            text = values.get("text", "").strip() or text_to_send(
                speaker.context, place.run, place.step.message
            )
            yield c.SendMessage(run=place.run.id, message=place.step.message, text=text)


def _outcome(speaker: Speaker, intent: Intent, at: At, values: Values) -> Iterator[c.Command]:
    """The answers that it waits for, then the outcome itself: one that has moved on meanwhile says who moved it."""
    place = place_of(speaker, at)
    if place is not None:
        yield from _facts(speaker, place, values, allow_none=True)
    pick = command_of(intent, speaker.scene)
    if isinstance(pick, c.PickOutcome):
        yield c.PickOutcome(
            run=pick.run,
            track=pick.track,
            step=pick.step,
            visit=pick.visit,
            outcome=pick.outcome,
            reason=_reason(speaker, values),
            confirm=bool(values.get("confirm", "").strip()),
        )


def _facts(
    speaker: Speaker, place: Place, values: Values, *, allow_none: bool = False
) -> Iterator[c.Command]:
    given = {name: value for name, value in values.items() if name.startswith(FACT) and value.strip()}
    if not given and not allow_none:
        empty = next((name for name in values if name.startswith(FACT)), FACT)
        raise Wrong(empty, speaker.say("chat.wrong.empty"))
    directory, specs = speaker.office.home.world.directory, place.definition.facts
    for field, value in given.items():
        name = field.removeprefix(FACT)
        if name not in specs:
            continue
        command = as_typed(speaker.context, name, value, place.run.id)
        if command.value and isinstance(
            read := read_fact(name, specs[name], command.value, directory), Refused
        ):
            raise Wrong(field, speaker.speech.refusal(read))
        yield command


def _ticks(place: Place | None, values: Values, where: Mapping[str, object]) -> Iterator[c.Command]:
    """The boxes that are to be ticked and aren't, those that are and aren't to be."""
    wanted = {int(one) for one in values.get("items", "").split(",") if one.strip().isdecimal()}
    ticked = set(place.cursor.ticks) if place else set()
    for item in sorted(wanted ^ ticked):
        yield c.Tick(item=item, done=item in wanted, **where)  # type: ignore[arg-type]


def _roll(speaker: Speaker, place: Place, values: Values) -> Iterator[c.Command]:
    name = f"{place.run.id} {place.track}"
    numbers, state = _needed(speaker, values, "numbers"), _needed(speaker, values, "state")
    found = roster(speaker.context, f"{name} {numbers} {state}")
    if not isinstance(found, tuple):
        code = found.code if isinstance(found, Misheard) else "which_roster_state"
        raise Wrong("numbers", speaker.say(f"inbound.misheard.{code}", **_told(found)))
    yield from found


def _told(found: object) -> Mapping[str, str]:
    return found.facts if isinstance(found, Misheard) else {"name": ""}
