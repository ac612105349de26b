"""The record's one door to DuckDB: open, read, write, close. Never decides who may do what, nor what a row means."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd  # now, since duckdb would import it in the middle of the first parametrised request

from dashboard.config import Settings
from dashboard.record import audit, catchup, expunge, folder, tables, transaction
from dashboard.record.errors import StoreBusy, StoreDamaged, StoreError, StoreStopped, StoreUnwritable
from dashboard.record.files import Files
from dashboard.record.gate import Gate
from dashboard.record.journal import Journal
from dashboard.record.transaction import Row, Write
from dashboard.reference.library import Library
from dashboard.reference.text import _

__all__ = ["Head", "Store", "StoreBusy", "StoreDamaged", "StoreError", "StoreStopped", "StoreUnwritable", "connect"]

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": "2",
    "memory_limit": "2GiB",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_TABLE_WORD = re.compile(r"\b(?:from|into|update|join)\s+\"?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class Head:
    """The version that the record is at, and the one at which each subject last moved."""

    version: int
    intake: int
    figures: int
    coordination: int
    people: int
    published: int
    recorded_at: datetime | None


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _spoken(settings: Settings) -> Iterator[None]:
    """Turn what DuckDB says about files and locks into the sentences of `errors`; programming errors pass."""
    try:
        yield
    except duckdb.FatalException as error:
        raise StoreStopped(
            _(
                "The database has stopped, and nothing works until this process is started anew; what was confirmed is "
                "kept. ({reason})",
                reason=str(error).splitlines()[0],
            )
        ) from error
    except duckdb.SerializationException as error:
        raise StoreDamaged(_("The database cannot be read: {reason}", reason=str(error).splitlines()[0])) from error
    except (duckdb.IOException, duckdb.PermissionException, duckdb.TransactionException) as error:
        said = str(error)
        if "Could not set lock" in said:
            pid = re.search(r"\(PID (\d+)\)", said)
            raise StoreBusy(folder.busy(settings, pid[1] if pid else "")) from error
        if re.search(r"No space left|Permission denied|Read-only file system|Could not (?:write|sync|truncate)", said):
            raise StoreUnwritable(
                _(
                    "The database in {folder} could not be written: {reason}",
                    folder=settings.data,
                    reason=said.splitlines()[0],
                )
            ) from error
        if re.search(r"orrupt|checksum|not a valid DuckDB|Could not read|serializ", said):
            raise StoreDamaged(_("The database cannot be read: {reason}", reason=said.splitlines()[0])) from error
        raise


def _listed(*paths: Path) -> str:
    return "[" + ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths) + "]"


def connect(path: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open a database file and close everything around it: extensions first, then the lock on configuration.

    Raises StoreBusy, StoreUnwritable or StoreDamaged; the file is never replaced.
    """
    try:
        with _spoken(settings):
            connection = duckdb.connect(str(path), config=_CONFIG)
    except (duckdb.Error, StoreStopped) as error:
        raise StoreDamaged(_("The database cannot be opened: {reason}", reason=str(error).splitlines()[0])) from error
    path.chmod(0o600)
    for extension in ("parquet", "icu", "json"):
        connection.execute(f"load {extension}")
    connection.execute("set global TimeZone = 'UTC'")
    allowed = _listed(settings.exchange, settings.files, catchup.fresh_path(settings).parent)
    connection.execute(f"set allowed_directories = {allowed}")
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    connection.execute("select $warm", {"warm": 1}).fetchall()
    return connection


