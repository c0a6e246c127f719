"""A model's errors turned into findings: where in the file, in which part of the procedure, what to write.

pydantic says `tracks.technique.steps.isoler.target.tuple[CaseTarget, ...]`; a clerk reads the line, the column and
« étape isoler ». An unknown key comes with the key that was probably meant.
"""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.library.finding import Finding, closest
from engine.library.yamltree import Document

__all__ = ["SHAPE_RULES", "shaped"]

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_RULES: Final[Mapping[str, str]] = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "literal_error": "not_among",
    "enum": "not_among",
    "string_type": "want_text",
    "string_too_long": "too_long",
    "tuple_type": "want_list",
    "list_type": "want_list",
    "dict_type": "want_mapping",
    "model_type": "want_mapping",
    "model_attributes_type": "want_mapping",
    "int_parsing": "want_integer",
    "int_type": "want_integer",
    "int_from_float": "want_integer",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_big",
    "too_short": "too_few",
}
"""pydantic's own error types; a type of ours is a rule by itself."""

_OURS: Final = frozenset(
    "condition day delay end_with_outcomes flag identifier no_outcome rto_over_dmia target timezone".split()
)
SHAPE_RULES: Final = (
    frozenset(_RULES.values()) | _OURS | {"empty_value", "not_a_mapping", "other_shape", "unknown_key_among"}
)
_OF_A_WHOLE: Final = frozenset({"no_outcome", "end_with_outcomes", "rto_over_dmia"})
"""What is wrong with a part as a whole, not with one of its values."""
_REFUSED_FORMS: Final = frozenset({"tuple_type", "list_type", "model_type", "dict_type"})


def shaped(document: Document, model: type[M]) -> tuple[M | None, list[Finding]]:
    """The value that the document is, or the findings on why it isn't one.

    When the only mistakes are unknown keys, the value without them comes too: the linter can look at the rest.
    """
    if not isinstance(document.tree, dict):
        return None, [document.finding("not_a_mapping", ())]
    try:
        return model.model_validate(document.tree), []
    except ValidationError as error:
        errors = error.errors(include_url=False)
    findings = list(_findings(document, model, errors))
    return _without_unknown_keys(document, model, errors), findings


def _without_unknown_keys(document: Document, model: type[M], errors: Iterable[Any]) -> M | None:
    """Drop each unknown key, or give it the name that was meant; None if that isn't enough."""
    tree = deepcopy(document.tree)
    for error in errors:
        placed = _placed(document.tree, error)
        if error["type"] != "extra_forbidden" or not placed.path:
            continue
        *parents, key = placed.path
        holder = tree
        for part in parents:
            holder = holder[part]
        value = holder.pop(key)
        meant = closest(str(key), _allowed(model, tuple(parents)))
        if meant is not None:
            holder.setdefault(meant, value)
    try:
        return model.model_validate(tree)
    except ValidationError:
        return None


def _findings(document: Document, model: type[BaseModel], errors: Iterable[Any]) -> Iterator[Finding]:
    by_fork: dict[Path, list[_Placed]] = {}
    for error in errors:
        placed = _placed(document.tree, error)
        by_fork.setdefault(placed.fork, []).append(placed)
    told = [
        _told(document, model, placed)
        for fork, found in by_fork.items()
        for placed in _of_one_form(document.find(fork), found)
    ]
    meant = {(one.facts["where"], one.suggestion) for one in told if one.rule == "unknown_key"}
    # `titel` is said once: not also as a missing `title`.
    yield from (
        one
        for one in told
        if one.rule != "missing_key" or (one.facts["where"], one.facts["key"]) not in meant
    )


class _Placed(NamedTuple):
    """An error with the part of its location that exists in the file, and what pydantic added to it."""

    error: Mapping[str, Any]
    path: Path
    tags: tuple[str, ...]
    fork: Path
    """Where the forms that a value may take part from each other; the whole path if there is one form."""
    form: str | None


def _placed(tree: Any, error: Mapping[str, Any]) -> _Placed:
    node, path = tree, list[str | int]()
    tags: list[str] = []
    fork: Path | None = None
    for part in error["loc"]:
        known = (isinstance(node, dict) and part in node) or (
            isinstance(node, list) and isinstance(part, int) and part < len(node)
        )
        if known and tags[-1:] != ["[key]"]:
            path.append(part)
            node = node[part]
            continue
        tags.append(str(part))
        if fork is None and _is_form(str(part)):
            fork = tuple(path)
    place = tuple(path)
    form = next(filter(_is_form, tags), None)
    return _Placed(error, place, tuple(tags), place if fork is None else fork, form)


