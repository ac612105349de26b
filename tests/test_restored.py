"""A version that comes back: who may bring it, what counts before, between and after. Never mocks the record."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contacts_world import DATASET, HEALTH, Q2, contact, counted
from dashboard.intake import submissions, versions
from dashboard.intake.submissions import NewerVersion, NotPossible
from dashboard.protection.policy import Refused
from dashboard.record import rebuild
from dashboard.record.house import open_house
from dashboard.reports import contacts, marts
from dashboard.reports import submissions as sent
from submission_world import SAID, brought_to, csv_of, figures, staged, state, steps
from world import World, send, table

Q1 = "2026-Q1"


def two(world: World) -> tuple[str, str]:
    """Two accepted versions of one quarter; the second counts."""
    first = send(world, "service_coverage", HEALTH, Q1, csv_of(world, HEALTH, "SEED-1"))
    return first, send(world, "service_coverage", HEALTH, Q1, csv_of(world, HEALTH, "SEED-2", "SEED-3"))


def known(world: World, version: int) -> list[str]:
    found = marts.known_in(world.house, "service_coverage", Q1, version, keep=1)
    return sorted(found["service_code"][found["reported_by"] == HEALTH])


# --- what counted once counts again ---


def test_before_between_and_after(world: World, tmp_path: Path) -> None:
    """The record tells each moment ever after, and a rebuilt one tells the same."""
    head = world.house.store.head
    none = head().version
    first = send(world, "service_coverage", HEALTH, Q1, csv_of(world, HEALTH, "SEED-1"))
    one = head().version
    second = send(world, "service_coverage", HEALTH, Q1, csv_of(world, HEALTH, "SEED-2", "SEED-3"))
    between = head()
    step = submissions.restore(world.viewer("coordinator"), world.house, first, "The old one was right", knowing=second)
    after = head()
    assert step == "accepted" and after.figures == after.intake == between.version + 1
    assert figures(world, Q1) == ["SEED-1"]
    expected = {none: [], one: ["SEED-1"], between.version: ["SEED-2", "SEED-3"], after.version: ["SEED-1"]}
    assert {version: known(world, version) for version in expected} == expected
    submissions.restore(world.operator, world.house, second, SAID, knowing=first)
    expected[head().version] = ["SEED-2", "SEED-3"]
    submissions.withdraw(world.operator, world.house, second, SAID)
    expected[head().version] = []
    submissions.restore(world.operator, world.house, second, SAID)
    expected[head().version] = ["SEED-2", "SEED-3"]
    assert {version: known(world, version) for version in expected} == expected
    assert world.house.store.read("select count(*) as n from d_service_coverage where submission_id = $id", id=second)[
        0
    ] == {"n": 2}, "the rows are there once"
    world.house.close()
    settings = replace(world.house.settings, data=tmp_path / "again")
    shutil.copytree(world.house.settings.data, settings.data)
    settings.database.unlink()
    assert rebuild.rebuild(settings, world.house.library).problems == []
    world.house = open_house(settings)
    assert {version: known(world, version) for version in expected} == expected


def test_totals_of_contacts_follow(counting: World) -> None:
    """Sums are kept for each file: they come back with it, and the former days keep theirs."""
    viewer = counting.viewer("trained secretariat")
    first = counting.sent[f"contacts {HEALTH} {Q2}"]

    def total(version: int | None = None) -> str:
        found = contacts.by_period(viewer, counting.house, country="XAA", version=version).frame
        return found.astype(str).to_csv()

    before, was = counting.house.store.head().version, total()
    second = counted(counting, HEALTH, Q2, [contact(HEALTH, "health", 500)])
    between, changed = counting.house.store.head().version, total()
    assert changed != was
    submissions.restore(viewer, counting.house, first, "The correction was wrong", knowing=second)
    assert (total(), total(before), total(between)) == (was, was, changed)


def test_what_stands_at_stake_is_named(world: World) -> None:
    first, second = two(world)
    coordinator, house = world.viewer("coordinator"), world.house
    for knowing in ("", first, "nothing"):
        with pytest.raises(NewerVersion, match="Another version counts now"):
            submissions.restore(coordinator, house, first, SAID, knowing=knowing)
    submissions.withdraw(coordinator, house, second, SAID)
    with pytest.raises(NewerVersion):
        submissions.restore(coordinator, house, first, SAID, knowing=second)
    for comment in ("", "  ", "no", "x" * 501):
        with pytest.raises(NotPossible, match="500 characters"):
            submissions.restore(coordinator, house, first, comment)
    assert figures(world, Q1) == []
    submissions.restore(coordinator, house, first, SAID)
    assert figures(world, Q1) == ["SEED-1"] and state(world, second) == "withdrawn"


def test_a_staged_file_hears_of_what_was_restored(world: World) -> None:
    first, second = two(world)
    mine = staged(world, "SEED-4", period=Q1)
    submissions.restore(world.operator, world.house, first, SAID, knowing=second)
    with pytest.raises(NewerVersion):
        submissions.submit(world.operator, world.house, mine)
    submissions.submit(world.operator, world.house, mine, knowing=first)


def test_who_may_bring_back_what_counted(world: World) -> None:
    first, second = two(world)
    for name in ("agency", "member", "foreign coordinator", "enforcement", "anonymous"):
        with pytest.raises(Refused):
            submissions.restore(world.viewer(name), world.house, first, SAID, knowing=second)
    assert figures(world, Q1) == ["SEED-2", "SEED-3"]


def test_contacts_come_back_by_a_trained_hand(counting: World) -> None:
    first = counting.sent[f"contacts {HEALTH} {Q2}"]
    second = counted(counting, HEALTH, Q2, [contact(HEALTH, "health", 500)])
    for name in ("coordinator", "secretariat"):
        with pytest.raises(Refused, match="counts contacts of survivors"):
            submissions.restore(counting.viewer(name), counting.house, first, SAID, knowing=second)
        found = sent.detail(counting.viewer(name), counting.house, first)
        assert "restore" not in found.may and "counts contacts" in found.cannot_restore
        assert found.restoring is None, "not even what it would change"
    trained = counting.viewer("trained coordinator")
    with pytest.raises(NotPossible, match="quotes a count"):
        submissions.restore(trained, counting.house, first, "It was 37 in row 3", knowing=second)
    assert "restore" in sent.detail(trained, counting.house, first).may
    submissions.restore(trained, counting.house, first, SAID, knowing=second)
    assert versions.counting(counting.house.store.read, submissions.find(trained, counting.house, first)) == first


@pytest.mark.parametrize(
    ("how", "match"),
    [("expunged", "removed for ever"), ("bytes", "no longer here"), ("contract", "no longer asked for")],
)
def test_what_cannot_come_back_says_why(world: World, how: str, match: str) -> None:
    first, second = two(world)
    row, house = submissions.find(world.operator, world.house, first), world.house
    if how == "expunged":
        submissions.expunge(world.operator, house, first, "a name slipped in")
    if how == "bytes":
        house.files.delete(row["sha256"])
    if how == "contract":
        fewer = {name: c for name, c in house.library.contracts.items() if name != "service_coverage"}
        house = replace(house, library=replace(house.library, contracts=fewer))
    with pytest.raises(NotPossible, match=match):
        submissions.restore(world.operator, house, first, SAID, knowing=second)
    assert figures(world, Q1) == ["SEED-2", "SEED-3"]


# --- what never counted is staged again ---


def test_a_withdrawn_file_is_staged_again(world: World) -> None:
    found, agency = brought_to(world, "withdrawn", 0), world.viewer("agency")
    assert sent.detail(agency, world.house, found).may == {"restore"}
    assert submissions.restore(agency, world.house, found, "") == "staged"
    assert steps(world, found) == ["staged", "withdrawn", "staged"]
    submissions.submit(agency, world.house, found)
    submissions.accept(world.viewer("coordinator"), world.house, found)
    assert figures(world, "2020-Q1") == ["SEED-1"]


def test_only_who_sends_it_and_only_while_it_is_kept(world: World) -> None:
    found = brought_to(world, "withdrawn", 0)
    for name in ("member", "foreign coordinator", "enforcement"):
        with pytest.raises(Refused):
            submissions.restore(world.viewer(name), world.house, found, "")
    late = replace(world.house, settings=replace(world.house.settings, staged_days=0))
    with pytest.raises(NotPossible, match="no longer here"):
        submissions.restore(world.viewer("agency"), late, found, "")
    submissions.sweep(world.operator, world.house, now=datetime.now(UTC) + timedelta(days=15))
    with pytest.raises(NotPossible, match="no longer here"):
        submissions.restore(world.viewer("agency"), world.house, found, "")


def test_a_guess_that_was_withdrawn_long_ago_does_not_come_back(counting: World) -> None:
    """The bytes of a right one are here yet, for the accepted file: restoring it would tell that it is right."""
    agency, said = counting.viewer("agency"), []
    right = [dict(row) for row in _accepted_rows(counting)]
    wrong = [row | {"contacts": str(int(row["contacts"]) + 1)} for row in right]
    late = replace(counting.house, settings=replace(counting.house.settings, staged_days=0))
    for rows in (right, wrong):
        data = table(counting.house, DATASET, rows)
        guess = submissions.stage(
            agency, counting.house, data, dataset=DATASET, organisation_code=HEALTH, period=Q2
        ).submission_id
        submissions.withdraw(agency, counting.house, guess, "Only a guess.")
        submissions.sweep(counting.operator, late, now=datetime.now(UTC) + timedelta(seconds=5))
        with pytest.raises(NotPossible) as refused:
            submissions.restore(agency, late, guess, "")
        row = submissions.find(agency, counting.house, guess)
        said.append((str(refused.value), versions.rows(agency, late, row), counting.house.files.has(row["sha256"])))
    assert said[0][:2] == said[1][:2] and said[0][1] is None
    assert (said[0][2], said[1][2]) == (True, False)


def _accepted_rows(world: World) -> list[dict[str, str]]:
    from contacts_world import FILES

    return FILES[(HEALTH, Q2)]


@pytest.mark.parametrize("wanted", ["staged", "submitted", "accepted", "returned", "lapsed", "expunged"])
def test_nothing_to_restore(world: World, wanted: str) -> None:
    found = brought_to(world, wanted, 0)
    kept = steps(world, found)
    with pytest.raises(NotPossible) as told:
        submissions.restore(world.operator, world.house, found, SAID)
    assert len(str(told.value)) > 20 and steps(world, found) == kept


# --- the chain of versions ---


def test_the_versions_of_a_quarter(world: World) -> None:
    first, second = two(world)
    draft = staged(world, "SEED-4", period=Q1)
    back = staged(world, "SEED-5", period=Q1)
    submissions.submit(world.operator, world.house, back, knowing=second)
    submissions.send_back(world.operator, world.house, back, SAID)

    def told(found: str) -> list[tuple[str, str, int, bool, bool]]:
        row = submissions.find(world.operator, world.house, found)
        chain = versions.chain(world.viewer("member"), world.house, row)
        return [(v.submission_id, v.state, v.row_count, v.counts, v.corrected) for v in chain]

    handed_in = [
        (first, "accepted", 1, False, True),
        (second, "accepted", 2, True, False),
        (back, "returned", 1, False, False),
    ]
    assert told(first) == told(second) == told(back) == handed_in
    assert told(draft) == [*handed_in[:2], (draft, "staged", 1, False, False), handed_in[2]]
    with pytest.raises(Refused):
        versions.chain(world.viewer("enforcement"), world.house, submissions.find(world.operator, world.house, first))


def test_guesses_stand_in_no_chain_of_who_may_not_see_counts(counting: World) -> None:
    true = counting.sent[f"contacts {HEALTH} {Q2}"]
    guess = counted(counting, HEALTH, Q2, [contact(HEALTH, "health", 500)], accept=False)
    row = submissions.find(counting.operator, counting.house, true)
    for name, seen in (("agency", [true]), ("trained agency", [true, guess])):
        chain = versions.chain(counting.viewer(name), counting.house, row)
        assert [version.submission_id for version in chain] == seen
