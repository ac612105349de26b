"""Read the public rows of contact counts as tables for people. Never adds, subtracts or guesses a count.

Every number is a cell of the release as it stands: a sum of what is shown would give away what is hidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from dashboard.publication import absence
from dashboard.reference import periods
from dashboard.reference.indicators import PREVALENCE
from dashboard.reference.library import Library
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, n_, number
from dashboard.reports import contact_words

TOTAL, UNKNOWN = "_T", "_U"
"""SDMX codes: all together, and what was not recorded."""
WITH_NUMBER = (Status.VALUE, Status.ZERO, Status.REVISION_PENDING)
TITLE = N_("Reported contacts of women migrant workers with essential services")
SOURCE = N_("Contact counts of the member organisations, protected before publication")
_ALL = {"countries": N_("All countries"), "sectors": N_("All sectors"), "services": N_("All services")}


def caveat(library: Library) -> str:
    """The sentence that goes wherever a count of contacts goes (R67)."""
    return _(library.title("caveats", PREVALENCE))


def caveats(library: Library) -> tuple[str, ...]:
    """What belongs to every table of contacts, the caveat first."""
    return (caveat(library), _(contact_words.TWICE))


def quarter(rows: pd.DataFrame) -> str:
    """The newest quarter that there are rows of; "" for none."""
    return max((p for p in rows["period"] if "-Q" in p), default="")


def year(rows: pd.DataFrame) -> str:
    """The newest year that there are rows of; "" for none. It comes with its fourth quarter."""
    return max((p for p in rows["period"] if "-Q" not in p), default="")


def named(library: Library, listed: str, code: str) -> str:
    """A code of the rows in words; what is the total of depends on the list."""
    if code == TOTAL:
        return _(
            {"countries": N_("All countries"), "sectors": N_("All sectors"), "services": N_("All services")}[listed]
        )
    if code == UNKNOWN:
        return _("Not recorded")
    return _(library.title(listed, code))


def by_place(rows: pd.DataFrame, library: Library, as_of: AsOf) -> Table:
    """The newest quarter, a row a country: `place` and `contacts`, without the total."""
    of = _of(rows, quarter(rows))
    of = of[(of["sector"] == TOTAL) & (of["country"] != TOTAL)]
    listed = sorted(of.to_dict("records"), key=lambda r: named(library, "countries", r["country"]).casefold())
    columns = (Column("place", _("Country")), Column("contacts", _("Contacts"), unit=_("contacts"), numeric=True))
    frame = pd.DataFrame(
        [(named(library, "countries", r["country"]), _value(r)) for r in listed],
        columns=[c.name for c in columns],
        index=[r["country"] for r in listed],
        dtype=object,
    )
    marks = pd.DataFrame(
        [(Status.VALUE, Status(r["status"])) for r in listed], columns=frame.columns, index=frame.index, dtype=object
    )
    return Table(_(TITLE), columns, frame, marks, as_of, caveats(library), _(SOURCE), _label(quarter(rows)))


def by_sector(rows: pd.DataFrame, library: Library, as_of: AsOf) -> Table:
    """The newest quarter, countries × sectors with their totals, and the total of the newest year where there is one.

    The last row is of all countries. Where the release has no row, its status says why.
    """
    now, then = quarter(rows), year(rows)
    of = pd.concat([_of(rows, now), _of(rows, then)])
    found = {(r["country"], r["sector"], r["period"]): r for r in of.to_dict("records")}
    sectors = [
        s
        for s in [*(c.code for c in library.codes["sectors"].codes), UNKNOWN, TOTAL]
        if any(key[1] == s for key in found)
    ]
    places = sorted({key[0] for key in found} - {TOTAL}, key=lambda c: named(library, "countries", c).casefold())
    places += [TOTAL] if any(key[0] == TOTAL for key in found) else []
    wanted = [(s, now) for s in sectors] + ([(TOTAL, then)] if then else [])
    columns = [Column("place", _("Country"))]
    for sector, period in wanted:
        title = _("All of {year}", year=then) if period == then else named(library, "sectors", sector)
        columns.append(Column(f"{sector} {period}", title, unit=_("contacts"), numeric=True))
    cells, marks = [], []
    for place in places:
        asked = [found.get((place, sector, period)) for sector, period in wanted]
        whole = {period: found.get((place, TOTAL, period), {}).get("status") for _sector, period in wanted}
        cells.append([named(library, "countries", place), *(_value(r) if r else None for r in asked)])
        said = zip(asked, wanted, strict=True)
        marks.append(
            [Status.VALUE, *(Status(r["status"]) if r else absence.status(p, whole[p]) for r, (_s, p) in said)]
        )
    listed = [c.name for c in columns]
    return Table(
        _(TITLE),
        tuple(columns),
        pd.DataFrame(cells, columns=listed, index=places, dtype=object),
        pd.DataFrame(marks, columns=listed, index=places, dtype=object),
        as_of,
        caveats(library),
        _(SOURCE),
        _label(now),
    )


def keys(rows: pd.DataFrame, table: Table) -> dict[tuple[str, str], str]:
    """Of each cell of `by_sector` that the release has a row for: the key of that row, its parts joined by |."""
    held = {(r["country"], r["sector"], r["period"]) for r in _of(rows, "").to_dict("records")}
    return {
        (place, column.name): "|".join((place, sector, TOTAL, TOTAL, period))
        for place in table.frame.index
        for column in table.columns[1:]
        if (place, *(parts := column.name.split(" ", 1))) in held
        for sector, period in [parts]
    }


def finding(table: Table) -> str:
    """What the table by place shows, without comparing places: more contacts are neither worse nor better."""
    states = list(table.statuses["contacts"])
    shown = sum(status in WITH_NUMBER for status in states)
    return n_(
        "The number of reported contacts is shown for {shown} of {count} country",
        "The number of reported contacts is shown for {shown} of {count} countries",
        len(states),
        shown=number(shown),
    )


def answer(rows: pd.DataFrame, countries: Collection[str] = ()) -> str:
    """How many contacts were reported for the newest quarter, and for how many countries that can be said.

    Of `countries`, all that a page speaks of, those of which no report of contacts was ever accepted have no row.
    """
    of = _of(rows, quarter(rows))
    of = of[of["sector"] == TOTAL]
    whole = of[of["country"] == TOTAL].to_dict("records")
    states = list(of.loc[of["country"] != TOTAL, "status"])
    shown, hidden = sum(s in WITH_NUMBER for s in states), states.count(Status.SUPPRESSED)
    if not states:
        return _("No count of contacts has been released yet.")
    if whole and whole[0]["status"] in WITH_NUMBER:
        count = int(whole[0]["contacts"])
        said = n_(
            "{count} contact was reported by services for {period}, in all countries together.",
            "{count} contacts were reported by services for {period}, in all countries together.",
            count,
            period=_label(quarter(rows)),
        )
    else:
        said = _(
            "How many contacts were reported for {period} in all countries together is hidden to protect people.",
            period=_label(quarter(rows)),
        )
    others = len(set(countries) - set(of["country"]))
    more = n_(
        "Of {count} other country no report was ever accepted.",
        "Of {count} other countries no report was ever accepted.",
        others,
    )
    return " ".join(
        [
            said,
            n_(
                "Of {count} country, the number is shown for {shown}, hidden to protect people for {hidden} and not"
                " reported for {silent}.",
                "Of {count} countries, the number is shown for {shown}, hidden to protect people for {hidden} and not"
                " reported for {silent}.",
                len(states),
                shown=number(shown),
                hidden=number(hidden),
                silent=number(len(states) - shown - hidden),
            ),
            *([more] if others else []),
        ]
    )


def _of(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    """The rows of a period ("" for all) by country and sector: those of one service or of one origin left out."""
    of = rows[(rows["service"] == TOTAL) & (rows["origin"] == TOTAL)]
    return of[of["period"] == period] if period else of


def _value(row: Mapping[Any, Any]) -> int | None:
    return int(row["contacts"]) if row["status"] in WITH_NUMBER else None


def _label(period: str) -> str:
    """A quarter or a year, for people."""
    return periods.parse(period).label if "-Q" in period else period
