"""What people see of an incident, as values without a word of any language, the same for every surface.

A card is computed from the incident, its world and the hour; `touched` says which ones an entry changes.
"""

from engine.core.cards.activities import activities_card, proposed
from engine.core.cards.overview import overview
from engine.core.cards.people import approval_card, duties, may_sign, mine, person_card
from engine.core.cards.scene import Limits, Place, Scene
from engine.core.cards.sections import cell_card, clocks_card, tasks_card
from engine.core.cards.step import heading, incident_title, step_card, who
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
    "ACTIVITIES", "CELL", "CLOCKS", "OVERVIEW", "PEOPLE", "TASKS", "Limits", "Place", "Scene",
    "activities_card", "approval_card", "approval_key", "cell_card", "clocks_card", "duties", "heading",
    "incident_title", "may_sign", "mine", "overview", "person_card", "proposed", "step_card", "step_key",
    "tasks_card", "touched", "who",
]  # fmt: skip
