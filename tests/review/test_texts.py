"""Texts of runbooks: facts are filled in, and nothing that an author writes runs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.i18n import Words
from engine.texts import LONGEST, fill

FACTS = {"n": "14", "at": "2026-11-24T03:14", "day": "2026-11-24", "secret": "http://x.onion"}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("Isoler les {{ n }} postes.", "Isoler les 14 postes."),
        ("{{ unknown }} postes", "(à préciser) postes"),
        ("à {{ at | time }}, le {{ day | date }}", "à 03:14, le 24/11/2026"),
        ("voir {{ secret }}", "voir (masqué)"),
        ("{{ unknown | time }}", "(à préciser)"),
        ("sans fait", "sans fait"),
        ("{% for x in n %}boum{% endfor %} {{ n }}", "{% for x in n %}boum{% endfor %} 14"),
    ],
)
def test_facts_are_filled_in(source: str, told: str) -> None:
    assert fill(source, FACTS, Words("fr"), hidden=("secret",)) == told


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ n.__class__ }}",
        "{{ range(9) }}",
        "{{ 'a' * 1000000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ n.center(999999999) }}",
        "{{ n.format(x=1) }}",
        "{{ n",
        "{{ n | upper }}",
        "{{ n | time | date }}",
        "{{ }}",
        "{{ {{ }}",
    ],
)
def test_what_is_no_plain_fact_is_shown_as_written(source: str) -> None:
    assert fill(source, FACTS, Words("fr")) == source


def test_no_statement_opens_whatever_its_delimiter() -> None:
    source = "Faire {{ n }} \0% for a in 'aaaa' %\0\0% for b in 'aaaa' %\0x\0% endfor %\0\0% endfor %\0"
    assert fill(source, FACTS, Words("fr")) == source.replace("{{ n }}", "14")


@pytest.mark.parametrize(
    "source", ["{{ " + "a," * 250_000 + " }}", "{{ n }}" * 70_000, "{{" * 250_000, "{{ n" + " " * 500_000]
)
def test_a_huge_text_is_filled_at_once_and_bounded(source: str) -> None:
    begun = time.perf_counter()
    assert len(fill(source, FACTS, Words("fr"))) <= LONGEST
    assert time.perf_counter() - begun < 0.5


def test_an_answer_is_never_read_as_a_blank() -> None:
    assert fill("{{ n }}", {"n": "{{ secret }}", "secret": "x"}, Words("fr")) == "{{ secret }}"


@given(st.text(max_size=40))
def test_no_text_raises(rubbish: str) -> None:
    assert isinstance(fill(f"{{{{ {rubbish} }}}}", FACTS, Words("fr")), str)
