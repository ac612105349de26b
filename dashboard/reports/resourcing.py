"""What the plan costs, and how much of it was committed, disbursed and spent. Never adds up two currencies.

Cost and resources are two numbers, and the gap between them is the third (R117).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_, number, words
from dashboard.reports import marts

DATASET = "budget_execution"
AMOUNTS = {
    "cost": N_("Cost"),
    "committed": N_("Committed"),
    "gap": N_("Gap"),
    "disbursed": N_("Disbursed"),
    "spent": N_("Spent"),
}
SOURCE = N_("Budget execution reports of the member organisations")
CAVEAT = N_("From the beginning of the plan period. The gap is what the plan costs and nobody has committed yet.")


@dataclass(frozen=True)
class Resourcing:
    """One answer: a row a country and currency, with the amounts of AMOUNTS and the number of budget lines.

    `sentences` say the same, one for each currency, and `finding` where most is missing; `period` is the quarter
    (2026-Q3) up to which it was asked.
    """

    table: Table
    sentences: tuple[str, ...]
    finding: str
    period: str


def resourcing(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> Resourcing:
    """All countries with a budget report, or one, as last reported in the year up to the last quarter that ended.

    An amount that no line knows is not reported; one that some lines know is their sum, and a caveat says so. Raises
    policy.Refused.
    """
    known, scope, told = marts.readable(viewer, house, version)
    quarter = periods.last_ended(viewer.today)
    frame = marts.known_in(house, DATASET, str(quarter), known.version)
    if not scope.everything:
        frame = frame[frame["reported_by"].isin(scope.organisations)]
    if country:
        frame = frame[frame["country"] == country]
    columns = (
        Column("country", _("Country")),
        Column("currency", _("Currency")),
        *(Column(name, _(title), numeric=True) for name, title in AMOUNTS.items()),
        Column("lines", _("Budget lines"), numeric=True),
    )
    rows, marks, partly = [], [], list[str]()
    for (place, currency), lines in frame.groupby(["country", "currency"], sort=True):
        name = house.library.title("countries", str(place))
        row = {"country": name, "currency": currency, "lines": len(lines)} | _sums(lines)
        marks.append({c.name: Status.NOT_REPORTED if row[c.name] is None else _mark(row[c.name]) for c in columns})
        partly += _partly(name, lines)
        rows.append((str(place), row))
    names = [c.name for c in columns]
    index = [f"{place} {row['currency']}" for place, row in rows]
    older = sorted(set(frame.loc[frame["reported_in"] < str(quarter), "reported_in"]))
    carried = [
        _(
            "Counts reports of {quarters} too, because none was accepted since.",
            quarters=words([periods.parse(q).label for q in older]),
        )
    ]
    return Resourcing(
        table=Table(
            title=_("Cost of the plan and resources found, by country"),
            columns=columns,
            frame=pd.DataFrame([row for _place, row in rows], columns=names, index=index, dtype=object),
            statuses=pd.DataFrame(marks, columns=names, index=index, dtype=object),
            as_of=known,
            caveats=(_(CAVEAT), *partly, *(carried if older else ()), *told),
            source=_(SOURCE),
            period=quarter.label,
        ),
        sentences=tuple(_sentence(str(c), lines) for c, lines in frame.groupby("currency", sort=True)),
        finding=_finding([row for _place, row in rows]),
        period=str(quarter),
    )


def share(part: float, whole: float) -> str:
    """A part of a whole in whole per cent, written as indicators are."""
    return _("{value}\N{NO-BREAK SPACE}%", value=number(100 * part / whole if whole else 0.0))


def _finding(rows: Sequence[Mapping[str, Any]]) -> str:
    """Where the largest part of the cost is not committed by anybody; amounts themselves cannot be compared."""
    missing = {f"{row['country']} ({row['currency']})": row["gap"] / row["cost"] for row in rows if row["cost"]}
    if not missing:
        return _("No organisation has reported a budget yet")
    most = max(missing, key=lambda country: missing[country])
    if missing[most] <= 0:
        return _("Somebody has committed what the plan costs, in every country that reported")
    return _("In {country}, {share} of the cost is committed by nobody", country=most, share=share(missing[most], 1))


def _sums(lines: pd.DataFrame) -> dict[str, float | None]:
    found = {name: _sum(lines, name) for name in ("cost", "committed", "disbursed", "spent")}
    return found | {"gap": (found["cost"] or 0.0) - (found["committed"] or 0.0)}


def _sum(lines: pd.DataFrame, name: str) -> float | None:
    return float(lines[name].sum()) if lines[name].notna().any() else None


def _mark(value: object) -> Status:
    return Status.ZERO if value == 0 else Status.VALUE


def _partly(country: str, lines: pd.DataFrame) -> Sequence[str]:
    """What some lines of a country do not say, so that a sum of the others is not taken for the whole."""
    said = []
    for name in ("disbursed", "spent"):
        silent = int(lines[name].isna().sum())
        if 0 < silent < len(lines):
            said.append(
                n_(
                    "{country}: for {count} of {lines} budget lines it is not known how much was {what}.",
                    "{country}: for {count} of {lines} budget lines it is not known how much was {what}.",
                    silent,
                    country=country,
                    lines=number(len(lines)),
                    what=_(AMOUNTS[name]).lower(),
                )
            )
    return said


def _sentence(currency: str, lines: pd.DataFrame) -> str:
    """What the plans cost in one currency and what was found of it, with the gap."""
    found = _sums(lines)
    cost, committed = found["cost"] or 0.0, found["committed"] or 0.0

    def money(name: str) -> str:
        value = found[name]
        return _("an unknown amount") if value is None else number(value)

    countries = lines["country"].nunique()
    return n_(
        "{currency} {cost} is what the plan of {count} country costs; {committed} ({share}) is committed, so {gap} is"
        " missing. Disbursed: {disbursed}; spent: {spent}.",
        "{currency} {cost} is what the plans of {count} countries cost; {committed} ({share}) is committed, so {gap} is"
        " missing. Disbursed: {disbursed}; spent: {spent}.",
        countries,
        currency=currency,
        cost=money("cost"),
        committed=money("committed"),
        share=share(committed, cost),
        gap=money("gap"),
        disbursed=money("disbursed"),
        spent=money("spent"),
    )
