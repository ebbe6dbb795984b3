"""Japanese office hours and business days. Holidays come from `jpholiday`; time is passed in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import jpholiday

from content.catalog import Catalog
from content.letter import fill
from content.service import Hours


def is_business_day(day: date) -> bool:
    """Monday to Friday and no Japanese national holiday."""
    return day.weekday() < 5 and not jpholiday.is_holiday(day)


def business_day_after(day: date, count: int) -> date:
    """The *count*-th business day after *day*; *day* itself is not counted.

    Sent on Sunday 2026-11-22 (the 23rd is 勤労感謝の日), the third is 11-26, the fifth 11-30.
    """
    while count > 0:
        day += timedelta(days=1)
        count -= is_business_day(day)
    return day


def likely_open(hours: Hours, now: datetime) -> bool:
    """Whether a line with these hours should answer at *now* (Japan time)."""
    return is_business_day(now.date()) and _at(hours.open) <= now.time() < _at(hours.close)


def next_opening(hours: Hours, now: datetime) -> datetime:
    """When a line that is closed at *now* should answer next."""
    day = now.date()
    if not is_business_day(day) or now.time() >= _at(hours.open):
        day = business_day_after(day, 1)
    return datetime.combine(day, _at(hours.open), tzinfo=now.tzinfo)


def in_words(catalog: Catalog, day: date) -> str:
    """*day* as people say it: 11月26日(木)."""
    weekday = catalog.phrases["weekdays"][day.weekday()]
    return fill(
        catalog.phrases["day"], {"month": str(day.month), "day": str(day.day), "weekday": weekday}
    )


def _at(clock: str) -> time:
    hour, minute = clock.split(":")
    return time(int(hour), int(minute))
