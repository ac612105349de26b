"""The door of actions: who may change which, what a change must say, and what happens when two people do at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from action_world import ABROAD, AGREED, COORD, HEALTH, POLICE, UNION, agree, agreed, change, day, row
from dashboard.coordination import actions
from dashboard.coordination.actions import NewerChange, NotPossible
from dashboard.coordination.notes import TELLS
from dashboard.coordination.standing import STATES, Standing, standings
from dashboard.intake import submissions
from dashboard.people.errors import NotPossible as NotPossibleForPeople
from dashboard.protection.policy import Grant, Refused
from dashboard.record import rebuild
from dashboard.record.house import open_house
from dashboard.reference import periods
from submission_world import traces
from world import Built, World, table

WHY = "The budget comes a quarter later."
CANARY = "Zqxwvu Kestrelmoor"


@pytest.fixture(scope="module")
def built_with_actions(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    world = built.opened(tmp_path_factory.mktemp("actions") / "data")
    agreed(world).house.close()
    return Built(world.house.settings.data, world.people, world.sent)


@pytest.fixture
def world(built_with_actions: Built, tmp_path: Path) -> Iterator[World]:
    made = built_with_actions.opened(tmp_path / "world")
    yield made
    made.house.close()


def now(world: World, code: str) -> Standing:
    return standings(world.house.store.read, world.house.store.head().version, code)[0]


def last(world: World, code: str) -> str:
    event = now(world, code).last
    return event["event_id"] if event else ""


# --- who ---


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("member", {HEALTH}),
        ("agency", {HEALTH}),
        ("coordinator", {HEALTH, COORD, ABROAD}),
        ("foreign coordinator", {POLICE, UNION}),
        ("enforcement", {ABROAD, POLICE}),
        ("secretariat", {HEALTH, COORD, ABROAD, POLICE, UNION}),
        ("anonymous", set()),
    ],
)
def test_who_may_change_which(world: World, name: str, may: set[str]) -> None:
    changed = set()
    for code in (HEALTH, COORD, ABROAD, POLICE, UNION):
        try:
            change(world, name, code, state="in_progress")
        except (Refused, NotPossible):
            assert now(world, code).state == "open"
        else:
            changed.add(code)
            assert now(world, code).state == "in_progress"
    assert changed == may


def test_what_may_not_be_seen_is_not_there(world: World) -> None:
    """An enforcement body learns nothing of an action of others; of one that it supports it may not move anything."""
    for code in (HEALTH, "XAA-NEVER", ""):
        with pytest.raises(NotPossible, match=f"There is no action “{code}” on your list."):
            change(world, "enforcement", code, state="done")
    with pytest.raises(Refused, match="own organisation only"):
        change(world, "enforcement", UNION, state="done")


def test_a_member_is_told_that_it_is_for_her_own_organisation(world: World) -> None:
    with pytest.raises(Refused, match="own organisation only"):
        change(world, "member", COORD, state="done")


def test_a_role_that_has_ended_changes_nothing(world: World) -> None:
    viewer = world.viewer("coordinator")
    ended = replace(viewer, grants=(replace(viewer.grants[0], valid_to=viewer.today - timedelta(days=1)),))
    with pytest.raises(Refused):
        actions.change(ended, world.house, HEALTH, state="done")


def test_several_grants_reach_several_organisations(world: World) -> None:
    viewer = world.viewer("member")
    both = replace(viewer, grants=(*viewer.grants, Grant("member", "XAA-COORD", "XAA")))
    actions.change(both, world.house, COORD, state="in_progress")
    assert now(world, COORD).state == "in_progress"


# --- what ---


@pytest.mark.parametrize("state", sorted(set(STATES) - {"open"}))
def test_every_state_can_be_reached(world: World, state: str) -> None:
    change(world, "member", HEALTH, state=state, note=WHY)
    found = now(world, HEALTH)
    assert (found.state, found.note and found.note["note"]) == (state, WHY)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"state": "finished"}, "“finished” is no state of an action. Choose Open, In progress, Blocked, Done or Dropped"),
    ({}, "Nothing was changed"),
    ({"state": "open"}, "Nothing was changed"),
    ({"due_on": day(-40)}, "Nothing was changed"),
    ({"note": "  \n "}, "Nothing was changed"),
    ({"state": "blocked"}, "what blocks the action"),
    ({"state": "dropped"}, "why the action is dropped"),
    ({"due_on": day(30)}, "why the due date moves"),
    ({"due_on": day(-50)}, "why the due date moves"),
    ({"state": "done", "due_on": day(30), "note": WHY}, "stays as it was"),
    ({"due_on": AGREED - timedelta(days=1), "note": WHY}, "cannot be due before"),
    ({"due_on": day(5 * 366), "note": WHY}, "at most 5 years ahead"),
    ({"note": "no"}, "3 to 500 characters; yours has 2"),
    ({"note": "x" * 501}, "3 to 500 characters; yours has 501"),
    ({"evidence": "x" * 501}, "in 3 to 500 characters what shows it; yours has 501"),
    ({"evidence": "Ask ms.kim@example.org"}, "an e-mail address"),
    ({"state": "blocked", "evidence": "Letter of March"}, "what blocks the action"),
]


@pytest.mark.parametrize(("what", "said"), REFUSED, ids=lambda value: str(value)[:40])
def test_a_change_that_does_not_fit_is_refused_in_words(world: World, what: dict[str, Any], said: str) -> None:
    before = world.house.store.head()
    with pytest.raises(NotPossible, match=said):
        change(world, "member", HEALTH, **what)
    assert world.house.store.head() == before and now(world, HEALTH).last is None


@pytest.mark.parametrize("due", [AGREED, day(5 * 365)])
def test_the_ends_of_what_a_due_date_may_be(world: World, due: date) -> None:
    change(world, "member", HEALTH, due_on=due, note="x" * 500)
    assert now(world, HEALTH).due_on == due


def test_a_due_date_on_the_29th_of_february_has_an_end(world: World) -> None:
    assert actions.latest_due(date(2028, 2, 29)) == date(2033, 2, 28)


@pytest.mark.parametrize("state", ["done", "dropped"])
def test_what_is_closed_is_opened_again_with_a_reason_only(world: World, state: str) -> None:
    change(world, "member", HEALTH, state=state, note=WHY)
    with pytest.raises(NotPossible, match="opened again"):
        change(world, "member", HEALTH, state="in_progress")
    with pytest.raises(NotPossible, match="Open the action again to move it"):
        change(world, "member", HEALTH, due_on=day(90), note=WHY)
    change(world, "member", HEALTH, state="open", due_on=day(90), note=WHY)
    assert (now(world, HEALTH).state, now(world, HEALTH).due_on) == ("open", day(90))


def test_a_note_alone_is_a_change_and_stands_in_one_line(world: World) -> None:
    change(world, "member", HEALTH, note="  Waiting for\n the   printer. ")
    found = now(world, HEALTH)
    assert found.note and found.note["note"] == "Waiting for the printer." and found.state == "open"


# --- persons stay out ---


@pytest.mark.parametrize(
    ("note", "code"),
    [
        (f"Ask {CANARY.replace(' ', '.')}@example.org about it", "cell-email"),
        ("Call +999 000 012 345 in the morning", "cell-phone"),
        ("Her passport is AB 1234567", "cell-passport"),
        ("She came on 3 March 2026 and again", "cell-full-date"),
        ("See facebook.com/somebody", "cell-profile"),
        ("Pay to DE89 3704 0044 0532 0130 00", "cell-iban"),
        ("The house is at 12.34567, 98.76543", "cell-coordinates"),
    ],
)
def test_what_could_lead_to_a_person_is_not_kept(world: World, note: str, code: str) -> None:
    before = world.house.store.head()
    with pytest.raises(NotPossible) as refused:
        change(world, "member", HEALTH, state="blocked", note=note)
    assert TELLS[code] in str(refused.value) and note not in str(refused.value)
    assert world.house.store.head() == before
    world.house.close()
    assert traces(world.house.settings.data, note, CANARY.replace(" ", ".")) == []


def test_every_kind_that_the_screen_knows_has_words() -> None:
    from dashboard.intake.problems import PROBLEMS

    cells = {code for code, kind in PROBLEMS.items() if kind.phase == "screen" and code.startswith("cell-")}
    assert set(TELLS) == cells


@pytest.mark.parametrize("note", ["By September 2026, see decision 14/2026.", "Plan 2026-2030, part 3.2", "Q3 2026"])
def test_what_committees_write_passes(world: World, note: str) -> None:
    change(world, "member", HEALTH, note=note)


# --- one write, one version ---


def test_one_change_is_one_version_of_coordination_and_one_line_of_audit(world: World) -> None:
    before = world.house.store.head()
    version = change(
        world, "member", HEALTH, state="in_progress", due_on=day(30), note=CANARY, evidence="Minutes of October"
    )
    head = world.house.store.head()
    assert (head.version, head.coordination) == (version, version) == (before.version + 1, before.version + 1)
    assert (head.figures, head.intake, head.people) == (before.figures, before.intake, before.people)
    events = world.house.store.read("select * from action_event where version = $v order by event_id", v=version)
    assert [event["event"] for event in events] == ["state", "due", "note", "evidence"]
    assert {event["by_account"] for event in events} == {world.people["member"]}
    [entry] = world.house.store.read("select * from audit where action = 'action changed'")
    assert (entry["by_account"], entry["subject"]) == (world.people["member"], HEALTH)
    said = {"note": True, "evidence": True}
    assert json.loads(entry["detail"]) == {"state": "in_progress", "due_on": day(30).isoformat()} | said
    assert world.house.store.verify_audit() == []


def test_an_action_begins_as_agreed(world: World) -> None:
    found = now(world, HEALTH)
    assert (found.state, found.state_on, found.due_on, found.first_due) == ("open", AGREED, day(-40), day(-40))
    assert (found.moves, found.slip_days, found.last, found.moved_on, found.closed) == (0, 0, None, AGREED, False)
    assert (found.support, now(world, COORD).support) == (("XAA-COORD",), ())


def test_slips_are_counted_from_what_was_agreed_first(world: World) -> None:
    change(world, "member", HEALTH, due_on=day(30), note=WHY)
    change(world, "member", HEALTH, due_on=day(54), note=WHY)
    found = now(world, HEALTH)
    assert (found.moves, found.slip_days, found.first_due, found.due_on) == (2, 94, day(-40), day(54))
    assert found.days_overdue(day(0)) == 0 and found.days_overdue(day(60)) == 6


def test_a_later_file_words_an_action_and_moves_no_date(world: World) -> None:
    """Nothing is lost that a later list leaves out, and a slip is a change on the page."""
    later = [row(HEALTH, "XAA-COORD", day(300), title="Worded anew")]
    agree(world, "XAA-COORD", later, period=str(periods.of(day(0))))
    found = now(world, HEALTH)
    assert (found.agreed["title"], found.lead, found.due_on, found.moves) == ("Worded anew", "XAA-COORD", day(-40), 0)
    assert found.support == (), "what the later file leaves empty is empty"
    assert now(world, COORD).due_on == day(100)


def test_a_change_of_the_past_is_seen_at_its_version(world: World) -> None:
    first = change(world, "member", HEALTH, state="in_progress")
    second = change(world, "member", HEALTH, state="done")
    states = {v: standings(world.house.store.read, v, HEALTH)[0].state for v in (first - 1, first, second)}
    assert states == {first - 1: "open", first: "in_progress", second: "done"}
    assert standings(world.house.store.read, 1) == []


# --- two at once ---


def test_a_change_in_between_is_named_and_nothing_is_lost(world: World) -> None:
    change(world, "coordinator", HEALTH, state="blocked", note="No room is free.", knowing="")
    before = world.house.store.head()
    with pytest.raises(NewerChange, match=r"Coordinator changed this action on .+ UTC, after your page was drawn"):
        change(world, "member", HEALTH, state="done", knowing="")
    assert world.house.store.head() == before and now(world, HEALTH).state == "blocked"
    change(world, "member", HEALTH, state="done", knowing=last(world, HEALTH))
    assert now(world, HEALTH).state == "done"
    assert [event["event"] for event in now(world, HEALTH).events] == ["state", "note", "state"]


def test_the_same_form_sent_twice_is_one_change(world: World) -> None:
    change(world, "member", HEALTH, note="Half of it is done.", knowing="")
    with pytest.raises(NewerChange):
        change(world, "member", HEALTH, note="Half of it is done.", knowing="")
    assert len(now(world, HEALTH).events) == 1


def test_whoever_asks_for_no_comparison_gets_none(world: World) -> None:
    change(world, "coordinator", HEALTH, state="in_progress")
    change(world, "member", HEALTH, state="done", knowing=None)
    assert now(world, HEALTH).state == "done"


def test_an_id_that_never_was_is_no_knowledge(world: World) -> None:
    with pytest.raises(NewerChange, match="Load the page again"):
        change(world, "member", HEALTH, state="done", knowing="made up")


def test_of_many_at_the_same_moment_one_is_kept(world: World) -> None:
    together, told = Barrier(6), []

    def try_it(number: int) -> None:
        together.wait()
        try:
            change(world, "member", HEALTH, note=f"Said by number {number}.", knowing="")
        except NewerChange:
            told.append(number)

    threads = [Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 5 and len(now(world, HEALTH).events) == 1


def test_the_sentences_go_to_whoever_asked() -> None:
    """The web answers what people cannot do with 409; so it does here."""
    assert issubclass(NewerChange, NotPossible) and NotPossible is NotPossibleForPeople


# --- the record ---


def test_a_rebuild_brings_actions_and_meetings_back(world: World) -> None:
    from dashboard.coordination import meetings

    change(world, "member", HEALTH, state="blocked", due_on=day(30), note="Waiting for the hall “Größe”.")
    kept = meetings.hold(world.operator, world.house, country="XAA", title="Third meeting", held_on=day(0))
    gone = meetings.hold(world.operator, world.house, country="XAA", title="By mistake", held_on=day(0))
    meetings.withdraw(world.operator, world.house, gone)
    settings = world.house.settings
    standing = now(world, HEALTH)
    rows = world.house.store.read("select * from meeting_now order by meeting_id")
    world.house.close()
    settings.database.rename(settings.database.with_name("before.duckdb"))
    report = rebuild.rebuild(settings, world.house.library)
    assert report.problems == []
    world.house = open_house(settings)
    assert now(world, HEALTH) == standing
    assert world.house.store.read("select * from meeting_now order by meeting_id") == rows
    assert [(r["meeting_id"], r["withdrawn"]) for r in rows] == [(kept, False), (gone, True)]


def test_a_list_names_actions_of_its_own_country_only(world: World) -> None:
    """A row that begins with another country would be read by nobody: so it is refused and not kept in silence."""
    rows = [row(HEALTH, "XAA-HEALTH", day(10)), row("XBA-2026-09", "XAA-HEALTH", day(10), country="XAA")]
    rows[1]["organisation_code"] = "XAA-COORD"
    received = submissions.stage(
        world.operator,
        world.house,
        table(world.house, "actions", rows),
        dataset="actions",
        organisation_code="XAA-COORD",
        period="2026-Q3",
    )
    assert [(p.row, p.column, p.code) for p in received.outcome.problems] == [(3, "action_code", "other-country-code")]
