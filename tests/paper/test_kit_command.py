"""`tocsin kit` as the clerk types it, and a page from the binder checked a year later."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.console.town import Ran, Town, new_town
from tests.paper.printed import texts


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Path, Ran]:
    """The example town, one of whose own procedures can't be read, and its kit."""
    town = new_town(tmp_path_factory.mktemp("kit"))
    (town.path / "runbooks").mkdir(exist_ok=True)
    (town.path / "runbooks" / "cassee.yaml").write_text("format: 1\nrunbook: cassee\ntitle: x: y\n", "utf-8")
    out = town.path.parent / "papier"
    out.mkdir()
    (out / "procedure-ancienne.pdf").write_bytes(b"")
    return town, out, town.tocsin("kit", "--out", str(out))


def test_the_kit_is_written_and_what_it_lacks_is_told(printed: tuple[Town, Path, Ran]) -> None:
    _, out, ran = printed
    written = {Path(line).name for line in ran.out.splitlines()}
    assert {"pca-papier.pdf", "sommaire.pdf", "annuaire.pdf", "procedure-rancongiciel.pdf"} <= written
    assert all(re.fullmatch(r"[a-z0-9-]+\.pdf", name) for name in written)
    assert ran.code == 1
    assert "« cassee » ne peut pas être lue" in ran.err
    assert "procedure-ancienne.pdf ne fait plus partie du jeu" in ran.err
    assert "encore le numéro de l'exemple, qui ne sonne nulle part, pour Hélène Castaing, " in ran.err
    assert (out / "procedure-ancienne.pdf").exists()  # nothing that we didn't write is deleted
    assert "cassee" in " ".join(texts((out / "sommaire.pdf").read_bytes()))


def test_the_pages_are_for_their_owner_alone(printed: tuple[Town, Path, Ran]) -> None:
    assert {path.stat().st_mode & 0o077 for path in printed[1].glob("*.pdf") if path.stat().st_size} == {0}


def test_a_page_is_current_until_a_number_changes(printed: tuple[Town, Path, Ran]) -> None:
    town, out, _ = printed
    foot = re.search(
        r"empreinte ((?:[0-9a-f]{4} ){2}[0-9a-f]{4})", texts((out / "annuaire.pdf").read_bytes())[0]
    )
    assert foot is not None
    fresh = town.tocsin("kit", "--verify", foot[1])
    assert (fresh.code, fresh.out) == (
        0, "À jour : « Annuaire et chaîne d'appel » s'imprimerait aujourd'hui à l'identique.\n"
    )  # fmt: skip
    assert town.tocsin("kit", "--verify", foot[1], lang="en").code == 0
    people = town.path / "annuaire.yaml"
    people.write_text(people.read_text("utf-8").replace("06 39 98 01 22", "06 39 98 01 99"), "utf-8")
    proof = f"tocsin-pca 1 fr annuaire 2026-11-24 0.1.0 {foot[1].replace(' ', '')} Ville de Valmont"
    stale = town.tocsin("kit", "--verify", proof)
    assert stale.code == 1
    assert "a changé depuis l'impression du 24/11/2026" in stale.out


def test_what_can_t_be_answered_says_what_to_write(printed: tuple[Town, Path, Ran]) -> None:
    town = printed[0]
    neither = town.tocsin("kit")
    assert neither.code == 2
    assert "--out DOSSIER" in neither.err
    assert town.tocsin("kit", "--verify", "bonjour").code == 2
    (town.path / "fichier").write_text("", "utf-8")
    assert town.tocsin("kit", "--out", str(town.path / "fichier" / "dessous")).code == 2
