"""The main courante in words: every kind of entry, both hours, both people, corrections, what was out of order."""

from __future__ import annotations

import string

import msgspec
import pytest
from msgspec.structs import replace

from engine.core import commands as c
from engine.core import events as e
from engine.i18n import LANGUAGES, Words, load_area
from engine.journal.codec import event_kinds
from engine.review.narrator import Narrator, kind_of
from engine.review.timeline import Line, timeline, who
from engine.review.variants import variant
from tests.bots.valmont import NIGHT, Valmont

HERE = {"run": 1, "track": "technique", "step": "endiguer", "visit": 1}
ACTOR = e.Actor("p4", "Thierry Lacombe", "dsi")
VARIANTS: list[e.Event] = [
    e.IncidentDeclared(title="Test", known_at=NIGHT),
    e.IncidentDeclared(title="Test", known_at=NIGHT, exercise=True),
    e.IncidentDeclared(title="Test", known_at=NIGHT, interim=True),
    e.IncidentDeclared(title="Revue", known_at=NIGHT, readiness=True),
    e.DirectorAnswered(),
    e.SeverityChanged(level="G3", reason="étendu"),
    e.IncidentClosed(),
    e.IncidentClosed(open_runs=(1,), pending=(1,), clocks=("H-CNIL33",), reason="fini"),
    e.IncidentReopened(reason="suite"),
    *(
        e.Reminded(person="p4", what="review:revue-pare-feu", on="2026-12-01", rung=rung, title="Revue du pare-feu")
        for rung in (1, 2, 3)
    ),
    e.Erased(entries=(1, 2), reason="demande", visa="AD-12"),
    *(
        e.RunOpened(run=2, runbook="rancongiciel", version=1, digest="?", t0=NIGHT, why=why)
        for why in ("declared", "opened", "outcome", "waited", "handed_over")
    ),
    e.WaitStarted(**HERE, child=1),
    e.TrackOpened(**HERE),
    e.TrackOpened(**HERE, asleep=True),
    *(
        e.OutcomePicked(**HERE, outcome="stoppe", to="investiguer", to_visit=1, how=how)
        for how in ("pressed", "approved", "forced", "clock", "joined", "result")
    ),
    e.OutcomePicked(**HERE, outcome="coupure"),
    e.TrackMoved(**HERE, to="investiguer", to_visit=1, how="skip", reason="x"),
    e.TrackMoved(**HERE, to="investiguer", to_visit=1, how="goto", reason="x"),
    e.TrackMoved(run=1, track="technique", to="investiguer", to_visit=1, how="goto", reason="x"),
    e.TrackEnded(run=1, track="technique", step="retex", end="retex"),
    e.RunEnded(run=1, end="closed"),
    e.RunEnded(run=1, end="transferred", handed_to=1),
    e.RunReopened(run=1),
    e.T0Corrected(run=1, t0=NIGHT, reason="x"),
    e.StepTaken(**HERE),
    e.StepWoken(**HERE, late_ms=120_000),
    e.ItemTicked(**HERE, item=1),
    e.ItemTicked(**HERE, item=1, done=False),
    e.FactSet(run=1, name="postes_touches", value="14"),
    e.FactSet(name="donnees_personnelles", unknown=True),
    e.FactSet(name="contact_attaquant", value="x", sensitive=True),
    e.EvidenceAdded(name="photo.jpg", sha256="ab" * 32, size=12),
    e.EvidenceAdded(name="photo.jpg", sha256="ab" * 32, size=12, text="vue"),
    e.EvidenceAdded(name="vu", text="vu"),
    e.StepBlocked(**HERE, text="pas de clé"),
    e.RollMarked(**HERE, item=1, status="fait"),
    e.MessageSent(run=1, message="consigne_agents", audience="agents", text="Débranchez."),
    *(
        e.Escalated(**HERE, rung=1, to=to, people=("p3",), late_ms=900_000, told=to != "role")
        for to in ("holder", "role", "deputies", "directors", "all")
    ),
    e.Escalated(**HERE, rung=1, to="role"),
    e.ApprovalAsked(approval=1, **HERE, outcome="coupure", groups=(("maire", "dgs"), ("rssi",)), reason="x"),
    e.ApprovalAsked(approval=1, **HERE, outcome="coupure", groups=(("maire",),), after=True, due=NIGHT),
    e.ApprovalGiven(approval=1),
    e.ApprovalGiven(approval=1, complete=True),
    e.ApprovalGiven(approval=1, voice=True, confirm_by=NIGHT),
    e.ApprovalForced(approval=1, reason="personne"),
    e.ApprovalRefused(approval=1, reason="non"),
    e.ApprovalCancelled(approval=1),
    e.ApprovalSilent(approval=1, people=("p1",)),
    e.RatificationLate(approval=1, late_ms=60_000),
    e.VoiceConfirmed(approval=1),
    e.VoiceUnconfirmed(approval=1, person="p1"),
    e.RoleAssigned(role="dpo", person="p3"),
    e.RoleAssigned(role="dpo"),
    *(e.PresenceMarked(person="p3", status=status) for status in ("present", "coming", "unavailable")),
    e.PresenceSilent(person="p1", rung=1, people=("p2",)),
    *(e.CallMade(person="p3", result=result) for result in ("reached", "voicemail", "wrong_number")),
    e.RollCalled(people=("p1", "p2")),
    e.HandedOver(to="p2", roles=("dgs",)),
    e.HandedOver(to="p2", roles=("dgs",), report="tout va"),
    e.SituationReported(text="rien de neuf"),
    e.SituationDue(),
    e.NoteTaken(text="vu"),
    e.DecisionMade(text="on coupe"),
    e.DeviationRecorded(text="redémarré"),
    e.EntryCorrected(entry=1, text="non"),
    e.MessageKept(text="vu", author="Paul", message="telegram:1:2"),
    e.KeptMessageChanged(entry=1, text="vu !"),
    e.KeptMessageChanged(entry=1, deleted=True),
    e.Said(text="rendez-vous"),
    e.TaskAdded(task=9, text="appeler"),
    e.TaskAdded(task=9, text="appeler", who="p3"),
    e.TaskAdded(task=9, text="appeler", role="dgs", due=NIGHT, duty="x"),
    e.TaskAdded(task=9, text="appeler", due=NIGHT),
    e.TaskAdded(task=9, role="directeur_crise", duty="check-run-1"),
    e.TaskAdded(task=9, role="directeur_crise", duty="check-clock-H-CNIL33"),
    e.TaskFinished(task=1),
    e.TaskLate(task=1),
    e.TaskLate(task=1, rung=2),
    *(e.ActivityChanged(activity="paie", status=status) for status in ("interrupted", "degraded", "restored")),
    *(
        e.ApplicationChanged(application="logiciel", status=status, activities=falling)
        for status in ("down", "restored")
        for falling in ((), ("paie", "etat_civil_deces"))
    ),
    e.ClockStarted(clock="H-CNIL33", start=NIGHT, due=NIGHT + 1),
    e.ClockStarted(clock="H-REG", start=NIGHT),
    e.ClockSuspended(clock="H-CNIL33", reason="x"),
    e.ClockResumed(clock="H-CNIL33"),
    e.ClockStopped(clock="H-CNIL33"),
    e.ClockCorrected(clock="H-CNIL33", start=NIGHT, due=NIGHT + 1, reason="x"),
    e.ClockWarned(clock="H-CNIL33", percent=50, late_ms=0, told=False),
    e.ClockBreached(clock="H-CNIL33", late_ms=3_600_000),
    e.ApprovalStarted(approval=1, way="telegram"),
    e.ApprovalDoubted(approval=1, surface="slack", signatures=(0,), people=("p1",)),
    e.ApprovalGiven(approval=1, proof="pin"),
    e.ApprovalGiven(approval=1, proof="second_way"),
    e.SurfaceChanged(surface="slack", status="suspect", reason="messages qu'elle n'a pas écrits"),
    e.SurfaceChanged(surface="slack", status="sound"),
    e.PersonInvited(person="p3", salt="ab" * 16, digest="cd" * 32, expires=NIGHT + 1),
    e.InvitationCancelled(person="p3"),
    e.AccountLinked(person="p3", surface="telegram", account="1234567"),
    e.AccountRevoked(person="p3", surface="telegram", account="1234567", reason="téléphone perdu"),
    e.ReachChanged(person="p3", surface="telegram", account="1234567", open=True),
    e.ReachChanged(person="p3", surface="telegram", account="1234567", open=False, why="blocked"),
    e.GroupBound(surface="slack", purpose="crisis", chat="C012"),
    e.GroupBound(surface="slack", purpose="exercise"),
    e.PlaceBound(place_of="INC-2026-001", surface="slack", chat="C013"),
    e.ChatMoved(surface="telegram", old="-12", new="-10012"),
    e.BotNamed(surface="telegram", name="valmont_bot"),
    e.PinSet(person="p3", salt="ab" * 16, digest="cd" * 32),
    e.RoleAppointed(role="dsi", people=("p4", "p3"), instead_of=("p3",)),
    e.NumberChanged(person="p3", phone="06 98 76 54 32", instead_of="06 39 98 03 03"),
    e.PersonLeft(person="p3"),
    e.ReachAsked(person="p3"),
    e.ReachConfirmed(person="p3"),
    e.LessonJudged(lesson="INC-2026-001/57", state="taken", owner="dsi", due="2027-01-31", text="Revoir"),
    e.LessonJudged(lesson="INC-2026-001/57", state="refused", owner="dsi", reason="déjà fait"),
    e.LessonJudged(lesson="INC-2026-001/57", state="done", owner="dsi"),
]  # fmt: skip


