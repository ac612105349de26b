"""Remove what a submission brought, everywhere, and leave a tombstone. Never decides whether that is right."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from uuid_utils import uuid7

from dashboard.config import Settings
from dashboard.record import folder, tables
from dashboard.record.files import Files
from dashboard.record.journal import Entry
from dashboard.record.transaction import Cursor, columns, table_names
from dashboard.reference.text import _

if TYPE_CHECKING:
    from dashboard.record.store import Store


_SAID = ("submission_warning", "submission_remark")
"""Tables whose rows quote a file, or were written about it."""


@dataclass(frozen=True)
class Expunged:
    """What went, and what still holds it: other submissions of the same bytes, databases that were set aside."""

    submission_id: str
    rows: int
    shared_with: tuple[str, ...]
    copies: tuple[Path, ...]


def _marker(settings: Settings, submission_id: str) -> Path:
    return settings.data / f"expunging-{submission_id}"


def pending(settings: Settings) -> list[str]:
    """Submissions whose removal a killed process began."""
    return [path.name.removeprefix("expunging-") for path in sorted(settings.data.glob("expunging-*"))]


def expunge(store: Store, files: Files, submission_id: str, reason: str, by: str) -> Expunged:
    """Rows and comments from the tables, lines from the journal, the file, and a fresh database file.

    A marker in the data folder makes the next start finish what a kill interrupts. Raises ValueError for a submission
    that is not there or was expunged before. The caller holds `Store.alone`, here and in `finish`.
    """
    found = store.read("select * from submission where submission_id = $id", id=submission_id)
    if not found or store.read("select 1 from tombstone where submission_id = $id", id=submission_id):
        raise ValueError(_("There is no submission {id} to expunge.", id=submission_id))
    submission = found[0]
    table = tables.quoted(f"d_{submission['dataset']}")
    with store.write("intake", by=by) as write:
        write.move("figures")
        rows = write.read(f"select count(*) as n from {table} where submission_id = $id", id=submission_id)[0]["n"]
        write.add(
            "tombstone",
            {
                "submission_id": submission_id,
                "dataset": submission["dataset"],
                "organisation_code": submission["organisation_code"],
                "period": submission["period"],
                "reason": reason,
                "by_account": by,
            },
        )
        write.add(
            "submission_event",
            {"event_id": str(uuid7()), "submission_id": submission_id, "event": "expunged", "by_account": by},
        )
        write.read(f"delete from {table} where submission_id = $id", id=submission_id)
        write.read("update submission_event set comment = '' where submission_id = $id", id=submission_id)
        write.read("update submission set notes = '' where submission_id = $id", id=submission_id)
        for said in _SAID:
            write.read(f"delete from {said} where submission_id = $id", id=submission_id)
        store.audit(
            "expunged",
            by=by,
            subject=submission_id,
            detail={
                "dataset": submission["dataset"],
                "organisation_code": submission["organisation_code"],
                "period": submission["period"],
                "rows": rows,
            },
        )  # the reason may quote what had to go: it has its tombstone
        folder.replace_file(_marker(store.settings, submission_id), b"")
    shared, copies = finish(store, files, submission_id)
    return Expunged(submission_id, rows, shared, copies)


def finish(store: Store, files: Files, submission_id: str) -> tuple[tuple[str, ...], tuple[Path, ...]]:
    """Everything after the commit; may be done twice. Without a tombstone there is nothing to finish."""
    if store.read("select 1 from tombstone where submission_id = $id", id=submission_id):
        store.journal.rewrite(lambda entry: without(entry, submission_id), submission_id.encode())
        sha256 = store.read("select sha256 from submission where submission_id = $id", id=submission_id)[0]["sha256"]
        shared = tuple(
            row["submission_id"]
            for row in store.read(
                "select submission_id from submission where sha256 = $sha256 and submission_id <> $id"
                " and submission_id not in (select submission_id from tombstone) order by submission_id",
                sha256=sha256,
                id=submission_id,
            )
        )
        if not shared:
            files.delete(sha256)
        store.compact()
    else:
        shared = ()
    _marker(store.settings, submission_id).unlink(missing_ok=True)
    name = store.settings.database.name
    return shared, tuple(sorted(store.settings.data.glob(f"{name}.damaged-*")))


def without(entry: Entry, submission_id: str) -> Entry:
    """A journal line without what the submission brought; that it was there stays."""
    rows = dict(entry["rows"])
    for table, column in (("submission_event", "comment"), ("submission", "notes")):
        if table in rows:
            rows[table] = [row | {column: ""} if row["submission_id"] == submission_id else row for row in rows[table]]
    for table in _SAID:
        if table in rows:
            rows[table] = [row for row in rows[table] if row["submission_id"] != submission_id]
    loads = [load for load in entry["loads"] if load["submission_id"] != submission_id]
    return {**entry, "rows": rows, "loads": loads}


def copy_tables(cursor: Cursor, path: Path) -> None:
    """Copy every table, row by row in its order, into a new database file; views are made anew by who opens it."""
    place = str(path).replace("'", "''")
    described = {table: columns(cursor, table) for table in table_names(cursor)}
    cursor.execute(f"attach '{place}' as fresh")
    try:
        for table, named in described.items():
            name, listed = tables.quoted(table), ", ".join(f"{tables.quoted(c)} {t}" for c, t in named.items())
            cursor.execute(f"create table fresh.{name} ({listed})")
            cursor.execute(f"insert into fresh.{name} select * from {name}")
    finally:
        cursor.execute("detach fresh")
