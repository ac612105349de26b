"""A submission from its first byte to its end: every step, in every order. Never mocks the record."""

from __future__ import annotations

import pytest

from dashboard.intake import submissions
from dashboard.intake.submissions import NewerVersion, NotPossible
from dashboard.reports import marts
from submission_world import (
    HEALTH,
    POLICE,
    SAID,
    STEPS,
    brought_to,
    csv_of,
    figures,
    stage,
    staged,
    state,
    steps,
)
from world import World, send

# --- a life ---


def test_the_life_of_a_file(world: World) -> None:
    agency, coordinator, house = world.viewer("agency"), world.viewer("coordinator"), world.house
    before = house.store.head()
    received = stage(world, csv_of(world, HEALTH, "SEED-1", "SEED-3"), by=agency)
    assert received.outcome.verdict == "clean" and received.outcome.row_count == 2 and not received.notes
    found = received.submission_id
    assert state(world, found) == "staged" and figures(world) == []
    submissions.submit(agency, house, found)
    assert state(world, found) == "submitted" and figures(world) == []
    assert house.store.head().figures == before.figures, "nothing counts before it is accepted"
    submissions.accept(coordinator, house, found)
    assert steps(world, found) == ["staged", "submitted", "accepted"]
    assert figures(world) == ["SEED-1", "SEED-3"]
    head = house.store.head()
    assert head.intake == head.figures == head.version == before.version + 3
    row = submissions.find(agency, house, found)
    assert (row["row_count"], row["staged_by"], row["state_by"]) == (2, agency.account_id, coordinator.account_id)
    assert house.files.bytes(row["sha256"]) == csv_of(world, HEALTH, "SEED-1", "SEED-3")


def test_returned_with_a_comment_and_sent_again(world: World) -> None:
    agency, coordinator, house = world.viewer("agency"), world.viewer("coordinator"), world.house
    found = world.sent["Q3 XAA-HEALTH"]
    submissions.send_back(coordinator, house, found, "  Row 4:\n the service  closed. ")
    row = submissions.find(agency, house, found)
    assert (row["state"], row["comment"]) == ("returned", "Row 4: the service closed.")
    mended = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2026-Q3", by=agency).submission_id
    assert mended != found and state(world, found) == "returned"
    submissions.submit(agency, house, mended)
    submissions.accept(coordinator, house, mended)
    assert figures(world, "2026-Q3") == ["SEED-1"]


def test_taken_back_before_it_was_accepted(world: World) -> None:
    agency, found = world.viewer("agency"), world.sent["Q3 XAA-HEALTH"]
    submissions.withdraw(agency, world.house, found, "Wrong quarter")
    assert state(world, found) == "withdrawn"
    assert submissions.find(agency, world.house, found)["comment"] == "Wrong quarter"


def test_taken_back_after_it_was_accepted(world: World) -> None:
    """The figures go, and those of the file before do not come back by themselves."""
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found, knowing=first)
        submissions.accept(world.operator, world.house, found, knowing=first)
    assert figures(world) == ["SEED-2"]
    before = world.house.store.head()
    submissions.withdraw(world.viewer("coordinator"), world.house, second, "Reported by mistake")
    assert figures(world) == [] and state(world, first) == "accepted"
    head = world.house.store.head()
    assert head.figures == head.intake == before.version + 1, "coverage and the list of files both change"


def test_a_file_that_was_replaced_cannot_be_withdrawn(world: World) -> None:
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found, knowing=first)
        submissions.accept(world.operator, world.house, found, knowing=first)
    with pytest.raises(NotPossible, match="later file has replaced"):
        submissions.withdraw(world.operator, world.house, first, SAID)
    assert state(world, first) == "accepted" and figures(world) == ["SEED-2"]


POSSIBLE = {
    "staged": {"submit", "withdraw"},
    "submitted": {"accept", "send back", "withdraw"},
    "accepted": {"withdraw"},
    "returned": {"withdraw"},
    "withdrawn": set(),
    "lapsed": set(),
    "expunged": set(),
}


def test_every_step_in_every_state(world: World) -> None:
    assert set(POSSIBLE) == set(submissions.STATES), "a new state needs its row here"
    for number, (wanted, possible) in enumerate(POSSIBLE.items()):
        found = brought_to(world, wanted, number)
        for name in set(STEPS) - possible:
            version = world.house.store.head().version
            with pytest.raises(NotPossible) as told:
                STEPS[name](world.operator, world.house, found)
            assert not isinstance(told.value, NewerVersion) and len(str(told.value)) > 20
            assert state(world, found) == wanted, f"{name} on a file that is {wanted}"
            assert world.house.store.head().version == version
        for last in possible & {"withdraw"}:
            STEPS[last](world.operator, world.house, found)
            assert state(world, found) == "withdrawn"


