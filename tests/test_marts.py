"""Frames that reports read: of the right version, built once, few, and gone with what was expunged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pandas as pd
import pytest

from dashboard.intake import submissions
from dashboard.protection.policy import Refused
from dashboard.publication import release
from dashboard.reports import marts
from world import MEMBERS, World, member, send, service, table

HEALTH = "XAA-HEALTH"


def services(world: World, version: int, organisation: str = HEALTH) -> list[str]:
    frame = marts.rows(world.house, "service_coverage", version)
    return sorted(frame["service_code"][frame["reported_by"] == organisation])


def test_rows_by_version(world: World) -> None:
    before = world.house.store.head().version
    assert services(world, before) == ["SEED-1", "SEED-2", "SEED-9"]
    submissions.accept(world.operator, world.house, world.sent["Q3 XAA-HEALTH"])
    accepted = world.house.store.head().version
    assert len(services(world, accepted)) == 7, "both quarters"
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "wrong")
    assert services(world, world.house.store.head().version) == ["SEED-1", "SEED-2", "SEED-3", "SEED-9"]
    assert services(world, accepted) != services(world, before) == ["SEED-1", "SEED-2", "SEED-9"]
    assert services(world, 0) == []


def test_a_frame_is_built_once_for_a_version_and_anew_for_the_next(world: World) -> None:
    version = marts.as_of(world.house).version
    first = marts.rows(world.house, "service_coverage", version)
    assert marts.rows(world.house, "service_coverage", version) is first
    world.house.store.audit("looked", by="operator")
    submissions.send_back(world.operator, world.house, world.sent["Q3 XAA-HEALTH"], "mend row 2")
    assert marts.as_of(world.house).version == version, "figures did not move"
    assert marts.rows(world.house, "service_coverage", version) is first
    submissions.withdraw(world.operator, world.house, world.sent["Q2 XAA-HEALTH"], "wrong")
    assert marts.as_of(world.house).version > version


def test_few_frames_are_kept(world: World) -> None:
    first, kept = marts.rows(world.house, "service_coverage", 99), marts._marts_of(world.house.store)
    for version in range(marts._KEPT + 1):
        kept.get(world.house.store, "one more", version, pd.DataFrame)
    assert marts.rows(world.house, "service_coverage", 99) is not first
    assert len(kept._frames) == marts._KEPT


def test_a_frame_stays_while_only_other_datasets_move(world: World) -> None:
    house = world.house
    services_before, seats = (marts.rows(house, d, 10**9) for d in ("service_coverage", "members"))
    rows = [*MEMBERS["XAA-COORD"], member("XAA-NEW", "SOC-WRK", "world_of_work")]
    send(world, "members", "XAA-COORD", "2026-Q3", table(house, "members", rows))
    version = house.store.head().version
    assert marts.rows(house, "service_coverage", version) is services_before
    assert len(marts.rows(house, "members", version)) == len(seats) + 3, "a register of its own quarter"
    submissions.withdraw(world.operator, house, world.sent["Q2 XBA-POLICE"], "wrong")
    assert len(marts.rows(house, "service_coverage", 10**9)) == len(services_before) - 2


def test_when_a_dataset_last_moved(world: World) -> None:
    """As the record itself says it, asked of each version: where rows change, and nowhere else."""
    house = world.house
    send(world, "members", "XAA-COORD", "2026-Q2", table(house, "members", MEMBERS["XAA-COORD"][:1]))
    submissions.withdraw(world.operator, house, world.sent["Q3 XAA-HEALTH"], "not yet")
    submissions.withdraw(world.operator, house, world.sent["Q2 XAA-HEALTH"], "wrong")
    for dataset in ("members", "service_coverage"):
        assert marts.moved(house, dataset, 0) == 0
        before: list[object] = []
        for version in range(1, house.store.head().version + 1):
            counted: list[object] = house.store.read(
                "select submission_id from accepted where dataset = $dataset and since <= $version"
                " and (until is null or until > $version) order by 1",
                dataset=dataset, version=version,
            )  # fmt: skip
            assert (marts.moved(house, dataset, version) == version) == (counted != before), version
            before = counted
    assert marts.moved(house, "nothing", 99) == 0


def test_many_at_once_build_a_frame_once(world: World) -> None:
    kept, gate, built = marts._marts_of(world.house.store), Barrier(8), []

    def build() -> pd.DataFrame:
        built.append(1)
        sleep(0.05)
        return pd.DataFrame({"a": [len(built)]})

    def ask(_n: int) -> pd.DataFrame:
        gate.wait(timeout=30)
        return kept.get(world.house.store, "slow", 1, build)

    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(ask, range(8)))
    assert built == [1] and all(frame is frames[0] for frame in frames)


def test_a_build_that_fails_holds_nobody_up(world: World) -> None:
    kept = marts._marts_of(world.house.store)

    def build() -> pd.DataFrame:
        raise LookupError

    with pytest.raises(LookupError):
        kept.get(world.house.store, "bad", 1, build)
    assert kept.get(world.house.store, "bad", 1, lambda: pd.DataFrame({"a": [1]}))["a"].tolist() == [1]


def test_what_was_expunged_is_in_no_frame_of_any_version(world: World) -> None:
    """Asked as of a version before: the frame was in memory, and it is gone too."""
    data = table(world.house, "service_coverage", [service(HEALTH, "SEED-4", source="Zq Kestrelmoor")])
    found = send(world, "service_coverage", HEALTH, "2026-Q3", data)
    version = world.house.store.head().version
    assert "SEED-4" in services(world, version)
    submissions.expunge(world.operator, world.house, found, "a name in the column source")
    assert "SEED-4" not in services(world, version)
    for frame in marts._marts_of(world.house.store)._frames.values():
        assert "Zq Kestrelmoor" not in frame.to_csv()


def test_two_records_do_not_share_frames(world: World, settings: object, house: object) -> None:
    assert services(world, 99) and marts.rows(house, "service_coverage", 99).empty  # type: ignore[arg-type]


def test_many_who_ask_at_once_get_the_same_rows(world: World) -> None:
    gate = Barrier(8)

    def ask(_n: int) -> pd.DataFrame:
        gate.wait(timeout=30)
        return marts.rows(world.house, "service_coverage", marts.as_of(world.house).version)

    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(ask, range(8)))
    assert all(frame.equals(frames[0]) for frame in frames) and len(frames[0]) == 5


@pytest.mark.parametrize("dataset", ["", "nothing", "step", "members; drop table step"])
def test_only_datasets_have_frames(world: World, dataset: str) -> None:
    with pytest.raises(KeyError):
        marts.rows(world.house, dataset, 1)


# --- what an organisation last said ---


def test_an_organisations_last_statement_is_taken_whole(world: World) -> None:
    send(
        world,
        "service_coverage",
        HEALTH,
        "2026-Q1",
        table(world.house, "service_coverage", [service(HEALTH, "SEED-5")]),
    )
    version = world.house.store.head().version

    def said(period: str, keep: int = 4) -> dict[str, set[str]]:
        frame = marts.known_in(world.house, "service_coverage", period, version, keep)
        mine = frame[frame["reported_by"] == HEALTH]
        return {q: set(mine["service_code"][mine["reported_in"] == q]) for q in set(mine["reported_in"])}

    q1, q2 = {"2026-Q1": {"SEED-5"}}, {"2026-Q2": {"SEED-1", "SEED-2", "SEED-9"}}
    assert said("2025-Q4") == {}, "nobody knows the future"
    assert said("2026-Q1") == q1
    assert said("2026-Q2") == said("2027-Q1") == q2, "carried over as a whole, not mixed"
    assert said("2027-Q2") == {}, "after a year it is no longer what we know"
    assert said("2027-Q2", keep=5) == q2
    assert said("2026-Q2", keep=1) == q2 and said("2026-Q3", keep=1) == {}


# --- at which version who reads ---


def test_now_as_of_and_beyond(world: World) -> None:
    head = world.house.store.head()
    assert marts.as_of(world.house).version == head.figures < head.version
    assert marts.as_of(world.house, head.version + 100).version == head.version
    assert marts.as_of(world.house, 0).recorded_at is None
    moment = world.house.store.read("select recorded_at from submission_event where version = $v", v=head.figures)
    assert marts.as_of(world.house).recorded_at == moment[0]["recorded_at"]


def test_who_reads_what(world: World) -> None:
    house = world.house
    published = house.store.read("select as_of_version from release_now")[0]["as_of_version"]
    submissions.withdraw(world.operator, house, world.sent["Q2 XAA-HEALTH"], "wrong")
    for name in ("member", "agency", "coordinator", "foreign coordinator", "secretariat"):
        known, scope, told = marts.readable(world.viewer(name), house)
        assert known.version == house.store.head().figures and scope.everything and told == ()
    known, scope, told = marts.readable(world.viewer("enforcement"), house)
    assert known.version == published and scope.organisations == {"XBA-POLICE"} and len(told) == 1
    assert not scope.everything and not scope.countries
    with pytest.raises(Refused, match="front page"):
        marts.readable(world.viewer("anonymous"), house)


def test_an_enforcement_body_reads_the_newest_release_that_stands(world: World) -> None:
    viewer, house = world.viewer("enforcement"), world.house
    first = marts.readable(viewer, house)[0].version
    submissions.withdraw(world.operator, house, world.sent["Q2 XAA-HEALTH"], "wrong")
    release.publish(world.operator, house)
    second = marts.readable(viewer, house)[0].version
    assert second > first
    assert marts.readable(viewer, house, version=second - 1)[0].version == first, "as of an earlier meeting"
    rows = house.store.read("select release_id from release_now order by published_in desc")
    release.withdraw(world.operator, house, rows[0]["release_id"], "wrong")
    assert marts.readable(viewer, house)[0].version == first
    rows = house.store.read("select release_id from release_now where state = 'published'")
    release.withdraw(world.operator, house, rows[0]["release_id"], "wrong too")
    assert marts.readable(viewer, house)[0].version == 0, "nothing is published, so nothing of others is seen"
