"""The scalar types of the runbook format: everything arrives as text and is typed here, once.

No YAML magic reaches a runbook: `yes`, `08:30`, `017` and `1.10` stay what the author wrote.
A value that can't be read raises a `PydanticCustomError` whose type is a linter rule (`lint.<type>` in the catalogue).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from engine.core.conditions import Test, parse_test
from engine.core.quantities import Duration, Target, parse_duration, parse_target

__all__ = ["RESERVED", "Delay", "Flag", "Identifier", "OneOrMany", "Rule", "Text", "When"]

RESERVED = frozenset(
    # `transitions` claims the first ones; the others are words people type in a conversation.
    "state model machine trigger initial to status etat take prendre done valider tick cocher fact fait note "
    "decision close clore approve approuver reject refuser skip sauter goto aller help aide tout all".split()
)
"""Identifiers that no step, outcome, track or fact may carry."""

T = TypeVar("T")


def _reader(rule: str, parse: Callable[[str], T]) -> Callable[[Any], Any]:
    def read(written: Any) -> Any:
        if isinstance(written, (dict, list)):
            raise PydanticCustomError(rule, "cannot read {written}", {"written": ""})
        if not isinstance(written, str):
            return written  # already typed: a definition read back from its pinned form
        try:
            return parse(written)
        except ValueError:
            raise PydanticCustomError(rule, "cannot read {written}", {"written": written}) from None

    return read


def _flag(written: str) -> bool:
    lowered = written.strip().lower()
    if lowered in ("true", "oui", "vrai", "required", "obligatoire"):
        return True
    if lowered in ("false", "non", "faux"):
        return False
    raise ValueError(written)


def _identifier(written: Any) -> Any:
    if isinstance(written, str) and not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9_-]{0,47}", written):
        raise PydanticCustomError("identifier", "{written} is not an identifier", {"written": written})
    return written


def _as_list(written: Any) -> Any:
    return [written] if isinstance(written, str) else written


def _tests(written: Any) -> Any:
    if not isinstance(written, dict):
        raise PydanticCustomError("condition", "a condition is a mapping of facts", {"written": str(written)})
    return {name: _test(name, right) for name, right in written.items()}


def _test(name: str, written: Any) -> Test:
    if isinstance(written, Test):
        return written
    try:
        return parse_test(written)
    except ValueError:
        raise PydanticCustomError(
            "condition", "{name}: cannot read {written}", {"name": name, "written": str(written)}
        ) from None


def _write_test(test: Test) -> Any:
    if test.op in ("known", "unknown"):
        return "connu" if test.op == "known" else "inconnu"
    return list(test.values) if test.op == "in" else f"{test.op} {test.values[0]}"


_text_schema = WithJsonSchema({"type": "string"})

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000)]
Identifier = Annotated[
    str,
    BeforeValidator(_identifier),
    WithJsonSchema({"type": "string", "pattern": "^[a-zA-Z][a-zA-Z0-9_-]{0,47}$"}),
]
Flag = Annotated[
    bool, BeforeValidator(_reader("flag", _flag)), WithJsonSchema({"type": ["boolean", "string"]})
]
Delay = Annotated[
    Duration, BeforeValidator(_reader("delay", parse_duration)), PlainSerializer(str), _text_schema
]
Rule = Annotated[Target, BeforeValidator(_reader("target", parse_target)), PlainSerializer(str), _text_schema]
OneOrMany = Annotated[
    tuple[Identifier, ...],
    BeforeValidator(_as_list, json_schema_input_type=tuple[Identifier, ...] | Identifier),
]
When = Annotated[
    dict[str, Test],
    BeforeValidator(_tests),
    PlainSerializer(lambda tests: {name: _write_test(test) for name, test in tests.items()}),
    WithJsonSchema(
        {
            "type": "object",
            "additionalProperties": {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
            },
        }
    ),
]
