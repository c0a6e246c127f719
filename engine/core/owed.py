"""What is still owed once an incident is closed: which tasks outlive it."""

from __future__ import annotations

from engine.core.incident import Incident, Task
from engine.core.world import World

__all__ = ["is_owed"]


def is_owed(task: Task, incident: Incident, world: World) -> bool:
    """Whether this is still to be done: closing ends what had a sense only while the incident was open.

    Those are the duties of its opening, and what a false alarm asks of runs that can no longer move.
    """
    if task.done is not None or incident.played_out:
        return False
    if incident.status != "closed":
        return True
    duty = world.duties.get(task.duty)
    return not task.duty.startswith("check-run-") and (duty is None or duty.when != "opening")
