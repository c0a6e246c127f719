"""What people see of an incident, as values without a word of any language, the same for every surface."""

from engine.core.cards.touched import (
    ACTIVITIES,
    CELL,
    CLOCKS,
    OVERVIEW,
    PEOPLE,
    TASKS,
    approval_key,
    step_key,
    touched,
)

__all__ = [
    "ACTIVITIES", "CELL", "CLOCKS", "OVERVIEW", "PEOPLE", "TASKS", "approval_key", "step_key", "touched",
]  # fmt: skip
