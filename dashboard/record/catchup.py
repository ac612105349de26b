"""What opening sees to after a process that did not end well: leftovers, fit, the journal's tail. Never drops rows."""

from __future__ import annotations

import shutil
from pathlib import Path

from dashboard.config import Settings
from dashboard.record import tables
from dashboard.record.errors import StoreDamaged
from dashboard.record.journal import Entry, Journal, line
from dashboard.record.transaction import Cursor, fetch, header, table_names
from dashboard.reference.text import _


def fresh_path(settings: Settings) -> Path:
    """Where a new database file is written before it takes the old one's place: a folder that DuckDB may use freely."""
    return settings.data / "fresh" / settings.database.name


def spill_path(settings: Settings) -> Path:
    """Where DuckDB puts what does not fit in memory."""
    return settings.database.with_name(settings.database.name + ".tmp")


def discard(settings: Settings) -> None:
    """Remove a database file that never came into use, and all that DuckDB puts beside one; the empty folder stays."""
    folder = fresh_path(settings).parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def leftovers(settings: Settings) -> None:
    """Remove what only a dead process can have left: half-written files, exchanged rows, spilled memory."""
    discard(settings)
    shutil.rmtree(spill_path(settings), ignore_errors=True)
    halves = (*settings.data.glob(".*.tmp"), *settings.journal.glob(".*.tmp"), *settings.files.glob("??/.*.tmp"))
    for path in (*settings.exchange.iterdir(), *halves):
        if path.is_file():
            path.unlink(missing_ok=True)


def way_out(settings: Settings) -> str:
    """What to do when the database is of no use."""
    return _(
        "It was left as it is. “dashboard rebuild” makes a new one from the accepted files and the journal in "
        "{folder}, and moves this one aside.",
        folder=settings.data,
    )


def fits(settings: Settings) -> None:
    """Raise StoreDamaged when there is a journal but no database: an empty one must not be put in its place."""
    if not settings.database.exists():
        ends = Journal(settings.journal).ends()
        if ends.version or ends.seq:
            raise StoreDamaged(
                _(
                    "There is a journal up to version {version}, but no database {file}.",
                    version=ends.version,
                    file=settings.database.name,
                )
            )


def inspect(cursor: Cursor, settings: Settings, journal: Journal) -> None:
    """Read every block once and compare with the journal. Raises StoreDamaged, before anything is changed."""
    there = table_names(cursor)
    ends = journal.ends()
    if not there and not ends.version and not ends.seq:
        return
    if not {"head", "step", "audit"} <= set(there):
        raise StoreDamaged(_("{file} is a database, but not one of this dashboard.", file=settings.database.name))
    for table in there:
        fetch(cursor, f"select bit_xor(hash(t)) from {tables.quoted(table)} as t")
    heads = fetch(cursor, "select version, schema_version from head")
    if len(heads) != 1:
        raise StoreDamaged(_("The table head has {count} rows instead of one.", count=len(heads)))
    head = heads[0]
    if head["schema_version"] > tables.SCHEMA_VERSION:
        raise StoreDamaged(_("The database was written by a newer version of the dashboard."))
    seq = fetch(cursor, "select coalesce(max(seq), 0) as seq from audit")[0]["seq"]
    if ends.version > head["version"] or ends.seq > seq:
        raise StoreDamaged(
            _(
                "The journal is ahead of the database: version {journal} against {database}, audit entry {written} "
                "against {seq}. The database is an old copy, or has lost what it had confirmed.",
                journal=ends.version,
                database=head["version"],
                written=ends.seq,
                seq=seq,
            )
        )


def write_tail(cursor: Cursor, journal: Journal) -> int:
    """Write what the database has and the journal has not; returns how many lines."""
    ends = journal.ends()
    if ends.torn:
        journal.mend(ends.torn)
    entries = missing(cursor, ends.version, ends.seq)
    if entries:
        journal.append(entries)
    return len(entries)


def missing(cursor: Cursor, version: int, seq: int) -> list[Entry]:
    """The journal's lines for everything after `version` and after audit entry `seq`, from the tables."""
    since = {"since": version}
    steps = fetch(cursor, "select * from step where version > $since order by version", since)
    rows: dict[int, dict[str, list[Entry]]] = {step["version"]: {} for step in steps}
    loads: dict[int, list[Entry]] = {step["version"]: [] for step in steps}
    if steps:
        for table in tables.VERSIONED:
            for row in fetch(cursor, f"select * from {tables.quoted(table)} where version > $since", since):
                row.pop("recorded_at")
                rows[row.pop("version")].setdefault(table, []).append(row)
        for table in table_names(cursor):
            if table.startswith("d_") and "submission_id" in header(cursor, table):
                for load in fetch(
                    cursor,
                    f"""
                        select distinct s.dataset, s.submission_id, s.sha256, s.contract_hash, d.version
                        from {tables.quoted(table)} as d join submission as s on s.submission_id = d.submission_id
                        where d.version > $since order by s.submission_id""",
                    since,
                ):
                    loads[load.pop("version")].append(load)
    entries = [
        line(
            step["version"],
            step["recorded_at"],
            step["subjects"].split(","),
            step["by_account"],
            rows[step["version"]],
            loads[step["version"]],
        )
        for step in steps
    ]
    audits = fetch(cursor, "select * from audit where seq > $seq order by seq", {"seq": seq})
    return [*entries, *({"audit": entry} for entry in audits)]
