"""The cards: what people see, the same on every surface, drawn again when and only when something changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from bots.demo.script import Cue, read_script
from bots.inbound import Heard
from bots.lines import button_words, lines
from engine.core import commands as c
from engine.core.cards import (
    OVERVIEW,
    PEOPLE,
    Scene,
    activities_card,
    approval_card,
    cell_card,
    clocks_card,
    duties,
    mine,
    overview,
    person_card,
    step_card,
    tasks_card,
    touched,
)
from engine.core.cards.values import (
    Block,
    Button,
    Card,
    Checklist,
    Due,
    Heading,
    Never,
    Questions,
    Roster,
    Section,
    Who,
)
from engine.core.incident import Incident
from engine.core.receipt import Accepted
from tests.bots.valmont import NIGHT, Valmont

PEOPLE_OF_VALMONT = ("p1", "p2", "p3", "p4", "p5")


def _cards(scene: Scene) -> dict[str, Card]:
    """Every card of this incident now."""
    found = [overview(scene), cell_card(scene), clocks_card(scene), activities_card(scene), tasks_card(scene)]
    found += [step_card(scene, place) for place in scene.places()]
    found += [approval_card(scene, one) for one in scene.incident.approvals.values()]
    found += [person_card(scene, person) for person in PEOPLE_OF_VALMONT]
    return {card.key: card for card in found}


def _story() -> Iterator[tuple[Valmont, Incident, Incident]]:
    """The demonstration's story in memory: the town, and the incident before and after each order."""
    town = Valmont()
    script = read_script("fr", town.world.calendar, NIGHT)
    town.declares(script.runbook, script.declared_by, exercise=True)
    for cue in script.cues:
        while town.now < cue.at:
            town.waits(min(5, (cue.at - town.now) // 60_000))
        for line in _words(cue):
            heard = town.hears(line.replace("{note}", "1"), cue.who)
            for command in heard.commands if isinstance(heard, Heard) else ():
                before = town.incident
                town.submit(command, heard.by, heard.entered_by, heard.occurred_at)
                yield town, before, town.incident


def _words(cue: Cue) -> list[str]:
    return [cue.words.format(n=n, count=cue.count) for n in range(1, cue.count + 1)] or [cue.words]


# Drawn again


def test_every_card_that_an_order_changes_is_touched() -> None:
    """The desk marks cards dirty from `touched` alone: one that it forgets would stay wrong on every screen."""
    compared = 0
    for town, before, after in _story():
        scene = town.scene
        old = _cards(replace(scene, incident=before))
        new = _cards(scene)
        dirty = set(touched(before, after))
        changed = {key for key, card in new.items() if old.get(key) != card}
        changed = {PEOPLE if key.startswith(f"{PEOPLE}:") else key for key in changed}
        assert changed <= dirty, (changed - dirty, town.journal[-1])
        compared += 1
    assert compared > 50, compared


def test_a_card_reads_the_same_until_its_next_change() -> None:
    """A surface spends no edit on a clock that ticks: only a threshold or an event changes a card."""
    town = Valmont().declares()
    town.does("valider debranche", "p4")
    scene = town.scene
    for key, card in _cards(scene).items():
        after = replace(scene, now=scene.now + 60_000)
        if not card.next_change or card.next_change > after.now:
            assert _cards(after)[key] == card, key


def test_a_step_s_card_changes_at_each_threshold_of_its_delay() -> None:
    town = Valmont().declares()
    card = _step(town)
    reached = []
    while card.next_change:
        town.now = card.next_change
        card = _step(town)
        due = card.find(Due)
        assert isinstance(due, Due)
        reached.append(due.reached)
    assert reached == [50, 75, 90, 100]


def _step(town: Valmont, track: str = "technique", run: int = 1) -> Card:
    place = town.scene.place(run, track)
    assert place is not None
    return step_card(town.scene, place)


# What is on them


def test_the_order_is_what_now_who_how_long_what_to_do_what_never() -> None:
    order: list[type[Block]] = [Heading, Who, Due, Checklist, Questions, Never]
    for town, _, _ in _story():
        for place in town.scene.places():
            kinds = [type(block) for block in step_card(town.scene, place).blocks]
            known = [order.index(kind) for kind in kinds if kind in order]
            assert known == sorted(known)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_card_of_a_whole_incident_has_its_words(lang: str) -> None:
    """A missing word would raise: the catalogue is read strictly here."""
    said = set()
    for town, _, _ in _story():
        town.lang = lang
        for card in _cards(town.scene).values():
            said |= {line.text for line in lines(card, town.speech, whole=True)}
            said |= {button_words(button, town.speech) for button in card.buttons}
    assert len(said) > 100


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "runbook", ["rancongiciel", "je-ne-sais-pas-encore", "restauration-donnees", "continuite-etat-civil"]
)
def test_every_step_of_every_procedure_can_be_shown(runbook: str, lang: str) -> None:
    town = Valmont(lang=lang).declares(runbook, "p1")
    definition = town.scene.definition(town.incident.runs[1])
    start = town.incident
    for track, written in definition.runbook.tracks.items():
        for name, step in written.steps.items():
            if step.end is not None:
                continue
            town.incident = start
            moved = town.submit(c.GoTo(run=1, track=track, to=name, reason="essai"), "p1")
            place = town.scene.place(1, track)
            if isinstance(moved, Accepted) and place is not None:
                card = step_card(town.scene, place)
                assert list(lines(card, town.speech, whole=True))
                assert all(button_words(button, town.speech) for button in card.buttons)


# Buttons


def _buttons(town: Valmont, track: str) -> dict[str, Button]:
    return {b.name: b for b in _step(town, track).buttons if isinstance(b.command, c.PickOutcome)}


@pytest.fixture
def at_evaluation() -> Valmont:
    """The data protection officer evaluates the violation; nothing is known yet."""
    town = Valmont().declares(by="p1")
    for line in ("valider debranche", "valider confirme"):
        town.does(line, "p4")
    assert town.does("aller evaluer : essai", "p1") is None
    return town


def test_an_outcome_whose_fact_is_unknown_is_disabled_with_its_question(at_evaluation: Valmont) -> None:
    button = _buttons(at_evaluation, "donnees")["aucune"]
    assert button.why_not is not None
    words = at_evaluation.speech.phrase(button.why_not)
    assert words == "répondez d'abord : Des données personnelles sont-elles touchées ?"


def test_an_outcome_that_a_fact_excludes_is_not_shown_and_comes_back(at_evaluation: Valmont) -> None:
    at_evaluation.does("fait donnees_personnelles=oui", "p5")
    assert "aucune" not in _buttons(at_evaluation, "donnees")
    at_evaluation.does("fait donnees_personnelles=non", "p5")
    assert _buttons(at_evaluation, "donnees")["aucune"].why_not is None


def test_an_outcome_that_wants_a_fact_known_waits_for_it_and_is_never_hidden() -> None:
    town = Valmont().declares(by="p1")
    assert town.does("aller investiguer : essai", "p1") is None
    button = _buttons(town, "technique")["date_connue"]
    assert button.why_not is not None
    assert town.speech.phrase(button.why_not).startswith("répondez d'abord : Date sûre")
    asked = _step(town).find(Questions)
    assert isinstance(asked, Questions)
    assert "date_sure" in [answer.fact for answer in asked.answers]
    assert town.does("fait date_sure=20/11", "p4") is None
    assert _buttons(town, "technique")["date_connue"].why_not is None


def test_what_is_not_marked_yet_is_in_the_first_state_of_a_roster() -> None:
    town = Valmont().declares("continuite-etat-civil", "p1")
    assert town.does("aller ressaisir : essai", "p1") is None
    assert town.does("fait actes_papier=2", "p5") is None
    track = next(iter(place.track for place in town.scene.places() if place.step.roll))
    counts = []
    for line in ("", "liste 1 verifie", "liste 2 verifie"):
        assert not line or town.does(line, "p5") is None
        roster = _step(town, track).find(Roster)
        assert isinstance(roster, Roster)
        counts.append([count for _, _, count in roster.counts])
        waits = _buttons(town, track)["complet"].why_not
        assert (waits is None) is (counts[-1] == [0, 0, 2]), waits
    assert counts == [[2, 0, 0], [1, 0, 1], [0, 0, 2]]


def test_what_waits_for_signatures_says_so_and_by_whom() -> None:
    town = Valmont().declares()
    for line in ("valider debranche", "valider confirme", "continue ! : encore", "eteint ! : zone B"):
        assert town.does(line, "p4") is None, line
    why = _buttons(town, "technique")["eteint"].why_not
    assert why is not None
    assert town.speech.phrase(why) == "accord 1 demandé par Thierry Lacombe, en attente"
    card = approval_card(town.scene, town.incident.approvals[1])
    told = [line.text or line.label for line in lines(card, town.speech)]
    assert any("Hélène Castaing" in text for text in told)
    assert town.does("approuver", "p1") is None  # the only one: no number is needed
    assert town.incident.approvals[1].status == "complete"


def test_a_sensitive_answer_is_hidden_where_the_surface_hides() -> None:
    from dataclasses import replace

    town = Valmont().declares(by="p1")
    for line in ("valider debranche", "valider confirme"):
        town.does(line, "p4")
    assert town.does("aller decider : essai", "p1") is None
    assert town.does("fait contact_attaquant=http://rancon.onion", "p1") is None
    place = town.scene.place(1, "rancon")
    assert place is not None
    card = step_card(town.scene, place)
    shown = " ".join(line.text for line in lines(card, town.speech))
    hidden = " ".join(line.text for line in lines(card, replace(town.speech, hides=True)))
    assert "rancon.onion" in shown
    assert "rancon.onion" not in hidden
    assert "saisi (masqué)" in hidden


def test_a_closed_incident_has_no_button_left() -> None:
    town = Valmont().declares(by="p1")
    assert town.does("clore ! : fin", "p1") is None
    assert overview(town.scene).buttons == ()
    assert cell_card(town.scene).buttons == ()


# What now


def test_what_now_is_mine_and_nothing_else() -> None:
    town = Valmont().declares()
    card = person_card(town.scene, "p4")
    now = card.find(Section)
    assert isinstance(now, Section)
    assert [row.label for row in now.rows] == ["Geste réflexe"]
    other = person_card(town.scene, "p5").find(Section)
    assert isinstance(other, Section)
    told = town.speech.phrase(other.rows[0].label)
    assert told == "Rien ne vous attend. Restez joignable ; notez ce que vous voyez."


def test_what_is_due_first_is_first_whatever_is_due_in_days() -> None:
    town = Valmont().declares()
    for line in ("valider debranche", "valider confirme"):
        assert town.does(line, "p4") is None
    assert town.does("aller investiguer : essai", "p1") is None  # due in fourteen days
    assert [place.step.title for place in mine(town.scene, "p4")] == [
        "Appeler à l'aide, prévenir",
        "Enquêter",
    ]


def test_whoever_directs_for_now_and_owes_a_task_reads_it() -> None:
    town = Valmont().declares(by="p5")
    told = [town.speech.phrase(row.label) for row in duties(town.scene, "p5")]
    assert told == [
        "Vous dirigez la crise par intérim, tant que la direction n'a pas répondu",
        "Ouvrir la main courante",
    ]
    card = person_card(town.scene, "p5")
    assert any("par intérim" in line.label for line in lines(card, town.speech))
    assert town.does("note vu", "p1") is None  # the director has answered
    assert [row.id for row in duties(town.scene, "p5")] == ["1"]
    assert duties(town.scene, "p1") == ()


def test_silent_people_are_shown_with_the_number_to_dial() -> None:
    town = Valmont().declares()
    told = "\n".join(f"{line.label} {line.text}" for line in lines(overview(town.scene), town.speech))
    assert "Hélène Castaing 06 39 98 01 11" in told


def test_cards_hold_no_words_only_what_was_written_by_people() -> None:
    """A card that is encoded and read by another surface says the same in every language."""
    french, english = Valmont(lang="fr").declares(), Valmont(lang="en").declares()
    assert msgspec.json.encode(overview(french.scene)) == msgspec.json.encode(overview(english.scene))


def test_the_overview_names_every_track_clock_and_person() -> None:
    town = Valmont().declares()
    told = "\n".join(f"{line.label} {line.text}" for line in lines(overview(town.scene), town.speech))
    for expected in (
        "Technique",
        "Geste réflexe",
        "Plainte sous 72 h",
        "Marc Ollivier",
        "INC-2026-001",
        "G4",
    ):
        assert expected in told
    assert overview(town.scene).key == OVERVIEW
