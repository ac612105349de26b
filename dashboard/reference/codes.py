"""Code lists: what a code means, since when and until when, and who says so. Never invents a name."""

from __future__ import annotations

import csv
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
        choices = {code.code: code.code for code in self.codes} | {
            f"{code.code}\0": code.title for code in self.codes
        }
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


def read(paths: Iterable[Path]) -> dict[str, CodeList]:
    """Read code lists from `<name>.csv` files. A later file of the same name overlays the former, code by code.

    A row of an overlay replaces the row with the same code; other rows are added at the end. An overlay that starts
    with the line `# replaces` (before its header) replaces the whole list: so a deployment narrows a list too.
    Raises ValueError naming file and line for a row without code or title, or with a date that is none.
    """
    lists: dict[str, dict[str, Code]] = {}
    for path in paths:
        text = path.read_text(encoding="utf-8-sig")
        replaces = text.startswith("# replaces")
        body = text.split("\n", 1)[1] if replaces else text
        found: dict[str, Code] = {} if replaces else lists.setdefault(path.stem, {})
        for number, row in enumerate(csv.DictReader(body.splitlines()), start=3 if replaces else 2):
            if not row.get("code") or not row.get("title"):
                raise ValueError(f"{path.name}, line {number}: a code needs at least code and title.")
            try:
                found[row["code"]] = _code({k: (v or "").strip() for k, v in row.items() if k})
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error
        lists[path.stem] = found
    return {name: CodeList(name, tuple(codes.values())) for name, codes in lists.items()}
