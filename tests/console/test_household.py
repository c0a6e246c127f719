"""Who is tied to what, from the machine: codes are shown once, links and pictures carry them, nobody is an incident."""

from __future__ import annotations

import json
import re
import stat
import sys
from pathlib import Path

import pytest

from bots.answering.guesses import MOST, REST, Guesses
from bots.answering.inviting import draw, link
from bots.answering.office import Office
from bots.answering.proving import proved
from bots.console.talk import Talk
from bots.lines import Line
from engine.core import commands as c
from engine.core import events as e
from engine.core.house import HOUSE, House, codes
from engine.core.house.commands import Enroll, HouseCommand, NameBot
from engine.home import Home
from engine.i18n import LANGUAGES, Words
from engine.journal.verify import verify_incident
from tests.console.town import Town, new_town

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return new_town(tmp_path)


def given(town: Town, command: HouseCommand, key: str) -> None:
    """What a bot would give."""
    with Home(town.path) as home:
        order = c.Order(
            incident=HOUSE,
            command=command,
            by="",
            at=Office(home, Words("fr")).now(),
            key=key,
            source="telegram",
        )
        assert home.desk.submit_now(order).refused is None


def test_an_invitation_is_shown_with_its_link_and_its_picture_and_ties_the_account(town: Town) -> None:
    given(town, NameBot(surface="telegram", name="valmont_bot"), "name")
    picture = town.path.parent / "maire.svg"
    ran = town.tocsin("invite", "p1", "--as", "p3", "--out", str(picture))
    assert (ran.code, ran.err) == (0, "")
    (code,) = set(CODE.findall(ran.out))
    assert f"https://t.me/valmont_bot?start={code}" in ran.out
    assert f"/tocsin enroler {code}" in ran.out
    assert "▄" in ran.out
    assert picture.read_bytes().startswith(b"<?xml")
    if sys.platform != "win32":
        assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    given(town, Enroll(surface="telegram", account="77", code=code.lower()), "enroll")
    with Home(town.path) as home:
        assert home.house.person("telegram", "77") == "p1"
    listed = json.loads(town.tocsin("invite", "--json").out)
    assert [(one["surface"], one["account"]) for one in listed[0]["accounts"]] == [("telegram", "77")]
    assert "Telegram 77" in town.tocsin("invite").out


def test_a_png_is_a_png_and_another_name_is_refused_before_anything_is_drawn(town: Town) -> None:
    given(town, NameBot(surface="telegram", name="@valmont_bot"), "name")
    picture = town.path.parent / "maire.png"
    assert town.tocsin("invite", "p1", "--as", "p3", "--out", str(picture)).code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert town.tocsin("invite", "p2", "--as", "p3", "--out", "maire.txt").code == 2
    assert town.tocsin("invite", "p2", "--as", "p3", "--surface", "slack", "--out", "x.svg").code == 2
    listed = json.loads(town.tocsin("invite", "--json").out)
    assert [bool(one["invited_until"]) for one in listed] == [True, False, False, False, False]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_the_bots_name_the_code_is_told_with_how_to_type_it(town: Town, lang: str) -> None:
    ran = town.tocsin("invite", "p1", "--as", "p3", "--surface", "telegram", lang=lang)
    assert {"fr": "/enroler", "en": "/enroll"}[lang] + " " + CODE.findall(ran.out)[0] in ran.out
    assert "Slack" not in ran.out
    assert "t.me" not in ran.out


def test_an_invitation_says_who_gives_it(town: Town) -> None:
    assert "--as" in town.tocsin("invite", "p1").err
    assert town.tocsin("invite", "nobody", "--as", "p1").code == 2


def test_accounts_are_untied_by_person_or_one_by_one(town: Town) -> None:
    for person, account in (("p1", "77"), ("p2", "78")):
        (code,) = set(CODE.findall(town.tocsin("invite", person, "--as", "p3").out))
        given(town, Enroll(surface="telegram", account=account, code=code), account)
    ran = town.tocsin("revoke", "Castaing", "--as", "p3", "--reason", "téléphone perdu")
    assert ran.code == 0
    assert "téléphone perdu" in ran.out
    assert town.tocsin("revoke", "telegram:78", "--as", "p2").code == 0
    again = town.tocsin("revoke", "p1", "--as", "p3")
    assert (again.code, again.out) == (1, "")
    with Home(town.path) as home:
        assert home.house.links == {}


def test_a_pin_is_kept_as_a_digest_and_never_too_simple(town: Town) -> None:
    assert town.tocsin("pin", "p1", lines="482915\n").code == 0
    for weak in ("1234", "111111", "abcdef", ""):
        assert town.tocsin("pin", "p1", lines=f"{weak}\n").code == 1
    with Home(town.path) as home:
        assert home.house.is_pin("p1", "482915")
    assert b"482915" not in (town.path / "journal.db").read_bytes()


