"""What a change touches: the desk marks these cards dirty, and only these."""

from __future__ import annotations

from engine.core import events as e
from engine.core.cards import touched
from engine.core.evolve import evolve, fold
from engine.core.incident import Incident

ACTOR = e.Actor("p3", "Le responsable informatique", "dsi")


def _entries(*events: e.Event, start: int = 1) -> list[e.Entry]:
    return [
        e.Entry(incident="INC-1", seq=n, at=n * 1000, occurred_at=n * 1000, actor=ACTOR, event=event)
        for n, event in enumerate(events, start)
    ]


OPENING = (
    e.IncidentDeclared(title="Rançongiciel", known_at=0),
    e.RunOpened(run=1, runbook="r", version=1, digest="d", t0=0),
    e.TrackOpened(run=1, track="technique", step="qualifier", visit=1),
    e.TrackOpened(run=1, track="juridique", step="notifier", visit=1),
)


def _after(*events: e.Event) -> tuple[Incident, Incident]:
    before = fold(Incident(id="INC-1"), _entries(*OPENING))
    after = before
    for entry in _entries(*events, start=before.seq + 1):
        after = evolve(after, entry)
    return before, after


def test_a_new_incident_touches_every_card() -> None:
    _, after = _after()
    assert {"overview", "people", "cell", "step:1:technique", "step:1:juridique"} <= set(touched(None, after))


def test_a_note_touches_nothing() -> None:
    assert touched(*_after(e.NoteTaken(text="vu"))) == ()


def test_a_tick_touches_its_step_and_the_personal_cards_but_not_the_overview() -> None:
    tick = e.ItemTicked(run=1, track="technique", step="qualifier", visit=1, item=1)
    assert touched(*_after(tick)) == ("step:1:technique", "people")


def test_a_move_touches_its_own_track_and_the_overview() -> None:
    moved = e.OutcomePicked(
        run=1, track="technique", step="qualifier", visit=1, outcome="ok", to="isoler", to_visit=1
    )
    assert set(touched(*_after(moved))) == {"step:1:technique", "overview", "people"}


def test_a_fact_of_the_incident_touches_every_open_step() -> None:
    keys = touched(*_after(e.FactSet(name="donnees_personnelles", value="oui")))
    assert {"step:1:technique", "step:1:juridique"} <= set(keys)


def test_an_approval_touches_its_card_and_its_step() -> None:
    asked = e.ApprovalAsked(
        approval=1, run=1, track="technique", step="qualifier", visit=1, outcome="x", groups=(("maire",),)
    )
    assert {"approval:1", "step:1:technique", "overview"} <= set(touched(*_after(asked)))


def test_presence_clocks_activities_and_tasks_have_their_card() -> None:
    for event, key in (
        (e.PresenceMarked(person="p1", status="present"), "cell"),
        (e.ClockStarted(clock="H-CNIL33", start=0, due=1), "clocks"),
        (e.ActivityChanged(activity="paie", status="interrupted"), "activities"),
        (e.TaskAdded(task=1, text="appeler"), "tasks"),
    ):
        assert set(touched(*_after(event))) == {key, "overview", "people"}


def test_closing_touches_every_open_step() -> None:
    assert {"step:1:technique", "step:1:juridique", "overview"} <= set(touched(*_after(e.IncidentClosed())))
