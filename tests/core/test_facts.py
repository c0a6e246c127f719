"""Answers as people type them, and the flat conditions that read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.conditions import Test, holds, parse_test
from engine.core.directory import Directory, Person
from engine.core.facts import read_fact
from engine.core.refusal import Refused
from tests.core.builders import DIRECTORY, fact_spec

CHOICE = fact_spec(
    "choice", "Oui ou non ?", choices={"oui": "Oui", "non": "Non", "a_confirmer": "À confirmer"}
)


def read(kind: str, written: str, **more: str) -> str | None:
    """The canonical spelling, or None for a refusal."""
    answer = read_fact("f", CHOICE if kind == "choice" else fact_spec(kind, **more), written, DIRECTORY)
    return None if isinstance(answer, Refused) else answer


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("choice", "OUI", "oui"), ("choice", "à confirmer", "a_confirmer"), ("choice", "2", "non"),
        ("choice", "peut-être", None), ("choice", "4", None), ("choice", "0", None),
        ("integer", "14", "14"), ("integer", "12 500", "12500"), ("integer", "12\u202f500", "12500"),
        ("integer", "12\u00a0500", "12500"), ("integer", "-0", "0"), ("integer", "007", "7"),
        ("integer", "14,5", None), ("integer", "1_000", None), ("integer", "quatorze", None),
        ("integer", "9" * 40, None),
        ("number", "10,50", "10.5"), ("number", "1000", "1000"), ("number", "-0,0", "0"), ("number", "1e9", None),
        ("number", "nan", None), ("number", "1e999999999", None), ("number", "infinity", None),
        ("money", "12 500,30 €", "12500.3"), ("money", "12.500,30", None), ("money", "€", None),
        ("date", "24/11/2026", "2026-11-24"), ("date", "2026-11-24", "2026-11-24"), ("date", "1.2.2027", "2027-02-01"),
        ("date", "31/02/2026", None), ("date", "24/11/0226", None), ("date", "9999-12-31", None),
        ("date", "demain", None),
        ("time", "8h30", "08:30"), ("time", "08:30", "08:30"), ("time", "8 h", "08:00"), ("time", "25:00", None),
        ("datetime", "24/11/2026 à 3h14", "2026-11-24T03:14"), ("datetime", "2026-11-24T03:14", "2026-11-24T03:14"),
        ("datetime", "24/11/2026", "2026-11-24T00:00"), ("datetime", "3h14", None),
        ("person", "@dsi", "dsi"), ("person", "DSI", "dsi"), ("person", "Rssi", "rssi"), ("person", "personne", None),
        ("text", "  le serveur  ", "le serveur"), ("text", "x" * 20_001, None), ("file", "photo.jpg", "photo.jpg"),
    ],
)  # fmt: skip
def test_an_answer_is_kept_in_one_spelling_or_refused(kind: str, written: str, kept: str | None) -> None:
    assert read(kind, written) == kept


@pytest.mark.parametrize(("written", "kept"), [("0", "0"), ("99", "99"), ("-1", None), ("100", None)])
def test_an_answer_stays_within_its_bounds(written: str, kept: str | None) -> None:
    assert read("integer", written, min="0", max="99") == kept


def test_a_name_that_two_people_have_is_nobody() -> None:
    twins = Directory(people={"a": Person(id="a", name="Jean Petit"), "b": Person(id="b", name="jean petit")})
    assert isinstance(read_fact("f", fact_spec("person"), "Jean Petit", twins), Refused)
    assert read_fact("f", fact_spec("person"), "b", twins) == "b"


def test_a_refused_answer_says_what_would_do() -> None:
    refused = read_fact("f", CHOICE, "peut-être", DIRECTORY)
    assert isinstance(refused, Refused)
    assert refused.facts["choices"] == ("Oui", "Non", "À confirmer")


@given(
    st.sampled_from(["integer", "number", "money", "date", "time", "datetime", "text"]), st.text(max_size=30)
)
def test_whatever_is_typed_is_refused_or_kept_in_a_spelling_that_reads_back_the_same(
    kind: str, written: str
) -> None:
    kept = read(kind, written)
    if kept:
        assert read(kind, kept) == kept
        for op in ("<", "<=", ">", ">="):
            Test(op=op, values=("10",)).passes(kept)


# Conditions


@pytest.mark.parametrize(
    ("written", "value", "verdict"),
    [
        ("oui", "oui", True), ("oui", "non", False), ("oui", None, None),
        (["oui", "a_confirmer"], "a_confirmer", True), (["oui", "a_confirmer"], "non", False),
        ("> 10", "11", True), ("> 10", "10", False), (">= 10", "10", True), ("< 2,5", "2.4", True), ("> 9", "10", True),
        ("= 10", "10", True), ("10,50", "10.5", True), ("10", "10.0", True), ("10", "11", False), ("> 10", None, None),
        ("connu", "x", True), ("connu", None, False), ("inconnu", None, True), ("inconnu", "x", False),
        ("> 2026-11-24", "2026-12-01", True), ("> 24/11/2026", "2026-12-01", True), ("24/11/2026", "2026-11-24", True),
        ("< 9:00", "10:00", False), ("< 9h00", "08:30", True), ("> 2026-11-24", "2026-11-24T08:00", True),
        ("> 10", "nan", False), ("> 10", "sNaN", False), ("> 10", "Infinity", False), ("> 10", "", False),
    ],
)  # fmt: skip
def test_a_test_passes_fails_or_waits(written: object, value: str | None, verdict: bool | None) -> None:
    assert parse_test(written).passes(value) is verdict


def test_one_failed_test_is_enough_whatever_the_others_would_say() -> None:
    condition = {"a": parse_test("oui"), "b": parse_test("oui")}
    assert holds(condition, {"a": "non"}) == (False, ())
    assert holds(condition, {"b": "non"}) == (False, ())
    assert holds(condition, {"a": "oui"}) == (None, ("b",))
    assert holds(condition, {"a": "oui", "b": "oui"}) == (True, ())
    assert holds({}, {}) == (True, ())
