"""Check one file in a child process with limits, so that no file can hurt the web. Never writes to the disk."""

from __future__ import annotations

import json
import logging
import os
import resource
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from dashboard.intake import nursery
from dashboard.intake.problems import Problem, from_json, problem
from dashboard.reference import text

ADDRESS_SPACE = 2**30
CPU_SECONDS = 60
LARGEST_FILE = 2**30
"""What a child may write into one of its files, all of which live in memory."""
PATIENCE = 120.0
"""Seconds until a child is ended, and until a file that waits for its turn is sent away."""

_log = logging.getLogger(__name__)
_turns = threading.BoundedSemaphore(2)
_queue_lock = threading.Lock()
_queue = 0


def _forked() -> None:
    """In a process forked from this one: nobody there has a turn or waits, whatever other threads did here."""
    global _turns, _queue_lock, _queue
    _turns, _queue_lock, _queue = threading.BoundedSemaphore(2), threading.Lock(), 0


os.register_at_fork(after_in_child=_forked)


@dataclass(frozen=True)
class Request:
    """What the child must know. `codes` holds, for each list, rows of code, title, expired ("yes") and successor.

    `organisations` None: organisation codes are not checked; `country` None: countries are not compared; an empty
    `organisation_code`: rows of any organisation pass. `limit` is in bytes.
    """

    dataset: str
    contract_source: str
    codes: dict[str, list[dict[str, str]]]
    organisation_code: str
    organisations: list[str] | None
    country: str | None
    period: str
    marked: bool = False
    language: str = ""
    limit: int = 100 * 2**20


@dataclass(frozen=True)
class Outcome:
    """verdict: "clean" (only then is there `parquet`), "problems", "screened" or "unreadable"."""

    verdict: str
    problems: list[Problem] = field(default_factory=list)
    tolerated: list[Problem] = field(default_factory=list)
    row_count: int = 0
    parquet: bytes | None = None
    marked: bytes | None = None
    seconds: float = 0.0


def waiting() -> int:
    """How many files wait for their turn."""
    return _queue


def check_file(data: Any, request: Request) -> Outcome:
    """Read, screen and check `data` (bytes, or a file object with a descriptor) in a limited child.

    Two files are checked at a time; others wait. Whatever becomes of the child, the answer is an Outcome: one that
    took too much memory or time says `file-too-heavy`.
    """
    global _queue
    started = time.monotonic()
    with _queue_lock:
        _queue += 1
    try:
        turn = _turns.acquire(timeout=PATIENCE)
    finally:
        with _queue_lock:
            _queue -= 1
    if not turn:
        return Outcome("unreadable", [problem("check-busy")], seconds=time.monotonic() - started)
    try:
        return _check(data, request, started)
    finally:
        _turns.release()


def _memory_file(name: str, data: bytes = b"") -> BinaryIO:
    file = os.fdopen(os.memfd_create(name, os.MFD_CLOEXEC), "w+b")
    file.write(data)
    file.flush()
    return file


def _check(data: Any, request: Request, started: float) -> Outcome:
    said = vars(request) | {"language": request.language or text.language()}
    given = _memory_file("upload", bytes(data)) if isinstance(data, (bytes, bytearray, memoryview)) else None
    source = given or data
    source.flush()
    ask, answer = _memory_file("request", json.dumps(said).encode()), _memory_file("answer")
    parquet, copy = _memory_file("parquet"), _memory_file("marked")
    files = [source, ask, answer, parquet, copy]
    try:
        code = _run([file.fileno() for file in files])
        answer.seek(0)
        body = answer.read()
        if code != 0 or not body:
            return Outcome("unreadable", [_fallen(code)], seconds=time.monotonic() - started)
        found = json.loads(body)
        if found["fault"]:
            # Only where it happened: a message could quote the file.
            _log.error("The check of a file for %s failed: %s", request.dataset, found["fault"])
        return Outcome(
            verdict=found["verdict"],
            problems=[from_json(told) for told in found["problems"]],
            tolerated=[from_json(told) for told in found["tolerated"]],
            row_count=found["row_count"],
            parquet=_whole(parquet) if found["verdict"] == "clean" else None,
            marked=_whole(copy) or None if request.marked and found["verdict"] == "problems" else None,
            seconds=time.monotonic() - started,
        )
    finally:
        for file in (given, ask, answer, parquet, copy):
            if file is not None:
                file.close()


