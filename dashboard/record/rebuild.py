"""Make a new database from the journal and the checked files. Never trusts, changes or deletes the old database."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from dashboard.config import Settings
from dashboard.record import catchup, folder, store, tables
from dashboard.record.errors import StoreError
from dashboard.record.files import Files
from dashboard.record.journal import Entry, Journal
from dashboard.record.transaction import (
    Cursor,
    Row,
    checked_columns,
    insert,
    insert_checked,
    make,
    table_names,
    typed,
    widen,
)
from dashboard.reference import library as libraries
from dashboard.reference.library import Library
from dashboard.reference.text import _


@dataclass
class Report:
    """What a rebuild brought back, what it could not, and where the old database is now."""

    version: int = 0
    rows: int = 0
    loads: int = 0
    loaded_rows: int = 0
    audit: int = 0
    seconds: float = 0.0
    moved: tuple[Path, ...] = ()
    problems: list[str] = field(default_factory=list)


def rebuild(settings: Settings, library: Library | None = None) -> Report:
    """Replay journal and files into a new database; the old one is moved aside as .damaged-<time>.

    The new file is whole before the old one is touched. Sessions are not in the journal: everybody signs in again.
    Raises StoreBusy while a process holds the folder, and StoreError when there is nothing to replay.
    """
    started = time.monotonic()
    folder.prepare(settings)
    descriptor = folder.lock(settings)
    try:
        report = Report()
        fresh = catchup.fresh_path(settings)
        catchup.discard(settings)
        if not Journal(settings.journal).paths():
            raise StoreError(
                _(
                    "There is no journal in {folder}, so there is nothing to rebuild from. Nothing was changed.",
                    folder=settings.journal,
                )
            )
        connection = store.connect(fresh, settings)
        try:
            connection.execute("begin transaction")
            make(connection, library or libraries.load(settings.overlay))
            _replay(connection, settings, report)
            connection.execute("commit")
        finally:
            connection.close()
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        report.moved = _aside(settings)
        os.replace(fresh, settings.database)
        folder.sync(settings.data)
        report.seconds = time.monotonic() - started
        return report
    finally:
        os.close(descriptor)


def _aside(settings: Settings) -> tuple[Path, ...]:
    """Move the old database, its log first: the log must never be found beside the new file."""
    ending = f".damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    moved = []
    for path in (settings.database.with_name(settings.database.name + ".wal"), settings.database):
        if path.exists():
            target = path.with_name(settings.database.name + ending + path.name.removeprefix(settings.database.name))
            os.rename(path, target)
            moved.append(target)
    return tuple(reversed(moved))


def _replay(cursor: Cursor, settings: Settings, report: Report) -> None:
    files = Files(settings.files)
    head: Row = {}
    for entry in Journal(settings.journal).entries(report.problems):
        if "audit" in entry:
            insert(cursor, "audit", tables.AUDIT, [typed(tables.AUDIT, entry["audit"])])
            report.audit += 1
            continue
        stamp = typed(tables.STAMP, entry)
        for table, rows in entry["rows"].items():
            described = {**tables.VERSIONED[table], **tables.STAMP}
            insert(cursor, table, described, [typed(described, row | stamp) for row in rows])
            report.rows += len(rows)
        for load in entry["loads"]:
            _load(cursor, files, load, stamp, report)
        head |= stamp | dict.fromkeys(entry["subjects"], entry["version"])
        report.version = entry["version"]
    if head:
        moved = ", ".join(f"{tables.quoted(name)} = ${name}" for name in head)
        cursor.execute(f"update head set {moved}", head)


def _load(cursor: Cursor, files: Files, load: Entry, stamp: Row, report: Report) -> None:
    """Load one file's checked rows, also those of a dataset or a field that no contract knows any more."""
    parquet = files.parquet(load["sha256"], load["contract_hash"])
    if not parquet.exists():
        report.problems.append(
            _(
                "The checked rows of submission {id} ({dataset}) are missing: {file}.",
                id=load["submission_id"],
                dataset=load["dataset"],
                file=parquet.name,
            )
        )
        return
    table = f"d_{load['dataset']}"
    whole = {"submission_id": "VARCHAR", "row_number": "BIGINT", **checked_columns(cursor, parquet), **tables.STAMP}
    if table in table_names(cursor):
        widen(cursor, table, whole)
    else:
        cursor.execute(tables.create(table, whole))
    report.loaded_rows += insert_checked(cursor, table, parquet, {"submission_id": load["submission_id"], **stamp})
    report.loads += 1


def equal(one: store.Store, other: store.Store) -> list[str]:
    """The differences between two records, table by table, as sentences; sessions and throttling apart."""
    differences = []
    names = [set(table_names_of(each)) - set(tables.EPHEMERAL) for each in (one, other)]
    for table in sorted(names[0] ^ names[1]):
        differences.append(_("Only one of the two has the table {table}.", table=table))
    for table in sorted(names[0] & names[1]):
        listed = [", ".join(map(tables.quoted, sorted(columns_of(each, table)))) for each in (one, other)]
        if listed[0] == listed[1] and _digest(one, table, listed[0]) == _digest(other, table, listed[1]):
            continue
        found = [
            each.read(f"select {columns}, count(*) as times from {tables.quoted(table)} group by all order by all")
            for each, columns in zip((one, other), listed, strict=True)
        ]
        different = sum(row not in found[1] for row in found[0]) + sum(row not in found[0] for row in found[1])
        differences.append(_("{table}: {count} rows differ.", table=table, count=different))
    return differences


def _digest(opened: store.Store, table: str, listed: str) -> list[Row]:
    """The same for the same rows in any order, and quick for a million."""
    return opened.read(f"select count(*) as n, sum(hash({listed})::hugeint) as all_rows from {tables.quoted(table)}")


def table_names_of(opened: store.Store) -> list[str]:
    """The tables of an open record."""
    return [
        row["table_name"]
        for row in opened.read(
            "select table_name from information_schema.tables where table_type = 'BASE TABLE' order by 1"
        )
    ]


def columns_of(opened: store.Store, table: str) -> list[str]:
    """The columns of one of them."""
    return [
        row["column_name"]
        for row in opened.read(
            "select column_name from information_schema.columns where table_name = $table", table=table
        )
    ]
