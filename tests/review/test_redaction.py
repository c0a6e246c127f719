"""What leaves the town hall says no more than its reader should get; what is nobody's stays as it was written."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core import commands as c
from engine.core import events as e
from engine.core.runbook import Definition
from engine.i18n import Words
from engine.journal.chain import GENESIS
from engine.journal.codec import CODEC, Row, event_kinds
from engine.journal.verify import verify_file
from engine.review.audiences import AUDIENCES, TYPES, reader
from engine.review.copies import copied, copy_of
from engine.review.exports.markdown import markdown
from engine.review.families import FAMILIES, family_of
from engine.review.filters import EVERYTHING
from engine.review.redaction import Scrubber
from tests.bots.valmont import Valmont
from tests.review.corpus import HOSTILE

NAMES = {
    "Hélène Castaing": "Maire",
    "Hélène": "Maire",
    "Castaing": "Maire",
    "Thierry Lacombe": "RSSI",
    "Lacombe": "RSSI",
}


def scrubbed(text: str, *types: str, secrets: tuple[str, ...] = ()) -> tuple[str, Counter[str]]:
    words, removed = Words("fr"), Counter[str]()
    scrubber = Scrubber(types or TYPES, NAMES, lambda one: words.say(f"review.hole.{one}"), secrets)
    return scrubber.scrub(text, removed), removed


@pytest.mark.parametrize(
    ("text", "left", "type_"),
    [
        ("joint au 06 39 98 01 44 ce soir", "joint au [téléphone] ce soir", "phone"),
        ("joint au 0639980144", "joint au [téléphone]", "phone"),
        ("joint au 06.39.98.01.44.", "joint au [téléphone].", "phone"),
        ("joint au +33 6 39 98 01 44", "joint au [téléphone]", "phone"),
        ("joint au +33 (0)6 39 98 01 44", "joint au [téléphone]", "phone"),
        ("joint au 00 32 475 12 34 56", "joint au [téléphone]", "phone"),
        ("écrire à jean.dupont+x@mairie-valmont.fr vite", "écrire à [adresse mail] vite", "mail"),
        ("virement vers FR76 3000 6000 0112 3456 7890 189 refusé", "virement vers [compte bancaire] refusé", "account"),
        ("IBAN FR7630006000011234567890189", "IBAN [compte bancaire]", "account"),
        ("RIB 30006 00001 12345678901 89", "RIB [compte bancaire]", "account"),
        ("carte 4970 1012 3456 7892", "carte 4970 1012 3456 7892", ""),
        ("carte 4970 1012 3456 7893", "carte [compte bancaire]", "account"),
        ("NIR 2 69 05 49 588 157 80", "NIR [n° de sécurité sociale]", "nir"),
        ("né le 12/03/2019 à Valmont", "[date de naissance] à Valmont", "birth"),
        ("l'élève Léa Martin est partie", "l'élève [prénom et nom] est partie", "child"),
        ("Mme Dupont-Moretti rappelle", "Mme [nom] rappelle", "name"),
        ("helene castaing arrive", "[Maire] arrive", "name"),
        ("LACOMBE coupe le réseau", "[RSSI] coupe le réseau", "name"),
        ("Caſtaing arrive", "[nom] arrive", "name"),
        ("photo_Hélène_Castaing.jpg", "photo_[Maire].jpg", "name"),
        ("tel_0639980144.png", "tel_[téléphone].png", "phone"),
        ("l'agent est hospitalisé", "(masqué : le texte parle de santé)", "health"),
    ],
)  # fmt: skip
def test_each_type_goes_by_its_form_and_is_counted(text: str, left: str, type_: str) -> None:
    assert scrubbed(text) == (left, Counter({type_: 1}) if type_ else Counter())


@pytest.mark.parametrize(
    "text",
    [
        "appeler le 17, le 112 ou le 3218",
        "14 postes sur 230, 1 200 € de 2026-11-24 à 03:02",
        "SHA-256 9cc21aefacdee167704e922531b1ee91836598e2f0578e68dab8d619f9686d80",
        "adresse 192.168.10.254, port 8443, ticket 2026-11-24-0317",
        "le maire et la DGS sont là ; l'école ferme, 230 enfants à la cantine",
        "la maladresse du prestataire, l'élève de CM2",
        "Lacombes, un hameau",
        *(one for one in HOSTILE if one != "+33 6 39 98 03 01"),
    ],
)
def test_what_is_nobodys_stays_to_the_byte(text: str) -> None:
    assert scrubbed(text) == (text, Counter())


@pytest.mark.parametrize(
    "text",
    [
        "a" * 40_000,
        "1 " * 20_000,
        "06 " * 13_000,
        "A1" * 20_000,
        "a@" * 20_000,
        "M. A" * 10_000,
        "+1" * 20_000,
    ],
)
def test_a_text_of_forty_thousand_characters_takes_no_time(text: str) -> None:
    begun = time.process_time()
    scrubbed(text)
    assert time.process_time() - begun < 1.5


@given(st.text())
def test_nothing_that_was_taken_out_comes_back(text: str) -> None:
    once, _ = scrubbed(text, "phone", "mail", "account", "nir")
    assert scrubbed(once, "phone", "mail", "account", "nir") == (once, Counter())


def test_a_sensitive_answer_goes_wherever_it_was_written_again() -> None:
    left, removed = scrubbed(
        "voir http://rancon.onion/valmont", secrets=("http://rancon.onion/valmont", "oui")
    )
    assert left == "voir [réponse sensible]"
    assert removed == Counter({"sensitive": 1})


# The table


def test_every_kind_of_entry_is_in_one_family_which_has_a_name() -> None:
    told = [kind for kinds in FAMILIES.values() for kind in kinds]
    assert sorted(told) == sorted(event_kinds())
    assert {family_of(kind) for kind in told} == set(FAMILIES)
    for lang in ("fr", "en"):
        assert all(Words(lang).has(f"review.family.{one}") for one in FAMILIES)
        assert all(Words(lang).has(f"review.kind.{one}") for one in told)


def test_the_table_is_the_one_that_the_guide_shows() -> None:
    page = (Path(__file__).parents[2] / "docs" / "audiences.md").read_text("utf-8")
    for one in AUDIENCES.values():
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `{one.name}` |"))
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert (cells[1] == "roles") == ("name" in one.hides)
        assert (cells[2] == "out") == bool(one.hides & {"phone", "mail"})
        assert (cells[3] == "out") == ("account" in one.hides)
        assert (cells[4] == "out") == bool(one.hides & {"nir", "birth", "child", "health"})
        assert (cells[5] == "out") == ("sensitive" in one.hides)
        assert (cells[6] == "–") == (not one.unread)
        assert (cells[7] == "–") == (not one.untold)


# A whole journal


def rows_of(town: Valmont) -> list[Row]:
    rows, prev = [], GENESIS
    for entry in town.journal:
        rows.append(CODEC.encode(entry, prev))
        prev = rows[-1].hash
    return rows


def document(town: Valmont, name: str) -> str:
    who = AUDIENCES[name]
    return markdown(copy_of(who, town.journal, town.speech, lambda _: town.scene, head="ab", keep=EVERYTHING))


def secret_town() -> Valmont:
    town = Valmont().declares()
    fact = next(
        name for name, spec in town.scene.definition(town.incident.runs[1]).facts.items() if spec.sensitive
    )
    town.submit(c.SetFact(run=1, name=fact, value="http://rancon.onion/valmont"), "p4")
    for text in (
        "contact : http://rancon.onion/valmont",
        "Marc a laissé le 06 39 98 01 22 à M. Girard",
        "l'agent d'accueil est hospitalisé",
        "tâche pour Nadia",
    ):
        assert town.does(f"note {text}", "p5") is None
    return town


@pytest.mark.parametrize("name", sorted(set(AUDIENCES) - {"juge", "maire"}))
def test_no_reader_outside_gets_a_secret_a_number_or_a_name(name: str, tmp_path: Path) -> None:
    town = secret_town()
    lines = b"".join(copied(rows_of(town), AUDIENCES[name], town.speech, town.world))
    for told in (document(town, name), lines.decode()):
        for one in ("rancon.onion", "06 39 98", "Girard", "hospitalisé", "Marc", "Nadia"):
            assert one not in told
    file = tmp_path / "copy.jsonl"
    file.write_bytes(lines)
    assert verify_file(file).whole


class Overlaid:
    """A shelf of one procedure whose message to the staff is filled with a sensitive answer."""

    def __init__(self, town: Valmont) -> None:
        pinned = town.scene.definition(town.incident.runs[1])
        secret = next(name for name, spec in pinned.facts.items() if spec.sensitive)
        message = pinned.runbook.messages["consigne_agents"].model_copy(
            update={"text": f"Dit : {{{{ {secret} }}}}."}
        )
        messages = {**pinned.runbook.messages, "consigne_agents": message}
        book = pinned.runbook.model_copy(update={"messages": messages})
        self._overlaid = pinned.model_copy(update={"runbook": book})

    def current(self, runbook: str) -> str | None:
        return None

    def definition(self, digest: str) -> Definition:
        return self._overlaid


@pytest.mark.parametrize(("name", "told"), [("assureur", False), ("maire", False), ("juge", True)])
def test_a_message_filled_with_a_sensitive_answer_goes_though_the_answer_is_too_short_to_find(
    name: str, told: bool
) -> None:
    town = Valmont().declares()
    town.submit(c.SendMessage(run=1, message="consigne_agents", text="Dit : oui."), "p3")
    world = replace(town.world, shelf=Overlaid(town))
    lines = b"".join(copied(rows_of(town), AUDIENCES[name], town.speech, world)).decode()
    assert ("Dit : oui." in lines) == told


def test_the_judge_gets_the_log_as_it_was_written() -> None:
    town = secret_town()
    rows = rows_of(town)
    lines = [json.loads(one) for one in copied(rows, AUDIENCES["juge"], town.speech, town.world)]
    assert any(one["data"].get("value") == "http://rancon.onion/valmont" for one in lines)
    assert all(one["salts"].keys() == one["commitments"].keys() for one in lines)


def test_the_mayor_knows_who_did_what_and_not_who_is_ill() -> None:
    told = document(secret_town(), "maire")
    assert "Julie Perrault" in told
    assert "06 39 98 01 22" in told
    assert "hospitalisé" not in told
    assert "rancon.onion" not in told


def test_an_identifier_that_is_a_name_leaves_nowhere() -> None:
    """Somebody who is no longer in the directory is known by what the journal says: their name goes too."""
    town = Valmont().declares()
    gone = e.Entry(
        incident=town.incident.id,
        seq=town.incident.seq + 1,
        at=town.now,
        occurred_at=town.now,
        actor=e.Actor("delphine", "Delphine Roux", "dsi"),
        event=e.NoteTaken(text="Delphine prend le relais, delphine.roux@valmont.fr"),
        source="terminal",
    )
    town.journal.append(gone)
    lines = b"".join(copied(rows_of(town), AUDIENCES["assureur"], town.speech, town.world)).decode()
    assert "elphine" not in document(town, "assureur")
    assert "elphine" not in lines
    assert "Roux" not in lines


@pytest.mark.parametrize("name", ["", *AUDIENCES])
def test_the_worst_that_people_type_survives_every_copy_and_verifies(name: str, tmp_path: Path) -> None:
    town = Valmont().declares()
    for text in HOSTILE:
        town.submit(c.Note(text=text), "p5")
    who = reader(name, redact=not name)
    assert who is not None
    file = tmp_path / "copy.jsonl"
    file.write_bytes(b"".join(copied(rows_of(town), who, town.speech, town.world)))
    verdict = verify_file(file)
    assert verdict.whole
    assert verdict.entries == len(town.journal)
    kept = [json.loads(line)["data"].get("text") for line in file.read_bytes().splitlines()]
    if name in ("maire", "juge", "assureur", "cnil"):
        phones = {"+33 6 39 98 03 01"} if name in ("assureur", "cnil") else set()
        written = {entry.event.text for entry in town.journal if isinstance(entry.event, e.NoteTaken)}
        assert {one for one in kept if one} | phones >= written - {"", "   "}
