"""What was published binds what follows: corrections show whole or wait, and a file that is gone tells nothing."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.intake import submissions
from dashboard.protection.attack import attack
from dashboard.protection.policy import Refused
from dashboard.publication import contacts, ledger, release
from dashboard.reference.table import Status
from dashboard.reports import released
from dashboard.reports.released import TOTAL, Cell, Key
from release_world import LAST, LATE, file, shown, truth
from world import World

PENDING = Status.REVISION_PENDING


def published(world: World) -> dict[Key, Cell]:
    return released.cells(release.publish(world.operator, world.house))


def of(cells: dict[Key, Cell], country: str, period: str = LAST) -> dict[Key, Cell]:
    return {key: cell for key, cell in cells.items() if (key[0], key[4]) == (country, period)}


def differences(world: World) -> pd.DataFrame:
    frames = [entry.rows for entry in ledger.entries(world.operator, world.house)]
    found = attack([frame[frame["status"] != Status.NOT_REPORTED] for frame in frames if len(frame)], 11, whole=0)
    assert found.narrowed.empty
    return found.differences


def test_the_first_release_says_what_is_so(releasing: World) -> None:
    cells, counted = published(releasing), truth(releasing)
    numbers = shown(cells)
    assert numbers and all(counted[key] == count for key, count in numbers.items())
    assert all(count >= 11 or count == 0 for count in numbers.values())
    hidden = [key for key, (_count, status) in cells.items() if status is Status.SUPPRESSED]
    assert any(0 < counted[key] < 11 for key in hidden)
    assert {status for _count, status in cells.values()} <= {Status.VALUE, Status.ZERO, Status.SUPPRESSED,
                                                             Status.NOT_REPORTED}  # fmt: skip


def test_a_correction_shows_whole_or_waits(releasing: World) -> None:
    first = published(releasing)
    file(releasing, "XAA-ONE", LAST, SEED_9=64)
    before = truth(releasing)
    second = published(releasing)
    moved = {key for key, cell in second.items() if first[key][0] is not None and cell[0] != first[key][0]}
    pending = {key for key, (_count, status) in second.items() if status is PENDING}
    for key in moved:
        assert abs((second[key][0] or 0) - (first[key][0] or 0)) >= 11 and second[key][0] == before[key]
    for key in pending:
        assert second[key][0] == first[key][0] != before[key], "the old number, under revision"
    assert moved or pending
    assert not moved or not of({key: second[key] for key in pending}, "XAA"), "a country's quarter moves as one"
    assert differences(releasing).empty
    file(releasing, "XAA-ONE", LAST, SEED_9=65)
    third = published(releasing)
    for key, (count, status) in third.items():
        assert status is PENDING or count is None or count == second[key][0], "by one it moves nowhere"
    assert differences(releasing).empty


def test_hidden_stays_hidden_and_published_stays_published(releasing: World) -> None:
    first = published(releasing)
    for organisation in ("XAA-ONE", "XAA-TWO", "XAA-THREE", "XAA-FOUR"):
        file(releasing, organisation, LAST, SEED_10=40)
    second = published(releasing)
    for key, (count, status) in first.items():
        if status is Status.SUPPRESSED:
            assert second[key][1] is Status.SUPPRESSED, key
        elif count is not None:
            assert second[key][0] is not None, key
    assert differences(releasing).empty


def test_a_report_that_came_late_waits_or_shows_with_everything(releasing: World) -> None:
    """One more organisation in a quarter that is public: what it counted is no difference of two releases."""
    first = published(releasing)
    file(releasing, LATE, LAST)
    second = published(releasing)
    assert differences(releasing).empty
    for key, (count, _status) in first.items():
        if count is not None and second[key][0] != count:
            assert abs((second[key][0] or 0) - count) >= 11


def test_what_was_expunged_stays_as_it_was_published(releasing: World) -> None:
    """What is left must not tell by its difference what is gone."""
    house, first = releasing.house, published(releasing)
    gone = releasing.sent[f"contacts XAA-ONE {LAST}"]
    counting = [row["release_id"] for row in ledger.counting(releasing.operator, house, gone)]
    newest = released.standing(house)
    assert newest and counting[-1] == newest["release_id"]
    submissions.expunge(releasing.operator, house, gone, "a name in it")
    assert ledger.counting(releasing.operator, house, gone)[-1]["release_id"] == newest["release_id"]
    file(releasing, "XBA-ONE", LAST, SEED_9=999)
    second = published(releasing)
    for key, cell in of(first, "XAA").items():
        assert second[key][0] == cell[0], key
    for key in second:
        old, new = first[key][0], second[key][0]
        assert old is None or new is None or old == new or abs(old - new) >= 11, key
    assert differences(releasing).empty
    assert truth(releasing)["XAA", TOTAL, TOTAL, TOTAL, LAST] != first["XAA", TOTAL, TOTAL, TOTAL, LAST][0]
    with pytest.raises(Refused):
        ledger.counting(releasing.viewer("coordinator"), house, gone)


def test_what_is_withdrawn_still_binds(releasing: World) -> None:
    first = published(releasing)
    newest = released.standing(releasing.house)
    assert newest
    release.withdraw(releasing.operator, releasing.house, newest["release_id"], "A mistake.")
    file(releasing, "XAA-ONE", LAST, SEED_9=64)
    second = published(releasing)
    for key, (count, status) in first.items():
        assert status is not Status.SUPPRESSED or second[key][1] is Status.SUPPRESSED
        assert count is None or second[key][0] == count or abs((second[key][0] or 0) - count) >= 11
    assert differences(releasing).empty


def test_changes_are_named(releasing: World) -> None:
    first = published(releasing)
    assert ledger.changes(None, first).former is False and len(ledger.changes(None, first).new) == len(first)
    assert ledger.changes(first, first) == ledger.Changes(True)
    key: Key = ("XAA", TOTAL, TOTAL, TOTAL, LAST)
    count = first[key][0] or 0
    other: Key = (*key[:4], "2026-Q3")
    after = {**first, key: (count + 20, Status.VALUE), other: (55, Status.VALUE)}
    assert ledger.changes(first, after) == ledger.Changes(True, new=(other,), revised=((key, count, count + 20),))
    assert ledger.changes(first, {**first, key: (count, PENDING)}) == ledger.Changes(True, pending=(key,))
    assert ledger.changes(after, first).gone == (other,)
    silent = {**first, other: (None, Status.NOT_REPORTED)}
    assert ledger.changes(first, silent).new == () and ledger.changes(silent, after).new == (other,)


def test_contributions_are_what_each_organisation_sent(releasing: World) -> None:
    house = releasing.house
    version, today = house.store.head().figures, releasing.operator.today
    found = contacts.contributions(releasing.operator, house, version, today)
    counted = truth(releasing)
    assert int(found["contacts"].sum()) == sum(
        count for key, count in counted.items() if key[:4] == (TOTAL,) * 4 and "-Q" in key[4]
    )
    police = found[found["organisation_code"] == "XBA-POLICE"]
    assert int(police["contacts"].sum()) == 16, "the first stage alone, and what has none"
    assert set(found["service"]) >= {"_U", "SEED-3"} and not found.isna().any().any()
    assert contacts.contributions(releasing.operator, house, version, today, "2026-Q2")["period"].unique() == [
        "2026-Q2"
    ]
    assert contacts.contributions(releasing.operator, house, 0, today).empty
