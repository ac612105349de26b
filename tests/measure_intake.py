"""Measure a check beside DuckDB alone, which reads the same file into a typed table. Prints; judges nothing.

.venv/bin/python tests/measure_intake.py [--turns N] [dataset ...] [rows ...]

Both run in a process of their own with the worker's limits, in turns, and tell the seconds from having the bytes to
having the answer, so that neither pays for starting. DuckDB reads the file without slips, for it refuses the other.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from dashboard.intake import worker
from dashboard.intake.decode import memory_file
from dashboard.record import scratch
from dashboard.reference import library
from dashboard.reference.contracts import Contract

DATASETS = ("service_contacts", "indicator_values", "service_coverage")
EVERY = 1000
"""One row in so many has a slip, where there are slips."""
_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE"}


@dataclass(frozen=True)
class Run:
    """What one process took: seconds by the clock and of the processor; most memory, and most addresses, in bytes."""

    wall: float
    cpu: float
    memory: int
    addresses: int


# --- the files ---


def lines(contract: Contract, rows: int, slips: bool) -> bytes:
    """So many rows as an organisation would send them, no key twice; with `slips`, of each kind one in EVERY rows."""
    made = [",".join(contract.header)]
    cells = {name: "" for name in contract.header}
    fill = _FILL[contract.name]
    for i in range(rows):
        fill(cells, i)
        if slips and i % EVERY == 7:
            cells["country"] = "KHN"
        if slips and i % EVERY == 11 and i > EVERY:
            fill(cells, i - 11)
        if slips and i % EVERY == 13:
            cells[_WORST[contract.name]] = "12o"
        made.append(",".join(cells.values()))
    return ("\n".join(made) + "\n").encode()


_WORST = {"service_contacts": "contacts", "indicator_values": "value", "service_coverage": "checked_on"}


def _contacts(cells: dict[str, str], i: int) -> None:
    cells["country"] = "KHM"
    cells["organisation_code"] = f"KHM-{i // 6120:05d}"
    cells["sector"] = "health"
    cells["channel"] = _CODES["contact_channels"][i % 6]
    cells["form_of_violence"] = _CODES["forms_of_violence"][i // 6 % 6]
    cells["origin"] = _CODES["countries"][i // 36 % 10]
    cells["service_code"] = _CODES["services"][i // 360 % 17]
    cells["contacts"] = str(i * 7919 % 431)


def _values(cells: dict[str, str], i: int) -> None:
    cells["country"] = "KHM"
    cells["indicator_code"] = _INDICATORS[i % len(_INDICATORS)]
    cells["organisation_code"] = f"KHM-{i // 100_000:05d}"
    cells["period"] = "2026-Q3"
    cells["disaggregation"] = "service"
    cells["category"] = f"category {i // len(_INDICATORS) % 20_000}"
    share = i % 3 == 0
    part = i * 31 % 501
    cells["value"] = f"{part / 5:.1f}" if share else f"{i * 7919 % 10_000 / 10}"
    cells["numerator"] = str(part) if share else ""
    cells["denominator"] = "500" if share else ""
    cells["source"] = f'"Training records of the ministry, part {i % 40}"'
    cells["note"] = f"The method changed in district {i % 2000}" if i % 20 == 0 else ""


def _coverage(cells: dict[str, str], i: int) -> None:
    office = i // 17
    cells |= {
        "country": "KHM",
        "service_code": _CODES["services"][i % 17],
        "organisation_code": f"KHM-{office:06d}",
        "availability": "available",
        "open_to_migrant_women": _CODES["eligibility"][i % 4],
        "firewall": "yes" if i % 5 == 0 else "no",
        "firewall_evidence": f"Ministry instruction on confidentiality section {i % 30}" if i % 5 == 0 else "",
        "hours": _CODES["hours"][i % 6],
        "languages": ("eng|khm", "khm", "eng|khm|tha", "khm|lao")[office % 4],
        "interpretation": _CODES["yes_partly_no"][office % 4],
        "cost": _CODES["cost"][i % 5],
        "areas": ("Northern provinces", "Southern provinces", "Coast and islands")[office % 3],
        "contact_line": f"+999 {office:07d}" if office % 2 else "",
        "contact_line_checked_on": f"2026-09-{office % 28 + 1:02d}" if office % 2 else "",
        "checked_on": f"2026-09-{i % 28 + 1:02d}",
    }


_FILL: dict[str, Callable[[dict[str, str], int], None]] = {
    "service_contacts": _contacts,
    "indicator_values": _values,
    "service_coverage": _coverage,
}

# --- the processes ---


def _measured(work: Callable[[], object]) -> None:
    """In a child: do the work under the worker's limits and print what it took."""
    worker.limit()
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    with open("/proc/self/status", encoding="ascii") as status:
        said = dict(line.split(":", 1) for line in status)
    most = {name: int(said[name].split()[0]) * 1024 for name in ("VmHWM", "VmPeak")}
    print(json.dumps(asdict(Run(wall, cpu, most["VmHWM"], most["VmPeak"]))))


