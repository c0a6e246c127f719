"""The clock presses too: what is due is fired once, legal clocks first, with its real lateness after a stop."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import touched
from engine.core.deadlines import Deadline, of
from engine.core.quantities import DAY, HOUR, MINUTE, Instant
from engine.home import Home
from engine.journal import audit
from engine.timers import LONGEST_SLEEP, MOST_ROUNDS, SystemClock, Timers
from tests.desk import towns

NOW = towns.NOW


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with Home(towns.make_town(tmp_path / "valmont")) as home:
        yield home


def fired(home: Home, incident: str) -> list[e.Entry]:
    return [entry for entry in home.journal.reader.entries(incident) if entry.source == "clock"]


def escalated(home: Home, incident: str) -> list[e.Entry]:
    return [entry for entry in fired(home, incident) if isinstance(entry.event, e.Escalated)]


def test_nothing_is_fired_before_it_is_due(home: Home) -> None:
    incident = towns.declare(home)
    timers = Timers(home.desk, home.journal.reader)
    first = home.journal.reader.next_due()
    assert first is not None
    assert timers.fire_now(first - 1) == []
    assert timers.fire_now(first) != []
    timers.fire_now(NOW + 30 * MINUTE - 1)
    assert escalated(home, incident) == []


def test_a_late_step_is_journalled_when_it_is_due(home: Home) -> None:
    incident = towns.declare(home)
    Timers(home.desk, home.journal.reader).fire_now(NOW + 30 * MINUTE)
    (entry,) = escalated(home, incident)
    assert entry.at == NOW + 30 * MINUTE
    assert entry.actor == e.Actor()


def test_what_was_fired_is_not_fired_again_by_anybody(home: Home) -> None:
    incident = towns.declare(home)
    Timers(home.desk, home.journal.reader).fire_now(NOW + 30 * MINUTE)
    before = len(fired(home, incident))
    assert Timers(home.desk, home.journal.reader).fire_now(NOW + 30 * MINUTE) == []
    with Home(home.path) as other:
        assert Timers(other.desk, other.journal.reader).fire_now(NOW + 30 * MINUTE) == []
    assert len(fired(home, incident)) == before


def test_two_programs_that_fire_together_fire_once(home: Home) -> None:
    incident = towns.declare(home)
    with Home(home.path) as other:
        orders = Timers(home.desk, home.journal.reader).due(NOW + 30 * MINUTE)
        same = Timers(other.desk, other.journal.reader).due(NOW + 30 * MINUTE)
        assert [order.key for order in orders] == [order.key for order in same]
        assert orders
        for order, again in zip(orders, same, strict=True):
            assert home.desk.submit_now(order).first
            assert other.desk.submit_now(again).repeated
    assert len(escalated(home, incident)) == 1


def test_after_three_days_each_is_journalled_with_its_lateness_legal_clocks_first(home: Home) -> None:
    incident = towns.declare(home, runbook="rancongiciel")
    back = NOW + 3 * DAY
    timers = Timers(home.desk, home.journal.reader)
    first_round = timers.due(back)
    kinds = [order.command.kind for order in first_round if isinstance(order.command, c.FireDeadline)]
    assert "clock" in kinds
    assert kinds == sorted(kinds, key=lambda kind: kind != "clock")
    assert timers.fire_now(back)
    assert timers.due(back) == []
    entries = fired(home, incident)
    assert all(entry.at == back for entry in entries)
    warned = [entry.event for entry in entries if isinstance(entry.event, e.ClockWarned)]
    assert {event.percent for event in warned} >= {50, 75, 90}
    assert all(event.late_ms > HOUR for event in warned if event.percent == 50)
    verdicts, beside = audit.audit(home.journal.reader, lambda state: of(state, home.world), touched)
    assert verdicts[0].whole
    assert beside == []


def test_a_deadline_whose_row_is_stale_is_tried_once_and_left(home: Home) -> None:
    incident = towns.declare(home)
    import sqlite3

    from engine.journal.sqlite import FILE

    with sqlite3.connect(home.path / FILE) as connection:
        stale = Deadline(kind="late", run=9, track="no_such", visit=1, rung=1, due=1)
        text = msgspec.json.encode([stale]).decode()
        connection.execute("UPDATE boards SET next_due = 1, deadlines = ?", (text,))
    connection.close()
    timers = Timers(home.desk, home.journal.reader)
    (receipt,) = timers.fire_now(NOW)
    assert towns.refused(receipt).code == "moved_on"
    assert timers.fire_now(NOW) == []
    assert fired(home, incident) == []


class Told:
    """A clock that is told the time, and says until when it was asked to sleep."""

    def __init__(self, now: Instant) -> None:
        self.time, self.asked = now, list[Instant]()

    def now(self) -> Instant:
        return self.time

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        self.asked.append(until)
        if len(self.asked) > 400:
            raise asyncio.CancelledError
        await asyncio.sleep(0)
        if not wake.is_set():
            self.time = until


def test_the_timers_sleep_until_what_is_due_and_fire_it(home: Home) -> None:
    incident = towns.declare(home)
    clock = Told(NOW + 29 * MINUTE)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Timers(home.desk, home.journal.reader).run(clock))
    assert NOW + 30 * MINUTE in clock.asked
    assert escalated(home, incident)[0].at == NOW + 30 * MINUTE


def test_a_commit_wakes_the_timers(home: Home) -> None:
    incident = towns.declare(home)
    timers = Timers(home.desk, home.journal.reader)

    class Asleep:
        woken = asyncio.Event()

        def now(self) -> Instant:
            return NOW

        async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
            await wake.wait()
            self.woken.set()
            raise asyncio.CancelledError

    async def press_while_they_sleep() -> None:
        asleep = Asleep()
        running = asyncio.create_task(timers.run(asleep))
        await asyncio.sleep(0)
        await home.desk.submit(towns.order(incident, towns.pick(home, incident), "press"))
        await asyncio.gather(running, return_exceptions=True)
        assert asleep.woken.is_set()

    asyncio.run(asyncio.wait_for(press_while_they_sleep(), 10))


def test_timers_wait_for_a_journal_that_is_out_of_reach(home: Home) -> None:
    import sqlite3

    from engine.desk import Desk
    from engine.home.home import RULES
    from engine.journal.sqlite import FILE

    incident = towns.declare(home)
    desk = Desk(home.journal, home.world, RULES, patience=0)
    holder = sqlite3.connect(home.path / FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    class LetsGo(Told):
        async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
            if len(self.asked) == 3:
                holder.execute("ROLLBACK")
            await super().sleep(until, wake)

    clock = LetsGo(NOW + 30 * MINUTE)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Timers(desk, home.journal.reader).run(clock))
    holder.close()
    assert fired(home, incident)


def test_receipts_that_nobody_can_ask_for_are_dropped_once_a_day(home: Home) -> None:
    incident = towns.declare(home)
    order = towns.order(incident, c.Note(text="x"), "refused", by="nobody")
    towns.refused(home.desk.submit_now(order))
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Timers(home.desk, home.journal.reader).run(Told(NOW + 6 * DAY)))
    assert home.desk.submit_now(order).repeated
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(Timers(home.desk, home.journal.reader).run(Told(NOW + 8 * DAY)))
    assert not home.desk.submit_now(order).repeated


def test_what_is_always_due_leaves_a_pause_that_its_own_commits_do_not_end(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = towns.declare(home)
    timers = Timers(home.desk, home.journal.reader)
    given = 0

    def always(_: Instant) -> list[c.Order]:
        nonlocal given
        given += 1
        return [towns.order(incident, c.Note(text="x"), f"again {given}")]

    class Impatient(Told):
        async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
            assert not wake.is_set()
            await super().sleep(until, wake)
            if len(self.asked) == 2:
                raise asyncio.CancelledError

    monkeypatch.setattr(timers, "due", always)
    clock = Impatient(NOW)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(timers.run(clock))
    assert given == 2 * MOST_ROUNDS
    assert clock.asked == [NOW + LONGEST_SLEEP, NOW + 2 * LONGEST_SLEEP]


@pytest.mark.parametrize("turns", range(6))
def test_a_sleep_that_is_cancelled_as_it_is_woken_is_cancelled(turns: int) -> None:
    async def both() -> None:
        clock, wake = SystemClock(), asyncio.Event()
        sleeper = asyncio.create_task(clock.sleep(clock.now() + HOUR, wake))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        wake.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        taken = sleeper.cancel()
        await asyncio.wait([sleeper])
        assert sleeper.cancelled() or not taken

    asyncio.run(asyncio.wait_for(both(), 10))


def test_a_sleep_ends_at_its_hour_or_when_woken() -> None:
    async def both() -> None:
        clock, wake = SystemClock(), asyncio.Event()
        await clock.sleep(clock.now() + 20, wake)
        await clock.sleep(clock.now() - HOUR, wake)
        wake.set()
        await clock.sleep(clock.now() + HOUR, wake)

    asyncio.run(asyncio.wait_for(both(), 10))
