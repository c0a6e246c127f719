"""Understand a line: who speaks, when it happened, which word it starts with; the rest is that word's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from msgspec import structs

from bots.inbound import cell, facts, log, outages, plainly, steps, work
from bots.inbound.lookup import is_called, outcomes_everywhere, person_at_start
from bots.inbound.moments import Unreadable, since_as_at, take_time
from bots.inbound.reasons import has_thin_reason
from bots.inbound.values import Asked, Context, Heard, Misheard, Understood
from bots.inbound.vocabulary import BY, NO, WORDS, YES, close_words, find_word, is_number, is_word, plain
from engine.core.commands import AbandonRun, AddTask, Command, Declare, Erase, TakeVacantRoles

__all__ = ["speaker_of", "understand"]

LONGEST = 50_000
"""Characters of a line; more is a file, to be brought as evidence."""

Said = tuple[Command, ...] | Asked | Misheard
Verb = Callable[[Context, str], Said]

_VERBS: Final[Mapping[str, Verb]] = {
    "declare": cell.declare,
    "take": steps.take,
    "done": steps.done,
    "tick": lambda context, text: work.boxes(context, text, done=True),
    "untick": lambda context, text: work.boxes(context, text, done=False),
    "fact": facts.set_fact,
    "evidence": work.evidence,
    "approve": cell.approve,
    "reject": cell.reject,
    "confirm": cell.confirm,
    "note": log.note,
    "decision": log.decision,
    "correct": log.correct,
    "role": log.assign,
    "vacant": log.vacant,
    "handover": log.handover,
    "deviation": log.deviate,
    "finish": log.finish,
    "blocked": work.blocked,
    "skip": steps.skip,
    "goto": steps.go_to,
    "activity": cell.activity,
    "application": outages.application,
    "clock": cell.clock,
    "t0": cell.correct_t0,
    "say": log.say,
    "channel": log.channel,
    "severity": cell.severity,
    "start": cell.start,
    "join": work.join,
    "abandon": cell.abandon,
    "roster": work.roster,
    "message": cell.message,
    "situation": log.situation,
    "erase": cell.erase,
    "close": cell.close,
    "reopen": cell.reopen,
    "presence": log.presence,
    "rollcall": log.roll_call,
    "task": lambda context, text: log.task(context, text) if text else Asked(what="tasks"),
}
"""Each verb's meaning; the verbs that are not here ask something of the surface (status, help, timeline…)."""


def understand(line: str, context: Context) -> Understood:
    """What a line means. Never raises: what can't be understood says what would do."""
    text = " ".join(line.split("\x00")).strip()
    if len(text) > LONGEST:
        return Misheard(code="too_long")
    text = re.sub(r"^/?tocsin\b\s*", "", text)
    speaking = _speaker(text, context)
    if isinstance(speaking, Misheard | Asked):
        return speaking
    speaker, entered_by, text = speaking
    said = replace(context, person=speaker)
    if not text:
        return (
            Asked(what="speaker", subject=speaker) if speaker != context.person else Misheard(code="nothing")
        )
    try:
        text, occurred_at = _timed(text, said)
    except Unreadable as unreadable:
        return Misheard(code="bad_time", facts={"time": str(unreadable)})
    found = _meaning(text, said)
    if isinstance(found, Asked):
        return found if speaker == context.person else replace(found, by=speaker)
    if isinstance(found, Misheard):
        return found
    if has_thin_reason(found):
        return Misheard(code="thin_reason")
    return Heard(
        commands=tuple(_since(command, occurred_at) for command in found),
        by=speaker,
        entered_by=entered_by,
        occurred_at=occurred_at,
        by_number=is_number(text),
        unsure="" if steps.is_confirmed(text) else _irreversible(found[0]) if found else "",
    )


def _irreversible(command: Command) -> str:
    match command:
        case Erase():
            return "erase"
        case AbandonRun():
            return "abandon"
        case TakeVacantRoles():
            return "vacant"
        case _:
            return ""


def speaker_of(line: str, context: Context) -> str:
    """Who types this line, at a keyboard that several share: `@p1 etat` is p1's."""
    found = _speaker(line.strip(), context)
    return found[0] if isinstance(found, tuple) and line.strip().startswith("@") else context.person


