"""The network was down all night; in the morning somebody types in what was written on paper."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bots.inbound.transcript import read_transcript
from engine.core.world import Calendar
from tests.console.town import Town, new_town

PARIS = Calendar()
NOW = round(datetime(2026, 11, 24, 13, 0, tzinfo=UTC).timestamp() * 1000)


def _hour(instant: int) -> str:
    return f"{PARIS.local(instant):%d/%m/%Y %H:%M}"


def test_a_line_says_when_who_and_what() -> None:
    read = read_transcript(["# feuille 1", "", "24/11 03:14 ; Lacombe ; Internet coupé"], PARIS, NOW)
    (line,) = read.copied
    assert (_hour(line.at), line.who, line.text, line.decision) == (
        "24/11/2026 03:14", "Lacombe", "Internet coupé", False
    )  # fmt: skip
    assert line.line == 3


@pytest.mark.parametrize("mark", ["décision", "Decision", "D"])
def test_a_decision_is_told_at_the_end(mark: str) -> None:
    (line,) = read_transcript([f"24/11 03:20 ; Maire ; On ne paie pas ; {mark}"], PARIS, NOW).copied
    assert (line.text, line.decision) == ("On ne paie pas", True)


def test_a_semicolon_in_what_was_written_loses_nothing() -> None:
    (line,) = read_transcript(["24/11 03:20;DSI;Internet coupé; VPN coupé"], PARIS, NOW).copied
    assert line.text == "Internet coupé ; VPN coupé"


def test_what_a_spreadsheet_exports_is_read() -> None:
    (line,) = read_transcript(['24/11 03:20\tDSI\t"Coupé ; vérifié ""deux"" fois"'], PARIS, NOW).copied
    assert line.text == 'Coupé ; vérifié "deux" fois'


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("tout est coupé", "fields"),
        pytest.param(f"24/11 03:20 ; DSI ; {'x' * 200_000}", "fields", id="too long to be a line"),
        ("24/11 03:20 ; DSI", "fields"),
        ("03:20 ; DSI ; coupé", "no_day"),
        ("24/13 03:20 ; DSI ; coupé", "no_day"),
        ("24/11 26:20 ; DSI ; coupé", "bad_time"),
        ("24/11 ; DSI ; coupé", "bad_time"),
        ("24/11 23:20 ; DSI ; coupé", "future"),
        ("24/11 03:20 ; DSI ;", "no_text"),
    ],
)
def test_a_bad_line_is_told_and_takes_no_other_with_it(line: str, code: str) -> None:
    read = read_transcript(["24/11 03:00 ; DSI ; avant", line, "24/11 03:40 ; DSI ; après"], PARIS, NOW)
    assert [(slip.line, slip.code) for slip in read.slips] == [(2, code)]
    assert [one.text for one in read.copied] == ["avant", "après"]


def test_the_same_line_twice_on_paper_is_two_lines_and_typed_twice_is_one() -> None:
    lines = ["24/11 04:00 ; DSI ; Point fait", "24/11 04:00 ; dsi ; Point  fait"]
    first, second = (one.key for one in read_transcript(lines, PARIS, NOW).copied)
    assert first != second
    assert [one.key for one in read_transcript(lines[::-1], PARIS, NOW).copied] == [first, second]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    made = new_town(tmp_path_factory.mktemp("papier"))
    opened = made.tocsin("run", "rancongiciel", "--exercise", "--as", "p1", lines="note ouvert\n")
    assert opened.code == 0, opened.err
    return made


def test_a_night_on_paper_is_typed_in_once(town: Town) -> None:
    sheet = town.path.parent / "feuille.csv"
    sheet.write_bytes(
        "\r\n".join(
            (
                "hier 03:02 ; Thierry Lacombe ; Écran de rançon",
                "hier 03:20 ; Castaing ; On ne paie pas ; décision",
                "hier 03:30 ; M. Durand, infogérant ; Rappelle dans une heure",
                "illisible",
            )
        ).encode("cp1252")
    )
    first = town.tocsin("transcribe", "EX-2026-001", str(sheet), "--as", "p5")
    assert first.code == 1
    assert first.out == "EX-2026-001 : 3 lignes recopiées du papier, 0 déjà là, 1 à corriger.\n"
    assert first.err.startswith("ligne 4 : ")
    sheet.write_text(
        sheet.read_bytes().decode("cp1252").replace("illisible", "hier 04:00 ; p2 ; Relève"), "utf-8"
    )
    again = town.tocsin("transcribe", "EX-2026-001", str(sheet), "--as", "p5")
    assert (again.code, again.out) == (
        0, "EX-2026-001 : 1 ligne recopiée du papier, 3 déjà là, 0 à corriger.\n"
    )  # fmt: skip
    written = town.tocsin("export", "EX-2026-001", "--format", "jsonl").out.splitlines()
    copied = [
        entry for entry in map(json.loads, written) if entry["source"] == "paper" and entry["occurred_at"]
    ]
    told = town.tocsin("export", "EX-2026-001").out
    assert [one["kind"] for one in copied if one["kind"] not in ("note_taken", "decision_made")] == []
    assert len(copied) == 4, "nobody is marked present by a sheet that is typed in later"
    assert "03:02 (saisi à" in told
    assert (
        "Thierry Lacombe (Astreinte), recopié du papier, saisi par Julie Perrault | Écran de rançon" in told
    )
    assert "Hélène Castaing (Direction de crise), recopié du papier" in told
    assert "**DÉCISION : On ne paie pas**" in told
    assert "M. Durand, infogérant : Rappelle dans une heure" in told


def test_standard_input_is_a_sheet_too(town: Town) -> None:
    ran = town.tocsin("transcribe", "EX-2026-001", "-", "--as", "p5", lines="hier 05:00 ; p3 ; Par un tube\n")
    assert ran.code == 0


def test_a_sheet_that_isn_t_there_and_a_typist_that_nobody_knows(town: Town, tmp_path: Path) -> None:
    assert town.tocsin("transcribe", "EX-2026-001", str(tmp_path / "rien"), "--as", "p5").code == 2
    sheet = tmp_path / "feuille"
    sheet.write_text("hier 05:00 ; p3 ; x\n", "utf-8")
    assert town.tocsin("transcribe", "EX-2026-001", str(sheet), "--as", "inconnu").code == 2
    assert town.tocsin("transcribe", "EX-2026-999", str(sheet), "--as", "p5").code == 2
