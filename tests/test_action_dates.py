"""Due dates and the lists: what was accepted first stays the first date, and whatever a file moves is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from action_world import AGREED, HEALTH, LISTS, TODAY, agree, agreed, change, dated, day, row
from dashboard.coordination.actions import NewerChange
from dashboard.coordination.standing import Standing, standings
from dashboard.intake import submissions
from dashboard.reference import periods, text
from dashboard.reports import actions
from dashboard.reports.actions import Action, Step
from world import World, send, table

EARLIER, LATER = "2024-Q1", str(periods.of(TODAY))
FIRST, NEXT_YEAR, OTHER = day(-40), day(360), day(20)
WHY = "The budget comes later."


@pytest.fixture
def world(world: World) -> World:
    return agreed(world)


def head(world: World) -> int:
    return world.house.store.head().version


def one(world: World, version: int | None = None) -> Action:
    return actions.action(dated(world.viewer("secretariat"), TODAY), world.house, HEALTH, version)


def now(world: World) -> Standing:
    return standings(world.house.store.read, head(world), HEALTH)[0]


def history(world: World, version: int | None = None) -> list[Step]:
    return list(actions.history(world.operator, world.house, HEALTH, version))


def line(due: date, **more: str) -> list[dict[str, str]]:
    return [row(HEALTH, "XAA-HEALTH", due, **more)]


def listed(world: World, due: date, period: str = "") -> str:
    return agree(world, "XAA-COORD", line(due), period)


def first_list(world: World) -> str:
    found = world.house.store.read(
        "select submission_id from accepted where dataset = 'actions' and organisation_code = 'XAA-COORD'"
        " order by since limit 1"
    )
    return str(found[0]["submission_id"])


def first_quarters_list(world: World) -> str:
    """The list that counts of the quarter in which the action was agreed first."""
    found = world.house.store.read(
        "select submission_id from accepted where dataset = 'actions' and organisation_code = 'XAA-COORD'"
        " and period = $period and until is null",
        period=str(periods.last_ended(TODAY)),
    )
    return str(found[0]["submission_id"])


def withdraw(world: World, submission: str) -> None:
    submissions.withdraw(world.operator, world.house, submission, "The wrong list.")


def dates(world: World, version: int | None = None) -> tuple[date, date, int, int, int]:
    """First due, due now, how often that moved, how far, and how late it is."""
    found = one(world, version)
    return found.first_due, found.due_on, found.moves, found.slip_days, found.days_overdue


UNTOUCHED = (FIRST, FIRST, 0, 0, 40)


@pytest.mark.parametrize("period", [EARLIER, ""], ids=["an earlier quarter", "the same quarter"])
def test_a_list_that_says_another_date_is_a_move_that_everybody_sees(world: World, period: str) -> None:
    before = head(world)
    data = table(world.house, "actions", line(NEXT_YEAR))
    quarter = period or str(periods.last_ended(TODAY))
    send(world, "actions", "XAA-COORD", quarter, data, by="coordinator")
    assert dates(world) == (FIRST, NEXT_YEAR, 1, 400, 0)
    [step] = history(world)
    label = periods.parse(quarter).label
    assert step.what == (
        f"The list sent for {label} by XAA-COORD office says another due date:"
        f" {text.day(FIRST)} → {text.day(NEXT_YEAR)}, 400 days later",
    )
    assert (step.by, step.organisation, step.note) == ("Coordinator", "XAA-COORD office", "")
    assert one(world).moved_on == step.at.date()
    assert dates(world, before) == UNTOUCHED and history(world, before) == []


def test_a_typing_error_that_is_mended_by_file_is_back_at_the_first_date(world: World) -> None:
    listed(world, NEXT_YEAR)
    wrong = head(world)
    agree(world, "XAA-COORD", line(FIRST, title="Worded anew"))
    assert dates(world) == (FIRST, FIRST, 2, 0, 40) and dates(world, wrong) == (FIRST, NEXT_YEAR, 1, 400, 0)
    assert [len(step.what) for step in history(world)] == [1, 1]


def test_when_it_was_agreed_is_what_was_accepted_first(world: World) -> None:
    other = (AGREED + timedelta(days=200)).isoformat()
    for period in (EARLIER, "", LATER):
        agree(world, "XAA-COORD", line(FIRST, agreed_on=other, title=period or "Same"), period)
        assert one(world).agreed_on == AGREED and dates(world) == UNTOUCHED


def test_a_list_that_repeats_the_date_moves_nothing(world: World) -> None:
    for period in (EARLIER, LATER):
        listed(world, FIRST, period)
    agree(world, "XAA-COORD", line(FIRST, title="Worded anew"))
    withdraw(world, first_quarters_list(world))
    assert dates(world) == UNTOUCHED and history(world) == []


def test_a_withdrawn_list_leaves_its_first_date_behind(world: World) -> None:
    """The list that is left says another date: that holds from then on, and is counted."""
    listed(world, NEXT_YEAR, LATER)
    before = head(world)
    assert dates(world) == UNTOUCHED, "a later list moves no date"
    withdraw(world, first_list(world))
    assert dates(world) == (FIRST, NEXT_YEAR, 1, 400, 0) and dates(world, before) == UNTOUCHED
    [step] = history(world)
    assert step.by == "Operator" and periods.parse(LATER).label in step.what[0]


def test_a_wrong_list_that_is_withdrawn_gives_the_date_back(world: World) -> None:
    wrong = listed(world, NEXT_YEAR, EARLIER)
    withdraw(world, wrong)
    assert dates(world) == (FIRST, FIRST, 2, 0, 40) and len(history(world)) == 2


def test_to_withdraw_and_send_anew_hides_nothing(world: World) -> None:
    withdraw(world, first_list(world))
    listed(world, NEXT_YEAR)
    assert dates(world) == (FIRST, NEXT_YEAR, 1, 400, 0) and len(history(world)) == 1


def test_what_was_expunged_is_remembered_by_nobody(world: World) -> None:
    listed(world, NEXT_YEAR)
    submissions.expunge(world.operator, world.house, first_list(world), "A name stood in it.")
    assert dates(world) == (NEXT_YEAR, NEXT_YEAR, 0, 0, 0) and history(world) == []


# --- and the page ---


def test_what_is_agreed_on_the_page_after_the_list_holds(world: World) -> None:
    listed(world, NEXT_YEAR)
    change(world, "member", HEALTH, due_on=OTHER, note=WHY)
    assert dates(world) == (FIRST, OTHER, 2, 60, 0)
    listed(world, NEXT_YEAR, EARLIER)
    assert dates(world) == (FIRST, OTHER, 2, 60, 0), "a list that repeats its date undoes nothing"
    assert history(world)[0].what == (f"Due {text.day(NEXT_YEAR)} → {text.day(OTHER)}, 340 days earlier",)


def test_a_list_that_repeats_the_old_date_does_not_undo_the_page(world: World) -> None:
    change(world, "member", HEALTH, due_on=OTHER, note=WHY)
    for period in ("", EARLIER, LATER):
        agree(world, "XAA-COORD", line(FIRST, title=f"Worded for {period}"), period)
        assert dates(world) == (FIRST, OTHER, 1, 60, 0)


def test_a_list_with_another_date_after_the_page_holds(world: World) -> None:
    change(world, "member", HEALTH, due_on=OTHER, note=WHY)
    listed(world, NEXT_YEAR)
    assert dates(world) == (FIRST, NEXT_YEAR, 2, 400, 0)
    moved = f"says another due date: {text.day(OTHER)} → {text.day(NEXT_YEAR)}, 340 days later"
    assert history(world)[0].what[0].endswith(moved)


def test_a_list_that_catches_up_with_the_page_is_no_second_move(world: World) -> None:
    change(world, "member", HEALTH, due_on=OTHER, note=WHY)
    listed(world, OTHER)
    assert dates(world) == (FIRST, OTHER, 1, 60, 0) and len(history(world)) == 1


def test_no_list_makes_what_was_done_late_on_time(world: World) -> None:
    change(world, "member", HEALTH, state="done")
    listed(world, NEXT_YEAR)
    assert dates(world) == (FIRST, FIRST, 0, 0, 0) and not one(world).on_time
    change(world, "member", HEALTH, state="open", note="It was not done.")
    assert dates(world) == UNTOUCHED


def test_whoever_looked_before_the_list_moved_the_date_is_told(world: World) -> None:
    send(world, "actions", "XAA-COORD", EARLIER, table(world.house, "actions", line(NEXT_YEAR)), by="coordinator")
    with pytest.raises(NewerChange, match="Coordinator changed this action"):
        change(world, "member", HEALTH, due_on=OTHER, note=WHY, knowing="")
    last = now(world).last
    assert last
    change(world, "member", HEALTH, due_on=OTHER, note=WHY, knowing=last["event_id"])


def test_the_other_actions_of_the_list_stay_as_they_are(world: World) -> None:
    rows = [row(HEALTH, "XAA-HEALTH", NEXT_YEAR), *LISTS["XAA-COORD"][1:]]
    agree(world, "XAA-COORD", rows)
    found = standings(world.house.store.read, head(world))
    assert {s.code: s.moves for s in found if s.moves} == {HEALTH: 1}


def test_a_list_whose_due_day_lies_before_its_decision_is_refused_in_words(world: World) -> None:
    early = table(world.house, "actions", [row("XAA-EARLY", "XAA-HEALTH", AGREED - timedelta(days=1))])
    received = submissions.stage(
        world.operator, world.house, early, dataset="actions", organisation_code="XAA-COORD", period="2026-Q1"
    )
    (found,) = received.outcome.problems
    assert (found.row, found.column, found.code) == (2, "due_on", "day-before") and not received.submission_id
    assert f"lies before agreed_on, {AGREED.isoformat()}. What is agreed is due" in found.message
