"""Draw which seats of the mechanism are filled, by group of stakeholders. Never names an organisation or a person."""

from __future__ import annotations

from typing import Any

from dashboard.charts import stacked
from dashboard.reference.table import Table


def seats_by_group(table: Table) -> dict[str, Any]:
    """Columns `group` and `country` and a numeric column a state of the seat: one bar a country in each group."""
    return stacked.bars(table, panel="group", label="country")
