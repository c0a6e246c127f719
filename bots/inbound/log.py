"""The words about the main courante and the cell: notes, decisions, tasks, roles, presence, handover, reports."""

from __future__ import annotations

from bots.inbound.lookup import person, person_at_start, role
from bots.inbound.moments import deadline
from bots.inbound.plainly import called
from bots.inbound.steps import split_reason
from bots.inbound.values import Asked, Context, Misheard
from bots.inbound.vocabulary import is_number, plain
from engine.core import commands as c
from engine.core.house import SURFACES
from engine.review.situation import handover_report, situation_report

__all__ = [
    "assign", "channel", "correct", "decision", "deviate", "finish", "handed_over", "handover", "note",
    "presence", "reported", "roll_call", "say", "situation", "task", "tells_presence", "vacant",
]  # fmt: skip

Commands = tuple[c.Command, ...]
CALL_ROLL = c.CallRoll()
_TRUST = {"suspect": ("suspect", "suspecte"), "sound": ("sain", "sound", "sur", "safe")}

PRESENCES = {
    "present": ("present", "presente", "je suis la", "i m here", "la", "ici", "here", "yes", "oui"),
    "coming": ("en route", "j arrive", "arrive", "coming", "on my way"),
    "unavailable": (
        "indisponible",
        "absent",
        "absente",
        "pas disponible",
        "pas dispo",
        "je ne suis pas disponible",
        "unavailable",
        "away",
        "no",
        "non",
    ),
}


def note(_: Context, text: str) -> Commands | Misheard:
    """`note TEXTE [@HH:MM]`."""
    return (c.Note(text=text),)


def decision(_: Context, text: str) -> Commands | Misheard:
    """`decision TEXTE`."""
    return (c.Decision(text=text),)


def say(_: Context, text: str) -> Commands | Misheard:
    """`dire TEXTE`: to everybody."""
    return (c.Say(text=text),)


def deviate(_: Context, text: str) -> Commands | Misheard:
    """`ecart TEXTE`: done outside the procedure."""
    return (c.Deviate(text=text),)


def correct(context: Context, text: str) -> Commands | Misheard:
    """`corriger N TEXTE`."""
    number, _, rest = text.partition(" ")
    if not is_number(number) or not rest.strip():
        return Misheard(code="usage", facts={"verb": "correct"})
    return (c.Correct(entry=int(number), text=rest.strip()),)


def task(context: Context, text: str) -> Commands | Misheard:
    """`tache TEXTE @QUI AVANT HH:MM`."""
    rest, due = deadline(text, context.scene.world.calendar, context.now)
    who = ""
    words = rest.split()
    for word in words:
        if word.startswith("@") and len(word) > 1:
            found = person(context, word)
            if isinstance(found, Misheard):
                return found
            who, words = found, [one for one in words if one is not word]
            break
    if not words:
        return Misheard(code="usage", facts={"verb": "task"})
    return (c.AddTask(text=" ".join(words), who=who, due=due),)


def finish(context: Context, text: str) -> Commands | Misheard:
    """`fini N`; without a number, the only task of mine."""
    if is_number(text):
        return (c.FinishTask(task=int(text)),)
    mine = [t for t in context.scene.incident.tasks.values() if t.done is None and t.who == context.person]
    if not text and len(mine) == 1:
        return (c.FinishTask(task=mine[0].id),)
    return Misheard(code="usage", facts={"verb": "finish"})


def assign(context: Context, text: str) -> Commands | Misheard:
    """`role NOM PERSONNE`; `role NOM -` gives it back to the directory."""
    words = text.split()
    for count in range(min(len(words) - 1, 3), 0, -1):
        name = role(context, " ".join(words[:count]))
        if isinstance(name, str):
            rest = " ".join(words[count:])
            who = "" if rest in ("-", "–") else person(context, rest)
            return who if isinstance(who, Misheard) else (c.AssignRole(role=name, person=who),)
    if len(words) < 2:
        return Misheard(code="usage", facts={"verb": "role"})
    found = role(context, words[0])
    return found if isinstance(found, Misheard) else Misheard(code="usage", facts={"verb": "role"})


def vacant(context: Context, text: str) -> Commands | Misheard:
    """`vacants [PERSONNES]`: the roles that nobody here holds, to these people in turn."""
    people = []
    for word in text.replace(",", " ").rstrip("! ").split():
        found = person(context, word)
        if isinstance(found, Misheard):
            return found
        people.append(found)
    return (c.TakeVacantRoles(people=tuple(people)),)


def roll_call(context: Context, text: str) -> Commands | Asked | Misheard:
    """`appel`: everybody's phone rings. `appel le maire` is about one."""
    if not text:
        return (CALL_ROLL,)
    return called(context, f"appel {text}") or Misheard(code="usage", facts={"verb": "rollcall"})


def presence(context: Context, text: str) -> Commands | Misheard:
    """`presence [PERSONNE] present|en route|indisponible`; alone: I am here."""
    who, rest = context.person, text
    if text and _status(text) is None:
        found = person_at_start(context, text)
        if isinstance(found, Misheard):
            return found
        who, rest = found
    status = _status(rest) if rest else "present"
    if status is None:
        return Misheard(code="usage", facts={"verb": "presence"})
    return (c.MarkPresence(person=who, status=status),)


def tells_presence(text: str) -> bool:
    """Whether somebody only says that they are here, on their way or away: `présente`, `j'arrive`."""
    return len(plain(text)) > 4 and _status(text) is not None


def _status(text: str) -> str | None:
    return next((status for status, words in PRESENCES.items() if plain(text) in words), None)


def handover(context: Context, text: str) -> Commands | Misheard:
    """`releve PERSONNE [RÔLE…] [: compte rendu]`; the report is written from the state, then completed."""
    head, more, _ = split_reason(text)
    found = person_at_start(context, head)
    if isinstance(found, Misheard):
        return found if head else Misheard(code="usage", facts={"verb": "handover"})
    to, rest = found
    roles = []
    for word in rest.replace(",", " ").split():
        name = role(context, word)
        if isinstance(name, Misheard):
            return name
        roles.append(name)
    return (handed_over(context, to, tuple(roles), more),)


def handed_over(context: Context, to: str, roles: tuple[str, ...], more: str) -> c.HandOver:
    """Hand over with the report as the state has it now, and what a person adds."""
    report = handover_report(context.scene, context.speech, context.person, to)
    return c.HandOver(to=to, roles=roles, report=f"{report}\n{more}" if more else report)


def situation(context: Context, text: str) -> Commands | Misheard:
    """`point [COMPLÉMENT]`: the situation report, from the state."""
    return (reported(context, text),)


def reported(context: Context, more: str) -> c.AskSituation:
    """Report where the incident stands now, and what a person adds."""
    report = situation_report(context.scene, context.speech)
    return c.AskSituation(text=f"{report}\n{more}" if more else report)


def channel(context: Context, text: str) -> Commands | Misheard:
    """`canal NOM suspect|sain [: motif]`: somebody else may read this platform, or not any more."""
    head, reason, _ = split_reason(text)
    words = head.split()
    surface = next((one for one in SURFACES if words and one.startswith(plain(words[0]))), "")
    status = next((state for state, names in _TRUST.items() if words and plain(words[-1]) in names), "")
    if not surface or not status:
        return Misheard(code="usage", facts={"verb": "channel"})
    return (c.ChangeSurface(surface=surface, status=status, reason=reason),)
