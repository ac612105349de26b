"""Rebuild and expunge: the record again from files and journal, and what was to go is on no disk block of ours."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.record import expunge, rebuild
from dashboard.record.files import Files
from dashboard.record.journal import Entry
from dashboard.record.store import Store, StoreBusy, StoreError
from durability import little_record
from durability.little_record import accept, service_rows, stage, step

CANARY = "Zanzibarcanary"


def filled(folder: Path) -> Store:
    store = little_record.open_store(folder)
    first = stage(store, service_rows(50))
    accept(store, first)
    accept(store, stage(store, service_rows(30, "new")))
    step(store, first, "withdrawn", "wrong figures")
    accept(
        store, stage(store, [{"country": "XAA", "organisation_code": "XAA-ONE", "seat_since": None}], dataset="seats")
    )
    with store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a", "name": "Größe “x”"})
        write.add("link", {"link_id": "l", "expires_at": write.recorded_at})
        write.add("grants", {"grant_id": "g", "account_id": "a", "valid_from": write.recorded_at.date()})
        store.audit("invited", by="tester", subject="a", detail={"role": "agency"})
    with store.write("published", by="tester") as write:
        write.add("release", {"release_id": "r", "as_of_version": 3})
    return store


def rebuilt(store: Store, folder: Path) -> tuple[Store, rebuild.Report]:
    """A copy of the closed folder without its database, rebuilt and opened."""
    shutil.copytree(store.settings.data, folder)
    (folder / "dashboard.duckdb").unlink()
    report = rebuild.rebuild(little_record.settings(folder), store.library)
    return little_record.open_store(folder, store.library), report


def test_a_rebuilt_record_is_equal(tmp_path: Path) -> None:
    store = filled(tmp_path / "old")
    head = store.head()
    store.close()
    new, report = rebuilt(store, tmp_path / "new")
    old = little_record.open_store(tmp_path / "old")
    assert rebuild.equal(old, new) == []
    assert new.head() == head and new.verify_audit() == []
    assert (report.version, report.loads, report.loaded_rows, report.problems, report.moved) == (9, 3, 81, [], ())
    new.read("update account set name = 'other'")
    new.read("delete from d_services where row_number = 2")
    assert rebuild.equal(old, new) == ["account: 2 rows differ.", "d_services: 2 rows differ."]
    old.close()
    new.close()


def test_the_old_database_is_moved_aside(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.close()
    before = store.settings.database.read_bytes()
    store.settings.database.with_name("dashboard.duckdb.wal").write_bytes(b"a log that cannot be read")
    report = rebuild.rebuild(store.settings, store.library)
    assert [path.read_bytes() for path in report.moved] == [before, b"a log that cannot be read"]
    assert report.moved[1].name == report.moved[0].name + ".wal"
    new = little_record.open_store(tmp_path)
    assert new.head().version == 9
    new.close()


def test_rebuild_stands_back(tmp_path: Path) -> None:
    store = filled(tmp_path / "open")
    with pytest.raises(StoreBusy):
        rebuild.rebuild(store.settings, store.library)
    store.close()
    with pytest.raises(StoreError, match="nothing to rebuild from"):
        rebuild.rebuild(little_record.settings(tmp_path / "empty"), store.library)
    assert not (tmp_path / "empty" / "dashboard.duckdb").exists()


def test_missing_rows_are_named(tmp_path: Path) -> None:
    store = filled(tmp_path / "old")
    row = store.read("select * from submission where dataset = 'seats'")[0]
    store.close()
    Files(store.settings.files).delete(row["sha256"])
    new, report = rebuilt(store, tmp_path / "new")
    new.close()
    assert report.problems == [
        f"The checked rows of submission {row['submission_id']} (seats) are missing: "
        f"{row['sha256']}.{row['contract_hash']}.parquet."
    ]


def test_a_dataset_that_no_contract_knows_comes_back_too(tmp_path: Path) -> None:
    store = filled(tmp_path / "old")
    store.close()
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    only = little_record.library(services={"country": {}, "service": {}})
    rebuild.rebuild(little_record.settings(tmp_path / "new"), only)
    old, new = little_record.open_store(tmp_path / "old"), little_record.open_store(tmp_path / "new", only)
    assert rebuild.equal(old, new) == []
    old.close()
    new.close()


def with_canary(store: Store) -> str:
    """A submission whose bytes, rows, comment and notes hold the canary, among others, in database and log."""
    submission = stage(
        store,
        [*service_rows(20), *service_rows(200, CANARY)],
        data=CANARY.encode() * 50,
        comment=f"see {CANARY}",
        notes=f'["{CANARY}"]',
        period="2026-Q3",
    )
    accept(store, submission)
    store.checkpoint()
    step(store, submission, "returned", f"again {CANARY}")
    return submission


def holding(folder: Path) -> list[str]:
    """The files of the data folder that hold the canary, as it is or in the rows of a Parquet file."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes())


