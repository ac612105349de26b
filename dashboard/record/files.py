"""Accepted and staged files by their SHA-256, and the checked rows beside them. Never looks inside one."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import IO

from dashboard.record.errors import StoreUnwritable
from dashboard.record.folder import replace_file, sync
from dashboard.reference.text import _

_SHA = re.compile(r"[0-9a-f]{64}")


def _checked(name: str) -> str:
    if not _SHA.fullmatch(name):
        raise ValueError("A file is named by its SHA-256: 64 digits from 0-9 and a-f.")
    return name


class Files:
    """`<folder>/<first two digits>/<sha256>` and `<sha256>.<contract hash>.parquet`, each written once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mark = f"{secrets.token_hex(4)}-"  # what is half written under it is no leftover: somebody writes it now

    def _path(self, sha256: str) -> Path:
        return self.folder / _checked(sha256)[:2] / sha256

    def put(self, data: bytes | IO[bytes]) -> str:
        """Keep the bytes and return their SHA-256. The same bytes again change nothing. Raises StoreUnwritable."""
        if not isinstance(data, (bytes, bytearray, memoryview)):
            data.seek(0)
            data = data.read()
        sha256 = hashlib.sha256(data).hexdigest()
        self._keep(self._path(sha256), data)
        return sha256

    def put_parquet(self, sha256: str, contract_hash: str, data: bytes) -> Path:
        """Keep the checked rows of a file beside it; they belong to the contract they were checked against."""
        path = self.parquet(sha256, contract_hash)
        self._keep(path, data)
        return path

    def _keep(self, path: Path, data: bytes | memoryview) -> None:
        if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync(self.folder)
            replace_file(path, data, self._mark)
        except OSError as error:
            raise StoreUnwritable(
                _("The file could not be kept ({reason}). Nothing was recorded.", reason=error.strerror)
            ) from error

    def bytes(self, sha256: str) -> bytes:
        """The bytes as they were sent. Raises FileNotFoundError, and ValueError when they are no longer those."""
        data = self._path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"The kept file {sha256} is no longer what was sent.")
        return data

    def parquet(self, sha256: str, contract_hash: str) -> Path:
        """Where the checked rows are, or would be."""
        return self._path(sha256).with_name(f"{sha256}.{_checked(contract_hash)}.parquet")

    def has(self, sha256: str) -> bool:
        return self._path(sha256).exists()

    def delete(self, sha256: str) -> None:
        """Remove the bytes and all checked rows of a file; nothing happens where there are none."""
        path = self._path(sha256)
        found = [path, *path.parent.glob(f"{sha256}.*.parquet")] if path.parent.is_dir() else []
        for each in found:
            each.unlink(missing_ok=True)
        if found:
            sync(path.parent)

    def sweep(self, keep: set[str]) -> set[str]:
        """Delete every file whose SHA-256 is not in `keep`, and what a dead process left; returns what went."""
        kept = set[str]()
        for folder in [entry.path for entry in os.scandir(self.folder) if len(entry.name) == 2 and entry.is_dir()]:
            for name in os.listdir(folder):
                if not name.startswith("."):
                    kept.add(name[:64])
                elif name.endswith(".tmp") and f".{self._mark}" not in name:
                    Path(folder, name).unlink(missing_ok=True)
        gone = {sha256 for sha256 in kept - keep if _SHA.fullmatch(sha256)}
        for sha256 in gone:
            self.delete(sha256)
        return gone
