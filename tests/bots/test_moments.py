"""Hours as people type them, in the night when clocks go back, and years that nobody meant."""

from __future__ import annotations

from datetime import datetime

import pytest

from bots.inbound import Misheard, understand
from bots.inbound.moments import Unreadable, day_in, deadline, happened, take_time
from engine.core.quantities import HOUR, MINUTE, Instant
from engine.core.world import Calendar
from tests.bots.valmont import Valmont

CALENDAR = Calendar()


def at(iso: str) -> Instant:
    return round(datetime.fromisoformat(iso).timestamp() * 1000)


SUMMER, WINTER = at("2026-10-25T02:40+02:00"), at("2026-10-25T02:40+01:00")


@pytest.mark.parametrize(
    ("now", "hour", "expected"),
    [
        (SUMMER, "02:30", SUMMER - 10 * MINUTE),
        (WINTER, "02:30", WINTER - 10 * MINUTE),
        (WINTER, "02:50", WINTER - 50 * MINUTE),
        (SUMMER, "02:50", at("2026-10-24T02:50+02:00")),
        (WINTER, "25/10 02:30", WINTER - 10 * MINUTE),
        (at("2026-10-26T01:00+01:00"), "02:30", at("2026-10-25T02:30+01:00")),
        (at("2026-10-25T02:10+01:00"), "01:50", at("2026-10-25T01:50+02:00")),
        (at("2026-03-29T03:10+02:00"), "01:50", at("2026-03-29T01:50+01:00")),
        (at("2026-11-24T03:14+01:00"), "03:02", at("2026-11-24T03:02+01:00")),
    ],
)
def test_what_happened_is_the_nearest_before_now(now: Instant, hour: str, expected: Instant) -> None:
    assert happened(hour, CALENDAR, now) == expected
    assert take_time(f"coupé @{hour}", CALENDAR, now) == ("coupé", expected)


@pytest.mark.parametrize(
    ("now", "hour", "expected"),
    [
        (SUMMER, "02:30", SUMMER + 50 * MINUTE),
        (SUMMER, "02:50", SUMMER + 10 * MINUTE),
        (WINTER, "02:50", WINTER + 10 * MINUTE),
        (WINTER, "02:30", WINTER - 10 * MINUTE + 24 * HOUR),
        (at("2026-10-24T23:00+02:00"), "02:30", at("2026-10-25T02:30+02:00")),
        (at("2026-03-29T01:30+01:00"), "02:30", at("2026-03-29T03:30+02:00")),
    ],
)
def test_a_deadline_is_the_next_after_now(now: Instant, hour: str, expected: Instant) -> None:
    assert deadline(f"x avant {hour}", CALENDAR, now) == ("x", expected)


@pytest.mark.parametrize(
    "written", ["01/01/0001 00:00", "31/12/9999 23:59", "01/01/1989 10:00", "01/01/2101 10:00"]
)
def test_a_year_that_nobody_meant_is_no_hour(written: str) -> None:
    for read in (happened, lambda *told: deadline(f"x avant {told[0]}", *told[1:])):
        with pytest.raises(Unreadable):
            read(written, CALENDAR, WINTER)
    assert day_in(written, CALENDAR, WINTER) is None


@pytest.mark.parametrize("line", ["note x @31/12/9999 23:59", "tache x avant 01/01/0001 00:00"])
def test_it_is_told_in_words(line: str) -> None:
    town = Valmont().declares()
    told = understand(line, town.context("p4"))
    assert isinstance(told, Misheard)
    assert told.code == "bad_time"