def test_expunged_is_on_no_block(tmp_path: Path) -> None:
    store = filled(tmp_path)
    submission = with_canary(store)
    row = store.read("select * from submission where submission_id = $id", id=submission)[0]
    assert {"dashboard.duckdb", "dashboard.duckdb.wal", row["sha256"]} <= set(holding(tmp_path))
    version = store.head().version
    gone = store.expunge(submission, "personal data", "tester")
    assert (gone.rows, gone.shared_with, gone.copies) == (220, (), ())
    assert holding(tmp_path) == []
    assert not Files(store.settings.files).has(row["sha256"])
    assert store.head().version == version + 1 and store.head().figures == version + 1
    assert store.read("select reason, by_account, version from tombstone") == [
        {"reason": "personal data", "by_account": "tester", "version": version + 1}
    ]
    assert store.read("select state from submission_now where submission_id = $id", id=submission) == [
        {"state": "expunged"}
    ]
    assert store.read("select count(*) as n from services_rows where until is null") == [{"n": 30}]
    store.close()
    assert holding(tmp_path) == []
    store = little_record.open_store(tmp_path)
    assert holding(tmp_path) == [] and store.head().version == version + 1
    with pytest.raises(ValueError, match="no submission"):
        store.expunge(submission, "again", "tester")
    store.close()
    new, report = rebuilt(store, tmp_path.with_name(tmp_path.name + "-new"))
    old = little_record.open_store(tmp_path)
    assert rebuild.equal(old, new) == [] and report.problems == []
    old.close()
    new.close()


def test_other_submissions_of_the_same_bytes_are_named(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    one = stage(store, service_rows(1), data=b"same")
    two = stage(store, service_rows(1), data=b"same", period="2026-Q2")
    (tmp_path / "dashboard.duckdb.damaged-1").write_bytes(b"old")
    gone = store.expunge(one, "personal data", "tester")
    assert gone.shared_with == (two,) and [path.name for path in gone.copies] == ["dashboard.duckdb.damaged-1"]
    assert len(list(store.settings.files.glob("??/*"))) == 2
    assert store.expunge(two, "personal data", "tester").shared_with == ()
    assert list(store.settings.files.glob("??/*")) == []
    store.close()


@pytest.mark.parametrize("stop", ["rewrite", "delete", "compact"])
def test_a_kill_in_the_middle_is_finished_at_the_next_start(
    tmp_path: Path,
    stop: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = filled(tmp_path)
    submission = with_canary(store)

    def killed(*_given: object) -> None:
        raise KeyboardInterrupt

    where = {"rewrite": store.journal, "delete": store._files, "compact": store}[stop]
    monkeypatch.setattr(where, stop, killed)
    with pytest.raises(KeyboardInterrupt):
        store.expunge(submission, "personal data", "tester")
    store.close()
    assert len(expunge.pending(store.settings)) == 1
    store = little_record.open_store(tmp_path)
    assert holding(tmp_path) == [] and expunge.pending(store.settings) == []
    assert store.read("select count(*) as n from tombstone") == [{"n": 1}]
    store.close()


def test_readers_wait_while_the_file_is_swapped(tmp_path: Path) -> None:
    store = filled(tmp_path)
    stop, faults, done = threading.Event(), [], [0, 0, 0, 0]

    def read(number: int) -> None:
        while not stop.is_set():
            try:
                assert store.read("select count(*) as n from services_rows where until is null") == [{"n": 30}]
                store.ephemeral("insert into throttle values ('k', 1, now())")
                done[number] += 1
            except Exception as error:
                faults.append(error)
                return

    threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _turn in range(3):
            store.compact()
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert faults == [] and min(done) > 0
    accept(store, stage(store, service_rows(1), organisation="XAA-TWO"))
    store.close()
    store = little_record.open_store(tmp_path)  # nothing went into the file that was swapped away
    assert store.ephemeral("select count(*) as n from throttle") == [{"n": sum(done)}]
    assert store.head().version == 11
    store.close()


def beside(task: Callable[[], object]) -> threading.Thread:
    """Begin a task in another thread, and give it a moment to get done if nothing holds it."""
    thread = threading.Thread(target=task)
    thread.start()
    thread.join(timeout=1)
    return thread


def test_a_version_written_while_the_journal_is_rewritten_keeps_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = filled(tmp_path)
    submission = with_canary(store)
    other = stage(store, service_rows(2), organisation="XAA-TWO")
    begun: list[threading.Thread] = []
    plain = expunge.without

    def meanwhile(entry: Entry, submission_id: str) -> Entry:
        if not begun:
            begun.append(beside(lambda: step(store, other, "withdrawn")))
        return plain(entry, submission_id)

    monkeypatch.setattr(expunge, "without", meanwhile)
    store.expunge(submission, "personal data", "tester")
    begun[0].join()
    problems: list[str] = []
    entries = [entry for entry in store.journal.entries(problems) if "version" in entry]
    assert problems == [] and entries[-1]["version"] == len(entries) == store.head().version
    store.close()


def test_the_same_bytes_sent_again_while_they_are_deleted_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = little_record.open_store(tmp_path)
    submission = stage(store, service_rows(1), data=b"same")
    begun: list[threading.Thread] = []
    plain = store._files.delete

    def send_again() -> None:
        with store.write("intake", by="tester"):
            Files(store.settings.files).put(b"same")

    def meanwhile(sha256: str) -> None:
        begun.append(beside(send_again))
        plain(sha256)

    monkeypatch.setattr(store._files, "delete", meanwhile)
    store.expunge(submission, "personal data", "tester")
    begun[0].join()
    assert Files(store.settings.files).has(hashlib.sha256(b"same").hexdigest())
    store.close()


def test_an_expunge_is_in_the_audit_log_without_its_reason(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    submission = stage(store, service_rows(1))
    store.expunge(submission, f"the name of {CANARY}", "tester")
    [entry] = store.read("select * from audit where action = 'expunged'")
    assert (entry["by_account"], entry["subject"]) == ("tester", submission) and CANARY not in entry["detail"]
    assert store.verify_audit() == []
    store.close()
