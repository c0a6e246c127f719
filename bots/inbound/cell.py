"""The words about the incident as a whole: approvals, procedures, severity, activities, clocks, opening and closing."""

from __future__ import annotations

from bots.inbound.lookup import best, labels_of
from bots.inbound.moments import Unreadable, leading_moment
from bots.inbound.steps import split_reason
from bots.inbound.values import Asked, Context, Misheard
from bots.inbound.vocabulary import WORDS, is_number, plain
from engine.core import commands as c
from engine.core.cards import may_sign
from engine.core.cards.sections import clock_title
from engine.core.incident import Approval, Run
from engine.core.quantities import Instant

__all__ = [
    "abandon", "activity", "approve", "clock", "close", "confirm", "correct_t0", "declare", "erase",
    "message", "reject", "reopen", "severity", "start", "text_to_send", "which_yes",
]  # fmt: skip

Commands = tuple[c.Command, ...]

STATES = {
    "interrupted": ("interrompue", "interrompu", "arretee", "arrete", "interrupted", "stopped", "down"),
    "degraded": ("degradee", "degrade", "degraded"),
    "restored": ("retablie", "retabli", "reprise", "restored", "back", "up"),
}
_CLOCK_VERBS = {
    "arreter": "stop", "solder": "stop", "stop": "stop", "demarrer": "start", "start": "start",
    "corriger": "correct", "correct": "correct",
}  # fmt: skip
_EXERCISE = ("exercice", "exercise", "drill")
_AGAIN = ("encore", "again", "autre", "another")


# Two people


def approve(context: Context, text: str) -> Commands | Misheard:
    """`approuver [N]`; `approuver N forcer : motif` is the director's."""
    head, reason, _ = split_reason(text)
    words = [plain(word) for word in head.split()]
    force = any(word in ("forcer", "force") for word in words)
    number = _approval(context, next((word for word in words if is_number(word)), ""))
    if isinstance(number, Misheard):
        return number
    return (c.Approve(approval=number, force=force, reason=reason),)


def reject(context: Context, text: str) -> Commands | Misheard:
    """`refuser [N] MOTIF`."""
    head, reason, _ = split_reason(text)
    first, _, rest = head.partition(" ")
    typed = first if is_number(first) else ""
    number = _approval(context, typed)
    if isinstance(number, Misheard):
        return number
    return (c.Refuse(approval=number, reason=reason or (rest if typed else head)),)


def confirm(context: Context, text: str) -> Commands | Misheard:
    """`confirmer [N]`: my own yes, which somebody else entered."""
    if is_number(text):
        return (c.ConfirmVoice(approval=int(text)),)
    mine = [
        one.id
        for one in context.scene.incident.approvals.values()
        if any(s.by == context.person and s.voice and not s.confirmed for s in one.signed)
    ]
    return (c.ConfirmVoice(approval=mine[0]),) if len(mine) == 1 else Misheard(code="no_voice")


def _approval(context: Context, typed: str) -> int | Misheard:
    if typed:
        return int(typed)
    pending = [one for one in context.scene.incident.approvals.values() if one.pending]
    mine = [one for one in pending if may_sign(context.scene, one, context.person)]
    found: list[Approval] = mine or pending
    if len(found) == 1:
        return found[0].id
    listed = tuple(f"approuver {one.id}" for one in found)
    return Misheard(code="which_approval" if found else "no_approval", suggestions=listed)


def which_yes(context: Context, agrees: bool) -> Misheard:
    """A bare "oui" (or "non") while an approval waits for this person: to which one must be said."""
    waiting = [
        one.id
        for one in context.scene.incident.approvals.values()
        if may_sign(context.scene, one, context.person)
    ]
    word = WORDS["approve" if agrees else "reject"][context.speech.words.lang != "fr"]
    if not waiting:
        return Misheard(code="nothing_asked")
    return Misheard(code="which_approval", suggestions=tuple(f"{word} {number}" for number in waiting))


# Opening and closing


def declare(context: Context, text: str) -> Commands | Misheard:
    """`declarer [exercice] [PROCÉDURE] [TITRE] [@HH:MM]`: since when is the time at the end."""
    first, _, others = text.partition(" ")
    exercise = plain(first) in _EXERCISE
    text = (others if exercise else text).rstrip("! ")
    name, _, rest = text.partition(" ")
    found = _runbook(context, name) if name else ()
    runbook = found[0] if len(found) == 1 else ""
    title = (rest if runbook else text).strip() or context.runbooks.get(runbook, text)
    return (c.Declare(title=title, known_at=0, runbook=runbook, exercise=exercise),)


