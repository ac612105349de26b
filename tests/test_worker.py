"""The limited child: same findings as in this process, two at a time, and a sentence whatever becomes of it."""

from __future__ import annotations

import io
import json
import logging
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dashboard.intake import nursery, worker
from intake_world import CONTRACT, GOOD, SOURCE, UPLOADS, csv_of, file_of, open_descriptors, request, row, where

GOOD_FILE = (UPLOADS / "good.csv").read_bytes()


def test_bytes_and_a_file_in_memory_are_checked_alike() -> None:
    by_bytes = worker.check_file(GOOD_FILE, request())
    with file_of(GOOD_FILE) as held:
        by_file = worker.check_file(held, request())
        held.seek(0)
        assert held.read() == GOOD_FILE
    for outcome in (by_bytes, by_file):
        assert (outcome.verdict, outcome.problems, outcome.row_count) == ("clean", [], 2)
        assert outcome.seconds > 0 and outcome.marked is None and outcome.parquet
        assert pq.read_table(io.BytesIO(outcome.parquet)).column_names == ["row_number", *CONTRACT.header]


def test_problems_travel_whole() -> None:
    outcome = worker.check_file(csv_of(row(contacts="12o"), GOOD, GOOD), request())
    assert outcome.verdict == "problems" and outcome.parquet is None
    assert where(outcome.problems) == [
        (2, "contacts", "not-a-number"),
        (3, None, "duplicate-key"),
        (4, None, "duplicate-key"),
    ]
    assert outcome.problems[1].rows == (2, 3) and outcome.problems[0].severity.value == "error"
    assert outcome.problems[0].value == "12o"


@pytest.mark.parametrize(
    ("data", "verdict"), [(b"", "unreadable"), (b"%PDF-1.4", "unreadable"), (csv_of(row(note="A1234567")), "screened")]
)
def test_verdicts(data: bytes, verdict: str) -> None:
    outcome = worker.check_file(data, request(marked=True))
    assert (outcome.verdict, outcome.parquet, outcome.marked) == (verdict, None, None)
    assert outcome.problems and outcome.problems[0].message


def test_an_upload_over_the_limit_is_named_with_its_size() -> None:
    outcome = worker.check_file(GOOD_FILE, request(limit=100))
    assert [p.code for p in outcome.problems] == ["file-too-large"]


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    data = (UPLOADS / "file-too-heavy.csv").read_bytes()
    monkeypatch.setattr(worker, "PATIENCE", 0.02)
    outcome = worker.check_file(data, request())
    assert (outcome.verdict, [p.code for p in outcome.problems]) == ("unreadable", ["file-too-heavy"])


def test_what_takes_too_much_memory_is_told_so() -> None:
    outcome = worker.check_file(csv_of(GOOD) + b"\n" * 90_000_000 + GOOD.encode(), request())
    assert (outcome.verdict, [p.code for p in outcome.problems]) == ("unreadable", ["file-too-heavy"])


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("kill -9 $$", "file-too-heavy"),
        ("kill -SEGV $$", "file-too-heavy"),
        ("exit 3", "check-failed"),
        ("exit 0", "check-failed"),
    ],
)
def test_a_child_that_falls_is_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    code: str,
) -> None:
    stand_in = tmp_path / "python"
    stand_in.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    stand_in.chmod(0o755)
    nursery.close()
    monkeypatch.setattr(sys, "executable", str(stand_in))
    outcome = worker.check_file((UPLOADS / "check-failed.csv").read_bytes(), request())
    assert (outcome.verdict, [p.code for p in outcome.problems]) == ("unreadable", [code])


def test_a_fault_of_our_own_is_logged_without_the_file(caplog: pytest.LogCaptureFixture, capfd: Any) -> None:
    with caplog.at_level(logging.DEBUG):
        outcome = worker.check_file(csv_of(row(note="Canary Alpha")), request(contract_source="{}"))
    assert [p.code for p in outcome.problems] == ["check-failed"]
    assert "KeyError at contracts.py" in caplog.text and "Canary" not in caplog.text
    assert capfd.readouterr() == ("", "")


