"""A small invented dataset and the ways to check a file against it, for the tests of intake. Never opens a store."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dashboard.intake import inspection, worker
from dashboard.intake.cells import Codes
from dashboard.intake.check import Context
from dashboard.intake.decode import memory_file
from dashboard.intake.problems import Problem
from dashboard.reference import contracts
from dashboard.reference.contracts import Contract

UPLOADS = Path(__file__).resolve().parent / "uploads"
SOURCE = (UPLOADS / "contract.json").read_text(encoding="utf-8")
LISTS: dict[str, list[dict[str, str]]] = json.loads((UPLOADS / "lists.json").read_text(encoding="utf-8"))
CONTRACT: Contract = contracts.parse("tried", SOURCE)
RELATED: Contract = contracts.parse("related", (UPLOADS / "related.json").read_text(encoding="utf-8"))
HEADER = ",".join(CONTRACT.header)
ORGANISATIONS = ["XAA-HEALTH", "XBA-POLICE"]
GOOD = "XAA,XAA-HEALTH,health,2026-Q3,120,0.5,eng|khm,XBA-POLICE,yes,Circular 12,,+999 2 555 01,2026-06-30,"


def file_of(data: bytes) -> Any:
    """A file in memory with these bytes."""
    file = memory_file("test")
    file.write(data)
    file.flush()
    return file


def csv_of(*rows: str, header: str = HEADER) -> bytes:
    return ("\n".join([header, *rows]) + "\n").encode()


def row(**cells: str) -> str:
    """The good row with some cells changed; quoted where it must be."""
    found = dict(zip(CONTRACT.header, GOOD.split(","), strict=True)) | cells
    return ",".join('"' + c.replace('"', '""') + '"' if set(c) & set(',"\n') else c for c in found.values())


def context() -> Context:
    return Context(
        {name: Codes(name, rows) for name, rows in LISTS.items()}, "XAA-HEALTH", ORGANISATIONS, "XAA", "2026-Q3"
    )


def inspected(
    data: bytes, contract: Contract = CONTRACT, *, limit: int = 2**27, copy: Any = None, parquet: Any = None
) -> inspection.Found:
    """All steps in this process, as the child takes them."""
    known = context()
    with file_of(data) as source, file_of(b"") as typed:
        return inspection.inspect(
            source, contract, known, limit=limit, codes=dict(known.codes), parquet=parquet or typed, copy=copy
        )


def request(**changes: Any) -> worker.Request:
    given: dict[str, Any] = {
        "dataset": "tried",
        "contract_source": SOURCE,
        "codes": LISTS,
        "organisation_code": "XAA-HEALTH",
        "organisations": ORGANISATIONS,
        "country": "XAA",
        "period": "2026-Q3",
    }
    return worker.Request(**{**given, **changes})


def where(problems: list[Problem]) -> list[tuple[int | None, str | None, str]]:
    """Problems as tests name them: row, column, code."""
    return [(p.row, p.column, p.code) for p in problems]


def open_descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))
