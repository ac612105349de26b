"""All steps for one file: cells are trimmed the same in files of every size. Judges no rule; test_check does."""

from __future__ import annotations

import json
import random

import pyarrow.parquet as pq
import pytest

from dashboard.intake import inspection
from dashboard.intake.check import Context
from dashboard.reference import contracts
from dashboard.reference.contracts import Contract
from intake_world import csv_of, file_of


def of_texts(columns: int) -> Contract:
    """A register of so many columns, in which any text may stand."""
    names = [f"c{number}" for number in range(columns)]
    fields = [{"name": n, "title": n, "description": n, "type": "string", "hxl": f"#x+{n}"} for n in names]
    said = {
        "row": "One row.", "kind": "process", "screen": "register", "frequency": "once", "submitters": ["agency"],
        "rules": [],
    }  # fmt: skip
    source = {"title": "T", "description": "T", "primaryKey": names, "fields": fields, "dashboard": said}
    return contracts.parse("texts", json.dumps(source))


@pytest.mark.parametrize("way", ["table", "parquet"])
@pytest.mark.parametrize("first", [28, 244, 261])
def test_blanks_at_the_ends_of_cells_go_in_files_of_every_size(
    first: int, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text is written again where a cell is untidy: what was read of the first must not be taken for the second.

    Of three hundred files one in each of these rows fell, when both were written into the same file in memory.
    """
    if way == "parquet":
        monkeypatch.setattr(inspection, "LITTLE", -1)
    for number in range(first, first + 6):
        chance = random.Random(number)
        contract, longest = of_texts(columns := chance.randrange(2, 8)), chance.choice([3, 20, 400])
        made = [
            [f"k{row}"]
            + [
                "".join(chance.choices("abcdefgh ", k=chance.randrange(longest))).strip() + chance.choice(["", "", " "])
                for _column in range(columns - 1)
            ]
            for row in range(chance.randrange(2, 60))
        ]
        data = csv_of(*(",".join(cells) for cells in made), header=",".join(contract.header))
        with file_of(data) as source, file_of(b"") as parquet:
            found = inspection.inspect(source, contract, Context({}), limit=2**20, codes={}, parquet=parquet)
            assert (found.verdict, found.problems) == ("clean", []), number
            kept = sorted(pq.read_table(parquet).to_pylist(), key=lambda row: int(row["row_number"]))
        assert [[row[name] or "" for name in contract.header] for row in kept] == [
            [cell.strip() for cell in cells] for cells in made
        ], number
