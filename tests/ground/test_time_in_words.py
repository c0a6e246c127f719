"""Instants and lengths of time are written in local time, as briefly as they stay clear."""

from datetime import UTC, datetime

import pytest

from engine.i18n import calendar_day, clock_time, duration, moment, number

PARIS = "Europe/Paris"
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def _ms(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[misc, arg-type]


NOW = _ms(2026, 11, 24, 2, 14)


def test_an_hour_is_local() -> None:
    assert clock_time(NOW, PARIS, "fr") == "03:14"
    assert clock_time(NOW, "Indian/Reunion", "fr") == "06:14"


@pytest.mark.parametrize(
    ("instant", "french", "english"),
    [
        (NOW + HOUR, "04:14", "04:14"),
        (_ms(2026, 11, 27, 2, 2), "ven. 03:02", "Fri 03:02"),
        (_ms(2026, 11, 23, 2, 2), "lun. 03:02", "Mon 03:02"),
        (_ms(2026, 12, 27, 2, 2), "27 déc. 03:02", "27 Dec 03:02"),
        (_ms(2027, 1, 27, 2, 2), "27 janv. 2027 03:02", "27 Jan 2027 03:02"),
    ],
)
def test_a_moment_says_the_day_only_when_it_is_another(instant: int, french: str, english: str) -> None:
    assert moment(instant, NOW, PARIS, "fr") == french
    assert moment(instant, NOW, PARIS, "en") == english


def test_a_day_is_a_local_day() -> None:
    """23:30 UTC is tomorrow in Paris."""
    assert moment(_ms(2026, 11, 24, 23, 30), NOW, PARIS, "fr") == "mer. 00:30"


def test_the_hour_that_happens_twice_says_which_it_is() -> None:
    first, second = _ms(2026, 10, 25, 0, 30), _ms(2026, 10, 25, 1, 30)
    assert clock_time(first, PARIS, "fr") == "02:30 (UTC+2)"
    assert clock_time(second, PARIS, "fr") == "02:30 (UTC+1)"


def test_the_night_that_loses_an_hour_has_no_second_name() -> None:
    before, after = _ms(2026, 3, 29, 0, 59), _ms(2026, 3, 29, 1, 0)
    assert clock_time(before, PARIS, "fr") == "01:59"
    assert clock_time(after, PARIS, "fr") == "03:00"


@pytest.mark.parametrize(
    ("length", "french", "english"),
    [
        (0, "0 s", "0 s"),
        (12_900, "12 s", "12 s"),
        (47 * MINUTE, "47 min", "47 min"),
        (HOUR, "1 h", "1 h"),
        (90 * MINUTE, "1 h 30", "1 h 30 min"),
        (65 * MINUTE, "1 h 05", "1 h 05 min"),
        (DAY, "1 j", "1 d"),
        (3 * DAY + 2 * HOUR, "3 j 2 h", "3 d 2 h"),
        (-47 * MINUTE, "47 min", "47 min"),
    ],
)
def test_a_length_has_its_two_largest_units(length: int, french: str, english: str) -> None:
    assert duration(length, "fr") == french
    assert duration(length, "en") == english


def test_documents_write_dates_and_numbers_in_full() -> None:
    assert calendar_day(NOW, PARIS, "fr") == "mardi 24 novembre 2026"
    assert calendar_day(NOW, PARIS, "en") == "Tuesday 24 November 2026"
    assert number(84_000, "fr") == "84\u00a0000"
    assert number(84_000, "en") == "84,000"
