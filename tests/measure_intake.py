"""Measure a check of 100,000 and 1,000,000 rows beside DuckDB's bare read of the same bytes. Prints; judges nothing.

.venv/bin/python tests/measure_intake.py [rows ...]
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys

from dashboard.intake import nursery, worker
from dashboard.intake.inspection import memory_file, path
from dashboard.reference import library
from dashboard.reference.contracts import Contract

DATASET = "service_coverage"
BARE = """
import sys, time
from dashboard.record import scratch
started = time.perf_counter()
connection = scratch.open_scratch([sys.argv[1]])
names = [f"c{i}" for i in range(int(sys.argv[2]))]
columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
longest = ", ".join(f"max(length({name}))" for name in names)
connection.execute(f"SELECT count(*), {longest} FROM read_csv('{sys.argv[1]}', header = true, auto_detect = false,"
                   f" columns = {{{columns}}}, delim = ',', quote = '\\"')").fetchall()
print(time.perf_counter() - started)
"""


def lines(contract: Contract, rows: int) -> bytes:
    """Rows like those of service_coverage; one in a thousand has a slip."""
    services = [code.code for code in LIBRARY.codes["services"].codes][:17]
    usual = {
        "country": "KHM",
        "availability": "available",
        "open_to_migrant_women": "whatever_status",
        "hours": "office_hours",
        "languages": "khm|tha",
        "cost": "free",
        "interpretation": "no",
        "areas": "Northern provinces",
        "checked_on": "2026-09-15",
    }
    cells = [usual.get(name, "") for name in contract.header]
    at = {name: contract.header.index(name) for name in contract.header}
    made = [",".join(contract.header)]
    for i in range(rows):
        cells[at["service_code"]] = "SEED-99" if i % 1000 == 7 else services[i % 17]
        cells[at["organisation_code"]] = f"KHM-{i // 17:06d}"
        cells[at["checked_on"]] = "15/09/2026" if i % 1000 == 11 else "2026-09-15"
        cells[at["hours"]] = "ofice_hours" if i % 1000 == 13 else "office_hours"
        made.append(",".join(cells))
    return ("\n".join(made) + "\n").encode()


def request_for(contract: Contract) -> worker.Request:
    codes = {
        field.codes: [
            {"code": c.code, "title": c.title, "expired": "", "successor": c.successor}
            for c in LIBRARY.codes[field.codes].codes
        ]
        for field in contract.fields
        if field.codes
    }
    return worker.Request(DATASET, contract.source, codes, "", None, None, "2026-Q3", limit=2**28)


def measure(rows: int) -> None:
    contract = LIBRARY.contracts[DATASET]
    with memory_file("measure") as file:
        file.write(lines(contract, rows))
        file.flush()
        size = os.fstat(file.fileno()).st_size
        bare = min(
            float(
                subprocess.run(
                    [sys.executable, "-c", BARE, path(file), str(len(contract.header))],
                    check=True,
                    capture_output=True,
                    text=True,
                    pass_fds=[file.fileno()],
                ).stdout
            )
            for _ in range(3)
        )
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        outcomes = [worker.check_file(file, request_for(contract)) for _ in range(3)]
        nursery.close()  # Only then are its children counted among ours.
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    best = min(outcome.seconds for outcome in outcomes)
    found: dict[str, int] = {}
    for problem in outcomes[0].problems:
        found[problem.code] = found.get(problem.code, 0) + problem.count
    cpu = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 3
    print(
        f"{rows:,} rows, {size / 2**20:.1f} MB: checked in {best:.2f} s (processor {cpu:.2f} s); DuckDB alone reads"
        f" them in {bare:.2f} s: {best / bare:.1f} times as long; found {found or outcomes[0].verdict};"
        f" largest child {after.ru_maxrss / 1024:.0f} MB"
    )


LIBRARY = library.load()

if __name__ == "__main__":
    for wanted in [int(text) for text in sys.argv[1:]] or [100, 100_000, 1_000_000]:
        measure(wanted)
    print(f"load of the machine while measuring: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
