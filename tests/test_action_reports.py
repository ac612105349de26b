"""What is said of actions: who sees which, what is late, how far it slipped, and how it was at an older version."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from action_world import ABROAD, AGREED, COORD, HEALTH, POLICE, TODAY, UNION, agree, agreed, change, dated, day, row
from dashboard.coordination import actions as door
from dashboard.coordination.standing import STATES
from dashboard.protection.policy import Refused
from dashboard.publication.files import as_csv
from dashboard.reference import periods, text
from dashboard.reference.table import Status
from dashboard.reports import action_words, actions
from dashboard.reports.actions import UNFINISHED, Action, Actions
from world import MEMBERS, Built, World, send, table

EVERY = [HEALTH, POLICE, ABROAD, COORD, UNION]
"""By due date, which is the order of those to be done."""


@pytest.fixture(scope="module")
def listed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The five actions, untouched; no test of this one writes."""
    made = built.opened(tmp_path_factory.mktemp("reports") / "data")
    yield agreed(made)
    made.house.close()


@pytest.fixture
def world(world: World) -> World:
    return agreed(world)


def ask(world: World, name: str = "secretariat", **what: Any) -> Actions:
    return actions.actions(dated(world.viewer(name), TODAY), world.house, **what)


def codes(world: World, name: str = "secretariat", **what: Any) -> list[str]:
    return [a.action_code for a in ask(world, name, **what).rows]


def one(world: World, code: str, name: str = "secretariat", **what: Any) -> Action:
    return actions.action(dated(world.viewer(name), TODAY), world.house, code, **what)


# --- who sees what ---


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("member", EVERY),
        ("agency", EVERY),
        ("coordinator", EVERY),
        ("foreign coordinator", EVERY),
        ("secretariat", EVERY),
        ("enforcement", [POLICE, ABROAD, UNION]),
    ],
)
def test_who_sees_which(listed: World, name: str, seen: list[str]) -> None:
    """An enforcement body: where its own organisation leads or supports, and nothing else in any answer."""
    assert codes(listed, name) == seen
    viewer = dated(listed.viewer(name), TODAY)
    for code in EVERY:
        if code in seen:
            assert actions.action(viewer, listed.house, code).action_code == code
            assert actions.history(viewer, listed.house, code) == ()
        else:
            for asked in (actions.action, actions.history):
                with pytest.raises(Refused, match="does not exist, or it is not yours to see"):
                    asked(viewer, listed.house, code)
    countries, leads = actions.choices(viewer, listed.house)
    assert {code for code, _name in leads} == {one(listed, code).lead for code in seen}
    assert {code for code, _name in countries} == {code[:3] for code in seen}


@pytest.mark.parametrize("code", ["", "XAA-NEVER", "'; drop table head; --"])
def test_an_action_that_is_not_there(listed: World, code: str) -> None:
    with pytest.raises(Refused):
        one(listed, code)


def test_the_public_sees_none(listed: World) -> None:
    viewer = listed.viewer("anonymous")
    for asked in (actions.actions, actions.waiting, actions.choices):
        with pytest.raises(Refused):
            asked(viewer, listed.house)
    with pytest.raises(Refused):
        actions.on_time(viewer, listed.house, "XAA", "2026-Q3")


def test_a_viewer_without_a_role_sees_none(listed: World) -> None:
    with pytest.raises(Refused):
        actions.actions(replace(listed.viewer("member"), grants=()), listed.house)


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("member", [HEALTH]),
        ("agency", [HEALTH]),
        ("coordinator", [COORD]),
        ("enforcement", [POLICE, ABROAD]),
        ("secretariat", []),
    ],
)
def test_what_waits_for_an_organisation(listed: World, name: str, own: list[str]) -> None:
    found = actions.waiting(dated(listed.viewer(name), TODAY), listed.house)
    assert [row["action_code"] for row in found] == own
    assert all({"title", "due_on", "days_overdue", "state"} <= set(row) for row in found)


def test_what_is_done_waits_for_nobody(world: World) -> None:
    change(world, "member", HEALTH, state="done")
    assert actions.waiting(dated(world.viewer("member"), TODAY), world.house) == []


# --- what is asked for ---


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ({"country": "XAA"}, [HEALTH, ABROAD, COORD]),
        ({"country": "XZZ"}, []),
        ({"lead": "XBA-POLICE"}, [POLICE, ABROAD]),
        ({"lead": "XBA-POLICE", "country": "XAA"}, [ABROAD]),
        ({"overdue": True}, [HEALTH, POLICE]),
        ({"state": "open"}, EVERY),
        ({"state": UNFINISHED}, EVERY),
        ({"state": "done"}, []),
        ({"state": "no state"}, EVERY),
    ],
)
def test_filters(listed: World, what: dict[str, Any], found: list[str]) -> None:
    assert codes(listed, **what) == found


