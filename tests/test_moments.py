"""The moments to look at the record from: now, meetings, ends of quarters; never the future, never more rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from dashboard.config import Settings
from dashboard.coordination import meetings
from dashboard.protection import policy
from dashboard.protection.policy import Grant, Refused, Viewer
from dashboard.record.house import open_house
from dashboard.reference import text
from dashboard.reports import moments
from dashboard.reports.moments import Moment
from world import World, build, lay_overlay

BEGAN = datetime(2026, 2, 10, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


class Passing(World):
    """A world whose clock a test sets, from the beginning of 2026 to the day that counts as today."""

    held: dict[str, str]
    versions: dict[date, int]


@pytest.fixture(scope="module")
def passing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Passing]:
    """The small world built in February; meetings in May, twice in August, and today; a change in each month."""
    data = tmp_path_factory.mktemp("moments") / "data"
    settings = Settings(data=data, min_free_bytes=0, staged_days=9999)  # by the real clock these files are old
    lay_overlay(settings)
    time = [BEGAN]
    house = open_house(settings, clock=lambda: time[0])
    made = build(house)
    world = Passing(house, made.people, made.sent)
    world.held, world.versions = {}, {BEGAN.date(): house.store.head().version}
    for month in range(3, 12):
        on = date(2026, month, 20 if month == 11 else 12)
        time[0] = datetime(on.year, on.month, on.day, 12, 0, tzinfo=UTC)
        operator = policy.operator(on)
        for name, country in {"May": "XAA", "August": "XAA", "again": "XAA", "today": "XBA"}.items():
            if {"May": 5, "August": 8, "again": 8, "today": 11}[name] == month:
                world.held[name] = meetings.hold(operator, house, country=country, title=f"Part {name}", held_on=on)
        gone = meetings.hold(operator, house, country="XAA", title="By mistake", held_on=on)
        meetings.withdraw(operator, house, gone)
        world.held[f"withdrawn {month}"] = gone
        world.versions[on] = house.store.head().version
    yield world
    house.close()


def seen(world: Passing, name: str, today: date = TODAY) -> Viewer:
    return replace(world.viewer(name), today=today)


def test_now(passing: Passing) -> None:
    found = moments.moment(seen(passing, "member"), passing.house, "")
    assert found == Moment("", "Now", None, TODAY)
    assert not found.past and moments.banner(found) == ""


def test_a_meeting_is_what_was_known_then(passing: Passing) -> None:
    found = moments.moment(seen(passing, "member"), passing.house, f"meeting:{passing.held['May']}")
    assert (found.title, found.day) == ("Meeting of 12 May 2026, Asterland", date(2026, 5, 12))
    assert passing.versions[date(2026, 4, 12)] == found.version and found.past
    assert moments.banner(found) == (
        "You see the record as it stood on 12 May 2026 (Meeting of 12 May 2026, Asterland)."
        " What came later is not shown, and nothing can be changed here."
    )


@pytest.mark.parametrize(
    ("key", "words", "known"),
    [
        ("2026-06-30", "End of Q2 2026", date(2026, 6, 12)),
        ("2026-07-01", "1 July 2026", date(2026, 6, 12)),
        ("2026-05-12", "12 May 2026", date(2026, 5, 12)),
        ("2026-05-11", "11 May 2026", date(2026, 4, 12)),
        ("2026-11-19", "19 November 2026", date(2026, 10, 12)),
    ],
)
def test_a_day_is_its_end(passing: Passing, key: str, words: str, known: date) -> None:
    found = moments.moment(seen(passing, "member"), passing.house, key)
    assert found == Moment(key, words, passing.versions[known], date.fromisoformat(key))
    named = f" ({words})" if words.startswith("End") else ""
    assert moments.banner(found).startswith(f"You see the record as it stood on {text.day(found.day)}{named}. What")


def test_before_the_record_began_there_is_nothing(passing: Passing) -> None:
    assert moments.moment(seen(passing, "member"), passing.house, "2026-02-09").version == 0


@pytest.mark.parametrize(
    "key",
    ["2026-11-20", "2026-11-21", "2099-01-01", "2026-02-30", "20260630", "2026-W20-1", "meeting:", "meeting:never",
     "yesterday", "2026-06-30 ", "'; drop table head; --", "x" * 200],
)  # fmt: skip
def test_whatever_names_no_moment_of_the_past_is_now(passing: Passing, key: str) -> None:
    assert moments.moment(seen(passing, "member"), passing.house, key) == Moment("", "Now", None, TODAY)


def test_a_withdrawn_meeting_is_none(passing: Passing) -> None:
    key = f"meeting:{passing.held['withdrawn 5']}"
    assert not moments.moment(seen(passing, "member"), passing.house, key).past


def test_what_can_be_chosen(passing: Passing) -> None:
    """Meetings of the same day are told apart by their titles; quarters only since the record began."""
    assert [title for _key, title in moments.options(seen(passing, "member"), passing.house)] == [
        "Now",
        "Meeting of 20 November 2026, Bravonia",
        "Meeting of 12 August 2026, Asterland: Part again",
        "Meeting of 12 August 2026, Asterland: Part August",
        "Meeting of 12 May 2026, Asterland",
        "End of Q3 2026",
        "End of Q2 2026",
        "End of Q1 2026",
    ]


def test_what_can_be_chosen_is_what_it_says(passing: Passing) -> None:
    viewer = seen(passing, "coordinator")
    for key, title in moments.options(viewer, passing.house, "2026-07-15"):
        found = moments.moment(viewer, passing.house, key)
        assert (found.key, found.title) == (key, title)
    assert moments.options(viewer, passing.house, "2026-07-15")[-1] == ("2026-07-15", "15 July 2026")
    assert moments.options(viewer, passing.house, "nonsense") == moments.options(viewer, passing.house)


def test_an_enforcement_body_has_no_meetings_of_others(passing: Passing) -> None:
    viewer = seen(passing, "enforcement")
    assert [title for _key, title in moments.options(viewer, passing.house)] == [
        "Now", "End of Q3 2026", "End of Q2 2026", "End of Q1 2026",
    ]  # fmt: skip
    for held in passing.held.values():
        assert not moments.moment(viewer, passing.house, f"meeting:{held}").past


def test_the_public_chooses_no_moment(passing: Passing) -> None:
    for ask in (moments.options, lambda viewer, house: moments.moment(viewer, house, "2026-06-30")):
        with pytest.raises(Refused):
            ask(policy.public(TODAY), passing.house)


def test_no_right_comes_back_by_looking_at_the_past(passing: Passing) -> None:
    """Roles and trainings have dates; those that have ended stay ended, and those that hold today go on."""
    on = moments.moment(seen(passing, "secretariat"), passing.house, "2026-06-30")
    over = Grant("secretariat", valid_to=TODAY - timedelta(days=1))
    fresh = Grant("member", "XAA-HEALTH", "XAA", valid_from=TODAY)
    viewer = replace(seen(passing, "member"), grants=(over, fresh), training_until=TODAY - timedelta(days=1))
    assert replace(viewer, today=on.day).roles == {"secretariat"} and replace(viewer, today=on.day).trained
    then = moments.seen_on(viewer, on)
    assert (then.today, then.roles, then.trained) == (date(2026, 6, 30), {"member"}, False)
    assert policy.scope(then, "view contacts") == policy.scope(viewer, "view contacts")
    trained = replace(viewer, training_until=TODAY)
    assert moments.seen_on(trained, on).trained
    now = moments.moment(viewer, passing.house, "")
    assert moments.seen_on(viewer, now) is viewer