def _runbook(context: Context, typed: str) -> tuple[str, ...]:
    return best(typed, {name: [name, title] for name, title in context.runbooks.items()})


def start(context: Context, text: str) -> Commands | Misheard:
    """`ouvrir PROCÉDURE [encore]`."""
    words = text.split()
    again = len(words) > 1 and plain(words[-1]) in _AGAIN
    typed = " ".join(words[:-1] if again else words)
    found = _runbook(context, typed)
    if len(found) == 1 or (typed and not context.runbooks):
        return (c.OpenRunbook(runbook=found[0] if found else typed, again=again),)
    listed = tuple(f"{name} ({context.runbooks[name]})" for name in found or context.runbooks)
    return Misheard(code="which_runbook", facts={"name": typed}, suggestions=listed)


def abandon(context: Context, text: str) -> Commands | Misheard:
    """`abandonner [N] : motif`."""
    head, reason, _ = split_reason(text)
    first, _, rest = head.partition(" ")
    runs = [run.id for run in context.scene.incident.open_runs]
    if not is_number(first) and len(runs) != 1:
        return Misheard(code="usage", facts={"verb": "abandon"})
    number = int(first) if is_number(first) else runs[0]
    return (c.AbandonRun(run=number, reason=reason or (rest if is_number(first) else head)),)


def close(context: Context, text: str) -> Commands | Misheard:
    """`clore [MOTIF] [!]`."""
    head, reason, confirmed = split_reason(text)
    return (c.CloseIncident(reason=reason or head, confirm=confirmed or reason.endswith("!")),)


def reopen(_: Context, text: str) -> Commands | Misheard:
    """`rouvrir MOTIF`."""
    return (c.ReopenIncident(reason=text.lstrip(": ")),)


def severity(context: Context, text: str) -> Commands | Misheard:
    """`gravite G3 [: motif]`."""
    head, reason, _ = split_reason(text)
    level, _, rest = head.partition(" ")
    if not level:
        return Misheard(code="usage", facts={"verb": "severity"})
    return (c.ChangeSeverity(level=level.upper(), reason=reason or rest),)


def erase(context: Context, text: str) -> Commands | Misheard:
    """`effacer N [N…] visa RÉFÉRENCE : motif`."""
    head, reason, _ = split_reason(text)
    numbers, _, visa = head.replace("VISA", "visa").partition("visa")
    entries = tuple(int(word) for word in numbers.replace(",", " ").split() if is_number(word))
    if not entries:
        return Misheard(code="usage", facts={"verb": "erase"})
    return (c.Erase(entries=entries, reason=reason, visa=visa.strip()),)


# Activities, clocks, messages


def activity(context: Context, text: str) -> Commands | Misheard:
    """`activite NOM interrompue|degradee|retablie [@HH:MM]`."""
    words = text.split()
    known: dict[str, list[str]] = {}
    for name, limits in context.scene.register.items():
        known[name] = [name, limits.title]
    for name in _activities(context):
        known.setdefault(name, [name, *labels_of("activity", name)])
    if len(words) < 2:
        return Misheard(code="usage", facts={"verb": "activity"})
    status = next((state for state, names in STATES.items() if plain(words[-1]) in names), None)
    found = best(" ".join(words[:-1]), known)
    if status is None:
        return Misheard(code="which_state", facts={"name": words[-1]})
    if len(found) != 1:
        listed = found or tuple(context.scene.incident.activities) or tuple(_activities(context))
        titles = tuple(next(iter(known[name][1:]), name) for name in listed)
        return Misheard(code="which_activity", facts={"name": " ".join(words[:-1])}, suggestions=titles)
    return (c.ChangeActivity(activity=found[0], status=status),)


def _activities(context: Context) -> tuple[str, ...]:
    """Those touched, those that the procedures protect."""
    runs = context.scene.incident.runs.values()
    protected = (name for run in runs for name in context.scene.definition(run).runbook.activities)
    return tuple(dict.fromkeys((*context.scene.incident.activities, *protected)))