@pytest.mark.parametrize(
    ("name", "mine"),
    [("member", [HEALTH]), ("coordinator", [HEALTH, COORD]), ("enforcement", [POLICE, ABROAD, UNION]),
     ("secretariat", [])],
)  # fmt: skip
def test_mine_is_what_my_organisation_leads_or_supports(listed: World, name: str, mine: list[str]) -> None:
    assert codes(listed, name, mine=True) == mine


def test_the_order_is_overdue_then_due_then_closed(world: World) -> None:
    change(world, "secretariat", POLICE, state="done")
    change(world, "secretariat", UNION, state="dropped", note="Done by others.")
    assert codes(world) == [HEALTH, ABROAD, COORD, POLICE, UNION]
    assert codes(world, state=UNFINISHED) == [HEALTH, ABROAD, COORD]
    assert codes(world, state="dropped") == [UNION]


# --- what is said of one ---


def test_everything_is_in_words(listed: World) -> None:
    found = one(listed, HEALTH)
    assert (found.lead_name, found.support_names, found.country_name) == (
        "XAA-HEALTH office", ("XAA-COORD office",), "Asterland",
    )  # fmt: skip
    assert (found.agreed_on, found.agreed_at, found.changes_for_survivor) == (
        AGREED, "First meeting", "She is asked once and not five times.",
    )  # fmt: skip
    assert found.indicator == listed.house.library.indicators[found.indicator_code].title != found.indicator_code
    assert one(listed, COORD).corridor_title == "Asterland to Bravonia" and found.corridor_title == ""
    assert found.sector == "Health" and not found.lead_left


def test_overdue_is_what_is_to_be_done_after_its_day(listed: World) -> None:
    late = {a.action_code: a.days_overdue for a in ask(listed).rows}
    assert late == {HEALTH: 40, POLICE: 5, ABROAD: 0, COORD: 0, UNION: 0}
    for on, days in ((day(-41), 0), (day(-40), 0), (day(-39), 1)):
        assert actions.action(dated(listed.operator, on), listed.house, HEALTH).days_overdue == days


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_what_is_closed_is_never_overdue(world: World, state: str) -> None:
    change(world, "member", HEALTH, state=state, note="As agreed.")
    assert one(world, HEALTH).days_overdue == 0 and codes(world, overdue=True) == [POLICE]


def test_slips_in_words(world: World) -> None:
    change(world, "member", HEALTH, due_on=day(30), note="The budget comes later.")
    change(world, "member", HEALTH, due_on=day(54), note="And later.")
    found = one(world, HEALTH)
    assert (found.moves, found.slip_days) == (2, 94)
    assert ask(world).table.frame.loc[HEALTH, "slips"] == "moved twice, 94 days in all"


@pytest.mark.parametrize(
    ("moves", "days", "said"),
    [
        (0, 0, ""),
        (1, 1, "moved once, 1 day in all"),
        (2, 94, "moved twice, 94 days in all"),
        (3, 1200, "moved 3 times, 1,200 days in all"),
        (1, -5, "moved once, 5 days earlier in all"),
        (2, 0, "moved twice, back to the first date"),
    ],
)
def test_how_slips_are_said(moves: int, days: int, said: str) -> None:
    assert action_words.slips(moves, days) == said


def test_the_last_note_names_the_organisation_and_the_day(world: World) -> None:
    change(world, "member", HEALTH, note="Half of it is done.")
    change(world, "member", HEALTH, state="in_progress")
    found = one(world, HEALTH)
    assert (found.note, found.note_by, found.state) == ("Half of it is done.", "XAA-HEALTH office", "in_progress")
    assert found.note_at and found.note_at.date() == datetime.now(UTC).date()
    change(world, "secretariat", HEALTH, note="Seen.")
    assert one(world, HEALTH).note_by == "Secretariat"
    assert "Member" not in " ".join(map(str, ask(world).table.frame.loc[HEALTH])), "no person's name in the table"


def test_a_measure_that_restricts_is_flagged(listed: World) -> None:
    found = ask(listed)
    assert [a.action_code for a in found.rows if a.restricts] == [ABROAD] and found.counts.restricting == 1
    cells = found.table.frame["restricts"]
    assert cells[ABROAD] == "May restrict women's work or migration: not rights-based" and cells[HEALTH] == ""


