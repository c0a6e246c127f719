"""What is true of every format: the same file twice, an exercise that can't be taken for the real thing."""

from __future__ import annotations

import csv
import os
import re
import subprocess
import sys
import zlib
from dataclasses import replace
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.review.audiences import AUDIENCES
from engine.review.copies import copy_of
from engine.review.dossier import Dossier
from engine.review.exports.formats import FORMATS, by_suffix, export
from engine.review.filters import EVERYTHING
from tests.review.corpus import HEAD, HOSTILE, dossier, night, noted

GOLDEN = Path(__file__).parent / "golden"
MADE = [name for name in FORMATS if name != "jsonl"]  # that one is the journal itself
TEXTS = st.lists(st.text(max_size=40) | st.sampled_from(HOSTILE[:-2]), max_size=4)


def words_of(content: bytes, name: str) -> list[str]:
    """All that a file says, part by part; of a PDF, page by page."""
    if name == "pdf":
        with pypdfium2.PdfDocument(content) as pages:
            return [page.get_textpage().get_text_range() for page in pages]
    if name in ("docx", "xlsx"):
        with ZipFile(BytesIO(content)) as archive:
            return [archive.read(one).decode("utf-8", "replace") for one in archive.namelist()]
    return [content.decode("utf-8-sig")]


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("made", [lambda: dossier(night()), lambda: noted(HOSTILE)], ids=["night", "hostile"])
def test_the_same_incident_is_the_same_file_to_the_byte(name: str, made: type[Dossier]) -> None:
    first = export(made(), name)
    assert first == export(made(), name)
    if name in ("docx", "xlsx"):  # two made within a second would agree on the hour all the same
        with ZipFile(BytesIO(first)) as archive:
            assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            core = archive.read("docProps/core.xml").decode()
        dated = set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+", core))
        assert len(dated) == 1
        assert not dated & {"2013-12-23T23:15:00"}, "the date of the library's template"


def test_the_same_files_come_out_of_another_process(tmp_path: Path) -> None:
    """Nothing hangs on the order of a set or on the hour of the machine."""
    program = (
        "import sys, zlib\n"
        "from engine.review.exports.formats import FORMATS, export\n"
        "from tests.review.corpus import dossier, night\n"
        "made = dossier(night())\n"
        "print({n: zlib.crc32(export(made, n)) for n in FORMATS if n != 'jsonl'})\n"
    )
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        cwd=tmp_path,
    )
    made = dossier(night())
    assert told.stdout.strip() == str({name: zlib.crc32(export(made, name)) for name in MADE})


@pytest.mark.parametrize("name", MADE)
def test_an_exercise_says_so_wherever_it_is_read(name: str) -> None:
    content = export(dossier(night(exercise=True)), name)
    parts = words_of(content, name)
    match name:
        case "pdf":
            assert all("EXERCICE" in page for page in parts)
        case "docx":
            header, foot = (
                next(part for part in parts if f"<w:{tag} " in part[:2000]) for tag in ("hdr", "ftr")
            )
            assert "[EXERCICE]" in header
            assert "textpath" in header, "the watermark"
            assert "[EXERCICE]" in foot
        case "xlsx":
            sheets = [part for part in parts if "<worksheet" in part[:300]]
            assert all("[EXERCICE]" in sheet for sheet in sheets)
        case "csv" | "timesketch" | "iris":
            _, *rows = csv.reader(StringIO(parts[0]), delimiter=";" if name == "csv" else ",")
            assert len(rows) == 131
            assert all(any("[EXERCICE] " in cell for cell in row) for row in rows)
        case "ics":
            summaries = [line for line in parts[0].splitlines() if line.startswith("SUMMARY")]
            assert summaries
            assert all(line.startswith("SUMMARY:[EXERCICE]") for line in summaries)
        case "stix":
            assert len(re.findall(r'"name": "\[EXERCICE\]', parts[0])) == parts[0].count('"name": ') - 2
        case _:
            assert "[EXERCICE]" in parts[0]


@pytest.mark.parametrize("name", MADE)
def test_the_real_thing_never_says_that_it_is_an_exercise(name: str) -> None:
    assert not any("EXERCICE" in part for part in words_of(export(dossier(night()), name), name))


@pytest.mark.parametrize("name", ["html", "docx", "csv", "xlsx", "timesketch", "iris", "stix", "ics", "md"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=TEXTS, title=st.text(max_size=30))
def test_whatever_people_type_can_be_exported(name: str, texts: list[str], title: str) -> None:
    assert export(noted(texts, title=title), name)


@settings(max_examples=5, deadline=None)
@given(texts=TEXTS, title=st.text(max_size=30))
def test_whatever_people_type_can_be_printed(texts: list[str], title: str) -> None:
    with pypdfium2.PdfDocument(export(noted(texts, title=title), "pdf")) as printed:
        assert len(printed) >= 1


@pytest.mark.parametrize("name", MADE)
def test_an_incident_of_which_a_filter_left_nothing_is_still_a_file(name: str) -> None:
    made = noted(())
    empty = Dossier(scene=made.scene, speech=made.speech, lines=(), head=made.head, extract="Extrait.")
    assert export(empty, name)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("chronologie.PDF", "pdf"),
        ("page.htm", "html"),
        ("a.csv", "csv"),
        ("a.iris.csv", "iris"),
        ("a.timesketch.csv", "timesketch"),
        ("a.json", "stix"),
        ("a.jsonl", "jsonl"),
        ("sans-suffixe", ""),
    ],
)
def test_the_name_of_the_file_tells_the_format(file: str, name: str) -> None:
    assert by_suffix(file) == name


@pytest.mark.parametrize("name", ["csv", "timesketch", "iris", "ics", "md"])
def test_a_short_incident_reads_as_its_golden_file(name: str) -> None:
    made = noted(HOSTILE[:3])
    content = export(made, name).decode("utf-8-sig")
    golden = GOLDEN / f"court{FORMATS[name].suffix}"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text(content, "utf-8", newline="")
    assert content == golden.read_bytes().decode("utf-8")


@pytest.mark.parametrize("reader", [one.name for one in AUDIENCES.values() if "name" in one.hides])
def test_a_reader_who_gets_roles_gets_no_name_in_any_format(reader: str) -> None:
    valmont = night()
    copy = copy_of(
        AUDIENCES[reader],
        valmont.journal,
        valmont.speech,
        lambda incident: replace(valmont.scene, incident=incident),
        head=HEAD,
        keep=EVERYTHING,
    )
    people = {one.name.split()[-1] for one in valmont.world.directory.people.values()}
    assert any(name in part for name in people for part in words_of(export(dossier(valmont), "csv"), "csv"))
    for kind in MADE:
        parts = words_of(export(copy, kind), kind)
        assert not [name for name in people for part in parts if name in part], kind
