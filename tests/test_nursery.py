"""The process that forks the limited children: as strict for each file as a fresh one, and gone with whoever asked."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dashboard.intake import nursery, worker
from intake_world import GOOD, UPLOADS, csv_of, open_descriptors, request, row

GOOD_FILE = (UPLOADS / "good.csv").read_bytes()
SLOW_FILE = csv_of(GOOD) + b"\n" * 30_000_000 + GOOD.encode()
CANARY = "Vqzhk Tamarindcanary"


@pytest.fixture(autouse=True)
def none_before() -> Iterator[None]:
    nursery.close()
    yield
    nursery.close()


def checked(data: bytes = GOOD_FILE) -> tuple[str, list[str]]:
    outcome = worker.check_file(data, request())
    return outcome.verdict, [p.code for p in outcome.problems]


def pids() -> list[int]:
    return [each.pid for each in nursery._idle]


def children(parent: int) -> list[int]:
    """Processes, dead and not yet fetched ones aside, that this one is the parent of."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, above = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(above) == parent and state not in "ZX":
            found.append(int(folder.name))
    return found


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def wait_for(what: Callable[[], Any], seconds: float = 20.0) -> Any:
    limit = time.monotonic() + seconds
    while not (found := what()) and time.monotonic() < limit:
        time.sleep(0.002)
    assert found
    return found


def limits(pid: int) -> dict[str, str]:
    """Name of a limit: its hard value."""
    text = Path(f"/proc/{pid}/limits").read_text()
    return {line[:26].strip(): line[47:68].strip() for line in text.splitlines()[1:]}


def opened(pid: int) -> list[str]:
    return [os.readlink(each) for each in Path(f"/proc/{pid}/fd").iterdir()]


def a_nursery() -> int:
    assert checked() == ("clean", [])
    [pid] = pids()
    return pid


@contextmanager
def a_slow_file(pid: int) -> Iterator[tuple[int, list[tuple[str, list[str]]]]]:
    """While a child of this nursery reads a slow file: the child, killed at the end, and the list for its answer."""
    answers: list[tuple[str, list[str]]] = []
    thread = threading.Thread(target=lambda: answers.append(checked(SLOW_FILE)))
    thread.start()
    child = wait_for(lambda: children(pid))[0]
    try:
        yield child, answers
    finally:
        if alive(child):
            os.kill(child, signal.SIGKILL)
        thread.join(60)


def test_the_forked_child_has_limits_a_closed_environment_and_only_its_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_WEB", "canary")
    pid = a_nursery()
    with a_slow_file(pid) as (child, _answers):
        wait_for(lambda: "memfd:clean" in " ".join(opened(child)))  # It has begun to read.
        os.kill(child, signal.SIGSTOP)
        found, environment = limits(child), Path(f"/proc/{child}/environ").read_bytes()
        files, of_nursery = opened(child), opened(pid)
    assert found.items() >= {
        ("Max address space", str(2**30)),
        ("Max cpu time", "60"),
        ("Max core file size", "0"),
        ("Max file size", str(2**30)),
        ("Max open files", "64"),
    }
    assert b"SECRET_OF_THE_WEB" not in environment and b"HOME=/nonexistent" in environment
    assert files.count("/dev/null") == 3
    named = sorted(name.removeprefix("/memfd:").removesuffix(" (deleted)") for name in files if name != "/dev/null")
    assert {"upload", "request", "answer", "parquet", "marked"} < set(named)
    assert set(named) <= {"upload", "request", "answer", "parquet", "marked", "clean", "whole", "work", "trimmed"}
    # The nursery keeps none of them, while its child still reads: three times nothing, the line and what wakes it.
    assert sorted(re.sub(r"[0-9]", "", name) for name in of_nursery) == ["/dev/null"] * 3 + [
        "pipe:[]",
        "pipe:[]",
        "socket:[]",
    ]


def test_a_nursery_has_one_thread_and_no_limit_of_its_own() -> None:
    pid = a_nursery()
    assert len(os.listdir(f"/proc/{pid}/task")) == 1
    assert limits(pid)["Max address space"] == limits(os.getpid())["Max address space"]


def test_files_one_after_the_other_share_a_nursery_and_two_at_once_have_two() -> None:
    first = a_nursery()
    assert a_nursery() == first
    with a_slow_file(first) as (_child, answers):
        assert checked() == ("clean", [])
        assert pids() and first not in pids() and not answers
    assert len(pids()) == 2 and first in pids()