def _of_one_form(value: Any, found: list[_Placed]) -> list[_Placed]:
    """Of a value that could take several forms, keep what is wrong with the one that its author chose."""
    if len({one.form for one in found}) < 2:
        return found
    chosen = [
        one
        for one in found
        if one.form is None or (_fits(value, one.form) and one.error["type"] not in _REFUSED_FORMS)
    ]
    return chosen or found[:1]


def _is_form(tag: str) -> bool:
    return tag[:1].isupper() or tag.startswith(("tuple[", "function-"))


def _fits(value: Any, form: str) -> bool:
    if isinstance(value, dict):
        return form[:1].isupper()
    if isinstance(value, list):
        return "tuple[" in form
    return form.startswith("function-")


def _told(document: Document, model: type[BaseModel], placed: _Placed) -> Finding:
    error, path, tags = placed.error, placed.path, placed.tags
    written, kind, context = error["input"], error["type"], error.get("ctx") or {}
    if kind == "missing":
        return document.finding("missing_key", path, where=path, key=tags[-1])
    if kind == "extra_forbidden":
        return _unknown(document, model, path)
    if kind == "condition" and "name" in context:
        path, written = (*path, context["name"]), context["written"]
    where, key = _owner(path)
    if written == "" and kind not in _OF_A_WHOLE:
        return document.finding("empty_value", path, where=where, key=key)
    rule = _rule(kind, written, context)
    facts = {"where": where, "key": key, **context, "written": _shown(document.find(path))}
    if rule == "not_among":
        facts["expected"] = among = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        return document.finding(rule, path, value=True, meant=closest(str(written), among), **facts)
    if kind in _OF_A_WHOLE:
        return document.finding(rule, path, **(facts | {"where": path}))
    meant = _spelled(str(written)) if rule == "identifier" else None
    return document.finding(rule, path, value="[key]" not in tags, meant=meant, **facts)


def _rule(kind: str, written: Any, context: Mapping[str, Any]) -> str:
    """The rule that an error of pydantic's, or of ours, is told by."""
    if kind == "condition" and "name" not in context:
        return "want_mapping"
    if kind in ("delay", "target", "flag", "identifier") and not isinstance(written, str):
        return "want_text"
    return _RULES.get(kind) or (kind if kind in _OURS else "other_shape")


def _spelled(written: str) -> str | None:
    """The identifier that a name with accents and spaces would make."""
    plain = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-zA-Z0-9_]+", "-", plain).strip("-")[:48]
    return name if name[:1].isalpha() else None


def _unknown(document: Document, model: type[BaseModel], path: Path) -> Finding:
    key = str(path[-1])
    allowed = _allowed(model, path[:-1])
    meant = closest(key, allowed)
    rule = "unknown_key_among" if meant is None else "unknown_key"
    return document.finding(rule, path, meant=meant, where=path[:-1], key=key, allowed=allowed)


def _allowed(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that may stand at `path`, in the order in which they are usually written."""
    here: list[Any] = [model]
    for part in path:
        here = [inner for one in here for inner in _inside(one, part)]
    fields = [field for one in here if _is_model(one) for field in one.model_fields.items()]
    names = dict.fromkeys(field.alias or name for name, field in fields)
    return [name for name in names if name != "extensions"]


def _inside(annotation: Any, part: str | int) -> Iterator[Any]:
    """The types, taken out of their unions, of what `part` names in a value of this type."""
    if _is_model(annotation):
        for name, field in annotation.model_fields.items():
            if part in (name, field.alias):
                yield from _forms(field.annotation)
        return
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        yield from _forms(arguments[1])
    elif get_origin(annotation) in (tuple, list):
        yield from _forms(arguments[0])


def _forms(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _forms(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for one in get_args(annotation):
            yield from _forms(one)
    else:
        yield annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _owner(path: Path) -> tuple[Path, str]:
    """Where a value belongs, and its name there: an element of a list is named after its list."""
    end = len(path)
    while end and not isinstance(path[end - 1], str):
        end -= 1
    return path[: max(end - 1, 0)], str(path[end - 1]) if end else ""


def _shown(written: Any) -> str:
    return str(written)[:200] if isinstance(written, (str, int, float)) else "…"
