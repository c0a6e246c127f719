"""Two people: signatures before an irreversible act, or after a reversible one that must not wait.

A request is bound to the visit. Roles are judged when the vote is cast; distinct people are matched to the groups,
so one person never fills two, and the requester alone never fills them all. A spoken yes is entered by somebody who
signs nothing here and asked for nothing, counts at once, and is marked until its author confirms it.
"""

from __future__ import annotations

from typing import NoReturn

from engine.core import commands as c
from engine.core import events as e
from engine.core import permissions
from engine.core.decide import guards, moves, signatures, trust
from engine.core.decide.draft import Draft, Spot, refuse
from engine.core.incident import Approval
from engine.core.quantities import HOUR
from engine.core.runbook import Outcome

__all__ = ["approve", "ask", "ask_once", "confirm_voice", "owe", "reject"]

VOICE_CONFIRM = HOUR
"""A spoken approval is confirmed by its author within an hour (proposal of the project)."""


def ask_once(draft: Draft, spot: Spot, name: str) -> None:
    """Refuse to ask again for what is already asked, or still owed, of the same visit."""
    here = (spot.run.id, spot.track, spot.cursor.step, spot.cursor.visit, name)
    for approval in draft.incident.approvals.values():
        asked = (approval.run, approval.track, approval.step, approval.visit, approval.outcome)
        if approval.pending and asked == here:
            raise refuse(
                "approval_pending",
                approval=approval.id,
                outcome=spot.step.outcomes[name].label,
                by=draft.world.directory.name(approval.requested.by),
            )


def ask(
    draft: Draft, spot: Spot, command: c.PickOutcome, outcome: Outcome, unticked: tuple[int, ...]
) -> None:
    """Ask for the signatures that must come before; the requester's own counts if they fit a group."""
    assert outcome.sign is not None
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
    fits = signatures.fits(draft, draft.by, groups)
    if fits and len(groups) > 1 and draft.in_person:
        draft.act_as(signatures.role_for(draft, draft.by, groups, fits))
        asked = draft.incident.approvals[number]
        proof = trust.proof_of(draft, asked, draft.by, draft.order.source, _label(draft, asked))
        if proof is not None:
            draft.emit(e.ApprovalGiven(approval=number, fits=fits, proof=proof))


def approve(draft: Draft, command: c.Approve) -> None:
    """Sign, enter a spoken yes for somebody, or (director) go on without."""
    approval = _pending(draft, command.approval)
    if not approval.after:
        draft.need_open_incident()
    if command.force:
        _force(draft, approval, command.reason)
    elif command.voice or not draft.in_person:
        _voice(draft, approval, command.voice or draft.by)
    else:
        _sign(draft, approval, draft.by)


def _sign(draft: Draft, approval: Approval, person: str, *, voice: bool = False) -> None:
    fits = _vote(draft, approval, person)
    complete = len(approval.signed) + 1 == len(approval.groups)
    draft.act_as(signatures.role_for(draft, person, approval.groups, fits))
    way = trust.VOICE if voice else draft.order.source
    proof = trust.proof_of(draft, approval, person, way, _label(draft, approval))
    if proof is None:
        return
    confirm_by = draft.now + VOICE_CONFIRM if voice else 0
    draft.emit(
        e.ApprovalGiven(
            approval=approval.id,
            fits=fits,
            voice=voice,
            confirm_by=confirm_by,
            complete=complete,
            proof=proof,
        )
    )
    if complete and not approval.after:
        _go_on(draft, approval)


def _vote(draft: Draft, approval: Approval, person: str) -> tuple[int, ...]:
    """The groups that this vote fits, if it may be cast and fills one that nobody has filled."""
    what = _label(draft, approval)
    fits = signatures.fits(draft, person, approval.groups)
    if not fits:
        _refuse_with_people(draft, "not_a_signer", what, signatures.roles_of(approval))
    if any(signed.by == person for signed in approval.signed):
        raise refuse("already_signed", what=what, by=draft.world.directory.name(person))
    if any(signed.entered_by == person for signed in approval.signed):
        raise refuse("voice_by_signer", what=what)
    if person in (approval.requested.by, approval.typed_by) and len(approval.groups) == 1:
        raise refuse("requester_alone", what=what)
    votes = [signed.fits for signed in approval.signed] + [fits]
    if signatures.filled(votes, len(approval.groups)) < len(votes):
        _refuse_with_people(draft, "group_filled", what, signatures.missing_roles(approval))
    return fits


def _refuse_with_people(draft: Draft, code: str, what: str, roles: tuple[str, ...]) -> NoReturn:
    people = permissions.who_may(roles, draft.incident, draft.world.directory)
    raise refuse(code, what=what, roles=roles, people=people)


def _go_on(draft: Draft, approval: Approval, how: str = "approved") -> None:
    """Do what was asked: the request is bound to the visit, so the track still stands there. Facts may have changed."""
    spot = draft.spot(approval.run, approval.track, approval.step, approval.visit)
    guards.allow(draft, spot, approval.outcome)
    moves.pick(draft, approval.run, approval.track, approval.outcome, how, approval.reason, approval.unticked)


def _voice(draft: Draft, approval: Approval, speaker: str) -> None:
    """The actor of the entry is who spoke; who typed is beside. Whoever asked can't also be the only hand."""
    draft.need_known(speaker)
    typist = draft.typist or draft.by
    if typist == speaker:
        raise refuse("voice_of_oneself")
    asked = (approval.requested.by, approval.typed_by)
    if typist in asked or any(signed.by == typist for signed in approval.signed):
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
    """Say no, with a reason: the request falls. Whoever asked may take it back.

    An act already done stays "non régularisé": the refusal is written, and somebody else may still sign.
    """
    approval = _pending(draft, command.approval)
    what = _label(draft, approval)
    if draft.by != approval.requested.by:
        draft.act_as(draft.need_right(signatures.roles_of(approval), what))
    draft.emit(e.ApprovalRefused(approval=approval.id, reason=draft.need_reason(command.reason, what)))


def _force(draft: Draft, approval: Approval, reason: str) -> None:
    """The director goes on without the signatures, if nobody can give them or thirty minutes passed in silence.

    What is owed for an act already done can't be forced: it stays owed until it is given.
    """
    what = _label(draft, approval)
    draft.need_director(what)
    if approval.after:
        raise refuse("owed_not_forced", what=what, people=_missing_people(draft, approval))
    asked = (approval.requested.by, approval.typed_by)
    left = [
        signatures.still_to_be_called(draft, group, (draft.by, *asked))
        for group in signatures.unanswered(approval)
    ]
    if not approval.silent and all(left):
        raise refuse(
            "force_too_early", what=what, people=tuple(dict.fromkeys(p for one in left for p in one))
        )
    if draft.by in asked and (others := signatures.other_directors_here(draft)):
        raise refuse("requester_alone", what=what, people=others)
    reason = draft.need_reason(reason, what)
    proof = trust.proof_of(draft, approval, draft.by, draft.order.source, what)
    if proof is None:
        return
    draft.emit(e.ApprovalForced(approval=approval.id, reason=reason, proof=proof))
    _go_on(draft, approval, "forced")


def _missing_people(draft: Draft, approval: Approval) -> tuple[str, ...]:
    people = (p for group in signatures.unanswered(approval) for p in signatures.reachable(draft, group))
    return tuple(dict.fromkeys(people))


def _pending(draft: Draft, number: int) -> Approval:
    approval = draft.incident.approvals.get(number)
    if approval is None:
        raise refuse("unknown_approval", approval=number)
    if not approval.pending:
        last = approval.signed[-1] if approval.signed else None
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
