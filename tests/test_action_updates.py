"""Progress that an organisation tells in a file: in the action's history once accepted, gone with the file, never over
what was said on the page since."""

from __future__ import annotations

from typing import Any

import pytest

from action_world import ABROAD, COORD, HEALTH, POLICE, TODAY, agree, agreed, change, dated, day, row
from dashboard.coordination.standing import standings
from dashboard.intake import restoring, submissions, templates
from dashboard.reference import periods
from dashboard.reports import actions
from world import World, send, table

LAST = periods.last_ended(TODAY)
QUARTER, BEFORE = str(LAST), str(LAST.shifted(-1))


@pytest.fixture
def world(world: World) -> World:
    return agreed(world)


def told(code: str, state: str, progress: str, **more: str) -> dict[str, str]:
    said = {"country": code[:3], "action_code": code, "organisation_code": "XAA-HEALTH", "state": state}
    return said | {"progress": progress} | more


def sent(world: World, *rows: dict[str, str], period: str = QUARTER, accept: bool = True) -> str:
    data = table(world.house, "action_updates", list(rows))
    return send(world, "action_updates", rows[0]["organisation_code"], period, data, accept=accept)


def one(world: World, version: int | None = None, code: str = HEALTH) -> actions.Action:
    return actions.action(dated(world.viewer("secretariat"), TODAY), world.house, code, version)


def history(world: World, version: int | None = None) -> list[tuple[tuple[str, ...], str]]:
    return [(step.what, step.note) for step in actions.history(world.operator, world.house, HEALTH, version)]


def version(world: World) -> int:
    return world.house.store.head().version


FILED = f"By file, XAA-HEALTH office, {LAST.label}"


def test_it_is_in_the_history_from_its_acceptance_on(world: World) -> None:
    waiting = sent(world, told(HEALTH, "in_progress", "Two provinces signed."), accept=False)
    before = version(world)
    assert one(world).state == "open" and history(world) == []
    submissions.accept(world.viewer("coordinator"), world.house, waiting)
    found = one(world)
    assert (found.state, found.state_on, found.moved_on) == ("in_progress", TODAY, TODAY)
    assert (found.note, found.note_by) == ("Two provinces signed.", "XAA-HEALTH office")
    assert (found.due_on, found.moves) == (day(-40), 0), "a file moves no due date"
    assert history(world) == [((FILED, "Open → In progress"), "Two provinces signed.")]
    [step] = actions.history(world.operator, world.house, HEALTH)
    assert (step.by, step.organisation) == ("Coordinator", "XAA-COORD office"), "who accepted it"
    assert one(world, before).state == "open" and history(world, before) == []
    assert not one(world).still, "somebody said something of it"


def test_what_is_in_the_way_is_read_with_the_note(world: World) -> None:
    sent(world, told(HEALTH, "blocked", "Nothing moved.", obstacle="The budget was not released."))
    assert one(world).note == "Nothing moved. In the way: The budget was not released."
    assert history(world)[0][1] == one(world).note


def test_the_same_state_again_is_a_note_and_no_change(world: World) -> None:
    sent(world, told(HEALTH, "open", "Nobody began."))
    assert history(world) == [((FILED,), "Nobody began.")] and one(world).state_on == one(world).agreed_on


def test_a_later_word_on_the_page_holds(world: World) -> None:
    waiting = sent(world, told(HEALTH, "done", "All signed."), accept=False)
    change(world, "member", HEALTH, state="blocked", note="One hospital stepped back.")
    submissions.accept(world.operator, world.house, waiting)
    found = one(world)
    assert (found.state, found.note) == ("blocked", "One hospital stepped back.")
    assert history(world)[0] == ((FILED, "It says “Done”. What was said later holds."), "All signed.")
    change(world, "member", HEALTH, state="in_progress", note="It is back.")
    assert history(world)[0][0] == ("Blocked → In progress",), "the file's word is no state that it came from"


