"""The door of meetings: who records one, what the record knew then, and that nothing is ever deleted."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from action_world import TODAY, agreed, change, day
from dashboard.coordination import meetings
from dashboard.coordination.together import Newer
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Refused
from dashboard.reports import moments
from meeting_world import prepare
from world import World


def hold(world: World, name: str = "coordinator", country: str = "XAA", on: date = TODAY, **more: Any) -> str:
    return meetings.hold(
        world.viewer(name), world.house, country=country, held_on=on, **({"title": "Third meeting"} | more)
    )


def row(world: World, meeting_id: str) -> dict[str, Any]:
    return world.house.store.read("select * from meeting_now where meeting_id = $id", id=meeting_id)[0]


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("coordinator", {"XAA"}),
        ("foreign coordinator", {"XBA"}),
        ("secretariat", {"XAA", "XBA"}),
        ("member", set()),
        ("agency", set()),
        ("enforcement", set()),
        ("anonymous", set()),
    ],
)
def test_who_may_hold_and_withdraw(world: World, name: str, countries: set[str]) -> None:
    held = set()
    for country in ("XAA", "XBA"):
        by = "secretariat"
        try:
            hold(world, name, country)
        except Refused:
            pass
        else:
            held.add(country)
        kept = hold(world, by, country)
        if country in countries:
            meetings.withdraw(world.viewer(name), world.house, kept)
        else:
            with pytest.raises(Refused):
                meetings.withdraw(world.viewer(name), world.house, kept)
        assert row(world, kept)["withdrawn"] == (country in countries)
    assert held == countries


def test_a_meeting_of_today_keeps_what_is_known_now(world: World) -> None:
    agreed(world)
    before = world.house.store.head()
    kept = hold(world, title="  Third\nmeeting ")
    assert row(world, kept) | {"recorded_at": None} == {
        "meeting_id": kept,
        "country": "XAA",
        "title": "Third meeting",
        "held_on": TODAY,
        "as_of_version": before.version,
        "by_account": world.people["coordinator"],
        "withdrawn": False,
        "state": "closed",
        "version": before.version + 1,
        "recorded_at": None,
    }
    assert world.house.store.head().coordination == before.version + 1
    change(world, "member", "XAA-2026-01", state="done")
    assert row(world, kept)["as_of_version"] == before.version, "what comes later does not move it"


def test_a_meeting_of_the_past_keeps_what_was_known_at_the_end_of_its_day(world: World) -> None:
    store, moment = world.house.store, datetime.now(UTC) + timedelta(days=3)
    store.clock = lambda: moment
    version = store.head().version
    agreed(world)
    moment += timedelta(days=3)
    from dataclasses import replace

    viewer = replace(world.viewer("secretariat"), today=moment.date())
    found = {
        offset: row(
            world,
            meetings.hold(viewer, world.house, country="XAA", title="Meeting", held_on=TODAY + timedelta(days=offset)),
        )["as_of_version"]
        for offset in (-4000, 1, 3)
    }
    assert found == {-4000: 0, 1: version, 3: version + 6}, "two lists, each staged, submitted and accepted"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"on": day(1)}, "still to come"),
        ({"title": "x"}, "3 to 120 characters; yours has 1"),
        ({"title": "x" * 121}, "3 to 120 characters; yours has 121"),
        ({"title": "Meeting at Ms Kim's, +999 000 012 345"}, "a telephone number"),
    ],
)
def test_a_meeting_that_does_not_fit_is_refused_in_words(world: World, more: dict[str, Any], said: str) -> None:
    before = world.house.store.head()
    with pytest.raises(NotPossible, match=said):
        hold(world, "secretariat", **more)
    assert world.house.store.head() == before


def test_a_country_that_there_is_not(world: World) -> None:
    with pytest.raises(NotPossible, match="“XZZ” is no country"):
        hold(world, "secretariat", "XZZ")


def test_withdrawing_keeps_the_row_and_is_done_once(world: World) -> None:
    kept = hold(world)
    meetings.withdraw(world.viewer("coordinator"), world.house, kept)
    with pytest.raises(NotPossible, match="withdrawn already"):
        meetings.withdraw(world.viewer("coordinator"), world.house, kept)
    rows = world.house.store.read("select withdrawn from meeting where meeting_id = $id order by version", id=kept)
    assert [r["withdrawn"] for r in rows] == [False, True]


def test_what_is_not_there_and_what_is_not_hers_are_one_answer(world: World) -> None:
    other, said = hold(world, "foreign coordinator", "XBA"), set()
    for meeting_id in (other, "never", ""):
        with pytest.raises(Refused) as refused:
            meetings.withdraw(world.viewer("coordinator"), world.house, meeting_id)
        said.add(str(refused.value))
    assert len(said) == 1


def test_the_audit_log_knows_who_and_not_what_was_written(world: World) -> None:
    kept = hold(world)
    meetings.withdraw(world.viewer("coordinator"), world.house, kept)
    entries = world.house.store.read("select * from audit where subject = $id order by seq", id=kept)
    assert [(e["action"], json.loads(e["detail"])) for e in entries] == [
        ("meeting held", {"country": "XAA"}),
        ("meeting withdrawn", {}),
    ]
    assert {e["by_account"] for e in entries} == {world.people["coordinator"]}


# --- planned, begun, closed ---


def test_it_is_planned_begun_and_closed_and_keeps_what_was_known_then(world: World) -> None:
    agreed(world)
    chair = world.viewer("coordinator")
    kept = prepare(world)
    assert (row(world, kept)["state"], row(world, kept)["as_of_version"]) == ("planned", 0)
    meetings.start(chair, world.house, kept)
    assert (row(world, kept)["state"], row(world, kept)["as_of_version"]) == ("running", 0)
    before = world.house.store.head().version
    assert meetings.close(chair, world.house, kept) == before
    assert (row(world, kept)["state"], row(world, kept)["as_of_version"]) == ("closed", before)
    change(world, "member", "XAA-2026-01", state="done")
    assert row(world, kept)["as_of_version"] == before


def test_only_a_closed_meeting_is_a_moment_that_can_be_looked_at(world: World) -> None:
    viewer, chair, kept = world.viewer("member"), world.viewer("coordinator"), prepare(world)
    key = f"meeting:{kept}"
    assert key not in dict(moments.options(viewer, world.house))
    meetings.start(chair, world.house, kept)
    assert key not in dict(moments.options(viewer, world.house))
    meetings.close(chair, world.house, kept)
    assert key in dict(moments.options(viewer, world.house))
    meetings.withdraw(chair, world.house, kept)
    assert key not in dict(moments.options(viewer, world.house))
    meetings.bring_back(chair, world.house, kept)
    assert key in dict(moments.options(viewer, world.house))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"on": day(-1)}, "has passed"),
        ({"on": day(401)}, "at most 400 days ahead"),
        ({"title": "x"}, "3 to 120 characters; yours has 1"),
        ({"title": "Meeting at Ms Kim's, +999 000 012 345"}, "a telephone number"),
        ({"country": "XZZ"}, "“XZZ” is no country"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_in_words(world: World, more: dict[str, Any], said: str) -> None:
    before = world.house.store.head()
    with pytest.raises(NotPossible, match=said):
        prepare(world, "secretariat", **more)
    assert world.house.store.head() == before


@pytest.mark.parametrize("name", ["foreign coordinator", "member", "agency", "enforcement", "anonymous"])
def test_who_may_not_plan_begin_or_close(world: World, name: str) -> None:
    kept, viewer = prepare(world), world.viewer(name)
    for refused in (
        lambda: prepare(world, name),
        lambda: meetings.plan_anew(viewer, world.house, kept, title="Other", held_on=day(1)),
        lambda: meetings.start(viewer, world.house, kept),
        lambda: meetings.close(viewer, world.house, kept),
        lambda: meetings.bring_back(viewer, world.house, kept),
    ):
        with pytest.raises(Refused):
            refused()


def test_it_begins_on_its_day_and_once(world: World) -> None:
    chair, kept = world.viewer("coordinator"), prepare(world, on=day(3))
    with pytest.raises(NotPossible, match="Change its date to today"):
        meetings.start(chair, world.house, kept)
    with pytest.raises(NotPossible, match="has not begun"):
        meetings.close(chair, world.house, kept)
    meetings.plan_anew(chair, world.house, kept, title="Fourth meeting", held_on=TODAY)
    meetings.start(chair, world.house, kept)
    for again in (
        lambda: meetings.start(chair, world.house, kept),
        lambda: meetings.plan_anew(chair, world.house, kept, title="Other", held_on=day(1)),
    ):
        with pytest.raises(NotPossible, match="has begun already"):
            again()
    meetings.close(chair, world.house, kept)
    with pytest.raises(NotPossible, match="is closed"):
        meetings.close(chair, world.house, kept)


def test_two_people_plan_it_anew(world: World) -> None:
    kept = prepare(world)
    shown = row(world, kept)["version"]
    chair, other = world.viewer("coordinator"), world.viewer("secretariat")
    meetings.plan_anew(other, world.house, kept, title="Fifth meeting", held_on=TODAY, knowing=shown)
    with pytest.raises(Newer, match="Secretariat changed this") as newer:
        meetings.plan_anew(chair, world.house, kept, title="Sixth meeting", held_on=TODAY, knowing=shown)
    assert newer.value.theirs.startswith("Fifth meeting, ")
    with pytest.raises(NotPossible, match="Nothing was changed"):
        meetings.plan_anew(chair, world.house, kept, title="Fifth meeting", held_on=TODAY)


def test_a_withdrawn_one_is_brought_back_as_it_was(world: World) -> None:
    chair, kept = world.viewer("coordinator"), prepare(world)
    with pytest.raises(NotPossible, match="was not withdrawn"):
        meetings.bring_back(chair, world.house, kept)
    meetings.withdraw(chair, world.house, kept)
    with pytest.raises(NotPossible, match="Bring it back"):
        meetings.start(chair, world.house, kept)
    meetings.bring_back(chair, world.house, kept)
    meetings.start(chair, world.house, kept)
    assert [r["withdrawn"] for r in world.house.store.read("select * from meeting order by version")] == [
        False, True, False, False,
    ]  # fmt: skip
