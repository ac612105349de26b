"""How old the open actions are: overdue for how long, not moved since when, by whom or by what. Never selects any."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.reference import periods
from dashboard.reference.table import AsOf, Column, Table
from dashboard.reference.text import N_, _
from dashboard.reports import action_words

if TYPE_CHECKING:
    from dashboard.reports.actions import Action

MONTH, QUARTER = 30, 91
"""Days: overdue for a month, for a quarter, for longer."""
AGAIN = N_("What has not moved is counted again, whenever it is due.")
PARTS_AGAIN = N_("An action that carries several parts of the plan is counted in each.")

WAYS = {
    "country": N_("Country"),
    "organisation": N_("Organisation that leads"),
    "sector": N_("Sector of who leads"),
    "part": N_("Part of the plan"),
}
"""By what the open actions can be counted."""
NO_PART = N_("No action of a plan is carried")

_GROUPS: dict[str, Callable[[Action], tuple[str, ...]]] = {
    "country": lambda a: (a.country_name,),
    "organisation": lambda a: (a.lead_name,),
    "sector": lambda a: (a.sector,),
    "part": lambda a: a.plan_parts or (_(NO_PART),),
}


def usual(found: list[Action]) -> str:
    """By what they are counted where nobody chose: by country, or where there is one by who leads."""
    return "country" if len({a.country for a in found}) > 1 else "organisation"


def table(known: AsOf, found: list[Action], today: date, still_days: int, by: str = "") -> Table:
    """How long the actions to do have been overdue, how many are due, and how many have not moved, by one of WAYS.

    One row a group, the one with most overdue first. Of `by` that is none of WAYS the usual one holds. What stands
    apart (see Action) is in a column of its own, which is there where anything does.
    """
    by = by if by in WAYS else usual(found)
    open_ones = [a for a in found if not a.closed]
    apart = any(a.apart for a in open_ones)
    columns = (
        Column("group", _(WAYS[by])),
        *(
            Column(name, words, numeric=True)
            for name, words in (
                ("open", _("To be done")),
                ("month", _("Overdue up to {days} days", days=MONTH)),
                ("quarter", _("Overdue {first} to {last} days", first=MONTH + 1, last=QUARTER)),
                ("longer", _("Overdue longer")),
                ("this_quarter", _("Due by the end of {quarter}", quarter=periods.of(today).label)),
                ("later", _("Due later")),
                *([("apart", _("To be looked at again"))] if apart else []),
                ("oldest", _("Longest overdue (days)")),
                ("moved", _("Due date moved (times)")),
                ("still", _("No movement for {days} days", days=still_days)),
            )
        ),
    )
    end = periods.of(today).end
    groups: dict[str, list[Action]] = {}
    for action in open_ones:
        for group in _GROUPS[by](action):
            groups.setdefault(group, []).append(action)
    rows: list[tuple[int, int, str, dict[str, int]]] = []
    for group, of in groups.items():
        days = [a.days_overdue for a in of]
        row = {
            "open": len(of),
            "month": sum(0 < d <= MONTH for d in days),
            "quarter": sum(MONTH < d <= QUARTER for d in days),
            "longer": sum(d > QUARTER for d in days),
            "this_quarter": sum(not (a.days_overdue or a.apart or a.due_on > end) for a in of),
            "later": sum(a.due_on > end for a in of),
            "apart": sum(a.apart for a in of),
            "oldest": max(days),
            "moved": sum(a.moves for a in of),
            "still": sum(a.still for a in of),
        }
        rows.append((-sum(d > 0 for d in days), -len(of), group, row))
    rows.sort(key=lambda found: found[:3])
    frame = pd.DataFrame([{"group": group} | row for *_order, group, row in rows], columns=[c.name for c in columns])
    said = [
        _(AGAIN),
        *([_(PARTS_AGAIN)] if by == "part" else []),
        *([_(action_words.NEVER_LATE)] if apart else []),
    ]
    made = action_words.as_table(_("How the open actions stand"), known, columns, frame)
    return replace(made, caveats=tuple(said))
