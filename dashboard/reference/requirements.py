"""What the guidance asks of a system like this, and what answers it besides pages. Never says that it is done."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.reference.text import N_

TYPES = {
    "feature": N_("Feature"),
    "field": N_("Field"),
    "category": N_("Categories"),
    "indicator": N_("Figure"),
    "safeguard": N_("Safeguard"),
}
NUMBER = re.compile(r"R[1-9][0-9]{0,2}")


@dataclass(frozen=True)
class Requirement:
    """One thing that is asked: its number, the section of the guidance note, its type, and in few words what."""

    number: str
    section: str
    type: str
    title: str


@dataclass(frozen=True)
class Safeguard:
    """A rule that protects: what it does in words, which requirements it serves, the module that does it, and a word
    of that module by which a reader finds the place."""

    name: str
    title: str
    requirements: tuple[str, ...]
    module: str
    does: str


def read(path: Path) -> tuple[Requirement, ...]:
    """The lines of `requirements.csv`. Raises ValueError naming the line for a number or a type that is none, a number
    that stands twice, a cell that is empty."""
    reader, found = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")), dict[str, Requirement]()
    for row in reader:
        if None in row or not all(row.values()) or not NUMBER.fullmatch(row["number"]) or row["type"] not in TYPES:
            raise ValueError(
                f"{path.name}, line {reader.line_num}: a requirement is a number, a section, a type, a title."
            )
        if row["number"] in found:
            raise ValueError(f"{path.name}, line {reader.line_num}: {row['number']} stands twice.")
        found[row["number"]] = Requirement(**row)
    return tuple(found.values())


def safeguards(path: Path) -> tuple[Safeguard, ...]:
    """The entries of `safeguards.toml`. Raises ValueError naming the entry that lacks something or has too much."""
    raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return tuple(
            Safeguard(name=name, **(said | {"requirements": tuple(said["requirements"])})) for name, said in raw.items()
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path.name}: a safeguard has title, requirements, module and does ({error}).") from error
