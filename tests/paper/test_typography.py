"""French signs stay with their word, and no word is wider than its column."""

from __future__ import annotations

import pytest

from engine.paper.typography import typeset


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Où ? Là ; ici : non !", "Où\u202f? Là\u202f; ici\u202f: non\u202f!"),
        ("dites « non »", "dites «\u202fnon\u202f»"),
        ("l'heure d'appel", "l’heure d’appel"),
        ("avant 72 h ou 30 min", "avant 72\u00a0h ou 30\u00a0min"),
        ("06 39 98 01 11", "06\u00a039\u00a098\u00a001\u00a011"),
        ("84 000 €", "84\u00a0000\u00a0€"),
        ("T0 + 4 h", "T0\u00a0+\u00a04\u00a0h"),
        ("pièce n° 4", "pièce n°\u00a04"),
        ("à 08:30, voir https://cnil.fr", "à 08:30, voir https://cnil.fr"),
        ("Who? Now; here: no!", "Who? Now; here: no!"),
    ],
)
def test_what_belongs_together_is_not_cut(written: str, printed: str) -> None:
    assert typeset(written) == printed


def test_an_address_is_cut_after_its_signs_and_a_monster_anywhere() -> None:
    address = typeset("https://www.cnil.fr/fr/notifier-une-violation")
    assert "/\u200bfr/" in address
    assert address.replace("\u200b", "") == "https://www.cnil.fr/fr/notifier-une-violation"
    assert max(len(part) for part in typeset("x" * 300).split("\u200b")) == 1


def test_what_acts_unseen_is_shown() -> None:
    assert typeset("a\u202eb") == "a\ufffdb"


def test_a_drawing_is_left_as_it_is() -> None:
    assert typeset({"kind": "picture", "svg": "<a b='c : d'/>", "alt": "l'état"}) == {
        "kind": "picture",
        "svg": "<a b='c : d'/>",
        "alt": "l’état",
    }
