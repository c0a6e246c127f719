"""Conditions tried in every case: facts are typed, so that numbers are cut at their thresholds and choices listed.

A step's way out can be closed only by a condition that is false. One that waits for an unknown fact isn't closed: the
question is shown. So the cases that leave no way out are those where every outcome that leaves is false at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation

from engine.core.conditions import Condition, Test, thresholds
from engine.core.runbook import FactSpec
from engine.library.finding import Finding
from engine.library.lint.page import Page, Path, PlacedOutcome, PlacedStep

__all__ = ["MOST_FACTS", "RULES", "samples"]

MOST_FACTS = 6
_COMPARED = frozenset({"integer", "number", "money", "date", "time", "datetime"})
_NUMBERS = frozenset({"integer", "number", "money"})


def tests_make_sense(page: Page) -> Iterator[Finding]:
    """A test compares numbers and dates, and names choices that exist."""
    for condition, path in _conditions(page):
        for name, test in condition.items():
            spec = page.facts.get(name)
            if spec is not None:
                yield from _one_test(page, name, spec, test, (*path, name))


def _one_test(page: Page, name: str, spec: FactSpec, test: Test, path: Path) -> Iterator[Finding]:
    if test.op in ("<", "<=", ">", ">="):
        if spec.type not in _COMPARED:
            yield page.finding("comparison_type", path, value=True, fact=name, type=spec.type)
        elif (spec.type in _NUMBERS) != _is_number(test.values[0]):
            yield page.finding(
                "comparison_bound", path, value=True, fact=name, type=spec.type, bound=test.values[0]
            )
    elif test.op == "in" and spec.type == "choice":
        for value in test.values:
            if value not in spec.choices:
                yield page.finding(
                    "choice_unknown", path, value=True, among=spec.choices, meant=value, fact=name,
                    written=value, choices=list(spec.choices),
                )  # fmt: skip
    elif test.op == "in" and spec.type in _NUMBERS:
        for value in test.values:
            if not _is_number(value):
                yield page.finding(
                    "comparison_bound", path, value=True, fact=name, type=spec.type, bound=value
                )


def _conditions(page: Page) -> Iterator[tuple[Condition, Path]]:
    yield from ((use.unless, ("clocks", n, "unless")) for n, use in enumerate(page.runbook.clocks))
    for place in page.steps:
        for n, case in enumerate(place.step.target if isinstance(place.step.target, tuple) else ()):
            yield case.when, (*place.path, "target", n, "when")
    for placed in page.outcomes:
        yield placed.outcome.when, (*placed.path, "when")
        yield from (
            (one.when, (*placed.path, "open", n, "when")) for n, one in enumerate(placed.outcome.open)
        )


def ways_out(page: Page) -> Iterator[Finding]:
    """Whatever is known, some outcome that leaves the step isn't ruled out."""
    for place in page.steps:
        conditions = _closable(page, place)
        if conditions is None:
            continue
        names = dict.fromkeys(name for when in conditions for name in when)
        if not all(_sensible(page, when) for when in conditions):
            continue
        if len(names) > MOST_FACTS:
            yield page.finding(
                "too_many_facts", place.path, severity="warning", step=place.id, count=len(names),
                most=MOST_FACTS,
            )  # fmt: skip
            continue
        case = _dead_end(conditions, {name: page.facts[name] for name in names})
        if case is not None:
            yield page.finding("no_way_out", place.path, step=place.id, case=_told(case))


def _sensible(page: Page, condition: Condition) -> bool:
    """Say whether nothing else is wrong with a condition: what it leaves open would be beside the point."""
    return all(
        name in page.facts and not any(_one_test(page, name, page.facts[name], test, ()))
        for name, test in condition.items()
    )


def _closable(page: Page, place: PlacedStep) -> list[Condition] | None:
    """The conditions of all outcomes that leave; None when one of them is always open."""
    found: list[Condition] = []
    heard = page.results_heard(place.step)
    for name, outcome in place.step.outcomes.items():
        if not outcome.leaves:
            continue
        if not outcome.when or outcome.otherwise or outcome.is_automatic or name in heard:
            return None
        waits = {
            name: test for name, test in outcome.when.items() if test.op != "known" or not outcome.urgent
        }
        if not waits:
            return None  # an urgent one waits for no answer
        found.append(waits)
    return found or None


def _dead_end(conditions: list[Condition], facts: Mapping[str, FactSpec]) -> dict[str, str | None] | None:
    """A case (a value for each fact, None for unknown) in which every condition is false, if there is one.

    Each value of a fact rules out a set of conditions, a bit mask; values that rule out the same are one.
    """
    everything = (1 << len(conditions)) - 1
    cases: dict[int, dict[str, str | None]] = {0: {}}
    for name, spec in facts.items():
        tests = [when.get(name) for when in conditions]
        ruled_out: dict[int, str | None] = {}
        for value in samples(spec, [test for test in tests if test is not None]):
            mask = sum(1 << n for n, test in enumerate(tests) if test and test.passes(value) is False)
            ruled_out.setdefault(mask, value)
        cases = {
            so_far | mask: {**case, name: value}
            for so_far, case in reversed(cases.items())
            for mask, value in ruled_out.items()
        }
    return cases.get(everything)


def never_offered(page: Page) -> Iterator[Finding]:
    """A condition that no value of its facts fulfils is a button that nobody will ever see lit."""
    for placed in page.outcomes:
        for name, test in placed.outcome.when.items():
            if not _sensible(page, {name: test}):
                continue
            if not any(test.passes(value) for value in samples(page.facts[name], [test])):
                yield _never(page, placed, name)


def _never(page: Page, placed: PlacedOutcome, fact: str) -> Finding:
    path = (*placed.path, "when", fact)
    return page.finding("never_offered", path, step=placed.at.id, outcome=placed.id, fact=fact)


def samples(spec: FactSpec, tests: Iterable[Test]) -> list[str | None]:
    """One value of each kind that these tests can tell apart, unknown among them (None)."""
    tests = list(tests)
    named = [value for test in tests if test.op == "in" for value in test.values]
    if spec.type == "choice":
        return [None, *spec.choices]
    bounds = list(thresholds(tests))
    if spec.type in _NUMBERS:
        return [None, *_numbers(spec, [*bounds, *named])]
    between = [f"{bound} " for bound in bounds]  # just after it, in the order of ISO dates
    return [None, "0", *bounds, *between, *named, "9999-12-31"]


def _numbers(spec: FactSpec, bounds: list[str]) -> list[str]:
    """Each bound, what lies just beside it, and what lies between two of them, within the fact's limits."""
    marks = sorted({Decimal(bound.replace(",", ".")) for bound in bounds if _is_number(bound)})
    step = Decimal(1) if spec.type == "integer" else Decimal("0.001")
    low, high = (Decimal(limit) if limit and _is_number(limit) else None for limit in (spec.min, spec.max))
    values = {Decimal(0), *(mark + shift for mark in marks for shift in (-step, Decimal(0), step))}
    values |= {limit for limit in (low, high) if limit is not None}
    kept = (v for v in sorted(values) if (low is None or v >= low) and (high is None or v <= high))
    return [
        str(value.normalize().quantize(Decimal(1)) if value == value.to_integral() else value)
        for value in kept
    ]


def _is_number(text: str) -> bool:
    try:
        return Decimal(text.replace(",", ".")).is_finite()
    except InvalidOperation:
        return False


def _told(case: Mapping[str, str | None]) -> str:
    return ", ".join(f"{name} = {'?' if value is None else value.strip()}" for name, value in case.items())


RULES = (tests_make_sense, ways_out, never_offered)
