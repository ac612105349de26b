"""Quarters: read, order and name them. Knows nothing of what was reported in one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

_FORM = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Period:
    """One quarter of a calendar year, written 2026-Q3 in files and Q3 2026 for people."""

    year: int
    quarter: int

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.quarter}"

    @property
    def label(self) -> str:
        return f"Q{self.quarter} {self.year}"

    @property
    def start(self) -> date:
        return date(self.year, 3 * self.quarter - 2, 1)

    @property
    def end(self) -> date:
        return self.shifted(1).start - timedelta(days=1)

    def shifted(self, quarters: int) -> Period:
        """The period so many quarters later (earlier when negative)."""
        count = self.year * 4 + self.quarter - 1 + quarters
        return Period(count // 4, count % 4 + 1)


def parse(text: str) -> Period:
    """Read 2026-Q3. Raises ValueError with a sentence for anything else."""
    match = _FORM.fullmatch(text.strip().upper()) if text else None
    if not match or not 1990 <= int(match[1]) <= 2100:
        raise ValueError(f"“{text}” is not a quarter. Write it as 2026-Q3.")
    return Period(int(match[1]), int(match[2]))


def of(day: date) -> Period:
    """The quarter that `day` falls in."""
    return Period(day.year, (day.month + 2) // 3)


def last_ended(day: date) -> Period:
    """The quarter that ended before `day`: the one agencies report on."""
    return of(day).shifted(-1)
