"""Signatures that are asked for, and each person's own "Et maintenant ?": what waits for them, most urgent first."""

from __future__ import annotations

from engine.core import commands as c
from engine.core.cards.scene import Place, Scene
from engine.core.cards.sections import presence_buttons, tasks
from engine.core.cards.step import heading
from engine.core.cards.touched import PEOPLE, approval_key
from engine.core.cards.values import At, Block, Button, Card, Due, Fill, Named, Phrase, Row, Section
from engine.core.decide.signatures import unanswered
from engine.core.incident import Approval, Signed
from engine.core.permissions import directors, holders, holds, is_stand_in, who_may
from engine.core.quantities import DAY
from engine.core.runbook import Step

__all__ = ["approval_card", "duties", "may_sign", "mine", "person_card"]


def approval_card(scene: Scene, approval: Approval) -> Card:
    """What is asked, by whom, who has signed, who still may; "I agree" and "I don't"."""
    rows = (
        Row(label=_asked(scene, approval), sign="hand", id=str(approval.id)),
        *_warned(scene, approval),
        *(_group(scene, approval, number) for number in range(len(approval.groups))),
        *_state(approval),
    )
    delay = scene.delay(approval.requested.at, approval.due or None)
    blocks: tuple[Block, ...] = (Section(name="approval", rows=rows), *((delay,) if delay else ()))
    return Card(key=approval_key(approval.id), blocks=blocks, buttons=_votes(approval))


def _asked(scene: Scene, approval: Approval) -> Phrase:
    step = _step(scene, approval)
    outcome = step.outcomes[approval.outcome].label if approval.outcome in step.outcomes else approval.outcome
    facts: dict[str, Fill] = {
        "number": approval.id,
        "outcome": outcome,
        "step": step.title,
        "person": scene.name(approval.requested.by),
        "at": At(approval.requested.at),
        "reason": approval.reason,
        "count": len(approval.groups) - len(approval.signed),
    }
    key = f"approval.{'after' if approval.after else 'before'}" if facts["count"] else "approval.all"
    return Phrase(f"{key}_why" if approval.reason else key, facts)


def _step(scene: Scene, approval: Approval) -> Step:
    return scene.definition(scene.incident.runs[approval.run]).step(approval.track, approval.step)


def _warned(scene: Scene, approval: Approval) -> tuple[Row, ...]:
    """What whoever picked it was warned of: who signs for it must know as much."""
    outcome = _step(scene, approval).outcomes.get(approval.outcome)
    if not approval.pending or outcome is None or not outcome.confirm:
        return ()
    return (Row(label=outcome.confirm, sign="late"),)


def _group(scene: Scene, approval: Approval, number: int) -> Row:
    roles = approval.groups[number]
    label = Phrase(
        "approval.group" if len(roles) == 1 else "approval.group_or",
        {"role": Named("role", roles[0]), "other": Named("role", roles[-1])},
    )
    signed = _signer(approval, number)
    if signed is None:
        people = ", ".join(
            scene.name(one) for one in who_may(roles, scene.incident, scene.world.directory)[:2]
        )
        return Row(label=label, told=(Phrase("approval.open", {"people": people}),), sign="box")
    facts: dict[str, Fill] = {"person": scene.name(signed.by), "at": At(signed.at)}
    key = "approval.voice" if signed.voice and not signed.confirmed else "approval.signed"
    return Row(label=label, told=(Phrase(key, facts),), sign="done")


def _signer(approval: Approval, number: int) -> Signed | None:
    """Who fills this group when signatures are matched to groups so that as many as can be are filled."""
    taken: dict[int, int] = {}

    def place(vote: int, seen: set[int]) -> bool:
        for group in approval.signed[vote].fits:
            if group not in seen:
                seen.add(group)
                if group not in taken or place(taken[group], seen):
                    taken[group] = vote
                    return True
        return False

    for vote in range(len(approval.signed)):
        place(vote, set())
    return approval.signed[taken[number]] if number in taken else None


def _state(approval: Approval) -> tuple[Row, ...]:
    if approval.pending:
        key = "overdue" if approval.late else "silent" if approval.silent else ""
        return (Row(label=Phrase(f"approval.{key}"), sign="late"),) if key else ()
    return (Row(label=Phrase(f"approval.{approval.status}"), sign="done"),)