def _since(command: Command, occurred_at: int | None) -> Command:
    """A declaration's hour is that of first knowledge."""
    if isinstance(command, Declare) and occurred_at:
        return structs.replace(command, known_at=occurred_at)
    return command


def _timed(text: str, context: Context) -> tuple[str, int | None]:
    """Take the hour off the end of the line, or off the end of what comes before the reason."""
    calendar, now = context.scene.world.calendar, context.now
    verb, _, rest = text.partition(" ")
    if find_word(verb) in (("clock",), ("t0",), ("status",), ("timeline",)):
        return text, None  # there the hour is what is said or asked for, not when it was
    if find_word(verb) in (("activity",), ("application",)):
        rest = since_as_at(rest)
    rest, occurred_at = take_time(rest, calendar, now)
    if occurred_at is None:
        head, colon, reason = rest.partition(" : ")
        head, occurred_at = take_time(head, calendar, now)
        rest = f"{head}{colon}{reason}" if colon else head
    return f"{verb} {rest}".strip(), occurred_at


def _speaker(text: str, context: Context) -> tuple[str, str, str] | Misheard:
    """Who acts, who types (empty when it is the same), and the rest of the line."""
    first, _, rest = text.partition(" ")
    if first.startswith("@") and len(first) > 1 and not is_number(first[1]):
        found = person_at_start(context, text)
        if isinstance(found, Misheard):
            return found
        who, left = found
        shared = context.shared_keyboard or who == context.person
        return who, "" if shared else context.person, left
    if plain(first) in BY and rest:
        found = person_at_start(context, rest)
        if isinstance(found, Misheard):
            return found
        who, left = found
        if not left:
            return Misheard(code="usage", facts={"verb": "by"})
        return who, context.person if who != context.person else "", left
    return context.person, "", text


def _meaning(text: str, context: Context) -> Said:
    """By number, by letter, by what people say anyway, by verb, by the name of an outcome."""
    head, reason, confirmed = steps.split_reason(text)
    if is_number(head):
        return steps.pick_shown(context, int(head), reason, confirm=confirmed)
    said = _letters(text, context) or plainly.meant(context, text)
    return said if said is not None else _worded(text, head, context)


def _worded(text: str, head: str, context: Context) -> Said:
    first, _, rest = text.partition(" ")
    meanings = find_word(first) if is_word(first) or not context.sentences else ()
    if len(meanings) == 1:
        return _said(meanings[0], rest.strip(), context)
    if len(plain(head)) > 3 and len(outcomes_everywhere(context, head, whole=True)) == 1:
        return steps.done(context, text)
    if log.tells_presence(text):
        return log.presence(context, text)
    if is_called(context, text):
        return Asked(what="directory", subject=text)
    if meanings:
        words = tuple(WORDS[meaning][0] for meaning in meanings)
        return Misheard(code="ambiguous", facts={"word": first}, suggestions=words)
    if plain(text) in (*YES, *NO):
        return cell.which_yes(context, plain(text) in YES)
    close = () if context.sentences and text.count(" ") > 1 else close_words(first)
    return Misheard(code="unknown_word", facts={"word": first}, suggestions=close)


def _letters(text: str, context: Context) -> Said | None:
    """`b`, `b c`: boxes; `g=20/11`: the answer to a question; None when the line doesn't begin with such letters."""
    letters = text.lower().replace(",", " ").split()
    if letters and all(re.fullmatch(r"[a-z]", letter) for letter in letters):
        if len(letters) == 1 and (asked := facts.letter_question(context, letters[0])) is not None:
            return asked
        return work.tick_letters(context, letters)
    return facts.letter_answers(context, text)


def _said(meaning: str, rest: str, context: Context) -> Said:
    verb = _VERBS.get(meaning)
    if meaning == "status" and rest:
        return Asked(what="then", subject=rest)  # `etat 14:00`
    if verb is None:
        return Asked(what=meaning, subject=rest)
    try:
        found = verb(context, rest)
    except Unreadable as unreadable:
        return Misheard(code="bad_time", facts={"time": str(unreadable)})
    if isinstance(found, tuple) and any(isinstance(one, AddTask) and not one.text for one in found):
        return Misheard(code="usage", facts={"verb": "task"})
    return found
