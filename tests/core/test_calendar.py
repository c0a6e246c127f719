"""The town's time: delays of four measures, the two nights that are not 24 hours long, week-ends and holidays."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.quantities import DAY, HOUR, Duration, Target, parse_duration, parse_target
from engine.core.targets import instant_of
from engine.core.world import Calendar
from tests.core.builders import at

TOWN = Calendar(holidays=frozenset({"2026-12-25", "2027-01-01", "2026-05-01"}))


def local(instant: int, zone: str = "Europe/Paris") -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def after(start: str, delay: str, calendar: Calendar = TOWN) -> str:
    return local(calendar.add(at(start), parse_duration(delay)))


# Elapsed time


def test_the_autumn_night_is_twenty_five_hours_long() -> None:
    assert after("2026-10-24 22:00", "24 h") == "2026-10-25 21:00"
    assert after("2026-10-24 22:00", "1 j") == "2026-10-25 21:00", "a day is 24 hours whatever the season"
    assert after("2026-10-25 01:30", "1 h") == "2026-10-25 02:30"
    assert after("2026-10-25 01:30", "2 h") == "2026-10-25 02:30", "the hour that comes twice"
    assert after("2026-10-25 01:30", "3 h") == "2026-10-25 03:30"


def test_the_spring_night_is_twenty_three_hours_long() -> None:
    assert after("2027-03-27 22:00", "24 h") == "2027-03-28 23:00"
    assert after("2027-03-28 01:30", "1 h") == "2027-03-28 03:30"


def test_the_laws_seventy_two_hours_are_counted_in_hours_over_both_nights() -> None:
    for start in ("2026-10-23 18:00", "2027-03-26 18:00", "2026-12-24 18:00"):
        assert TOWN.add(at(start), parse_duration("72 h")) - at(start) == 72 * HOUR


# Months and years


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        ("2026-01-31 09:00", "1 mois", "2026-02-28 09:00"),
        ("2028-01-31 09:00", "1 mois", "2028-02-29 09:00"),
        ("2026-11-24 03:00", "2 mois", "2027-01-24 03:00"),
        ("2026-12-31 23:00", "6 mois", "2027-06-30 23:00"),
        ("2028-02-29 12:00", "1 an", "2029-02-28 12:00"),
        ("2026-09-25 02:30", "1 mois", "2026-10-25 02:30"),
        ("2027-02-28 02:30", "1 mois", "2027-03-28 03:30"),
    ],
)
def test_months_keep_the_local_day_and_hour(start: str, delay: str, end: str) -> None:
    assert after(start, delay) == end


def test_months_count_in_the_towns_zone() -> None:
    reunion = Calendar(zone=ZoneInfo("Indian/Reunion"))
    start = at("2026-11-30 23:00", ZoneInfo("Indian/Reunion"))
    assert local(reunion.add(start, parse_duration("3 mois")), "Indian/Reunion") == "2027-02-28 23:00"


# Working days and hours


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        ("2026-11-24 15:00", "2 jo", "2026-11-26 15:00"),
        ("2026-11-27 15:00", "1 jo", "2026-11-30 15:00"),  # over the week-end
        ("2026-11-28 15:00", "1 jo", "2026-11-30 15:00"),  # from a Saturday
        ("2026-12-24 10:00", "1 jo", "2026-12-28 10:00"),  # over Christmas, a Friday
        ("2026-12-30 10:00", "5 jo", "2027-01-07 10:00"),  # over New Year's Day
        ("2026-10-23 10:00", "1 jo", "2026-10-26 10:00"),  # over the autumn night: the same hour
        ("2027-03-26 10:00", "1 jo", "2027-03-29 10:00"),  # over the spring night
        ("2026-11-24 15:00", "4 ho", "2026-11-25 11:00"),
        ("2026-11-24 03:00", "4 ho", "2026-11-24 13:00"),  # before the office opens
        ("2026-11-27 16:00", "4 ho", "2026-11-30 12:00"),
        ("2026-11-28 11:00", "8 ho", "2026-11-30 17:00"),
        ("2026-12-24 16:00", "2 ho", "2026-12-28 10:00"),
    ],
)
def test_working_delays_skip_nights_week_ends_and_holidays(start: str, delay: str, end: str) -> None:
    assert after(start, delay) == end


@pytest.mark.parametrize(
    ("start", "delay", "end"),
    [
        ("2026-11-30 15:00", Duration(working_days=-1), "2026-11-27 15:00"),
        ("2026-12-28 10:00", Duration(working_days=-2), "2026-12-23 10:00"),
        ("2026-11-30 11:00", Duration(working_hours=-4), "2026-11-27 15:00"),
        ("2026-11-30 20:00", Duration(working_hours=-1), "2026-11-30 16:00"),
        ("2026-11-29 20:00", Duration(working_hours=-8), "2026-11-27 09:00"),
        ("2026-03-31 12:00", Duration(months=-1), "2026-02-28 12:00"),
        ("2026-10-25 21:00", Duration(ms=-DAY), "2026-10-24 22:00"),
    ],
)
def test_a_negative_delay_counts_back(start: str, delay: Duration, end: str) -> None:
    assert local(TOWN.add(at(start), delay)) == end


@given(
    st.integers(at("2020-01-01 00:00") // HOUR, at("2035-01-01 00:00") // HOUR),
    st.integers(1, 60),
    st.sampled_from([(9, 17), (0, 24), (8, 12)]),
)
def test_working_hours_back_and_forth_come_to_office_time_again(
    start: int, hours: int, office: tuple[int, int]
) -> None:
    calendar = Calendar(opens=office[0], closes=office[1], holidays=TOWN.holidays)
    forth = calendar.add(start * HOUR, Duration(working_hours=hours))
    assert forth > start * HOUR
    back = calendar.add(forth, Duration(working_hours=-hours))
    assert calendar.add(back, Duration(working_hours=hours)) in (
        forth,
        forth - HOUR,
        forth + HOUR,
    )  # the two nights


@given(st.integers(at("2020-01-01 00:00"), at("2040-01-01 00:00")), st.integers(0, 2**40))
def test_a_longer_delay_never_ends_sooner(start: int, more: int) -> None:
    for unit in ("ms", "months", "working_days", "working_hours"):
        n = more if unit == "ms" else more % 40
        assert TOWN.add(start, Duration(**{unit: n})) <= TOWN.add(start, Duration(**{unit: n + 1}))
        assert TOWN.add(start, Duration(**{unit: n})) >= start


def test_an_office_that_never_opens_is_no_calendar() -> None:
    for opens, closes in ((17, 9), (9, 9), (-1, 5), (9, 25)):
        with pytest.raises(ValueError):
            Calendar(opens=opens, closes=closes)


# As a town clerk writes them


@pytest.mark.parametrize(
    ("written", "read", "printed"),
    [
        ("15 min", Duration(ms=HOUR // 4), "15 min"),
        ("30 mn", Duration(ms=HOUR // 2), "30 min"),
        ("72h", Duration(ms=72 * HOUR), "72 h"),
        ("1h30", Duration(ms=HOUR * 3 // 2), "1 h 30"),
        ("1 h 30", Duration(ms=HOUR * 3 // 2), "1 h 30"),
        ("J+15", Duration(ms=15 * DAY), "15 j"),
        ("H+4", Duration(ms=4 * HOUR), "4 h"),
        ("30 j", Duration(ms=30 * DAY), "30 j"),
        ("2 semaines", Duration(ms=14 * DAY), "14 j"),
        ("6 mois", Duration(months=6), "6 mois"),
        ("2 ans", Duration(months=24), "2 ans"),
        ("2 jo", Duration(working_days=2), "2 jo"),
        ("4 ho", Duration(working_hours=4), "4 ho"),
    ],
)
def test_delays_are_read_as_written_and_printed_in_one_form(
    written: str, read: Duration, printed: str
) -> None:
    assert parse_duration(written) == read
    assert str(read) == printed
    assert parse_duration(printed) == read


@pytest.mark.parametrize(
    "written", ["", "bientôt", "-2 h", "2", "h", "1,5 h", "999999 ans", "999999 jo", "1e3 h", "2 h 75"]
)
def test_what_is_no_delay_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        parse_duration(written)


@pytest.mark.parametrize(
    ("written", "target"),
    [
        ("15 min", Target(base="entry", delay=Duration(ms=HOUR // 4))),
        ("T0 + 4 h", Target(base="T0", delay=Duration(ms=4 * HOUR))),
        ("T0", Target(base="T0")),
        ("rto", Target(base="rto")),
        ("rto - 1 h", Target(base="rto", delay=Duration(ms=-HOUR))),
        ("date_virement - 5 j", Target(base="date_virement", delay=Duration(ms=-5 * DAY))),
        ("date_virement − 2 jo", Target(base="date_virement", delay=Duration(working_days=-2))),
    ],
)
def test_targets_are_read_as_written_and_their_print_is_read_back(written: str, target: Target) -> None:
    assert parse_target(written) == target
    assert parse_target(str(target)) == target


_WHOLE = st.one_of(
    st.builds(lambda n: Duration(ms=n * 60_000), st.integers(1, 10_000)),
    st.builds(lambda n: Duration(months=n), st.integers(1, 1200)),
    st.builds(lambda n: Duration(working_days=n), st.integers(1, 400)),
    st.builds(lambda n: Duration(working_hours=n), st.integers(1, 400)),
)


@given(_WHOLE, st.sampled_from(["entry", "T0", "rto", "date_x"]), st.booleans())
def test_every_target_can_be_printed_and_read_back(delay: Duration, base: str, back: bool) -> None:
    assert parse_duration(str(delay)) == delay
    target = Target(base=base, delay=delay.negated if back and base != "entry" else delay)
    assert parse_target(str(target)) == target


# Facts that are dates


def test_a_date_is_its_midnight_in_the_town_and_an_hour_that_comes_twice_the_first() -> None:
    assert instant_of("2026-11-24", TOWN) == at("2026-11-24 00:00")
    assert instant_of("2026-11-24T03:14", TOWN) == at("2026-11-24 03:14")
    assert instant_of("2026-10-25T02:30", TOWN) == at("2026-10-25 02:30")
    assert instant_of("bientôt", TOWN) is None
    assert instant_of("08:30", TOWN) is None
    assert instant_of("", TOWN) is None
