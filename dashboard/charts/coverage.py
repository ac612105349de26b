"""Draw how many services each country offers, and to whom. Never counts: the table brings the counts."""

from __future__ import annotations

from typing import Any

from dashboard.charts import stacked, template
from dashboard.reference.table import Table
from dashboard.reference.text import _
from dashboard.reports.places import SIDES


def services_by_country(table: Table) -> dict[str, Any]:
    """Columns `side` and `country` and a numeric column a state: one bar a country, origin and destination apart."""
    return stacked.bars(
        table,
        panel="side",
        label="country",
        colours={_(title): template.COLOURS[side] for side, title in SIDES.items()},
    )