class Store:
    """The open record of one data folder: one per process, for all its threads."""

    def __init__(self, settings: Settings, library: Library, descriptor: int, clock: Callable[[], datetime]) -> None:
        """Use `Store.open`."""
        self.settings, self.library, self.journal = settings, library, Journal(settings.journal)
        self.clock = clock
        self.broken = False
        self._descriptor, self._pid = descriptor, os.getpid()
        self._files = Files(settings.files)
        self._key = audit.derived(settings.data, "audit")
        self._gate, self._local, self._generation = Gate(), threading.local(), 0
        self._write_lock, self._brief_lock = threading.RLock(), threading.Lock()
        self._open_write: Write | None = None
        self._behind = False
        self._connection = connect(settings.database, settings)
        self._head = Head(0, 0, 0, 0, 0, 0, None)

    @classmethod
    def open(cls, settings: Settings, library: Library, clock: Callable[[], datetime] = _now) -> Store:
        """Take the data folder and open its record, mending what a killed process left. Raises StoreError.

        `clock` says what time it is, with a zone: the time that rows carry. It never runs backwards in the record.
        """
        folder.prepare(settings)
        descriptor = folder.lock(settings)
        try:
            folder.need_space(settings, hard=True)
            catchup.leftovers(settings)
            catchup.fits(settings)
            store = cls(settings, library, descriptor, clock)
            try:
                store._begin()
            except BaseException:
                store._connection.close()
                raise
            return store
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, StoreDamaged):
                raise StoreDamaged(f"{error} {catchup.way_out(settings)}") from error
            raise

    def _begin(self) -> None:
        with self._guarded():
            cursor = self._cursor()
            catchup.inspect(cursor, self.settings, self.journal)
            cursor.execute("begin transaction")
            transaction.make(cursor, self.library)
            cursor.execute("commit")
            self._take_head()
            self._catch_up()
            pending = expunge.pending(self.settings)
        for submission_id in pending:
            # Without room for a fresh file the marker stays for the next start.
            with suppress(StoreUnwritable), self.alone():
                expunge.finish(self, self._files, submission_id)

    # Reading

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's cursor; a new one after the file was swapped."""
        if os.getpid() != self._pid:
            raise RuntimeError("The store does not cross a fork: open it in the process that uses it.")
        if getattr(self._local, "generation", None) != self._generation:
            self._local.cursor, self._local.generation = self._connection.cursor(), self._generation
        return self._local.cursor  # type: ignore[no-any-return]

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with _spoken(self.settings):
                yield
        except (StoreDamaged, StoreStopped):
            self.broken = True
            raise

    def read(self, sql: str, /, **params: Any) -> list[Row]:
        """Run one query; $name in it takes the parameter of that name."""
        with self._gate.inside(), self._guarded():
            return transaction.fetch(self._cursor(), sql, params)

    def frame(self, sql: str, /, **params: Any) -> pd.DataFrame:
        """As `read`, as a pandas frame."""
        with self._gate.inside(), self._guarded():
            return self._cursor().execute(sql, params or None).df()

    def head(self) -> Head:
        """The version the record is at; costs no query."""
        return self._head

    @property
    def swaps(self) -> int:
        """How often the file was swapped, as an expunge does: what was read before may be gone from it for good."""
        return self._generation

    def healthy(self) -> bool:
        """Whether a real query works. When not, this process can only end and be started anew."""
        with suppress(Exception):
            return not self.broken and bool(self.read("select version from head"))
        return False

    def version_on(self, moment: datetime) -> int:
        """The version that was current at `moment`; 0 before the first."""
        found = self.read(
            "select coalesce(max(version), 0) as version from step where recorded_at <= $moment", moment=moment
        )
        return int(found[0]["version"])

    # Writing

    @contextmanager
    def _holding(self, *, hard: bool) -> Iterator[None]:
        """The write lock, with the journal up to date and room on the disk."""
        with self._write_lock:
            if self._open_write is not None:
                raise RuntimeError("A write is already open in this thread; use it.")
            folder.need_space(self.settings, hard=hard)
            if self._behind:
                self._catch_up()
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other thread from writing, for what is done to journal and files; this thread still may."""
        with self._write_lock:
            yield

    @contextmanager
    def write(self, subject: str, *, by: str) -> Iterator[Write]:
        """One version: its rows, `head` moved on, commit, journal; or nothing at all. Raises StoreError.

        `subject` is intake, figures, coordination, people or published; `by` the account that does it.
        """
        with self._holding(hard=False), self._gate.inside(), self._guarded():
            cursor = self._connection.cursor()  # its own, so that `read` and `ephemeral` stay outside the transaction
            before = self._head
            now = max(self.clock(), before.recorded_at or datetime.min.replace(tzinfo=UTC))
            opened = Write(cursor, self._files, before.version + 1, now, by)
            opened.move(subject)
            cursor.execute("begin transaction")
            self._open_write = opened
            try:
                yield opened
                opened.finish()
                cursor.execute("commit")
            except BaseException:
                with suppress(duckdb.Error):
                    cursor.execute("rollback")
                raise
            finally:
                self._open_write = None
                cursor.close()
            moved = dict.fromkeys(opened.moved, opened.version)
            self._head = replace(before, version=opened.version, recorded_at=opened.recorded_at, **moved)
            self._put_down([opened.line(), *({"audit": entry} for entry in opened.audited)])

    def audit(self, action: str, *, by: str, subject: str = "", detail: Row | None = None) -> None:
        """Add to the audit log; it moves no version. Inside a write it is part of it. Never put data in `detail`."""
        now = self.clock()
        with self._write_lock:
            if self._open_write is not None:
                self._open_write.audit(self._key, action, by, subject, detail, now)
                return
            with self._holding(hard=True), self._gate.inside(), self._guarded():
                entry = transaction.add_audit(self._cursor(), self._key, action, by, subject, detail, now)
                self._put_down([{"audit": entry}])

    def verify_audit(self) -> list[str]:
        """What is wrong with the audit log, as sentences; empty when nothing is."""
        entries = self.read("select * from audit order by seq")
        problems = audit.verify(self._key, entries)
        written = self.journal.ends().seq
        if written > len(entries):
            problems.append(
                _(
                    "The journal knows {written} audit entries, the log has {count}.",
                    written=written,
                    count=len(entries),
                )
            )
        return problems

    def ephemeral(self, sql: str, /, **params: Any) -> list[Row]:
        """Read or change `sessions` and `throttle`, which have no version and no journal."""
        if others := set(_TABLE_WORD.findall(sql.lower())) - set(tables.EPHEMERAL):
            raise ValueError(f"Only {' and '.join(tables.EPHEMERAL)} are ephemeral, not {', '.join(sorted(others))}.")
        with self._brief_lock, self._gate.inside(), self._guarded():
            return transaction.fetch(self._cursor(), sql, params)

    def expunge(self, submission_id: str, reason: str, by: str) -> expunge.Expunged:
        """Remove what a submission brought from database, journal and files, and leave a tombstone."""
        with self.alone():  # a line written while the journal is copied, or bytes kept before a delete, would be lost
            return expunge.expunge(self, self._files, submission_id, reason, by)

    def _put_down(self, entries: list[dict[str, Any]]) -> None:
        try:
            self.journal.append(entries)
        except OSError as error:
            self._behind = True
            raise StoreUnwritable(
                _(
                    "This was recorded, but the journal in {folder} could not be written ({reason}). Nothing is lost; "
                    "nothing more is recorded until it can be written.",
                    folder=self.settings.journal,
                    reason=error.strerror,
                )
            ) from error

    def _catch_up(self) -> None:
        try:
            catchup.write_tail(self._cursor(), self.journal)
        except OSError as error:
            raise StoreUnwritable(
                _(
                    "The journal in {folder} cannot be written ({reason}). Nothing was recorded.",
                    folder=self.settings.journal,
                    reason=error.strerror,
                )
            ) from error
        self._behind = False

    def _take_head(self) -> None:
        row = transaction.fetch(self._cursor(), "select * exclude (schema_version) from head")[0]
        self._head = Head(**row)

    # The file

    def checkpoint(self) -> None:
        """Bring everything from the write-ahead log into the database file."""
        with self._write_lock, self._gate.inside(), self._guarded():
            self._cursor().execute("force checkpoint")

    def compact(self) -> None:
        """Write the database into a fresh file and swap it in: what was deleted is then in no block of it."""
        fresh = catchup.fresh_path(self.settings)
        with self._write_lock, self._gate.closed(), self._guarded():
            catchup.discard(self.settings)
            folder.need_space(self.settings, hard=True, more=self.settings.database.stat().st_size)
            cursor = self._cursor()
            expunge.copy_tables(cursor, fresh)
            self._disconnect()
            with fresh.open("rb") as file:
                os.fsync(file.fileno())
            os.replace(fresh, self.settings.database)
            folder.sync(self.settings.data)
            self._connection = connect(self.settings.database, self.settings)
            cursor = self._cursor()
            transaction.make(cursor, self.library)

    def _disconnect(self) -> None:
        """Let go of the file. DuckDB closes the cursors of all threads with the connection that they came from."""
        self._generation += 1
        self._connection.close()

    def close(self) -> None:
        """Checkpoint and let go; a second call does nothing."""
        with self._write_lock, self._gate.closed():
            if self._descriptor < 0:
                return
            with suppress(duckdb.Error):
                self._disconnect()
            os.close(self._descriptor)
            self._descriptor = -1
            shutil.rmtree(catchup.spill_path(self.settings), ignore_errors=True)