def alone(dataset: str, descriptor: int) -> None:
    """In a child: DuckDB alone reads the file into a typed table."""
    contract = library.load().contracts[dataset]
    worker.prepare()
    place = f"/proc/self/fd/{descriptor}"
    columns = ", ".join(f"'{f.name}': '{_TYPES.get(f.type, 'VARCHAR')}'" for f in contract.fields)

    def work() -> None:
        connection = scratch.open_scratch([place])
        connection.execute(
            f"CREATE TABLE typed AS SELECT * FROM read_csv('{place}', header = true, auto_detect = false,"
            f" columns = {{{columns}}}, delim = ',', quote = '\"', escape = '\"', new_line = '\\n')"
        )

    _measured(work)


def checked(descriptors: list[int]) -> None:
    """In a child: the check, as a nursery's child does it."""
    worker.prepare()
    _measured(lambda: worker.child(descriptors))


def _run(how: str, given: object, files: list[BinaryIO]) -> Run:
    for file in files:
        file.seek(0)
    descriptors = [file.fileno() for file in files]
    # Only the interpreter's own warm code: each run starts afresh and ends.
    done = subprocess.run(
        [sys.executable, __file__, "--child", how, json.dumps(given or descriptors)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=descriptors,
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},
    )
    return Run(**json.loads(done.stdout))


def _child(how: str, given: str) -> None:
    if how == "alone":
        alone(*json.loads(given))
    else:
        checked(json.loads(given))


# --- the comparison ---


def request_for(contract: Contract) -> worker.Request:
    codes = {
        field.codes: [
            {"code": c.code, "title": c.title, "expired": "", "successor": c.successor}
            for c in LIBRARY.codes[field.codes].codes
        ]
        for field in contract.fields
        if field.codes
    }
    return worker.Request(contract.name, contract.source, codes, "", None, None, "2026-Q3", limit=2**28)


def measure(dataset: str, rows: int, turns: int) -> dict[str, tuple[float, float]]:
    """Print and return, for a file without and one with slips, the medians of the ratios of wall and processor.

    Raises AssertionError where a check comes to another verdict than it should.
    """
    contract = LIBRARY.contracts[dataset]
    ratios: dict[str, tuple[float, float]] = {}
    with ExitStack() as stack:
        files = {}
        for kind in ("clean", "slips"):
            files[kind] = stack.enter_context(memory_file(kind))
            files[kind].write(lines(contract, rows, kind == "slips"))
            files[kind].flush()
        runs: dict[str, list[Run]] = {"alone": [], "clean": [], "slips": []}
        for _ in range(turns):
            file = files["clean"]
            runs["alone"].append(_run("alone", [dataset, file.fileno()], [file]))
            for kind, file in files.items():
                with ExitStack() as inner:
                    ask, answer, parquet, copy = (
                        inner.enter_context(memory_file(name)) for name in ("ask", "answer", "parquet", "copy")
                    )
                    ask.write(json.dumps(asdict(request_for(contract))).encode())
                    ask.flush()
                    runs[kind].append(_run("checked", None, [file, ask, answer, parquet, copy]))
                    answer.seek(0)
                    found: dict[str, Any] = json.loads(answer.read())
                    if (found["verdict"] == "clean") != (kind == "clean"):
                        raise AssertionError(found)
        size = os.fstat(files["clean"].fileno()).st_size / 2**20
    bare = runs["alone"]
    print(f"{dataset}, {rows:,} rows, {len(contract.fields)} columns, {size:.1f} MB; DuckDB alone: {_words(bare)}")
    for kind in ("clean", "slips"):
        pairs = list(zip(runs[kind], bare, strict=True))
        wall = statistics.median(mine.wall / theirs.wall for mine, theirs in pairs)
        cpu = statistics.median(mine.cpu / theirs.cpu for mine, theirs in pairs)
        ratios[kind] = wall, cpu
        print(f"  {kind}: {_words(runs[kind])}: {wall:.2f} times by the clock, {cpu:.2f} times of the processor")
    return ratios


def _words(runs: list[Run]) -> str:
    wall, cpu = statistics.median(run.wall for run in runs), statistics.median(run.cpu for run in runs)
    memory, addresses = max(run.memory for run in runs) >> 20, max(run.addresses for run in runs) >> 20
    return f"{wall:.3f} s, processor {cpu:.3f} s, {memory} MB in {addresses} MB of addresses"


LIBRARY = library.load()
_CODES = {name: [code.code for code in listed.codes] for name, listed in LIBRARY.codes.items()}
_INDICATORS = [code for code in _CODES["indicators_reported"] if code.startswith("P-")]


def _asked() -> Iterator[tuple[str, int, int]]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("what", nargs="*")
    given = parser.parse_args()
    sizes = [int(word) for word in given.what if word.isdecimal()] or [100, 100_000, 1_000_000]
    for dataset in [word for word in given.what if not word.isdecimal()] or DATASETS:
        for rows in sizes:
            yield dataset, rows, given.turns


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(*sys.argv[2:4])
    else:
        for each in _asked():
            measure(*each)
        print(f"load of the machine while measuring: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
