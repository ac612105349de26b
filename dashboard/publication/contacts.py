"""Gather the contact counts that a release protects, and protect them. Never lets an unprotected one out.

What is counted is what the reports count: each contact once, in the first stage of a case, in the quarter it was sent
for; only quarters that had ended.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.ledger import Ledger
from dashboard.protection.policy import Viewer
from dashboard.protection.rules import primary
from dashboard.protection.statistics import statistics
from dashboard.protection.suppress import SECONDARY, protect
from dashboard.publication.ledger import COLUMNS, Entry
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reports import contacts, rollups
from dashboard.reports.released import DIMENSIONS, TOTAL, UNRECORDED
from dashboard.reports.rollups import Rollup

_CONTRIBUTED = Rollup(
    f"{contacts.DATASET} published",
    contacts.DATASET,
    ("country", "sector", "service_code", "origin"),
    (
        ("contacts", f"coalesce(sum(contacts) filter (where {contacts.FIRST}), 0)::bigint"),
        ("counted", f"count(*) filter (where {contacts.FIRST})"),
    ),
    reads=("stage",),
)


@dataclass(frozen=True)
class Inside:
    """What only the house knows of a release, for the organisations as attackers; never shown, never kept.

    `sent`: the contributions that it speaks of, as each organisation remembers having sent them. `guarded`: the keys
    that are hidden of themselves, which must stay open to each of them too; what is hidden to cover those tells of
    nobody by itself.
    """

    sent: pd.DataFrame
    guarded: pd.DataFrame


@dataclass(frozen=True)
class Counted:
    """Protected public rows, and how many of them say a number, hide one, and keep a former one under revision."""

    rows: pd.DataFrame
    visible: int
    hidden: int
    pending: int
    inside: Inside


def first_quarter(house: House, first: date) -> str:
    """The first quarter that releases speak of, when the first of them speaks as of this day."""
    return str(periods.last_ended(first).shifted(1 - house.library.rules.first_quarters))


def contributions(viewer: Viewer, house: House, version: int, figures_on: date, since: str = "") -> pd.DataFrame:
    """What each organisation counted up to `version`, from quarter `since` to those that ended before `figures_on`.

    Unprotected.

    Columns country, sector, service, origin, period, organisation_code, contacts; `_U` where a code was not recorded.
    An organisation that reported later stages of cases alone is there with 0, since it did report.
    Raises policy.Refused for whoever may not release.
    """
    policy.require(viewer, "release")
    frame = rollups.at(house, _CONTRIBUTED, version)
    frame = frame[(frame["period"] >= since) & (frame["period"] <= str(periods.last_ended(figures_on)))]
    silent = frame.groupby("submission_id")["counted"].transform("sum") == 0
    frame = frame[(frame["counted"] > 0) | silent]
    frame = frame.rename(columns={"service_code": "service", "reported_by": "organisation_code"})
    for name in ("service", "origin"):
        frame[name] = frame[name].fillna(UNRECORDED)
    by = [*DIMENSIONS, "organisation_code"]
    return frame.groupby(by, sort=True)[["contacts"]].sum().reset_index()


def protected(
    viewer: Viewer,
    house: House,
    version: int,
    figures_on: date,
    former: Sequence[Entry],
    progress: Callable[[int, int], None] | None = None,
) -> Counted:
    """The public rows of a version, fitted to all `former` ones (oldest first).

    What a former one was made of is read from the record as it is now: where a file was expunged since, its country and
    quarter stay as they were published, for what is left would tell by its difference what is gone.
    Raises policy.Refused, and suppress.NotProtectable naming the cells that cannot be hidden well enough.
    """
    counted, ledger = _bound(viewer, house, version, figures_on, former)
    found = protect(statistics(counted, ledger, house.library.rules), progress=progress)
    rows = found.rows.reset_index(drop=True)[list(COLUMNS)]
    said = set(rows[list(DIMENSIONS)].itertuples(index=False, name=None))
    silent = not_reported(house, version, figures_on, _since(house, figures_on, former))
    silent = silent[[key not in said for key in silent[list(DIMENSIONS)].itertuples(index=False, name=None)]]
    every = pd.concat([rows, silent], ignore_index=True) if len(silent) else rows
    status = every["status"].astype(str)
    guarded = found.rows.loc[(found.why != "") & (found.why != SECONDARY), list(DIMENSIONS)]
    return Counted(
        every.assign(status=status).astype({"contacts": "Int64"}),
        visible=int(every["contacts"].notna().sum()),
        hidden=int((status == Status.SUPPRESSED).sum()),
        pending=int((status == Status.REVISION_PENDING).sum()),
        inside=Inside(_sent(rows, counted, ledger), guarded),
    )


def inside(
    viewer: Viewer, house: House, version: int, figures_on: date, former: Sequence[Entry], rows: pd.DataFrame
) -> Inside:
    """The same of a release that was made before; `rows` are its public rows. Raises policy.Refused."""
    counted, ledger = _bound(viewer, house, version, figures_on, former)
    rules, stats = house.library.rules, statistics(counted, ledger, house.library.rules)
    shown = rows[rows["contacts"].notna()].set_index(list(DIMENSIONS))["contacts"].to_dict()
    values: dict[Any, Any] = dict(zip(stats.keys.itertuples(index=False, name=None), stats.values, strict=True))
    if stats.unrevised is not None and any(values.get(key) != count for key, count in shown.items()):
        stats = stats.unrevised
    of_themselves = primary(rules, stats.values, stats.contributors, stats.largest) != ""
    hidden = set(rows.loc[rows["status"] == Status.SUPPRESSED, list(DIMENSIONS)].itertuples(index=False, name=None))
    guarded = stats.keys[of_themselves]
    return Inside(
        _sent(rows, counted, ledger),
        guarded[[key in hidden for key in guarded.itertuples(index=False, name=None)]],
    )


def _bound(
    viewer: Viewer, house: House, version: int, figures_on: date, former: Sequence[Entry]
) -> tuple[pd.DataFrame, Ledger]:
    """What is known at a version, and what former releases bind it to."""
    told, since = [(rows, entry) for entry in former if len(rows := entry.rows)], _since(house, figures_on, former)
    return contributions(viewer, house, version, figures_on, since), Ledger(
        [rows for rows, _entry in told],
        [contributions(viewer, house, entry.version, entry.figures_on, since) for _rows, entry in told],
    )


def _since(house: House, figures_on: date, former: Sequence[Entry]) -> str:
    return first_quarter(house, min([figures_on, *(entry.figures_on for entry in former)]))


def _sent(rows: pd.DataFrame, counted: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Of each country and quarter the contributions that the release which showed them last was made of."""
    known = [*ledger.contributions, counted]
    found = [counted.iloc[:0]]
    for (country, period), numbers in Ledger([*ledger.releases, rows]).shown_at.items():
        of = known[numbers[-1]]
        found.append(of[(of["country"] == country) & (of["period"] == period)])
    return pd.concat(found, ignore_index=True)


