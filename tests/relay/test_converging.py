"""The chats follow the state, quietly, whatever the platforms do."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.chat import faces
from bots.chat.values import Place
from bots.relay.drawing import Painter
from engine.core import commands as c
from engine.core.house import HOUSE
from engine.core.house import commands as h
from engine.home import Home
from engine.journal.posts import open_posts
from engine.timers import Timers
from tests.relay.hall import Hall, hall
from tests.relay.mirror import assert_equal, told


@pytest.fixture
def town() -> Iterator[Hall]:
    with hall() as found:
        found.binds()
        found.begins()
        yield found


def note(town: Hall, text: str) -> int:
    return town.orders(c.Decision(text=text), "p1").first


def edits(town: Hall) -> int:
    return sum(one.edits for platform in town.platforms for one in platform.messages)


# Quietly


def test_a_declaration_is_shown_and_told_on_both(town: Hall) -> None:
    town.declares()
    assert town.converges() < 15
    for platform in town.platforms:
        board = platform.seen(f"G-{platform.surface}", "/overview")
        assert [one.pinned for one in board] == [True]
        assert len(told(platform, f"G-{platform.surface}", 1)) == 1
    assert town.slack.seen("Dsp4", "/now")
    assert not town.telegram.seen("Dtp4"), "one preferred platform a person"
    assert_equal(town)


def test_a_burst_costs_one_edit(town: Hall) -> None:
    town.declares()
    town.converges()
    town.passes(120)
    before = edits(town)
    for person in ("p3", "p4", "p5"):
        for status in ("present", "coming", "present"):
            town.orders(c.MarkPresence(person=person, status=status), person)
    town.converges()
    boards = [one for p in town.platforms for one in p.seen(f"G-{p.surface}", "/overview")]
    assert [one.edits for one in boards] == [1, 1]
    assert edits(town) - before <= 2 + 5, "each message at most once"
    assert_equal(town)


def test_nothing_is_sent_while_nothing_changes(town: Hall) -> None:
    town.declares()
    town.converges()
    calls = [len(platform.calls) for platform in town.platforms]
    assert town.relay is not None
    town.loop.call_soon(town.relay.refresh)
    town.passes(30)
    assert [len(platform.calls) for platform in town.platforms] == calls


def test_what_stands_nowhere_and_asks_nothing_is_not_drawn(town: Hall, tmp_path: Path) -> None:
    """Cards that would only be kept true cost nothing until they stand."""
    town.declares()
    posts = open_posts(tmp_path, town.clock.now())
    painter = Painter(town.home, faces, posts, town.clock)
    view = painter.view(town.state, "slack", {"slack": None, "telegram": None})
    private = [shown.wanted for shown in painter.draw(view, []).cards if shown.wanted.person]
    # Who lives on the other platform is only kept true here.
    keys = {one.key for one in private}
    assert keys == {view.key("now")}
    posts.close()


def test_a_threshold_is_shown_though_nothing_happened(town: Hall) -> None:
    town.declares()
    town.converges()
    before = town.slack.seen("Dsp4", "/now")[-1].content
    town.passes(600)
    town.converges()
    assert town.slack.seen("Dsp4", "/now")[-1].content != before
    assert_equal(town)


def test_another_program_commits(town: Hall) -> None:
    town.declares()
    town.converges()
    with Home(town.home.path) as other:
        order = c.Order(
            incident=town.incident, command=c.Decision(text="Couper le lien"), by="p1",
            at=town.clock.now(), key="other", source="terminal",
        )  # fmt: skip
        receipt = other.desk.submit_now(order)
    town.passes(2)
    town.converges()
    assert told(town.slack, "G-slack", receipt.first)
    assert told(town.telegram, "G-telegram", receipt.first)
    assert_equal(town)


# When the platform misbehaves


def test_a_lost_answer_is_looked_for_in_slack_and_marked_in_telegram(town: Hall) -> None:
    town.declares()
    town.converges()
    for platform in town.platforms:
        platform.faults.append("lost after")
    seq = note(town, "Évacuer l'annexe")
    town.converges()
    assert [one.repeat for one in told(town.slack, "G-slack", seq)] == [False]
    assert [one.repeat for one in told(town.telegram, "G-telegram", seq)] == [False, True]
    assert_equal(town)


@pytest.mark.parametrize("moment", [0.11, 0.13, 0.15, 0.17, 0.2])
def test_a_crash_around_a_post_repeats_nothing_in_slack(town: Hall, moment: float) -> None:
    town.declares()
    town.converges()
    seq = note(town, "Évacuer l'annexe")
    town.passes(moment)
    town.crashes()
    town.begins()
    town.converges()
    assert len(told(town.slack, "G-slack", seq)) == 1
    copies = told(town.telegram, "G-telegram", seq)
    assert sum(not one.repeat for one in copies) <= 1
    assert len(copies) <= 2
    assert_equal(town)


def test_a_clean_stop_leaves_nothing_in_doubt(town: Hall) -> None:
    town.declares()
    town.converges()
    seq = note(town, "Évacuer l'annexe")
    town.passes(0.13)
    town.stops()
    town.begins()
    town.converges()
    assert [one.repeat for one in told(town.telegram, "G-telegram", seq)] == [False]


def test_wait_is_obeyed_exactly(town: Hall) -> None:
    town.declares()
    town.converges()
    town.passes(60)
    town.telegram.faults.append("wait")
    began = len(town.telegram.calls)
    note(town, "Évacuer l'annexe")
    town.converges()
    refused, again = [at for at, act, chat in town.telegram.calls[began:] if chat == "G-telegram"][:2]
    assert 7.0 <= again - refused < 7.5


def test_a_deleted_card_is_posted_anew(town: Hall) -> None:
    town.declares()
    town.converges()
    town.passes(60)
    board = town.slack.seen("G-slack", "/overview")[0]
    board.deleted = True
    town.orders(c.MarkPresence(person="p3", status="present"), "p3")
    town.converges()
    assert [one.pinned for one in town.slack.seen("G-slack", "/overview")] == [True]
    assert_equal(town)


def test_a_deletion_that_is_told_is_mended_at_once(town: Hall) -> None:
    town.declares()
    town.converges()
    assert town.relay is not None
    card = town.slack.seen("Dsp4", "/now")[-1]
    card.deleted = True
    town.loop.call_soon(town.relay.gone, card.place, card.id)
    town.passes(0.5)
    town.converges()
    assert town.slack.seen("Dsp4", "/now")
    assert_equal(town)


def test_a_revoked_token_stops_one_lane_and_says_so(town: Hall) -> None:
    town.declares()
    town.converges()
    town.slack.faults.append("revoked")
    seq = note(town, "Évacuer l'annexe")
    town.passes(300)
    calls = len(town.slack.calls)
    town.passes(600)
    assert len(town.slack.calls) == calls
    assert told(town.telegram, "G-telegram", seq)
    assert town.relay is not None
    assert town.relay.health()["slack"]["fatal"]
    board = town.telegram.seen("G-telegram", "/overview")[0].content
    assert board is not None
    assert any("injoignable" in line.text for line in board.lines)


def test_a_buried_card_follows_its_person(town: Hall) -> None:
    town.declares()
    town.converges()
    assert town.relay is not None
    place = Place(surface="slack", chat="Dsp4", person="p4")
    old = town.slack.seen("Dsp4", "/now")[-1]
    for _ in range(13):
        town.loop.call_soon(town.relay.seen, place)
    town.passes(1)
    town.converges()
    new = town.slack.seen("Dsp4", "/now")[-1]
    assert new is not old
    assert old.content is not None
    assert not old.content.buttons, "the old one can't be pressed any more"
    assert (old.silent, new.silent) == (False, True), "nothing has happened: no phone buzzes"
    assert_equal(town)


def test_a_group_that_became_a_supergroup_is_followed(town: Hall) -> None:
    town.declares()
    town.converges()
    town.telegram.moved["G-telegram"] = "G-super"
    seq = note(town, "Évacuer l'annexe")
    town.converges()
    assert town.home.house.group("telegram", "crisis") == ("G-super", "")
    assert len(told(town.telegram, "G-super", seq)) == 1
    assert not told(town.telegram, "G-super", 1), "what was told before is not told again"
    assert len(town.telegram.seen("G-super", "/overview")) == 1
    assert_equal(town)


def test_a_person_who_blocks_the_bot_is_left_alone_until_they_open_it(town: Hall) -> None:
    town.telegram.closed.add("Dtp2")
    town.declares()
    town.converges()
    assert not town.home.house.reachable("telegram", "tp2")
    tries = sum(chat == "Dtp2" for _, _, chat in town.telegram.calls)
    note(town, "Évacuer l'annexe")
    town.passes(60)
    assert sum(chat == "Dtp2" for _, _, chat in town.telegram.calls) == tries
    assert len(town.telegram.seen("G-telegram", "/overview")) == 1, "the others are served"


def test_what_the_platform_rejects_is_sent_plain(town: Hall) -> None:
    town.telegram.faults.extend(["rejected"] * 12)
    town.slack.faults.extend(["rejected"] * 12)
    town.declares()
    town.converges()
    boards = town.telegram.seen("G-telegram", "/overview")
    assert len(boards) == 1
    assert boards[0].content is not None
    assert not boards[0].content.buttons


def test_a_dead_platform_slows_neither_the_other_nor_the_engine(town: Hall) -> None:
    town.declares()
    town.converges()
    town.slack.down = True
    seq = note(town, "Évacuer l'annexe")
    town.passes(3)
    assert told(town.telegram, "G-telegram", seq)
    town.passes(40)
    board = town.telegram.seen("G-telegram", "/overview")[0].content
    assert board is not None
    assert any("Slack" in line.text and "injoignable" in line.text for line in board.lines)
    tries = len(town.slack.calls)
    town.passes(600)
    assert len(town.slack.calls) - tries < 40, "it is left alone, longer and longer"
    town.slack.down = False
    town.converges()
    town.passes(5)
    town.converges()
    board = town.telegram.seen("G-telegram", "/overview")[0].content
    assert board is not None
    assert not any("injoignable" in line.text for line in board.lines)
    assert len(told(town.slack, "G-slack", seq)) == 1
    assert_equal(town)


def test_who_lives_on_a_dead_platform_is_spoken_to_on_the_other(town: Hall) -> None:
    town.links("p4", "telegram")
    town.declares()
    town.converges()
    assert not town.telegram.seen("Dtp4")
    town.slack.down = True
    note(town, "Évacuer l'annexe")
    town.passes(60)
    assert town.telegram.seen("Dtp4", "/now")


def test_who_stays_silent_is_told_on_both_platforms_until_they_answer(town: Hall) -> None:
    for person, other in (("p1", "slack"), ("p4", "telegram")):
        town.links(person, other)
    town.declares()
    town.orders(c.CallRoll(), "p2")
    town.converges()
    assert not town.telegram.seen("Dtp4")
    while town.state.calls["p4"][1] == 0:
        town.passes(60)
        town.run(Timers(town.home.desk, town.home.journal.reader).fire(town.clock.now()))
    town.converges()
    assert town.telegram.seen("Dtp4", "/roll"), "they are asked on the other platform too"
    seq = town.orders(c.AddTask(text="Rappeler", who="p4"), "p2").first
    town.converges()
    assert [len(told(p, f"D{p.surface[0]}p4", seq)) for p in town.platforms] == [1, 1]
    town.orders(c.MarkPresence(person="p4", status="present"), "p4")
    seq = town.orders(c.AddTask(text="Rappeler encore", who="p4"), "p2").first
    town.converges()
    assert sum(len(told(p, f"D{p.surface[0]}p4", seq)) for p in town.platforms) >= 1
    assert town.state.calls.get("p4", (0, 0))[1] == 0


def test_after_a_long_outage_many_notices_come_in_one(town: Hall) -> None:
    town.declares()
    town.converges()
    town.slack.down = True
    seqs = []
    for number in range(9):
        seqs.append(note(town, f"Décision {number}"))
        town.passes(300)
    town.slack.down = False
    town.converges()
    assert_equal(town)
    messages = {one.id for seq in seqs for one in told(town.slack, "G-slack", seq)}
    assert len(messages) < len(seqs) - 2
    digest = told(town.slack, "G-slack", seqs[0])[0].content
    assert digest is not None
    assert any("Décision 0" in line.text for line in digest.lines)


def test_a_door_with_a_bug_does_not_stop_the_lane(town: Hall) -> None:
    town.slack.faults.extend(["bug", "", "bug", "stuck"])
    town.declares()
    town.converges()
    assert_equal(town)


# The book


def test_a_lost_book_posts_cards_anew_and_no_old_notice(town: Hall) -> None:
    town.declares()
    old = note(town, "Il y a longtemps")
    town.converges()
    town.passes(1_200)
    fresh = note(town, "À l'instant")
    town.converges()
    town.stops()
    for file in town.home.path.glob("posts.db*"):
        file.unlink()
    town.passes(10)
    town.begins()
    town.converges()
    assert len(told(town.slack, "G-slack", old)) == len(told(town.telegram, "G-telegram", old)) == 1
    assert len(told(town.slack, "G-slack", fresh)) == 1, "it was found"
    assert [one.repeat for one in told(town.telegram, "G-telegram", fresh)] == [False, True]
    assert len(town.slack.seen("G-slack", "/overview")) == 2


def test_a_group_tied_later_is_told_what_is_fresh_without_an_excuse_and_nothing_old() -> None:
    with hall() as town:
        for person in ("p1", "p2"):
            town.links(person, "telegram")
        town.declares()
        old = note(town, "Il y a longtemps")
        town.passes(1_200)
        fresh = note(town, "À l'instant")
        town.begins()  # its book is younger than what happened
        town.passes(5)
        town.orders(h.BindGroup(surface="telegram", purpose="crisis", chat="G-telegram"), "p1", HOUSE)
        town.converges()
        assert told(town.telegram, "G-telegram", old) == []
        assert [one.repeat for one in told(town.telegram, "G-telegram", fresh)] == [False]
        assert len(town.telegram.seen("G-telegram", "/overview")) == 1


def test_what_was_closed_before_a_group_was_tied_is_not_shown_there() -> None:
    with hall() as town:
        town.declares(runbook="")
        town.orders(c.CloseIncident(reason="fini", confirm=True), "p1")
        town.begins()
        town.passes(1_200)
        town.binds()
        note(town, "Une note d'après")
        town.converges()
        assert [one for one in town.telegram.seen("G-telegram") if "/overview" in one.key] == []
        assert len(town.telegram.seen("G-telegram")) == 1, "what was written since, and nothing older"


def test_a_damaged_book_is_put_aside(town: Hall) -> None:
    town.declares()
    town.converges()
    town.stops()
    for file in town.home.path.glob("posts.db-*"):
        file.unlink()
    (town.home.path / "posts.db").write_bytes(b"not a database at all, for sure" * 200)
    town.begins()
    town.converges()
    assert list(town.home.path.glob("posts.db.damaged-*"))


def test_what_is_blanked_stays_blank(town: Hall) -> None:
    town.declares()
    town.converges()
    assert town.relay is not None
    assert town.run(town.relay.blank(town.incident, "telegram")) > 2
    note(town, "Après")
    town.converges()
    assert not [one for one in town.telegram.messages if one.content is not None]
    town.crashes()
    town.begins()
    town.converges()
    assert not [one for one in town.telegram.messages if one.content is not None]
    assert town.slack.seen("G-slack", "/overview")


def test_erased_words_leave_the_chats(town: Hall) -> None:
    town.declares()
    town.converges()
    seq = note(town, "Mme Untel est hospitalisée")
    town.converges()
    town.orders(c.Erase(entries=(seq,), reason="droit", visa="AD 12"), "p1")
    town.converges()
    assert not told(town.slack, "G-slack", seq)
    assert not told(town.telegram, "G-telegram", seq)
    town.crashes()
    town.begins()
    town.converges()
    assert not told(town.slack, "G-slack", seq)


def test_a_press_on_an_unknown_copy_empties_it(town: Hall) -> None:
    town.declares()
    town.converges()
    assert town.relay is not None
    known = town.telegram.seen("G-telegram", "/overview")[0]
    assert not town.relay_stray(known)
    place = Place(surface="telegram", chat="G-telegram")
    content = known.content
    assert content is not None
    copy = town.run(town.telegram.post(place, content, key="x", silent=True, repeat=False))
    stray = town.telegram.messages[int(copy) - 1]
    assert town.relay_stray(stray)
    town.passes(1)
    town.converges()
    assert stray.content is None


def test_a_closed_incident_is_shown_closed_and_left_alone(town: Hall) -> None:
    town.declares(runbook="")
    town.converges()
    town.orders(c.CloseIncident(reason="fini", confirm=True), "p1")
    town.converges()
    assert_equal(town)
    town.stops()
    calls = [len(platform.calls) for platform in town.platforms]
    town.begins()
    town.passes(30)
    assert [len(platform.calls) for platform in town.platforms] == calls


def test_many_incidents_share_one_budget(town: Hall) -> None:
    for _ in range(6):
        town.declares()
    took = town.converges()
    assert took < 120
    times = [at for at, act, _ in town.telegram.calls if act != "open"]
    for first, second in itertools.pairwise(times):
        assert second >= first
    group = [at for at, _, chat in town.telegram.calls if chat == "G-telegram"]
    assert max(sum(1 for one in group if at <= one < at + 60) for at in group) < 20
