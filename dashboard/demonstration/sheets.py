"""Make the files that an organisation of the demonstration sends for a quarter. Never sends one.

All is made from the knowledge files and from chance that is the same at every building.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from dashboard.demonstration import quarterly, registers
from dashboard.demonstration.almanac import QUARTERS, Almanac, luck
from dashboard.demonstration.knowledge import Knowledge, Row, lasts, path, quarters, weights
from dashboard.reference.contracts import Contract

Sheet = list[dict[str, Any]]
_CHANGE = re.compile(r"(\w+)(?:\*(\d+(?:\.\d+)?)|=(\S+))(?: where (\w+)=(\S*))?")


def written(contract: Contract, rows: Sheet) -> bytes:
    """The rows as the CSV that somebody saves: the contract's columns, what a row does not say is empty."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(contract.header)
    for row in rows:
        writer.writerow(["" if (cell := row.get(name)) is None else cell for name in contract.header])
    return out.getvalue().encode()


def changed(rows: Sheet, change: str) -> Sheet:
    """The rows with a mistake in them: `contacts*2`, `sector=x`, either with ` where column=value` behind it."""
    match = _CHANGE.fullmatch(change)
    if match is None:
        raise ValueError(f"“{change}” is no change. Write column*factor or column=value, and where column=value.")
    column, factor, value, where, equals = match.groups()
    found = [dict(row) for row in rows]
    for row in found:
        if where and str(row[where]) != equals:
            continue
        if factor is None:
            row[column] = value
        elif row[column] not in ("", None):
            decimals = len(str(row[column]).partition(".")[2])
            row[column] = _rounded(float(row[column]) * float(factor), decimals)
    if found == rows:
        raise ValueError(f"“{change}” changes nothing.")
    return found


def _rounded(value: float, decimals: int) -> str:
    return f"{value:.{decimals}f}"


def made(knowledge: Knowledge, almanac: Almanac, dataset: str, organisation: str, when: int | date) -> Sheet:
    """The rows of an organisation's file: of a quarter by its number, of a list of actions by its day.

    Raises ValueError when the knowledge files have nothing to say, which is a slip in one of them.
    """
    maker: Callable[[Knowledge, Almanac, str, Any], Sheet] = _MAKERS.get(dataset) or partial(_register, dataset)
    rows = maker(knowledge, almanac, organisation, when)
    if not rows:
        raise ValueError(f"{organisation} has nothing to say on {dataset} in {when}.")
    return rows


def _members(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    found = []
    for row in knowledge["members"]:
        if row["country"] != organisation[:3] or not lasts(row, quarter):
            continue
        since = str(almanac.day(row["seat_since"])) if row["seat_since"] else ""
        expected = row["reports_from"] and int(row["reports_from"]) <= quarter
        found.append({**row, "seat_since": since, "reports_quarterly": "yes" if expected else "no"})
    return found


def _coverage(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    end = almanac.period(quarter).end
    checked = end - timedelta(days=luck(organisation, quarter, "checked").randrange(2, 24))
    last = almanac.period(QUARTERS).end
    found = []
    for row in knowledge["services"]:
        if row["organisation_code"] != organisation or not lasts(row, quarter):
            continue
        line = ""
        if row["contact_line"]:
            ago = timedelta(days=int(row["line_checked"]))
            # A line that nobody called for longer than a quarter was called once, and not in each quarter.
            line = str(end - ago if ago.days < 92 else min(end - timedelta(days=20), last - ago))
        found.append({**row, "checked_on": checked, "contact_line_checked_on": line})
    return found


def _contacts(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    found = []
    for row in knowledge["contacts"]:
        if row["organisation_code"] != organisation or not lasts(row, quarter):
            continue
        chance = luck(organisation, row["service_code"], row["stage"], quarter, "contacts")
        total = round(path(row["level"], quarter) * (1 + float(row["swing"] or 0) / 100 * chance.uniform(-1, 1)))
        cells = [
            (origin, form, channel, a * b * c * chance.uniform(0.75, 1.25))
            for (origin, a), (form, b), (channel, c) in itertools.product(
                weights(row["origins"]), weights(row["forms"]), weights(row["channels"])
            )
        ]
        for (origin, form, channel, _weight), count in zip(cells, _shared(total, [c[3] for c in cells]), strict=True):
            found.append(
                {
                    "country": organisation[:3],
                    "organisation_code": organisation,
                    "sector": row["sector"],
                    "service_code": row["service_code"],
                    "stage": row["stage"],
                    "origin": origin,
                    "form_of_violence": form,
                    "channel": channel,
                    "contacts": count,
                }
            )
    return found


def _shared(total: int, shares: list[float]) -> list[int]:
    """`total` in whole parts by their shares, none of it lost: what is left over goes to the largest remainders."""
    whole = sum(shares)
    exact = [total * share / whole for share in shares]
    parts = [int(value) for value in exact]
    by_remainder = sorted(range(len(shares)), key=lambda n: (parts[n] - exact[n], n))
    for n in by_remainder[: total - sum(parts)]:
        parts[n] += 1
    return parts


def _indicators(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    found: Sheet = []
    for row in knowledge["indicators"]:
        if row["organisation_code"] != organisation or quarter not in quarters(row["quarters"]):
            continue
        found.append(
            {
                **row,
                "country": organisation[:3],
                "period": str(almanac.period(quarter)),
                **_value(row, quarter),
            }
        )
    for row in found:
        if row["path"] == "sum":  # the headline is what its parts add up to
            parts = [p for p in found if p["indicator_code"] == row["indicator_code"] and p["path"] != "sum"]
            row["value"] = _rounded(sum(float(p["value"]) for p in parts), int(row["decimals"]))
    return found


def _value(row: Row, quarter: int) -> dict[str, str]:
    """Value, and for a share numerator and denominator: the value is then what they give."""
    if row["path"] == "sum":
        return dict.fromkeys(("value", "numerator", "denominator"), "")
    names = (row["organisation_code"], row["indicator_code"], row["corridor"], row["category"], quarter)
    swing = float(row["swing"] or 0) / 100 * luck(*names).uniform(-1, 1)
    value, decimals = path(row["path"], quarter) * (1 + swing), int(row["decimals"])
    if not row["of"]:
        return {"value": _rounded(value, decimals), "numerator": "", "denominator": ""}
    whole = int(row["of"])
    part = round(value * whole / 100)
    return {"value": _rounded(100 * part / whole, decimals), "numerator": str(part), "denominator": str(whole)}


def _milestones(knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    return [
        {**row, "country": organisation[:3], "due_period": str(almanac.period(int(row["due"])))}
        for row in knowledge["milestones"]
        if row["organisation_code"] == organisation and lasts(row, quarter)
    ]


def _actions(knowledge: Knowledge, almanac: Almanac, organisation: str, day: date) -> Sheet:
    return [
        {**row, "country": organisation[:3], "agreed_on": agreed, "due_on": almanac.day(row["due"])}
        for row in knowledge["actions"]
        if row["organisation_code"] == organisation and (agreed := almanac.day(row["agreed"])) <= day
    ]


def _register(dataset: str, knowledge: Knowledge, almanac: Almanac, organisation: str, quarter: int) -> Sheet:
    return registers.made(knowledge, almanac, dataset, organisation, quarter)


_MAKERS: dict[str, Callable[[Knowledge, Almanac, str, Any], Sheet]] = {
    "members": _members,
    "service_coverage": _coverage,
    "service_contacts": _contacts,
    "indicator_values": _indicators,
    "milestones": _milestones,
    "actions": _actions,
    **quarterly.MAKERS,
}
