"""Which sectors' staff were told in a quarter what women migrant workers face, and which were not (R56).

Counts staff, never survivors; who of them did otherwise afterwards nobody knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_, words
from dashboard.reports import marts

DATASET = "training_sessions"
ELSEWHERE = "other"
"""The topic of a training that told nothing of women migrant workers in particular."""
CAVEAT = "trained-is-not-practice"
SOURCE = N_("Training reports of the member organisations")
EXPECTED = N_("Counted are the sectors of organisations in the country's member register, and any other that reports.")
TWICE = N_("Whoever took part in two kinds of session counts twice.")
NAMED = 6
"""So many sectors without such a training are named; of more the rest is a number."""
FLAGS = {"gap": N_("Gap: none reported"), "told": N_("Told")}
_REGISTER = 40
"""For so many quarters a member register stands that was not sent anew."""


@dataclass(frozen=True)
class Training:
    """One answer: a row a country and sector; `gaps` are those, as (country, sector), without such a training."""

    table: Table
    answer: str
    gaps: tuple[tuple[str, str], ...]


def by_sector(viewer: Viewer, house: House, *, period: str, country: str = "", version: int | None = None) -> Training:
    """Staff trained in a quarter, in one country or in all, by sector, and which sectors have a gap.

    Whoever reads only what was published sees her own organisation's reports, and no gap: another organisation may have
    told the staff of her sector. Raises policy.Refused, and ValueError for a quarter that is none.
    """
    known, scope, told = marts.readable(viewer, house, version)
    quarter = periods.parse(period)
    rows = marts.rows(house, DATASET, known.version)
    rows = rows[rows["period"] == str(quarter)]
    seats = marts.known_in(house, "members", str(quarter), known.version, keep=_REGISTER)
    if not scope.everything:
        rows, seats = rows[rows["reported_by"].isin(scope.organisations)], seats[:0]
    if country:
        rows, seats = rows[rows["country"] == country], seats[seats["country"] == country]
    order = {code.code: place for place, code in enumerate(house.library.codes["sectors"].codes)}
    pairs = {*zip(rows["country"], rows["sector"], strict=True), *zip(seats["country"], seats["sector"], strict=True)}
    shown = sorted(pairs, key=lambda pair: (pair[0], order.get(pair[1], len(order))))
    on_this = [bool(set(str(topics).split("|")) - {ELSEWHERE}) for topics in rows["topics"]]
    about = rows[pd.Series(on_this, index=rows.index, dtype=bool)]
    reached = set(zip(about["country"], about["sector"], strict=True))
    silent = {pair for pair in shown if pair not in reached}
    gaps = tuple(pair for pair in shown if pair in silent) if scope.everything else ()
    columns = (
        Column("country", _("Country")),
        Column("sector", _("Sector"), codes="sectors"),
        Column("flag", _("Told what women migrant workers face")),
        Column("about", _("Staff who were told"), numeric=True),
        Column("staff", _("Staff trained on anything"), numeric=True),
        Column("sessions", _("Sessions"), numeric=True),
    )
    found = [_row(house, pair, rows, about, _flag(pair in silent, scope.everything)) for pair in shown]
    names, index = [column.name for column in columns], [f"{place} {sector}" for place, sector in shown]
    return Training(
        table=Table(
            title=_("Training on what women migrant workers face, by sector"),
            columns=columns,
            frame=pd.DataFrame([row for row, _marks in found], columns=names, index=index, dtype=object),
            statuses=pd.DataFrame([marks for _row, marks in found], columns=names, index=index, dtype=object),
            as_of=known,
            caveats=(
                _(house.library.title("caveats", CAVEAT)),
                _(TWICE),
                *((_(EXPECTED),) if scope.everything else ()),
                *told,
            ),
            source=_(SOURCE),
            period=quarter.label,
        ),
        answer=_answer(house, gaps, shown, quarter.label, bool(country)) if scope.everything else words(list(told)),
        gaps=gaps,
    )


def _flag(silent: bool, everything: bool) -> str:
    """A key of FLAGS; "" where whoever asks reads of no such training and may not read of all."""
    if not silent:
        return "told"
    return "gap" if everything else ""


def _row(
    house: House, pair: tuple[str, str], rows: pd.DataFrame, about: pd.DataFrame, flag: str
) -> tuple[dict[str, Any], dict[str, Status]]:
    place, sector = pair
    mine = rows[(rows["country"] == place) & (rows["sector"] == sector)]
    told = about[(about["country"] == place) & (about["sector"] == sector)]
    row: dict[str, Any] = {
        "country": house.library.title("countries", place),
        "sector": _(house.library.title("sectors", sector)),
        "flag": _(FLAGS[flag]) if flag else None,
    }
    marks = dict.fromkeys(row, Status.VALUE) | ({} if flag else {"flag": Status.NOT_SHOWN})
    for name, frame, column in (
        ("about", told, "staff_trained"),
        ("staff", mine, "staff_trained"),
        ("sessions", mine, "sessions"),
    ):
        row[name] = int(frame[column].sum()) if len(mine) else None
        marks[name] = Status.NOT_REPORTED if row[name] is None else Status.VALUE if row[name] else Status.ZERO
    return row, marks


def _answer(
    house: House, gaps: Sequence[tuple[str, str]], shown: Sequence[tuple[str, str]], period: str, one: bool
) -> str:
    """How many sectors have the gap, and which."""
    if not shown:
        return _("Nobody has reported training for {period}.", period=period)
    if not gaps:
        return _("Staff of every sector were told in {period} what women migrant workers face.", period=period)
    named = []
    for place, sector in gaps[:NAMED]:
        title = _(house.library.title("sectors", sector))
        named.append(title if one else f"{title} ({house.library.title('countries', place)})")
    if more := len(gaps) - NAMED if len(gaps) > NAMED else 0:
        named.append(n_("{count} more", "{count} more", more))
    if not one:
        return n_(
            "For {count} of {total} sectors, each counted in each country, no training on what women migrant workers"
            " face was reported in {period}: {names}.",
            "For {count} of {total} sectors, each counted in each country, no training on what women migrant workers"
            " face was reported in {period}: {names}.",
            len(gaps),
            total=len(shown),
            period=period,
            names=words(named),
        )
    return n_(
        "For {count} of {total} sectors no training on what women migrant workers face was reported in {period}:"
        " {names}.",
        "For {count} of {total} sectors no training on what women migrant workers face was reported in {period}:"
        " {names}.",
        len(gaps),
        total=len(shown),
        period=period,
        names=words(named),
    )