@pytest.fixture(scope="module")
def town() -> Valmont:
    """Contained, with one approval and the opening's tasks, so that every event has something to be about."""
    town = Valmont().declares()
    for line in ("valider debranche", "valider confirme", "valider coupure"):
        assert town.does(line, "p4") is None
    return town


def _narrator(town: Valmont, lang: str = "fr") -> Narrator:
    speech = Valmont(lang=lang).speech
    narrator = Narrator(speech, town.world)
    narrator.incident = town.incident
    return narrator


def _entry(town: Valmont, event: e.Event) -> e.Entry:
    return e.Entry(incident=town.incident.id, seq=99, at=NIGHT, occurred_at=NIGHT, actor=ACTOR, event=event)


def _narratable(town: Valmont, event: e.Event) -> Narrator:
    narrator = _narrator(town)
    if isinstance(event, e.TaskAdded):  # told once it is folded in, as the timeline does
        from engine.core.evolve import evolve

        narrator.incident = evolve(town.incident, _entry(town, event))
    return narrator


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("event", VARIANTS, ids=lambda one: f"{kind_of(one)}.{variant(one)}")
def test_every_kind_of_entry_and_each_of_its_cases_has_a_sentence(
    town: Valmont, event: e.Event, lang: str
) -> None:
    """Strict words: a missing sentence, or a fact that it lacks, raises."""
    narrator = _narratable(town, event)
    narrator.speech = Valmont(lang=lang).speech
    told = narrator.tell(_entry(town, event))
    assert told
    assert "{" not in told


