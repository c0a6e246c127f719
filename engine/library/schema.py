"""The published JSON Schemas: what an editor completes and underlines while a procedure is being written.

They come from the models, then are widened where an editor is more literal than our loader: we read every scalar as
text, an editor's YAML makes `1`, `08:30` and `2026-11-01` numbers and dates; a list of one may be written without
its dash where the model says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from engine.library.kinds import KINDS

__all__ = ["published", "schema_text"]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SCALAR: Final = ["string", "number", "boolean"]
_SHORTHANDS: Final = frozenset({"ChecklistItem", "Opening"})
"""Models that a bare text may stand for, inside a list."""


def published(kind: str = "runbook") -> dict[str, Any]:
    """The schema of a kind of file; a KeyError for an unknown one."""
    model = KINDS[kind].model
    schema: dict[str, Any] = model.model_json_schema(by_alias=True)
    for node in _nodes(schema):
        _widen(node)
    return {"$schema": _DIALECT, "title": schema.pop("title"), **schema}


def schema_text(kind: str = "runbook") -> str:
    """The schema as a file: the same bytes for the same models."""
    return json.dumps(published(kind), ensure_ascii=False, indent=2) + "\n"


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every schema inside a schema, the outer one first, which may change before its inner ones are looked at."""
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _nodes(inner)


def _widen(node: dict[str, Any]) -> None:
    node.pop("default", None)
    _without_null(node)
    if "properties" in node and isinstance(node["properties"], dict):
        _keep_extensions(node)
        for name, one in node["properties"].items():
            _untitled(name, one)
    if node.get("type") == "string":
        _accept_scalars(node)
    if node.get("type") == "array" and isinstance(node.get("items"), dict):
        _accept_shorthand(node)


def _without_null(node: dict[str, Any]) -> None:
    """What may be left out may not be left empty: our loader says that a key has no value."""
    forms = [one for one in node.get("anyOf", ()) if one != {"type": "null"}]
    if len(forms) == 1:
        node.pop("anyOf")
        node.update(forms[0])
    elif forms:
        node["anyOf"] = forms


def _keep_extensions(node: dict[str, Any]) -> None:
    """`x-…` keys are kept, whatever they hold."""
    if node["properties"].pop("extensions", None) is not None:
        node["patternProperties"] = {"^x-": {}}


def _untitled(name: str, node: Any) -> None:
    """Pydantic titles each key with its own name in capitals: an editor shows it for nothing."""
    if isinstance(node, dict) and isinstance(node.get("title"), str):
        node.pop("title")


def _accept_scalars(node: dict[str, Any]) -> None:
    if "const" in node:
        number = node.pop("const")
        node.pop("type")
        node["enum"] = [number, int(number)] if number.isdigit() else [number]
    elif "enum" not in node:
        # minLength and pattern apply to texts alone, so a number passes beside them.
        node["type"] = list(_SCALAR)


def _accept_shorthand(node: dict[str, Any]) -> None:
    reference = node["items"].get("$ref", "")
    if reference.rpartition("/")[2] in _SHORTHANDS:
        node["items"] = {"anyOf": [{"type": list(_SCALAR)}, {"$ref": reference}]}