def test_a_measure_that_restricts_is_not_late_but_told_apart(listed: World) -> None:
    """Whoever reads the late actions would hurry what takes a right away."""
    viewer = dated(listed.viewer("secretariat"), day(30))
    found = actions.actions(viewer, listed.house, country="XAA")
    codes = [a.action_code for a in found.rows]
    (ban,) = [a for a in found.rows if a.action_code == ABROAD]
    assert ban.due_on < viewer.today and not ban.days_overdue and codes == [HEALTH, ABROAD, COORD]
    assert (found.counts.overdue, found.counts.apart) == (1, 1) and ban.apart
    late = actions.actions(viewer, listed.house, country="XAA", overdue=True)
    assert [a.action_code for a in late.rows] == [HEALTH]
    assert (
        "1 action past its due date may restrict women's work or migration" in found.answer
        and "not counted as late" in found.answer
    )
    assert "restrict" not in actions.actions(viewer, listed.house, country="XBA").answer


def test_the_list_says_no_days_overdue_of_what_is_to_be_looked_at_again(listed: World) -> None:
    """Neither on the page nor in the file a zero, which would say that it is in time."""
    table = actions.actions(dated(listed.viewer("secretariat"), day(30)), listed.house, country="XAA").table
    assert table.frame["days_overdue"].to_dict() == {HEALTH: 70, ABROAD: None, COORD: 0}
    assert [*table.statuses["days_overdue"]] == [Status.VALUE, Status.NOT_APPLICABLE, Status.ZERO]
    lines = {line["Code"]: line["Overdue (days)"] for line in csv.DictReader(io.StringIO(as_csv(table)))}
    assert (lines[HEALTH], lines[ABROAD], lines[COORD]) == ("70", "not applicable", "0")
    before = actions.actions(dated(listed.viewer("secretariat"), day(0)), listed.house, country="XAA").table
    assert before.frame.loc[ABROAD, "days_overdue"] == 0, "its day is to come"


def test_an_organisation_that_left_keeps_its_name(world: World) -> None:
    send(world, "members", "XAA-COORD", "2026-Q3", table(world.house, "members", MEMBERS["XAA-COORD"][:1]))
    found = one(world, HEALTH)
    assert found.lead_left and found.lead_name == "XAA-HEALTH office"
    assert not one(world, COORD).lead_left


def test_who_may_change_is_the_doors_answer(listed: World) -> None:
    for name in ("member", "coordinator", "enforcement", "secretariat"):
        for found in ask(listed, name).rows:
            reached = {"member": {HEALTH}, "coordinator": {HEALTH, COORD, ABROAD}, "enforcement": {POLICE, ABROAD},
                       "secretariat": set(EVERY)}[name]  # fmt: skip
            assert found.may_change == (found.action_code in reached)


# --- history ---


def test_history_says_who_when_what_and_why(world: World) -> None:
    change(world, "member", HEALTH, state="blocked", due_on=day(-10), note="No hall is free.")
    change(world, "coordinator", HEALTH, state="open")
    change(world, "secretariat", HEALTH, note="Seen.")
    steps = actions.history(world.viewer("member"), world.house, HEALTH)
    assert [(s.by, s.organisation, s.what, s.note) for s in steps] == [
        ("Secretariat", "Secretariat", (), "Seen."),
        ("Coordinator", "XAA-COORD office", ("Blocked → Open",), ""),
        (
            "Member",
            "XAA-HEALTH office",
            ("Open → Blocked", f"Due {text.day(day(-40))} → {text.day(day(-10))}, 30 days later"),
            "No hall is free.",
        ),
    ]
    assert steps[0].at > steps[1].at > steps[2].at


def test_a_date_brought_forward_says_so() -> None:
    assert (
        action_words.due_moved(date(2026, 6, 30), date(2026, 6, 29)) == "Due 30 June 2026 → 29 June 2026, 1 day earlier"
    )


# --- counts and sentences ---


def test_the_answer_has_the_figures(world: World) -> None:
    assert ask(world).answer == (
        "5 of 5 actions are still to be done: 2 overdue, 0 blocked. Done: 0, 0 of them on time. Dropped: 0."
    )
    change(world, "member", HEALTH, state="done")
    change(world, "secretariat", POLICE, state="dropped", note="Done by others.")
    change(world, "coordinator", COORD, state="done")
    change(world, "coordinator", ABROAD, state="blocked", note="It restricts women.")
    found = ask(world)
    assert found.answer == (
        "2 of 5 actions are still to be done: 0 overdue, 1 blocked. Done: 2, 1 of them on time. Dropped: 1."
    )
    counts = vars(found.counts)
    assert counts == dict(
        total=5, open=2, overdue=0, blocked=1, done=2, on_time=1, dropped=1, still=1, restricting=1, apart=0, left=0
    )  # fmt: skip
    assert vars(ask(world, state="done", overdue=True).counts) == counts, "of the choice, whatever the state"
    assert ask(world, country="XZZ").answer == "No action has been agreed for this choice."


