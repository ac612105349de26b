"""What was known when: views with since and until, over accept, newer accept, withdraw and as of each version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.record.store import Store
from durability import little_record
from durability.little_record import accept, add_step, service_rows, stage, step

AS_OF = (
    "select {columns} from services_rows where since <= $version and (until is null or until > $version) order by all"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = little_record.open_store(tmp_path / "data")
    yield opened
    opened.close()


def known(store: Store, version: int, organisation: str = "XAA-ONE") -> list[str]:
    rows = store.read(AS_OF.format(columns="service, reported_by"), version=version)
    return [row["service"] for row in rows if row["reported_by"] == organisation]


def test_as_of_each_version(store: Store) -> None:
    first = stage(store, service_rows(2, "old"))
    accepted_first = accept(store, first)
    second = stage(store, service_rows(1, "new"))
    accepted_second = accept(store, second)
    withdrawn = step(store, second, "withdrawn")

    expected = {
        version: []
        if version < accepted_first
        else ["old 0", "old 1"]
        if version < accepted_second
        else ["new 0"]
        if version < withdrawn
        else []
        for version in range(withdrawn + 1)
    }
    assert {version: known(store, version) for version in expected} == expected
    assert accepted_first == 2 and accepted_second == 4 and withdrawn == 5
    spans = store.read("select submission_id, since, until from accepted order by since")
    assert [(row["since"], row["until"]) for row in spans] == [(2, 4), (4, 5)]


def test_withdrawing_a_replaced_file_changes_nothing_now(store: Store) -> None:
    first, second = stage(store, service_rows(1, "old")), stage(store, service_rows(1, "new"))
    accept(store, first)
    accept(store, second)
    step(store, first, "withdrawn")
    assert known(store, store.head().version) == ["new 0"]
    assert known(store, 3) == ["old 0"]


def test_withdrawn_and_accepted_again_is_there_once(store: Store) -> None:
    submission = stage(store, service_rows(2))
    accept(store, submission)
    gone = step(store, submission, "withdrawn")
    again = accept(store, submission)
    assert known(store, gone) == []
    assert known(store, again) == ["shelter 0", "shelter 1"]
    assert [(row["since"], row["until"]) for row in store.read("select since, until from accepted order by since")] == [
        (2, 3),
        (4, None),
    ]


def test_a_version_that_comes_back_ends_the_one_that_took_its_place(store: Store) -> None:
    """As restoring does: the same submission is accepted a second time, with another one between."""
    first, second = stage(store, service_rows(1, "old")), stage(store, service_rows(1, "new"))
    versions = [accept(store, first), accept(store, second), accept(store, first), step(store, first, "withdrawn")]
    assert [known(store, version) for version in versions] == [["old 0"], ["new 0"], ["old 0"], []]
    spans = store.read("select submission_id, since, until from accepted order by since")
    assert [tuple(row.values()) for row in spans] == [
        (submission, since, until)
        for submission, since, until in zip((first, second, first), versions, versions[1:], strict=False)
    ]


def test_a_withdrawal_before_acceptance_ends_nothing_later(store: Store) -> None:
    submission = stage(store, service_rows(1))
    step(store, submission, "withdrawn")
    step(store, submission, "staged")
    accept(store, submission)
    assert known(store, store.head().version) == ["shelter 0"]


def test_organisations_and_periods_do_not_replace_each_other(store: Store) -> None:
    accept(store, stage(store, service_rows(1, "one")))
    accept(store, stage(store, service_rows(1, "two"), organisation="XAA-TWO"))
    accept(store, stage(store, service_rows(1, "later"), period="2026-Q2"))
    assert known(store, store.head().version) == ["later 0", "one 0"]
    assert known(store, store.head().version, "XAA-TWO") == ["two 0"]


def test_events_of_one_version_keep_their_order(store: Store) -> None:
    submission = stage(store, service_rows(1))
    with store.write("intake", by="tester") as write:
        add_step(write, submission, "submitted")
        add_step(write, submission, "returned", "mend row 2")
    now = store.read("select state, comment, state_version, version from submission_now")
    assert now == [{"state": "returned", "comment": "mend row 2", "state_version": 2, "version": 1}]
    steps = store.read("select event, since, until from submission_step order by since, until nulls last")
    assert [tuple(row.values()) for row in steps] == [("staged", 1, 2), ("submitted", 2, 2), ("returned", 2, None)]


def test_the_latest_version_of_a_person_counts(store: Store) -> None:
    with store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a", "email": "a@example.org", "name": "Before"})
        write.add(
            "grants",
            {"grant_id": "g", "account_id": "a", "role": "agency"},
            {"grant_id": "h", "account_id": "a", "role": "member"},
        )
        write.add("training", {"training_id": "t", "account_id": "a"})
        write.add("link", {"link_id": "l", "token_hash": "x", "kind": "invite"})
        write.add("credential", {"account_id": "a", "password_hash": "old"})
    with store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a", "email": "a@example.org", "name": "After", "disabled": True})
        write.add("grants", {"grant_id": "g", "account_id": "a", "role": "agency", "revoked": True})
        write.add("training", {"training_id": "t", "account_id": "a", "revoked": True})
        write.add("link", {"link_id": "l", "token_hash": "x", "kind": "invite", "used": True})
        write.add("credential", {"account_id": "a", "password_hash": "new"})
    assert store.read("select name, disabled from account_now") == [{"name": "After", "disabled": True}]
    assert store.read("select grant_id from grant_now") == [{"grant_id": "h"}]
    assert store.read("select * from training_now") == []
    assert store.read("select used from link_now") == [{"used": True}]
    assert store.read("select password_hash from credential_now") == [{"password_hash": "new"}]


def test_frames_have_the_types_of_the_contract(store: Store) -> None:
    accept(store, stage(store, service_rows(3)))
    frame = store.frame(AS_OF.format(columns="service, places, share, period"), version=store.head().version)
    assert frame["places"].tolist() == [0, 1, 2] and str(frame["places"].dtype) == "int64"
    assert frame["period"].unique().tolist() == ["2026-Q1"]
