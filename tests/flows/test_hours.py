"""Japanese business days and office hours."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from content.catalog import Catalog
from content.service import Hours
from flows.hours import (
    business_day_after,
    in_words,
    is_business_day,
    likely_open,
    next_opening,
)
from tests.flows.chat import TOKYO

HOURS = Hours(days="weekdays", open="9:30", close="18:00")


def at(text: str) -> datetime:
    """A moment in Japan."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("sent", "count", "due"),
    [
        ("2026-11-22", 1, "2026-11-24"),
        ("2026-11-22", 3, "2026-11-26"),
        ("2026-11-22", 5, "2026-11-30"),
        ("2026-11-20", 1, "2026-11-24"),
        ("2026-11-24", 1, "2026-11-25"),
        ("2026-05-01", 1, "2026-05-07"),
    ],
    ids=[
        "a Sunday before a holiday",
        "the third",
        "the fifth, over a weekend",
        "a Friday before a long weekend",
        "the day itself is not counted",
        "over the holidays of May",
    ],
)
def test_business_days_leave_out_weekends_and_holidays(sent: str, count: int, due: str) -> None:
    """The n-th business day after sending, by the Japanese calendar."""
    assert business_day_after(date.fromisoformat(sent), count) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        ("2026-11-23", False),  # 勤労感謝の日
        ("2026-09-22", False),  # a day between two holidays is one (国民の休日)
        ("2026-05-06", False),  # the substitute for a holiday on a Sunday
        ("2026-11-21", False),  # a Saturday
        ("2026-01-01", False),
    ],
)
def test_a_national_holiday_is_no_business_day(day: str, open_: bool) -> None:
    """Holidays, substitutes and days between two holidays count as closed."""
    assert is_business_day(date.fromisoformat(day)) is open_


@pytest.mark.parametrize("day", ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04"])
def test_the_year_end_counts_as_open(day: str) -> None:
    """Many offices close from 12-29 to 1-3, but by law only New Year's Day is a holiday.

    What is told about days is therefore said to be counted without weekends and holidays only.
    """
    assert is_business_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-24T09:29:59", False),
        ("2026-11-24T09:30:00", True),
        ("2026-11-24T17:59:59", True),
        ("2026-11-24T18:00:00", False),
        ("2026-11-23T12:00:00", False),
        ("2026-11-22T12:00:00", False),
    ],
)
def test_a_line_is_open_from_its_opening_until_its_close(moment: str, open_: bool) -> None:
    """The opening minute belongs to the hours, the closing minute does not."""
    assert likely_open(HOURS, at(moment)) is open_


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-24T00:00:00", "2026-11-24T09:30:00"),
        ("2026-11-24T09:29:59", "2026-11-24T09:30:00"),
        ("2026-11-24T18:00:00", "2026-11-25T09:30:00"),
        ("2026-11-20T18:00:00", "2026-11-24T09:30:00"),
        ("2026-11-22T03:00:00", "2026-11-24T09:30:00"),
    ],
    ids=["midnight", "a second before", "at the close", "Friday evening", "Sunday night"],
)
def test_a_closed_line_opens_on_the_next_business_day(moment: str, opening: str) -> None:
    """Before opening it is today; otherwise the next business day, at the opening minute."""
    assert next_opening(HOURS, at(moment)) == at(opening)
    assert likely_open(HOURS, next_opening(HOURS, at(moment)))


def test_a_day_is_said_with_its_weekday(invented: Catalog) -> None:
    """People plan by weekday."""
    assert in_words(invented, date(2026, 11, 26)) == "11月26日(木)"
