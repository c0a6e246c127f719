"""Two people: signatures before an irreversible act, or after a reversible one that must not wait.

A request is bound to the visit. Roles are judged when the vote is cast; distinct people are matched to the groups,
so one person never fills two, and the requester alone never fills them all. A spoken yes is entered by somebody who
signs nothing here, counts at once, and is marked until its author confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core import commands as c
from engine.core import events as e
from engine.core import permissions
from engine.core.decide import moves
from engine.core.decide.draft import Draft, Spot, refuse
from engine.core.directory import DIRECTOR
from engine.core.incident import Approval, Signed
from engine.core.quantities import HOUR
from engine.core.runbook import Outcome

__all__ = ["approve", "ask", "confirm_voice", "filled", "owe", "reject", "unanswered"]

VOICE_CONFIRM = HOUR
"""A spoken approval is confirmed by its author within an hour (proposal of the project)."""


def ask(
    draft: Draft, spot: Spot, command: c.PickOutcome, outcome: Outcome, unticked: tuple[int, ...]
) -> None:
    """Ask for the signatures that must come before; the requester's own counts if they fit a group."""
    assert outcome.sign is not None
    for approval in draft.incident.approvals.values():
        same = (approval.run, approval.track, approval.step, approval.visit, approval.outcome)
        if approval.status == "asked" and same == (
            command.run,
            command.track,
            command.step,
            spot.cursor.visit,
            command.outcome,
        ):
            raise refuse(
                "approval_pending",
                approval=approval.id,
                outcome=outcome.label,
                by=draft.world.directory.name(approval.requested.by),
            )
    _request(draft, spot, command, outcome.sign.by, after=False, unticked=unticked)


def owe(draft: Draft, spot: Spot, command: c.PickOutcome, outcome: Outcome) -> None:
    """The act is done; its signatures are owed within a delay. Survives every exit, and the closing."""
    assert outcome.sign is not None
    assert outcome.sign.within is not None
    due = draft.world.calendar.add(draft.now, outcome.sign.within)
    _request(draft, spot, command, outcome.sign.by, after=True, due=due)


def _request(
    draft: Draft,
    spot: Spot,
    command: c.PickOutcome,
    groups: tuple[tuple[str, ...], ...],
    *,
    after: bool,
    due: int = 0,
    unticked: tuple[int, ...] = (),
) -> None:
    number = len(draft.incident.approvals) + 1
    draft.emit(
        e.ApprovalAsked(
            approval=number,
            run=command.run,
            track=command.track,
            step=command.step,
            visit=spot.cursor.visit,
            outcome=command.outcome,
            groups=groups,
            after=after,
            due=due,
            reason=command.reason.strip(),
            unticked=unticked,
        )
    )
    fits = _fits(draft, draft.by, groups)
    if fits and len(groups) > 1 and draft.in_person:
        draft.emit(e.ApprovalGiven(approval=number, fits=fits))


def approve(draft: Draft, command: c.Approve) -> None:
    """Sign, enter a spoken yes for somebody, or (director) go on without."""
    approval = _pending(draft, command.approval)
    if command.force:
        _force(draft, approval, command.reason)
        return
    if command.voice or not draft.in_person:
        _voice(draft, approval, command.voice or draft.by)
        return
    _sign(draft, approval, draft.by)


def _sign(draft: Draft, approval: Approval, person: str, *, voice: bool = False) -> None:
    fits = _fits(draft, person, approval.groups)
    what = _label(draft, approval)
    if not fits:
        roles = tuple(role for group in approval.groups for role in group)
        people = permissions.who_may(roles, draft.incident, draft.world.directory)
        raise refuse("not_a_signer", what=what, roles=roles, people=people)
    if any(signed.by == person for signed in approval.signed):
        raise refuse("already_signed", what=what, by=draft.world.directory.name(person))
    if any(signed.entered_by == person for signed in approval.signed):
        raise refuse("voice_by_signer", what=what)
    if person == approval.requested.by and len(approval.groups) == 1:
        raise refuse("requester_alone", what=what)
    votes = [signed.fits for signed in approval.signed] + [fits]
    if filled(votes, len(approval.groups)) < len(votes):
        missing = tuple(
            role
            for n, group in enumerate(approval.groups)
            if filled([*votes[:-1], (n,)], len(approval.groups)) == len(votes)
            for role in group
        )
        people = permissions.who_may(missing, draft.incident, draft.world.directory)
        raise refuse("group_filled", what=what, roles=missing, people=people)
    complete = len(votes) == len(approval.groups)
    role = next(
        role
        for group in fits
        for role in approval.groups[group]
        if permissions.holds(person, role, draft.incident, draft.world.directory)
    )
    draft.act_as(role)
    draft.emit(
        e.ApprovalGiven(
            approval=approval.id,
            fits=fits,
            voice=voice,
            confirm_by=draft.now + VOICE_CONFIRM if voice else 0,
            complete=complete,
        )
    )
    if complete and not approval.after:
        _go_on(draft, approval)


