"""One value of an indicator, and how the values of several organisations become one. Never reads a row.

A cell always says what it is: a value, a gap, not released, not verified. Values are kept to two decimal places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.reference import text
from dashboard.reference.indicators import Indicator, value_words
from dashboard.reference.table import AsOf, Status
from dashboard.reference.text import _
from dashboard.reports.indicator_reading import Row

SHOWN = (Status.VALUE, Status.ZERO, Status.NOT_VERIFIED, Status.REVISION_PENDING)
"""Statuses whose value may be read and drawn."""


@dataclass(frozen=True)
class Cell:
    """The value of one indicator for one country and quarter; `caveat` is what must be known of this one value.

    `reported_by` are names of organisations, `study` and `note` what they said of it. `partial` says that somebody who
    was in the values before is not in this one. A cell that is not in SHOWN holds no number anywhere.
    """

    value: float | None
    status: Status
    numerator: float | None = None
    denominator: float | None = None
    source: str = ""
    reported_by: tuple[str, ...] = ()
    caveat: str = ""
    study: str = ""
    note: str = ""
    partial: bool = False

    @property
    def shown(self) -> bool:
        return self.status in SHOWN and self.value is not None

    @property
    def settled(self) -> bool:
        """Whether the value is final and everybody's who was in the values before."""
        return self.status in (Status.VALUE, Status.ZERO) and not self.partial


def asked(indicator: Indicator, points: Iterable[tuple[str, Cell]]) -> tuple[tuple[str, Cell], ...]:
    """Of (quarter, cell) those of which somebody was asked: what comes once a year has no gap between two years."""
    often = indicator.frequency == "quarterly"
    return tuple(point for point in points if often or point[1].status != Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Found:
    """What is known of one indicator in one country: its cells by quarter (2026-Q3), and what to tell the viewer.

    `open` is false where the viewer may see none of its numbers, `whole` where what she sees is a part of the country.
    `published` says that the numbers are those of a release, whoever reads them.
    """

    known: AsOf
    cells: Mapping[str, Cell] = field(default_factory=dict)
    told: tuple[str, ...] = ()
    source: str = ""
    open: bool = True
    whole: bool = True
    published: bool = False

    @property
    def shown(self) -> list[str]:
        """The quarters with a value, oldest first."""
        return sorted(period for period, cell in self.cells.items() if cell.shown)


NOT_RELEASED = Cell(None, Status.NOT_RELEASED)
NOT_REPORTED = Cell(None, Status.NOT_REPORTED)


def share(
    numerator: float,
    denominator: float,
    source: str = "",
    reported_by: tuple[str, ...] = (),
    caveat: str = "",
) -> Cell:
    """A share in per cent; where there is nothing that it could be a part of, it does not apply."""
    value = rounded(100 * numerator / denominator) if denominator else None
    status = Status.NOT_APPLICABLE if value is None else Status.VALUE if value else Status.ZERO
    return Cell(value, status, numerator, denominator, source, reported_by, caveat)


def rounded(value: float) -> float:
    return round(float(value), 2)


def combined(indicator: Indicator, rows: Sequence[Row], names: Mapping[str, str], quarter: str) -> Cell:
    """The rows of one country and quarter, in the order in which they were recorded, as the indicator combines them.

    `quarter` is its name for people. Where the organisations do not agree, the last one's value stands as not
    verified, and the caveat names each with hers.
    """
    said = list({row.reported_by: row for row in rows}.values())  # of an organisation, its later row
    study, note = (_once(getattr(row, name) for row in said) for name in ("study", "note"))
    return replace(_value(indicator, said, names, quarter), study=study, note=note)


def _value(indicator: Indicator, said: Sequence[Row], names: Mapping[str, str], quarter: str) -> Cell:
    source = _once(row.source for row in said)
    who = tuple(names.get(row.reported_by, row.reported_by) for row in said)
    values = [rounded(row.value) for row in said]
    parts = [(row.numerator, row.denominator) for row in said]
    whole = [(n, d) for n, d in parts if n is not None and d is not None]
    if indicator.combine == "sum":
        return _cell(sum(values), _sum([n for n, _d in parts]), _sum([d for _n, d in parts]), source, who)
    if indicator.combine == "ratio" and len(whole) == len(said) and any(d for _n, d in whole):
        return share(sum(n for n, _d in whole), sum(d for _n, d in whole), source, who)
    if len(set(values)) == 1:
        numerator, denominator = parts[0] if len(set(parts)) == 1 else (None, None)
        return _cell(values[0], numerator, denominator, source, who)
    differing = [
        _("{name}: {value}", name=name, value=value_words(indicator, value))
        for name, value in zip(who, values, strict=True)
    ]
    caveat = _(
        "{quarter}: the organisations do not agree ({values}). The value recorded last is shown, not verified.",
        quarter=quarter,
        values=text.words(differing),
    )
    return Cell(values[-1], Status.NOT_VERIFIED, *parts[-1], source, who, caveat)


def _once(said: Iterable[str]) -> str:
    """What several said, each once."""
    return "; ".join(dict.fromkeys(filter(None, said)))


def _cell(
    value: float, numerator: float | None, denominator: float | None, source: str, reported_by: tuple[str, ...]
) -> Cell:
    value = rounded(value)
    return Cell(value, Status.VALUE if value else Status.ZERO, numerator, denominator, source, reported_by)


def _sum(parts: Sequence[float | None]) -> float | None:
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
