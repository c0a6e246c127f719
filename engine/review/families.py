"""The kinds of entries as people ask for them: decisions, notes, evidence, clocks, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["FAMILIES", "family_of"]

FAMILIES: Final[Mapping[str, tuple[str, ...]]] = {
    "life": (
        "incident_declared", "director_answered", "severity_changed", "incident_closed", "incident_reopened",
        "erased", "t0_corrected", "surface_changed",
    ),
    "steps": (
        "run_opened", "run_ended", "run_reopened", "wait_started", "track_opened", "track_moved", "track_ended",
        "outcome_picked", "step_taken", "step_woken", "step_blocked", "item_ticked", "roll_marked",
    ),
    "decisions": ("decision_made",),
    "approvals": (
        "approval_asked", "approval_given", "approval_started", "approval_doubted", "approval_forced",
        "approval_refused", "approval_cancelled", "approval_silent", "ratification_late", "voice_confirmed",
        "voice_unconfirmed",
    ),
    "deviations": ("deviation_recorded",),
    "notes": ("note_taken", "entry_corrected", "message_kept", "kept_message_changed"),
    "answers": ("fact_set",),
    "evidence": ("evidence_added",),
    "messages": ("message_sent",),
    "reports": ("situation_reported", "situation_due"),
    "clocks": (
        "clock_started", "clock_suspended", "clock_resumed", "clock_stopped", "clock_corrected", "clock_warned",
        "clock_breached",
    ),
    "activities": ("activity_changed", "application_changed"),
    "tasks": ("task_added", "task_finished", "task_late"),
    "late": ("escalated",),
    "cell": (
        "role_assigned", "presence_marked", "presence_silent", "call_made", "roll_called", "handed_over",
        "said",
    ),
    "house": (
        "person_invited", "invitation_cancelled", "account_linked", "account_revoked", "reach_changed",
        "group_bound", "place_bound", "chat_moved", "bot_named", "pin_set", "reminded", "role_appointed",
        "number_changed", "person_left", "reach_asked", "reach_confirmed", "lesson_judged",
    ),
}  # fmt: skip
"""Each kind of the journal is in one of them. What counts as a decision is wider: see `Line.decision`."""

_FAMILY: Final = {kind: family for family, kinds in FAMILIES.items() for kind in kinds}


def family_of(kind: str) -> str:
    """The family of a kind of entry."""
    return _FAMILY[kind]
