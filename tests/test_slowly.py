"""A large messy file is judged as a slow reader judges it, who takes one cell after the other and knows no SQL."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pyarrow.parquet as pq
import pytest

from dashboard.intake import different, inspection, personal
from dashboard.intake.cells import Codes, Fault, judge
from dashboard.intake.check import Context
from dashboard.reference import contracts
from dashboard.reference.contracts import Contract
from intake_world import GOOD, LISTS, ORGANISATIONS, SOURCE, file_of

ROWS = 20_000
Told = Counter[tuple[int | None, str | None, str]]
ODD = [
    "", " ", " health ", "Health", "heath", "total", "n/a", "=1+1", "#REF!", "1,200", "12o", "1e5", "2026-02-30",
    "2026-06-30 00:00", "2026-q3", "Q3 2026", "khm|eng", "khm;eng", "eng|zzz", "x" * 300, "๑๒", "-5", "12.0", "007",
    "no", "yes", "maybe", "XBA", "XAA-POLICE", "xaa-health", "ខ្មែរ", "\u200bZ", 'quo "ted" cell', " spaced ", "a,b",
    "\tq", "two\nlines", "ann@example.org", "A1234567",
]  # fmt: skip
TOLERATED = {"service": [" health ", "Health"], "languages": ["khm;eng", "Khm", "khm|eng"], "contacts": ["12.0", "๑๒"]}


def contract() -> Contract:
    """The tests' contract as a register whose key is one column: then a row may be like another in all else."""
    raw = json.loads(SOURCE)
    raw["dashboard"]["screen"], raw["primaryKey"] = "register", ["note"]
    return contracts.parse("tried", json.dumps(raw))


CONTRACT = contract()
CODES = {name: Codes(name, rows) for name, rows in LISTS.items()}


def rows(seed: int, *, odd: bool) -> list[dict[str, str] | None]:
    """Rows as dictionaries, None for a blank line: numbers and notes of many kinds and, now and then, odd cells."""
    chance = random.Random(seed)
    names = [field.name for field in CONTRACT.fields]
    made: list[dict[str, str] | None] = []
    for number in range(ROWS):
        cells = dict(zip(names, GOOD.split(","), strict=True))
        cells |= {"contacts": str(chance.randrange(9000)), "note": f"note {number}"}
        cells["service"] = chance.choice(["health", "shelter", "helpline"])
        if odd and chance.random() < 0.02:
            cells[chance.choice(names)] = chance.choice(ODD)
        elif odd and chance.random() < 0.002:
            cells["note"] = f"note {chance.randrange(number + 1)}"
        elif not odd and chance.random() < 0.02:
            name = chance.choice(list(TOLERATED))
            cells[name] = chance.choice(TOLERATED[name])
        blank = chance.random()
        # A blank line in a file with quotation marks is walked: that is another way, which has tests of its own.
        made.append(None if not odd and blank < 0.001 else dict.fromkeys(names, "") if blank < 0.002 else cells)
    return made


def as_file(made: list[dict[str, str] | None]) -> bytes:
    lines = [",".join(CONTRACT.header)]
    for cells in made:
        quoted = ('"' + c.replace('"', '""') + '"' if set(c) & set(',"\n') else c for c in (cells or {}).values())
        lines.append(",".join(quoted))
    return ("\n".join(lines) + "\n").encode()


def slowly(made: list[dict[str, str] | None]) -> tuple[Told, dict[int, dict[str, str | None]]]:
    """What is to be said of these rows, and how each is kept."""
    told: list[tuple[int, str, str]] = []
    kept: dict[int, dict[str, str | None]] = {}
    totals, seen = set[int](), set[str | None]()
    for row, cells in enumerate(made, start=2):
        texts = {name: cell.strip(" \t\n\u200b") for name, cell in (cells or {}).items()}
        if not any(texts.values()):
            continue
        kept[row] = {}
        for field in CONTRACT.fields:
            text = texts[field.name]
            kept[row][field.name] = text or None
            codes = None if field.defines else CODES.get(field.codes)
            if field.codes == "organisations":
                codes = Codes("organisations", [{"code": code, "title": ""} for code in ORGANISATIONS])
            if not text:
                continue
            if code := personal.in_a_cell(text, field.allows | ({"full_date"} if field.type == "date" else set())):
                told.append((row, field.name, code))
                continue
            found = judge(text, field, codes, "2026-Q3")
            if isinstance(found, Fault):
                unknown = found.code == "unknown-code" and field.codes == "organisations"
                told.append((row, field.name, "unknown-organisation" if unknown else found.code))
                totals |= {row} if found.code == "total-row" else set()
            else:
                kept[row][field.name] = found.value
        told += [(row, name, code) for name, code in across(kept[row])]
        # A cell that may be empty is a part of the key like any other.
        if (note := kept[row]["note"]) in seen:
            told.append((row, "", "duplicate-key"))
        seen.add(note)
    return Counter((r, c or None, code) for r, c, code in told if r not in totals or code == "total-row"), kept


def across(cells: dict[str, str | None]) -> list[tuple[str, str]]:
    """What the cells of a row say of each other."""
    if not any(cell for name, cell in cells.items() if name not in CONTRACT.given):
        return [("", "row-not-filled")]
    wrong = [(f.name, "required-empty") for f in CONTRACT.fields if f.required and not cells[f.name]]
    for rule in CONTRACT.rules:
        cause, cell = cells[rule.when], cells[rule.field]
        if not cause or not (rule.any_value or cause in rule.values):
            continue
        bad = {"required": not cell, "empty": bool(cell), "in": bool(cell) and cell not in rule.allowed}[rule.then]
        wrong += [(rule.field, rule.problem)] if bad else []
    country, own = cells["country"], cells["organisation_code"]
    if country in CODES["countries"].valid and own and not own.startswith(f"{country}-"):
        wrong.append(("organisation_code", "other-country-code"))
    return wrong


def inspected(data: bytes, parquet: Any) -> inspection.Found:
    known = Context(CODES, "", ORGANISATIONS, None, "2026-Q3")
    with file_of(data) as source:
        return inspection.inspect(source, CONTRACT, known, limit=2**27, codes=dict(CODES), parquet=parquet)


@pytest.mark.parametrize("handful", [different.HANDFUL, -1], ids=["few", "many"])
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.long)])
def test_a_messy_file_is_judged_as_a_slow_reader_judges_it(
    seed: int, handful: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(different, "HANDFUL", handful)
    made = rows(seed, odd=True)
    expected, kept = slowly(made)
    with file_of(b"") as parquet:
        found = inspected(as_file(made), parquet)
    assert sum(expected.values()) > 300 and len({code for _row, _column, code in expected}) > 18
    assert Counter((p.row, p.column or None, p.code) for p in found.problems) == expected
    assert found.row_count == len(kept) and all(p.count == 1 for p in found.problems)


@pytest.mark.parametrize("many", [inspection.MANY, 1], ids=["as text", "numbered"])
def test_what_is_kept_is_what_a_slow_reader_keeps(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MANY", many)
    made = rows(3, odd=False)
    expected, kept = slowly(made)
    with file_of(b"") as parquet:
        found = inspected(as_file(made), parquet)
        assert (found.verdict, found.problems, not expected) == ("clean", [], True)
        parquet.seek(0)
        table = pq.read_table(parquet)
    told = {cells.pop("row_number"): cells for cells in table.to_pylist()}
    as_text = {
        row: {name: None if cell is None else str(cell) for name, cell in cells.items()} for row, cells in told.items()
    }
    assert as_text == kept
