"""What is told once, when it happens: in the group, and in private to whoever is called by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bots.chat.faces.buzz import LOUD, NONE, Buzz, buzz
from bots.chat.faces.calls import dials
from bots.chat.faces.fit import TITLE, content
from bots.chat.faces.lines import marked
from bots.chat.faces.presses import opens
from bots.chat.faces.speaking import cut_off, people, speaks_on
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import GROUP, LATE, NOTICE, View, Wanted
from bots.chat.token import token_of
from bots.chat.values import Content, Press
from bots.inbound.pressed import of_incident
from bots.lines import Line
from engine.core import events as e
from engine.review.narrator import Narrator
from engine.review.timeline import who
from engine.review.variants import is_loud
from engine.speech import Speech

__all__ = ["notices"]

_ANCHORED = (e.SituationReported, e.DecisionMade, e.IncidentClosed)
"""With these the chain's head is told: a copy of it outside, with which the journal can be compared."""


def notices(
    view: View, entries: Sequence[e.Entry], hashes: Mapping[int, str] | None = None
) -> tuple[Wanted, ...]:
    """One for each entry that is told, in the group and to each person it calls. `hashes`: of entries, by number."""
    return tuple(wanted for entry in entries for wanted in _of(view, entry, hashes or {}))


def _of(view: View, entry: e.Entry, hashes: Mapping[int, str]) -> Iterator[Wanted]:
    if view.suspect:
        yield from _suspect(view, entry)
        return
    rule = buzz(entry, view.scene)
    key = view.key(f"n:{entry.seq}")
    if rule.group != NONE:
        mentions = _mentions(view, rule)
        anchor = hashes.get(entry.seq, "") if isinstance(entry.event, _ANCHORED) else ""
        yield Wanted(
            person=GROUP,
            key=key,
            content=_content(view, entry, GROUP, mentions, anchor),
            priority=NOTICE,
            once=True,
            silent=rule.group != LOUD and not mentions,
        )
    for person in rule.people:
        yield Wanted(
            person=person,
            key=key,
            content=_content(view, entry, person),
            priority=LATE,
            once=True,
            each=len(speaks_on(person, view)) > 1,
            silent=False,
        )


def _suspect(view: View, entry: e.Entry) -> Iterator[Wanted]:
    """There, nothing is told but that nothing is told there any more; in private too, to who has nothing else."""
    if isinstance(entry.event, e.SurfaceChanged) and entry.event.surface == view.surface:
        for person in (GROUP, *cut_off(view)):
            yield Wanted(
                person=person,
                key=view.key(f"n:{entry.seq}"),
                content=suspect_content(view, person),
                priority=LATE if person else NOTICE,
                once=True,
                silent=False,
            )


def _mentions(view: View, rule: Buzz) -> tuple[str, ...]:
    """All who listen here first; and those who are called and can't be written to in private."""
    if rule.group == LOUD:
        return tuple(one for one in people(view) if speaks_on(one, view)[:1] == (view.surface,))
    return tuple(
        one
        for one in rule.people
        if view.house.account(one, view.surface)
        and not any(view.house.reachable(*account) for account in view.house.accounts(one))
    )


def _content(
    view: View, entry: e.Entry, person: str, mentions: tuple[str, ...] = (), anchor: str = ""
) -> Content:
    """`03:49 · P. Nom (DSI) · Décision : …`; what doesn't fit in a line is told below."""
    speech = view.speech(person)
    narrator = Narrator(speech, view.public.world)
    narrator.incident = view.incident
    told = narrator.tell(entry)
    first, *rest = [" ".join(one.split()) for one in told.splitlines() if one.strip()] or [""]
    key = "faces.notice.loud" if is_loud(entry.event) else "faces.notice.line"
    facts = {"at": speech.at(entry.occurred_at), "who": who(entry, speech)}
    title = speech.say(key, **facts, text=" ".join((first, *rest)))
    if len(title) > TITLE:
        title = speech.say(key, **facts, text=first)
    else:
        rest = []
    if rest and person == GROUP and not mentions and isinstance(entry.event, e.HandedOver):
        # A telephone's whole screen, of what the overview says: whoever takes over has it in private.
        taker = speech.person(entry.event.to)
        rest = [speech.say("faces.notice.report_elsewhere", person=taker, number=entry.seq)]
    lines = [Line(kind="text", text=one) for one in rest]
    if isinstance(entry.event, e.SurfaceChanged) and (missing := cut_off(view)):
        names = ", ".join(map(speech.person, missing))
        lines.append(Line(kind="late", label=speech.say("faces.cut_off.names"), text=names))
    if anchor:
        told = speech.say("faces.notice.anchor", number=entry.seq, head=_in_fours(anchor))
        lines.append(Line(kind="more", text=told))
    buttons: list[tuple[Press, ...]] = (
        [(press,)] if (press := _open(view, entry.event, person, speech)) else []
    )
    if person != GROUP and isinstance(entry.event, e.StepBlocked):
        buttons += _to_call(view, entry.actor.id, speech)
    return content(marked(title, view.incident, speech), lines, speech, buttons, mentions)


def _in_fours(anchor: str) -> str:
    """As much of a head as somebody can read out: `tocsin verify --head` finds it by that."""
    return " ".join(anchor[start : start + 4] for start in range(0, 12, 4))


def _open(view: View, event: e.Event, person: str, speech: Speech) -> Press | None:
    """In private, what is told of a step opens it, what is told of a task says that it is done."""
    if person == GROUP:
        return None
    if isinstance(event, e.TaskAdded | e.TaskLate):
        label = speech.say("cards.button.finish", number=event.task)
        return Press(label=label, token=token_of(of_incident("finish", view.scene, event.task)))
    if not isinstance(event, e.Escalated | e.StepBlocked):
        return None
    place = view.scene.place(event.run, event.track)
    return opens(view.scene, place, speech) if place is not None else None


def _to_call(view: View, person: str, speech: Speech) -> Iterator[tuple[Press, ...]]:
    """The number of who is blocked, for who is to help."""
    if view.scene.phone(person):
        yield (dials(view, person, speech),)
