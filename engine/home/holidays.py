"""The public holidays of France, looked up a year at a time when a delay in working days asks for one."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["FrenchHolidays"]


class FrenchHolidays(frozenset[str]):
    """Every public holiday, as ISO dates, without listing them: only `in` is meant."""

    def __contains__(self, day: object) -> bool:
        return isinstance(day, str) and day in _of_year(int(day[:4]))


@lru_cache(maxsize=16)
def _of_year(year: int) -> frozenset[str]:
    from holidays import country_holidays  # late: it costs 0.1 s, and most presses count in hours

    return frozenset(day.isoformat() for day in country_holidays("FR", years=year))
