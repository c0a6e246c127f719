"""The card of a step: what now, who, by when, what to do, what never to do, and the buttons."""

from __future__ import annotations

from engine.core.cards.buttons import acts, awaited, outcomes
from engine.core.cards.scene import Place, Scene, next_change
from engine.core.cards.touched import step_key
from engine.core.cards.values import (
    Answer,
    At,
    Body,
    Box,
    Card,
    Checklist,
    Due,
    Evidence,
    Heading,
    Named,
    Never,
    Phrase,
    Questions,
    Roster,
    Row,
    Section,
    ToSend,
    Who,
)
from engine.core.targets import facts_of

__all__ = ["heading", "incident_title", "shared_never", "step_card", "who"]


def step_card(scene: Scene, place: Place) -> Card:
    """What the person at this step reads and may press."""
    delay = _due(scene, place)
    chosen = outcomes(scene, place)
    blocks = (
        heading(scene, place),
        who(scene, place),
        delay,
        _waiting(scene, place),
        _body(scene, place),
        _checklist(scene, place),
        _questions(scene, place),
        _roster(scene, place),
        _to_send(scene, place),
        Evidence(wanted=place.step.evidence) if place.step.evidence else None,
        _never(place),
    )
    return Card(
        key=step_key(place.run.id, place.track),
        blocks=tuple(block for block in blocks if block is not None),
        buttons=(*chosen, *acts(scene, place)),
        next_change=next_change(delay, scene.now),
    )


def heading(scene: Scene, place: Place | None = None) -> Heading:
    """The first line; without a place, the incident's own."""
    incident = scene.incident
    return Heading(
        incident=incident.id,
        exercise=incident.exercise,
        severity=incident.severity,
        title=_title(scene, place),
        place=place.track_title if place else "",
        step=place.step.title if place else "",
        visit=place.cursor.visit if place else 1,
        since=incident.known_at or incident.declared_at,
        closed=incident.closed.at if incident.closed else 0,
    )


def _title(scene: Scene, place: Place | None) -> str:
    if place is None or len(scene.incident.runs) < 2:
        return incident_title(scene)
    return place.definition.runbook.title


def incident_title(scene: Scene) -> str:
    """As it was given; one that is only its first procedure's is that of the gravest open one, the latest of them.

    "I don't know yet" is nobody's title once somebody knows.
    """
    incident = scene.incident
    first = next(iter(incident.runs.values()), None)
    if first is None or first.open or incident.title != scene.definition(first).runbook.title:
        return incident.title
    books = [scene.definition(run).runbook for run in incident.open_runs]
    gravest = max(books[::-1], key=lambda book: book.severity or "", default=None)
    return gravest.title if gravest else incident.title


def who(scene: Scene, place: Place) -> Who | None:
    """Whose step it is; None when it is nobody's in particular."""
    roles = place.step.role
    if not roles:
        return None
    taken, person = scene.taken(place), scene.first_for(roles)
    left = place.cursor.taken if taken is None else None
    return Who(
        role=Named("role", roles[0]),
        person=scene.name(person) if person else "",
        phone=scene.phone(person),
        substitute=scene.is_vacant(roles),
        taken_by=scene.name(taken.by) if taken else "",
        taken_at=taken.at if taken else 0,
        left_by=scene.name(left.by) if left else "",
        blocked=tuple((scene.name(one), why) for one, why in place.cursor.blocked.items()),
    )


def _due(scene: Scene, place: Place) -> Due | None:
    if place.cursor.awake:
        return scene.due(place)
    wakes = scene.wake(place)
    return None if wakes is None else Due(at=wakes, start=place.cursor.entered_at, asleep=True)


def _waiting(scene: Scene, place: Place) -> Section | None:
    """What the step waits for: another procedure, or the other tracks."""
    rows = []
    if place.step.wait_for is not None:
        child = scene.incident.runs.get(place.cursor.waits_for)
        title = scene.definition(child).runbook.title if child else place.step.wait_for
        key = "waits.run" if child else "waits.not_started"
        rows.append(Row(label=Phrase(key, {"runbook": title}), sign="waiting"))
    for outcome in place.step.outcomes.values():
        if isinstance(outcome.once, tuple):
            titles = [place.definition.runbook.tracks[one].title for one in outcome.once if _open(place, one)]
            label = Phrase("waits.tracks", {"tracks": ", ".join(titles), "outcome": outcome.label})
            rows.append(Row(label=label, sign="waiting"))
        if outcome.auto_after is not None:
            at = scene.world.calendar.add(place.cursor.entered_at, outcome.auto_after)
            rows.append(
                Row(label=Phrase("waits.clock", {"outcome": outcome.label, "at": At(at)}), sign="waiting")
            )
    return Section(name="waits", rows=tuple(rows)) if rows else None


def _open(place: Place, track: str) -> bool:
    state = place.run.tracks.get(track)
    return state is not None and state.open


def _body(scene: Scene, place: Place) -> Body | None:
    step = place.step
    if not step.do and not step.details:
        return None
    more = scene.text(step.details, place.run, place.definition) if step.details else None
    text = scene.text(step.do or "", place.run, place.definition)
    return Body(text=text, more=more, lang=place.definition.runbook.lang)


def _checklist(scene: Scene, place: Place) -> Checklist | None:
    ticks = place.cursor.ticks
    boxes = tuple(
        Box(
            number=number,
            text=scene.text(item.do, place.run, place.definition),
            optional=item.optional,
            by=scene.name(ticks[number].by) if number in ticks else "",
            at=ticks[number].at if number in ticks else 0,
        )
        for number, item in enumerate(place.step.checklist, 1)
    )
    return Checklist(boxes=boxes) if boxes else None


def _questions(scene: Scene, place: Place) -> Questions | None:
    """The questions of the step, then those that its buttons wait for."""
    names = dict.fromkeys((*place.step.ask, *awaited(scene, place)))
    known, specs = facts_of(scene.incident, place.run), place.definition.facts
    unknown = scene.incident.unknown | place.run.unknown
    answers = tuple(
        Answer(
            fact=name,
            label=specs[name].label,
            help=specs[name].help or "",
            kind=specs[name].type,
            choices=tuple(specs[name].choices.items()),
            value=known.get(name, ""),
            unknown=name in unknown,
            sensitive=specs[name].sensitive,
        )
        for name in names
        if name in specs
    )
    return Questions(answers=answers) if answers else None


def _roster(scene: Scene, place: Place) -> Roster | None:
    """How many are in each state; those that nobody has marked are in the first."""
    roll = place.step.roll
    if roll is None:
        return None
    marks = list(place.cursor.roll.values())
    told = facts_of(scene.incident, place.run).get(roll.size, "")
    size = int(told) if told.isdecimal() else 0
    unmarked = max(size - len(marks), 0)
    return Roster(
        title=roll.title,
        size=size,
        counts=tuple(
            (state, label, marks.count(state) + (0 if number else unmarked))
            for number, (state, label) in enumerate(roll.states.items())
        ),
    )


def _to_send(scene: Scene, place: Place) -> ToSend | None:
    name = place.step.message
    message = place.definition.runbook.messages.get(name) if name else None
    if message is None or name is None:
        return None
    text = scene.text(message.text, place.run, place.definition)
    return ToSend(id=name, audience=message.audience, text=text)


def shared_never(place: Place) -> tuple[str, ...]:
    """What the whole procedure forbids, beside what the step does."""
    return tuple(text for text in place.definition.runbook.never if text not in place.step.never)


def _never(place: Place) -> Never | None:
    return Never(texts=place.step.never) if place.step.never else None
