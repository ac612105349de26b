"""Read what the files of a release say of contacts, as anybody outside can. Shares no code with what writes them.

So a slip in writing is found before it is public: the CSVs, the JSON and the tables of the pages must say the same.
What is wrong is said by file and key, and never with the number: it may be one that nobody may read.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reference.text import _

KEY = ("country", "sector", "service", "origin", "period")
CELL = ("contacts", "status")
COLUMNS = (*KEY, *CELL)
ATTRIBUTE = "data-contacts"
"""On each table cell of a page that shows a count of contacts: its key, the parts joined by |."""

_SHOWN = {str(Status.VALUE), str(Status.ZERO), str(Status.REVISION_PENDING)}

Key = tuple[str, ...]
Said = dict[Key, tuple[str, str]]


@dataclass
class ReadBack:
    """The public rows as the files say them, and where files contradict each other or make no sense, as sentences."""

    rows: pd.DataFrame
    faults: list[str] = field(default_factory=list)


def read(folder: Path) -> ReadBack:
    """All that the files of a folder say of contacts. No row where they say nothing. Raises OSError."""
    faults: list[str] = []
    said: dict[str, Said] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".csv":
            found = _csv(path, name, faults)
        elif path.suffix == ".json":
            found = _json(path, name, faults)
        else:
            continue
        if found:
            said[name] = found
    first = next(iter(said), "")
    for name, others in said.items():
        faults += _different(said[first], first, others, name)
    for path in sorted(folder.rglob("*.html")):
        faults += _page(path, path.relative_to(folder).as_posix(), said.get(first, {}))
    rows = [(*key, int(count) if count else pd.NA, status) for key, (count, status) in said.get(first, {}).items()]
    return ReadBack(pd.DataFrame(rows, columns=list(COLUMNS)).astype({"contacts": "Int64"}), faults)


def _csv(path: Path, name: str, faults: list[str]) -> Said:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.reader(file) if line]
    if not lines or not set(COLUMNS) <= set(lines[0]):
        return {}
    header = lines[0]
    rows = (dict(zip(header, line, strict=False)) for line in lines[1:])
    return _rows((row for row in rows if not row["country"].startswith("#")), name, faults)


def _json(path: Path, name: str, faults: list[str]) -> Said:
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        faults.append(_("{file} is no JSON.", file=name))
        return {}
    return _rows(_objects(whole), name, faults)


def _objects(part: Any) -> Iterator[dict[str, Any]]:
    """Every object in it that looks like a public row."""
    if isinstance(part, dict):
        if set(COLUMNS) <= set(part):
            yield {key: "" if value is None else str(value) for key, value in part.items()}
        else:
            part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _objects(one)


def _rows(rows: Iterator[dict[str, Any]], name: str, faults: list[str]) -> Said:
    found: Said = {}
    for row in rows:
        key = tuple(str(row[part]) for part in KEY)
        count, status = str(row["contacts"]), str(row["status"])
        if key in found:
            faults.append(_("{file} says {key} twice.", file=name, key="|".join(key)))
        if not _sound(count, status):
            faults.append(_("{file} says of {key} what does not go together.", file=name, key="|".join(key)))
        found[key] = (count, status)
    return found


def _sound(count: str, status: str) -> bool:
    if status not in set(Status):
        return False
    if status not in _SHOWN:
        return count == ""
    return count.isascii() and count.isdigit() and (count == "0" or status != Status.ZERO)


def _different(first: Said, one: str, second: Said, other: str) -> list[str]:
    keys = [key for key in {**first, **second} if first.get(key) != second.get(key)]
    return [_("{one} and {other} differ on {key}.", one=one, other=other, key="|".join(key)) for key in keys]


class _Cells(HTMLParser):
    """The text of each table cell of a page that names its key."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._key, self._said = "", list[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        key = dict(attrs).get(ATTRIBUTE)
        if tag in ("td", "th") and key:
            self._key, self._said = key, []

    def handle_data(self, data: str) -> None:
        if self._key:
            self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._key:
            self.found.append((self._key, " ".join(" ".join(self._said).split())))
            self._key = ""


def _page(path: Path, name: str, said: Said) -> list[str]:
    faults = []
    for text, words in _Cells(path.read_text(encoding="utf-8")).found:
        cell = said.get(tuple(text.split("|")))
        if cell is None:
            faults.append(_("{file} shows {key}, which the tables do not hold.", file=name, key=text))
        elif not _says(words, *cell):
            faults.append(_("{file} shows something else for {key} than the tables.", file=name, key=text))
    return faults


def _says(words: str, count: str, status: str) -> bool:
    """Whether a cell shows this number, in whatever locale, with the words of its status and of no other."""
    if re.sub(r"\D", "", words) != count:
        return False
    spoken = {one for one, named in STATUS_WORDS.items() if _(named).lower() in words.lower()}
    return spoken == ({Status(status)} & set(STATUS_WORDS))


def equal(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two releases say the same, in whatever order."""
    first, second = (frame.sort_values(list(KEY), ignore_index=True) for frame in (one, other))
    return first.equals(second)
