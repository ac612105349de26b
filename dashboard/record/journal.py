"""The journal: after each commit, the rows of that version as one JSON line that lasts. Never the first to know.

Files are `journal/<yyyy-mm>.jsonl`. A line is `{"version", "recorded_at", "subjects", "by", "rows", "loads"}` or
`{"audit": {...}}`. The database is ahead of it for the moment between commit and line, and never behind it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from dashboard.record.folder import replace_file, sync, wait
from dashboard.reference.text import _

Entry = dict[str, Any]
_FILE = re.compile(r"[0-9].*\.jsonl")


@dataclass(frozen=True)
class Ends:
    """Where the journal stands: last version, last audit entry, and how many broken bytes follow its last line."""

    version: int = 0
    seq: int = 0
    torn: int = 0


def _parse(line: bytes) -> Entry | None:
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) and ("version" in entry or "audit" in entry) else None


class Journal:
    """The lines of one data folder, written by one process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def paths(self) -> list[Path]:
        return sorted(self.folder.glob("[0-9]*.jsonl"))

    def ends(self) -> Ends:
        """Read from the end back until both a version and an audit entry were seen."""
        version, seq, torn = 0, 0, 0
        for index, path in enumerate(reversed(self.paths())):
            data = path.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            if index == 0:
                lines = whole.splitlines()
                while lines and _parse(lines[-1]) is None:
                    whole = whole[: -len(lines.pop()) - 1]
                torn = len(data) - len(whole)
            for line in reversed(whole.splitlines()):
                entry = _parse(line) or {}
                version = version or int(entry.get("version", 0))
                seq = seq or int(entry.get("audit", {}).get("seq", 0))
                if version and seq:
                    break
            if version and seq:
                break
        return Ends(version, seq, torn)

    def mend(self, torn: int) -> None:
        """Take away the last `torn` bytes: a line that was being written when the process died."""
        path = self.paths()[-1]
        with path.open("r+b") as file:
            file.truncate(path.stat().st_size - torn)
            os.fsync(file.fileno())

    def append(self, entries: Iterable[Entry]) -> None:
        """Write the lines and wait until the disk has them. Raises OSError and leaves no torn line where it can."""
        lines = [(self._name(entry), orjson.dumps(entry) + b"\n") for entry in entries]
        for name in sorted({name for name, _line in lines}):
            path = self.folder / name
            new = not path.exists()
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                size = os.fstat(descriptor).st_size
                data = b"".join(line for of, line in lines if of == name)
                try:
                    while data:
                        data = data[os.write(descriptor, data) :]
                    wait(descriptor)
                except OSError:
                    os.ftruncate(descriptor, size)
                    raise
            finally:
                os.close(descriptor)
            if new:
                sync(self.folder)

    def _name(self, entry: Entry) -> str:
        moment = entry["recorded_at"] if "version" in entry else entry["audit"]["happened_at"]
        name = f"{moment:%Y-%m}.jsonl" if isinstance(moment, datetime) else f"{moment[:7]}.jsonl"
        # A clock that was set back must not put a line before its predecessors.
        return max([name, *(there for there in os.listdir(self.folder) if _FILE.fullmatch(there))])

    def entries(self, problems: list[str]) -> Iterator[Entry]:
        """All lines in order; lines that cannot be read and missing versions are added to `problems`."""
        version, seq = 0, 0
        paths = self.paths()
        for path in paths:
            data = path.read_bytes()
            lines = data.splitlines()
            for number, line in enumerate(lines, start=1):
                entry = _parse(line)
                if entry is None:
                    if path == paths[-1] and number == len(lines) and not data.endswith(b"\n"):
                        return  # torn while the process died: the answer was never given
                    problems.append(_("Journal {file}, line {number}: cannot be read.", file=path.name, number=number))
                    continue
                if "version" in entry:
                    if entry["version"] != version + 1:
                        problems.append(
                            _(
                                "The journal goes from version {before} to version {after}.",
                                before=version,
                                after=entry["version"],
                            )
                        )
                    version = entry["version"]
                else:
                    if entry["audit"]["seq"] != seq + 1:
                        problems.append(
                            _(
                                "The journal goes from audit entry {before} to {after}.",
                                before=seq,
                                after=entry["audit"]["seq"],
                            )
                        )
                    seq = entry["audit"]["seq"]
                yield entry

    def rewrite(self, change: Callable[[Entry], Entry], touches: bytes) -> int:
        """Put `change(line)` in place of each line that holds `touches`; returns how many lines that were."""
        count = 0
        for path in self.paths():
            data = path.read_bytes()
            if touches not in data:
                continue
            lines = data.splitlines(keepends=True)
            for index, line in enumerate(lines):
                entry = _parse(line) if touches in line else None
                if entry is not None and "version" in entry:
                    changed = orjson.dumps(change(entry)) + b"\n"
                    count += changed != line
                    lines[index] = changed
            replace_file(path, b"".join(lines))
        return count


def line(
    version: int,
    recorded_at: datetime,
    subjects: Iterable[str],
    by: str,
    rows: Mapping[str, list[Entry]],
    loads: list[Entry],
) -> Entry:
    """One version as the journal keeps it."""
    return {
        "version": version,
        "recorded_at": recorded_at,
        "subjects": sorted(subjects),
        "by": by,
        "rows": {table: found for table, found in rows.items() if found},
        "loads": loads,
    }
