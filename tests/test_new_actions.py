"""The door by which a meeting brings an action into being: who may, what must fit, and that no file moves its date."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from action_world import HEALTH, LISTS, TODAY, agree, agreed, change, day, row
from dashboard.coordination import new_actions
from dashboard.coordination.new_actions import NewAction
from dashboard.coordination.standing import Standing, standings
from dashboard.people.errors import NotPossible
from dashboard.protection.policy import Refused
from dashboard.record import rebuild
from dashboard.record.house import open_house
from dashboard.reference import periods
from dashboard.reports import actions as asked
from world import World, member, send, table

GOOD = NewAction("Open a shelter in the west", "She has a safe place within a day's journey.", "XAA-HEALTH", day(90))


def decide(world: World, name: str = "coordinator", new: NewAction = GOOD, country: str = "XAA", **more: Any) -> str:
    viewer = world.viewer(name)
    with world.house.store.write("coordination", by=viewer.account_id) as write:
        return new_actions.add(
            viewer,
            world.house,
            write,
            new,
            **({"country": country, "agreed_on": TODAY, "agreed_at": "Third meeting"} | more),
        )


def now(world: World, code: str) -> Standing:
    return standings(world.house.store.read, world.house.store.head().version, code)[0]


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
def test_who_may(world: World, name: str, countries: set[str]) -> None:
    found = set()
    for country in ("XAA", "XBA"):
        before = world.house.store.head()
        try:
            decide(world, name, country=country)
        except Refused:
            assert world.house.store.head() == before
        else:
            found.add(country)
    assert found == countries


def test_it_stands_among_the_others_with_its_history(world: World) -> None:
    agreed(world)
    code = decide(world)
    assert code == f"XAA-{TODAY.year}-" + ("04" if TODAY.year == 2026 else "01")
    found = asked.action(world.viewer("member"), world.house, code)
    assert (found.title, found.lead_name, found.state, found.agreed_at) == (
        GOOD.title, "XAA-HEALTH office", "open", "Third meeting",
    )  # fmt: skip
    assert (found.agreed_on, found.first_due, found.due_on, found.moves) == (TODAY, day(90), day(90), 0)
    change(world, "agency", code, state="in_progress", note="The building is found.")
    change(world, "coordinator", code, due_on=day(120), note="The lease takes longer.")
    steps = asked.history(world.viewer("member"), world.house, code)
    assert [step.note for step in steps] == ["The lease takes longer.", "The building is found."]
    assert now(world, code).slip_days == 30


def test_what_was_known_before_it_knows_nothing_of_it(world: World) -> None:
    agreed(world)
    before = world.house.store.head().version
    code = decide(world)
    codes = {s.code for s in standings(world.house.store.read, before)}
    assert HEALTH in codes and code not in codes


def test_a_later_list_words_it_anew_and_moves_no_date(world: World) -> None:
    agreed(world)
    code = decide(world)
    later = row(code, "XAA-COORD", day(400), title="Open two shelters in the west", agreed_on=str(day(-500)))
    agree(world, "XAA-COORD", [later])
    found = now(world, code)
    assert (found.agreed["title"], found.lead) == ("Open two shelters in the west", "XAA-COORD")
    assert (found.due_on, found.first_due, found.agreed_on, found.moves) == (day(90), day(90), TODAY, 0)
    agree(world, "XAA-COORD", LISTS["XAA-COORD"])
    assert now(world, code).agreed["title"] == GOOD.title, "a list that leaves it out takes its wording back, not it"


def test_who_leads_it_may_report_it_by_file(world: World) -> None:
    code = decide(world)
    quarter = str(periods.last_ended(TODAY))
    told = {"country": "XAA", "action_code": code, "organisation_code": "XAA-HEALTH", "state": "in_progress"}
    data = table(world.house, "action_updates", [told | {"progress": "The building is found."}])
    send(world, "action_updates", "XAA-HEALTH", quarter, data)
    assert now(world, code).state == "in_progress"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": "x"}, "what is to be done in 3 to 160 characters; yours has 1"),
        ({"changes_for_survivor": " "}, "what it changes for the survivor in 3 to 200 characters; yours has 0"),
        ({"title": "Call Ms Kim on +999 000 012 345"}, "telephone number"),
        ({"lead": ""}, "Choose who leads"),
        ({"lead": "XAA-GONE"}, "“XAA-GONE” is not in the latest register"),
        ({"support": ("XBA-UNION", "XBA-GONE")}, "“XBA-GONE” is not in the latest register"),
        ({"due_on": None}, "Choose the day"),
        ({"due_on": day(-1)}, "cannot be due before that day"),
        ({"due_on": day(6 * 366)}, "at most 5 years ahead"),
        ({"corridor": "XAA-XXX"}, "“XAA-XXX” is no corridor"),
        ({"indicator_code": "P-NONE"}, "“P-NONE” is no indicator"),
        ({"action_code": "XBA-2026-09"}, "Write the code as the country code"),
        ({"action_code": "XAA-2026-x"}, "Write the code as the country code"),
        ({"action_code": HEALTH}, "There is an action XAA-2026-01 already"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(world: World, more: dict[str, Any], said: str) -> None:
    agreed(world)
    before = world.house.store.head()
    with pytest.raises(NotPossible, match=said):
        decide(world, new=replace(GOOD, **more))
    assert world.house.store.head() == before


def test_it_may_be_due_on_the_day_of_its_decision_and_not_before(world: World) -> None:
    day_of = TODAY - timedelta(days=30)
    assert now(world, decide(world, new=replace(GOOD, due_on=day_of), agreed_on=day_of)).due_on == day_of
    with pytest.raises(NotPossible):
        decide(world, new=replace(GOOD, due_on=day_of - timedelta(days=1)), agreed_on=day_of)


def test_an_organisation_that_left_cannot_lead(world: World) -> None:
    rows = [member("XAA-COORD", "GOV-WOM", "coordination")]
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", rows))
    with pytest.raises(NotPossible, match="“XAA-HEALTH” is not in the latest register"):
        decide(world)


def test_a_code_of_a_withdrawn_list_is_not_given_again(world: World) -> None:
    agreed(world)
    agree(world, "XAA-COORD", [row(f"XAA-{TODAY.year}-77", "XAA-HEALTH", day(9))])
    agree(world, "XAA-COORD", LISTS["XAA-COORD"])
    assert decide(world) == f"XAA-{TODAY.year}-78"


def test_a_rebuilt_record_holds_it(world: World, tmp_path: Path) -> None:
    code = decide(world)
    world.house.close()
    shutil.copytree(world.house.settings.data, tmp_path / "again", ignore=shutil.ignore_patterns("*.sock"))
    again = replace(world.house.settings, data=tmp_path / "again")
    again.database.unlink()
    assert rebuild.rebuild(again).problems == []
    one, other = open_house(world.house.settings), open_house(again)
    assert rebuild.equal(one.store, other.store) == []
    assert standings(other.store.read, other.store.head().version, code)[0].due_on == day(90)
    one.close()
    other.close()
