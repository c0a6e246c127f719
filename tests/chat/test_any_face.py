"""Whatever people do and write, every message fits the platforms, and reads the same until something changes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from random import Random

import pytest

from bots.chat import faces
from bots.chat.faces import View, Wanted
from bots.chat.faces.presses import ROWS
from bots.chat.token import read
from bots.slack.render import drawn
from bots.telegram.render import html, plain, units
from engine.core import commands as c
from engine.core.cards import Place, step_card, touched
from engine.core.cards.values import Checklist, Questions
from engine.core.incident import Incident
from engine.core.quantities import MINUTE
from engine.i18n import LANGUAGES
from tests.bots.valmont import Valmont
from tests.chat.facing import seen

RUNBOOKS = ("rancongiciel", "je-ne-sais-pas-encore")
NASTY = (
    "<!channel> <@U024BE7LH> *gras* _x_ ~y~ & < > </b>",
    "@hcastaing [lien](tg://user?id=1) <b>",
    "é" * 450,
    "👩‍🚒" * 150,
    "mot " * 110,
    "ligne\n" * 70,
    "mot " * 9_000,
    "\u202egauche\u0000",
    "x",
)
MOVES = 45


def _moves(town: Valmont, chance: Random) -> None:
    """One thing that somebody does, allowed or not; or time that passes."""
    people = list(town.world.directory.people)
    by, text = chance.choice(people), chance.choice(NASTY)
    places = list(town.scene.places())
    place = chance.choice(places) if places else None
    match chance.randrange(12):
        case 0:
            town.waits(chance.choice((1, 7, 40, 200, 1_500)))
        case 1:
            town.submit(c.AddTask(text=text, who=chance.choice(people), due=town.now + 30 * MINUTE), by)
        case 2:
            town.submit(c.Note(text=text), by)
        case 3:
            town.submit(c.CallRoll(), by)
        case 4:
            town.submit(c.MarkCall(person=chance.choice(people), result="voicemail"), by)
        case 5:
            town.submit(c.MarkPresence(person=by, status=chance.choice(("present", "unavailable"))), by)
        case 6:
            for approval in town.incident.approvals:
                town.submit(c.Approve(approval=approval), by)
        case 7:
            town.submit(c.ChangeActivity(activity="paie", status="interrupted"), by)
        case _ if place is not None:
            _works(town, place, by, text, chance)


def _works(town: Valmont, place: Place, by: str, text: str, chance: Random) -> None:
    """Answer, tick, block, or press an outcome."""
    where = {
        "run": place.run.id,
        "track": place.track,
        "step": place.cursor.step,
        "visit": place.cursor.visit,
    }
    card = step_card(town.scene, place)
    boxes, asked = card.find(Checklist), card.find(Questions)
    if isinstance(boxes, Checklist):
        town.submit(c.Tick(item=chance.choice(boxes.boxes).number, **where), by)  # type: ignore[arg-type]
    if isinstance(asked, Questions):
        for one in asked.answers:
            value = chance.choice([name for name, _ in one.choices] or ["14", text[:200], "2026-11-24T03:00"])
            town.submit(c.SetFact(run=place.run.id, name=one.fact, value=value), by)
    if chance.random() < 0.2:
        town.submit(c.ReportBlocked(text=text, **where), by)  # type: ignore[arg-type]
    picks = [one.command for one in card.buttons if isinstance(one.command, c.PickOutcome)]
    if picks and chance.random() < 0.7:
        pick = chance.choice(picks)
        told = {"outcome": pick.outcome, "reason": f"parce que {text[:300]}", "confirm": True}
        town.submit(c.PickOutcome(**where, **told), "p1")  # type: ignore[arg-type]


def _all(view: View, town: Valmont, told: int = 0) -> Iterator[Wanted]:
    yield from faces.group_wanted(view)
    for person in faces.people(view):
        yield from faces.private_wanted(view, person)
    yield from faces.notices(view, town.journal[told:])


def _played(seed: int) -> Iterator[tuple[Valmont, Incident, int]]:
    """An incident after each move, with what it was before it."""
    chance = Random(seed)
    town = Valmont().declares(chance.choice(RUNBOOKS), exercise=chance.random() < 0.5)
    for _ in range(MOVES):
        before, told = town.incident, len(town.journal)
        _moves(town, chance)
        yield town, before, told


@pytest.mark.parametrize("seed", range(8))
def test_every_message_fits_both_platforms(seed: int) -> None:
    for town, _, told in _played(seed):
        for surface in ("slack", "telegram"):
            for one in _all(seen(town, surface), town, told):
                _fits(one)


def _fits(one: Wanted) -> None:
    content = one.content
    assert content.title.strip()
    assert "\n" not in content.title
    shown = plain(html(content, {1: "Quelqu'un"}))
    assert units(shown) <= 4_096
    assert not shown.rstrip().endswith("\n…"), "the face should have left lines out itself"
    blocks = drawn(content, ["U1", "U2"])
    assert len(blocks) <= 50
    for block in blocks:
        assert len(block.get("text", {}).get("text", "")) <= 3_000
        assert len(block.get("elements", ())) <= 25
    assert len(content.buttons) <= ROWS
    for press in (press for row in content.buttons for press in row):
        assert press.label.strip()
        assert len(press.label) <= 75
        assert press.url.startswith("tel:+") or read(press.token) is not None, press
    assert len({press.token for row in content.buttons for press in row if press.token}) == sum(
        bool(press.token) for row in content.buttons for press in row
    ), "two buttons of one message do the same"


def test_what_does_not_fit_is_left_out_in_whole_lines_and_said() -> None:
    """Somebody has fifty tasks: their card still fits, with what matters of the step and every button."""
    town = Valmont().declares()
    for line in ("prendre", "valider debranche", "valider confirme", "prendre endiguer"):
        assert town.does(line, "p4") is None
    for number in range(50):
        town.submit(c.AddTask(text=f"{number} " + "<&> @tous " * 30, who="p4"), "p1")
    for one in faces.private_wanted(seen(town), "p4"):
        _fits(one)
    now = next(one for one in faces.private_wanted(seen(town), "p4") if one.key.endswith("/now"))
    kinds = [line.kind for line in now.content.lines]
    assert kinds[0] == "head"
    assert kinds.count("never") == 2
    assert now.content.lines[-1].text == "… (la suite : etat)"
    assert not any(line.text.startswith("49 ") or line.label.startswith("49 ") for line in now.content.lines)


def test_a_long_text_is_cut_between_two_words() -> None:
    town = Valmont().declares()
    town.submit(c.Note(text="mot " * 900), "p1")
    note = faces.notices(seen(town), town.journal)[-1].content
    assert note.title.endswith("mot …")
    assert not note.lines
    _fits(faces.notices(seen(town), town.journal)[-1])


@pytest.mark.parametrize("seed", range(8, 14))
def test_a_message_reads_the_same_until_the_hour_it_said(seed: int) -> None:
    """Nothing runs in a chat, in any language: between two changes nothing is edited."""
    lang = LANGUAGES[seed % 2]
    for town, _, _ in _played(seed):
        view = seen(town, lang=lang)
        following = faces.next_change(view)
        assert following > town.now
        before = {(one.person, one.key): one for one in _all(view, town, len(town.journal))}
        for at in {min(town.now + MINUTE, following - 1), following - 1}:
            after = {
                (one.person, one.key): one
                for one in _all(seen(town, lang=lang, now=at), town, len(town.journal))
            }
            assert after == before


@pytest.mark.parametrize("seed", range(14, 20))
def test_what_reads_otherwise_after_an_entry_was_announced(seed: int) -> None:
    """`affected` misses nothing, in any language."""
    for town, before, _ in _played(seed):
        old = new = seen(town, lang=LANGUAGES[seed % 2])
        named = faces.affected(touched(before, town.incident), town.incident.id)
        was = {(one.person, one.key): one.content for one in _all(_at(old, before), town, len(town.journal))}
        now = {(one.person, one.key): one.content for one in _all(new, town, len(town.journal))}
        changed = {key for key in now if was.get(key) != now[key]}
        assert {name for _, name in changed} <= named


def _at(view: View, incident: Incident) -> View:
    return dataclasses.replace(view, scene=dataclasses.replace(view.scene, incident=incident))
