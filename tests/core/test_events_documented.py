"""The reviewer reads the journal with docs/events.md at hand: every kind is there, and its leaves."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from engine.core import events

DOCUMENT = Path(__file__).parents[2] / "docs" / "events.md"
KINDS = {str(msgspec.inspect.type_info(kind).tag): kind for kind in events.Event.__subclasses__()}  # type: ignore[attr-defined]


def rows() -> dict[str, str]:
    found = re.findall(r"^\| `(\w+)` \| .+? \| (.+?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_kind_is_documented_with_its_leaves(kind: str) -> None:
    assert kind in rows()
    assert set(re.findall(r"`(\w+)`", rows()[kind])) == set(KINDS[kind].LEAVES)


def test_no_documented_kind_is_gone() -> None:
    assert rows().keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_leaf_can_be_erased(kind: str) -> None:
    """An erased leaf reads as its default, so it must have one."""
    fields = {field.name: field for field in msgspec.structs.fields(KINDS[kind])}
    for leaf in KINDS[kind].LEAVES:
        assert not fields[leaf].required
