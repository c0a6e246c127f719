"""What other programs take in: STIX read strictly with the incident suite, and agendas."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import stix2
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from bots.demo.script import read_script
from engine.review.dossier import Dossier
from engine.review.exports.ics import ics
from engine.review.exports.stix import stix
from engine.visible import harmless
from tests.bots.valmont import NIGHT, Valmont
from tests.review.corpus import HOSTILE, dossier, night, noted

SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "field" / "stix-incident"
SUITE = {"incident": "incident-core", "event": "event", "task": "task"}
TEXTS = st.lists(st.text(max_size=60), max_size=5)


# STIX


@cache
def registered() -> None:
    """The suite's two new objects, without which a strict reader refuses them."""
    text, moment = stix2.properties.StringProperty, stix2.properties.TimestampProperty
    common = {
        **{name: moment() for name in ("start_time", "end_time", "due_date")},
        **{name: text() for name in ("name", "description", "start_time_fidelity", "end_time_fidelity")},
        **{name: stix2.properties.ListProperty(text) for name in ("event_types", "task_types")},
        "next_event_refs": stix2.properties.ListProperty(
            stix2.properties.ReferenceProperty(valid_types=["event"], spec_version="2.1")
        ),
    }
    for kind, required, extension in (
        ("event", "status", "extension-definition--4ca6de00-5b0d-45ef-a1dc-ea7279ea910e"),
        ("task", "outcome", "extension-definition--2074a052-8be4-4932-849e-f5e7798e0030"),
    ):
        properties = [(required, text(required=True)), *common.items()]
        stix2.CustomObject(kind, properties, extension)(type(kind.title(), (), {}))


def read_strictly(made: Dossier) -> list[dict[str, Any]]:
    registered()
    written = stix(made)
    bundle = stix2.parse(written, allow_custom=False)
    assert len(bundle.objects) == len(json.loads(written)["objects"])
    return list(json.loads(written)["objects"])


@pytest.mark.parametrize("exercise", [False, True])
def test_stix_is_read_strictly_and_every_reference_leads_somewhere(exercise: bool) -> None:
    objects = read_strictly(dossier(night(exercise=exercise)))
    ids = Counter(one["id"] for one in objects)
    assert set(ids.values()) == {1}
    incident = next(one for one in objects if one["type"] == "incident")
    (details,) = incident["extensions"].values()
    assert [one["id"] for one in objects if one["type"] == "event"] == details["event_refs"]
    assert [one["id"] for one in objects if one["type"] == "task"] == details["task_refs"]
    assert all(ref in ids for one in objects for ref in one.get("next_event_refs", ()))
    assert all(one["created"] <= one["modified"] for one in objects)
    assert all(one["start_time"] <= one["end_time"] for one in objects if "end_time" in one)
    assert details["determination"] == ("suspected" if exercise else "confirmed")
    assert incident.get("labels") == (["exercise"] if exercise else None)


@pytest.mark.parametrize("made", [lambda: dossier(night()), lambda: noted(HOSTILE)], ids=["night", "hostile"])
def test_stix_obeys_the_schemas_of_the_suite(made: type[Dossier]) -> None:
    """They refuse what `stix2-validator` lets through: a determination that doesn't exist."""
    if not SCHEMAS.is_dir():
        pytest.skip("../shared/field/stix-incident is not here")
    seen = set()
    for one in read_strictly(made()):
        if one["type"] in SUITE:
            schema = json.loads((SCHEMAS / f"{SUITE[one['type']]}.digest.schema.json").read_text("utf-8"))
            jsonschema.validate(one, schema)
            seen.add(one["type"])
    assert seen == set(SUITE)


@settings(max_examples=15, deadline=None)
@given(texts=TEXTS)
def test_stix_tells_each_entry_whole(texts: list[str]) -> None:
    made = noted([*texts, *HOSTILE])
    told = [one["description"] for one in read_strictly(made) if one["type"] == "event"]
    assert told == [harmless(f"{line.who} — {line.text}") for line in made.lines]


def test_a_second_export_updates_and_doubles_nothing() -> None:
    """An hour later the same entries and steps have the same names."""
    first, later = noted(["un"]), noted(["un", "deux"])
    before, after = ({one["id"] for one in json.loads(stix(made))["objects"]} for made in (first, later))
    assert before < after
    assert len(after - before) == 1


def test_a_step_that_is_done_a_step_that_goes_on_and_a_clock_are_tasks() -> None:
    valmont = half_a_night()
    tasks = {one["name"]: one for one in read_strictly(dossier(valmont)) if one["type"] == "task"}
    assert tasks["Qualifier l'alerte"]["outcome"] == "successful"
    assert tasks["Endiguer"]["outcome"] == "ongoing"
    assert tasks["Endiguer"]["external_references"][1]["external_id"] == "technique.endiguer"
    cnil = tasks["Notification à la CNIL"]
    assert (cnil["outcome"], cnil["due_date"]) == ("ongoing", "2026-11-27T02:02:00.000Z")


@cache
def half_a_night() -> Valmont:
    """Until 03:17: the alert is qualified, the spread being contained."""
    start = read_script("fr", Valmont().world.calendar, NIGHT).start
    return night(until=start + 16 * 60_000)


# Agendas


@pytest.mark.parametrize(
    "made", [lambda: dossier(half_a_night()), lambda: dossier(night()), lambda: noted(HOSTILE)]
)
def test_an_agenda_has_all_that_the_standard_asks(made: type[Dossier]) -> None:
    calendar = Calendar.from_ical(ics(made()))
    names = []
    for one in calendar.walk("VEVENT"):
        for name in (*one.required, "DTSTART"):
            assert name in one, name
        if "DTEND" in one:
            assert one.end > one.start
        names.append(str(one["UID"]))
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert len(set(names)) == len(names)
    assert all(len(line.encode()) <= 75 for line in ics(made()).decode().split("\r\n"))


def test_what_is_due_rings_and_what_is_settled_is_struck_out() -> None:
    events = {str(one["SUMMARY"]): one for one in Calendar.from_ical(ics(dossier(night()))).walk("VEVENT")}
    assert events["Notification à la CNIL"]["STATUS"] == "CANCELLED"
    assert events["Déclaration à l'assureur"]["STATUS"] == "CONFIRMED"
    assert events["Déclaration à l'assureur"].walk("VALARM")
    assert not events["Notification à la CNIL"].walk("VALARM")


def test_an_exercise_rings_nobody() -> None:
    assert not Calendar.from_ical(ics(dossier(night(exercise=True)))).walk("VALARM")


def test_a_reader_who_gets_no_tasks_gets_none_in_an_agenda_nor_in_stix() -> None:
    made = replace(dossier(half_a_night()), audience="public")
    kinds = Counter(tuple(one.get("task_types", ())) for one in read_strictly(made) if one["type"] == "task")
    assert set(kinds) == {()}, "legal clocks alone"
    told = {str(one["SUMMARY"]) for one in Calendar.from_ical(ics(made)).walk("VEVENT")}
    assert "Notification à la CNIL" in told
    assert "Informer les agents avant le public" not in told
