"""The tables, read as the programs they are for read them: Excel in France, Timesketch, DFIR-IRIS, any spreadsheet."""

from __future__ import annotations

import csv
import json
from datetime import datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.review.dossier import Dossier
from engine.review.exports.columns import NAMES, RISKY
from engine.review.exports.csv import csv as french_csv
from engine.review.exports.iris import iris
from engine.review.exports.timesketch import timesketch_csv, timesketch_jsonl
from engine.review.exports.xlsx import xlsx
from engine.visible import harmless
from tests.bots.valmont import at
from tests.review.corpus import HOSTILE, dossier, night, noted

TEXTS = st.lists(st.text(max_size=60), max_size=5)
WHAT = NAMES.index("what")
OCTOBER = at("2026-10-25 01:30")  # the night when 02:30 comes twice
MARCH = at("2026-03-29 01:30")  # the night that has no 02:30


def told(made: Dossier) -> list[str]:
    return [harmless(line.text) for line in made.lines]


# Excel, in France


def rows_of(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without it Excel reads accents in another alphabet"
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";", strict=True))


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS)
def test_french_excel_gets_back_each_text_in_its_cell(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE])
    head, *rows = rows_of(french_csv(made))
    assert head[WHAT] == "Fait"
    assert all(len(row) == len(NAMES) for row in rows)
    assert [row[WHAT].removeprefix("'") for row in rows] == [text.removeprefix("'") for text in told(made)]


def test_french_excel_computes_nothing_that_somebody_typed() -> None:
    _, *rows = rows_of(french_csv(noted(HOSTILE)))
    assert not [cell for row in rows for cell in row if cell.lstrip(" ").startswith(RISKY)]
    assert "'=1+1" in [row[WHAT] for row in rows]


def test_french_excel_reads_the_hours_as_dates_and_knows_the_hour_that_comes_twice() -> None:
    _, *rows = rows_of(french_csv(noted(["avant", "encore 02:30"], start=OCTOBER, apart=3_600_000)))
    first, second = rows[-2], rows[-1]
    happened, utc = NAMES.index("happened"), NAMES.index("happened_utc")
    assert first[happened] == second[happened] == "25/10/2026 02:30:00"
    assert (first[utc], second[utc]) == ("2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z")


# Timesketch: the rules of its readers (docs/guides/user/import-from-json-csv.md)


def timesketch_rules(event: dict[str, Any]) -> None:
    assert event["message"]
    assert event["timestamp_desc"]
    moment = datetime.fromisoformat(event["datetime"])
    assert moment.utcoffset() == timedelta(0), (
        "a naive hour would be read as UTC, an offset is safest at zero"
    )
    assert int(event["timestamp"]) == round(moment.timestamp() * 1_000_000)
    assert all(len(value.encode()) <= 32_766 for value in event.values() if isinstance(value, str))


@settings(max_examples=20, deadline=None)
@given(texts=TEXTS)
def test_timesketch_takes_every_line_whole(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE])
    lines = timesketch_jsonl(made).split("\n")
    assert lines.pop() == ""
    events = [json.loads(line) for line in lines]  # a blank line would be refused
    for event, line in zip(events, made.lines, strict=True):
        timesketch_rules(event)
        whole = event["message"] + "".join(event.get(f"message_{n}", "") for n in range(2, 9))
        assert whole == harmless(f"{line.who} — {line.text}")
        assert event["event_id"] == line.id


def test_timesketch_reads_the_same_in_a_table() -> None:
    made = noted(HOSTILE, start=MARCH)
    rows = list(csv.DictReader(StringIO(timesketch_csv(made), newline=""), strict=True))
    events = [json.loads(line) for line in timesketch_jsonl(made).splitlines()]
    for row, event in zip(rows, events, strict=True):
        timesketch_rules(row)
        assert json.loads(row["tag"]) == event["tag"]
        assert row["message"] == event["message"]
        assert row["message"] not in ("NA", "null", "NaN", ""), "pandas drops such a cell"


