"""Who may act: the holder of the role, a deputy at any time, the director always.

`directeur_crise` is an ordered list of the directory; whoever declared is director too until one of them answers.
A role that nobody holds falls at once to the directory's `fallback`, then to the director. An incident may give a role
to somebody else than the directory does: that person comes first, the directory's people stay deputies.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.directory import DIRECTOR, Directory
from engine.core.incident import Incident

__all__ = [
    "directors",
    "gives",
    "hat",
    "holders",
    "holds",
    "is_away",
    "is_stand_in",
    "right",
    "roles_of",
    "stand_ins",
    "who_may",
]


def holders(role: str, incident: Incident, directory: Directory) -> tuple[str, ...]:
    """The people who hold this role itself, holder first; empty when nobody does."""
    if role == DIRECTOR:
        return directors(incident, directory)
    post = directory.roles.get(role)
    listed = post.people if post else ()
    assigned = _assigned(role, incident, directory)
    if not assigned or (listed and listed[0] == assigned):
        return listed
    return (assigned, *(person for person in listed if person != assigned))


def directors(incident: Incident, directory: Directory) -> tuple[str, ...]:
    """The directors of the crisis in the order of the directory, the interim one last."""
    listed = directory.directors()
    assigned = _assigned(DIRECTOR, incident, directory)
    if assigned:
        listed = (assigned, *(person for person in listed if person != assigned))
    if incident.interim and incident.interim not in listed and not directory.is_gone(incident.interim):
        return (*listed, incident.interim)
    return listed


def _assigned(role: str, incident: Incident, directory: Directory) -> str:
    """Whom the incident gave this role to; nobody once they are gone."""
    person = incident.roles.get(role, "")
    return "" if directory.is_gone(person) else person


def is_stand_in(person: str, incident: Incident, directory: Directory) -> bool:
    """Whether this person directs only until a director of the directory, or one appointed, answers."""
    appointed = (*directory.directors(), incident.roles.get(DIRECTOR, ""))
    return person == incident.interim and person not in appointed


def stand_ins(role: str, incident: Incident, directory: Directory) -> tuple[str, ...]:
    """Who holds the role, else the first of its fallback that somebody holds; nobody when it falls to the director."""
    for one in (role, *directory.fallback.get(role, ())):
        people = holders(one, incident, directory)
        if people:
            return people
    return ()


def holds(person: str, role: str, incident: Incident, directory: Directory) -> bool:
    """Say whether this person holds the role, a vacant one falling to its fallback, then to the director."""
    people = stand_ins(role, incident, directory)
    return person in (people or directors(incident, directory))


def right(person: str, roles: Iterable[str], incident: Incident, directory: Directory) -> str | None:
    """The role under which this person may act for one of `roles`; None when they may not."""
    for role in roles:
        if holds(person, role, incident, directory):
            return role
    return DIRECTOR if person in directors(incident, directory) else None


def gives(person: str, roles: Iterable[str], incident: Incident, directory: Directory) -> tuple[str, ...]:
    """Those of these roles that this person may give to somebody; who only stands in doesn't give the direction."""
    stands_in = is_stand_in(person, incident, directory)
    return tuple(
        role
        for role in roles
        if right(person, (role,), incident, directory) and not (role == DIRECTOR and stands_in)
    )


def who_may(roles: Iterable[str], incident: Incident, directory: Directory) -> tuple[str, ...]:
    """The people to turn to, in order: those of the roles (or of their fallback), then the directors."""
    people: dict[str, None] = {}
    for role in roles:
        people |= dict.fromkeys(stand_ins(role, incident, directory))
    return tuple(people | dict.fromkeys(directors(incident, directory)))


def roles_of(person: str, incident: Incident, directory: Directory) -> tuple[str, ...]:
    """The roles this person holds or deputises for, those given in the incident first."""
    given = (role for role, assigned in incident.roles.items() if assigned == person)
    return tuple(dict.fromkeys((*given, *directory.roles_of(person))))


def hat(person: str, incident: Incident, directory: Directory) -> str:
    """The role that best describes this person, for acts that need none: director, else the first they hold."""
    if person in directors(incident, directory):
        return DIRECTOR
    return next(iter(roles_of(person, incident, directory)), "")


def is_away(person: str, incident: Incident) -> bool:
    """Marked unavailable: left out of every escalation."""
    return incident.presence.get(person) == "unavailable"
