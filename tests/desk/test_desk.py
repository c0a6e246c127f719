"""One way to write: an order is answered once, after what it did is durable, whatever happens around it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.core import commands as c
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.core.events import NoteTaken
from engine.core.receipt import Receipt
from engine.desk import Desk, Rules
from engine.desk.edge import clean, clean_text
from engine.home import Home
from engine.home.home import RULES
from engine.journal import audit
from engine.journal.errors import BrokenRule, JournalUnavailable
from engine.journal.sqlite import FILE, SqliteJournal
from tests.desk import towns


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        yield home


def sound(home: Home) -> bool:
    verdicts, beside = audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)
    assert not beside, beside
    return all(verdict.whole for verdict in verdicts)


def entries_of(home: Home, incident: str) -> list[int]:
    return [entry.seq for entry in home.journal.reader.entries(incident)]


# Receipts


def test_a_declared_incident_gets_the_next_number_of_its_year(home: Home) -> None:
    new_year_eve = 1_767_222_000_000  # 31 December 2025, 23:00 UTC: already 2026 in Paris
    assert towns.declare(home, "a") == "INC-2025-001"
    assert towns.declare(home, "b") == "INC-2025-002"
    assert towns.declare(home, "c", exercise=True) == "EX-2025-001"
    assert towns.declare(home, "d", at=new_year_eve) == "INC-2026-001"
    assert towns.declare(home, "e") == "INC-2025-003"


def test_a_refused_declaration_takes_no_number(home: Home) -> None:
    command = c.Declare(title="x", known_at=towns.NOW, runbook="no_such")
    receipt = home.desk.submit_now(towns.order("", command, "a", by="nobody"))
    towns.refused(receipt)
    assert receipt.incident == ""
    assert towns.declare(home, "b") == "INC-2025-001"


def test_the_same_key_gets_the_first_receipt_and_writes_nothing(home: Home) -> None:
    incident = towns.declare(home)
    first = towns.note(home, incident, "vu", "same")
    before = entries_of(home, incident)
    again = towns.note(home, incident, "autre chose", "same", at=towns.NOW + 5_000)
    assert (again.incident, again.first, again.last, again.repeated) == (
        incident,
        first.first,
        first.last,
        True,
    )
    assert entries_of(home, incident) == before


def test_a_redelivered_declaration_opens_nothing(home: Home) -> None:
    assert towns.declare(home, "same") == towns.declare(home, "same")
    assert home.journal.reader.incidents() == ["INC-2025-001"]


def test_the_same_key_gets_the_first_receipt_in_another_program(home: Home) -> None:
    incident = towns.declare(home)
    first = towns.note(home, incident, "vu", "same")
    with Home(home.path) as other:
        again = towns.note(other, incident, "vu", "same")
    assert (again.first, again.last, again.repeated) == (first.first, first.last, True)


def test_a_refusal_is_repeated_too_although_the_act_would_now_be_accepted(home: Home) -> None:
    incident = towns.declare(home)
    order = towns.order(incident, c.Note(text="x"), "same", by="nobody")
    refusal = towns.refused(home.desk.submit_now(order))
    again = home.desk.submit_now(towns.order(incident, c.Note(text="x"), "same", by="p4"))
    assert again.refused == refusal
    assert again.repeated


def test_a_refusal_is_forgotten_after_a_week(home: Home) -> None:
    incident = towns.declare(home)
    towns.refused(home.desk.submit_now(towns.order(incident, c.Note(text="x"), "same", by="nobody")))
    home.journal.forget_answers(before=towns.NOW + 1)
    towns.note(home, incident, "x", "same")


def test_an_order_that_changes_nothing_has_a_receipt_without_entries(home: Home) -> None:
    incident = towns.declare(home)
    tick = c.MarkPresence(person="p4", status="present")
    receipts = [
        towns.accepted(home.desk.submit_now(towns.order(incident, tick, key))) for key in ("a", "b", "b")
    ]
    assert receipts[1].first == receipts[2].first == 0 or receipts[1].first > receipts[0].last
    assert receipts[2].repeated


def test_an_unknown_incident_is_refused(home: Home) -> None:
    receipt = home.desk.submit_now(towns.order("INC-1999-001", c.Note(text="x"), "a"))
    assert towns.refused(receipt).code == "no_incident"


# Batches


def test_64_people_who_press_at_once_one_wins_and_63_are_told_who(home: Home) -> None:
    incident = towns.declare(home)
    command = towns.pick(home, incident)
    people = ("p1", "p2", "p4", "p5")

    async def press_all() -> list[Receipt]:
        orders = [towns.order(incident, command, f"press {n}", by=people[n % 4]) for n in range(64)]
        return await asyncio.gather(*map(home.desk.submit, orders))

    receipts = asyncio.run(press_all())
    won = [receipt for receipt in receipts if receipt.refused is None]
    assert len(won) == 1
    told = [towns.refused(receipt) for receipt in receipts if receipt.refused is not None]
    assert Counter(refusal.code for refusal in told) == {"step_left": 63}
    assert {refusal.facts["by"] for refusal in told} == {"Marc Ollivier"} or len(
        {str(r.facts) for r in told}
    ) == 1
    assert sound(home)


class Counting:
    """A journal that counts its commits."""

    def __init__(self, journal: Any) -> None:
        self._journal, self.commits = journal, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    def commit(self) -> None:
        self.commits += 1
        self._journal.commit()


def test_all_who_press_in_one_turn_share_one_commit(home: Home) -> None:
    incidents = [towns.declare(home, f"declare {n}") for n in range(64)]
    journal = Counting(home.journal)
    desk = Desk(journal, home.world, RULES)

    async def press_all() -> list[Receipt]:
        orders = [towns.order(one, towns.pick(home, one), f"press {one}") for one in incidents]
        return await asyncio.gather(*map(desk.submit, orders))

    receipts = asyncio.run(press_all())
    assert all(receipt.refused is None for receipt in receipts)
    assert journal.commits == 1
    assert sound(home)


def test_the_same_key_twice_in_one_batch_is_written_once(home: Home) -> None:
    incident = towns.declare(home)

    async def both() -> list[Receipt]:
        orders = [towns.order(incident, c.Note(text="x"), "same") for _ in range(2)]
        return await asyncio.gather(*map(home.desk.submit, orders))

    first, second = asyncio.run(both())
    assert (first.first, first.last) == (second.first, second.last)
    assert [first.repeated, second.repeated] == [False, True]


def failing(command: type[c.Command]) -> Rules:
    def decide(order: c.Order, *rest: Any) -> Any:
        if isinstance(order.command, command):
            raise ZeroDivisionError
        return RULES.decide(order, *rest)

    return RULES._replace(decide=decide)


def test_an_order_that_fails_takes_no_neighbour_along(home: Home) -> None:
    incident = towns.declare(home)
    desk = Desk(home.journal, home.world, failing(c.Say))

    async def three() -> list[Receipt | BaseException]:
        commands: list[c.Command] = [c.Note(text="avant"), c.Say(text="pendant"), c.Note(text="après")]
        orders = [towns.order(incident, command, f"order {n}") for n, command in enumerate(commands)]
        return await asyncio.gather(*map(desk.submit, orders), return_exceptions=True)

    before, failed, after = asyncio.run(three())
    assert isinstance(before, Receipt)
    assert isinstance(failed, ZeroDivisionError)
    assert isinstance(after, Receipt)
    assert after.first == before.last + 1
    assert sound(home)


def test_a_row_that_breaks_a_rule_of_the_journal_is_its_own_orders_failure(home: Home) -> None:
    incidents = [towns.declare(home, f"declare {n}") for n in range(3)]

    def decide(order: c.Order, incident: Any, world: Any) -> Any:
        outcome = RULES.decide(order, incident, world)
        if order.incident == incidents[1] and isinstance(order.command, c.Say):
            from msgspec.structs import replace

            outcome = replace(outcome, entries=tuple(replace(e, seq=e.seq + 7) for e in outcome.entries))
        return outcome

    desk = Desk(home.journal, home.world, RULES._replace(decide=decide))

    async def all_three() -> list[Receipt | BaseException]:
        orders = [towns.order(one, c.Say(text="x"), f"say {one}") for one in incidents]
        return await asyncio.gather(*map(desk.submit, orders), return_exceptions=True)

    first, broken, last = asyncio.run(all_three())
    assert isinstance(first, Receipt)
    assert isinstance(broken, BrokenRule)
    assert isinstance(last, Receipt)
    assert sound(home)
    towns.accepted(desk.submit_now(towns.order(incidents[1], c.Note(text="on continue"), "after")))


def test_a_text_that_is_not_unicode_from_a_procedure_fails_alone(home: Home) -> None:
    incident = towns.declare(home)

    def decide(order: c.Order, *rest: Any) -> Any:
        from msgspec.structs import replace

        outcome = RULES.decide(order, *rest)
        return replace(
            outcome, entries=tuple(replace(e, event=NoteTaken(text="\ud800")) for e in outcome.entries)
        )

    desk = Desk(home.journal, home.world, RULES._replace(decide=decide))
    with pytest.raises(UnicodeEncodeError):
        desk.submit_now(towns.order(incident, c.Note(text="x"), "a"))
    assert sound(home)


def test_a_caller_who_is_cancelled_does_not_undo_the_order(home: Home) -> None:
    incident = towns.declare(home)

    async def cancelled() -> Receipt:
        waiting = asyncio.create_task(home.desk.submit(towns.order(incident, c.Note(text="x"), "same")))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        await home.desk.drain()
        return await home.desk.submit(towns.order(incident, c.Note(text="x"), "same"))

    receipt = asyncio.run(cancelled())
    assert receipt.repeated
    assert receipt.first


def test_nothing_is_left_unanswered_when_it_drains(home: Home) -> None:
    incident = towns.declare(home)

    async def give_and_drain() -> list[Receipt]:
        given = [
            asyncio.create_task(home.desk.submit(towns.order(incident, c.Note(text="x"), f"{n}")))
            for n in range(600)
        ]
        await asyncio.sleep(0)
        await home.desk.drain()
        return [task.result() for task in given]

    receipts = asyncio.run(give_and_drain())
    assert [receipt.first for receipt in receipts] == sorted({receipt.first for receipt in receipts})
    assert sound(home)


def test_a_follower_hears_of_each_order_after_its_receipt_even_if_another_fails(home: Home) -> None:
    heard: list[tuple[int, int, int]] = []

    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    home.desk.on_commit(fails)
    home.desk.on_commit(
        lambda before, after, entries: heard.append((before.seq if before else 0, after.seq, len(entries)))
    )
    incident = towns.declare(home)
    receipt = towns.note(home, incident, "x", "note")
    assert [after for _, after, _ in heard] == [receipt.first - 1, receipt.last]
    assert heard[1] == (receipt.first - 1, receipt.last, receipt.last - receipt.first + 1)


def test_the_state_is_the_journals_whoever_wrote_last(home: Home) -> None:
    incident = towns.declare(home)
    with Home(home.path) as other:
        seq = towns.note(other, incident, "de l'autre", "other").last
        seen = home.desk.incident(incident)
        assert seen is not None
        assert seen.seq == seq
        mine = towns.note(home, incident, "de moi", "mine")
        assert mine.first == seq + 1
        assert [one.seq for one in other.desk.incidents()] == [mine.last]


# Locked


class Held:
    """Somebody else who holds the journal."""

    def __init__(self, home: Home) -> None:
        self.connection = sqlite3.connect(home.path / FILE, isolation_level=None)
        self.connection.execute("BEGIN IMMEDIATE")

    def let_go(self) -> None:
        self.connection.execute("ROLLBACK")
        self.connection.close()


def test_a_locked_journal_refuses_in_words_and_recovers_by_itself(home: Home) -> None:
    incident = towns.declare(home)
    before = entries_of(home, incident)
    desk = Desk(home.journal, home.world, RULES, patience=0.05)
    held = Held(home)
    with pytest.raises(JournalUnavailable, match="locked"):
        desk.submit_now(towns.order(incident, c.Note(text="x"), "a"))
    with pytest.raises(JournalUnavailable, match="locked"):
        asyncio.run(desk.submit(towns.order(incident, c.Note(text="x"), "b")))
    assert entries_of(home, incident) == before
    held.let_go()
    towns.accepted(desk.submit_now(towns.order(incident, c.Note(text="x"), "a")))
    towns.accepted(asyncio.run(desk.submit(towns.order(incident, c.Note(text="x"), "b"))))
    assert sound(home)


def test_the_loop_turns_while_orders_wait_for_a_locked_journal(home: Home) -> None:
    incident = towns.declare(home)
    held = Held(home)

    async def wait() -> tuple[int, list[Receipt]]:
        loop, turns = asyncio.get_running_loop(), 0
        given = [
            asyncio.create_task(home.desk.submit(towns.order(incident, c.Note(text="x"), f"{n}")))
            for n in range(5)
        ]
        loop.call_later(0.1, held.let_go)
        while not all(task.done() for task in given):
            turns += 1
            await asyncio.sleep(0.001)
        return turns, [task.result() for task in given]

    turns, receipts = asyncio.run(wait())
    assert turns > 10
    assert len({receipt.first for receipt in receipts}) == 5


# The edge


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("e\u0301cole", "école"),
        ("a\x00b", "ab"),
        ("\x1b[31mrouge", "[31mrouge"),
        ("un\r\ndeux\rtrois\tquatre", "un\ndeux\ntrois\tquatre"),
        ("\ud83d\ude00", "😀"),
        ("moitié \ud83d", "moitié \ufffd"),
        ("simple", "simple"),
    ],
)
def test_what_is_typed_is_cleaned_before_anything_is_decided(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept
    assert clean_text(kept) == kept
    order = towns.order("INC-2026-001", c.TakeVacantRoles(people=("p1", typed)), typed, by=typed)
    cleaned = clean(order)
    assert cleaned.by == cleaned.key == kept
    assert cleaned.command == c.TakeVacantRoles(people=("p1", kept))


def test_a_clean_order_is_not_copied() -> None:
    order = towns.order("INC-2026-001", c.Note(text="simple"), "key")
    assert clean(order) is order


def test_hostile_text_goes_in_and_comes_back_as_it_was_cleaned(home: Home) -> None:
    incident = towns.declare(home)
    seq = towns.note(home, incident, "\x00\ud800e\u0301'; DROP TABLE events; --\u202e", "note").last
    (entry,) = home.journal.reader.entries(incident, seq - 1)
    assert entry.event == NoteTaken(text="\ufffdé'; DROP TABLE events; --\u202e")
    assert sound(home)


# Two towns


def test_two_towns_are_open_in_one_program(tmp_path: Path) -> None:
    with Home(towns.make_town(tmp_path / "a")) as first, Home(towns.make_town(tmp_path / "b")) as second:
        assert towns.declare(first) == towns.declare(second) == "INC-2025-001"

        async def both() -> list[Receipt]:
            orders = [
                (home, towns.order("INC-2025-001", c.Note(text=home.path.name), "same"))
                for home in (first, second)
            ]
            return await asyncio.gather(*(home.desk.submit(order) for home, order in orders))

        receipts = asyncio.run(both())
        assert not any(receipt.repeated for receipt in receipts)
        for home in (first, second):
            *_, entry = home.journal.reader.entries("INC-2025-001")
            assert entry.event == NoteTaken(text=home.path.name)


def test_a_desk_does_not_outlive_its_journal(home: Home) -> None:
    journal = SqliteJournal(home.path / FILE)
    desk = Desk(journal, home.world, RULES)
    journal.close()
    with pytest.raises(Exception, match="closed"):
        desk.submit_now(towns.order("", c.Declare(title="x", known_at=towns.NOW), "a"))