def _erased(entry: e.Entry) -> e.Entry:
    event = entry.event
    blank = {one.name: one.default for one in msgspec.structs.fields(event) if one.name in event.LEAVES}
    blank = {name: () if default is msgspec.UNSET else default for name, default in blank.items()}
    return replace(entry, actor=e.Actor(role=entry.actor.role), event=replace(event, **blank))


@pytest.mark.parametrize("event", VARIANTS, ids=lambda one: f"{kind_of(one)}.{variant(one)}")
def test_an_erased_entry_still_has_a_sentence_without_what_was_erased(town: Valmont, event: e.Event) -> None:
    told = _narratable(town, event).tell(_erased(_entry(town, event)))
    for name in event.LEAVES:
        value = getattr(event, name)
        if isinstance(value, str) and len(value) > 3 and not isinstance(event, e.TaskAdded):
            assert value not in told


@pytest.mark.parametrize(
    ("lang", "told"),
    [("fr", "Thierry Lacombe, compte Telegram"), ("en", "Thierry Lacombe's Telegram account")],
)
def test_an_act_from_a_chat_is_told_as_what_an_account_proves(town: Valmont, lang: str, told: str) -> None:
    speech = Valmont(lang=lang).speech
    entry = replace(_entry(town, e.NoteTaken(text="vu")), source="telegram")
    assert who(entry, speech).startswith(told)
    typed = replace(entry, entered_by=e.Actor("p3", "Nadia Benslimane", "dgs"))
    assert who(typed, speech).startswith("Thierry Lacombe")
    assert "Telegram" in who(typed, speech).partition(",")[2]
    assert "Telegram" not in who(replace(entry, source="terminal"), speech)


def test_what_comes_from_a_suspect_channel_says_so(town: Valmont) -> None:
    narrator, entry = _narrator(town), _entry(town, e.NoteTaken(text="vu"))
    narrator.incident = replace(narrator.incident, suspect=frozenset(("slack",)))
    assert narrator.tell(replace(entry, source="slack")) == "vu — venu d'un canal suspect"
    assert narrator.tell(replace(entry, source="telegram")) == "vu"