def test_thirty_two_threads_are_served() -> None:
    answers: list[tuple[str, list[str]]] = []
    threads = [threading.Thread(target=lambda: answers.append(checked())) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [("clean", [])] * 32 and len(pids()) <= 2


def test_nothing_of_a_file_is_left_in_the_nursery() -> None:
    """Neither in its memory nor in its descriptors: each child has a copy of what was there before any file came."""
    pid = a_nursery()
    data = csv_of(*[row(note=f"{CANARY} {i}", service=CANARY) for i in range(2000)])
    assert checked(data)[0] == "screened" and pids() == [pid]
    held = memory(pid)
    assert b"/nonexistent" in held, "the search finds what is there"
    assert CANARY.encode() not in held and CANARY.encode("utf-16-le") not in held
    assert not [name for name in opened(pid) if "memfd" in name]


def memory(pid: int) -> bytes:
    held = bytearray()
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in maps:
            found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if found:
                start, end = int(found[1], 16), int(found[2], 16)
                file.seek(start)
                held += file.read(end - start)
    return bytes(held)


def test_a_nursery_killed_between_two_files_is_not_noticed() -> None:
    first = a_nursery()
    os.kill(first, signal.SIGKILL)
    second = a_nursery()
    os.kill(second, signal.SIGSTOP)  # Killed before it takes the file, but after it was sent.
    threading.Timer(0.3, os.kill, (second, signal.SIGKILL)).start()
    assert a_nursery() not in (first, second)


def test_a_nursery_killed_with_a_file_takes_its_child_along() -> None:
    pid = a_nursery()
    with a_slow_file(pid) as (child, answers):
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: answers, 5)
        wait_for(lambda: not alive(child), 2)
    assert answers == [("unreadable", ["file-too-heavy"])]
    assert pids() == [] and a_nursery() != pid


def test_a_killed_child_leaves_its_nursery_at_work() -> None:
    pid = a_nursery()
    with a_slow_file(pid) as (_child, answers):
        pass
    assert answers == [("unreadable", ["file-too-heavy"])]
    assert a_nursery() == pid


def test_what_takes_too_long_is_gone_when_the_answer_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pid = a_nursery()
    monkeypatch.setattr(worker, "PATIENCE", 0.3)
    with a_slow_file(pid) as (child, answers):
        wait_for(lambda: answers, 5)
        assert not alive(child) and not alive(pid)
    assert answers == [("unreadable", ["file-too-heavy"])]
    monkeypatch.undo()
    a_nursery()


def test_signals_to_the_whole_group_do_not_end_a_file() -> None:
    pid = a_nursery()
    for name in (signal.SIGINT, signal.SIGTERM):
        os.kill(pid, name)
    assert a_nursery() == pid


def test_two_hundred_files_leave_no_descriptor_and_no_memory_behind() -> None:
    pid = a_nursery()
    checked(b"%PDF")
    ours, theirs, size = open_descriptors(), len(opened(pid)), resident(pid)
    for number in range(200):
        assert checked(GOOD_FILE if number % 10 == 0 else b"%PDF")[0] in ("clean", "unreadable")
    assert pids() == [pid]
    assert (open_descriptors(), len(opened(pid))) == (ours, theirs)
    assert resident(pid) <= size + 1024, "KiB"


def resident(pid: int) -> int:
    found = re.search(r"RssAnon:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1])


SCRIPT = """
import os, sys, threading, time
from dashboard.intake import nursery, worker
from test_nursery import GOOD_FILE, SLOW_FILE, checked, children, pids, request, wait_for
"""


@contextmanager
def another(script: str) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that asks for checks."""
    folder = Path(__file__).resolve().parent
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT + script],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(folder.parent)])},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("busy", [False, True])
def test_nothing_outlives_a_killed_parent(busy: bool) -> None:
    script = "checked(); print(*pids(), flush=True)\n" + ("checked(SLOW_FILE)" if busy else "time.sleep(60)")
    with another(script) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        all_of_them = [pid, *(wait_for(lambda: children(pid)) if busy else [])]
        process.kill()
        process.wait()
        wait_for(lambda: not [each for each in all_of_them if alive(each)], 5)


def test_a_parent_that_ends_takes_its_nurseries_along() -> None:
    with another("checked(); print(*pids(), flush=True)") as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert process.wait(20) == 0 and not alive(pid)


def test_a_forked_process_has_nurseries_of_its_own() -> None:
    """As gunicorn forks: what the first one holds is neither used nor kept open by the other."""
    script = """
assert checked() == ("clean", [])
before = pids()
here = worker._turns.acquire(), worker._turns.acquire()  # as if two files were being checked while it forks
if not (fork := os.fork()):
    known = pids() + list(nursery._lines)
    clean = checked() == ("clean", [])
    own = pids()
    nursery.close()
    os._exit(0 if not known and clean and own and own != before else 1)
assert os.waitpid(fork, 0)[1] == 0
worker._turns.release(2)
assert checked() == ("clean", []) and pids() == before
print("as it should be")
"""
    with another(script) as process:
        assert process.communicate(timeout=60)[0] == "as it should be\n"


def test_a_forked_process_keeps_no_nursery_alive() -> None:
    script = """
checked()
if not (fork := os.fork()):
    time.sleep(60)
    os._exit(0)
print(*pids(), fork, flush=True)
time.sleep(60)
"""
    with another(script) as process:
        assert process.stdout
        pid, fork = map(int, process.stdout.readline().split())
        try:
            process.kill()
            process.wait()
            wait_for(lambda: not alive(pid), 5)
            assert alive(fork)
        finally:
            os.kill(fork, signal.SIGKILL)
