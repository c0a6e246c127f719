"""The pages as they come out of the printer: the whole library, and texts that were written to break them."""

from __future__ import annotations

import re
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import typst

from engine.i18n import LANGUAGES
from engine.library.catalogue import Library, library_folder
from engine.paper.kit import Kit, kit
from engine.paper.printing import WHOLE, printed
from engine.paper.procedure import procedure
from tests.paper.printed import faults, texts
from tests.paper.valmont import PEOPLE, material

TODAY = datetime(2026, 11, 24, 14, 0, tzinfo=ZoneInfo("Europe/Paris"))
HOSTILE = Path(__file__).parent / "hostile"


@pytest.fixture(scope="module")
def library() -> tuple[dict[str, bytes], float]:
    """The kit of the whole shipped library, and the processor's seconds that it took."""
    before = time.process_time()
    shipped = material(library=Library(library_folder()), people=PEOPLE)
    whole = kit(shipped)
    assert whole.missing == ()
    pdfs = dict(printed(whole, shipped, today=TODAY, version="0.1.0"))
    return pdfs, time.process_time() - before


def test_the_kit_of_the_whole_library_is_printed_within_ten_seconds(
    library: tuple[dict[str, bytes], float],
) -> None:
    """Of processor: a test machine has other work beside."""
    assert library[1] < 10


def test_no_letter_leaves_its_page_or_lies_over_another(library: tuple[dict[str, bytes], float]) -> None:
    wrong = {name: found for name, pdf in library[0].items() if name != WHOLE and (found := faults(pdf))}
    assert wrong == {}


def test_letters_over_others_and_out_of_the_sheet_would_be_seen() -> None:
    """The proof of the proof: a page on which two others were printed, one of them askew."""
    pdf = typst.compile(
        b'#set page(paper: "a4")\n#place(dx: 2mm)[abcdef]#place(dx: 3mm)[ghijkl]#place(dx: 180mm)[mnopqrstu]'
    )
    found = faults(pdf)
    assert any("over" in fault for fault in found)
    assert "page 1: out of the sheet" in found


def test_every_page_is_a4_and_each_document_begins_on_a_front(
    library: tuple[dict[str, bytes], float],
) -> None:
    pdfs = library[0]
    with pypdfium2.PdfDocument(pdfs[WHOLE]) as whole:
        sizes = {tuple(sorted(round(side) for side in page.get_size())) for page in whole}
    assert sizes == {(595, 842)}
    bound = texts(pdfs[WHOLE])
    sheet = 0
    for name, pdf in pdfs.items():
        if name == WHOLE:
            continue
        pages = texts(pdf)
        assert bound[sheet : sheet + len(pages)] == pages, name
        sheet += len(pages) + len(pages) % 2


def test_the_summary_tells_where_each_document_begins(library: tuple[dict[str, bytes], float]) -> None:
    pdfs = library[0]
    told, bound = " ".join(texts(pdfs["sommaire"])), texts(pdfs[WHOLE])
    begin = next(
        n
        for n, page in enumerate(bound, 1)
        if page.startswith("CONFIDENTIEL") and "Rançongiciel" in page[:60]
    )
    (sheet,) = re.findall(r"Rançongiciel version \d+, relue le \S+ (?:\w{4} ){3}(\d+)", told)
    assert sheet == str(begin)


def test_personal_numbers_are_marked_on_each_page(library: tuple[dict[str, bytes], float]) -> None:
    pages = texts(library[0]["annuaire"])
    assert all("CONFIDENTIEL — numéros personnels" in page for page in pages)
    assert "06 39 98 01 11" in pages[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_that_were_written_to_break_the_page_are_printed_as_they_are(lang: str) -> None:
    hostile = material(lang, library=Library(HOSTILE), town="Ville de #Valmont")
    whole = Kit(documents=(procedure(hostile, "hostile"),), missing=("#x",))
    pdfs = dict(printed(whole, hostile, today=TODAY, version="0.1.0"))
    pdf = pdfs["procedure-hostile"]
    assert faults(pdf) == []
    said = " ".join(texts(pdf))
    for text in (
        '#eval("1+1") *gras* _it_ $x^2$',
        '#import "@preview/evil:1.0.0": *',
        "]]]#while true {}",
        "#text(fill: white)[invisible]",
        '#image("/etc/passwd")',
        "#box(width: 10000pt)",
        "Ville de #Valmont",
    ):
        assert text in said, text
    assert "root:" not in said
