"""A little record for tests of the store: two contracts, checked rows, a submission and its steps. Never a mock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from uuid_utils import uuid7

from dashboard.config import Settings
from dashboard.record.files import Files
from dashboard.record.store import Store
from dashboard.record.transaction import Write
from dashboard.reference.contracts import Contract, parse
from dashboard.reference.library import Library

FIELDS: dict[str, dict[str, Any]] = {
    "seats": {"country": {}, "organisation_code": {}, "seat_since": {"type": "date"}},
    "services": {"country": {}, "service": {}, "places": {"type": "integer"}, "share": {"type": "number"}},
}
TYPES = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}


def contract(name: str, fields: dict[str, dict[str, Any]]) -> Contract:
    """A contract with these fields; a field says no more than its type."""
    return parse(
        name,
        json.dumps(
            {
                "title": name,
                "description": name,
                "primaryKey": [next(iter(fields))],
                "dashboard": {
                    "row": "One row per row.",
                    "kind": "process",
                    "screen": "counts",
                    "frequency": "quarterly",
                    "submitters": ["agency"],
                },
                "fields": [
                    {"name": field, "title": field, "description": field, "hxl": "#x", "type": "string", **more}
                    for field, more in fields.items()
                ],
            }
        ),
    )


def library(**fields: dict[str, dict[str, Any]]) -> Library:
    return Library({name: contract(name, found) for name, found in (fields or FIELDS).items()}, {}, {})


def settings(folder: Path, **more: Any) -> Settings:
    return Settings(data=folder, min_free_bytes=2**20, **more)


def open_store(folder: Path, known: Library | None = None, **more: Any) -> Store:
    return Store.open(settings(folder, **more), known or library())


def parquet(path: Path, described: Contract, rows: list[dict[str, Any]]) -> Path:
    """Checked rows as the worker hands them over: row_number and the contract's fields, typed."""
    arrays = {
        field.name: pa.array([row.get(field.name) for row in rows], TYPES.get(field.type, pa.string()))
        for field in described.fields
    }
    numbers = pa.array(range(2, len(rows) + 2), pa.int64())
    pq.write_table(pa.table({"row_number": numbers, **arrays}), path)
    return path


def service_rows(count: int, text: str = "shelter") -> list[dict[str, Any]]:
    return [{"country": "XAA", "service": f"{text} {n}", "places": n, "share": n / 7} for n in range(count)]


def stage(
    store: Store,
    rows: list[dict[str, Any]],
    *,
    dataset: str = "services",
    organisation: str = "XAA-ONE",
    period: str = "2026-Q1",
    data: bytes | None = None,
    comment: str = "",
    notes: str = "",
) -> str:
    """Keep a file and its checked rows, add the submission; returns its id."""
    described = store.library.contracts[dataset]
    files = Files(store.settings.files)
    submission_id = str(uuid7())
    sha256 = files.put(data if data is not None else f"{submission_id} {rows}".encode())
    path = parquet(store.settings.exchange / f"{submission_id}.parquet", described, rows)
    files.put_parquet(sha256, described.hash, path.read_bytes())
    path.unlink()
    with store.write("intake", by="tester") as write:
        write.add(
            "submission",
            {
                "submission_id": submission_id,
                "dataset": dataset,
                "organisation_code": organisation,
                "period": period,
                "sha256": sha256,
                "size": 1,
                "row_count": len(rows),
                "contract_hash": described.hash,
                "staged_by": "tester",
                "notes": notes,
            },
        )
        add_step(write, submission_id, "staged", comment)
    return submission_id


def add_step(write: Write, submission_id: str, event: str, comment: str = "") -> None:
    write.add(
        "submission_event",
        {
            "event_id": str(uuid7()),
            "submission_id": submission_id,
            "event": event,
            "by_account": "tester",
            "comment": comment,
        },
    )


def accept(store: Store, submission_id: str) -> int:
    """Load the rows and accept; returns the version."""
    row = store.read("select * from submission where submission_id = $id", id=submission_id)[0]
    path = Files(store.settings.files).parquet(row["sha256"], row["contract_hash"])
    with store.write("figures", by="tester") as write:
        write.load(store.library.contracts[row["dataset"]], submission_id, path)
        add_step(write, submission_id, "accepted")
        return write.version


def step(store: Store, submission_id: str, event: str, comment: str = "") -> int:
    with store.write("intake", by="tester") as write:
        add_step(write, submission_id, event, comment)
        return write.version
