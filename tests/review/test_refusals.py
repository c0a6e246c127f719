"""Every refusal has words, in every language, that ask for no more than the facts it comes with."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.core.refusal import Refused
from engine.i18n import LANGUAGES, Words, load_area
from tests.bots.valmont import Valmont

ROOT = Path(__file__).resolve().parents[2]
OPTIONAL = ("people", "by", "outcome", "at", "choices", "person")
"""Facts that a refusal may lack; the catalogue then has `<code>_without_<fact>`."""


def _raised() -> Iterator[tuple[str, frozenset[str] | None]]:
    """Each `refuse("code", fact=…)` and `Refused("code", {…})` of the engine; None: facts that can't be read here."""
    for path in (ROOT / "engine").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name, first = getattr(node.func, "id", ""), node.args[0]
            if name == "_refuse_with_people" and isinstance(node.args[1], ast.Constant):
                yield node.args[1].value, frozenset(("what", "roles", "people"))
            if name not in ("refuse", "Refused") or not isinstance(first, ast.Constant):
                continue
            if name == "refuse":
                spread = any(keyword.arg is None for keyword in node.keywords)
                yield first.value, None if spread else frozenset(k.arg for k in node.keywords if k.arg)
            else:
                facts = node.args[1] if len(node.args) > 1 else None
                keys = facts.keys if isinstance(facts, ast.Dict) else []
                yield first.value, frozenset(key.value for key in keys if isinstance(key, ast.Constant))  # type: ignore[misc]


RAISED = sorted({(code, facts) for code, facts in _raised()}, key=str)


def _placeholders(words: Words, key: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(words._find(key))) if name}


def test_refusals_are_found() -> None:
    assert len({code for code, _ in RAISED}) > 60


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("code", "facts"), RAISED, ids=lambda one: one if isinstance(one, str) else "")
def test_every_refusal_has_words_for_the_facts_it_gives(
    code: str, facts: frozenset[str] | None, lang: str
) -> None:
    words = Words(lang)
    assert words.has(f"refusals.{code}"), code
    if facts is None:
        return
    missing = _placeholders(words, f"refusals.{code}") - facts
    for name in sorted(missing):
        assert name in OPTIONAL, (code, name)
        assert words.has(f"refusals.{code}_without_{name}"), (code, name)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_refusal_of_the_catalogue_is_left_unraised(lang: str) -> None:
    codes = {code for code, _ in RAISED}
    written = {key.removeprefix("refusals.") for key in load_area(lang, "refusals")}
    plain = {key.partition("_without_")[0] for key in written if "." not in key}
    assert plain - codes == set()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("code", "facts"), RAISED, ids=lambda one: one if isinstance(one, str) else "")
def test_every_refusal_can_be_said(code: str, facts: frozenset[str] | None, lang: str) -> None:
    """Strict words raise for a fact that is missing."""
    filled: dict[str, str | int | tuple[str, ...]] = {}
    for name in facts or ():
        filled[name] = ("p1",) if name in ("people", "roles", "choices", "facts", "names", "items") else "x"
        if name in ("at", "count", "limit"):
            filled[name] = 1_795_485_720_000
    assert Valmont(lang=lang).speech.refusal(Refused(code, filled))
    bare: dict[str, str | int | tuple[str, ...]] = {
        name: () if isinstance(value, tuple) else 0 if isinstance(value, int) else ""
        for name, value in filled.items()
    }
    assert Valmont(lang=lang).speech.refusal(Refused(code, bare))


def test_a_refusal_says_who_may_and_how_to_call_them() -> None:
    town = Valmont().declares()
    for line in ("valider debranche", "valider confirme"):
        town.does(line, "p4")
    refused = town.does("valider prevenir_maire joint", "p5")
    assert refused is not None
    assert town.speech.refusal(refused) == (
        "« Prévenir le maire » revient à : DGS. Qui peut : Nadia Benslimane (06 39 98 01 33), "
        "Marc Ollivier (06 39 98 01 22), Hélène Castaing (06 39 98 01 11). "
        "Vous pouvez : noter, cocher, ou les appeler."
    )


def test_an_unknown_person_is_told_so() -> None:
    town = Valmont().declares()
    refused = town.submit(town.hears("note vu", "p4").commands[0], "nobody")  # type: ignore[union-attr]
    assert isinstance(refused, Refused)
    assert town.speech.refusal(refused) == (
        "« nobody » n'est pas dans l'annuaire : rien ne peut être fait en son nom."
    )
