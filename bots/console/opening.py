"""Open an incident, from any door: the order that declares it, and its receipt."""

from __future__ import annotations

import uuid

from bots.answering.office import Office
from engine.core.commands import Declare, Order
from engine.core.receipt import Receipt

__all__ = ["declare"]


def declare(
    office: Office,
    person: str,
    runbook: str,
    title: str = "",
    *,
    exercise: bool = False,
    source: str = "terminal",
    key: str = "",
) -> Receipt:
    """Declare an incident now, with a procedure; its title is the procedure's unless one is given."""
    now = office.now()
    command = Declare(
        title=title or office.runbooks.get(runbook, runbook), known_at=now, runbook=runbook, exercise=exercise
    )
    order = Order(incident="", command=command, by=person, at=now, key=key or uuid.uuid4().hex, source=source)
    return office.home.desk.submit_now(order)