def test_two_at_a_time_and_the_others_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, lock, seen = 0, 0, threading.Lock(), []
    let_go = threading.Event()
    run = worker._run

    def counted(descriptors: list[int]) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        let_go.wait(20)
        try:
            return run(descriptors)
        finally:
            with lock:
                running -= 1

    monkeypatch.setattr(worker, "_run", counted)
    threads = [
        threading.Thread(target=lambda: seen.append(worker.check_file(GOOD_FILE, request()).verdict)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    limit = time.monotonic() + 20
    while (worker.waiting(), running) != (2, 2) and time.monotonic() < limit:
        time.sleep(0.01)
    state = (worker.waiting(), running)
    let_go.set()
    for thread in threads:
        thread.join(60)
    assert state == (2, 2)
    assert (seen, most, worker.waiting()) == (["clean"] * 4, 2, 0)


def test_whoever_waits_too_long_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PATIENCE", 0.05)
    monkeypatch.setattr(worker, "_turns", threading.BoundedSemaphore(1))
    with worker._turns:
        outcome = worker.check_file((UPLOADS / "check-busy.csv").read_bytes(), request())
    assert [p.code for p in outcome.problems] == ["check-busy"] and worker.waiting() == 0


def test_a_nursery_is_started_with_a_closed_environment_and_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its children have and have not: tests/test_nursery.py looks at one."""
    monkeypatch.setenv("SECRET_OF_THE_WEB", "canary")
    started: list[dict[str, Any]] = []
    popen = subprocess.Popen

    def spy(*args: Any, **given: Any) -> Any:
        started.append(given)
        return popen(*args, **given)

    nursery.close()
    monkeypatch.setattr(subprocess, "Popen", spy)
    assert [worker.check_file(GOOD_FILE, request()).verdict for _ in range(3)] == ["clean"] * 3
    [given] = started
    assert "SECRET_OF_THE_WEB" not in given["env"] and len(given["pass_fds"]) == 1
    assert {given[name] for name in ("stdin", "stdout", "stderr")} == {subprocess.DEVNULL}


def test_the_child_loads_neither_pandas_nor_the_web() -> None:
    asked = (
        "import sys; from dashboard.intake import worker, inspection;"
        "print([m for m in ('pandas', 'numpy', 'pyarrow', 'flask', 'dash') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(worker.__file__).parents[2])},
    ).stdout
    assert said.strip() == "[]"


def test_no_descriptor_stays_open() -> None:
    worker.check_file(GOOD_FILE, request())
    before = open_descriptors()
    for data in (GOOD_FILE, b"", csv_of("x")):
        worker.check_file(data, request(marked=True))
    assert open_descriptors() == before


def test_many_rows_are_kept_with_the_numbers_they_had() -> None:
    """Small rows here, so that the test is short; tests/measure_intake.py measures with a million rows."""
    contract = json.loads(SOURCE)
    contract["fields"] = [{"name": n, "title": n, "description": n, "type": "string", "hxl": "#x"} for n in ("a", "b")]
    contract["dashboard"] |= {"rules": [], "screen": "register"}
    contract["primaryKey"] = ["a"]
    data = b"a,b\n" + b"".join(b"key-%d,v\n" % i for i in range(300_000))
    outcome = worker.check_file(data, request(contract_source=json.dumps(contract)))
    assert outcome.problems == [] and outcome.row_count == 300_000 and outcome.parquet
    table = pq.read_table(io.BytesIO(outcome.parquet))
    assert table["row_number"][0].as_py() == 2 and table["row_number"][-1].as_py() == 300_001
    assert all(table["a"][i].as_py() == f"key-{table['row_number'][i].as_py() - 2}" for i in range(0, 300_000, 9_999))
