"""What Slack accepts as blocks and views; the rest is `invalid_blocks` or `invalid_arguments`, with the reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["plain", "view_slips", "wrong_blocks"]

_SURFACES = {
    "message": ("section", "divider", "context", "actions", "header", "image", "rich_text"),
    "modal": ("section", "divider", "context", "actions", "header", "image", "input", "rich_text"),
    "home": ("section", "divider", "context", "actions", "header", "image", "input", "rich_text"),
}
_INPUTS = (
    "plain_text_input", "static_select", "multi_static_select", "external_select", "multi_external_select",
    "number_input", "datepicker", "datetimepicker", "timepicker", "checkboxes", "radio_buttons", "file_input",
    "email_text_input", "url_text_input", "users_select",
)  # fmt: skip


def wrong_blocks(blocks: Sequence[dict[str, Any]], surface: str = "message") -> list[str]:
    """Everything that is wrong with these blocks."""
    most = 50 if surface == "message" else 100
    found = [f"no more than {most} items allowed [json-pointer:/blocks]"] if len(blocks) > most else []
    ids = [one["block_id"] for one in blocks if one.get("block_id")]
    if len(ids) != len(set(ids)):
        found.append("block_id must be unique [json-pointer:/blocks]")
    for number, block in enumerate(blocks):
        where = f"[json-pointer:/blocks/{number}]"
        if block.get("type") not in _SURFACES[surface]:
            found.append(f"unsupported type: {block.get('type')} {where}")
            continue
        if len(block.get("block_id", "")) > 255:
            found.append(f"block_id too long {where}")
        found += [f"{slip} {where}" for slip in _block(block)]
    return found


def _block(block: dict[str, Any]) -> Iterator[str]:
    match block["type"]:
        case "section":
            if not block.get("text") and not block.get("fields"):
                yield "missing required field: text"
            if block.get("text"):
                yield from _text(block["text"], 3000)
            if len(block.get("fields", ())) > 10:
                yield "no more than 10 items allowed: fields"
            for one in block.get("fields", ()):
                yield from _text(one, 2000)
        case "header":
            yield from _text(block["text"], 150, plain=True)
        case "context":
            if not 1 <= len(block.get("elements", ())) <= 10:
                yield "must have 1 to 10 elements"
            for one in block.get("elements", ()):
                yield from _text(one, 3000)
        case "actions":
            yield from _actions(block)
        case "input":
            yield from _text(block["label"], 2000, plain=True)
            if block.get("hint"):
                yield from _text(block["hint"], 2000, plain=True)
            if block["element"].get("type") not in _INPUTS:
                yield f"unsupported element: {block['element'].get('type')}"
            yield from _element(block["element"])


def _actions(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements", ())
    if not 1 <= len(elements) <= 25:
        yield "must have 1 to 25 elements"
    ids = [one.get("action_id") for one in elements]
    if len(ids) != len(set(ids)):
        yield "action_id must be unique in its block"
    for one in elements:
        yield from _element(one)


def _element(one: dict[str, Any]) -> Iterator[str]:
    if not 1 <= len(one.get("action_id") or "x") <= 255:
        yield "action_id too long"
    match one.get("type"):
        case "button":
            yield from _text(one["text"], 75, plain=True)
            if len(one.get("value", "")) > 2000:
                yield "value must be less than 2001 characters"
            if one.get("style", "primary") not in ("primary", "danger"):
                yield "invalid style"
            if (url := one.get("url")) is not None and not url.startswith(("http://", "https://")):
                yield "invalid url"
        case "static_select" | "multi_static_select" | "radio_buttons" | "checkboxes":
            most = 10 if one["type"] in ("radio_buttons", "checkboxes") else 100
            if not 1 <= len(one.get("options", ())) <= most:
                yield f"must have 1 to {most} options"
            for option in one.get("options", ()):
                yield from _text(option["text"], 75)
                if not 1 <= len(option["value"]) <= 150:
                    yield "option value must be 1 to 150 characters"
            values = [option["value"] for option in one.get("options", ())]
            if len(values) != len(set(values)):
                yield "option values must be unique"
            initial = one.get("initial_option")
            if initial is not None and initial not in one["options"]:
                yield "initial_option must be one of the options"
        case "plain_text_input":
            if len(one.get("initial_value", "")) > 3000:
                yield "initial_value too long"
    if one.get("placeholder"):
        yield from _text(one["placeholder"], 150, plain=True)


def _text(text: dict[str, Any], most: int, *, plain: bool = False) -> Iterator[str]:
    if text.get("type") not in (("plain_text",) if plain else ("plain_text", "mrkdwn")):
        yield f"invalid text type: {text.get('type')}"
    if not 1 <= len(text.get("text", "")) <= most:
        yield f"must be 1 to {most} characters: text"


def view_slips(view: dict[str, Any]) -> list[str]:
    """Everything that is wrong with a view."""
    kind = view.get("type", "")
    if kind not in ("modal", "home"):
        return ["invalid view type"]
    found = wrong_blocks(view.get("blocks", ()), kind)
    if kind == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                found += [f"{slip} [json-pointer:/view/{name}]" for slip in _text(view[name], 24, plain=True)]
        if "title" not in view:
            found.append("missing required field: title")
        if any(one["type"] == "input" for one in view["blocks"]) and "submit" not in view:
            found.append("submit is required when there are input blocks")
    if len(view.get("private_metadata", "")) > 3000:
        found.append("private_metadata too long")
    if len(view.get("callback_id", "")) > 255:
        found.append("callback_id too long")
    if len(json.dumps(view)) > 250_000:
        found.append("view_too_large")
    return found


def plain(blocks: Sequence[dict[str, Any]]) -> str:
    """The words of blocks, as somebody reads them."""
    told = []
    for block in blocks:
        match block["type"]:
            case "section" | "header":
                told += [one["text"] for one in (block.get("text"), *block.get("fields", ())) if one]
            case "context":
                told += [one["text"] for one in block["elements"]]
            case "input":
                told.append(block["label"]["text"])
    return "\n".join(told)