def _go_on(draft: Draft, approval: Approval) -> None:
    moves.pick(
        draft, approval.run, approval.track, approval.outcome, "approved", approval.reason, approval.unticked
    )


def _voice(draft: Draft, approval: Approval, speaker: str) -> None:
    """The actor of the entry is who spoke; who typed is beside."""
    draft.need_known(speaker)
    typist = draft.typist or draft.by
    if typist == speaker:
        raise refuse("voice_of_oneself")
    if typist == approval.requested.by or any(signed.by == typist for signed in approval.signed):
        raise refuse("voice_by_signer", what=_label(draft, approval))
    draft.speak_for(speaker, typist)
    _sign(draft, approval, speaker, voice=True)


def confirm_voice(draft: Draft, command: c.ConfirmVoice) -> None:
    """The author of a spoken yes confirms it: in person, late if need be."""
    approval = draft.incident.approvals.get(command.approval)
    mine = approval and next(
        (s for s in approval.signed if s.by == draft.by and s.voice and not s.confirmed), None
    )
    if approval is None or mine is None:
        raise refuse("nothing_to_confirm", approval=command.approval)
    if not draft.in_person:
        raise refuse("in_person_only", what=_label(draft, approval), people=(draft.by,))
    draft.emit(e.VoiceConfirmed(approval=command.approval))


def reject(draft: Draft, command: c.Refuse) -> None:
    """Say no, with a reason: the request falls; for an act already done, it stays written that it was refused."""
    approval = _pending(draft, command.approval)
    roles = tuple(role for group in approval.groups for role in group)
    draft.act_as(draft.need_right(roles, _label(draft, approval)))
    draft.emit(
        e.ApprovalRefused(
            approval=approval.id, reason=draft.need_reason(command.reason, _label(draft, approval))
        )
    )


def _force(draft: Draft, approval: Approval, reason: str) -> None:
    """The director goes on without the signatures, if nobody can give them or thirty minutes passed in silence."""
    what = _label(draft, approval)
    draft.need_director(what)
    missing = unanswered(draft, approval)
    if not (approval.silent or any(not _reachable(draft, group) for group in missing)):
        raise refuse(
            "force_too_early",
            what=what,
            people=tuple(p for group in missing for p in _reachable(draft, group)),
        )
    if draft.by == approval.requested.by and (others := _other_directors_here(draft)):
        raise refuse("requester_alone", what=what, people=others)
    draft.emit(e.ApprovalForced(approval=approval.id, reason=draft.need_reason(reason, what)))
    if not approval.after:
        _go_on(draft, approval)


def unanswered(draft: Draft, approval: Approval) -> tuple[tuple[str, ...], ...]:
    """The groups that nobody has filled yet."""
    votes = [signed.fits for signed in approval.signed]
    return tuple(
        group
        for n, group in enumerate(approval.groups)
        if filled([*votes, (n,)], len(approval.groups)) > len(votes)
    )


def filled(votes: Sequence[tuple[int, ...]], groups: int) -> int:
    """How many of these votes find a group of their own: a maximum matching, small enough to try every way."""
    taken: dict[int, int] = {}

    def place(vote: int, seen: set[int]) -> bool:
        for group in votes[vote]:
            if group < groups and group not in seen:
                seen.add(group)
                if group not in taken or place(taken[group], seen):
                    taken[group] = vote
                    return True
        return False

    return sum(place(vote, set()) for vote in range(len(votes)))


def _fits(draft: Draft, person: str, groups: tuple[tuple[str, ...], ...]) -> tuple[int, ...]:
    incident, directory = draft.incident, draft.world.directory
    return tuple(
        n
        for n, group in enumerate(groups)
        if any(permissions.holds(person, role, incident, directory) for role in group)
    )


def _reachable(draft: Draft, group: tuple[str, ...]) -> tuple[str, ...]:
    incident, directory = draft.incident, draft.world.directory
    people = dict.fromkeys(
        person for role in group for person in permissions.holders(role, incident, directory)
    )
    return tuple(person for person in people if not permissions.is_away(person, incident))


def _other_directors_here(draft: Draft) -> tuple[str, ...]:
    incident = draft.incident
    directors = permissions.holders(DIRECTOR, incident, draft.world.directory)
    return tuple(p for p in directors if p != draft.by and incident.presence.get(p) in ("present", "coming"))


def _pending(draft: Draft, number: int) -> Approval:
    approval = draft.incident.approvals.get(number)
    if approval is None:
        raise refuse("unknown_approval", approval=number)
    if not approval.pending:
        last: Signed | None = approval.signed[-1] if approval.signed else None
        raise refuse(
            "approval_over",
            what=_label(draft, approval),
            status=approval.status,
            by=draft.world.directory.name(last.by) if last else "",
            at=last.at if last else approval.requested.at,
        )
    return approval


def _label(draft: Draft, approval: Approval) -> str:
    definition = draft.definition(draft.incident.runs[approval.run])
    return definition.step(approval.track, approval.step).outcomes[approval.outcome].label
