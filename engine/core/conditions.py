"""Flat conditions on typed facts: `when: {fact: value, fact: [any, of], number: "> 10", other: connu}`.

Flat on purpose: a director reads them, and since facts are typed the linter can try every combination.
A fact nobody answered makes a condition `None`, neither true nor false: the button waits for the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

__all__ = ["KNOWN", "UNKNOWN", "Condition", "FactValue", "Test", "contradicted", "holds", "parse_test"]

FactValue = str | int
"""Numbers with decimals, money, dates stay text in one canonical spelling: the journal holds no floats."""

KNOWN: Final = "connu"
UNKNOWN: Final = "inconnu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One test of one fact. `op` is `in`, `known`, `unknown`, or one of `< <= > >=`."""

    __test__ = False  # pytest would collect the name

    op: str
    values: tuple[str, ...] = ()

    def passes(self, value: FactValue | None) -> bool | None:
        """True, false, or None when the fact is unknown and the test can't tell."""
        if self.op == "unknown":
            return value is None
        if self.op == "known":
            return value is not None
        if value is None:
            return None
        if self.op == "in":
            text = _spelling(value)
            return text in self.values or (text[:1] in _SIGNS_AND_DIGITS and _same(text, self.values))
        return _compare(self.op, _spelling(value), self.values[0])


Condition = Mapping[str, Test]
"""All tests must pass. An empty condition always holds."""

_SIGNS_AND_DIGITS = tuple("+-0123456789")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_HOUR = re.compile(r"(\d{1,2})[:hH](\d{2})(.*)", re.DOTALL)
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(.*)", re.DOTALL)
_COMPARISON = re.compile(r"(<=|>=|<|>|=)\s*(\S.*)")


def parse_test(written: object) -> Test:
    """Read the right side of a condition; raise ValueError when it is not one."""
    if isinstance(written, (list, tuple)):
        if not written or not all(isinstance(one, (str, int)) for one in written):
            raise ValueError(written)
        return Test(op="in", values=tuple(str(one).strip() for one in written))
    if not isinstance(written, (str, int)):
        raise ValueError(written)
    text = str(written).strip()
    if text in (KNOWN, "known"):
        return Test(op="known")
    if text in (UNKNOWN, "unknown"):
        return Test(op="unknown")
    if found := _COMPARISON.fullmatch(text):
        operator, bound = found.groups()
        return Test(op="in" if operator == "=" else operator, values=(bound.strip(),))
    if not text:
        raise ValueError(written)
    return Test(op="in", values=(text,))


def holds(condition: Condition, facts: Mapping[str, FactValue]) -> tuple[bool | None, tuple[str, ...]]:
    """Say whether the condition holds, and which facts it still waits for.

    False wins over unknown: one failed test is enough, whatever the others would say.
    """
    missing = []
    for name, test in condition.items():
        verdict = test.passes(facts.get(name))
        if verdict is False:
            return False, ()
        if verdict is None:
            missing.append(name)
    return (None, tuple(missing)) if missing else (True, ())


def contradicted(condition: Condition, facts: Mapping[str, FactValue]) -> bool:
    """Say whether what is known excludes the condition; what is not known excludes nothing here."""
    return any(test.passes(facts[name]) is False for name, test in condition.items() if name in facts)


def thresholds(tests: Iterable[Test]) -> tuple[str, ...]:
    """The bounds that these tests compare with, in order: where a number has to be cut to try every case."""
    bounds = {test.values[0] for test in tests if test.op in ("<", "<=", ">", ">=")}
    return tuple(sorted(bounds, key=_sort_key))


def _spelling(value: FactValue) -> str:
    return str(value)


def _same(text: str, others: tuple[str, ...]) -> bool:
    """Whether one of the others is the same number, date or hour, otherwise spelled: `10,50` is 10.5."""
    key = _sort_key(text)
    return any(key == _sort_key(other) for other in others)


def _compare(operator: str, left: str, right: str) -> bool:
    a, b = _sort_key(left), _sort_key(right)
    if a[0] != b[0]:
        return False
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def _sort_key(text: str) -> tuple[int, Decimal, str]:
    """Numbers by size, anything else by text: dates in ISO form, hours on two digits, however the author wrote them."""
    if _NUMBER.fullmatch(text):
        return 0, Decimal(text.replace(",", ".")), ""
    if found := _HOUR.fullmatch(text):
        return 1, Decimal(0), f"{found[1]:>02}:{found[2]}{found[3]}"
    if found := _DAY.fullmatch(text):
        return 1, Decimal(0), f"{found[3]}-{found[2]:>02}-{found[1]:>02}{found[4]}"
    return 1, Decimal(0), text