def _votes(approval: Approval) -> tuple[Button, ...]:
    if not approval.pending:
        return ()
    agree = Button(
        name=f"approve:{approval.id}",
        label=Phrase("button.approve", {"number": approval.id}),
        command=c.Approve(approval=approval.id),
    )
    refuse = Button(
        name=f"reject:{approval.id}",
        label=Phrase("button.reject", {"number": approval.id}),
        command=c.Refuse(approval=approval.id),
        needs=("reason",),
    )
    return (agree,) if approval.after else (agree, refuse)


def may_sign(scene: Scene, approval: Approval, person: str) -> bool:
    """Whether this person's yes would still fill a group."""
    if not approval.pending or any(one.by == person for one in approval.signed):
        return False
    incident, directory = scene.incident, scene.world.directory
    return any(holds(person, role, incident, directory) for group in unanswered(approval) for role in group)


def mine(scene: Scene, person: str) -> tuple[Place, ...]:
    """The open steps that wait for this person: those they took, those they are first for; the most urgent first."""
    found = [place for place in scene.places() if _is_mine(scene, place, person)]
    return tuple(sorted(found, key=lambda place: _urgency(scene, place, person)))


def _is_mine(scene: Scene, place: Place, person: str) -> bool:
    taken = scene.taken(place)
    if taken is not None:
        return taken.by == person
    return bool(place.step.role) and place.cursor.awake and scene.first_for(place.step.role) == person


def _urgency(scene: Scene, place: Place, person: str) -> tuple[bool, bool, int]:
    """Due within a day before the rest, and what only waits for a procedure last; one's own role, then the nearest."""
    at = scene.target(place)
    later = at is None or at > scene.now + DAY or bool(place.cursor.waits_for)
    return later, not _holds_it(scene, place, person), scene.now * 2 if at is None else at


def _holds_it(scene: Scene, place: Place, person: str) -> bool:
    taken, directory = scene.taken(place), scene.world.directory
    if taken is not None:
        return True
    return any(holders(role, scene.incident, directory)[:1] == (person,) for role in place.step.role)


def duties(scene: Scene, person: str) -> tuple[Row, ...]:
    """What a person owes beside their steps: the crisis that they direct for now, then their tasks, nearest first."""
    stands_in = is_stand_in(person, scene.incident, scene.world.directory) and scene.incident.status == "open"
    section = tasks(scene, of=person)
    interim = (Row(label=Phrase("now.interim"), sign="hand"),) if stands_in else ()
    return (*interim, *(section.rows if section else ()))


def person_card(scene: Scene, person: str) -> Card:
    """Make the "Et maintenant ?" of one person: what waits for them, and nothing else."""
    rows = (
        *(row for row in duties(scene, person) if not row.id),
        *_to_sign(scene, person),
        *_to_confirm(scene, person),
        *(_line(scene, p) for p in mine(scene, person)),
    )
    now = Section(name="now", rows=rows or (_nothing(scene, person),))
    mine_too = tasks(scene, of=person)
    called = person in scene.incident.calls
    return Card(
        key=f"{PEOPLE}:{person}",
        blocks=(heading(scene), now, *((mine_too,) if mine_too else ())),
        buttons=presence_buttons(scene, person) if called else (),
    )


def _line(scene: Scene, place: Place) -> Row:
    delay: Due | None = scene.due(place) if place.cursor.awake else None
    told = [Phrase("now.track", {"track": place.track_title})]
    if delay is not None:
        told.append(Phrase("track.late" if delay.late else "track.before", {"at": At(delay.at)}))
    sign = "late" if delay is not None and delay.late else "now"
    return Row(label=place.step.title, told=tuple(told), sign=sign, id=f"{place.run.id}:{place.track}")


def _to_sign(scene: Scene, person: str) -> tuple[Row, ...]:
    return tuple(
        Row(label=_asked(scene, one), sign="hand", id=str(one.id))
        for one in scene.incident.approvals.values()
        if may_sign(scene, one, person)
    )


def _to_confirm(scene: Scene, person: str) -> tuple[Row, ...]:
    return tuple(
        Row(label=Phrase("now.confirm", {"number": approval.id}), sign="hand", id=str(approval.id))
        for approval in scene.incident.approvals.values()
        for signed in approval.signed
        if signed.by == person and signed.voice and not signed.confirmed
    )


def _nothing(scene: Scene, person: str) -> Row:
    is_director = person in directors(scene.incident, scene.world.directory)
    return Row(label=Phrase("now.nothing_director" if is_director else "now.nothing"), sign="none")
