"""The ransomware night, read afterwards: an extract, what was known at an hour, what it took, the copies that leave.

The golden files are what people read: rewrite them with TOCSIN_REWRITE_GOLDEN=1, then read them.
"""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest

from bots import cli
from bots.answering.filtering import asked_for, names_of
from bots.answering.looking_back import Then
from bots.answering.office import Office
from bots.console.board import draw_overview
from bots.console.exporting import dossier, exported, head_of
from bots.console.looking_back import looked_back, told_as_json
from bots.console.measures import measures_text
from bots.console.measures_json import measures_json
from bots.console.paint import console, draw_lines
from bots.console.screen import Part
from bots.console.sifting import sifted
from bots.console.talk import Talk
from bots.door import CommandFailed
from engine.core.cards import overview
from engine.core.incident import Incident
from engine.journal.verify import verify_file
from engine.review.audiences import AUDIENCES
from engine.review.exports.formats import FORMATS
from engine.review.exports.markdown import markdown
from engine.review.filters import Filter
from engine.review.metrics import measured
from engine.review.timeline import Line
from tests.review.night import INCIDENT, opened, played

HERE = Path(__file__).parent
PEOPLE = ("Castaing", "Ollivier", "Benslimane", "Lacombe", "Perrault", "Hélène", "Thierry", "06 39 98")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("night") / "valmont")


def golden(name: str, told: str) -> None:
    path = HERE / "golden" / name
    if os.environ.get("TOCSIN_REWRITE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(told, "utf-8")
    assert told == path.read_text("utf-8")


def drawn(then: Then) -> str:
    assert then.scene is not None
    out = io.StringIO()
    screen = console(out, width=80, colour=False)
    screen.print(draw_lines(then.lines))
    screen.print(draw_overview(Part(card=overview(then.scene)), then.speech))
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def asked(office: Office, incident: Incident, words: str) -> tuple[tuple[Line, ...], int]:
    calendar, now = office.home.world.calendar, incident.now
    keep, count = asked_for(words, names_of(office, incident), calendar, now)
    return tuple(keep.keep(dossier(office, incident).lines)), count


# Filters


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("decisions", {65, 66}),
        ("écarts", {68}),
        ("@hélène decisions", {65, 66}),
        ("rançon", {78, 90, 91}),
        ("communication depuis 24/11 05:00 avant 24/11 05:21", {96, 98, 100}),
        ("notes prestataire", set()),
        ("PREVENUS", {88}),
        ("« rançon »", {90}),
        ("outcome_picked @nadia avant 24/11 04:00", {42}),
    ],
)
def test_a_conversation_finds_the_entries_that_it_names(home: Path, words: str, numbers: set[int]) -> None:
    with opened(home) as (office, incident):
        found, _ = asked(office, incident, words)
    assert numbers <= {line.number for line in found}
    assert len(found) < 12


def test_a_number_is_how_many_and_not_what_to_look_for(home: Path) -> None:
    with opened(home) as (office, incident):
        found, count = asked(office, incident, "technique 4")
    assert count == 4
    assert {line.where.track for line in found} == {"technique"}


def test_an_extract_says_so_and_of_how_many(home: Path) -> None:
    with opened(home) as (office, incident):
        told = markdown(dossier(office, incident, keep=Filter(decisions=True)))
    assert "Extrait : décisions seulement. 2 entrées sur 131." in told


def test_up_to_a_day_holds_that_day_and_up_to_a_minute_that_minute(home: Path) -> None:
    with opened(home) as (office, incident):
        rest = {"tracks": (), "kinds": (), "people": (), "decisions": False, "search": ""}
        day = sifted(office, incident, since="2026-11-25", until="2026-11-25", **rest)  # type: ignore[arg-type]
        minute = sifted(office, incident, since="24/11 03:53", until="24/11 03:53", **rest)  # type: ignore[arg-type]
        assert [line.number for line in dossier(office, incident, keep=day).lines][-1] == 131
        assert [line.number for line in dossier(office, incident, keep=minute).lines] == [66]


