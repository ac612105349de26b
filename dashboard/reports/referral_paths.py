"""By which ways a woman is led from one sector to the next, and how often they were used (R90).

The ways are a register and tell of no woman. Referrals are contacts: a number only to whoever has a valid training,
within her own reach; no release holds any, so to everybody else they are not released.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import marts, register_rows
from dashboard.reports.contact_words import CAVEAT, reach, reaches, whose
from dashboard.reports.contacts_seen import within
from dashboard.reports.entry import own_only

REGISTER, COUNTED = "pathways", "referrals"
WORKS = ("available", "limited")
SOURCE = N_(
    "Registers of referral pathways of the coordinating bodies, and referral reports of the member organisations"
)
ON_PAPER = N_("A way that works on paper says nothing of how many women went it, and one without a name is gone, too.")
NO_WOMAN = N_("A referral is not a woman: one woman may be referred several times.")
ALONE = N_("Referrals of your own reach alone; others may have referred along the same way.")


def by_sectors(viewer: Viewer, house: House, *, period: str, country: str = "", version: int | None = None) -> Table:
    """From, to, ways (that work), agreement and migrant (of these), referrals and completed in the quarter.

    A row for each two sectors between which a register knows a way, or she may read of a referral; of a referral that
    is not hers to read she learns from no row. Ways are those that she reads in their register. Raises policy.Refused,
    and ValueError for a quarter that is none.
    """
    quarter, scope, part = periods.parse(period), policy.scope(viewer, "view contacts"), own_only(viewer)
    read = register_rows.rows(viewer, house, REGISTER, version, str(quarter))
    ways = read.raw
    used = marts.rows(house, COUNTED, marts.as_of(house, version).version)
    used = within(used[used["period"] == str(quarter)], scope)
    if country:
        ways, used = ways[ways["country"] == country], used[used["country"] == country]
    order = {code.code: place for place, code in enumerate(house.library.codes["sectors"].codes)}
    pairs = {
        *zip(ways["from_sector"], ways["to_sector"], strict=True),
        *zip(used["from_sector"], used["to_sector"], strict=True),
    }
    shown = sorted(pairs, key=lambda pair: [order.get(one, len(order)) for one in pair])
    columns = (
        Column("from_sector", _("From"), codes="sectors"),
        Column("to_sector", _("To"), codes="sectors"),
        Column("ways", _("Ways that work, of those that you read") if part else _("Ways that work"), numeric=True),
        Column("agreement", _("Under an agreement"), numeric=True),
        Column("migrant", _("With a migrant organisation"), numeric=True),
        Column("referrals", _("Referrals made"), numeric=True),
        Column("completed", _("Ended in help"), numeric=True),
    )
    open_here = reaches(house, scope, country)
    unread = Status.NOT_SHOWN if part else Status.NOT_REPORTED
    found = [_row(house, pair, ways, used, open_here, unread) for pair in shown]
    names, index = [column.name for column in columns], [" ".join(pair) for pair in shown]
    alone = whose(viewer, house, country=country, version=version) if open_here else ""
    hers = (reach(viewer), _(ALONE) if alone else "")
    caveats = (_(house.library.title("caveats", CAVEAT)), _(NO_WOMAN), _(ON_PAPER), *hers, *read.told)
    return Table(
        title=_("Ways from one sector to the next"),
        columns=columns,
        frame=pd.DataFrame([row for row, _marks in found], columns=names, index=index, dtype=object),
        statuses=pd.DataFrame([marks for _row, marks in found], columns=names, index=index, dtype=object),
        as_of=read.as_of,
        caveats=tuple(sentence for sentence in caveats if sentence),
        source=_(SOURCE),
        period=quarter.label,
    )


def _row(
    house: House, pair: tuple[str, str], ways: pd.DataFrame, used: pd.DataFrame, open_here: bool, unread: Status
) -> tuple[dict[str, Any], dict[str, Status]]:
    ways = ways[(ways["from_sector"] == pair[0]) & (ways["to_sector"] == pair[1])]
    working = ways[ways["availability"].isin(WORKS)]
    mine = used[(used["from_sector"] == pair[0]) & (used["to_sector"] == pair[1])]
    row: dict[str, Any] = {
        "from_sector": _(house.library.title("sectors", pair[0])),
        "to_sector": _(house.library.title("sectors", pair[1])),
    }
    marks = dict.fromkeys(row, Status.VALUE)
    for name, count in (
        ("ways", len(working)),
        ("agreement", int((working["agreement"] == "yes").sum())),
        ("migrant", int((working["migrant_organisation"] == "yes").sum())),
    ):
        row[name] = count if len(ways) else None
        marks[name] = unread if not len(ways) else Status.VALUE if count else Status.ZERO
    for name in ("referrals", "completed"):
        counted = mine[name].dropna()
        row[name] = int(counted.sum()) if len(counted) else None
        silence = Status.NOT_REPORTED if open_here and len(mine) else Status.NOT_RELEASED
        marks[name] = silence if row[name] is None else Status.VALUE if row[name] else Status.ZERO
    return row, marks


def answer(viewer: Viewer, table: Table) -> str:
    """Between how many pairs of sectors a way works, and where none does though a register names one."""
    frame = table.frame
    if hers := own_only(viewer):
        return hers
    if frame.empty:
        return _("No register of referral pathways was sent yet.")
    works, named = int((frame["ways"].fillna(0) > 0).sum()), int(frame["ways"].notna().sum())
    return _("From one sector to another {count} of {total} ways that are registered work.", count=works, total=named)
