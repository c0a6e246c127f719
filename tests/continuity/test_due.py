"""What a town has to do comes by itself, and stays due until it is proved: nobody forgets the restore test again."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import icalendar
import pytest
from msgspec.structs import replace

from engine.continuity.agenda import agenda
from engine.continuity.calendar import MEASURE, PAGE, REVIEW, Due, History, Past, due, history, person_for
from engine.continuity.register import Register
from engine.continuity.town import Town
from engine.core.directory import Directory, Post
from engine.core.incident import Incident, Mark, Run
from engine.core.quantities import DAY, Instant
from engine.core.runbook import Runbook
from engine.core.specs import OCCASIONS
from engine.i18n import Words
from engine.library.catalogue import Library
from tests.console.town import new_town
from tests.core.builders import at

LIBRARY = Library.load()
OPENED = at("2026-09-01 10:00")
NOW = at("2026-11-24 10:00")
DIRECTORY = Directory(
    roles={"directeur_crise": Post(holder="maire"), "dsi": Post(holder="p4"), "dgs": Post(holder="p3")},
    fallback={"rssi": ("dsi",)},
)


def register(**more: object) -> Register:
    return Register.model_validate({"format": "1", "pca": {}, **more})


def book(name: str, **more: object) -> Runbook:
    steps = {
        "a": {"title": "A", "role": "dsi", "outcomes": {"fait": {"label": "Fait", "next": "fin"}}},
        "fin": {"title": "Fin", "end": "closed"},
    }
    written = {"format": "1", "runbook": name, "title": name.title(), "version": "1", **more}
    return Runbook.model_validate({**written, "tracks": {"t": {"title": "T", "steps": steps}}})


REVUE = book("revue", recurs=[{"every": "6 mois"}, {"on": ["g4_clos", "arrivee"]}])


def town(*books: Runbook, written: Register | None = None) -> Town:
    return Town(
        today=date(2026, 11, 24), name="Valmont", register=written or register(), every_activity={},
        runbooks={one.runbook: one for one in books}, contacts={}, directory=DIRECTORY,
    )  # fmt: skip


def incident(
    name: str, runbook: str, ended: Instant = 0, *, evidence: int = 1, end: str = "closed", **more: object
) -> Incident:
    run = Run(id=1, runbook=runbook, version=1, digest="d", opened_at=OPENED, t0=OPENED, readiness=True)
    run = replace(run, ended_at=ended, end=end if ended else "")
    before = Incident(
        id=name, declared_at=OPENED, status="open", readiness=True, runs={1: run}, evidence=evidence
    )
    return replace(before, **more)


def only(*incidents: Incident, books: tuple[Runbook, ...] = (REVUE,)) -> Due:
    (found,) = due(town(*books), history(incidents, NOW))
    return found


# Reviews


def test_what_was_never_done_is_due_since_the_town_began() -> None:
    (found,) = due(town(REVUE), history([], NOW, founded=OPENED))
    assert (found.kind, found.owner, found.why, found.on) == (REVIEW, "dsi", "never", date(2026, 9, 1))
    assert found.late_days(date(2026, 11, 24)) == 84
    (new,) = due(town(REVUE), history([], NOW))
    assert new.on == date(2026, 11, 24)


def test_a_review_comes_round_from_the_day_it_was_last_done() -> None:
    found = only(incident("INC-2026-001", "revue", at("2026-10-31 23:30")))
    assert (found.on, found.why) == (date(2027, 4, 30), "pace")
    assert found.past.done is not None
    assert found.past.done.incident == "INC-2026-001"


def test_without_its_proof_it_stays_due_and_is_told_apart() -> None:
    found = only(incident("INC-2026-001", "revue", at("2026-10-31 12:00"), evidence=0))
    assert (found.why, found.on) == ("never", date(2026, 9, 1))
    assert found.past.unproved is not None
    proved = only(
        incident("INC-2026-001", "revue", at("2026-10-30 12:00"), evidence=0),
        incident("INC-2026-002", "revue", at("2026-10-31 12:00")),
    )
    assert proved.past.unproved is None


@pytest.mark.parametrize("end", ["transferred", "false_alarm", "abandoned"])
def test_a_review_that_did_not_go_to_its_end_was_not_done(end: str) -> None:
    assert only(incident("INC-2026-001", "revue", NOW - DAY, end=end)).why == "never"


def test_an_exercise_proves_nothing() -> None:
    assert only(incident("EX-2026-001", "revue", NOW - DAY, exercise=True)).why == "never"


def test_a_run_that_goes_on_is_named() -> None:
    assert only(incident("INC-2026-007", "revue")).past.open == "INC-2026-007"


def test_a_crisis_that_was_closed_calls_for_the_review_again() -> None:
    done = incident("INC-2026-001", "revue", at("2026-10-01 12:00"))
    crisis = Incident(
        id="INC-2026-002", status="closed", severity="G4", declared_at=at("2026-11-01 03:00"),
        closed=Mark(at=at("2026-11-20 18:00"), by="maire"),
    )  # fmt: skip
    found = only(done, crisis)
    assert (found.on, found.why) == (date(2026, 11, 20), "g4_clos")
    assert only(done, replace(crisis, severity="G2")).why == "pace"
    assert only(done, replace(crisis, exercise=True)).why == "pace"
    assert found.also_on == ("arrivee",)


def test_the_shortest_of_several_paces_counts() -> None:
    often = book("revue", recurs=[{"every": "12 mois"}, {"every": "1 mois"}])
    assert only(incident("I", "revue", at("2026-11-20 12:00")), books=(often,)).on == date(2026, 12, 20)


def test_a_review_that_only_occasions_call_for_is_due_once_then_when_one_comes() -> None:
    rare = book("revue", recurs=[{"on": ["g4_clos"]}])
    assert due(town(rare), history([incident("I", "revue", NOW - DAY)], NOW)) == ()


# Pages and measures


def test_a_page_is_due_once_its_review_is_past() -> None:
    def page(last: str) -> Runbook:
        return book("panne", page_review={"owner": "dgs", "last": last, "every": "12 mois"})

    past = Past(opened=OPENED, runs={})
    assert due(town(page("2025-12-01")), past) == ()
    (found,) = due(town(page("2025-11-24")), past)
    assert (found.kind, found.owner, found.on) == (PAGE, "dgs", date(2026, 11, 24))
    reread = register(procedures={"panne": {"reviewed": "2026-01-15"}})
    assert due(town(page("2025-11-24"), written=reread), past) == ()


def test_a_measure_is_due_until_it_is_done_or_given_up() -> None:
    measure = {"title": "Copie hors ligne", "axis": "sauvegardes", "due": "2026-12-18"}
    written = register(
        measures={
            "copie": measure | {"owner": "dsi"},
            "faite": measure | {"state": "faite"},
            "abandonnee": measure | {"state": "abandonnee"},
            "sans_date": {"title": "Un jour", "axis": "locaux"},
        }
    )
    (found,) = due(town(written=written), Past(opened=OPENED, runs={}))
    assert (found.kind, found.id, found.on) == (MEASURE, "copie", date(2026, 12, 18))


def test_whoever_stands_in_is_named_when_nobody_holds_the_role() -> None:
    assert person_for("dsi", town()) == "p4"
    assert person_for("rssi", town()) == "p4"
    assert person_for("", town()) == person_for("inconnu", town()) == "maire"


# The library


def test_each_review_of_the_library_has_an_owner_a_pace_and_words() -> None:
    books = [one for one in LIBRARY.runbooks.values() if one.is_readiness]
    assert len(books) == 6
    for one in due(town(*books), Past(opened=OPENED, runs={})):
        assert one.owner in LIBRARY.runbook(one.id).roles
    assert {one.severity for one in books} == {None}


def test_each_occasion_that_may_call_for_a_review_has_words() -> None:
    assert [one for one in OCCASIONS if not Words("fr").has(f"due.occasion.{one}")] == []


# The agenda


def _events(duties: list[Due], lang: str = "fr") -> list[icalendar.Event]:
    content = agenda(
        duties, town="Valmont", today=date(2026, 11, 24), stamp=icalendar.vDDDTypes.from_ical("20261124T090000Z"),
        words=Words(lang), command="tocsin",
    )  # fmt: skip
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, content.splitlines())) <= 75
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


LATE = Due(kind=REVIEW, id="revue", title="Revue", owner="dsi", on=date(2026, 11, 3), why="never")
COMING = Due(
    kind=MEASURE, id="copie", title="Copie hors ligne", owner="dgs", on=date(2027, 1, 4), why="measure"
)


def test_the_agenda_has_an_event_for_each_duty_and_what_is_late_stands_today() -> None:
    late, coming = _events([LATE, COMING])
    assert str(late["summary"]) == "En retard : Revue"
    assert late["dtstart"].dt == date(2026, 11, 24)
    assert "Dû depuis le 3 novembre 2026." in late["description"]
    assert str(coming["summary"]) == "Mesure : Copie hors ligne"
    assert coming["dtstart"].dt == date(2027, 1, 4)
    assert [len(one.walk("VALARM")) for one in (late, coming)] == [1, 2]


def test_a_duty_keeps_its_identity_when_its_day_moves() -> None:
    moved = Due(
        kind=REVIEW, id="revue", title="Revue", owner="dsi", on=date(2027, 5, 3), why="pace", past=History()
    )
    assert _events([LATE])[0]["uid"] == _events([moved], "en")[0]["uid"]
    assert _events([LATE])[0]["uid"] != _events([COMING])[0]["uid"]


def test_the_agenda_names_roles_and_nobody(tmp_path: Path) -> None:
    home = new_town(tmp_path)
    ran = home.tocsin("pca", "due", "--ics", "-")
    assert "Responsable informatique" in ran.out
    for name in ("Lacombe", "Castaing", "Ollivier", "Benslimane", "Perrault", "06 39 98"):
        assert name not in ran.out


# The command


def test_a_review_done_with_its_proof_is_no_longer_due(tmp_path: Path) -> None:
    home = new_town(tmp_path)

    def row() -> dict[str, object]:
        told = json.loads(home.tocsin("pca", "due", "--json").out)
        return next(one for one in told["due"] if one["id"] == "revue-journaux")

    assert (row()["state"], row()["why"], row()["person"]) == ("today", "never", "p4")
    lines = "fait sources_attendues=7\nfait sources_muettes=0\nvalider collecter complet\n"
    played = home.tocsin("run", "revue-journaux", "--as", "p4", lines=lines)
    assert played.code == 0, played.out
    assert row()["open"] == "INC-2026-001"
    assert str(row()["start"]).endswith(f"run --incident INC-2026-001 --home {home.path}")
    told = home.tocsin("export", "INC-2026-001").out
    assert "rendez-vous est en cours" in told
    assert "ncident" not in told, "a review frightens nobody"
    end = (
        'cocher relire 1 2 3\nvalider relire normal\npreuve "Visa daté du 24 novembre"\ncocher consigner 1\n'
    )
    played = home.tocsin(
        "run", "--incident", "INC-2026-001", "--as", "p4", lines=f"{end}valider consigner vise\n"
    )
    assert played.code == 0, played.out
    assert (row()["state"], row()["why"]) == ("coming", "pace")


def test_what_is_due_makes_the_command_say_no(tmp_path: Path) -> None:
    home = new_town(tmp_path)
    ran = home.tocsin("pca", "due")
    assert ran.code == 1
    assert "Test de restauration" in ran.out
    assert "What is due" in home.tocsin("pca", "due", lang="en").out


def test_a_register_with_a_slip_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    home, out = new_town(tmp_path), tmp_path / "agenda.ics"
    out.write_text("l'ancien", "utf-8")
    with (home.path / "pca.yaml").open("a", encoding="utf-8") as file:
        file.write("\ninconnu: 1\n")
    ran = home.tocsin("pca", "due", "--ics", str(out))
    assert ran.code == 2
    assert "pca.yaml" in ran.err
    assert out.read_text("utf-8") == "l'ancien"
    assert home.tocsin("pca", "due", "--json", "--ics", "-").code == 2
