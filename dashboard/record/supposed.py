"""The record as it would be if a file were accepted now: to be read, and never written. Leaves the record as it is.

Views of one connection's own stand before the record's tables, so that whoever asks a question of a supposition runs
the same code and the same SQL as on any other day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from uuid_utils import uuid7

from dashboard.record import tables
from dashboard.record.store import Head, Store
from dashboard.record.transaction import checked_columns, fetch, header
from dashboard.reference.contracts import Contract


class Supposed(Store):
    """A store in which a submission (a row of `submission_now`) is accepted at the next version.

    Of its dataset it holds the files of the quarters from `oldest` on, and no others: whoever asks for a figure of one
    quarter need not wait for the sums of all. `parquet` is where the file's checked rows are.
    """

    def __init__(self, real: Store, contract: Contract, submission: Mapping[str, Any], parquet: Path, oldest: str):
        self.settings, self.library, self.clock, self.broken = real.settings, real.library, real.clock, False
        self._real, self._gate = real, real._gate
        self._contract, self._submission, self._parquet, self._oldest = contract, submission, parquet, oldest
        before = real.head()
        self._supposed = replace(before, version=before.version + 1, figures=before.version + 1)
        self._made: tuple[int, Any] | None = None

    def head(self) -> Head:
        """The version that it would be."""
        return self._supposed

    @property
    def swaps(self) -> int:
        """As of the record's own file."""
        return self._real.swaps

    def write(self, subject: str, *, by: str) -> Any:
        """Refused: what is supposed is not written."""
        raise RuntimeError("Nothing is written into what is only supposed.")

    def audit(self, action: str, *, by: str, subject: str = "", detail: dict[str, Any] | None = None) -> None:
        """Refused, as `write` is."""
        raise RuntimeError("Nothing is written into what is only supposed.")

    def let_go(self) -> None:
        """Put the connection down."""
        if self._made is not None:
            self._made[1].close()
            self._made = None

    def _cursor(self) -> Any:
        """The connection with the views, made when it is first needed and again after the file was swapped."""
        if self._made is None or self._made[0] != self._real.swaps:
            cursor = self._real._connection.cursor()
            self._made = (self._real.swaps, cursor)
            self._suppose(cursor)
        return self._made[1]

    def _suppose(self, cursor: Any) -> None:
        here = tables.quoted(fetch(cursor, "select current_database() as name")[0]["name"])
        version, recorded_at = self._supposed.version, self.clock()
        submission, state = self._submission["submission_id"], self._submission["state"]
        events = [*(["submitted"] if state == "staged" else []), "accepted"]
        fetch(
            cursor,
            "create temp table supposed_event as select unnest($events) as event, unnest($ids) as event_id,"
            " $submission as submission_id, '' as by_account, '' as comment, $version::bigint as version,"
            " $recorded_at::timestamptz as recorded_at",
            {
                "events": events,
                "ids": [str(uuid7()) for _event in events],
                "submission": submission,
                "version": version,
                "recorded_at": recorded_at,
            },
        )
        cursor.execute(
            f"create temp view submission_event as select * from {here}.main.submission_event"
            " union all by name select * from supposed_event"
        )
        self._rows(cursor, here, version, recorded_at)
        for statement in tables.views(self.library.contracts.values()):
            cursor.execute(statement.replace("create or replace view", "create or replace temp view", 1))

    def _rows(self, cursor: Any, here: str, version: int, recorded_at: Any) -> None:
        """The rows of the dataset's files of these quarters, with those of this file."""
        name = f"d_{self._contract.name}"
        table, submission = tables.quoted(name), self._submission["submission_id"]
        there = header(cursor, name)
        listed = ", ".join(tables.quoted(c) for c in checked_columns(cursor, self._parquet) if c in there)
        fetch(
            cursor,
            f"create temp table supposed_rows as select $submission as submission_id, row_number, {listed},"
            " $version::bigint as version, $recorded_at::timestamptz as recorded_at from read_parquet($parquet)",
            {
                "submission": submission,
                "version": version,
                "recorded_at": recorded_at,
                "parquet": str(self._parquet),
            },
        )
        fetch(
            cursor,
            "create temp table supposed_files as select submission_id from submission where dataset = $dataset"
            " and period >= $oldest and submission_id <> $submission",
            {"dataset": self._contract.name, "oldest": self._oldest, "submission": submission},
        )
        cursor.execute(
            f"create temp view {table} as select * from {here}.main.{table}"
            " where submission_id in (select submission_id from supposed_files)"
            " union all by name select * from supposed_rows"
        )