def test_nothing_moves_for_ninety_days(world: World) -> None:
    assert ask(world).counts.still == 5, "agreed 300 days ago, and nothing was said since"
    change(world, "member", HEALTH, note="Half of it is done.")
    assert ask(world).counts.still == 4
    later = actions.actions(dated(world.operator, datetime.now(UTC).date() + timedelta(days=90)), world.house)
    assert later.counts.still == 5


def test_the_table_has_a_word_for_every_cell(listed: World) -> None:
    found = ask(listed).table
    assert list(found.frame.index) == EVERY and len(found.columns) == 23
    assert found.frame.loc[HEALTH, "state"] == STATES["open"] and found.frame.loc[HEALTH, "days_overdue"] == 40
    assert found.statuses.loc[COORD, "days_overdue"] == Status.ZERO
    assert found.as_of.version == listed.house.store.head().version and found.as_of.recorded_at


def test_an_empty_answer_is_a_table_too(listed: World) -> None:
    found = ask(listed, country="XZZ")
    assert found.table.frame.empty and found.standing.frame.empty and found.rows == ()


# --- done on time, for the indicator ---


def test_done_on_time_counts_what_was_due_in_the_quarter(world: World) -> None:
    viewer, quarter = dated(world.viewer("member"), TODAY), str(periods.of(day(-40)))
    due = [code for code in (HEALTH, COORD) if str(periods.of(one(world, code).due_on)) == quarter]
    assert actions.on_time(viewer, world.house, "XAA", quarter) == (0, len(due))
    change(world, "member", HEALTH, state="done")
    assert actions.on_time(viewer, world.house, "XAA", quarter) == (0, len(due)), "40 days late"
    change(world, "member", HEALTH, state="open", due_on=day(0), note="The date of the meeting.")
    change(world, "member", HEALTH, state="done")
    this = str(periods.of(TODAY))
    here = [code for code in (HEALTH, COORD) if str(periods.of(one(world, code).due_on)) == this]
    assert actions.on_time(viewer, world.house, "XAA", this) == (1, len(here)), "by the date agreed last"
    change(world, "member", HEALTH, state="dropped", note="It was never needed.")
    assert actions.on_time(viewer, world.house, "XAA", this) == (0, len(here) - 1)
    assert actions.on_time(viewer, world.house, "XZZ", this) == (0, 0)


@pytest.mark.parametrize("state", ["open", "done"])
def test_what_restricts_is_neither_done_on_time_nor_missed(world: World, state: str) -> None:
    """A ban that came in time would make the share better than it is, and one that did not come worse."""
    rows = [
        row("XAA-BAN", "XAA-HEALTH", TODAY, restricts_work_or_migration="yes"),
        row("XAA-NOW", "XAA-HEALTH", TODAY),
    ]
    agree(world, "XAA-COORD", rows, period="2026-Q1")
    this = str(periods.of(TODAY))
    before = actions.on_time(world.operator, world.house, "XAA", this)
    if state == "done":
        door.change(world.operator, world.house, "XAA-BAN", state=state)
        assert one(world, "XAA-BAN").on_time
    assert actions.on_time(world.operator, world.house, "XAA", this) == before
    door.change(world.operator, world.house, "XAA-NOW", state="done")
    assert actions.on_time(world.operator, world.house, "XAA", this) == (before[0] + 1, before[1])
    assert before[1] == 1 + sum(periods.of(one(world, code).due_on) == periods.of(TODAY) for code in (HEALTH, COORD))


def test_done_on_its_very_day_is_on_time(world: World) -> None:
    agree(world, "XAA-COORD", [row("XAA-NOW", "XAA-HEALTH", day(0))], period="2026-Q1")
    moment = datetime.combine(TODAY, time(23, 59, 59), UTC)
    world.house.store.clock = lambda: moment
    door.change(world.operator, world.house, "XAA-NOW", state="done")
    assert one(world, "XAA-NOW").on_time
    agree(world, "XAA-COORD", [row("XAA-LATE", "XAA-HEALTH", day(0))], period="2026-Q2")
    moment += timedelta(seconds=1)
    door.change(world.operator, world.house, "XAA-LATE", state="done")
    assert not one(world, "XAA-LATE").on_time
