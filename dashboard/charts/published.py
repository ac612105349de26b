"""Draw an indicator of a release through time, as `trend` draws those of the record. Never asks for a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dashboard.charts import trend
from dashboard.reference.indicators import Indicator
from dashboard.reference.table import Status, Table
from dashboard.reports.indicator_cells import Cell
from dashboard.reports.indicator_goals import Goal, Goals
from dashboard.reports.indicators import Series


def course(table: Table, indicator: Indicator, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A figure dict of the rows of one indicator and country (period, value, status, milestone, target ...), by period.

    The first caveat of `table` goes into every hover.
    """
    points = tuple((row["period"], _cell(row)) for row in rows)
    milestones = tuple(
        Goal("milestone", row["period"], row["milestone"], "") for row in rows if row["milestone"] is not None
    )
    agreed = {row["target_period"]: row["target"] for row in rows if row["target"] is not None and row["target_period"]}
    targets = tuple(Goal("target", period, value, "") for period, value in sorted(agreed.items()))
    return trend.line(
        Series(
            indicator=indicator,
            country=str(rows[0]["country"]),
            country_name=str(rows[0]["country_name"]),
            table=table,
            points=points,
            goals=Goals(None, milestones, targets),
            latest=max((period for period, cell in points if cell.shown), default=""),
            standing="",
            standing_words="",
            answer="",
            finding="",
            reading="",
            kind_words="",
            revisions=(),
            open=True,
        )
    )


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(row["value"], Status(row["status"]), row["numerator"], row["denominator"], str(row["source"] or ""))