def test_a_review_is_never_called_an_incident(town: Valmont) -> None:
    narrator = _narrator(town)
    narrator.incident = replace(narrator.incident, readiness=True)
    closed = e.IncidentClosed(open_runs=(1,))
    for event in (
        e.IncidentDeclared(title="Revue", known_at=NIGHT, readiness=True),
        closed,
        e.IncidentReopened(),
    ):
        assert narrator.tell(_entry(town, event)).startswith("Rendez-vous")


def test_every_kind_is_told_here() -> None:
    assert {kind_of(event) for event in VARIANTS} == set(event_kinds())


def test_no_sentence_of_the_catalogue_is_left_untold() -> None:
    told = {
        f"timeline.entry.{kind_of(event)}.{variant(event, readiness=readiness)}"
        for event in VARIANTS
        for readiness in (False, True)
    }
    written = {key for key in load_area("fr", "timeline") if key.startswith("timeline.entry.")}
    assert written - told == set()


def test_the_sentences_ask_only_for_facts_that_their_event_has(town: Valmont) -> None:
    words = Words("fr")
    for event in VARIANTS:
        text = str(words._find(f"timeline.entry.{kind_of(event)}.{variant(event)}"))
        wanted = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert wanted <= set(_narratable(town, event)._facts(_entry(town, event))), kind_of(event)


# Lines


def _lines(town: Valmont) -> tuple[Line, ...]:
    return timeline(town.journal, Narrator(town.speech, town.world))


def test_a_correction_strikes_the_entry_and_links_to_it() -> None:
    town = Valmont().declares()
    town.does("note quatorze postes", "p5")
    number = next(entry.seq for entry in town.journal if isinstance(entry.event, e.NoteTaken))
    town.does(f"corriger {number} seize postes", "p5")
    struck = _lines(town)[number - 1]
    assert struck.text == "quatorze postes"
    assert [one.text for one in _lines(town) if one.number in struck.corrected_by] == [
        f"Corrige le n° {number} : seize postes"
    ]


def test_done_by_one_entered_by_another_says_both() -> None:
    town = Valmont().declares()
    town.does("par maire note coupez tout", "p3")
    line = next(line for line in _lines(town) if line.kind == "note_taken")
    assert line.who == "Hélène Castaing (Direction de crise), saisi par Nadia Benslimane"


def test_both_hours_are_kept() -> None:
    town = Valmont().declares()
    town.now += 1_800_000
    town.does("note vu le maire @02:50", "p3")
    line = next(line for line in _lines(town) if line.kind == "note_taken")
    assert line.late_entry
    assert (town.speech.at(line.happened), town.speech.at(line.recorded)) == ("02:50", "03:32")


def test_an_hour_reads_as_it_did_when_the_entry_was_written() -> None:
    """A month later "avant ven. 03:02" would be another Friday."""
    town = Valmont().declares()
    soon = [line.text for line in _lines(town)]
    town.now += 40 * 86_400_000
    assert [line.text for line in _lines(town)] == soon


@pytest.mark.parametrize(
    "kind", [e.DeviationRecorded, e.ApprovalForced, e.TrackMoved, e.ClockBreached, e.RatificationLate]
)
def test_what_was_out_of_the_procedure_is_loud(town: Valmont, kind: type[e.Event]) -> None:
    event = next(one for one in VARIANTS if isinstance(one, kind))
    entry = replace(_entry(town, event), seq=town.incident.seq + 1)
    narrator = Narrator(town.speech, town.world)
    assert timeline([*town.journal, entry], narrator)[-1].loud


def test_a_spoken_yes_says_until_when_it_is_to_be_confirmed() -> None:
    town = Valmont().declares()
    for line in ("valider debranche", "valider confirme", "valider coupure"):
        town.does(line, "p4")
    assert town.does("par maire approuver 1", "p3") is None
    line = [line for line in _lines(town) if line.kind == "approval_given"][-1]
    assert line.text.endswith("À confirmer avant 04:02.")
    assert line.who == "Hélène Castaing (Maire), saisi par Nadia Benslimane"


def test_a_sensitive_answer_is_masked_in_the_timeline() -> None:
    town = Valmont().declares(by="p1")
    town.submit(c.SetFact(name="contact_attaquant", value="http://rancon.onion"), "p1")
    assert "rancon.onion" not in " ".join(line.text for line in _lines(town))


def test_the_narrator_reads_what_the_codec_reads_back() -> None:
    """Entries come from the journal: nothing that the narrator needs is lost on the way."""
    town = Valmont().declares()
    decoder = msgspec.json.Decoder(e.RunOpened)
    opened = next(entry.event for entry in town.journal if isinstance(entry.event, e.RunOpened))
    assert decoder.decode(msgspec.json.encode(opened)) == opened
