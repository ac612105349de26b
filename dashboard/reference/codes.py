"""Code lists: what a code means, since when and until when, and who says so. Never invents a name."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType

from rapidfuzz import process, utils

_OWN = ("code", "title", "description", "valid_from", "valid_to", "successor", "source", "verified", "check_at")


@dataclass(frozen=True)
class Code:
    """One line of a code list. `attributes` holds the list's further columns (sector, framework, group ...)."""

    code: str
    title: str
    description: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    successor: str = ""
    source: str = ""
    verified: bool = False
    check_at: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    def valid(self, day: date) -> bool:
        """Whether the code could be used on `day`; both ends count."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


@dataclass(frozen=True)
class CodeList:
    """The codes of one list, in the order of its file."""

    name: str
    codes: tuple[Code, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", MappingProxyType({code.code: code for code in self.codes}))

    def get(self, code: str) -> Code | None:
        return self._index.get(code)  # type: ignore[attr-defined, no-any-return]

    def title(self, code: str) -> str:
        """The code's title, or the code itself when the list does not know it."""
        found = self.get(code)
        return found.title if found else code

    def valid_on(self, day: date) -> tuple[Code, ...]:
        return tuple(code for code in self.codes if code.valid(day))

    def nearest(self, text: str) -> str | None:
        """The code whose spelling or title is closest to `text`, or None when nothing is close."""
        choices = {code.code: code.code for code in self.codes} | {f"{code.code}\0": code.title for code in self.codes}
        match = process.extractOne(text, choices, processor=utils.default_process, score_cutoff=70)
        return match[2].rstrip("\0") if match else None

    def where(self, **attributes: str) -> tuple[Code, ...]:
        """The codes whose attributes have these values."""
        return tuple(c for c in self.codes if all(c.attributes.get(k) == v for k, v in attributes.items()))


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _code(row: Mapping[str, str]) -> Code:
    return Code(
        code=row["code"],
        title=row["title"],
        description=row.get("description", ""),
        valid_from=_date(row.get("valid_from", "")),
        valid_to=_date(row.get("valid_to", "")),
        successor=row.get("successor", ""),
        source=row.get("source", ""),
        verified=row.get("verified", "") == "yes",
        check_at=row.get("check_at", ""),
        attributes={k: v for k, v in row.items() if k not in _OWN},
    )


def _rows(name: str, body: str, header: int) -> dict[str, Code]:
    """The codes of one file whose header stands in line `header`. Raises ValueError naming file and line."""
    reader, found = csv.DictReader(io.StringIO(body, newline="")), {}
    missing = [column for column in ("code", "title", "source", "verified") if column not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"{name}, line {header}: the header lacks {', '.join(missing)}.")
    for row in reader:
        line = header + reader.line_num - 1
        if None in row or None in row.values():
            raise ValueError(f"{name}, line {line}: the row has more or fewer cells than the header.")
        values = {k: v.strip() for k, v in row.items()}
        if not values["code"] or not values["title"]:
            raise ValueError(f"{name}, line {line}: a code needs at least code and title.")
        if values["code"] in found:
            raise ValueError(f"{name}, line {line}: the code {values['code']} stands twice.")
        try:
            code = _code(values)
        except ValueError as error:
            raise ValueError(f"{name}, line {line}: {error}") from error
        if (code.valid_from or date.min) > (code.valid_to or date.max):
            raise ValueError(f"{name}, line {line}: {code.code} ends before it begins.")
        found[code.code] = code
    return found


def read(paths: Iterable[Path]) -> dict[str, CodeList]:
    """Read code lists from `<name>.csv` files. A later file of the same name overlays the former, code by code.

    A row of an overlay replaces the row with the same code; other rows are added at the end. An overlay that starts
    with the line `# replaces` (before its header) replaces the whole list: so a deployment narrows a list too.
    Raises ValueError naming file and line for a header without code, title, source and verified, for a row without
    code or title, that stands twice, has a wrong number of cells, or dates that are none or the wrong way round.
    """
    lists: dict[str, dict[str, Code]] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8-sig")
        first, __, rest = text.partition("\n")
        replaces = first.strip() == "# replaces"
        rows = _rows(path.name, rest if replaces else text, 2 if replaces else 1)
        lists[path.stem] = rows if replaces else lists.get(path.stem, {}) | rows
    return {name: CodeList(name, tuple(codes.values())) for name, codes in lists.items()}
