"""Lines from a pipe: one command each, an answer each, 1 when any was refused; the same door for `tocsin do`."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.console.town import Town, new_town

OPENED = "prendre\nvalider debranche\nprendre\nvalider confirme\n"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return new_town(tmp_path)


def test_a_whole_script_is_answered_line_by_line(town: Town) -> None:
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", "--title", "Écrans", lines=OPENED)
    assert (ran.code, ran.err) == (0, "")
    first, *answers = ran.out.splitlines()
    assert first == f"{_incident(town)} est ouvert. Tout est enregistré à mesure."
    assert [re.sub(r"n° \d+", "n°", line) for line in answers[:4]] == [
        "✓ n° · « Geste réflexe » : prise.",
        "✓ n° · Geste réflexe : Machines débranchées. Ensuite : Qualifier l'alerte.",
        "✓ n° · « Qualifier l'alerte » : prise.",
        "✓ n° · Qualifier l'alerte : Confirmé, ou doute. Ensuite : Endiguer.",
    ]
    assert all(line.startswith("  · ") for line in answers[4:])


def _incident(town: Town) -> str:
    told = json.loads(town.tocsin("list", "--json").out)
    return str(told["incidents"][-1]["incident"])


def test_comments_and_empty_lines_are_passed_over(town: Town) -> None:
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", lines="# rien\n\n   \n# encore\nnote vu\n")
    assert ran.code == 0
    assert ran.out.splitlines()[1:] == ["✓ n° 16 · vu"]


def test_a_refused_line_leaves_1_and_the_next_ones_are_done(town: Town) -> None:
    lines = OPENED + "@p5 valider prevenir_maire joint\nnote la suite\n"
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", lines=lines)
    assert ran.code == 1
    assert "✗ « Prévenir le maire » revient à : DGS. Qui peut : Nadia Benslimane (06 39 98 01 33)" in ran.out
    assert ran.out.splitlines()[-1].endswith("la suite")


def test_an_unreadable_line_leaves_1_and_says_what_was_meant(town: Town) -> None:
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", lines="valdier confirme\n")
    assert ran.code == 1
    assert "✗ « valdier » n'est pas compris." in ran.out
    assert "Vouliez-vous dire : valider" in ran.out


def test_english_says_the_same(town: Town) -> None:
    lines = "take\ndone debranche\nzork\n"
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", lines=lines, lang="en")
    assert ran.code == 1
    assert ran.out.splitlines()[0].endswith("is open. Everything is recorded as it comes.")
    assert '✗ "zork" isn\'t understood.' in ran.out


def test_an_incident_is_gone_on_with_where_it_was(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    name = _incident(town)
    by_name = town.tocsin("run", "--incident", name, "--as", "p4", lines="prendre endiguer\n")
    only_one = town.tocsin("run", "--as", "p4", lines="cocher endiguer 1\n")
    assert (by_name.code, only_one.code) == (0, 0)
    assert by_name.out.splitlines()[0] == f"{name} : on reprend où on en était."
    assert "« Endiguer » : prise" in by_name.out
    assert "Internet coupé" in only_one.out


def test_a_script_is_not_asked_which_of_several_incidents(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", "--title", "Un", lines="note un\n")
    first = _incident(town)
    again = town.tocsin("run", "rancongiciel", "--as", "p4", lines="note deux\n")
    assert again.code == 2
    assert again.err.startswith(f"{first} suit déjà la procédure rancongiciel.")
    assert town.tocsin("run", "rancongiciel", "--as", "p4", "--new", lines="note deux\n").code == 0
    which = town.tocsin("run", "--as", "p4", lines="note lequel\n")
    assert which.code == 2
    assert which.err.startswith("Plusieurs incidents sont ouverts")
    assert first in which.err
    assert town.tocsin("run", "continuite-etat-civil", "--as", "p5", lines="note autre\n").code == 0
    assert len(json.loads(town.tocsin("list", "--json").out)["incidents"]) == 3


def test_an_exercise_is_numbered_and_marked_as_one(town: Town) -> None:
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", "--exercise", lines="etat\n")
    assert ran.code == 0
    assert ran.out.startswith("EX-")
    assert "[EXERCICE]" in ran.out
    real = town.tocsin("run", "rancongiciel", "--as", "p4", "--new", lines="etat\n")
    assert "[EXERCICE]" not in real.out


def test_a_closed_incident_shows_no_number_that_would_be_refused(town: Town) -> None:
    lines = "activite etat_civil_deces interrompue\nclore fin de jeu !\netat\n"
    told = town.tocsin("run", "rancongiciel", "--as", "p1", "--exercise", lines=lines).out
    after = told.partition("Incident clos.")[2]
    assert "arrêtée là à la clôture" in after
    assert "  1 " not in after
    assert "voir " not in after


def test_the_real_thing_opens_while_the_same_is_being_exercised(town: Town) -> None:
    assert town.tocsin("run", "coupure-electrique", "--as", "p4", "--exercise", lines="etat\n").code == 0
    real = town.tocsin("run", "coupure-electrique", "--as", "p4", lines="etat\n")
    assert real.code == 0
    assert real.out.startswith("INC-")


def test_each_at_a_shared_keyboard_sees_their_own_screen(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    name = _incident(town)
    own = town.tocsin("run", "--incident", name, "--as", "p4", lines="@p3 etat\n").out
    assert "PRÉVENIR LE MAIRE" in own
    assert "ENDIGUER" not in own
    asked = town.tocsin("do", name, "--as", "p4", "@p3", "moi").out
    assert "Prévenir le maire" in asked
    assert "Endiguer" not in asked
    helped = town.tocsin("run", "--incident", name, "--as", "p4", lines="@p3 ?\n").out
    assert "prendre prevenir_maire" in helped
    pressed = town.tocsin("run", "--incident", name, "--as", "p4", lines="@p3 1\n").out
    assert "Prévenir le maire : Maire ou adjoint joint." in pressed


def test_numbers_are_told_to_whoever_must_dial_them(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    called = town.tocsin(
        "run", "--as", "p4", lines="appel\nannuaire\nmaire\nannuaire cert-fr\nannuaire zork\n"
    ).out
    assert "À appeler vous-même" in called
    assert "Hélène Castaing : 06 39 98 01 11 — Direction de crise, Maire" in called
    assert "SAMU : 15" in called
    assert called.count("Hélène Castaing : 06 39 98 01 11") == 3
    assert "CERT-FR (ANSSI) : 3218" in called
    assert "« zork » n'est ni dans l'annuaire" in called


def test_a_pipe_confirms_with_a_mark_what_cannot_be_undone(town: Town) -> None:
    refused = town.tocsin("run", "rancongiciel", "--as", "p1", lines="abandonner 1 : ouvert par erreur\n")
    assert refused.code == 1
    assert "Abandonner « Rançongiciel » : tous ses volets s'arrêtent." in refused.out
    done = town.tocsin("run", "--as", "p1", lines="abandonner 1 ! : ouvert par erreur\n")
    assert done.code == 0, done.out


def test_the_title_of_whoever_did_not_know_yet_is_that_of_what_was_found(town: Town) -> None:
    lines = "valider proteger rancon\netat\n"
    ran = town.tocsin("run", "je-ne-sais-pas-encore", "--as", "p2", lines=lines)
    assert "Rançongiciel · G4" in ran.out, ran.out
    titled = town.tocsin(
        "run", "je-ne-sais-pas-encore", "--as", "p2", "--title", "Panne", "--new", lines=lines
    )
    assert "· Panne ·" in titled.out


def test_a_step_is_opened_by_its_name_with_its_numbers(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    ran = town.tocsin("run", "--as", "p4", lines="voir\nvoir appeler\n2\n")
    assert "ENDIGUER" not in ran.out
    assert "Endiguer · Technique" in ran.out
    assert "1 : Tous prévenus" in ran.out
    assert "✗ Il faut" in ran.out or "motif" in ran.out.lower()


def test_a_box_ticked_by_its_number_is_of_the_step_that_was_just_read_whoever_reads_it(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    lines = "@p4 voir appeler\n@p4 cocher 1\n@p1 voir endiguer\n@p1 cocher 1\n@p4 cocher 2\n"
    ran = town.tocsin("run", "--as", "p2", lines=lines)
    ticked = [line for line in ran.out.splitlines() if " · Fait : " in line]
    assert [line[line.rindex("(") :] for line in ticked] == [
        "(Appeler à l'aide, prévenir).",
        "(Endiguer).",
        "(Appeler à l'aide, prévenir).",
    ]


def test_a_number_ticks_nothing_of_a_step_that_the_one_just_read_hides(town: Town) -> None:
    lines = "valider confirme\nvalider stoppe ! : fait\nvoir investiguer\ncocher 1\n"
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED + lines)
    assert "✗ Quelle étape ?" in ran.out, ran.out
    assert " · Fait : " not in ran.out


def test_nobody_can_do_nothing(town: Town) -> None:
    ran = town.tocsin("run", "rancongiciel", lines="note vu\n")
    assert ran.code == 2
    assert ran.err.startswith("Qui êtes-vous ? Ajoutez --as PERSONNE.")
    assert json.loads(town.tocsin("list", "--json").out)["incidents"] == []
    stranger = town.tocsin("run", "rancongiciel", "--as", "p9", lines="note vu\n")
    assert stranger.code == 2


def test_a_script_may_say_who_speaks_on_each_line(town: Town) -> None:
    ran = town.tocsin("run", "rancongiciel", lines="# la nuit\n@p2 note vu\n@Nadia note vu aussi\n")
    assert ran.code == 0, ran.out
    timeline = town.tocsin("export", _incident(town), "--format", "md").out
    assert "Marc Ollivier (Direction de crise) | vu |" in timeline
    assert "Nadia Benslimane (Direction de crise) | vu aussi |" in timeline


def test_do_does_one_action_from_the_shell(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    name = _incident(town)
    noted = town.tocsin("do", name, "--as", "p3", "note", "vu avec le maire", "@00:01")
    assert (noted.code, noted.err) == (0, "")
    assert noted.out.startswith("✓ n°")
    refused = town.tocsin("do", name, "--as", "p5", "valider", "prevenir_maire", "joint")
    assert refused.code == 1
    assert "revient à : DGS" in refused.out
    assert town.tocsin("do", name, "--as", "p3").code == 2
    assert town.tocsin("do", "INC-1999-001", "--as", "p3", "etat").code == 2


def test_a_file_that_is_brought_is_kept_and_named_by_its_content(town: Town, tmp_path: Path) -> None:
    photo = tmp_path / "ecran.jpg"
    photo.write_bytes(b"une photo")
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=f"preuve {photo}\n")
    lines = town.tocsin("export", _incident(town), "--format", "jsonl").out.splitlines()
    brought = next(one for one in map(json.loads, lines) if one["kind"] == "evidence_added")
    assert (brought["data"]["name"], brought["data"]["size"]) == ("ecran.jpg", 9)
    kept = town.path / "evidence" / brought["data"]["sha256"]
    assert kept.read_bytes() == b"une photo"


def test_a_file_that_is_there_and_can_not_be_kept_is_never_written_down_as_words(town: Town) -> None:
    (town.path / "evidence").write_text("a file where the safe should be", "utf-8")
    photo = town.path / "photo.jpg"
    photo.write_bytes(b"screen")
    ran = town.tocsin("run", "rancongiciel", "--as", "p4", lines=f"preuve {photo}\nnote vu\n")
    assert "n'a pas pu être gardé" in ran.out + ran.err
    told = town.tocsin("export", _incident(town), "--format", "jsonl").out
    assert "evidence_added" not in told


def test_show_prints_where_it_stands_for_people_and_programs(town: Town) -> None:
    town.tocsin("run", "rancongiciel", "--as", "p4", lines=OPENED)
    name = _incident(town)
    for_people = town.tocsin("show", name)
    for_programs = json.loads(town.tocsin("show", name, "--json").out)
    assert "Endiguer — Thierry Lacombe" in for_people.out
    assert for_programs["runs"]["1"]["tracks"]["technique"]["cursor"]["step"] == "endiguer"


def test_the_exports_verify_and_a_redacted_one_names_nobody(town: Town, tmp_path: Path) -> None:
    town.tocsin(
        "run", "rancongiciel", "--as", "p4", "--title", "Secret", lines=OPENED + "note vu avec Hélène\n"
    )
    name, out = _incident(town), tmp_path / "t.jsonl"
    assert town.tocsin("export", name, "--format", "jsonl", "--out", str(out)).code == 0
    assert town.tocsin("verify", str(out)).code == 0
    for kind in ("md", "jsonl"):
        redacted = town.tocsin("export", name, "--format", kind, "--redact").out
        for person in ("Thierry", "Hélène", "Secret"):
            assert person not in redacted
        assert "Geste réflexe" in redacted


def test_a_runbook_of_one_s_own_is_a_file(town: Town, tmp_path: Path) -> None:
    own = tmp_path / "mienne.yaml"
    own.write_text(
        "format: 1\nrunbook: mienne\ntitle: La mienne\nlang: fr\nversion: 1\n"
        "roles:\n  dsi: Répare\ntracks:\n  technique:\n    title: Technique\n    steps:\n      voir:\n"
        "        title: Regarder\n        role: dsi\n        outcomes:\n          vu:\n            label: Vu\n"
        "            next: fin\n      fin:\n        title: Fin\n        end: closed\n",
        "utf-8",
    )
    ran = town.tocsin("run", str(own), "--as", "p4", lines="valider voir vu\n")
    assert ran.code == 0, ran.out + ran.err
    assert "Procédure terminée : La mienne (clos)." in ran.out
    unknown = town.tocsin("run", "zork", "--as", "p4", lines="")
    assert unknown.code == 2
    assert "« zork » n'existe pas" in unknown.err
