"""An entry goes into a row and comes back the same; the canonical form is RFC 8785; old versions are still read."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any, ClassVar

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.core import events as e
from engine.core.events import Actor, Entry
from engine.journal.chain import GENESIS, canonical, commitment, instant_of, iso
from engine.journal.codec import (
    CODEC,
    Codec,
    Row,
    UnreadableEntry,
    commitments_of,
    event_kinds,
    leaves_of,
    row_hash,
)
from engine.journal.record import OUTSIDE, record

LAST_INSTANT = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
instants = st.integers(0, LAST_INSTANT)
actors = st.builds(Actor, id=texts, name=texts, role=texts)


def values(kind: msgspec.inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case msgspec.inspect.StrType():
            return texts
        case msgspec.inspect.BoolType():
            return st.booleans()
        case msgspec.inspect.IntType():
            return whole
        case msgspec.inspect.VarTupleType(item_type=item):
            return st.lists(values(item), max_size=3).map(tuple)
        case msgspec.inspect.TupleType(item_types=items):
            return st.tuples(*map(values, items))
        case _:
            raise NotImplementedError(kind)


def events_of(kind: type[e.Event]) -> st.SearchStrategy[e.Event]:
    info = msgspec.inspect.type_info(kind)
    assert isinstance(info, msgspec.inspect.StructType)
    return st.builds(kind, **{field.name: values(field.type) for field in info.fields})


entries = st.builds(
    Entry,
    incident=st.sampled_from(["INC-2026-001", "EX-2026-012"]),
    seq=st.integers(1, 10**6),
    at=instants,
    occurred_at=instants,
    actor=actors,
    event=st.sampled_from(sorted(event_kinds())).flatmap(lambda name: events_of(event_kinds()[name])),
    source=texts,
    entered_by=st.none() | actors,
)


@given(entries)
def test_an_entry_comes_back_as_it_went_in(entry: Entry) -> None:
    assert CODEC.decode(CODEC.encode(entry, GENESIS)) == entry


@pytest.mark.parametrize("name", sorted(event_kinds()))
def test_every_kind_of_event_comes_back(name: str) -> None:
    @given(events_of(event_kinds()[name]))
    def check(event: e.Event) -> None:
        entry = Entry(incident="INC-2026-001", seq=1, at=1, occurred_at=1, actor=Actor(), event=event)
        assert CODEC.decode(CODEC.encode(entry, GENESIS)).event == event

    check()


@given(entries)
def test_no_leaf_is_in_the_row_but_beside_it(entry: Entry) -> None:
    row = CODEC.encode(entry, GENESIS)
    data = json.loads(row.data)
    assert not set(data) & set(entry.event.LEAVES)
    erased = CODEC.decode(row._replace(**dict.fromkeys(Row._fields[-6:])))
    assert erased.actor == Actor()
    assert erased.entered_by is None
    for leaf in entry.event.LEAVES:
        assert getattr(erased.event, leaf) == type(getattr(entry.event, leaf))()


@given(entries)
def test_each_leaf_that_says_something_is_committed_to(entry: Entry) -> None:
    row = CODEC.encode(entry, GENESIS)
    told = dict(leaves_of(row))
    assert set(told) == set(commitments_of(row))
    assert list(commitments_of(row)) == sorted(commitments_of(row))
    defaults = {f.name: f.default for f in msgspec.structs.fields(type(entry.event))}
    said = {f"data.{leaf}" for leaf in entry.event.LEAVES if getattr(entry.event, leaf) != defaults[leaf]}
    assert {path for path in told if path.startswith("data.")} == said
    assert ("actor.role" in told) == bool(entry.actor.role)


@given(entries)
def test_the_hash_is_that_of_the_record_by_another_implementation(entry: Entry) -> None:
    row = CODEC.encode(entry, GENESIS)
    line = record(row, GENESIS, "…")
    data = {name: value for name, value in line["data"].items() if f"data.{name}" not in line["commitments"]}
    covered = {name: value for name, value in line.items() if name not in OUTSIDE} | {"data": data}
    assert sha256(rfc8785.dumps(covered)).hexdigest() == line["hash"]
    assert row_hash(row, GENESIS) == row.hash


json_values = st.recursive(
    st.none() | st.booleans() | whole | texts,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc_.xyz", max_size=6), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values)
def test_canonical_json_is_rfc_8785(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)
    assert (
        canonical(value)
        == json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )


def test_the_same_value_is_never_committed_to_twice_alike() -> None:
    entry = Entry(
        incident="INC-2026-001",
        seq=1,
        at=1,
        occurred_at=1,
        actor=Actor("p1", "Paul", "dsi"),
        event=e.Said(text="oui"),
    )
    first, second = CODEC.encode(entry, GENESIS), CODEC.encode(entry, GENESIS)
    assert not set(commitments_of(first).values()) & set(commitments_of(second).values())


def test_a_commitment_is_the_digest_of_salt_and_value() -> None:
    assert commitment(b"s" * 16, b'"oui"') == sha256(b"s" * 16 + b'"oui"').digest()


def test_a_text_that_is_not_unicode_is_refused_whole() -> None:
    entry = Entry(
        incident="INC-2026-001", seq=1, at=1, occurred_at=1, actor=Actor(), event=e.Said(text="\ud800")
    )
    with pytest.raises(ValueError):
        CODEC.encode(entry, GENESIS)


@given(instants)
def test_an_instant_has_one_spelling(instant: int) -> None:
    assert instant_of(iso(instant)) == instant
    assert len(iso(instant)) == len("2026-11-24T02:40:00.000Z")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T02:40:00Z",
        "2026-11-24T02:40:00.000+00:00",
        "2026-11-24 02:40:00.000Z",
        "2026-11-24T02:40:00.000",
    ],
)
def test_another_spelling_of_an_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        instant_of(text)


# Versions


class _Renamed(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag="renamed"
):
    """Like an event, but no subclass: the kinds of the program are not to hold it."""

    LEAVES: ClassVar = ("text",)
    text: str = ""
    weight_grams: int


def _in_grams(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name != "weight"} | {
        "weight_grams": fields["weight"] * 1000
    }


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    return {("text" if name == "words" else name): value for name, value in fields.items()}


NEWER = Codec(
    kinds={"renamed": _Renamed},  # type: ignore[dict-item]
    versions={"renamed": 3},
    upcasters={("renamed", 1): _in_grams, ("renamed", 2): _named},
)


def _old(version: int, data: str, leaves: str | None) -> Any:
    entry = Entry(incident="INC-2026-001", seq=1, at=1, occurred_at=1, actor=Actor(), event=e.Said(text="x"))
    row = CODEC.encode(entry, GENESIS)
    return row._replace(kind="renamed", kind_version=version, data=data, leaves=leaves)


@pytest.mark.parametrize(
    ("version", "data", "leaves"),
    [
        (1, '{"weight":2}', '{"words":"lourd"}'),
        (2, '{"weight_grams":2000}', '{"words":"lourd"}'),
        (3, '{"weight_grams":2000}', '{"text":"lourd"}'),
    ],
)
def test_an_old_version_is_read_through_its_upcasters(version: int, data: str, leaves: str) -> None:
    assert NEWER.decode(_old(version, data, leaves)).event == _Renamed(text="lourd", weight_grams=2000)


def test_the_newest_version_is_written() -> None:
    entry = Entry(
        incident="INC-2026-001", seq=1, at=1, occurred_at=1, actor=Actor(), event=_Renamed(weight_grams=1)
    )  # type: ignore[arg-type]
    assert NEWER.encode(entry, GENESIS).kind_version == 3


def test_a_version_from_the_future_is_said_to_be_unreadable() -> None:
    with pytest.raises(UnreadableEntry):
        NEWER.decode(_old(4, "{}", None))


def test_an_unknown_kind_is_said_to_be_unreadable() -> None:
    with pytest.raises(UnreadableEntry, match="renamed"):
        CODEC.decode(_old(1, "{}", None))
