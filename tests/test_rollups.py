"""Sums that are made once for each file: as the rows say at every version, never twice, gone with what was expunged."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pandas as pd
import pytest

from contacts_world import COORD, HEALTH, POLICE, Q1, Q2, counted
from dashboard.config import Settings
from dashboard.intake import submissions
from dashboard.record import sums
from dashboard.record.house import House, open_house
from dashboard.record.store import Store
from dashboard.reports import contacts, rollups
from dashboard.reports.rollups import Rollup
from world import World, build, contact, join, lay_overlay, service, table, train
from world import send as sent

SEATS = Rollup("seats", "members", ("sector",), (("seats", "count(*)"),))


def as_rows_say(house: House, rollup: Rollup, version: int) -> list[tuple[object, ...]]:
    """The same question asked of every row of the record, without any rollup."""
    by = ", ".join(rollup.by)
    measures = ", ".join(f"{said} as {name}" for name, said in rollup.measures)
    found = house.store.frame(
        f"select {by}, {measures}, reported_by, period from {rollup.dataset}_rows where ({rollup.where})"
        " and since <= $version and (until is null or until > $version) group by all",
        version=version,
    )
    return plain(found)


def plain(frame: pd.DataFrame) -> list[tuple[object, ...]]:
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return sorted((tuple(row) for row in rows), key=str)


def asked(house: House, rollup: Rollup, version: int) -> list[tuple[object, ...]]:
    names = [*rollup.by, *(name for name, _said in rollup.measures), "reported_by", "period"]
    return plain(rollups.at(house, rollup, version)[names])


EVERY = [contacts.TOTALS, contacts._STAGES, *{r.name: r for *_rest, r in contacts._BY.values()}.values(), SEATS]


@pytest.mark.parametrize("rollup", EVERY, ids=lambda rollup: rollup.name)
def test_a_rollup_says_what_the_rows_say_at_every_version(counting: World, rollup: Rollup) -> None:
    """Asked again and again while files come, are replaced, withdrawn and accepted once more; forwards and back."""
    house = counting.house
    by = counting.viewer("trained secretariat")

    def compare() -> None:
        for version in range(0, house.store.head().version + 1, 3):
            assert asked(house, rollup, version) == as_rows_say(house, rollup, version), version
        newest = house.store.head().version
        assert asked(house, rollup, newest) == as_rows_say(house, rollup, newest)

    compare()
    former = counting.sent[f"contacts {HEALTH} {Q2}"]
    corrected = counted(counting, HEALTH, Q2, [contact(HEALTH, "health", 25, origin="XBA")])
    compare()
    submissions.withdraw(by, house, corrected, "sent by mistake")
    compare()
    data = table(house, "service_contacts", [contact(HEALTH, "health", 25, origin="XBA")])
    again = submissions.stage(
        counting.operator, house, data, dataset="service_contacts", organisation_code=HEALTH, period=Q2
    ).submission_id
    assert again == corrected, "the same bytes"
    submissions.submit(by, house, again)
    submissions.accept(by, house, again)
    compare()
    assert former not in set(rollups.at(house, contacts.TOTALS, 10**9)["submission_id"])


def test_a_file_is_added_up_once(counting: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new file costs its own rows; a file of another dataset, a file sent back and an older version cost nothing."""
    house, scanned = counting.house, []
    real = Store.frame

    def watched(self: Store, sql: str, /, **params: object) -> pd.DataFrame:
        if 'from "d_service_contacts"' in sql and "counted" in sql:  # warnings look at a file's own rows, too
            scanned.append(params.get("these"))
        return real(self, sql, **params)

    monkeypatch.setattr(Store, "frame", watched)
    first = rollups.at(house, contacts.TOTALS, house.store.head().version)
    assert scanned == [None], "the first time everything"
    sent(counting, "service_coverage", HEALTH, Q1, table(house, "service_coverage", [service(HEALTH, "SEED-1")]))
    assert rollups.at(house, contacts.TOTALS, house.store.head().version) is first
    waiting = counted(counting, HEALTH, "2026-Q3", [contact(HEALTH, "health", 3)], accept=False)
    assert rollups.at(house, contacts.TOTALS, house.store.head().version) is first
    submissions.accept(counting.viewer("trained secretariat"), house, waiting)
    frame = rollups.at(house, contacts.TOTALS, house.store.head().version)
    assert scanned == [None, [waiting]] and len(frame) == len(first) + 1
    submissions.withdraw(counting.viewer("trained secretariat"), house, waiting, "wrong quarter")
    assert len(rollups.at(house, contacts.TOTALS, house.store.head().version)) == len(first)
    assert len(rollups.at(house, contacts.TOTALS, 30)) <= len(first)
    assert len(scanned) == 2