def test_a_journal_with_lines_left_out_is_refused(home: Path) -> None:
    with opened(home) as (office, incident), pytest.raises(CommandFailed) as refused:
        exported(office, incident, "jsonl", keep=Filter(decisions=True))
    assert refused.value.key == "review.filter.whole_only"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--track", "zork"), "« zork » n'est pas un volet. Ce qui existe : technique, cellule,"),
        (("--kind", "zork"), "« zork » n'est pas une sorte d'entrée. Ce qui existe : vie de l'incident"),
        (("--person", "zork"), "zork"),
        (("--since", "25:99"), "« 25:99 » n'est pas une heure."),
        (("--until", "9999-12-31T23:59"), "« 9999-12-31T23:59 » n'est pas une heure."),
        (("--since", "24/11 05:00", "--until", "24/11 04:00"), "vient après --until"),
    ],
)
def test_a_filter_that_means_nothing_is_told(
    home: Path, options: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.answer(["export", INCIDENT, *options, "--home", str(home)]) == 2
    assert told in capsys.readouterr().err


# What did we know at 04:40?


@pytest.mark.parametrize("view", ["known", "true"])
def test_what_was_known_and_what_was_true_before_an_outage_was_typed_in(home: Path, view: str) -> None:
    """The registry office stopped at 04:30; it was typed in at 04:55. At 04:40 nobody could know."""
    with opened(home) as (office, incident):
        then = looked_back(office, incident, "24/11 04:40", view)
        golden(f"at-0440-{view}.fr.txt", drawn(then))
    assert ("etat_civil_deces" in then.state.incident.activities) == (view == "true")


def test_an_hour_before_the_declaration_shows_nothing_and_says_when_it_was(home: Path) -> None:
    with opened(home) as (office, incident):
        then = looked_back(office, incident, "24/11 02:00", "known")
    assert then.scene is None
    assert then.lines[0].text == (
        "Le 24 nov. 02:00, rien n'était encore déclaré. Incident déclaré le 24 nov. 03:02."
    )


def test_an_hour_without_a_day_is_one_of_the_incidents_and_not_of_this_morning(home: Path) -> None:
    with opened(home) as (office, incident):
        month_later = Office(office.home, office.words)
        month_later.clock = type(office.clock)(incident.now + 40 * 86_400_000)  # type: ignore[call-arg]
        then = looked_back(month_later, incident, "14:00", "known")
    assert office.speech(incident).at(then.state.at) == "14:00"
    assert incident.now - then.state.at < 86_400_000


def test_an_hour_to_come_is_refused(home: Path) -> None:
    with opened(home) as (office, incident), pytest.raises(CommandFailed) as refused:
        looked_back(office, incident, "30/11/2026 14:00", "known")
    assert refused.value.key == "review.as_of.future"


def test_the_state_at_an_hour_reads_as_a_program_expects(home: Path) -> None:
    with opened(home) as (office, incident):
        told = json.loads(told_as_json(looked_back(office, incident, "2026-11-24T04:40", "known").state))
    assert told["as_of"] == {
        "at": "2026-11-24T03:40:00.000Z", "view": "known", "entries": 91, "otherwise": 1, "aside": [],
    }  # fmt: skip
    assert (told["id"], told["seq"], told["status"]) == (INCIDENT, 91, "open")


@pytest.mark.parametrize(("line", "told"), [("etat 24/11 04:40", False), ("etat vrai @24/11 04:40", True)])
def test_the_same_is_asked_in_a_conversation(home: Path, line: str, told: bool) -> None:
    with opened(home) as (office, incident):
        talk = Talk(
            office=office, incident_id=incident.id, person="p2", source="terminal", shared_keyboard=False
        )
        said = "\n".join(one.text for one in talk.hear(line).lines)
        wrong = talk.hear("etat zork")
    assert "Socle informatique · à l'arrêt depuis 03:41" in said
    assert ("État civil, décès · en mode dégradé" in said) == told
    assert not wrong.ok
    assert "zork" in wrong.lines[0].text


# What it took


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_measures_of_the_night(home: Path, lang: str) -> None:
    with opened(home, lang=lang) as (office, incident):
        found = measured(office.entries(incident.id), office.scene(incident))
        golden(f"metrics.{lang}.txt", measures_text(found, office.speech(incident)))


def test_the_measures_for_a_program_are_those_of_the_documentation(home: Path) -> None:
    with opened(home) as (office, incident):
        told = measures_json(measured(office.entries(incident.id), office.scene(incident)))
    page = (HERE.parents[1] / "docs" / "metrics.md").read_text("utf-8")
    assert all(f"`{name}`" in page for name in told)
    assert told["spans"]["detect"]["ms"] is None
    assert told["decisions_without_owner"] == [66]


# For whom


@pytest.mark.parametrize("name", ["assureur", "public"])
def test_what_a_reader_gets(home: Path, name: str) -> None:
    with opened(home) as (office, incident):
        told = exported(office, incident, "md", audience=name).decode()
        golden(f"{name}.fr.md", told.replace(head_of(office, incident.id), "EMPREINTE"))


@pytest.mark.parametrize("redact", [False, True])
@pytest.mark.parametrize("name", ["", *AUDIENCES])
def test_every_copy_verifies_against_the_same_chain_and_names_whom_it_may(
    home: Path, tmp_path: Path, name: str, redact: bool
) -> None:
    with opened(home) as (office, incident):
        lines = exported(office, incident, "jsonl", audience=name, redact=redact)
        document = exported(office, incident, "md", audience=name, redact=redact).decode()
        head = head_of(office, incident.id)
    file = tmp_path / "copy.jsonl"
    file.write_bytes(lines)
    verdict = verify_file(file, head)
    assert verdict.whole
    assert verdict.entries == 131
    named = name in ("", "maire", "juge") and not redact
    for told in (lines.decode(), document):
        assert any(one in told for one in PEOPLE) == named
    assert ("Copie pour" in document) == bool(name or redact)
    assert ("Copie pour" in json.loads(lines.splitlines()[0])["summary"]) == bool(name or redact)


@pytest.mark.parametrize("kind", sorted(name for name, one in FORMATS.items() if not one.binary))
def test_no_format_names_anybody_to_the_insurer_and_each_says_what_was_taken_out(
    home: Path, kind: str
) -> None:
    told: list[str] = []
    with opened(home) as (office, incident):
        content = exported(office, incident, kind, audience="assureur", tell=told.append).decode()
    assert not [one for one in PEOPLE if one in content]
    assert "Copie pour l'assureur" in f"{content}{told}"


def test_nothing_that_the_public_gets_was_written_by_somebody_in_the_night(home: Path) -> None:
    with opened(home) as (office, incident):
        written = [
            text
            for entry in office.entries(incident.id)
            for name in entry.event.LEAVES
            if name not in ("title", "known_by")
            and isinstance(text := getattr(entry.event, name), str)
            and len(text) > 8
        ]
        told = exported(office, incident, "md", audience="public").decode()
        lines = exported(office, incident, "jsonl", audience="public").decode()
    assert len(written) > 30
    assert not [text for text in written if text in told or text in lines]


def test_the_same_copy_twice_is_the_same_to_the_byte(home: Path) -> None:
    with opened(home) as (office, incident):
        for kind in ("md", "jsonl"):
            one, two = (exported(office, incident, kind, audience="cnil") for _ in range(2))
            assert one == two
