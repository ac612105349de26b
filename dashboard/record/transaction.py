"""What a write does inside its transaction: add rows, load checked rows, move subjects. Never begins or commits one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from dashboard.record import audit, journal, tables
from dashboard.record.files import Files
from dashboard.reference.contracts import Contract
from dashboard.reference.library import Library

Row = dict[str, Any]
_EMPTY: Row = {"VARCHAR": "", "BOOLEAN": False}
_MANY = 500


class Cursor(Protocol):
    """As much of a DuckDB cursor as this room uses."""

    @property
    def description(self) -> Any: ...
    def execute(self, query: Any, parameters: object = None) -> Any: ...
    def fetchall(self) -> list[Any]: ...


def fetch(cursor: Cursor, sql: str, params: Mapping[str, Any] | None = None) -> list[Row]:
    """Run one statement and take all its rows, so that no stream stays open on the cursor."""
    cursor.execute(sql, dict(params) if params else None)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def columns(cursor: Cursor, table: str) -> dict[str, str]:
    """The columns of a table as they are, with their types."""
    found = fetch(
        cursor,
        "select column_name, data_type from information_schema.columns where table_name = $name "
        "and table_catalog = current_database() order by ordinal_position",
        {"name": table},
    )
    long = "TIMESTAMP WITH TIME ZONE"
    return {row["column_name"]: "TIMESTAMPTZ" if row["data_type"] == long else row["data_type"] for row in found}


def header(cursor: Cursor, table: str) -> set[str]:
    """The names of a table's columns, in a tenth of the time that `columns` takes."""
    cursor.execute(f"select * from {tables.quoted(table)} limit 0")
    return {column[0] for column in cursor.description}


def table_names(cursor: Cursor) -> list[str]:
    """All tables that are there, views apart."""
    return [
        row["table_name"]
        for row in fetch(
            cursor,
            "select table_name from information_schema.tables where table_type = 'BASE TABLE' "
            "and table_catalog = current_database() order by table_name",
        )
    ]


def make(cursor: Cursor, library: Library) -> None:
    """Create what is missing: tables, columns that contracts or tables gained, the one row of head; the views anew."""
    wanted = tables.fixed()
    for contract in library.contracts.values():
        wanted[f"d_{contract.name}"] = {**tables.columns_of(contract), **tables.STAMP}
    there = set(table_names(cursor))
    for name, described in wanted.items():
        if name not in there:
            cursor.execute(tables.create(name, described))
        elif name.startswith("d_") or name in tables.VERSIONED:
            widen(cursor, name, described)
    if not fetch(cursor, "select version from head"):
        insert(
            cursor,
            "head",
            tables.HEAD,
            [
                dict.fromkeys((*tables.SUBJECTS, "version"), 0)
                | {"recorded_at": None, "schema_version": tables.SCHEMA_VERSION}
            ],
        )
    for statement in tables.views(library.contracts.values()):
        cursor.execute(statement)


def widen(cursor: Cursor, table: str, wanted: Mapping[str, str]) -> None:
    """Add the columns that `table` does not have yet."""
    there = header(cursor, table)
    for column, kind in wanted.items():
        if column not in there:
            cursor.execute(f"alter table {tables.quoted(table)} add column {tables.quoted(column)} {kind}")


def insert(cursor: Cursor, table: str, described: Mapping[str, str], rows: list[Row]) -> None:
    """Insert rows that have exactly the columns of `described`."""
    names = list(described)
    marks = f"({', '.join('?' * len(names))})"
    for start in range(0, len(rows), _MANY):
        part = rows[start : start + _MANY]
        cursor.execute(
            f"insert into {tables.quoted(table)} ({', '.join(map(tables.quoted, names))}) "
            f"values {', '.join([marks] * len(part))}",
            [row[name] for row in part for name in names],
        )


def checked_columns(cursor: Cursor, parquet: Path) -> dict[str, str]:
    """The fields in a file of checked rows, with their types: those of the contract it was checked against."""
    found = fetch(cursor, "describe select * from read_parquet($parquet)", {"parquet": str(parquet)})
    return {row["column_name"]: row["column_type"] for row in found if row["column_name"] != "row_number"}


def insert_checked(cursor: Cursor, table: str, parquet: Path, stamp: Row) -> int:
    """Insert the checked rows of one file into d_<dataset>; returns how many. `stamp` has the columns of the record.

    A field that the file's contract did not have yet stays empty; one that the table does not have is left out.
    """
    there = header(cursor, table)
    names = ", ".join(tables.quoted(field) for field in checked_columns(cursor, parquet) if field in there)
    done = fetch(
        cursor,
        f"insert into {tables.quoted(table)} (submission_id, row_number, {names}, version, recorded_at) "
        f"select $submission_id, row_number, {names}, $version, $recorded_at from read_parquet($parquet)",
        {**stamp, "parquet": str(parquet)},
    )
    return int(done[0]["Count"])


def typed(described: Mapping[str, str], row: Row) -> Row:
    """A row of the journal with its days and moments as Python has them; a column that it did not have yet is null."""
    readers = {"DATE": date.fromisoformat, "TIMESTAMPTZ": datetime.fromisoformat}
    return {
        name: readers[kind](value) if kind in readers and isinstance(value := row.get(name), str) else row.get(name)
        for name, kind in described.items()
    }