def test_timesketch_itself_reads_both(tmp_path: Any) -> None:
    utils = pytest.importorskip("timesketch.lib.utils", reason="the real reader is not installed here")
    made = noted(HOSTILE, start=OCTOBER)
    path = tmp_path / "a.csv"
    path.write_bytes(timesketch_csv(made).encode())
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(utils.read_and_validate_csv(file))
    events = list(utils.read_and_validate_jsonl(iter(timesketch_jsonl(made).splitlines())))
    assert len(rows) == len(events) == len(made.lines)
    assert [row["timestamp"] for row in rows] == [event["timestamp"] for event in events]


# DFIR-IRIS: the rules of its import (case_timeline_routes.py), in twenty lines

IRIS_COLUMNS = (
    "event_date", "event_tz", "event_title", "event_category", "event_content", "event_raw", "event_source",
    "event_assets", "event_iocs", "event_tags",
)  # fmt: skip
IRIS_CATEGORIES = {"", "Unspecified", "Legitimate", "Remediation", "Initial Access", "Execution", "Impact"}


def iris_import(content: str) -> list[dict[str, Any]]:
    lines = content.splitlines()  # as it does: what is between quotes is cut too
    events = list(csv.DictReader(lines, delimiter=",", strict=True))
    for event in events:
        assert tuple(event) == IRIS_COLUMNS
        event["date"] = datetime.fromisoformat(event["event_date"] + event["event_tz"])
        assert not event["event_date"].endswith("Z")
        assert event["event_title"].strip()
        assert event["event_category"] in IRIS_CATEGORIES
        assert event["event_assets"] == event["event_iocs"] == "", "they must already be in the case"
        assert all(tag.strip() for tag in event["event_tags"].split("|"))
    return events


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS)
def test_iris_takes_every_line_and_glues_no_words(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE], start=OCTOBER)
    events = iris_import(iris(made))
    assert [round(event["date"].timestamp() * 1000) for event in events] == [
        one.happened for one in made.lines
    ]
    for event, text in zip(events, told(made), strict=True):
        assert event["event_content"].endswith(" — ".join(part for part in text.splitlines() if part.strip()))


def test_iris_is_given_the_offset_of_the_night_that_has_no_half_past_two() -> None:
    events = iris_import(iris(noted(["avant", "après"], start=MARCH, apart=1_800_000)))
    assert (events[-2]["event_date"], events[-2]["event_tz"]) == ("2026-03-29T03:00:00.000", "+02:00")


# Any spreadsheet


@settings(max_examples=15, deadline=None)
@given(texts=TEXTS)
def test_a_spreadsheet_holds_each_text_as_text(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE])
    sheet = openpyxl.load_workbook(BytesIO(xlsx(made))).worksheets[0]
    _, *rows = sheet.iter_rows()
    for row, text in zip(rows, told(made), strict=True):
        pieces = [row[WHAT], *row[len(NAMES) :]]
        assert "".join(cell.value or "" for cell in pieces).replace("_x000D_", "") == text.replace("\r", "")
        assert all(cell.data_type in ("s", "n", "d") for cell in row), "never a formula"
        assert all(len(cell.value) <= 32_767 for cell in row if isinstance(cell.value, str))


def test_a_spreadsheet_has_hours_to_count_with_and_a_filter() -> None:
    made = dossier(night())
    book = openpyxl.load_workbook(BytesIO(xlsx(made)))
    sheet = book.worksheets[0]
    happened = [row[NAMES.index("happened")].value for row in sheet.iter_rows(min_row=2)]
    assert f"{happened[0]}" == "2026-11-24 03:02:00"
    assert all(isinstance(one, datetime) for one in happened)
    assert sheet.auto_filter.ref == f"A1:W{len(made.lines) + 1}"
    assert book.sheetnames == [
        "Chronologie",
        "Activités",
        "Horloges légales",
        "Reste à faire",
        "À lire d'abord",
    ]
    assert book.properties.title == "Main courante : Écrans chiffrés à l'accueil"
