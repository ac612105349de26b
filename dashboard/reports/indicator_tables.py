"""What was agreed for an indicator and what was corrected of it, as tables. Never reads: a series brings both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.reference import periods, text
from dashboard.reference.indicators import value_words
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import indicator_goals, indicator_words
from dashboard.reports.indicator_cells import SHOWN
from dashboard.reports.indicators import Series

WHAT = {"baseline": N_("Baseline"), "milestone": N_("Milestone"), "target": N_("Target")}


def goals(found: Series) -> Table:
    """Baseline, milestones and targets by quarter: what was agreed, what it came to, and which plan says so.

    A milestone whose quarter has ended is compared with the value of that quarter; one to come is not due yet.
    """
    points = dict(found.points)
    values = {period: cell for period, cell in points.items() if cell.status in (Status.VALUE, Status.ZERO)}
    columns = (
        Column("what", _("Agreed")),
        Column("quarter", _("Quarter")),
        Column("agreed", _("Value agreed")),
        Column("value", _("Value then")),
        Column("standing", _("How it stands")),
        Column("agreed_in", _("Agreed in")),
        Column("note", _("Note")),
    )
    first = [found.goals.baseline] if found.goals.baseline else []
    rows, marks = [], []
    for goal in [*first, *found.goals.all]:
        cell = values.get(goal.period)
        ended = goal.period <= max(points, default="")
        stands = ""
        if goal.what != "baseline" and cell is not None and cell.value is not None:
            stands = _standing(found, cell.value, goal)
        elif goal.what != "baseline" and not ended:
            stands = _("not due yet")
        rows.append(
            {
                "what": _(WHAT[goal.what]),
                "quarter": goal.label,
                "agreed": value_words(found.indicator, goal.value),
                "value": value_words(found.indicator, cell.value or 0.0) if cell else "",
                "standing": stands,
                "agreed_in": goal.agreed_in,
                "note": goal.note,
            }
        )
        why = Status.VALUE  # else as the table of the quarters says it
        if ended and goal.what != "baseline" and not cell:
            why = points[goal.period].status if goal.period in points else Status.NOT_REPORTED
        marks.append(dict.fromkeys(rows[-1], Status.VALUE) | {"value": why})
    return _like(found, _("What was agreed"), columns, rows, marks)


def _standing(found: Series, value: float, goal: indicator_goals.Goal) -> str:
    state = indicator_goals.standing(found.indicator, value, goal)
    if not state:
        return ""
    if state == indicator_goals.REACHED:
        return _("at or past it")
    if found.indicator.unit_measure.startswith("yes/"):
        return _("short of it")
    return _(
        "short of it by {by}", by=indicator_words.amount(found.indicator, indicator_words.apart(goal.value, value))
    )


def revisions(found: Series) -> Table:
    """The values that a later file changed, the newest change first: quarter, before, after, when, and whose."""
    columns = (
        Column("quarter", _("Quarter")),
        Column("before", _("Before")),
        Column("after", _("After")),
        Column("recorded", _("Changed on")),
        Column("reported_by", _("Reported by")),
    )
    rows = [
        {
            "quarter": periods.parse(change.period).label,
            "before": value_words(found.indicator, change.old),
            "after": _("taken back") if change.new is None else value_words(found.indicator, change.new),
            "recorded": text.moment(change.recorded_at),
            "reported_by": change.reported_by,
        }
        for change in found.revisions
    ]
    return _like(found, _("What was corrected"), columns, rows, [dict.fromkeys(row, Status.VALUE) for row in rows])


def _like(
    found: Series, title: str, columns: tuple[Column, ...], rows: list[dict[str, Any]], marks: list[dict[str, Any]]
) -> Table:
    """A further table beside the series: of the same version, with its caveats."""
    names = [column.name for column in columns]
    return lean(
        replace(
            found.table,
            title=_("{what}: {place}", what=title, place=found.country_name),
            columns=columns,
            frame=pd.DataFrame(rows, columns=names, dtype=object),
            statuses=pd.DataFrame(marks, columns=names, dtype=object),
            period="",
        )
    )


def lean(table: Table) -> Table:
    """The same without the columns in which no row says anything: neither a value nor why there is none."""
    kept = tuple(
        column
        for column in table.columns
        if any(status != Status.VALUE for status in table.statuses[column.name])
        or any(value is not None and value == value and value != "" for value in table.frame[column.name])
    )
    names = [column.name for column in kept]
    return replace(table, columns=kept, frame=table.frame[names], statuses=table.statuses[names])


def shown(found: Series) -> bool:
    """Whether there is any value that may be drawn."""
    return any(cell.status in SHOWN and cell.value is not None for _period, cell in found.points)
