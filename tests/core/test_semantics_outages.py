"""An application goes down: what falls with it is threatened at once, and what people say of it is never changed."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import Limits, Scene, overview, proposed
from engine.core.cards.values import Phrase, Section
from engine.core.incident import Activity
from engine.core.quantities import HOUR, MINUTE, parse_duration
from engine.core.world import Application
from tests.core.builders import NIGHT, Town, play

PANNE = """
runbook: panne
tracks:
  suivi:
    title: Suivi
    steps:
      suivre: {title: Suivre, role: dsi, outcomes: {fini: {label: Fini, next: bout}}}
      bout: {title: Au bout, end: closed}
"""
PAIE = PANNE.replace("runbook: panne", "runbook: continuite-paie")
APPLICATIONS = {
    "logiciel": Application(
        title="Logiciel métier", activities=("paie", "deces"), fallback="Registres papier"
    ),
    "reseau": Application(title="Réseau", activities=("deces",)),
    "horloge": Application(title="Pointeuse"),
}
REGISTER = {
    "paie": Limits(title="Paie", rto=parse_duration("48 h"), degraded="Le mois dernier, reconduit"),
    "deces": Limits(title="Décès", rto=parse_duration("2 h"), dmia=parse_duration("4 h")),
}


def _town() -> Town:
    town = play(PANNE, PAIE, applications=APPLICATIONS)
    town.declares("dsi", "panne")
    return town


def _down(application: str = "logiciel") -> c.ChangeApplication:
    return c.ChangeApplication(application=application, status="down")


def _back(application: str = "logiciel") -> c.ChangeApplication:
    return c.ChangeApplication(application=application, status="restored")


def _scene(town: Town) -> Scene:
    keeping = {"paie": ("continuite-paie",)}
    return Scene(
        incident=town.incident, world=town.world, now=town.now, register=REGISTER, keeping=lambda: keeping
    )


def _threatened(at: int) -> Activity:
    return Activity(status="threatened", since=at, interrupted_at=at)


def test_what_stands_on_an_application_is_threatened_from_the_hour_it_went_down() -> None:
    town = _town()
    written, *_ = town.says("com", _down(), occurred_at=NIGHT - HOUR)
    assert written == e.ApplicationChanged(
        application="logiciel", status="down", activities=("paie", "deces")
    )
    assert town.incident.activities == {
        "paie": _threatened(NIGHT - HOUR),
        "deces": _threatened(NIGHT - HOUR),
    }


def test_said_again_it_writes_nothing_and_with_another_hour_it_corrects_it() -> None:
    town = _town()
    town.says("com", _down())
    assert town.says("com", _down()) == []
    town.says("com", _down(), occurred_at=NIGHT - HOUR)
    assert town.incident.activities["paie"] == _threatened(NIGHT - HOUR)


def test_what_somebody_said_of_an_activity_stays() -> None:
    town = _town()
    town.says("com", c.ChangeActivity(activity="paie", status="degraded"), occurred_at=NIGHT - HOUR)
    town.says("com", _down())
    assert town.incident.activities["paie"].status == "degraded"
    town.says("com", _back())
    assert {name: one.status for name, one in town.incident.activities.items()} == {"paie": "degraded"}


def test_a_threatened_activity_that_stops_counts_from_the_earlier_hour() -> None:
    town = _town()
    town.says("com", _down(), occurred_at=NIGHT - HOUR)
    town.says("com", c.ChangeActivity(activity="paie", status="interrupted"))
    town.says("com", c.ChangeActivity(activity="deces", status="interrupted"), occurred_at=NIGHT - 2 * HOUR)
    assert town.incident.activities["paie"].interrupted_at == NIGHT - HOUR
    assert town.incident.activities["deces"].interrupted_at == NIGHT - 2 * HOUR


def test_an_activity_that_two_applications_hold_is_threatened_until_both_are_back() -> None:
    town = _town()
    town.says("com", _down())
    town.says("com", _down("reseau"))
    town.now += HOUR
    (freed,) = town.says("com", _back())
    assert isinstance(freed, e.ApplicationChanged)
    assert freed.activities == ("paie",)
    assert town.incident.activities["deces"].status == "threatened"
    town.says("com", _back("reseau"))
    assert town.incident.activities == {}, "nobody said that they had stopped"


def test_what_the_register_does_not_know_or_nobody_stopped_is_told() -> None:
    town = _town()
    refused = town.is_told("com", _down("tableur"))
    assert (refused.code, refused.facts["choices"]) == (
        "unknown_application",
        ("Logiciel métier", "Réseau", "Pointeuse"),
    )
    assert town.is_told("com", _back()).code == "application_untouched"
    odd = c.ChangeApplication(application="logiciel", status="lente")
    assert town.is_told("com", odd).code == "unknown_application_state"
    town.says("com", _down())
    early = town.is_told("com", _back(), occurred_at=NIGHT - MINUTE)
    assert early.code == "activity_before"
    (written,) = town.says("com", _down("horloge"))
    assert written == e.ApplicationChanged(application="horloge", status="down")


def test_the_overview_tells_each_activity_against_its_delays_the_most_pressing_first() -> None:
    town = _town()
    town.says("com", _down(), occurred_at=NIGHT - 3 * HOUR)
    blocks = [one for one in overview(_scene(town)).blocks if isinstance(one, Section)]
    told = {one.name: [(row.id, [p.key for p in row.told], row.sign) for row in one.rows] for one in blocks}
    assert told["applications"] == [("logiciel", ["application.down", "application.fallback"], "down")]
    assert told["activities"] == [
        ("deces", ["activity.threatened", "activity.rto_late", "activity.dmia"], "late"),
        ("paie", ["activity.threatened", "activity.rto", "activity.mode"], "down"),
    ]


def test_the_overview_is_drawn_again_when_a_delay_passes() -> None:
    town = _town()
    town.says("com", _down())
    assert overview(_scene(town)).next_change == NIGHT + 2 * HOUR


def test_the_procedures_that_keep_it_going_are_offered_until_they_are_opened() -> None:
    town = _town()
    assert proposed(_scene(town)) == ()
    town.says("com", _down())
    (offered,) = proposed(_scene(town))
    assert offered.label == Phrase("button.open", {"runbook": "continuite-paie"})
    assert offered in overview(_scene(town)).buttons
    assert offered.command is not None
    assert town.is_told("agent", offered.command).code == "role_needed", "the right is that of `ouvrir`"
    town.says("dsi", offered.command)
    assert proposed(_scene(town)) == ()
