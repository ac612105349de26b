"""The journal: a line a version that lasts, a torn end that is mended, a tail written after a kill."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard.record.journal import Journal
from dashboard.record.store import Store, StoreDamaged
from durability import little_record
from durability.little_record import accept, service_rows, stage


def lines(folder: Path) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(text) for path in sorted(folder.glob("*.jsonl")) for text in path.read_text().splitlines()]


def filled(folder: Path) -> Store:
    store = little_record.open_store(folder)
    submission = stage(store, service_rows(3), comment="first")
    accept(store, submission)
    store.audit("accepted", by="tester", subject=submission)
    with store.write("people", by="tester") as write:
        write.add("account", {"account_id": "a", "name": "Größe “x”\nline"})
        store.audit("invited", by="tester", subject="a")
    return store


def test_each_version_is_a_line(tmp_path: Path) -> None:
    store = filled(tmp_path)
    found = lines(store.settings.journal)
    store.close()
    assert [entry.get("version", "audit") for entry in found] == [1, 2, "audit", 3, "audit"]
    assert found[0]["subjects"] == ["intake"] and found[0]["by"] == "tester"
    assert found[0]["rows"]["submission_event"][0]["comment"] == "first"
    assert found[1]["loads"][0].keys() == {"dataset", "submission_id", "sha256", "contract_hash"}
    assert found[3]["rows"]["account"][0]["name"] == "Größe “x”\nline"
    assert datetime.fromisoformat(found[0]["recorded_at"]).tzinfo is not None


@pytest.mark.parametrize("kept", range(5))
def test_a_missing_tail_is_written_at_start(tmp_path: Path, kept: int) -> None:
    """As after a kill between commit and journal, for any number of lines that came through."""
    store = filled(tmp_path)
    store.close()
    path = store.journal.paths()[0]
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(whole[:kept]))
    little_record.open_store(tmp_path).close()
    order = [json.loads(line) for line in whole]
    assert sorted(lines(store.settings.journal), key=str) == sorted(order, key=str)


def test_a_torn_line_is_mended_wherever_it_was_torn(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.close()
    path = store.journal.paths()[0]
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    for cut in (1, len(last) // 2, len(last) - 1):
        path.write_bytes(whole[: len(whole) - cut])
        assert store.journal.ends().torn in (len(last) - cut, 0)
        little_record.open_store(tmp_path).close()
        assert path.read_bytes() == whole


def test_garbage_at_the_end_is_replaced_by_what_was_recorded(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.close()
    path = store.journal.paths()[0]
    whole = path.read_bytes()
    path.write_bytes(whole.replace(whole.splitlines(keepends=True)[-1], b"\0" * 40 + b"\n" + b"{]\n"))
    little_record.open_store(tmp_path).close()
    assert path.read_bytes() == whole


def test_a_lost_journal_is_written_anew(tmp_path: Path) -> None:
    store = filled(tmp_path)
    before = lines(store.settings.journal)
    store.close()
    shutil.rmtree(store.settings.journal)
    little_record.open_store(tmp_path).close()
    assert sorted(lines(store.settings.journal), key=str) == sorted(before, key=str)


def test_a_journal_ahead_is_said_and_kept(tmp_path: Path) -> None:
    store = filled(tmp_path)
    now = datetime.now(UTC)
    store.journal.append([{"version": 9, "recorded_at": now, "subjects": [], "by": "", "rows": {}, "loads": []}])
    store.close()
    before = store.journal.paths()[0].read_bytes()
    with pytest.raises(StoreDamaged, match="ahead of the database: version 9 against 3"):
        little_record.open_store(tmp_path)
    assert store.journal.paths()[0].read_bytes() == before


def test_a_clock_set_back_does_not_mix_the_files(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for version, month in ((1, 5), (2, 6), (3, 5), (4, 7)):
        moment = datetime(2026, month, 1, tzinfo=UTC)
        journal.append([{"version": version, "recorded_at": moment, "subjects": [], "by": "", "rows": {}, "loads": []}])
    assert [path.name for path in journal.paths()] == ["2026-05.jsonl", "2026-06.jsonl", "2026-07.jsonl"]
    problems: list[str] = []
    assert [entry["version"] for entry in journal.entries(problems)] == [1, 2, 3, 4] and problems == []
    assert journal.ends().version == 4


def test_damage_in_the_middle_is_named(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    journal.append(
        [{"version": n, "recorded_at": moment, "subjects": [], "by": "", "rows": {}, "loads": []} for n in (1, 2, 3)]
    )
    path = journal.paths()[0]
    parts = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(parts[0] + parts[1][:-5] + b"\n" + parts[2])
    problems: list[str] = []
    assert [entry["version"] for entry in journal.entries(problems)] == [1, 3]
    assert problems == [
        "Journal 2026-05.jsonl, line 2: cannot be read.",
        "The journal goes from version 1 to version 3.",
    ]
