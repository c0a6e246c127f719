"""Who does it, by when, who signs: said for each step, and held by somebody when the directory is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.core.directory import DIRECTOR, Directory
from engine.library.finding import Finding
from engine.library.lint.page import Page, PlacedOutcome

__all__ = ["RULES"]


def steps_have_somebody(page: Page) -> Iterator[Finding]:
    """A step names its role, and when it should be done."""
    for place in page.steps:
        step = place.step
        if step.end is not None:
            continue
        if not step.role:
            yield page.finding("step_no_role", place.path, severity="warning", step=place.id)
        clock_decides = any(one.auto_after or one.once for one in step.outcomes.values())
        if step.target is None and step.wait_for is None and not clock_decides:
            yield page.finding("step_no_target", place.path, severity="info", step=place.id)


def roles_are_held(page: Page) -> Iterator[Finding]:
    """Each role has a holder and a deputy in the town's directory."""
    directory = page.around.directory
    if directory is None:
        return
    for role in page.runbook.roles:
        post = directory.roles.get(role)
        if post is None or not post.people:
            stands_in = [one for one in directory.fallback.get(role, ()) if _held(directory, one)]
            yield page.finding(
                "role_vacant", ("roles", role), severity="info" if stands_in else "warning", role=role,
                fallback=stands_in or [DIRECTOR],
            )  # fmt: skip
        elif len(post.people) < 2:
            yield page.finding("role_no_deputy", ("roles", role), severity="info", role=role)


def _held(directory: Directory, role: str) -> bool:
    return role in directory.roles and bool(directory.roles[role].people)


def signatures(page: Page) -> Iterator[Finding]:
    """Two people sign, from two groups that don't share a role; and the town has enough people for that."""
    for placed in page.outcomes:
        if placed.outcome.sign is None:
            continue
        groups, path = placed.outcome.sign.by, (*placed.path, "sign", "by")
        if len(groups) < 2:
            yield page.finding("sign_alone", path, step=placed.at.id, outcome=placed.id)
        for n, group in enumerate(groups):
            shared = [role for role in group if any(role in other for other in groups[:n])]
            for role in shared:
                yield page.finding(
                    "sign_shared", (*path, n), severity="warning", step=placed.at.id, outcome=placed.id,
                    role=role,
                )  # fmt: skip
        yield from _enough_people(page, placed, groups)


def _enough_people(page: Page, placed: PlacedOutcome, groups: Sequence[Sequence[str]]) -> Iterator[Finding]:
    directory = page.around.directory
    if directory is None:
        return
    able = [{who for role in group for who in _people(directory, role)} for group in groups]
    if all(able) and not _distinct(able, frozenset()):
        yield page.finding(
            "sign_impossible", (*placed.path, "sign", "by"), severity="warning", step=placed.at.id,
            outcome=placed.id,
        )  # fmt: skip


def _people(directory: Directory, role: str) -> tuple[str, ...]:
    post = directory.roles.get(role)
    return post.people if post is not None else ()


def _distinct(groups: Sequence[set[str]], taken: frozenset[str]) -> bool:
    """Say whether each group can be filled by somebody who fills no other."""
    if not groups:
        return True
    return any(_distinct(groups[1:], taken | {who}) for who in groups[0] - taken)


RULES = (steps_have_somebody, roles_are_held, signatures)
