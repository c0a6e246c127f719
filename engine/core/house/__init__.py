"""The house: which account is whose, which group serves what, beside all incidents.

It is a stream of the same journal (`HOUSE`), decided, folded, chained and verified like an incident, and no incident:
`Incident.house` of that one stream holds it. `state` says what is true, `fold` how it came so, `codes` what a one-time
code and a PIN are compared with; the rules are `engine.core.decide.house`.
"""

from engine.core.house.staff import Staff
from engine.core.house.state import (
    CRISIS,
    DECLARE,
    EXERCISES,
    PURPOSES,
    SURFACES,
    Chat,
    House,
    Invitation,
    Link,
    Pin,
    Reminder,
)
from engine.core.names import HOUSE

__all__ = [
    "CRISIS", "DECLARE", "EXERCISES", "HOUSE", "PURPOSES", "SURFACES", "Chat", "House", "Invitation", "Link", "Pin",
    "Reminder", "Staff",
]  # fmt: skip
