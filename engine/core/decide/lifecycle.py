"""Opening and closing: the declaration, the procedures, the severity, the end."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core.decide import law, moves
from engine.core.decide.draft import Draft, refuse

__all__ = ["abandon_run", "change_severity", "close", "correct_t0", "declare", "open_runbook", "reopen"]

SEVERITIES = ("G1", "G2", "G3", "G4")


def declare(draft: Draft, command: c.Declare) -> None:
    """Open the incident. Anybody of the directory may; a doubt is enough ("je ne sais pas encore")."""
    if draft.incident.status != "none":
        raise refuse("already_declared", incident=draft.incident.id)
    if command.known_at:
        draft.need_past(command.known_at)
    severity, readiness = command.severity, False
    if command.runbook:
        digest = draft.world.shelf.current(command.runbook)
        if digest is None:
            raise refuse("unknown_runbook", runbook=command.runbook)
        runbook = draft.world.shelf.definition(digest).runbook
        severity, readiness = severity or runbook.severity or "", runbook.is_readiness
    if severity and severity not in SEVERITIES:
        raise refuse("unknown_severity", level=severity, choices=SEVERITIES)
    draft.emit(
        e.IncidentDeclared(
            title=" ".join(command.title.split()),
            known_at=command.known_at or draft.now,
            known_by=command.known_by.strip(),
            severity=severity,
            exercise=command.exercise,
            # A review needs nobody who directs: it can't be a way to force one's own signatures.
            interim=not readiness and draft.by not in draft.world.directory.directors(),
            readiness=readiness,
        )
    )
    if not readiness:
        law.duties(draft, "opening")
    if command.runbook:
        moves.open_run(draft, command.runbook, why="declared", t0=draft.incident.known_at)


def open_runbook(draft: Draft, command: c.OpenRunbook) -> None:
    """Start a procedure beside the others. One already running is offered first, unless it may run several times."""
    draft.need_role(command.runbook)
    digest = draft.world.shelf.current(command.runbook)
    if digest is None:
        raise refuse("unknown_runbook", runbook=command.runbook)
    runbook = draft.world.shelf.definition(digest).runbook
    same = next((run for run in draft.incident.open_runs if run.runbook == command.runbook), None)
    if same is not None and not (command.again or runbook.several):
        raise refuse("already_running", runbook=runbook.title, run=same.id, at=same.opened_at)
    moves.open_run(draft, command.runbook, why="opened")


def abandon_run(draft: Draft, command: c.AbandonRun) -> None:
    """Give a procedure up (director, with a reason); whoever waits for it hears so."""
    run = draft.run(command.run)
    title = draft.definition(run).runbook.title
    draft.need_director(title)
    if not run.open:
        raise refuse("run_over", run=title, at=run.ended_at)
    moves.close_run(draft, command.run, "abandoned", reason=draft.need_reason(command.reason, title))


def correct_t0(draft: Draft, command: c.CorrectT0) -> None:
    """First knowledge was earlier or later than written: said with why, by anybody who holds a role."""
    draft.need_role("T0")
    run = draft.run(command.run)
    reason = draft.need_reason(command.reason, "T0")
    draft.need_past(command.t0)
    if run.t0 != command.t0:
        law.correct_t0(draft, command.run, command.t0, reason)


def change_severity(draft: Draft, command: c.ChangeSeverity) -> None:
    """Set the severity, G1 to G4."""
    draft.need_role("severity")
    level = command.level.upper()
    if level not in SEVERITIES:
        raise refuse("unknown_severity", level=command.level, choices=SEVERITIES)
    if level != draft.incident.severity:
        draft.emit(e.SeverityChanged(level=level, reason=command.reason.strip()))


def close(draft: Draft, command: c.CloseIncident) -> None:
    """Close (director). What is still open is listed and has to be accepted; nothing of the law is cancelled."""
    draft.need_director("close")
    incident = draft.incident
    if incident.status == "closed":
        raise refuse("incident_closed", at=incident.closed.at if incident.closed else 0)
    runs = tuple(run.id for run in incident.open_runs)
    pending = tuple(approval.id for approval in incident.approvals.values() if approval.status == "owed")
    clocks = tuple(clock.id for clock in incident.clocks.values() if clock.status == "running")
    down = tuple(
        name for name, one in incident.activities.items() if one.status in ("interrupted", "degraded")
    )
    if (runs or pending or clocks or down) and not command.confirm:
        titles = tuple(draft.definition(run).runbook.title for run in incident.open_runs)
        raise refuse(
            "still_open",
            runs=titles,
            pending=tuple(str(one) for one in pending),
            clocks=clocks,
            activities=down,
        )
    if runs:
        draft.need_reason(command.reason, "close")
        law.duties_at_closing(draft)
    draft.emit(
        e.IncidentClosed(reason=command.reason.strip(), open_runs=runs, pending=pending, clocks=clocks)
    )


def reopen(draft: Draft, command: c.ReopenIncident) -> None:
    """Open a closed incident again (director, with a reason)."""
    draft.need_director("reopen")
    if draft.incident.status != "closed":
        raise refuse("not_closed")
    draft.emit(e.IncidentReopened(reason=draft.need_reason(command.reason, "reopen")))
