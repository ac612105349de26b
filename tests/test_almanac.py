"""When the demonstration's story happens, and the small notations of its files."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from dashboard.demonstration import knowledge
from dashboard.demonstration.almanac import Almanac, luck

DAYS = [
    date(2026, 11, 23),
    date(2026, 10, 1),
    date(2026, 10, 2),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2028, 2, 29),
    date(2031, 4, 20),
]


def test_the_last_of_twelve_quarters_is_the_last_that_ended() -> None:
    found = Almanac(date(2026, 11, 23))
    assert (str(found.period(1)), str(found.period(12)), str(found.period(20))) == ("2023-Q4", "2026-Q3", "2028-Q3")
    assert str(Almanac(date(2027, 1, 1)).period(12)) == "2026-Q4"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("-30", date(2026, 10, 24)),
        ("+30", date(2026, 12, 23)),
        ("12+45", date(2026, 8, 15)),
        ("2021-04-01", date(2021, 4, 1)),
    ],
)
def test_a_day_is_written_in_four_ways(text: str, day: date) -> None:
    assert Almanac(date(2026, 11, 23)).day(text) == day


@pytest.mark.parametrize("text", ["", "30", "yesterday", "x+3", "2021-13-01"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Almanac(date(2026, 11, 23)).day(text)


@pytest.mark.parametrize("text", ["0", "5", "+5", "2026-01-01"])
def test_what_has_happened_lies_in_the_past(text: str) -> None:
    with pytest.raises(ValueError, match="no day before"):
        Almanac(date(2026, 11, 23)).ago(text, "a")


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_all_lies_before_the_day_of_building_and_keeps_its_order(today: date) -> None:
    found = Almanac(today)
    midnight = datetime.combine(today, datetime.min.time(), found.last_moment.tzinfo)
    moments = [found.after(12, days, "same name") for days in range(-10, 80)]
    assert moments == sorted(moments) and moments[-1] < midnight
    assert len(set(moments[10:50])) > 20, "what is told of the last quarter is spread over what is left of the time"
    assert found.ago("-1", "a") < midnight and found.ago("-30", "a").date() <= today - timedelta(days=30)


def test_people_work_in_the_week_and_by_day() -> None:
    found = Almanac(date(2026, 11, 23))
    moments = [found.after(5, days, f"name {days}") for days in range(60)]
    assert {m.weekday() for m in moments} == {0, 1, 2, 3, 4} and {m.hour for m in moments} <= set(range(8, 17))
    assert len({(m.hour, m.minute) for m in moments}) > 30


def test_chance_is_the_same_for_the_same_words() -> None:
    assert luck("a", 1).random() == luck("a", 1).random() != luck("a", 2).random()


# Notations


def test_quarters_and_paths_and_shares() -> None:
    assert knowledge.quarters("1-3,8") == (1, 2, 3, 8) and knowledge.quarters("") == ()
    assert [knowledge.path("3:10|5:20|9:0", q) for q in (1, 3, 4, 5, 7, 12)] == [10, 10, 15, 20, 10, 0]
    assert knowledge.weights("XAA:3|XAB:1|:4") == (("XAA", 0.375), ("XAB", 0.125), ("", 0.5))
    assert knowledge.weights("") == (("", 1.0),)
    assert [knowledge.lasts({"first": "3", "last": ""}, q) for q in (2, 3, 12)] == [False, True, True]


def test_a_line_with_a_cell_too_many_is_named(tmp_path) -> None:
    (tmp_path / "meetings.csv").write_text("country,day\nXAA,-3\nXAB,-4,x\n")
    with pytest.raises(ValueError, match=r"meetings.csv, line 3: 3 cells, not 2"):
        knowledge.table(tmp_path / "meetings.csv")
