"""A binder in a cupboard: is this page still the one that would be printed today?"""

from __future__ import annotations

from engine.paper.freshness import Proof, verified
from engine.paper.kit import fingerprint, grouped, kit
from tests.paper.valmont import material, with_phone


def _proof(name: str, *, town: str = "Ville de Valmont") -> Proof:
    """What the QR code of this page held when the kit was printed."""
    printed = next(one for one in kit(material()).documents if one.name == name)
    return Proof(
        lang="fr", name=name, date="2026-11-24", version="0.1.0", fingerprint=fingerprint(printed), town=town
    )


def _code(proof: Proof, phone: str = "") -> str:
    now = material(people=with_phone("p2", phone)) if phone else material()
    return verified(proof, kit(now).documents, "Ville de Valmont").code


def test_a_page_says_what_it_is_worth_and_is_read_back() -> None:
    proof = _proof("annuaire")
    assert Proof.read(str(proof)) == proof
    assert Proof.read(f"  {str(proof).replace(' ', '   ')}\n") == proof


def test_a_page_that_nobody_changed_is_current() -> None:
    assert _code(_proof("annuaire")) == "fresh"
    assert _code(_proof("procedure-panne-messagerie")) == "fresh"


def test_a_new_phone_number_outdates_the_pages_that_print_it_and_no_other() -> None:
    assert _code(_proof("annuaire"), "06 39 98 99 99") == "stale"
    assert _code(_proof("procedure-panne-messagerie"), "06 39 98 99 99") == "stale"
    assert _code(_proof("formulaire-cnil"), "06 39 98 99 99") == "fresh"


def test_a_procedure_that_was_withdrawn_is_told_as_gone() -> None:
    assert _code(_proof("annuaire")) == "fresh"
    withdrawn = Proof(name="procedure-autre", fingerprint="0" * 12, town="Ville de Valmont")
    assert _code(withdrawn) == "gone"


def test_another_towns_page_is_not_judged() -> None:
    assert _code(_proof("annuaire", town="Ville d'à côté")) == "other_town"


def test_the_figures_at_the_foot_of_the_page_are_enough() -> None:
    figures = grouped(_proof("annuaire").fingerprint)
    typed = Proof.read(figures.upper())
    assert typed is not None
    assert _code(typed) == "fresh"
    lost = Proof.read("0123 4567 89ab")
    assert lost is not None
    assert _code(lost) == "unknown"


def test_any_other_text_is_no_proof() -> None:
    for text in ("", "annuaire", "https://exemple.fr", "tocsin-pca 1", "0123 4567", "tocsin-pca 1 fr"):
        assert Proof.read(text) is None
