"""Who is shown what, where: on one's own platform, in one's own words, nothing on a channel that is suspect."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec.structs import replace

from bots.chat import faces
from bots.chat.faces import GROUP, View, Wanted
from bots.chat.faces.calls import dialled
from bots.chat.token import DECLARE
from bots.slack.render import notification
from engine.core import commands as c
from engine.core.events import HandedOver, SurfaceChanged
from engine.core.house import House
from engine.core.receipt import Accepted
from engine.review.situation import handover_report
from tests.bots.valmont import Valmont
from tests.chat.facing import linked, read, seen

BOTH = {"slack": ("p4", "p1"), "telegram": ("p4", "p1")}


@pytest.fixture
def town() -> Valmont:
    """Somebody isolates machines; a long cut is done and waits for its second signature."""
    town = Valmont().declares()
    for line in (
        "prendre",
        "valider debranche",
        "valider confirme",
        "prendre endiguer",
        "valider endiguer coupure",
    ):
        assert town.does(line, "p4") is None
    return town


def _submits(town: Valmont, command: c.Command, by: str) -> None:
    assert isinstance(town.submit(command, by), Accepted)


def _card(view: View, person: str, name: str) -> Wanted:
    return next(one for one in faces.private_wanted(view, person) if one.key == view.key(name))


def _everything(view: View) -> list[Wanted]:
    private = [one for person in faces.people(view) for one in faces.private_wanted(view, person)]
    return [*faces.group_wanted(view), *private]


# Where somebody is spoken to


def test_the_preferred_platform_alone_speaks(town: Valmont) -> None:
    view = seen(town, house=linked(BOTH))
    assert faces.speaks_on("p4", view) == ("slack",)
    assert faces.speaks_on("p1", view) == ("telegram",)
    assert faces.speaks_on("p5", view) == ()


def test_without_a_preference_it_is_the_one_linked_first(town: Valmont) -> None:
    view = seen(town, house=linked({"telegram": ("p4",), "slack": ("p4",)}))
    people = {name: replace(one, prefers="") for name, one in view.scene.world.directory.people.items()}
    world = view.scene.world
    world = dataclasses.replace(world, directory=replace(world.directory, people=people))
    view = dataclasses.replace(view, scene=dataclasses.replace(view.scene, world=world))
    assert faces.speaks_on("p4", view) == ("telegram",)


def test_the_other_speaks_while_the_first_is_out_of_reach(town: Valmont) -> None:
    down = seen(town, house=linked(BOTH), health={"slack": town.now, "telegram": None})
    assert faces.speaks_on("p4", down) == ("telegram",)
    both_down = seen(town, house=linked(BOTH), health={"slack": town.now, "telegram": town.now})
    assert faces.speaks_on("p4", both_down) == ("slack",)


def test_the_other_speaks_when_the_chat_is_closed_to_the_bot(town: Valmont) -> None:
    house = linked(BOTH)
    links = dict(house.links) | {"slack:p4": replace(house.links["slack:p4"], open=False, why="not_started")}
    assert faces.speaks_on("p4", seen(town, house=House(links=links))) == ("telegram",)


def test_the_other_speaks_when_the_first_is_suspect(town: Valmont) -> None:
    _submits(town, c.ChangeSurface(surface="slack", status="suspect"), "p1")
    assert faces.speaks_on("p4", seen(town, house=linked(BOTH))) == ("telegram",)


def test_both_speak_to_whoever_stays_silent(town: Valmont) -> None:
    """Late, the holder is reminded where they listen; once others are called, everywhere."""
    town.waits(61)
    assert faces.speaks_on("p4", seen(town, house=linked(BOTH))) == ("slack",)
    town.waits(60)
    assert faces.speaks_on("p4", seen(town, house=linked(BOTH))) == ("slack", "telegram")


def test_both_speak_to_whoever_does_not_answer_the_roll(town: Valmont) -> None:
    _submits(town, c.CallRoll(), "p4")
    town.waits(9)
    assert faces.speaks_on("p1", seen(town, house=linked(BOTH))) == ("telegram",)
    town.waits(2)
    assert faces.speaks_on("p1", seen(town, house=linked(BOTH))) == ("telegram", "slack")


# What is told once


def test_a_handover_is_short_in_the_group_and_whole_for_who_takes_over(town: Valmont) -> None:
    report = handover_report(town.scene, town.speech, "p1", "p2")
    _submits(town, c.HandOver(to="p2", report=report), "p1")
    handed = [one for one in town.journal if isinstance(one.event, HandedOver)]
    group, private = faces.notices(seen(town), handed)
    assert (group.person, private.person) == (GROUP, "p2")
    assert len(group.content.lines) == 1
    assert "Le point de relève est chez Marc Ollivier, en privé" in read(group.content)
    assert "Étapes en cours :" in read(private.content)
    alone, *_ = faces.notices(seen(town, "telegram", house=linked(shut=("p2",))), handed)
    assert "Étapes en cours :" in read(alone.content), "they would read it nowhere else"


# A channel that is suspect


def test_nothing_is_told_nor_can_be_done_on_a_suspect_channel(town: Valmont) -> None:
    _submits(town, c.CallRoll(), "p4")
    _submits(town, c.ChangeSurface(surface="slack", status="suspect"), "p1")
    view = seen(town)
    wanted = _everything(view)
    assert {one.content.title for one in wanted} == {"Ce canal est suspect : plus aucun détail ni acte ici."}
    assert not any(one.content.buttons for one in wanted)
    assert [one.key for one in wanted if not one.only_edit] == [view.key("overview")]
    told = faces.notices(view, town.journal)
    assert [one.person for one in told] == [GROUP, "p3", "p4", "p5"], "those who have nothing else"
    assert all(one.content == wanted[0].content for one in told)
    place = next(view.scene.places())
    assert faces.step_content(view, place, "p4") == faces.cell_content(view, "p4") == wanted[0].content
    assert faces.now_content(view, "p4") == faces.overview_content(view) == wanted[0].content
    assert faces.retired(view, view.key("now"), "1:technique:endiguer:1", "p4") == wanted[0].content


def test_the_other_channel_tells_which_one_is_suspect(town: Valmont) -> None:
    _submits(town, c.ChangeSurface(surface="slack", status="suspect"), "p1")
    view = seen(town, "telegram")
    entry = next(one for one in town.journal if isinstance(one.event, SurfaceChanged))
    told = faces.notices(view, [entry])
    assert [(one.person, one.silent) for one in told] == [(GROUP, False)]
    assert "Slack SUSPECT" in read(faces.overview_content(view))


# One's own card


def test_another_step_in_front_is_posted_anew_and_the_old_one_is_history(town: Valmont) -> None:
    first = _card(seen(town), "p4", "now")
    for line in ("cocher endiguer 1 2 3 4 5", "valider endiguer stoppee"):
        assert town.does(line, "p4") is None, line
    then = _card(seen(town), "p4", "now")
    assert then.afresh not in ("", first.afresh)
    assert not then.silent
    old = faces.retired(seen(town), first.key, first.afresh, "p4")
    assert old.title.startswith("✓ Endiguer — Propagation stoppée, Thierry Lacombe, 03:02 (")
    assert old.lines == old.buttons == ()


def test_who_has_nothing_to_do_is_not_written_to(town: Valmont) -> None:
    _submits(town, c.MarkPresence(person="p1", status="unavailable"), "p1")
    view = seen(town)
    mayor = _card(view, "p1", "now")
    assert mayor.only_edit
    assert mayor.silent


def test_each_reads_their_own_language_and_the_group_the_towns(town: Valmont) -> None:
    view = seen(town)
    world = view.scene.world
    people = dict(world.directory.people) | {"p4": replace(world.directory.people["p4"], lang="en")}
    world = dataclasses.replace(world, directory=replace(world.directory, people=people))
    view = dataclasses.replace(view, scene=dataclasses.replace(view.scene, world=world))
    assert "before 04:02" in _card(view, "p4", "now").content.title
    assert "avant 04:02" in read(faces.overview_content(view))


def test_a_signature_is_asked_of_the_first_who_may_then_of_all(town: Valmont) -> None:
    def asked() -> set[str]:
        view = seen(town)
        return {
            one.person for one in _everything(view) if one.key == view.key("sign:1") and not one.only_edit
        }

    assert asked() == {"p1"}
    town.waits(61)
    assert asked() == {"p1", "p2", "p3"}
    _submits(town, c.Approve(approval=1), "p2")
    assert asked() == set()


def test_whoever_calls_the_roll_sees_the_numbers_and_the_called_are_asked(town: Valmont) -> None:
    before = seen(town)
    assert all(one.only_edit for one in _everything(before) if one.key.endswith(("/calls", "/roll")))
    _submits(town, c.CallRoll(), "p4")
    view = seen(town)
    wanted = [one for one in _everything(view) if not one.only_edit]
    assert {one.person for one in wanted if one.key == view.key("calls")} == {"p4"}
    assert "tel:+33639980111" in read(_card(view, "p4", "calls").content)
    called = {one.person for one in wanted if one.key == view.key("roll")}
    assert called == set(town.incident.calls)
    assert "p1" in called
    _submits(town, c.MarkPresence(person="p1", status="coming"), "p1")
    answered = _card(seen(town), "p1", "roll")
    assert answered.only_edit
    assert answered.content.title == "Vous avez répondu : en route"


@pytest.mark.parametrize("result", ["voicemail", "wrong_number"])
def test_behind_somebody_who_was_not_found_the_deputy_is_called(town: Valmont, result: str) -> None:
    _submits(town, c.CallRoll(), "p4")
    _submits(town, c.MarkCall(person="p5", result=result), "p4")
    chain = read(_card(seen(town), "p4", "calls").content)
    assert ("tel:+33639980155" in chain) == (result == "voicemail")  # nobody is behind a wrong number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("06 39 98 01 11", "+33639980111"),
        ("06.39.98.01.11", "+33639980111"),
        ("+33 1 99 00 12 34", "+33199001234"),
        ("112", "112"),
    ],
)
def test_a_number_is_dialled_from_anywhere(written: str, number: str) -> None:
    assert dialled(written) == number


def test_before_any_incident_there_is_one_button() -> None:
    content = faces.declare_content(Valmont().speech)
    assert [[one.token for one in row] for row in content.buttons] == [[DECLARE]]


def test_what_is_sensitive_is_shown_masked_in_every_chat(town: Valmont) -> None:
    _submits(town, c.SetFact(run=1, name="contact_attaquant", value="http://lockbit7z.onion/chat"), "p4")
    _submits(town, c.GoTo(run=1, track="rancon", to="decider", reason="essai"), "p1")
    view = seen(town)
    place = next(one for one in view.scene.places() if one.track == "rancon")
    shown = read(faces.step_content(view, place, "p1"))
    assert "saisi (masqué)" in shown
    wanted = [*_everything(view), *faces.notices(view, town.journal)]
    assert not any("onion" in read(one.content) for one in wanted)
    assert "onion" not in shown


def test_what_stands_nowhere_and_asks_nothing_need_not_be_drawn(town: Valmont) -> None:
    view = seen(town)
    every = faces.private_wanted(view, "p1")
    drawn = faces.private_wanted(view, "p1", standing=())
    assert drawn == tuple(one for one in every if not one.only_edit)
    assert faces.private_wanted(view, "p1", standing={one.key for one in every}) == every


def test_who_has_nothing_left_to_do_still_sees_what_they_did_last(town: Valmont) -> None:
    for line in ("cocher endiguer 1 2 3 4 5", "valider endiguer stoppee"):
        assert town.does(line, "p4") is None, line
    _submits(town, c.MarkPresence(person="p4", status="unavailable"), "p4")
    now = _card(seen(town), "p4", "now")
    assert now.only_edit
    assert any(line.text.startswith("✓ Endiguer — Propagation stoppée") for line in now.content.lines)


def test_a_long_notice_is_said_once_and_rings_short(town: Valmont) -> None:
    text = "On coupe l'accès à Internet de la mairie, des écoles et du CCAS, " * 4 + "jusqu'à demain."
    _submits(town, c.Decision(text=text), "p1")
    shown = faces.notices(seen(town), town.journal)[-1].content
    assert "".join([shown.title, *(line.text for line in shown.lines)]).count("jusqu'à demain.") == 1
    assert "…" not in shown.title
    assert len(notification(shown)) <= 180


def test_who_signs_reads_what_it_destroys_of_which_incident_and_what_is_missing(town: Valmont) -> None:
    assert town.does("valider endiguer continue ! : encore deux postes", "p4") is None
    assert town.does("valider eteint ! : zone B", "p4") is None
    view = seen(town, house=linked({"slack": ("p1", "p4")}))
    group = next(one for one in faces.group_wanted(view) if one.key == view.key("approval:2"))
    for shown in (group, _card(view, "p1", "sign:2")):
        assert "Accord 2 : une signature manque pour « Éteindre les machines »" in shown.content.title
        told = read(shown.content)
        assert "⚠ Les machines de la zone seront éteintes. Les preuves en mémoire seront perdues." in told
        assert view.incident.id in told


# Who directs


def _labels(wanted: Wanted) -> list[str]:
    return [press.label for row in wanted.content.buttons for press in row]


def test_who_directs_has_something_to_press_from_the_declaration_on() -> None:
    town = Valmont().declares()
    view = seen(town, house=linked({"slack": ("p1", "p4")}))
    for person in ("p1", view.incident.interim or "p1"):
        card = _card(view, person, "now")
        assert not card.only_edit
        assert _labels(card)[-3:] == ["Faire l'appel", "Donner un rôle", "Les étapes"]


def test_every_open_step_is_shown_to_who_asks_for_the_steps(town: Valmont) -> None:
    shown = faces.steps_content(seen(town), "p1")
    opened = [press.label for row in shown.buttons for press in row]
    assert opened == [f"Ouvrir : {place.step.title}" for place in town.scene.places()]
    assert len(shown.buttons) <= 8


def test_who_directs_is_given_the_number_of_who_is_blocked_and_the_step(town: Valmont) -> None:
    assert town.does("bloque endiguer : le prestataire ne répond pas", "p4") is None
    told = faces.notices(seen(town), town.journal[-1:])
    group, private = told
    assert "tel:" not in read(group.content)
    assert _labels(private)[0] == "Ouvrir : Endiguer"
    assert private.content.buttons[1][0].url.startswith("tel:+33639")


# What else waits


def test_each_other_step_of_theirs_has_a_button_and_the_card_stays_short(town: Valmont) -> None:
    card = _card(seen(town), "p4", "now")
    assert "Ouvrir : Appeler à l'aide, prévenir" in _labels(card)
    assert len(card.content.buttons) <= 8


def test_who_may_sign_without_a_card_of_it_has_a_button_that_shows_it(town: Valmont) -> None:
    view = seen(town, house=linked({"slack": ("p1", "p2")}))
    card = _card(view, "p2", "now")
    assert "Vous pouvez signer : accord 1" in read(card.content)
    assert "Voir l'accord 1" in _labels(card)
    shown = faces.sign_content(view, view.incident.approvals[1], "p2")
    assert "J'approuve (accord 1)" in read(shown)


def test_all_of_a_step_is_more_than_its_card(town: Valmont) -> None:
    view = seen(town)
    place = next(one for one in view.scene.places() if one.step.message)
    whole = read(faces.step_content(view, place, "p2"))
    card = read(faces.step_content(view, place, "p2", beside=True))
    assert "Tout lire" in card
    assert "Tout lire" not in whole
    assert len(whole.splitlines()) > len(card.splitlines())
