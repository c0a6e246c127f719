"""Pictures of procedures: what they say, that nothing is cut or lies over something else, and that they print."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import pytest

from bots.cli import answer
from engine.core.runbook import Runbook
from engine.i18n import LANGUAGES, Words
from engine.library.catalogue import Library
from engine.library.diagram import mermaid, planned, svg
from engine.library.diagram.layout import PAGE
from engine.library.diagram.measure import cut, width, wrapped
from engine.library.yamltree import compose

HERE = Path(__file__).parent
BASE = Runbook.model_validate(compose((HERE / "lint" / "base.yaml").read_text("utf-8"), "base.yaml").tree)
SHIPPED = Library.load().runbooks
SVG = "{http://www.w3.org/2000/svg}"


def _monster() -> Runbook:
    """Everything long at once: words without spaces, thirty steps that jump everywhere, signs of XML."""
    steps: dict[str, object] = {}
    sign = {"by": [["maire"], ["dsi"]]}
    for n in range(30):
        outcomes = {
            f"vers{to}": {"label": "<&> " + "Reconfigurationnellement" * 2, "next": f"e{to}", "sign": sign}
            for to in {(n * 7) % 30, (n * 11 + 3) % 30, max(n - 9, 0), min(n + 1, 30)}
        }
        steps[f"e{n}"] = {"title": "Anticonstitutionnellement" * 3, "role": "r" * 40, "outcomes": outcomes}
    steps["e30"] = {"title": "Fin <b>", "end": "closed"}
    tracks = {f"v{n}": {"title": "Volet " * 20, "steps": steps} for n in range(3)}
    head = {"format": "1", "runbook": "monstre", "version": "1", "severity": "G4", "tracks": tracks}
    return Runbook.model_validate(head | {"title": "Titre " * 30, "summary": "Résumé & suite. " * 60})


ALL = {**SHIPPED, "base": BASE, "monstre": _monster()}


class _Text(NamedTuple):
    words: str
    left: float
    top: float
    right: float
    bottom: float


def picture(book: Runbook, lang: str = "fr", *current: str) -> ET.Element:
    plan = planned(book, Words(lang), current=frozenset(current))
    return ET.fromstring(svg(plan, Words(lang)))


def texts(root: ET.Element) -> list[_Text]:
    found = []
    for one in root.iter(f"{SVG}text"):
        x, y, size = (float(one.attrib[key]) for key in ("x", "y", "font-size"))
        wide = width(one.text or "", size, bold=one.get("font-weight") == "bold")
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[one.get("text-anchor", "start")]
        found.append(_Text(one.text or "", left, y - size * 0.73, left + wide, y + size * 0.2))
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_no_text_leaves_its_page_or_lies_over_another(name: str, lang: str) -> None:
    root = picture(ALL[name], lang)
    height = float(root.attrib["viewBox"].split()[3])
    found = texts(root)
    for one in found:
        assert one.left >= 5
        assert one.right <= PAGE[0] - 5, one.words
        assert one.top >= 5
        assert one.bottom <= height - 5
    found.sort(key=lambda one: one.top)
    for n, one in enumerate(found):
        for other in found[n + 1 :]:
            if other.top >= one.bottom - 0.05:
                break
            assert other.left >= one.right or other.right <= one.left, (one.words, other.words)


@pytest.mark.parametrize("name", ALL)
def test_every_text_stays_inside_the_frame_it_begins_in(name: str) -> None:
    root = picture(ALL[name])
    frames = []
    for one in root.iter(f"{SVG}rect"):
        x, y, wide, high = (float(one.attrib[key]) for key in ("x", "y", "width", "height"))
        frames.append((x, y, x + wide, y + high))
    for text in texts(root):
        middle = (text.top + text.bottom) / 2
        around = [f for f in frames if f[0] <= text.left <= f[2] and f[1] <= middle <= f[3]]
        left, top, right, bottom = min(around, key=lambda f: (f[2] - f[0]) * (f[3] - f[1]))
        assert left <= text.left
        assert text.right <= right + 0.01, text.words
        assert top - 0.3 <= text.top
        assert text.bottom <= bottom + 0.3, text.words


@pytest.mark.parametrize("name", SHIPPED)
def test_every_step_outcome_and_role_is_told(name: str) -> None:
    book = SHIPPED[name]
    told = " ".join(one.words for one in texts(picture(book))).replace("\u00a0", " ")
    for track in book.tracks.values():
        assert track.title in told
        for step in track.steps.values():
            assert step.title in told
            for outcome in step.outcomes.values():
                assert outcome.label in told


@pytest.mark.parametrize("name", ALL)
def test_pages_are_exactly_a4_and_boxes_are_never_cut_by_their_edge(name: str) -> None:
    root = picture(ALL[name])
    height = float(root.attrib["viewBox"].split()[3])
    assert height % PAGE[1] == 0
    for one in list(root.iter(f"{SVG}rect"))[1:]:
        top, high = float(one.attrib["y"]), float(one.attrib["height"])
        assert int(top // PAGE[1]) == int((top + high) // PAGE[1])


def test_a_small_procedure_holds_on_one_page_in_large_type() -> None:
    root = picture(BASE)
    assert float(root.attrib["viewBox"].split()[3]) == PAGE[1]
    sizes = [float(one.attrib["font-size"]) for one in root.iter(f"{SVG}text")]
    assert min(sizes) >= 2.4, "eight points at the least, in small notes seven"


def test_nothing_outside_the_drawing_is_asked_for() -> None:
    source = svg(planned(BASE, Words("fr")), Words("fr"))
    assert "href" not in source
    assert "url(" not in source
    assert "@import" not in source


def test_the_current_step_is_thick_and_says_so() -> None:
    root = picture(BASE, "fr", "technique.isoler")
    thick = [one for one in root.iter(f"{SVG}rect") if float(one.get("stroke-width", "0")) > 1]
    assert len(thick) == 1
    assert "en cours" in [one.words for one in texts(root)]
    assert "class A2 current" in mermaid(
        planned(BASE, Words("fr"), current=frozenset({"technique.isoler"})), Words("fr")
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_a_target_counted_from_a_shared_fact_is_told_by_its_label(name: str) -> None:
    shared = Library.load().facts
    source = mermaid(planned(SHIPPED[name], Words("fr"), shared=shared), Words("fr"))
    assert re.findall(r"[a-z]+_[a-z_]+", source) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_mermaid_source_reads_as_it_did(lang: str) -> None:
    """Rewrite the file with TOCSIN_REWRITE_GOLDEN=1, then look at the picture it makes."""
    source = mermaid(planned(BASE, Words(lang)), Words(lang))
    golden = HERE / "golden" / f"base.{lang}.mmd"
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        golden.write_text(source, "utf-8")
    assert source == golden.read_text("utf-8")


def test_no_sign_of_a_title_can_be_taken_for_mermaid() -> None:
    source = mermaid(planned(_monster(), Words("fr")), Words("fr"))
    labels = re.findall(r'state "(.*)" as|: (.*)$', source, re.MULTILINE)
    for label in ("".join(pair) for pair in labels):
        bare = re.sub(r"#\d+;|<br/>", "", label)
        assert not set(bare) & set('#;"<>{}[]|`:')


def test_wrapped_text_fits_and_loses_nothing() -> None:
    text = "Couper Internet : « tout de suite » anticonstitutionnellement " * 3
    lines = wrapped(text, 30, 4)
    assert all(width(line, 4) <= 30 for line in lines)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    assert cut("Rançongiciel", 12, 4).endswith("…")
    assert len(wrapped(text, 30, 4, most=2)) == 2


def test_the_command_draws_by_name_by_file_and_into_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert answer(["draw", "rancongiciel"]) == 0
    assert capsys.readouterr().out.startswith("%% rancongiciel")
    out = tmp_path / "dessin.svg"
    assert answer(["draw", str(HERE / "lint" / "base.yaml"), "--format", "svg", "--out", str(out)]) == 0
    assert ET.parse(out).getroot().tag == f"{SVG}svg"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["draw", "rancongicel"], "« rancongiciel » ?"),
        (["draw", "zzz"], "Connues : "),
        (["draw", "rien.yaml"], "rien.yaml"),
        (["draw", "rancongiciel", "--current", "technique.x"], "technique.reflexe"),
    ],
)
def test_what_cannot_be_drawn_is_said_in_a_sentence(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer([*arguments, "--lang", "fr"]) == 2
    assert said in capsys.readouterr().err
