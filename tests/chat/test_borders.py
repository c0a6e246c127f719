"""What must not pass: from exercises to the real thing, from a suspect channel, to whoever is one of us no longer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from bots.chat.token import DECLARE
from bots.chat.values import Answer, Attachment, Place
from engine.core import commands as c
from engine.core import events as e
from engine.core.house import HOUSE
from engine.core.house.codes import pin_digest
from engine.core.house.commands import Revoke, SetPin
from engine.home import Home
from engine.library.catalogue import library_folder
from tests.chat.rooms import CRISIS, DRILLS, SALT, Chat

ELSEWHERE = Place(surface="slack", chat="C-GENERAL")


@pytest.fixture
def chat(tmp_path: Path) -> Iterator[Chat]:
    opened = Chat.open(tmp_path)
    yield opened
    opened.home.close()


def all_of(answer: Answer) -> str:
    return str(answer)


# Exercises and the real thing


@pytest.mark.parametrize(("exercise", "place"), [(False, DRILLS), (True, CRISIS)])
def test_what_is_said_in_one_group_is_never_written_in_the_other_kind_of_incident(
    chat: Chat, exercise: bool, place: Place
) -> None:
    name = chat.declares(exercise=exercise)
    before = len(chat.events(name))
    for line in ("decision couper internet", "note vu", "chrono", "moi", "rejoindre 1"):
        answer = chat.run(chat.room.say(chat.among("p3", place), line))
        assert not answer.ok
        assert name not in all_of(answer)
        assert not answer.public
    assert len(chat.events(name)) == before


def test_between_two_incidents_only_those_of_the_place_are_offered(chat: Chat) -> None:
    first, second, drill = chat.declares(), chat.declares(), chat.declares(exercise=True)
    asked = chat.run(chat.room.say(chat.among("p3", CRISIS), "note vu"))
    assert asked.form is not None
    offered = {value for one in asked.form.fields for value, _ in one.choices}
    assert offered == {first, second}
    alone = chat.run(chat.room.say(chat.among("p3", DRILLS), "note joué"))
    assert alone.ok
    assert isinstance(chat.last(drill, e.NoteTaken).event, e.NoteTaken)


# Who reads


def test_only_in_a_place_of_the_cell_is_an_answer_shown_to_all(chat: Chat) -> None:
    chat.declares()
    assert chat.run(chat.room.say(chat.among("p3", CRISIS), "chrono")).public
    assert not chat.run(chat.room.say(chat.among("p3", ELSEWHERE), "chrono")).public


def test_a_guest_whose_last_day_has_passed_is_a_stranger(chat: Chat) -> None:
    name = chat.declares()
    assert chat.says("p5", "note encore là").ok
    people = chat.home.world.directory.people
    today = chat.home.world.calendar.local(chat.clock.at).date().isoformat()
    for until, known in ((today, True), ("2026-01-01", False)):
        guests = {**people, "p5": replace(people["p5"], until=until)}
        directory = replace(chat.home.world.directory, people=guests)
        chat.home.world = dataclasses.replace(chat.home.world, directory=directory)
        chat.home.desk.follow_world(chat.home.world, chat.home.shelf.content)
        for answer in (
            chat.says("p5", "chrono"),
            chat.says("p5", "annuaire maire"),
            chat.presses("p5", chat.of("cell", name)),
            chat.presses("p5", chat.of("me", name)),
            chat.presses("p5", DECLARE),
        ):
            assert (all_of(answer) == all_of(chat.room.stranger(chat.alone("p5")))) is not known
        assert bool(chat.room.options(chat.alone("p5"), chat.of("task", name), "who", "")) is known


# A suspect channel


def test_from_a_suspect_channel_nothing_is_declared_and_no_group_is_tied(chat: Chat) -> None:
    chat.declares()
    assert chat.says("p3", "canal slack suspect : vol").ok
    groups, count = dict(chat.home.house.groups), len(list(chat.home.desk.incidents()))
    for line in ("declarer rancongiciel !", "declarer exercice rancongiciel", "declarer"):
        assert not chat.says("p4", line, surface="slack").ok
    assert not chat.presses("p4", DECLARE, surface="slack").ok
    values = {"runbook": "rancongiciel", "since": "", "title": "faux", "kind": "real"}
    assert not chat.run(chat.room.filled(chat.alone("p4", "slack"), DECLARE, values)).ok
    assert not chat.run(chat.room.say(chat.among("p3", Place(surface="slack", chat="G-EVIL")), "ici")).ok
    assert chat.home.house.groups == groups
    assert len(list(chat.home.desk.incidents())) == count
    assert chat.says("p4", "declarer rancongiciel !").ok, "from elsewhere, as ever"


def test_what_an_exercise_plays_shuts_nothing_real(chat: Chat) -> None:
    drill = chat.declares(exercise=True)
    assert chat.says("p3", "canal slack suspect : joué").ok
    assert "slack" in chat.incident(drill).suspect
    assert chat.says("p4", "declarer rancongiciel !", surface="slack").ok


def test_what_is_not_understood_on_a_suspect_channel_tells_nothing_of_the_procedure(chat: Chat) -> None:
    name = chat.declares()
    words = ("Geste réflexe", "debranche", "Machines", "Rançongiciel", "lettre_plainte", "Direction de crise")
    assert any(word in all_of(chat.says("p4", "valider x y")) for word in words)
    assert chat.says("p3", "canal slack suspect : vol").ok
    for line in ("valider x y", "message 1", "role zz p1", "abandonner 1", "vacants", "blah", "fait zz=3"):
        answer = chat.says("p4", line, surface="slack")
        assert not answer.ok
        assert answer.form is None
        assert not [word for word in words if word in all_of(answer)], line
    assert chat.room.options(chat.alone("p4", "slack"), chat.of("handover", name), "to", "") == ()


def test_no_file_is_stored_from_a_suspect_channel(chat: Chat, tmp_path: Path) -> None:
    chat.declares()
    assert chat.says("p3", "canal slack suspect : vol").ok
    path = tmp_path / "plein"
    path.write_bytes(b"0" * 4096)
    file = Attachment(name="plein", size=4096, media="", path=str(path))
    assert not chat.run(chat.room.bring(chat.alone("p4", "slack"), "", file, "")).ok
    assert not list(chat.home.evidence.folder.glob("*"))


def test_on_a_suspect_channel_no_pin_is_tried_and_nobody_s_tries_are_used_up(chat: Chat) -> None:
    name = chat.declares()
    chat.presses("p4", chat.token(name, "visible"))
    chat.fills("p4", chat.token(name, "continue"), reason="rien ne tient", confirm="yes")
    chat.fills("p4", chat.token(name, "eteint"), reason="la zone B tombe", confirm="yes")
    chat.orders(SetPin(salt=SALT, digest=pin_digest("271828", SALT)), HOUSE, "p1")
    assert chat.says("p3", "canal slack suspect : vol").ok
    approve = chat.vote(name, 1, "approve")
    for guess in ("000000", "000001", "000002", "000003", "000004", "000005", "271828"):
        answer = chat.run(chat.room.filled(chat.alone("p1", "slack"), approve, {"pin": guess}))
        assert not answer.ok
        assert "pin" not in answer.errors
    assert chat.incident(name).approvals[1].pending
    assert chat.fills("p1", approve, pin="271828").ok


def test_a_code_that_is_delivered_again_after_its_account_was_untied_is_answered(chat: Chat) -> None:
    chat.invites("p1", "MMMMNNNNPPPP")
    caller = chat.alone("p1", key="again")
    assert chat.run(chat.room.say(caller, "/enroler MMMM-NNNN-PPPP")).ok
    chat.orders(Revoke(person="p1"), HOUSE, "p1")
    assert not chat.run(chat.room.say(caller, "/enroler MMMM-NNNN-PPPP")).ok
    assert not chat.home.house.accounts("p1")


def test_what_somebody_wrote_looks_like_nobody_else_s_entry(chat: Chat) -> None:
    name = chat.declares()
    false = "17 · 03:02 · Hélène Castaing (Direction de crise) · DÉCISION : payer la rançon"
    assert chat.fills("p5", chat.of("note", name), text=f"rien\n{false}\r\n{false}").ok
    shown = "\n".join(line.text for line in chat.says("p1", "chrono").lines).splitlines()
    assert not [line for line in shown if line.startswith("17 ") and "payer" in line]
    assert len([line for line in shown if line == f"│ {false}"]) == 2


def test_a_title_is_one_line(chat: Chat) -> None:
    values = {"runbook": "rancongiciel", "since": "", "title": "Écrans\n✍ SIGNATURE\trouges", "kind": "real"}
    assert chat.run(chat.room.filled(chat.alone("p4"), DECLARE, values)).ok
    (incident,) = chat.home.desk.incidents()
    assert incident.title == "Écrans ✍ SIGNATURE rouges"


def test_a_message_filled_with_a_sensitive_answer_is_told_without_its_text(tmp_path: Path) -> None:
    chat = Chat.open(tmp_path)
    chat.home.close()
    own = chat.home.path / "runbooks" / "rancongiciel.yaml"
    own.parent.mkdir(exist_ok=True)
    written = (library_folder() / "rancongiciel.yaml").read_text("utf-8")
    own.write_text(
        written.replace("{{ organisation }}", "{{ organisation }} {{ contact_attaquant }}"), "utf-8"
    )
    with Home(chat.home.path) as home:
        chat = Chat(home)
        name = chat.declares()
        chat.orders(c.SetFact(name="contact_attaquant", value="http://voleur.example", run=1), name, "p1")
        told = all_of(
            chat.run(chat.room.say(chat.among("p1", incident=name), "message consigne_agents envoye"))
        )
        sent = chat.last(name, e.MessageSent).event
        assert isinstance(sent, e.MessageSent)
        assert "voleur" in sent.text, "the main courante keeps what was sent"
        told += all_of(chat.run(chat.room.say(chat.among("p1", incident=name), "chrono 50")))
        assert "masqué" in told
        assert "voleur" not in told


def test_from_a_suspect_channel_nobody_has_our_messages_taken_away(chat: Chat) -> None:
    name = chat.declares()
    assert chat.says("p1", "canal telegram suspect : vol", surface="slack").ok
    chat.orders(c.CloseIncident(reason="fini pour cette nuit", confirm=True), name, "p1")
    taken: list[str] = []

    async def blank(incident: str, surface: str) -> int:
        assert surface == "slack"
        taken.append(incident)
        return 1

    chat.room.blank = blank
    token = chat.of("blank", name)
    assert chat.presses("p1", token).form is None
    assert not chat.fills("p1", token, confirm="yes").ok
    assert taken == []
    assert chat.run(chat.room.filled(chat.alone("p1", "slack"), token, {"confirm": "yes"})).ok
    assert taken == [name]
