"""After the exercise: what it showed is taken by a day, written as people write a day, or refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.console.town import Town, new_town


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return new_town(tmp_path)


def test_a_proposal_is_taken_by_a_day_as_people_write_it(town: Town) -> None:
    lines = "ecart On a ouvert la salle des fêtes\nbloque Pas de clé\nclore fin de jeu !\n"
    town.tocsin("run", "coupure-electrique", "--as", "p1", "--exercise", lines=lines)
    first, second = json.loads(town.tocsin("pca", "lessons", "--json").out)["lessons"]
    for line, told in (
        (("--take", first["id"]), "--by JJ/MM/AAAA"),
        (("--take", first["id"], "--by", "bientôt"), "« bientôt » n'est pas un jour : écrivez JJ/MM/AAAA."),
        (("--refuse", second["id"]), "demande un motif : --reason"),
    ):
        assert told in town.tocsin("pca", "lessons", *line, "--as", "p1").err
    assert town.tocsin("pca", "lessons", "--take", first["id"], "--by", "31/12/2099", "--as", "p1").code == 0
    assert "pour le 31 décembre 2099" in town.tocsin("pca", "lessons").out


def test_what_was_taken_is_finished_even_once_its_incident_is_open_again(town: Town) -> None:
    lines = "ecart On a ouvert la salle des fêtes\nclore fin de jeu !\n"
    town.tocsin("run", "coupure-electrique", "--as", "p1", "--exercise", lines=lines)
    (one,) = json.loads(town.tocsin("pca", "lessons", "--json").out)["lessons"]
    town.tocsin("pca", "lessons", "--take", one["id"], "--by", "31/12/2099", "--as", "p1")
    town.tocsin("do", one["incident"], "--as", "p1", "rouvrir", "encore une question")
    assert json.loads(town.tocsin("pca", "lessons", "--json").out)["lessons"] == []
    assert town.tocsin("pca", "lessons", "--done", one["id"], "--as", "p1").code == 0


def test_an_activity_that_nobody_said_was_back_is_proposed_all_the_same(town: Town) -> None:
    lines = "activite standard interrompue depuis hier 09:00\nclore fin de jeu !\n"
    town.tocsin("run", "coupure-electrique", "--as", "p1", "--exercise", lines=lines)
    (one,) = json.loads(town.tocsin("pca", "lessons", "--json").out)["lessons"]
    assert one["kind"] == "activity"
    assert one["text"].startswith("Standard téléphonique : ")
