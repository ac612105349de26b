"""Facts that ship in `datasets/facts`: rows in a contract's form about real countries. Never a file that somebody sent.

They are shown beside the rows that organisations send, each with its source and whether somebody verified it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from dashboard.reference.codes import CodeList
from dashboard.reference.contracts import Contract

Fact = Mapping[str, str]
"""One row: every column of its contract but that of whoever sends it, empty where the file does not say."""
REPLACES = "# replaces"
"""The first line of a deployment's file that takes the place of all our facts on the same subject."""


def read(
    paths: Iterable[Path], contracts: Mapping[str, Contract], codes: Mapping[str, CodeList]
) -> dict[str, tuple[Fact, ...]]:
    """The rows of `<dataset>.csv` files by their dataset, without those about what this deployment does not track: a
    country, or an instrument, that is not on its list.

    A later file of the same name lays its rows over the former, by the contract's key, or replaces them all when its
    first line is `# replaces`. Raises ValueError naming file and line for a column that the contract does not have, a
    row with too many or too few cells, a cell that must be filled, a code that is on no list, a key that stands twice.
    """
    found: dict[str, dict[tuple[str, ...], Fact]] = {}
    for path in paths:
        if path.stem not in contracts:
            raise ValueError(f"facts/{path.name}: there is no dataset {path.stem}.")
        text = path.read_text(encoding="utf-8-sig")
        first, _newline, rest = text.partition("\n")
        replaces = first.strip() == REPLACES
        rows = _rows(path.name, rest if replaces else text, 2 if replaces else 1, contracts[path.stem], codes)
        found[path.stem] = rows if replaces else found.get(path.stem, {}) | rows
    return {name: tuple(rows.values()) for name, rows in found.items()}


def _rows(
    name: str, body: str, header: int, contract: Contract, codes: Mapping[str, CodeList]
) -> dict[tuple[str, ...], Fact]:
    fields = [field for field in contract.fields if not field.own]
    reader, rows = csv.DictReader(io.StringIO(body, newline="")), dict[tuple[str, ...], Fact]()
    given, about = set(reader.fieldnames or ()), contract.key
    if wrong := given - {field.name for field in fields}:
        raise ValueError(f"facts/{name}, line {header}: {', '.join(sorted(wrong))} is no column of {contract.name}.")
    if lacking := {field.name for field in fields if field.required} - given:
        raise ValueError(f"facts/{name}, line {header}: the header lacks {', '.join(sorted(lacking))}.")
    for row in reader:
        line = header + reader.line_num - 1
        if None in row or None in row.values():
            raise ValueError(f"facts/{name}, line {line}: the row has more or fewer cells than the header.")
        fact = {field.name: row.get(field.name, "").strip() for field in fields}
        if any(
            fact[f.name] and codes[f.codes].get(fact[f.name]) is None for f in fields if f.name in about and f.listed
        ):
            continue
        for field in fields:
            cell = fact[field.name]
            if field.required and not cell:
                raise ValueError(f"facts/{name}, line {line}: {field.name} is empty.")
            for value in (cell.split("|") if field.many else [cell]) if cell and field.listed else ():
                if codes[field.codes].get(value) is None:
                    raise ValueError(f"facts/{name}, line {line}: {value} is not on the list {field.codes}.")
        key = tuple(fact[column] for column in about)
        if key in rows:
            raise ValueError(f"facts/{name}, line {line}: {', '.join(filter(None, key))} stands twice.")
        rows[key] = fact
    return rows