def _whole(file: BinaryIO) -> bytes:
    file.seek(0)
    return file.read()


def _run(descriptors: list[int]) -> int:
    """Have a child of a nursery check these files and wait for its end."""
    return nursery.run("dashboard.intake.worker", descriptors, PATIENCE)


def _fallen(code: int) -> Problem:
    """What to say of a child that gave no answer: ended by a limit, or fallen for a reason of our own."""
    heavy = code < 0 or code in (137, 152)
    if not heavy:
        _log.error("The child that checks files ended with code %s.", code)
    return problem("file-too-heavy" if heavy else "check-failed")


# --- in the child ---


def limit() -> None:
    """What a child may take, from here on."""
    for what, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def prepare() -> None:
    """Import and read what every check needs, once for all files."""
    for name in ("numpy", "pandas", "polars", "pyarrow"):
        # DuckDB would load them to see whether a parameter is one of their values: half a second for each file.
        sys.modules[name] = None  # type: ignore[assignment]
    import uuid  # noqa: F401 DuckDB asks for it at the first parameter

    from dashboard.intake import inspection  # noqa: F401
    from dashboard.record import scratch

    scratch.rest()
    text.number(1)
    text.words(["", ""])  # The catalogue and the language's signs are read once, here.


def main(descriptor: int) -> None:
    """The nursery: fork a child for each file that comes down the line."""
    prepare()
    nursery.serve(descriptor, child)


def child(descriptors: list[int]) -> None:
    """The child: limits first, then the file. Answers in JSON; Parquet and marked copy go into their own files."""
    limit()
    source, ask, answer, parquet, copy = files = [os.fdopen(fd, "r+b", closefd=False) for fd in descriptors]
    found: dict[str, Any]
    try:
        found = _inspected(source, ask, parquet, copy)
    except Exception as error:
        found = _failed(error)
    answer.write(json.dumps(found).encode())
    for file in files[1:]:
        file.flush()


def _inspected(source: BinaryIO, ask: BinaryIO, parquet: BinaryIO, copy: BinaryIO) -> dict[str, Any]:
    from dashboard.intake.cells import Codes
    from dashboard.intake.check import Context
    from dashboard.intake.inspection import inspect
    from dashboard.reference import contracts

    ask.seek(0)
    request = Request(**json.loads(ask.read()))
    text.use_language(request.language)
    codes = {name: Codes(name, rows) for name, rows in request.codes.items()}
    found = inspect(
        source,
        contracts.parse(request.dataset, request.contract_source),
        Context(codes, request.organisation_code, request.organisations, request.country, request.period),
        limit=request.limit,
        codes=codes,
        parquet=parquet,
        copy=copy if request.marked else None,
    )
    return {
        "verdict": found.verdict,
        "problems": [vars(p) for p in found.problems],
        "tolerated": [vars(p) for p in found.tolerated],
        "row_count": found.row_count,
        "fault": "",
    }


def _failed(error: Exception) -> dict[str, Any]:
    from dashboard.record import scratch

    heavy = isinstance(error, (*scratch.OutOfMemory, OSError))
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place is not None else ""
    return {
        "verdict": "unreadable",
        "problems": [vars(problem("file-too-heavy" if heavy else "check-failed"))],
        "tolerated": [],
        "row_count": 0,
        "fault": "" if heavy else f"{type(error).__name__} at {where}",
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