def test_what_was_expunged_is_in_no_sum_of_any_version(counting: World) -> None:
    house, gone = counting.house, counting.sent[f"contacts {POLICE} {Q2}"]
    version = house.store.head().version
    for rollup in EVERY:
        rollups.at(house, rollup, version)
    assert gone in set(rollups.at(house, contacts.TOTALS, version)["submission_id"])
    submissions.expunge(counting.operator, house, gone, "a row about one woman")
    for asked_at in (version, house.store.head().version):
        assert gone not in set(rollups.at(house, contacts.TOTALS, asked_at)["submission_id"])
    kept = rollups._kept[house.store]
    for frame in [*kept._answers.values(), *(f for s in kept._sums.values() for f in s.quarters.values())]:
        assert gone not in set(frame["submission_id"])


def test_many_who_ask_at_once_build_it_once(counting: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gate, built, real = Barrier(8), [], rollups._computed

    def watched(house: House, rollup: Rollup, submissions_: list[str] | None) -> pd.DataFrame:
        built.append(rollup.name)
        return real(house, rollup, submissions_)

    monkeypatch.setattr(rollups, "_computed", watched)

    def ask(n: int) -> pd.DataFrame:
        gate.wait(timeout=30)
        return rollups.at(counting.house, (contacts.TOTALS, contacts._STAGES)[n % 2], 10**9)

    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(ask, range(8)))
    assert sorted(built) == sorted([contacts.TOTALS.name, contacts._STAGES.name])
    assert all(frame.equals(frames[n % 2]) for n, frame in enumerate(frames))


def test_readers_while_files_are_accepted(counting: World) -> None:
    """Every answer is one that the record gave at some version: no file twice, none half."""
    house, whole = counting.house, {COORD: 5}
    quarters = [f"20{year}-Q{quarter}" for year in (20, 21) for quarter in (1, 2, 3, 4)]
    waiting = [counted(counting, COORD, q, [contact(COORD, "coordination", 5)], accept=False) for q in quarters]
    wrong: list[pd.DataFrame] = []
    done = False

    def read() -> int:
        count = 0
        while not done:
            frame = rollups.at(house, contacts.TOTALS, house.store.head().version)
            mine = frame[(frame["reported_by"] == COORD)]
            if mine["submission_id"].duplicated().any() or set(mine["contacts"]) - {whole[COORD]}:
                wrong.append(mine)
            count += 1
        return count

    with ThreadPoolExecutor(3) as pool:
        readers = [pool.submit(read) for _n in range(3)]
        for found in waiting:
            submissions.accept(counting.viewer("trained secretariat"), house, found)
        done = True
    assert not wrong and all(reader.result() for reader in readers)
    assert len(rollups.at(house, contacts.TOTALS, 10**9).query("reported_by == @COORD")) == 9


def test_a_column_that_is_no_longer_asked_for(counting: World) -> None:
    """A deployment stops asking for the stage: what was sent with it is still not counted twice."""
    house = counting.house
    before = asked(house, contacts.TOTALS, 10**9)
    house.close()
    lists = house.settings.overlay / "codes" / "disaggregations.csv"
    lists.write_text(
        "# replaces\ncode,title,source,verified,check_at,allowed\norigin,Country of origin,ours,yes,,yes\n",
        encoding="utf-8",
    )
    again = open_house(house.settings)
    try:
        assert "stage" not in again.library.contracts["service_contacts"].header
        assert asked(again, contacts.TOTALS, 10**9) == before
    finally:
        again.close()


def test_a_column_that_was_never_asked_for(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "bare", min_free_bytes=0)
    lay_overlay(settings)
    (settings.overlay / "codes" / "disaggregations.csv").write_text(
        "# replaces\ncode,title,source,verified,check_at,allowed\norigin,Country of origin,ours,yes,,no\n",
        encoding="utf-8",
    )
    house = open_house(settings)
    try:
        world = build(house)
        assert house.library.contracts["service_contacts"].header[-3:] == ("sector", "service_code", "contacts")
        assert all(rollups.at(house, rollup, 10**9).empty for rollup in EVERY if rollup is not SEATS)
        join(world, "trained secretariat", "secretariat", "", "")
        train(world, "trained secretariat")
        counted(world, HEALTH, Q2, [contact(HEALTH, "justice_policing", 7)])
        for rollup in EVERY:
            if rollup is not SEATS:
                assert [int(count) for count in rollups.at(house, rollup, 10**9)["contacts"]] == [7]
    finally:
        house.close()


def test_only_datasets_have_rollups(counting: World) -> None:
    with pytest.raises(KeyError):
        rollups.at(counting.house, Rollup("x", "nothing", (), (("n", "count(*)"),)), 1)


@pytest.mark.parametrize("bad", ["x; drop table step", "a b", "A", 'a"b'])
def test_only_names_become_part_of_the_question(bad: str) -> None:
    measured = [("n", "count(*)")]
    for dataset, by, measures in ((bad, ["a"], measured), ("members", [bad], measured), ("members", [], [(bad, "1")])):
        with pytest.raises(ValueError, match="no name"):
            sums.question(dataset, by, measures, "true", there=["a"], some=False)
