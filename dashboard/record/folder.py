"""The data folder: its layout, its modes, its lock and its free space. Never reads what is in its files."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from dashboard.config import Settings
from dashboard.record.errors import StoreBusy, StoreUnwritable
from dashboard.reference.text import _

# Below this even a sign-in is not written: DuckDB gives up for good when a write of its own meets a full disk.
HARD_FLOOR = 16 * 2**20


def prepare(settings: Settings) -> None:
    """Make the folders (0700) and see that they can be written. Raises StoreUnwritable.

    From here on everything this process writes is for its own user alone: DuckDB makes its files by itself, so the
    only way to give them the mode 0600 from their first byte is the process's umask.
    """
    os.umask(0o077)
    try:
        for folder in (settings.data, settings.files, settings.journal, settings.exchange, settings.releases):
            folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(PermissionError):  # a mounted folder may belong to somebody else
                folder.chmod(0o700)
            probe = folder / ".probe"
            probe.write_bytes(b"x")
            probe.unlink()
    except OSError as error:
        raise StoreUnwritable(
            _(
                "The data folder {folder} cannot be written ({reason}). Give this user the right to write there, or "
                "name another folder in DASHBOARD_DATA.",
                folder=settings.data,
                reason=error.strerror,
            )
        ) from error


def free_bytes(folder: Path) -> int:
    """The bytes that this user can still write on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def need_space(settings: Settings, *, hard: bool = False, more: int = 0) -> None:
    """Raise StoreUnwritable when the disk is nearly full. `hard` asks only for what a small write needs, and `more`."""
    needed = (min(HARD_FLOOR, settings.min_free_bytes) if hard else settings.min_free_bytes) + more
    free = free_bytes(settings.data)
    if free < needed:
        raise StoreUnwritable(
            _(
                "The disk of the data folder is nearly full: {free} MB are free, {needed} MB are needed. Nothing was "
                "written. Free some space and try again.",
                free=free // 2**20,
                needed=max(1, needed // 2**20),
            )
        )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    except BaseException:
        os.close(descriptor)
        raise


def lock(settings: Settings) -> int:
    """Hold the data folder for this process; returns the descriptor to close. Raises StoreBusy naming the holder.

    DuckDB's own lock is lost when anything in the process opens and closes the database file (a copy, say), and it
    does not guard journal and files. This one does both, and the kernel drops it when the process dies.
    """
    try:
        with _opened(settings.data / "lock") as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreBusy(busy(settings, os.read(descriptor, 20).decode(errors="replace").strip())) from error
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            return descriptor
    except OSError as error:
        raise StoreUnwritable(
            _("The data folder {folder} cannot be locked ({reason}).", folder=settings.data, reason=error.strerror)
        ) from error


def busy(settings: Settings, pid: str) -> str:
    """The sentence for somebody whose process came second."""
    holder = _("process {pid}", pid=pid) if pid.isdigit() else _("another process")
    return _(
        "The record in {folder} is already open in {holder}. Only one process can hold it: use the dashboard or the "
        "commands while that process runs (they reach it by themselves), or stop it first.",
        folder=settings.data,
        holder=holder,
    )


_waits = True


@contextlib.contextmanager
def waiting_once() -> Iterator[None]:
    """Within it nothing waits until the disk has it; the end does, once for everything.

    For a folder that nobody was promised anything of before it is whole: a demonstration while it is built.
    """
    global _waits
    before, _waits = _waits, False
    try:
        yield
        os.sync()
    finally:
        _waits = before


def wait(descriptor: int) -> None:
    """Return when the disk has what was written to a file. Raises OSError."""
    if _waits:
        os.fsync(descriptor)


def sync(folder: Path) -> None:
    """Make the names in `folder` last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        wait(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, data: bytes | memoryview, mark: str = "") -> None:
    """Put `data` at `path` whole or not at all, lasting and 0600: a temporary file, fsync, rename, fsync the folder.

    `mark` stands in the temporary file's name, so that whoever clears up knows whose it is.
    """
    temporary = path.with_name(f".{path.name}.{mark}{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            wait(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(path.parent)