def not_reported(house: House, version: int, figures_on: date, since: str = "") -> pd.DataFrame:
    """A public row for each country and quarter for which nobody of it sent a report, where somebody elsewhere did.

    Countries are those of which somebody reported at some time; quarters those from the first report of all, or from
    `since`, to the last. It is decided by files, never by counts.
    """
    frame = rollups.at(house, contacts.TOTALS, version)
    frame = frame[frame["period"] <= str(periods.last_ended(figures_on))]
    found: list[dict[str, object]] = []
    if not frame.empty:
        there = set(zip(frame["country"], frame["period"], strict=True))
        quarter = periods.parse(max(since, str(frame["period"].min())))
        while str(quarter) <= str(frame["period"].max()):
            missing = [c for c in sorted(set(frame["country"])) if (c, str(quarter)) not in there]
            found += [_silent(country, str(quarter)) for country in missing]
            quarter = quarter.shifted(1)
    return pd.DataFrame(found, columns=list(COLUMNS)).astype({"contacts": "Int64"})


def _silent(country: str, period: str) -> dict[str, object]:
    key = dict(zip(DIMENSIONS, (country, TOTAL, TOTAL, TOTAL, period), strict=True))
    return {**key, "contacts": pd.NA, "status": str(Status.NOT_REPORTED)}
