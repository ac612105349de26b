"""Steps on the same files at the same moment: each is done once, and whoever came second is told. Never by turns."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest

from dashboard.intake import submissions
from dashboard.intake.submissions import NotPossible, Received
from dashboard.protection.policy import Refused
from submission_world import (
    HEALTH,
    POLICE,
    SAID,
    csv_of,
    figures,
    stage,
    staged,
    state,
    steps,
)
from world import World

# --- at once ---


def together(*tasks: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment; an answer is what came back or what was raised."""
    gate = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        gate.wait(timeout=30)
        try:
            return task()
        except (NotPossible, Refused) as error:
            return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


def test_two_who_accept_the_same_file_at_once(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    for_all = (world.viewer("coordinator"), world.viewer("secretariat"), world.operator)
    answers = together(*(lambda v=v: submissions.accept(v, world.house, found) for v in for_all))  # type: ignore[misc]
    assert sorted(isinstance(a, NotPossible) for a in answers) == [False, True, True]
    assert steps(world, found) == ["staged", "submitted", "accepted"]
    assert figures(world, "2026-Q3") == ["SEED-1", "SEED-2", "SEED-3", "SEED-9"]


def test_accepting_and_returning_at_once(world: World) -> None:
    found = world.sent["Q3 XAA-HEALTH"]
    answers = together(
        lambda: submissions.accept(world.operator, world.house, found),
        lambda: submissions.send_back(world.operator, world.house, found, SAID),
        lambda: submissions.withdraw(world.viewer("agency"), world.house, found, SAID),
    )
    taken = steps(world, found)[2:]
    assert taken in (["accepted"], ["returned"], ["returned", "withdrawn"], ["withdrawn"])
    assert sum(a is None for a in answers) == len(taken), "whoever was told it was done did it"


@pytest.mark.parametrize("attempt", range(3))
def test_two_files_for_the_same_place_accepted_at_once(world: World, attempt: int) -> None:
    """One counts; whoever came second is told of the first, although both looked before either was there."""
    first, second = staged(world, "SEED-1"), staged(world, "SEED-2")
    for found in (first, second):
        submissions.submit(world.operator, world.house, found)
    answers = together(*(
        lambda f=found: submissions.accept(world.operator, world.house, f) for found in (first, second)  # type: ignore[misc]
    ))  # fmt: skip
    assert sorted(type(a).__name__ for a in answers) == ["NewerVersion", "NoneType"]
    assert sorted([state(world, first), state(world, second)]) == ["accepted", "submitted"]


def test_a_file_submitted_while_files_lapse_is_not_lost(world: World) -> None:
    found, later = staged(world, "SEED-1"), datetime.now(UTC) + timedelta(days=15)
    together(
        lambda: submissions.submit(world.operator, world.house, found),
        lambda: submissions.sweep(world.operator, world.house, now=later),
    )
    row = submissions.find(world.operator, world.house, found)
    assert steps(world, found) in (["staged", "submitted"], ["staged", "lapsed"]), "never both"
    assert world.house.files.has(row["sha256"]) == (row["state"] == "submitted")


def test_eight_who_send_at_once(world: World) -> None:
    """Four organisations, twice each: once the same bytes from two people, once two files that differ."""
    places = [HEALTH, POLICE, "XAA-COORD", "XBA-UNION"]
    files = [csv_of(world, place, "SEED-1") for place in places] + [
        csv_of(world, HEALTH, "SEED-1"),
        csv_of(world, POLICE, "SEED-1"),
        csv_of(world, "XAA-COORD", "SEED-2"),
        csv_of(world, "XBA-UNION", "SEED-2"),
    ]
    tasks = [lambda d=d, p=p: stage(world, d, p) for d, p in zip(files, places * 2, strict=True)]  # type: ignore[misc]
    before = world.house.store.head().version
    answers = together(*tasks)
    assert all(isinstance(a, Received) and a.submission_id for a in answers)
    ids = [a.submission_id for a in answers]
    assert ids[0] == ids[4] and ids[1] == ids[5] and len(set(ids)) == 6
    rows = world.house.store.read("select * from submission_now where version > $before", before=before)
    assert len(rows) == 6 and {row["state"] for row in rows} == {"staged"}
    assert all(world.house.files.has(row["sha256"]) for row in rows)
    assert all(steps(world, found) == ["staged"] for found in set(ids))
    assert world.house.store.verify_audit() == []