def test_the_book_is_verified_and_exported_and_is_no_incident(town: Town) -> None:
    assert town.tocsin("invite", "p1", "--as", "p3").code == 0
    assert town.tocsin("run", "rancongiciel", "--as", "p4", lines="note vu\n").code == 0
    assert HOUSE not in town.tocsin("list").out
    assert town.tocsin("show", HOUSE).code == town.tocsin("do", HOUSE, "note", "vu", "--as", "p1").code == 2
    assert town.tocsin("verify").out.count("intact") == 2
    assert town.tocsin("verify", HOUSE).code == 0
    timeline = town.path.parent / "maison.jsonl"
    assert town.tocsin("export", HOUSE, "--format", "jsonl", "--out", str(timeline)).code == 0
    assert town.tocsin("verify", str(timeline)).code == 0
    told = town.tocsin("export", HOUSE).out
    assert told.startswith("# Le livre de la maison")
    assert "1970" not in told
    with Home(town.path) as home:
        assert home.journal.reader.incidents() == [one.id for one in home.desk.incidents()]
        assert set(home.journal.reader.streams()) == {HOUSE, *home.journal.reader.incidents()}
        assert {one.incident for one in home.journal.reader.tips()} == set(home.journal.reader.streams())
        assert all(head.incident.id != HOUSE for head in home.journal.reader.heads())


def test_the_same_order_twice_is_one_and_the_first_refusal_opens_no_book(town: Town) -> None:
    with Home(town.path) as home:
        refused = c.Order(
            incident=HOUSE, command=Enroll(surface="telegram", account="7", code="x"), by="", at=1, key="a"
        )
        assert home.desk.submit_now(refused).refused is not None
        assert home.journal.reader.streams() == []
        drawn = draw("p1", "", Office(home, Words("fr")).now())
        order = c.Order(
            incident=HOUSE, command=drawn.order, by="p3", at=Office(home, Words("fr")).now(), key="b"
        )
        first, again = home.desk.submit_now(order), home.desk.submit_now(order)
        assert (first.first, again.first, again.repeated) == (1, 1, True)
        assert verify_incident(home.journal.reader, HOUSE).whole
    with Home(town.path) as home:
        assert home.house.invitation("slack", drawn.code) is not None


def test_an_erasure_in_the_book_forgets_whose_account_it_was(town: Town) -> None:
    (code,) = set(CODE.findall(town.tocsin("invite", "p1", "--as", "p3").out))
    given(town, Enroll(surface="telegram", account="770077", code=code), "enroll")
    with Home(town.path) as home:
        erase = c.Erase(entries=(2,), reason="départ", visa="AD-12")
        order = c.Order(
            incident=HOUSE, command=erase, by="p1", at=Office(home, Words("fr")).now(), key="erase"
        )
        assert home.desk.submit_now(order).refused is None
        assert home.house.person("telegram", "770077") == ""
        assert b"770077" not in (town.path / "journal.db").read_bytes()
    assert town.tocsin("verify").code == 0


def test_codes_are_drawn_for_links_and_for_eyes() -> None:
    drawn = {draw("p1", "", 0).code for _ in range(200)}
    assert len(drawn) == 200
    for code in drawn:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", code)
        assert set(codes.plain(code)) <= set(codes.CODE_ALPHABET)
    assert link(House(bots={"telegram": "b"}), "slack", "X") == link(House(), "telegram", "X") == ""


# A PIN at the prompt


def talk_of(home: Home) -> Talk:
    office = Office(home, Words("fr"))
    now = office.now()
    declare = c.Declare(title="Test", known_at=now, runbook="rancongiciel")
    name = home.desk.submit_now(c.Order(incident="", command=declare, by="p4", at=now, key="d")).incident
    talk = Talk(office=office, incident_id=name, person="p4")
    for line in (
        "valider debranche",
        "valider confirme",
        "valider continue ! : rien ne tient",
        "canal slack suspect : messages forgés",
        "valider eteint ! : la zone B tombe",
    ):
        assert talk.hear(line).ok, line
    return talk


def test_at_the_prompt_a_pin_proves_what_one_way_no_longer_does(town: Town) -> None:
    assert town.tocsin("pin", "p1", lines="482915\n").code == 0
    with Home(town.path) as home:
        talk = talk_of(home)
        asked = next(iter(talk.incident.approvals))
        talk.person = "p1"
        assert talk.hear(f"approuver {asked}").ok
        refused = talk.hear(f"approuver {asked}")
        assert refused.pending is not None
        wrong = talk.finish(refused.pending, "000000")
        assert not wrong.ok
        assert wrong.pending is not None
        assert talk.finish(wrong.pending, "482915").ok
        last = [
            one.event
            for one in talk.office.entries(talk.incident_id)
            if isinstance(one.event, e.ApprovalGiven)
        ]
        assert [one.proof for one in last] == ["pin"]


def test_whoever_guesses_a_pin_rests(town: Town) -> None:
    assert town.tocsin("pin", "p1", lines="482915\n").code == 0
    with Home(town.path) as home:
        office, guesses = Office(home, Words("fr")), Guesses()
        said = [proved(office, guesses, "p1", "000000") for _ in range(MOST + 1)]
        wrong, rest = office.words.say("house.pin_wrong"), said[-1]
        assert {one.text for one in said[:-1] if one} == {wrong}
        assert isinstance(rest, Line)
        assert rest.text != wrong
        assert proved(office, guesses, "p1", "482915") is not None
        assert proved(office, Guesses(), "p1", "482915") is None
        assert proved(office, Guesses(), "p2", "482915") == Line(
            kind="no", text=office.words.say("house.pin_unknown")
        )


def test_a_rest_ends_and_a_right_answer_forgets_the_wrong_ones() -> None:
    guesses = Guesses()
    for _ in range(MOST):
        assert guesses.rests_until("a", 0) == 0
        guesses.was_wrong("a", 0)
    assert guesses.rests_until("a", 1) == REST
    assert guesses.rests_until("b", 1) == guesses.rests_until("a", REST) == 0
    guesses.was_right("a")
    assert guesses.rests_until("a", 1) == 0