def clock(context: Context, text: str) -> Commands | Asked | Misheard:
    """`horloge`: the list; `horloge NOM arreter|demarrer|corriger [HH:MM] [: motif]`; NOM: a code, or of its title."""
    head, reason, _ = split_reason(text)
    words = head.split()
    if not words:
        return Asked(what="clocks")
    at_verb = next((n for n, word in enumerate(words) if n and plain(word) in _CLOCK_VERBS), len(words))
    found = _clocks(context, " ".join(words[:at_verb]))
    if len(found) != 1:
        listed = tuple(f"{one} ({title})" for one, title in _clock_titles(context, found).items())
        return Misheard(code="which_clock", facts={"name": " ".join(words[:at_verb])}, suggestions=listed)
    verb = _CLOCK_VERBS[plain(words[at_verb])] if at_verb < len(words) else ""
    if verb == "stop":
        return (c.StopClock(clock=found[0], reason=reason),)
    at = _since(context, words[at_verb + 1 :])
    if isinstance(at, Misheard):
        return at
    if verb == "start":
        return (c.StartClock(clock=found[0], start=at[0], reason=reason),)
    if verb == "correct" and at[0]:
        return (c.CorrectClock(clock=found[0], start=at[0], reason=reason),)
    return Misheard(code="usage", facts={"verb": "clock"})


def _clocks(context: Context, typed: str) -> tuple[str, ...]:
    """Those of the incident first: their names are what is on the screen."""
    for names in (tuple(context.scene.incident.clocks), tuple(context.scene.world.clocks)):
        if found := best(typed, {one: [one, title] for one, title in _clock_titles(context, names).items()}):
            return found
    return ()


def _clock_titles(context: Context, names: tuple[str, ...]) -> dict[str, str]:
    specs, running = context.scene.world.clocks, context.scene.incident.clocks
    return {
        name: clock_title(context.scene, running[name]) if name in running else specs[name].title
        for name in names or tuple(running)
    }


def correct_t0(context: Context, text: str) -> Commands | Misheard:
    """`t0 [JJ/MM] HH:MM [N] : motif`: first knowledge was at another time."""
    head, reason, _ = split_reason(text)
    at = _since(context, head.split())
    if isinstance(at, Misheard):
        return at
    instant, rest = at
    runs = [run.id for run in context.scene.incident.open_runs]
    number = int(rest[0]) if rest and is_number(rest[0]) else runs[0] if runs else 0
    if not instant or not number:
        return Misheard(code="usage", facts={"verb": "t0"})
    return (c.CorrectT0(run=number, t0=instant, reason=reason),)


def _since(context: Context, words: list[str]) -> tuple[Instant, list[str]] | Misheard:
    if not words:
        return 0, []
    try:
        return leading_moment(words, context.scene.world.calendar, context.now)
    except Unreadable:
        return Misheard(code="bad_time", facts={"time": " ".join(words[:2])})


def message(context: Context, text: str) -> Commands | Asked | Misheard:
    """`message`: the list; `message ID`: its text; `message ID envoye`: it was sent. ID goes before an audience.

    Where two procedures have a text of that name, the one that an open step shows is meant.
    """
    words = text.split()
    if not words:
        return Asked(what="messages")
    texts: dict[tuple[int, str], list[str]] = {
        (run.id, name): [name, one.audience]
        for run in context.scene.incident.runs.values()
        for name, one in context.scene.definition(run).runbook.messages.items()
    }
    exact = best(words[0], {key: [key[1]] for key in texts}, whole=True)  # an audience may bear the same name
    here = {(place.run.id, place.step.message) for place in context.places()}
    found = tuple(one for one in exact if one in here) or exact or best(words[0], texts)
    if len(found) != 1:
        listed = tuple(dict.fromkeys(name for _, name in found or texts))
        return Misheard(code="which_message", facts={"name": words[0]}, suggestions=listed)
    number, name = found[0]
    if len(words) == 1:
        return Asked(what="message", subject=f"{number}:{name}")
    if plain(words[1]) not in ("envoye", "sent"):
        return Misheard(code="usage", facts={"verb": "message"})
    return (
        c.SendMessage(
            run=number, message=name, text=text_to_send(context, context.scene.incident.runs[number], name)
        ),
    )


def text_to_send(context: Context, run: Run, name: str) -> str:
    """A text of the procedure, filled in."""
    definition = context.scene.definition(run)
    written = definition.runbook.messages[name].text
    return context.speech.text(context.scene.text(written, run, definition))