def test_a_comment_says_something_and_is_short(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    for comment in ("", "   ", "\n\t", "no", " a ", "x" * 501):
        for step in (submissions.send_back, submissions.withdraw, submissions.expunge):
            with pytest.raises(NotPossible, match="500 characters"):
                step(world.operator, world.house, found, comment)
    assert state(world, found) == "submitted"


def test_a_comment_of_500_characters_is_kept_whole(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    submissions.send_back(world.operator, world.house, found, "ô" * 500)
    assert submissions.find(world.operator, world.house, found)["comment"] == "ô" * 500


# --- the same bytes again ---


@pytest.mark.parametrize("wanted", ["staged", "submitted", "accepted"])
def test_the_same_bytes_are_the_same_file(world: World, wanted: str) -> None:
    found = brought_to(world, wanted, 0)
    version, kept = world.house.store.head().version, steps(world, found)
    again = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1", by=world.viewer("agency"))
    assert again.submission_id == found
    assert len(again.notes) == 1 and "here already" in again.notes[0]
    assert steps(world, found) == kept and world.house.store.head().version == version


@pytest.mark.parametrize("wanted", ["returned", "withdrawn", "lapsed"])
def test_a_file_that_went_comes_back_under_its_id(world: World, wanted: str) -> None:
    found = brought_to(world, wanted, 0)
    again = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1")
    assert (again.submission_id, again.notes, state(world, found)) == (found, (), "staged")
    row = submissions.find(world.operator, world.house, found)
    assert world.house.files.has(row["sha256"])
    assert world.house.files.parquet(row["sha256"], row["contract_hash"]).exists()
    submissions.submit(world.operator, world.house, found)
    submissions.accept(world.operator, world.house, found)
    assert figures(world, "2020-Q1") == ["SEED-1"]


def test_a_file_withdrawn_after_acceptance_and_accepted_again_is_not_doubled(world: World) -> None:
    found = brought_to(world, "accepted", 0)
    submissions.withdraw(world.operator, world.house, found, SAID)
    assert figures(world, "2020-Q1") == []
    assert stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1").submission_id == found
    assert figures(world, "2020-Q1") == [], "what was withdrawn stays so until it is accepted again"
    submissions.submit(world.operator, world.house, found)
    submissions.accept(world.operator, world.house, found)
    assert figures(world, "2020-Q1") == ["SEED-1"]


def test_an_expunged_file_that_comes_again_is_another_submission(world: World) -> None:
    found = brought_to(world, "expunged", 0)
    again = stage(world, csv_of(world, HEALTH, "SEED-1"), period="2020-Q1").submission_id
    assert again and again != found
    assert (state(world, found), state(world, again)) == ("expunged", "staged")


def test_a_replaced_file_can_be_sent_again(world: World) -> None:
    """Back to the former figures: the same bytes are not refused with “accepted” while others count."""
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found, knowing=first)
        submissions.accept(world.operator, world.house, found, knowing=first)
    then = world.house.store.head().version
    again = stage(world, csv_of(world, HEALTH, "SEED-1"))
    assert (again.submission_id, again.notes, state(world, first)) == (first, (), "staged")
    assert figures(world) == ["SEED-2"], "until it is accepted nothing moves"
    submissions.submit(world.operator, world.house, first)
    submissions.accept(world.operator, world.house, first)
    assert figures(world) == ["SEED-1"]
    past = marts.known_in(world.house, "service_coverage", "2026-Q1", then)
    assert list(past["service_code"][past["reported_by"] == HEALTH]) == ["SEED-2"]


def test_the_same_bytes_for_another_quarter_are_another_submission(world: World) -> None:
    data = csv_of(world, HEALTH, "SEED-1")
    found = {stage(world, data, period=period).submission_id for period in ("2025-Q4", "2026-Q1")}
    assert len(found) == 2
    shas = world.house.store.read(
        "select distinct sha256 from submission where submission_id in (select unnest($ids))", ids=list(found)
    )
    assert len(shas) == 1


# --- a newer file in between ---


def test_a_newer_file_stops_both_steps_until_it_was_seen(world: World) -> None:
    mine, theirs = staged(world, "SEED-1"), staged(world, "SEED-2", "SEED-3")
    submissions.submit(world.operator, world.house, theirs)
    submissions.accept(world.operator, world.house, theirs)
    row = submissions.find(world.operator, world.house, mine)
    found = submissions.newer(world.house, row)
    assert found and found["submission_id"] == theirs
    for step, before in ((submissions.submit, "staged"), (submissions.accept, "submitted")):
        for knowing in ("", mine, "nothing"):
            with pytest.raises(NewerVersion, match="Nothing was merged"):
                step(world.operator, world.house, mine, knowing=knowing)
        assert state(world, mine) == before and figures(world) == ["SEED-2", "SEED-3"]
        step(world.operator, world.house, mine, knowing=theirs)
    assert figures(world) == ["SEED-1"], "replaced as a whole, nothing merged"
    assert submissions.newer(world.house, row) is None


def test_what_was_accepted_before_is_not_newer(world: World) -> None:
    theirs = staged(world, "SEED-2")
    submissions.submit(world.operator, world.house, theirs)
    submissions.accept(world.operator, world.house, theirs)
    mine = staged(world, "SEED-1")
    submissions.submit(world.operator, world.house, mine)
    submissions.accept(world.operator, world.house, mine)
    assert figures(world) == ["SEED-1"]


def test_another_quarter_or_organisation_is_not_newer(world: World) -> None:
    mine = staged(world, "SEED-1")
    send(world, "service_coverage", HEALTH, "2025-Q4", csv_of(world, HEALTH, "SEED-2"))
    send(world, "service_coverage", POLICE, "2026-Q1", csv_of(world, POLICE, "SEED-2"))
    submissions.submit(world.operator, world.house, mine)
    assert state(world, mine) == "submitted"
