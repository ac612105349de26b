"""The store as its callers meet it: versions, reading, writing, the audit log, and what a wrong call gets."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from dashboard.record.store import Store, StoreUnwritable
from durability import little_record
from durability.little_record import accept, service_rows, stage


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = little_record.open_store(tmp_path / "data")
    yield opened
    opened.close()


def person(store: Store, account: str, name: str = "") -> int:
    with store.write("people", by="tester") as write:
        write.add("account", {"account_id": account, "name": name})
        return write.version


def test_a_write_moves_its_subjects(store: Store) -> None:
    assert store.head().version == 0
    person(store, "a")
    with store.write("coordination", by="tester") as write:
        assert write.version == 2
        write.move("published")
    head = store.head()
    assert (head.version, head.people, head.coordination, head.published) == (2, 1, 2, 2)
    assert (head.figures, head.intake) == (0, 0)
    assert head.recorded_at is not None and abs(datetime.now(UTC) - head.recorded_at) < timedelta(seconds=30)
    row = store.read("select version, recorded_at from account")[0]
    assert row["version"] == 1 and row["recorded_at"] <= head.recorded_at


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    person(store, "a")
    before = store.journal.paths()[0].read_bytes()
    with pytest.raises(ZeroDivisionError), store.write("people", by="tester") as write:
        write.add("account", {"account_id": "b"})
        store.audit("invited", by="tester", subject="b")
        raise ZeroDivisionError
    assert [row["account_id"] for row in store.read("select account_id from account")] == ["a"]
    assert store.head().version == 1 and store.read("select * from audit") == []
    assert store.journal.paths()[0].read_bytes() == before
    assert person(store, "c") == 2


def test_a_write_sees_itself_and_nobody_else_does(store: Store) -> None:
    with store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a"})
        assert write.read("select account_id from account_now where account_id = $id", id="a")
        assert store.read("select * from account") == []
        store.ephemeral("insert into throttle values ($key, 1, now())", key="a")
    assert store.read("select * from account") != []


def test_threads_write_one_after_the_other(store: Store) -> None:
    def work(number: int) -> None:
        for turn in range(10):
            person(store, f"{number}-{turn}")
            store.ephemeral("insert into throttle values ($key, 1, now())", key=f"{number}-{turn}")
            store.audit("seen", by=f"{number}")
            store.frame("select count(*) as n from account_now")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.head().version == 80
    assert store.read("select count(*) as n, count(distinct version) as v from account") == [{"n": 80, "v": 80}]
    assert store.read("select count(*) as n from throttle") == [{"n": 80}]
    assert store.verify_audit() == []


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("accounts", {}, "not a table"),
        ("head", {"version": 9}, "not a table"),
        ("audit", {}, "not a table"),
        ("d_services", {}, "not a table"),
        ("account", {"account_id": "a", "e-mail": "x"}, "no column e-mail"),
    ],
)
def test_only_known_tables_and_columns(store: Store, table: str, row: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words), store.write("people", by="tester") as write:
        write.add(table, row)
    assert store.head().version == 0


def test_wrong_calls(store: Store) -> None:
    with pytest.raises(ValueError, match="not among the subjects"), store.write("weather", by="tester"):
        pass
    with (
        pytest.raises(RuntimeError, match="already open"),
        store.write("people", by="tester"),
        store.write("people", by="tester"),
    ):
        pass
    with pytest.raises(ValueError, match="stands twice"), store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a"}, {"account_id": "a"})
    with pytest.raises(ValueError, match="Only sessions and throttle"):
        store.ephemeral("delete from account where account_id in (select key from throttle)")
    with pytest.raises(ValueError, match="Only sessions and throttle"):
        store.ephemeral("insert into throttle select account_id, 1, now() from account")
    with pytest.raises(ValueError, match="no submission nobody"), store.write("figures", by="tester") as write:
        write.load(store.library.contracts["services"], "nobody", Path("nowhere"))
    assert store.head().version == 0 and person(store, "a") == 1


def test_parameters_are_never_sql(store: Store) -> None:
    person(store, "a", name="'); drop table account; --")
    found = store.read("select account_id from account_now where name = $name", name="'); drop table account; --")
    assert found == [{"account_id": "a"}]


def test_loaded_once(store: Store) -> None:
    submission = stage(store, service_rows(5))
    accept(store, submission)
    with store.write("figures", by="tester") as write:
        assert write.load(store.library.contracts["services"], submission, Path("not looked at")) == 0
    assert store.read("select count(*) as n, min(row_number) as low from d_services") == [{"n": 5, "low": 2}]
    assert store.head().figures == 3


def test_a_moment_resolves_to_a_version(store: Store) -> None:
    before = datetime.now(UTC)
    person(store, "a")
    between = datetime.now(UTC)
    person(store, "b")
    assert [store.version_on(moment) for moment in (before, between, datetime.now(UTC))] == [0, 1, 2]


def test_sessions_move_no_version_and_last(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    store.ephemeral("insert into sessions values ($hash, 'a', $now, $now, '')", hash="h", now=datetime.now(UTC))
    assert store.head().version == 0 and store.journal.paths() == []
    store.close()
    store = little_record.open_store(tmp_path)
    assert len(store.ephemeral("select * from sessions where session_hash = $hash", hash="h")) == 1
    store.close()


def test_the_database_reaches_no_file_outside(store: Store, tmp_path: Path) -> None:
    (tmp_path / "secrets.csv").write_text("a\n1\n")
    for path in (tmp_path / "secrets.csv", store.settings.data / "secret"):
        with pytest.raises(duckdb.PermissionException):
            store.read(f"select * from read_csv('{path}')")
    with pytest.raises(duckdb.Error):
        store.read("set enable_external_access = true")


def test_the_audit_log_notices_a_change(store: Store) -> None:
    for number in range(4):
        store.audit("granted", by="tester", subject=f"a{number}", detail={"role": "agency", "since": datetime.now(UTC)})
    assert store.verify_audit() == []
    assert store.head().version == 0
    assert [row["seq"] for row in store.read("select seq from audit order by seq")] == [1, 2, 3, 4]
    store.read("update audit set subject = 'a9' where seq = 2")
    assert [re.sub(r"\D+", "", problem[:20]) for problem in store.verify_audit()] == ["2"]
    store.read("update audit set subject = 'a1' where seq = 2")
    assert store.verify_audit() == []
    store.read("delete from audit where seq = 3")
    assert len(store.verify_audit()) == 3  # the gap, the entry after it, and the journal knows more
    store.read("delete from audit where seq > 2")
    assert "4 audit entries, the log has 2" in store.verify_audit()[0]


def test_little_room_refuses_before_it_is_full(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    store.settings = little_record.Settings(data=tmp_path, min_free_bytes=2**60)
    with pytest.raises(StoreUnwritable, match="nearly full.*Nothing was written"):
        person(store, "a")
    store.audit("refused", by="tester")  # small, and still has room
    assert store.head().version == 0 and store.healthy()
    store.close()


def test_a_journal_that_cannot_be_written_stops_writing_and_loses_nothing(store: Store) -> None:
    person(store, "a")
    folder, aside = store.settings.journal, store.settings.data / "aside"
    folder.rename(aside)
    with pytest.raises(StoreUnwritable, match="This was recorded, but the journal"):
        person(store, "b")
    with pytest.raises(StoreUnwritable, match="Nothing was recorded"):
        person(store, "c")
    aside.rename(folder)
    assert person(store, "d") == 3
    assert [e["version"] for e in store.journal.entries([])] == [1, 2, 3]
    assert [row["account_id"] for row in store.read("select account_id from account order by 1")] == ["a", "b", "d"]


def test_a_fork_is_refused(store: Store) -> None:
    store._pid = os.getpid() + 1  # as a forked child would find it
    with pytest.raises(RuntimeError, match="fork"):
        store.read("select 1")
    store._pid = os.getpid()


def test_contracts_grow_and_go(tmp_path: Path) -> None:
    store = little_record.open_store(tmp_path)
    accept(store, stage(store, service_rows(2)))
    late = stage(store, service_rows(1, "late"), period="2026-Q2")  # checked under the old contract
    store.close()
    fields = {**little_record.FIELDS["services"], "languages": {}}
    store = little_record.open_store(tmp_path, little_record.library(services=fields))
    accept(store, late)
    assert store.read("select service, languages from services_rows order by 1") == [
        {"service": "late 0", "languages": None},
        {"service": "shelter 0", "languages": None},
        {"service": "shelter 1", "languages": None},
    ]
    assert store.read("select count(*) as n from d_seats") == [{"n": 0}]  # the table of a contract that went stays
    store.close()
