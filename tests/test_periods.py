"""Quarters: read, order, name."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.reference import periods
from dashboard.reference.periods import Period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026-Q3", Period(2026, 3)),
        (" 2026-q1 ", Period(2026, 1)),
        ("1990-Q4", Period(1990, 4)),
    ],
)
def test_reads_a_quarter(text, period):
    assert periods.parse(text) == period


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-Q5", "2026-Q0", "Q3 2026", "2026-07", "1066-Q4", "2026-Q3; drop", "２０２６-Q3"]
)
def test_refuses_what_is_no_quarter(text):
    with pytest.raises(ValueError, match="Write it as 2026-Q3"):
        periods.parse(text)


def test_a_quarter_knows_its_days_and_names():
    period = periods.parse("2026-Q4")
    assert (period.start, period.end) == (date(2026, 10, 1), date(2026, 12, 31))
    assert (str(period), period.label) == ("2026-Q4", "Q4 2026")
    assert periods.parse("2024-Q1").end == date(2024, 3, 31)


def test_every_day_of_a_leap_year_falls_in_the_quarter_that_holds_it():
    for ordinal in range(date(2024, 1, 1).toordinal(), date(2025, 1, 1).toordinal()):
        day = date.fromordinal(ordinal)
        assert periods.of(day).start <= day <= periods.of(day).end


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "2026-Q1"), (-1, "2025-Q4"), (3, "2026-Q4"), (4, "2027-Q1"), (-8, "2024-Q1")]
)
def test_shifts_over_years(count, expected):
    assert str(periods.parse("2026-Q1").shifted(count)) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 10, 1), "2026-Q3"),
        (date(2026, 9, 30), "2026-Q2"),
        (date(2026, 1, 1), "2025-Q4"),
    ],
)
def test_agencies_report_on_the_quarter_that_ended(day, expected):
    assert str(periods.last_ended(day)) == expected


def test_quarters_sort_as_text_and_as_values_alike():
    quarters = [Period(y, q) for y in (2025, 2026) for q in (4, 2, 3, 1)]
    assert [str(q) for q in sorted(quarters)] == sorted(str(q) for q in quarters)
