"""Make a form a Slack modal, and read back what people gave in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

import msgspec

from bots.chat.values import Field, Form
from bots.lines import Line
from bots.slack.render import Block, clamped, marked, sections
from engine.i18n import Words
from engine.visible import harmless

__all__ = [
    "CALLBACK",
    "SEARCH",
    "VALUE",
    "Origin",
    "files_of",
    "given",
    "offered",
    "origin_of",
    "said",
    "view",
]

CALLBACK: Final = "form"
VALUE: Final = "value"
"""The action of every field; its block is named after the field."""
SEARCH: Final = "search"
"""The action of a field whose choices are too many to be sent along: they are asked for as somebody types."""

TITLE: Final = 24
METADATA: Final = 3000
OPTION, OPTION_VALUE, OPTIONS, BOXES = 75, 150, 100, 10
LONG: Final = 3000
YES: Final = "yes"


class Origin(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a modal remembers while it is open: identifiers, never what was said."""

    token: str
    chat: str = ""
    person: str = ""
    incident: str = ""
    response_url: str = ""
    """Where the answer is shown to whoever fills it, when the modal came from a message or a command."""

    def packed(self) -> str:
        """As `private_metadata`; the address goes first when there is no room."""
        text = msgspec.json.encode(self).decode()
        return text if len(text) <= METADATA else msgspec.structs.replace(self, response_url="").packed()


def origin_of(shown: Mapping[str, Any]) -> Origin:
    """What a view remembers. msgspec.DecodeError if it is none of ours."""
    return msgspec.json.decode(str(shown.get("private_metadata") or ""), type=Origin)


def view(form: Form, origin: Origin, words: Words, zone: tzinfo) -> Block:
    """The modal of a form."""
    blocks = [*sections(marked(line) for line in form.note)]
    blocks += [_input(one, words, zone) for one in form.fields]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": origin.packed(),
        "title": _plain(form.title, TITLE),
        "submit": _plain(form.submit, TITLE),
        "close": _plain(words.say("slack.close"), TITLE),
        "blocks": blocks or [*sections([marked(Line(kind="text", text=form.title))])],
    }


def said(title: str, lines: Sequence[Line], words: Words) -> Block:
    """A modal that only tells something."""
    return {
        "type": "modal",
        "title": _plain(title, TITLE),
        "close": _plain(words.say("slack.close"), TITLE),
        "blocks": [*sections(map(marked, lines))][:BOXES],
    }


def _plain(text: str, most: int) -> Block:
    return {"type": "plain_text", "text": clamped(harmless(text).strip() or "…", most), "emoji": False}


def _input(field: Field, words: Words, zone: tzinfo) -> Block:
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": _plain(field.label, 2000),
        "element": _element(field, words, zone),
        "optional": field.optional,
    }
    if field.help:
        block["hint"] = _plain(field.help, 2000)
    return block


def _element(field: Field, words: Words, zone: tzinfo) -> Block:
    match field.kind:
        case "long":
            return _typed(field, multiline=True)
        case "number":
            return {**_typed(field, type="number_input"), "is_decimal_allowed": True}
        case "date":
            return _with("initial_date", field.value, {"type": "datepicker", "action_id": VALUE})
        case "datetime":
            at = _instant(field.value, zone)
            return _with("initial_date_time", at, {"type": "datetimepicker", "action_id": VALUE})
        case "file":
            return {"type": "file_input", "action_id": VALUE, "max_files": 1}
        case "yes":
            options = _options([(YES, words.say("slack.yes"))])
            element: Block = {"type": "checkboxes", "action_id": VALUE, "options": options}
            return _with("initial_options", options if field.value == YES else None, element)
        case "choice" | "many" | "person":
            return _select(field)
        case _:
            return _typed(field)


def _typed(field: Field, *, type: str = "plain_text_input", multiline: bool = False) -> Block:
    element: Block = {"type": type, "action_id": VALUE}
    if multiline:
        element["multiline"] = True
    return _with("initial_value", field.value[:LONG], element)


def _with(name: str, value: object, element: Block) -> Block:
    return {**element, name: value} if value else element


def _select(field: Field) -> Block:
    many = "multi_" if field.kind == "many" else ""
    if not field.choices or len(field.choices) > OPTIONS:
        return {"type": f"{many}external_select", "action_id": SEARCH, "min_query_length": 0}
    boxes = bool(many) and len(field.choices) <= BOXES
    options = _options(field.choices, described=boxes)
    if boxes:
        element: Block = {"type": "checkboxes", "action_id": VALUE, "options": options}
    else:
        element = {"type": f"{many}static_select", "action_id": VALUE, "options": options}
    chosen = [one for one in options if one["value"] in (field.value.split(",") if many else [field.value])]
    if many:
        return _with("initial_options", chosen, element)
    return _with("initial_option", chosen[0] if chosen else None, element)


def _options(choices: Sequence[tuple[str, str]], *, described: bool = False) -> list[Block]:
    return [
        _option(value, label, described=described)
        for value, label in choices
        if 0 < len(value) <= OPTION_VALUE
    ]


def _option(value: str, label: str, *, described: bool) -> Block:
    """A choice; what of its label has no room is its description, where there may be one."""
    option: Block = {"text": _plain(label, OPTION), "value": value}
    if described and len(label) > OPTION:
        cut = label.rfind(" ", 0, OPTION)
        cut = cut if cut > 0 else OPTION
        option |= {"text": _plain(label[:cut], OPTION), "description": _plain(label[cut:], OPTION)}
    return option


def offered(choices: Sequence[tuple[str, str]]) -> list[Block]:
    """Choices, as a select that searches shows them."""
    return _options(choices)[:OPTIONS]


# Read back


def given(shown: Mapping[str, Any], zone: tzinfo) -> dict[str, str]:
    """Field to value, as text: several choices with commas, a date and an hour in local ISO 8601."""
    return {name: text for name, state in _states(shown) if (text := _text(state, zone)) is not None}


def files_of(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The files that were put in it."""
    return [one for _, state in _states(shown) for one in state.get("files") or ()]


def _states(shown: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, actions in (shown.get("state") or {}).get("values", {}).items():
        for state in actions.values():
            yield name, state


def _text(state: Mapping[str, Any], zone: tzinfo) -> str | None:
    match state.get("type"):
        case "datepicker":
            return state.get("selected_date") or ""
        case "datetimepicker":
            at = state.get("selected_date_time")
            return f"{datetime.fromtimestamp(at, zone):%Y-%m-%dT%H:%M}" if at else ""
        case "static_select" | "external_select" | "radio_buttons":
            return (state.get("selected_option") or {}).get("value") or ""
        case "multi_static_select" | "multi_external_select" | "checkboxes":
            return ",".join(one["value"] for one in state.get("selected_options") or ())
        case "file_input":
            return None
        case _:
            return state.get("value") or ""


def _instant(value: str, zone: tzinfo) -> int | None:
    """A local date and hour, in seconds."""
    try:
        local = datetime.fromisoformat(value)
    except ValueError:
        return None
    return int(local.replace(tzinfo=local.tzinfo or zone).timestamp())
