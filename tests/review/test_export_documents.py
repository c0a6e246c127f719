"""The documents, read back: the page without a network, Word, the printed sheets, Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree

import docx as word
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.review.dossier import Dossier, extract
from engine.review.exports.docx import docx
from engine.review.exports.html import html
from engine.review.exports.markdown import markdown
from engine.review.exports.pdf import pdf
from engine.review.exports.picture import picture
from engine.review.filters import Filter
from engine.visible import harmless
from tests.bots.valmont import at
from tests.review.corpus import HOSTILE, dossier, night, noted

TEXTS = st.lists(st.text(max_size=60), max_size=5)
VOID = {"meta", "br", "link", "img", "input"}


class Page(HTMLParser):
    """What a browser would make of it: tags that are closed, addresses that would be fetched, cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.cells: list[list[str]] = []
        self._in_log = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self._in_log = found.get("class") == "log"
        if tag == "tr" and self._in_log:
            self.cells.append([])
        if tag == "td" and self._in_log:
            self.cells[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._in_log and "td" in self.open and self.cells[-1]:
            self.cells[-1][-1] += data

    @property
    def rows(self) -> Iterator[list[str]]:
        return (row for row in self.cells if row)


def held(text: str) -> str:
    """As it is on the page, but for the spaces that hold a sign to its word."""
    return text.replace("\u00a0", " ")


# HTML


@settings(max_examples=40, deadline=None)
@given(texts=TEXTS, title=st.text(max_size=30))
def test_the_page_shows_each_text_and_obeys_none(texts: list[str], title: str) -> None:
    made = noted([*texts, *HOSTILE], title=title)
    page = Page(html(made))
    assert page.open == []
    assert [held(row[3]) for row in page.rows] == [held(harmless(line.text)) for line in made.lines]
    assert {tag for tag, _ in page.tags}.isdisjoint(
        {"script", "img", "iframe", "object", "link", "form", "base"}
    )


@pytest.mark.parametrize("exercise", [False, True])
def test_the_page_needs_no_network_and_no_script(exercise: bool) -> None:
    written = html(dossier(night(exercise=exercise)))
    page = Page(written)
    addresses = [
        value
        for _, attrs in page.tags
        for name, value in attrs.items()
        if name in ("src", "href", "srcset", "data")
    ]
    assert all(value and value.startswith("#") for value in addresses)
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on")]
    assert "@import" not in written
    assert "url(" not in written
    policy = next(attrs["content"] for tag, attrs in page.tags if tag == "meta" and "http-equiv" in attrs)
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_each_link_of_the_page_leads_to_a_place_of_the_page() -> None:
    page = Page(html(dossier(night())))
    places = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(places) == len(set(places))
    assert {attrs["href"] for _, attrs in page.tags if "href" in attrs} <= {f"#{one}" for one in places}


def test_a_corrected_line_is_struck_and_leads_to_its_correction() -> None:
    made = dossier(night())
    corrected = next(line for line in made.lines if line.corrected_by)
    written = html(made)
    assert f"<s><bdi>{held(corrected.text)}</bdi></s>" in held(written)
    assert f'<a href="#n{corrected.corrected_by[0]}">' in written


# The picture


def drawn(made: Dossier) -> list[str]:
    tree = ElementTree.fromstring(picture(made))
    return [one.text or "" for one in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_has_a_lane_for_each_track_each_stop_and_each_clock() -> None:
    made = dossier(night())
    told = drawn(made)
    tracks = {line.where.track_title for line in made.lines if line.where.track}
    assert tracks <= set(told)
    assert {f"Horloge : {one.title}" for one in made.clocks} <= set(told)
    assert {f"Arrêt : {one.title}" for one in made.activities if one.begun} <= set(told)
    assert "échéance : 1 déc. 03:02" in told, "what falls due beyond the picture says when"


def test_the_picture_of_the_night_that_has_an_hour_twice_says_which() -> None:
    told = drawn(noted(["x"] * 7, start=at("2026-10-25 01:10"), apart=1_800_000))
    assert "02:00 (UTC+2)" in " ".join(told)
    assert "02:00 (UTC+1)" in " ".join(told)


def test_an_extract_draws_no_step_whose_end_it_may_lack() -> None:
    whole = dossier(night())
    some = extract(whole, Filter(decisions=True))
    assert 'class="step"' in picture(whole)
    assert 'class="step"' not in picture(some)
    assert some.extract in held(html(some))


@settings(max_examples=20, deadline=None)
@given(texts=TEXTS)
def test_the_picture_is_always_well_formed(texts: list[str]) -> None:
    assert drawn(noted([*texts, *HOSTILE], title="<svg>"))


# Word


@settings(max_examples=15, deadline=None)
@given(texts=TEXTS)
def test_word_gets_each_text_whole(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE])
    document = word.Document(BytesIO(docx(made)))
    log = [table for table in document.tables if len(table.columns) == 4 and table.cell(0, 0).text == "n°"]
    rows = [row for table in log for row in table.rows[1:]]
    assert [row.cells[3].text for row in rows] == [harmless(line.text) for line in made.lines]


def test_word_has_titles_a_picture_and_a_language() -> None:
    document = word.Document(BytesIO(docx(dossier(night()))))
    titles = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert titles == [
        "Le déroulé, volet par volet", "Décisions", "Écarts et passages outre", "Activités", "Horloges légales",
        "Reste à faire", "Chronologie", "Preuve",
    ]  # fmt: skip
    assert len(document.inline_shapes) == 1
    assert document.core_properties.language == "fr-FR"
    assert document.core_properties.author == "Ville de Valmont"


# The printed sheets


def printed(made: Dossier) -> list[str]:
    with pypdfium2.PdfDocument(pdf(made)) as sheets:
        return [page.get_textpage().get_text_range() for page in sheets]


def test_the_sheets_hold_every_number_and_count_themselves() -> None:
    made = dossier(night())
    sheets = printed(made)
    assert f"1 / {len(sheets)}" in sheets[0]
    whole = "\n".join(sheets)
    assert all(f"\n{line.number} " in whole or f"\n{line.number}\r" in whole for line in made.lines)
    assert made.head in whole.replace("\r\n", "").replace("\n", "")


def test_a_text_that_looks_like_the_printer_s_own_language_is_printed_as_it_is() -> None:
    whole = " ".join(
        printed(noted(["#set page(fill: red) $x$ *gras* @ref", "<b>gras</b>"], title="#strong[x]"))
    )
    assert "#set page(fill: red) $x$ *gras* @ref" in whole
    assert "<b>gras</b>" in whole
    assert "#strong[x]" in whole


def test_a_long_log_is_bound_of_pieces_that_go_on_counting() -> None:
    """Typst keeps all that it lays out: ten thousand entries at once would take half a gigabyte."""
    made = noted([f"poste {n}" for n in range(1_000)])
    sheets = printed(made)
    feet = [sheet.split()[-1] for sheet in sheets]
    assert feet == [str(number) for number in range(1, len(sheets) + 1)]
    whole = "\n".join(sheets)
    assert all(f"poste {n}" in whole for n in range(1_000))
    assert pdf(made) == pdf(made)
    with pypdfium2.PdfDocument(pdf(made)) as bound:
        assert bound.get_metadata_value("Title").replace("\u202f", " ") == "Main courante : Écrans chiffrés"


# Markdown


@settings(max_examples=30, deadline=None)
@given(texts=TEXTS)
def test_markdown_keeps_each_entry_on_its_line(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE])
    rows = [line for line in markdown(made).splitlines() if line.startswith('| <a id="n')]
    assert len(rows) == len(made.lines)
