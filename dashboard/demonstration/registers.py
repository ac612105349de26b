"""Make the registers of the demonstration, each of a country as its keeper sends it for a quarter. Never sends one.

A cell may hold moments in braces, which are counted back from the day of building: `{-30}`, `{9+20}` a day, `{Q9}` a
quarter, `{Y9}` the year in which quarter 9 began, `{Y9-2}` two years before it.
"""

from __future__ import annotations

import re
from typing import Any

from dashboard.demonstration.almanac import Almanac
from dashboard.demonstration.knowledge import Knowledge, lasts

Sheet = list[dict[str, Any]]
_MOMENT = re.compile(r"\{([^{}]*)\}")
_YEAR = re.compile(r"Y(\d+)([+-]\d+)?")


def made(knowledge: Knowledge, almanac: Almanac, dataset: str, organisation: str, quarter: int) -> Sheet:
    """The rows that hold in this quarter, of the sender's country. Raises ValueError for a moment that is none."""
    return [
        {**{name: told(cell, almanac) for name, cell in row.items()}, "organisation_code": organisation}
        for row in knowledge[dataset]
        if row["country"] == organisation[:3] and lasts(row, quarter)
    ]


def told(cell: str, almanac: Almanac) -> str:
    """The cell with each moment in it as people write it: 2026-09-30, 2026-Q3, 2026."""
    return _MOMENT.sub(lambda found: _moment(found[1], almanac), cell)


def _moment(text: str, almanac: Almanac) -> str:
    if found := _YEAR.fullmatch(text):
        return str(almanac.period(int(found[1])).start.year + int(found[2] or 0))
    if text.startswith("Q"):
        return str(almanac.period(int(text[1:])))
    return str(almanac.day(text))