class Write:
    """The open write: `version` is the version it will be, `recorded_at` the moment that its rows carry."""

    def __init__(self, cursor: Cursor, files: Files, version: int, recorded_at: datetime, by: str) -> None:
        self.version, self.recorded_at, self.by = version, recorded_at, by
        self.moved: set[str] = set()
        self._cursor, self._files = cursor, files
        self._rows: dict[str, list[Row]] = {}
        self._loads: list[Row] = []
        self._keys: set[tuple[str, str]] = set()
        self.audited: list[Row] = []

    def read(self, sql: str, /, **params: Any) -> list[Row]:
        """Read what the record and this write hold so far."""
        return fetch(self._cursor, sql, params)

    def move(self, *subjects: str) -> None:
        """Mark further subjects as moved by this version."""
        if unknown := set(subjects) - set(tables.SUBJECTS):
            raise ValueError(f"{', '.join(sorted(unknown))}: not among the subjects {', '.join(tables.SUBJECTS)}.")
        self.moved |= set(subjects)

    def add(self, table: str, *rows: Row) -> None:
        """Add rows. A column left out is empty text, no, or null by its type. Raises ValueError for unknown names."""
        if table not in tables.VERSIONED:
            raise ValueError(f"{table} is not a table that rows can be added to.")
        described = tables.VERSIONED[table]
        complete = []
        for row in rows:
            if unknown := set(row) - set(described):
                raise ValueError(f"{table} has no column {', '.join(sorted(unknown))}.")
            complete.append({name: row.get(name, _EMPTY.get(kind)) for name, kind in described.items()})
            if table in tables.LATEST:
                key = (table, str(row[tables.LATEST[table]]))
                if key in self._keys:
                    raise ValueError(f"{table}: {key[1]} stands twice in one version; which one would be the latest?")
                self._keys.add(key)
        stamp = {"version": self.version, "recorded_at": self.recorded_at}
        insert(self._cursor, table, {**described, **tables.STAMP}, [row | stamp for row in complete])
        self._rows.setdefault(table, []).extend(complete)

    def load(self, contract: Contract, submission_id: str, parquet: Path) -> int:
        """Load the checked rows of a submission; returns how many. Rows that are there already are not doubled.

        The Parquet file is kept beside the bytes when it is not there yet: without it no rebuild would find the rows.
        """
        table = tables.quoted(f"d_{contract.name}")
        found = self.read(
            "select sha256, contract_hash, dataset from submission where submission_id = $id", id=submission_id
        )
        if not found or found[0]["dataset"] != contract.name:
            raise ValueError(f"There is no submission {submission_id} of {contract.name} to load rows for.")
        if self.read(f"select 1 from {table} where submission_id = $id limit 1", id=submission_id):
            return 0
        sha256, contract_hash = found[0]["sha256"], found[0]["contract_hash"]
        kept = self._files.parquet(sha256, contract_hash)
        if not kept.exists():
            self._files.put_parquet(sha256, contract_hash, parquet.read_bytes())
        stamp = {"submission_id": submission_id, "version": self.version, "recorded_at": self.recorded_at}
        count = insert_checked(self._cursor, f"d_{contract.name}", kept, stamp)
        self._loads.append(
            {"dataset": contract.name, "submission_id": submission_id, "sha256": sha256, "contract_hash": contract_hash}
        )
        self.move("figures")
        return count

    def audit(self, key: bytes, action: str, by: str, subject: str, detail: Row | None, now: datetime) -> None:
        """Add an entry to the audit log within this transaction."""
        self.audited.append(add_audit(self._cursor, key, action, by, subject, detail, now))

    def finish(self) -> None:
        """The version's own row, and head moved on; the caller commits."""
        self.add("step", {"subjects": ",".join(sorted(self.moved)), "by_account": self.by})
        moved = "".join(f", {tables.quoted(subject)} = $version" for subject in sorted(self.moved))
        self._cursor.execute(
            f"update head set version = $version, recorded_at = $recorded_at{moved}",
            {"version": self.version, "recorded_at": self.recorded_at},
        )

    def line(self) -> journal.Entry:
        return journal.line(self.version, self.recorded_at, self.moved, self.by, self._rows, self._loads)


def add_audit(cursor: Cursor, key: bytes, action: str, by: str, subject: str, detail: Row | None, now: datetime) -> Row:
    """Add one entry to the audit log, closed onto the chain; returns it."""
    last = fetch(cursor, "select seq, chain, happened_at from audit order by seq desc limit 1")
    before: Row = last[0] if last else {"seq": 0, "chain": "", "happened_at": now}
    entry: Row = {
        "seq": before["seq"] + 1,
        "happened_at": max(now, before["happened_at"]),
        "by_account": by,
        "action": action,
        "subject": subject,
        "detail": json.dumps(detail or {}, sort_keys=True, default=str),
    }
    entry["chain"] = audit.chain(key, before["chain"], entry)
    insert(cursor, "audit", tables.AUDIT, [entry])
    return entry
