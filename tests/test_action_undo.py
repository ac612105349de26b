"""Taking changes back, one or several at once: both stay told, and what stands is as if they had never been."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from action_world import ABROAD, COORD, HEALTH, POLICE, TODAY, UNION, agree, agreed, change, dated, day, row
from dashboard.coordination import actions as door
from dashboard.coordination.actions import Choice, NewerChange, NotPossible
from dashboard.protection.policy import Refused
from dashboard.record import rebuild
from dashboard.record.house import open_house
from dashboard.reports import actions
from dashboard.reports.actions import Action, Step
from world import Built, World

WHY = "The budget comes a quarter later."


@pytest.fixture
def world(built: Built, tmp_path: Path) -> Iterator[World]:
    made = agreed(built.opened(tmp_path / "world"))
    yield made
    made.house.close()


def one(world: World, code: str, name: str = "secretariat") -> Action:
    return actions.action(dated(world.viewer(name), TODAY), world.house, code)


def history(world: World, code: str) -> tuple[Step, ...]:
    return actions.history(world.operator, world.house, code)


def undo(world: World, name: str, code: str, version: int) -> int:
    return door.undo(world.viewer(name), world.house, code, version)


def test_what_was_taken_back_stays_told_and_counts_for_nothing(world: World) -> None:
    before = one(world, HEALTH)
    version = change(
        world, "member", HEALTH, state="blocked", due_on=day(54), note=WHY, evidence="Letter of March, page 2"
    )
    assert one(world, HEALTH).evidence[0].said == "Letter of March, page 2"
    assert one(world, HEALTH, "member").undo == version and one(world, HEALTH, "coordinator").undo == 0
    undo(world, "member", HEALTH, version)
    now = one(world, HEALTH)
    same = ("state", "state_on", "due_on", "moves", "slip_days", "note", "note_by", "evidence", "days_overdue")
    assert {name: getattr(now, name) for name in same} == {name: getattr(before, name) for name in same}
    taken, made = history(world, HEALTH)
    assert made.undone and made.note == WHY and made.evidence == "Letter of March, page 2"
    assert not taken.undone and taken.what[0].startswith("Taken back: Blocked → Open; Due ")
    assert taken.what[0].endswith("; the note; the evidence") and taken.note == ""
    assert one(world, HEALTH, "member").undo == 0, "a taking back is not taken back"


def test_what_came_before_holds_again(world: World) -> None:
    change(world, "member", HEALTH, state="in_progress", due_on=day(20), note="A first step.", evidence="The minutes")
    version = change(world, "member", HEALTH, state="dropped", note="Not needed.", evidence="A letter")
    undo(world, "member", HEALTH, version)
    found = one(world, HEALTH)
    assert (found.state, found.due_on, found.moves, found.note) == ("in_progress", day(20), 1, "A first step.")
    assert [e.said for e in found.evidence] == ["The minutes"]


def test_done_in_time_stays_in_time_when_it_was_opened_by_mistake(world: World) -> None:
    agree(world, "XAA-COORD", [row("XAA-NOW", "XAA-HEALTH", TODAY)], period="2026-Q1")
    moment = datetime.now(UTC)
    world.house.store.clock = lambda: moment
    change(world, "member", "XAA-NOW", state="done")
    moment += timedelta(days=9)
    version = change(world, "member", "XAA-NOW", state="open", note="By mistake.")
    assert not one(world, "XAA-NOW").on_time
    undo(world, "member", "XAA-NOW", version)
    assert one(world, "XAA-NOW").on_time and one(world, "XAA-NOW").state_on == TODAY


def test_it_is_ones_own_last_change_that_is_taken_back(world: World) -> None:
    version = change(world, "member", HEALTH, state="in_progress")
    with pytest.raises(NotPossible, match="You made no such change"):
        undo(world, "coordinator", HEALTH, version)
    change(world, "coordinator", HEALTH, note="Seen.")
    with pytest.raises(NewerChange, match="changed again since"):
        undo(world, "member", HEALTH, version)
    assert one(world, HEALTH).state == "in_progress"
    for code in (UNION, "XAA-NEVER"):
        with pytest.raises((Refused, NotPossible)):
            undo(world, "member", code, version)
    with pytest.raises(Refused):
        undo(world, "anonymous", HEALTH, version)
    last = change(world, "member", HEALTH, note="Half of it is done.")
    undo(world, "member", HEALTH, last)
    with pytest.raises(NotPossible, match="taken back already"):
        undo(world, "member", HEALTH, last)


def test_who_may_no_longer_change_it_takes_nothing_back(world: World) -> None:
    version = change(world, "member", HEALTH, state="in_progress")
    agree(world, "XAA-COORD", [row(HEALTH, "XAA-COORD", day(-40))], period="2026-Q3")
    assert one(world, HEALTH, "member").undo == 0
    with pytest.raises(Refused):
        undo(world, "member", HEALTH, version)


def test_a_rebuilt_record_tells_the_same(world: World) -> None:
    undo(world, "member", HEALTH, change(world, "member", HEALTH, state="blocked", note=WHY))
    before, settings = (one(world, HEALTH), history(world, HEALTH)), world.house.settings
    world.house.close()
    rebuild.rebuild(settings)
    world.house = open_house(settings)
    assert (one(world, HEALTH), history(world, HEALTH)) == before


# --- several at once ---


def test_each_of_several_passes_its_own_door(world: World) -> None:
    seen = {code: one(world, code).last_event for code in (HEALTH, COORD, ABROAD, POLICE)}
    change(world, "member", HEALTH, note="I was first.")
    done = door.change_several(
        world.viewer("coordinator"),
        world.house,
        [*(Choice(code, event) for code, event in seen.items()), Choice("XAA-NEVER", "")],
        state="in_progress",
        note="Agreed today.",
    )
    assert [bool(d.version) for d in done] == [False, True, True, False, False]
    assert done[0].newer and "Member changed this action on" in done[0].why
    assert "own country only" in done[3].why and "no action “XAA-NEVER”" in done[4].why
    assert len({d.version for d in done if d.version}) == 2, "each is a version of its own"
    assert [one(world, c).state for c in (HEALTH, COORD, ABROAD, POLICE)] == ["open"] + ["in_progress"] * 2 + ["open"]
    undone = door.undo_several(
        world.viewer("coordinator"), world.house, [Choice(d.action_code, str(d.version)) for d in done if d.version]
    )
    assert all(d.version for d in undone) and one(world, COORD).state == one(world, ABROAD).state == "open"
    assert one(world, COORD).note == ""


def test_one_that_cannot_be_changed_so_stops_no_other(world: World) -> None:
    change(world, "coordinator", COORD, state="done")
    choices = [Choice(code, one(world, code).last_event) for code in (COORD, HEALTH)]
    done = door.change_several(world.viewer("coordinator"), world.house, choices, due_on=day(30), note=WHY)
    assert "Open the action again to move it" in done[0].why and done[1].version and one(world, HEALTH).moves == 1


def test_the_same_box_twice_is_one_change(world: World) -> None:
    done = door.change_several(world.operator, world.house, [Choice(HEALTH, ""), Choice(HEALTH, "")], note="Seen.")
    assert len(done) == 1 and done[0].version


@pytest.mark.parametrize("count", [0, door.MOST + 1])
def test_none_and_too_many_are_told(world: World, count: int) -> None:
    choices = [Choice(f"XAA-{n}", "") for n in range(count)]
    with pytest.raises(NotPossible, match="Choose"):
        door.change_several(world.operator, world.house, choices, note="Seen.")


@pytest.mark.parametrize("seen", ["", "x", "-1", "1e9", "²", "9" * 30])
def test_a_version_that_is_none_takes_nothing_back(world: World, seen: str) -> None:
    (done,) = door.undo_several(world.viewer("member"), world.house, [Choice(HEALTH, seen)])
    assert not done.version and "no such change" in done.why
    with pytest.raises(Refused):
        door.undo_several(world.viewer("anonymous"), world.house, [Choice(HEALTH, "1")])
