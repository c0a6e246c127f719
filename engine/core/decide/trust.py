"""What a suspect surface still takes, and how an irreversible yes is proved while there is one.

Whoever has got into a channel speaks with everybody's accounts there. So nothing is done from it: what is only written
down goes in, with where it came from, and moves nothing. And one account elsewhere is no longer enough for what can't
be undone: the same person says yes two ways (two surfaces, or one and the voice), or gives their PIN.
"""

from __future__ import annotations

from typing import Final

from engine.core import commands as c
from engine.core import events as e
from engine.core.decide.draft import Draft, refuse
from engine.core.house import SURFACES
from engine.core.incident import Approval

__all__ = ["PASSED_ON", "PIN", "SECOND_WAY", "VOICE", "admit", "change_surface", "proof_of"]

PASSED_ON: Final = "alarm"
"""Where an order comes from that carries an alarm from one incident to the next: nobody acts there."""
PIN: Final = "pin"
SECOND_WAY: Final = "second_way"
VOICE: Final = "voice"

_STILL_WRITTEN: Final = (c.Note, c.KeepMessage, c.ReportChange, c.ChangeSurface)
"""Reality goes in, even from there, as what it is: words of a suspect channel."""


def admit(draft: Draft) -> None:
    """Refuse what may not be done from a suspect surface."""
    source = draft.order.source
    if source in draft.incident.suspect and not isinstance(draft.order.command, _STILL_WRITTEN):
        raise refuse("surface_suspect", surface=source)


def change_surface(draft: Draft, command: c.ChangeSurface) -> None:
    """Say that a surface is suspect, from anywhere; or sound again, from elsewhere."""
    if draft.order.source != PASSED_ON:  # whoever gave the alarm had a role where they gave it
        draft.need_role("surface")
    if command.surface not in SURFACES:
        raise refuse("unknown_surface", surface=command.surface, choices=SURFACES)
    if command.status not in ("suspect", "sound"):
        raise refuse("unknown_surface_status", status=command.status)
    suspect = command.status == "suspect"
    if not suspect and draft.order.source in draft.incident.suspect:
        raise refuse("surface_suspect", surface=draft.order.source)
    if suspect is not (command.surface in draft.incident.suspect):
        draft.emit(
            e.SurfaceChanged(surface=command.surface, status=command.status, reason=command.reason.strip())
        )
        if suspect:
            _doubt(draft, command.surface)


def _doubt(draft: Draft, surface: str) -> None:
    """What was signed there before the alarm may be the attacker's: as long as nothing was done on it, it falls."""
    for approval in draft.incident.approvals.values():
        signed = enumerate(approval.signed) if approval.status == "asked" else ()
        doubted = [(n, one.by) for n, one in signed if one.source == surface and not one.proof]
        if doubted:
            draft.emit(
                e.ApprovalDoubted(
                    approval=approval.id,
                    surface=surface,
                    signatures=tuple(n for n, _ in doubted),
                    people=tuple(by for _, by in doubted),
                )
            )


def proof_of(draft: Draft, approval: Approval, person: str, way: str, what: str) -> str | None:
    """How this yes is proved (empty: nothing special is needed), or None: it is half said, and that is written.

    `way`: where it was said, or by voice. What is signed after the act (a reversible one) needs no more than ever.
    """
    command, suspect = draft.order.command, draft.incident.suspect
    proof = command.proof if isinstance(command, c.Approve) and way != VOICE else ""
    if approval.after or not suspect or proof == PIN:
        return proof
    ways = {one.way for one in approval.started if one.by == person} - suspect
    if not ways:
        draft.emit(e.ApprovalStarted(approval=approval.id, way=way))
        return None
    if ways == {way}:
        raise refuse("second_way_needed", what=what, surface=way)
    return SECOND_WAY
