"""Whose signatures a request may have, has, and still misses. It only looks; `approvals` decides.

Distinct people are matched to groups: a person fits every group one of whose roles they hold, and fills one.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core import permissions
from engine.core.decide.draft import Draft
from engine.core.directory import DIRECTOR
from engine.core.incident import Approval

__all__ = [
    "filled",
    "fits",
    "missing_roles",
    "other_directors_here",
    "reachable",
    "role_for",
    "roles_of",
    "still_to_be_called",
    "unanswered",
]


def filled(votes: Sequence[tuple[int, ...]], groups: int) -> int:
    """How many of these votes find a group of their own: a maximum matching, small enough to try every way."""
    taken: dict[int, int] = {}

    def place(vote: int, seen: set[int]) -> bool:
        for group in votes[vote]:
            if group < groups and group not in seen:
                seen.add(group)
                if group not in taken or place(taken[group], seen):
                    taken[group] = vote
                    return True
        return False

    return sum(place(vote, set()) for vote in range(len(votes)))


def fits(draft: Draft, person: str, groups: tuple[tuple[str, ...], ...]) -> tuple[int, ...]:
    """The groups (from 0) that this person may fill, by the roles they hold now."""
    return tuple(
        n
        for n, group in enumerate(groups)
        if any(permissions.holds(person, role, draft.incident, draft.world.directory) for role in group)
    )


def role_for(draft: Draft, person: str, groups: tuple[tuple[str, ...], ...], fitted: tuple[int, ...]) -> str:
    """The role under which this person signs."""
    return next(
        role
        for group in fitted
        for role in groups[group]
        if permissions.holds(person, role, draft.incident, draft.world.directory)
    )


def roles_of(approval: Approval) -> tuple[str, ...]:
    """Every role that one of its groups names."""
    return tuple(dict.fromkeys(role for group in approval.groups for role in group))


def unanswered(approval: Approval) -> tuple[tuple[str, ...], ...]:
    """The groups that nobody has filled yet."""
    votes = [signed.fits for signed in approval.signed]
    return tuple(
        group
        for n, group in enumerate(approval.groups)
        if filled([*votes, (n,)], len(approval.groups)) > len(votes)
    )


def missing_roles(approval: Approval) -> tuple[str, ...]:
    """The roles of the groups that nobody has filled yet."""
    return tuple(dict.fromkeys(role for group in unanswered(approval) for role in group))


def reachable(draft: Draft, group: tuple[str, ...]) -> tuple[str, ...]:
    """The people who hold a role of this group and are not marked unavailable."""
    incident, directory = draft.incident, draft.world.directory
    people = dict.fromkeys(
        person for role in group for person in permissions.holders(role, incident, directory)
    )
    return tuple(person for person in people if not permissions.is_away(person, incident))


def still_to_be_called(draft: Draft, group: tuple[str, ...], interested: tuple[str, ...]) -> tuple[str, ...]:
    """The people of this group whom nothing but the interested say-so declares out of reach.

    Whoever acted here counts as reachable until they say otherwise themselves; and being called unavailable by those
    who want to go on without them proves nothing.
    """
    incident, directory = draft.incident, draft.world.directory
    people = dict.fromkeys(
        person for role in group for person in permissions.holders(role, incident, directory)
    )
    return tuple(
        person
        for person in people
        if person in incident.answered
        or not permissions.is_away(person, incident)
        or incident.told_away.get(person) in interested
    )


def other_directors_here(draft: Draft) -> tuple[str, ...]:
    """The directors, deputies too, who have answered and are not the one who acts."""
    incident = draft.incident
    directors = permissions.holders(DIRECTOR, incident, draft.world.directory)
    return tuple(
        p
        for p in directors
        if p != draft.by and (p in incident.answered or incident.presence.get(p) in ("present", "coming"))
    )
