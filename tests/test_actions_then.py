"""Actions as they stood: at an older version everything is as it was then, and what is kept for that holds nothing."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path
from typing import Any

import pytest

from action_world import COORD, HEALTH, POLICE, TODAY, UNION, agree, agreed, change, dated, day, row
from dashboard.protection.policy import Refused
from dashboard.reference import periods
from dashboard.reports import actions
from dashboard.reports.actions import Action, Actions
from world import Built, World, member, send, table


@pytest.fixture
def world(world: World) -> World:
    return agreed(world)


def ask(world: World, **what: Any) -> Actions:
    return actions.actions(dated(world.viewer("secretariat"), TODAY), world.house, **what)


def one(world: World, code: str, **what: Any) -> Action:
    return actions.action(dated(world.viewer("secretariat"), TODAY), world.house, code, **what)


def test_as_of_a_version_everything_is_as_it_was(world: World) -> None:
    before = world.house.store.head().version
    old = ask(world)
    change(world, "member", HEALTH, state="done", note="As agreed.")
    agree(world, "XAA-COORD", [row("XAA-NEW", "XAA-HEALTH", day(1))], period=str(periods.of(TODAY)))
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", [
        member("XAA-COORD", "GOV-WOM", "coordination") | {"organisation_name": "Renamed"}]))  # fmt: skip
    then, now = ask(world, version=before), ask(world)
    assert (then.rows, then.answer, then.counts) == (old.rows, old.answer, old.counts)
    assert then.table.frame.equals(old.table.frame) and then.standing.frame.equals(old.standing.frame)
    assert then.table.as_of == old.table.as_of
    assert "XAA-NEW" in [a.action_code for a in now.rows] and one(world, COORD).lead_name == "Renamed"
    assert actions.history(world.operator, world.house, HEALTH, before) == ()
    assert len(actions.history(world.operator, world.house, HEALTH)) == 1
    assert actions.waiting(dated(world.viewer("member"), TODAY), world.house, before)[0]["action_code"] == HEALTH
    with pytest.raises(Refused):
        one(world, "XAA-NEW", version=before)


def test_before_the_first_list_there_are_none(world: World) -> None:
    for version in (0, 1):
        found = ask(world, version=version)
        assert found.rows == () and found.answer == "No action has been agreed for this choice."


def test_a_list_that_is_withdrawn_takes_its_actions_along(world: World) -> None:
    from dashboard.intake import submissions

    rows = world.house.store.read(
        "select submission_id from submission_now where dataset = 'actions' and organisation_code = 'XAA-COORD'"
    )
    submissions.withdraw(world.operator, world.house, rows[0]["submission_id"], "The wrong list.")
    assert [a.action_code for a in ask(world).rows] == [POLICE, UNION]


def test_what_is_kept_holds_no_record_open(built: Built, tmp_path: Path) -> None:
    """A house that is closed and let go is gone, with everything that was read from it."""
    made = agreed(built.opened(tmp_path / "gone"))
    ask(made)
    store = weakref.ref(made.house.store)
    made.house.close()
    del made
    gc.collect()
    assert store() is None
