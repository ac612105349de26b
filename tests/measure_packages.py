"""Check the CSV files that other people's packages ship, as every dataset and as one of their own. Keeps none of them.

.venv/bin/python tests/measure_packages.py FOLDER
FOLDER holds what was downloaded and unpacked: csv-spectrum (an npm package) and the source distributions of csvkit,
agate and frictionless, or any other files. They are nobody's reports, so each is to be refused with a sentence. Those
whose header is plain names are read once more as a dataset of just these columns: of what is then taken, every row must
be there. A check that falls, an answer without a sentence, other rows than Python's csv reads and a file that takes
over two seconds are counted, and any of them ends with 1.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter
from pathlib import Path

from dashboard.intake import worker
from dashboard.reference import library
from dashboard.reference.contracts import Contract

LIBRARY = library.load()
NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
ENDINGS = frozenset({".csv", ".tsv", ".txt"})


def request_for(contract: Contract) -> worker.Request:
    lists = {
        field.codes: [
            {"code": c.code, "title": c.title, "expired": "", "successor": c.successor}
            for c in LIBRARY.codes[field.codes].codes
        ]
        for field in contract.fields
        if field.codes in LIBRARY.codes
    }
    return worker.Request(contract.name, contract.source, lists, "", None, None, "2026-Q3")


def own(data: bytes) -> tuple[worker.Request, int] | None:
    """The file as a dataset of its own columns, and how many filled rows Python's csv finds; None for an odd header."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    header = rows[0] if rows else []
    if not header or len(set(header)) < len(header) or not all(NAME.fullmatch(name) for name in header):
        return None
    fields = [{"name": n, "title": n, "description": n, "type": "string", "hxl": f"#x+{n}"} for n in header]
    source = {
        "title": "Own",
        "description": "Own",
        "primaryKey": header,
        "fields": fields,
        "dashboard": {
            "row": "One row.", "kind": "process", "screen": "register", "frequency": "once", "submitters": ["agency"],
            "rules": [],
        },
    }  # fmt: skip
    request = worker.Request("own", json.dumps(source), {}, "", None, None, "2026-Q3")
    return request, sum(any(cell.strip() for cell in row) for row in rows[1:])


def measure(folder: Path) -> int:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in ENDINGS)
    verdicts: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    fallen, silent, slow, other = [], [], [], []
    for path in files:
        data = path.read_bytes()
        for contract in LIBRARY.contracts.values():
            outcome = worker.check_file(data, request_for(contract))
            verdicts[outcome.verdict] += 1
            codes = {problem.code for problem in outcome.problems}
            if codes & {"check-failed", "file-too-heavy", "check-busy"}:
                fallen.append((path.name, contract.name, codes))
            if outcome.verdict != "clean" and not all(p.message and p.fix for p in outcome.problems):
                silent.append((path.name, contract.name))
            if outcome.seconds > 2:
                slow.append((path.name, contract.name, round(outcome.seconds, 1)))
        if (asked := own(data)) is not None:
            outcome = worker.check_file(data, asked[0])
            taken[outcome.verdict] += 1
            if "check-failed" in {problem.code for problem in outcome.problems}:
                fallen.append((path.name, "own", {"check-failed"}))
            if outcome.verdict == "clean" and outcome.row_count != asked[1]:
                other.append((path.name, outcome.row_count, asked[1]))
    print(f"{len(files)} files as {len(LIBRARY.contracts)} datasets: {dict(verdicts)}")
    print(f"as a dataset of their own columns: {dict(taken)}; other rows than Python's csv reads: {other[:5] or 0}")
    print(f"the check fell: {fallen[:5] or 0}; no sentence: {silent[:5] or 0}; over two seconds: {slow[:5] or 0}")
    return int(bool(fallen or silent or slow or other or not files))


if __name__ == "__main__":
    sys.exit(measure(Path(sys.argv[1])))
