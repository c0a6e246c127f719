"""Fill the texts of a runbook: `{{ facts }}`, in a sandbox, with the filters `time` and `date`.

A fact that nobody answered reads "(à préciser)", a sensitive one "(masqué)" where it must not show. A text that can't
be filled in is shown as its author wrote it: at 3 a.m. a raw `{{` is better than no instruction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.i18n import Words

__all__ = ["fill"]

LONGEST = 40_000
"""Characters of a filled text: a loop in a template stops there."""


def fill(source: str, facts: Mapping[str, str], words: Words, *, hidden: tuple[str, ...] = ()) -> str:
    """The text with its facts. `hidden`: the facts to mask on this surface."""
    if "{{" not in source:
        return source
    from jinja2 import TemplateError

    masked = words.say("cards.text.masked")
    told = {**facts, **{name: masked for name in hidden if name in facts}}
    try:
        return _template(source, words.say("cards.text.unknown"))(told)[:LONGEST]
    except (TemplateError, ArithmeticError, AttributeError, TypeError, ValueError, RecursionError):
        return source


@lru_cache(maxsize=512)
def _template(source: str, unknown: str) -> Callable[[Mapping[str, str]], str]:
    from jinja2 import Undefined
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class ToSay(Undefined):
        """A fact that nobody answered yet."""

        def __str__(self) -> str:
            return unknown

    class Strict(ImmutableSandboxedEnvironment):
        """Names and two filters: no attribute, no call, no arithmetic that could fill the memory."""

        intercepted_binops = frozenset(("*", "**", "%", "+"))

        def call_binop(self, *_: Any) -> Any:
            raise SecurityError

        def is_safe_attribute(self, *_: Any) -> bool:
            return False

        def is_safe_callable(self, _: Any) -> bool:
            return False

    # Text for people, not HTML: each surface escapes for itself. Statements are text: `{%` opens nothing.
    environment = Strict(undefined=ToSay, autoescape=False, block_start_string="\0%", block_end_string="%\0")
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {"time": _time, "date": _date}
    render: Callable[[Mapping[str, str]], str] = environment.from_string(source).render
    return render


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _time(value: object) -> str:
    """The hour of a time or of a date and time: "03:14"."""
    at = _moment(value)
    return str(value) if at is None else f"{at:%H:%M}"


def _date(value: object) -> str:
    """The day as people write it: "24/11/2026"."""
    at = _moment(value)
    return str(value) if at is None else f"{at:%d/%m/%Y}"