def test_the_page_may_say_something_new_after_it(world: World) -> None:
    change(world, "member", HEALTH, state="in_progress", note="Begun.")
    sent(world, told(HEALTH, "done", "All signed."))
    assert one(world).state == "done" and one(world).note == "All signed."
    change(world, "member", HEALTH, state="in_progress", note="Not in the north.")
    assert one(world).state == "in_progress" and one(world).note == "Not in the north."


def test_an_older_quarter_that_is_corrected_late_changes_nothing_of_a_newer_one(world: World) -> None:
    sent(world, told(HEALTH, "open", "Nothing yet."))
    sent(world, told(HEALTH, "blocked", "Waiting.", obstacle="No room."), period=BEFORE)
    assert (one(world).state, one(world).note) == ("open", "Nothing yet.")
    assert history(world)[0][0][1] == "It says “Blocked”. What was said later holds."
    sent(world, told(HEALTH, "done", "All signed."))
    assert one(world).state == "done", "a corrected file of the quarter speaks for it"


@pytest.mark.parametrize("door", ["withdraw", "expunge"])
def test_it_goes_with_its_file(world: World, door: str) -> None:
    first = sent(world, told(HEALTH, "in_progress", "Begun."), period=BEFORE)
    second = sent(world, told(HEALTH, "done", "All signed."))
    accepted = version(world)
    if door == "withdraw":
        submissions.withdraw(world.operator, world.house, second, "Sent by mistake.")
    else:
        submissions.expunge(world.operator, world.house, second, "Somebody was named.")
    assert (one(world).state, one(world).note) == ("in_progress", "Begun.") and len(history(world)) == 1
    assert one(world, accepted).state == ("done" if door == "withdraw" else "in_progress")
    submissions.withdraw(world.operator, world.house, first, "This one, too.")
    assert one(world).state == "open" and history(world) == []


def test_a_file_that_comes_back_speaks_again_but_not_over_the_page(world: World) -> None:
    gone = sent(world, told(HEALTH, "done", "All signed."))
    submissions.withdraw(world.operator, world.house, gone, "Sent by mistake.")
    restoring.restore(world.operator, world.house, gone, "It was right.")
    assert one(world).state == "done" and len(history(world)) == 1
    submissions.withdraw(world.operator, world.house, gone, "No, it was not.")
    change(world, "member", HEALTH, state="blocked", note="One hospital stepped back.")
    restoring.restore(world.operator, world.house, gone, "It was right.")
    assert one(world).state == "blocked"


@pytest.mark.parametrize("code", [COORD, ABROAD, POLICE, "XAA-NOT-THERE"])
def test_of_another_organisations_action_it_says_nothing(world: World, code: str) -> None:
    data = table(world.house, "action_updates", [told(HEALTH, "open", "Nothing."), told(code, "done", "Done.")])
    received = submissions.stage(
        world.viewer("agency"), world.house, data, dataset="action_updates", organisation_code="XAA-HEALTH",
        period=QUARTER,
    )  # fmt: skip
    assert not received.submission_id
    assert (3, "action_code", "not-your-action") in [(p.row, p.column, p.code) for p in received.outcome.problems]


def test_who_does_not_lead_any_more_keeps_what_it_said(world: World) -> None:
    sent(world, told(HEALTH, "in_progress", "Begun."))
    agree(world, "XAA-COORD", [row(HEALTH, "XAA-COORD", day(-40))], period=str(periods.of(TODAY)))
    assert one(world).state == "in_progress" and one(world).lead == "XAA-COORD"


def test_the_template_holds_the_actions_that_the_organisation_leads(world: World) -> None:
    text = templates.template(world.viewer("agency"), world.house, "action_updates", organisation_code="XAA-HEALTH")
    rows = [line for line in text.splitlines() if line.startswith("XAA,")]
    assert rows == [f"XAA,{HEALTH},XAA-HEALTH,,,"]


def test_one_action_is_read_as_all_are(world: World) -> None:
    sent(world, told(HEALTH, "in_progress", "Begun."))
    read: Any = world.house.store.read
    [alone] = standings(read, version(world), HEALTH)
    [among] = [s for s in standings(read, version(world)) if s.code == HEALTH]
    assert alone.events == among.events and len(alone.events) == 2
