"""A form as a Slack modal, and what people gave in it: within Slack's limits, whatever the form."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bots.chat.values import Field, Form
from bots.lines import Line
from bots.slack.modals import Origin, given, offered, origin_of, said, view
from engine.i18n import Words
from tests.servers.slack.blocks import view_slips

PARIS, WORDS = ZoneInfo("Europe/Paris"), Words("fr")
CHOICES = tuple((f"v{number}", f"Choix {number}") for number in range(12))
MANY = tuple((f"v{number}", f"Choix {number}") for number in range(150))
ORIGIN = Origin(token="note_1", chat="G1", person="p4", incident="INC-2026-001", response_url="https://x/1")


def shown(*fields: Field, note: tuple[Line, ...] = ()) -> dict[str, Any]:
    made = view(
        Form(token="t", title="Noter", fields=fields, submit="Noter", note=note), ORIGIN, WORDS, PARIS
    )
    assert view_slips(made) == []
    return made


def element(field: Field) -> dict[str, Any]:
    (block,) = shown(field)["blocks"]
    return block["element"]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        (Field(name="f", label="L"), "plain_text_input"),
        (Field(name="f", label="L", kind="long", value="x" * 4000), "plain_text_input"),
        (Field(name="f", label="L", kind="number", value="12"), "number_input"),
        (Field(name="f", label="L", kind="date", value="2026-11-24"), "datepicker"),
        (Field(name="f", label="L", kind="datetime", value="2026-11-24T03:02"), "datetimepicker"),
        (Field(name="f", label="L", kind="yes"), "checkboxes"),
        (Field(name="f", label="L", kind="file"), "file_input"),
        (Field(name="f", label="L", kind="choice", choices=CHOICES, value="v3"), "static_select"),
        (Field(name="f", label="L", kind="person", choices=MANY), "external_select"),
        (Field(name="f", label="L", kind="many", choices=CHOICES[:4], value="v1,v2"), "checkboxes"),
        (Field(name="f", label="L", kind="many", choices=CHOICES, value="v1,v2"), "multi_static_select"),
        (Field(name="f", label="L", kind="many", choices=MANY), "multi_external_select"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.kind,
)
def test_each_kind_of_field_has_its_input(field: Field, kind: str) -> None:
    assert element(field)["type"] == kind


def test_a_yes_that_must_be_said_is_not_shown_as_optional() -> None:
    (block,) = shown(Field(name="confirm", label="Oui", kind="yes"))["blocks"]
    assert block["optional"] is False


def test_what_is_known_already_is_filled_in() -> None:
    assert element(Field(name="f", label="L", kind="datetime", value="2026-11-24T03:02"))[
        "initial_date_time"
    ] == (1795485720)
    assert element(Field(name="f", label="L", kind="choice", choices=CHOICES, value="v3"))["initial_option"][
        "value"
    ] == ("v3")
    many = element(Field(name="f", label="L", kind="many", choices=CHOICES, value="v1,v2"))
    assert [one["value"] for one in many["initial_options"]] == ["v1", "v2"]
    assert "initial_date_time" not in element(Field(name="f", label="L", kind="datetime", value="hier"))


def test_a_long_box_is_read_whole() -> None:
    text = (
        "Couper Internet à chaque entrée, y compris la ligne de secours de la bibliothèque et le routeur 4G"
    )
    (option,) = element(Field(name="f", label="L", kind="many", choices=(("1", text),)))["options"]
    assert f"{option['text']['text']} {option['description']['text']}" == text


def test_however_long_the_words_slack_takes_them() -> None:
    field = Field(
        name="f" * 200,
        label="é" * 5000,
        help="<!channel> " * 900,
        choices=(("v", "x" * 400), ("", "?")),
        kind="choice",
    )
    note = tuple(Line(kind="quote", text="&" * 4000) for _ in range(30))
    made = view(
        Form(token="t" * 60, title="T" * 90, fields=(field,), submit="S" * 90, note=note),
        ORIGIN,
        WORDS,
        PARIS,
    )
    assert view_slips(made) == []
    assert view_slips(said("T" * 90, note, WORDS)) == []
    assert len(offered(MANY)) == 100


def test_a_modal_remembers_identifiers_and_drops_the_address_when_there_is_no_room() -> None:
    assert origin_of(shown(Field(name="f", label="L"))) == ORIGIN
    long = Origin(token="t", response_url="https://x/" + "y" * 3000)
    assert origin_of({"private_metadata": long.packed()}) == Origin(token="t")


def test_what_people_gave_is_read_as_text() -> None:
    states = {
        "text": {"type": "plain_text_input", "value": "vu"},
        "empty": {"type": "plain_text_input", "value": None},
        "choice": {"type": "static_select", "selected_option": {"value": "v1"}},
        "none": {"type": "static_select", "selected_option": None},
        "many": {"type": "checkboxes", "selected_options": [{"value": "1"}, {"value": "3"}]},
        "day": {"type": "datepicker", "selected_date": "2026-11-24"},
        "at": {"type": "datetimepicker", "selected_date_time": 1795485720},
        "file": {"type": "file_input", "files": [{"id": "F1"}]},
    }
    state = {"values": {name: {"value": one} for name, one in states.items()}}
    assert given({"state": state}, PARIS) == {
        "text": "vu",
        "empty": "",
        "choice": "v1",
        "none": "",
        "many": "1,3",
        "day": "2026-11-24",
        "at": "2026-11-24T03:02",
    }
