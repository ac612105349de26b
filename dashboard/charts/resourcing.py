"""Draw what has been found, paid out and spent of what the plan costs. Never adds up two currencies."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.charts import stacked
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _

PARTS = {
    "spent": N_("Spent"),
    "paid_out": N_("Disbursed, not spent yet"),
    "committed": N_("Committed, not disbursed yet"),
    "gap": N_("Gap: nobody has committed it"),
}


def shares_of_cost(table: Table) -> dict[str, Any]:
    """Columns `country`, `currency` and the amounts `cost`, `committed`, `disbursed`, `spent`: one bar a row, to 100 %.

    An amount that is not known is no part of its own: the part before it then reaches to the next one that is known.
    """
    rows = []
    for row in table.frame.index:
        cost = _amount(table, row, "cost") or 0.0
        if cost <= 0:
            continue
        spent, paid, found = (_amount(table, row, name) for name in ("spent", "disbursed", "committed"))
        committed = min(found or 0.0, cost)
        disbursed = min(paid if paid is not None else spent or 0.0, committed)
        used = min(spent or 0.0, disbursed)
        shares = _whole([used / cost, (disbursed - used) / cost, (committed - disbursed) / cost, 1 - committed / cost])
        name, currency = table.frame.loc[row, "country"], table.frame.loc[row, "currency"]
        rows.append(
            {"panel": _("% of the cost"), "place": f"{name} ({currency})", **dict(zip(PARTS, shares, strict=True))}
        )
    columns = (
        Column("panel", ""),
        Column("place", table.column("country").title),
        *(Column(part, _(title), unit=_("% of the cost"), numeric=True) for part, title in PARTS.items()),
    )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    marks = frame.map(lambda value: Status.ZERO if value == 0 else Status.VALUE)
    shown = Table(table.title, columns, frame, marks, table.as_of, table.caveats, table.source, table.period)
    return stacked.bars(shown, panel="panel", label="place")


def _amount(table: Table, row: Any, name: str) -> float | None:
    known = table.statuses.loc[row, name] in (Status.VALUE, Status.ZERO)
    return float(table.frame.loc[row, name]) if known else None


def _whole(shares: list[float]) -> list[int]:
    """Shares of one as whole percentages that add up to 100: the largest remainders are rounded up."""
    exact = [share * 100 for share in shares]
    made = [int(value) for value in exact]
    for position in sorted(range(len(exact)), key=lambda n: made[n] - exact[n])[: 100 - sum(made)]:
        made[position] += 1
    return made
