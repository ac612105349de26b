"""Contacts of survivors with services: totals, what they are made of, the stages of cases. Never a number out of scope.

Whoever has a valid training reads the contacts within her own reach; of everything else she and everybody reads what
was published (DESIGN section 5). Contacts are of the quarter they were sent for: nothing is carried into another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import contacts_published, rollups
from dashboard.reports.action_names import names_at
from dashboard.reports.contact_words import (
    APART,
    CAVEAT,
    NOT_YET,
    TWICE,
    place,
    reach,
    reach_elsewhere,
    silent,
    silent_then,
    whose,
)
from dashboard.reports.contacts_seen import DATASET, FIRST, TOTALS, Seen, cell, within
from dashboard.reports.contacts_seen import seen as look
from dashboard.reports.contacts_seen import value as value_of
from dashboard.reports.released import Cell
from dashboard.reports.reporting import REMEMBERED
from dashboard.reports.rollups import Rollup

__all__ = [
    "BY",
    "DATASET",
    "FIRST",
    "PUBLISHED_BY",
    "TOTALS",
    "answer",
    "breakdown",
    "by_period",
    "default_period",
    "missing",
    "published_periods",
    "reach",
    "reported_periods",
    "stages",
    "totals",
    "whose",
]

SOURCE = N_("Contact reports of the member organisations")
UNRECORDED = "not_recorded"
ALL = "all"

_CONTACTS = (("contacts", "coalesce(sum(contacts), 0)::bigint"), ("counted", "count(*)"))


def _rollup(*by: str, where: str = FIRST) -> Rollup:
    return Rollup(f"{DATASET} {' '.join(by)}", DATASET, ("country", *by), _CONTACTS, where, ("stage",))


_SERVICES, _STAGES = _rollup("sector", "service_code"), _rollup("stage", where="sector = 'justice_policing'")
_BY: dict[str, tuple[str, str, str, Rollup]] = {
    "sector": (N_("Sector"), "sector", "sectors", _SERVICES),
    "service": (N_("Service"), "service_code", "services", _SERVICES),
    "origin": (N_("Country of origin"), "origin", "countries", _rollup("origin")),
    "form_of_violence": (
        N_("Form of violence"),
        "form_of_violence",
        "forms_of_violence",
        _rollup("form_of_violence"),
    ),
    "channel": (N_("First contact through"), "channel", "contact_channels", _rollup("channel")),
}
BY = (*_BY, "organisation")
PUBLISHED_BY = tuple(contacts_published.BY)


def totals(viewer: Viewer, house: House, *, country: str, version: int | None = None) -> dict[str, Cell]:
    """Contacts by quarter (2026-Q3), oldest first, of a country or with "" of all, as far as her scope goes.

    A quarter is there when an organisation reported that the viewer may know of, or when it was published. Outside her
    scope they are what the release says that stood at `version`. A total over a part of the organisations says whose it
    is in `whose`. Raises policy.Refused.
    """
    seen = look(viewer, house, country, version)
    return {period: value for period, value, _count in _quarters(seen)}


def _quarters(seen: Seen) -> list[tuple[str, Cell, int | None]]:
    """Of each quarter its contacts, and how many organisations reported: those in the figure, else those filed; None
    where she may know of nobody."""
    count = seen.filed.groupby("period")["reported_by"].nunique()
    if not seen.open:
        cells = contacts_published.quarters(seen.release, seen.country, seen.quarters)
        return [(p, cell, int(count[p]) if p in count.index else None) for p, cell in cells.items()]
    groups = seen.mine.groupby("period")
    sums = groups[["contacts", "counted"]].sum().assign(by=groups["reported_by"].nunique())
    sums = sums.reindex(sorted(set(seen.filed["period"])), fill_value=0)
    found: list[tuple[str, Cell, int | None]] = []
    for period, contacts, counted, by in sums.itertuples(name=None):
        hidden = seen.silence(str(period)) if not counted and seen.hidden(str(period)) else None
        found.append((str(period), cell(contacts, counted, hidden), int(count[period] if hidden else by)))
    return found


def reported_periods(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> list[str]:
    """The quarters that somebody she may know of reported contacts for, or that were published, newest first.

    Raises policy.Refused.
    """
    seen = look(viewer, house, country, version)
    return sorted({*seen.quarters, *(seen.release.quarters(country) if seen.release else ())}, reverse=True)


def published_periods(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> list[str]:
    """The quarters of which the release that stood says more than that nobody reported, newest first.

    Raises policy.Refused.
    """
    seen = look(viewer, house, country, version)
    cells = contacts_published.quarters(seen.release, country, seen.quarters)
    silent = (Status.NOT_REPORTED, Status.NOT_RELEASED)
    return sorted((p for p, (_count, status) in cells.items() if status not in silent), reverse=True)


def default_period(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> str:
    """The newest quarter that has ended with contact reports, or outside her scope with a published word of them.

    The last that ended when there is none. Raises policy.Refused.
    """
    return _default(viewer, look(viewer, house, country, version))


def _default(viewer: Viewer, seen: Seen) -> str:
    last = str(periods.last_ended(viewer.today))
    if not seen.open and seen.release and (told := contacts_published.newest(seen.release, seen.country, last)):
        return told
    return max((p for p in seen.quarters if p <= last), default=last)


def missing(viewer: Viewer, house: House, *, country: str, period: str, version: int | None = None) -> tuple[str, ...]:
    """Who reported contacts in one of the REMEMBERED quarters before and not for this one, by name, as far as her
    scope goes; outside of it, who was silent when that was published, as far as she may know of them.

    Raises policy.Refused, and ValueError for a quarter that is none.
    """
    seen = look(viewer, house, country, version)
    return _missing(house, seen, period) if seen.open else _missing_then(viewer, house, seen, period)


def _missing_then(viewer: Viewer, house: House, seen: Seen, period: str) -> tuple[str, ...]:
    """The same of everybody she may know of, as it was when the release was made."""
    if seen.release is None:
        return ()
    then = look(viewer, house, seen.country, seen.release.as_of.version)
    return _missing(house, replace(then, mine=then.filed), period)


def _missing(house: House, seen: Seen, period: str) -> tuple[str, ...]:
    quarter = periods.parse(period)
    names = names_at(house, seen.known.version)
    rows = seen.mine
    before = rows[(rows["period"] < str(quarter)) & (rows["period"] >= str(quarter.shifted(-REMEMBERED)))]
    gone = set(before["reported_by"]) - set(rows.loc[rows["period"] == str(quarter), "reported_by"])
    return tuple(sorted(map(names.organisation, gone)))


def _caveats(viewer: Viewer, house: House, seen: Seen, period: str, *more: str) -> tuple[str, ...]:
    """What goes with the figures wherever they go, the first always first (R67)."""
    late = ""
    if period and seen.open:
        late = silent(period, _missing(house, seen, period))
    elif period and seen.release:
        late = silent_then(seen.release.day, period, _missing_then(viewer, house, seen, period))
    part = whose(viewer, house, country=seen.country, version=seen.known.version) if seen.open else ""
    of_all = ""
    if seen.release is None:
        part = part or ("" if seen.open else reach_elsewhere(viewer))
    elif not seen.open:
        part, of_all = contacts_published.caveat(seen.release), reach(viewer)
    elif part and period:
        quarter = periods.parse(period)
        of_all = _(
            "{place}: {said}",
            place=place(house, seen.country),
            said=contacts_published.sentence(seen.release, seen.country, quarter, seen.quarters),
        )
    said = (_(house.library.title("caveats", CAVEAT)), _(TWICE), *more, part, of_all, late)
    return tuple(sentence for sentence in said if sentence)


def _table(
    seen: Seen,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[str, list[Any]]],
    caveats: tuple[str, ...],
    period: str = "",
) -> Table:
    """Rows as (key, cells), a cell either a word or (value, status)."""
    names, keys = [c.name for c in columns], list[str]()
    values, marks = list[list[Any]](), list[list[Status]]()
    for key, cells in rows:
        pairs = [cell if isinstance(cell, tuple) else (cell, Status.VALUE) for cell in cells]
        keys.append(key)
        values.append([value for value, _mark in pairs])
        marks.append([mark for _value, mark in pairs])
    if marks and not any(Status.NOT_RELEASED in row for row in marks):  # then nothing needs that reason
        caveats = tuple(said for said in caveats if said != _(NOT_YET))
    return Table(
        title=title,
        columns=tuple(columns),
        frame=pd.DataFrame(values, columns=names, index=keys, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=keys, dtype=object),
        as_of=seen.as_of,
        caveats=caveats,
        source=_(SOURCE),
        period=period,
    )


def _count(name: str = "contacts", title: str = "") -> Column:
    return Column(name, title or _("Contacts"), numeric=True)


def by_period(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> Table:
    """A row a quarter, oldest first and indexed by it: period, contacts, organisations (that reported).

    Without a scope here every count of contacts is as it was published; the organisations are then those that she may
    know of, else those whose contacts are in the figure. Raises policy.Refused.
    """
    seen = look(viewer, house, country, version)
    rows: list[tuple[str, list[Any]]] = [
        (period, [periods.parse(period).label, value, _organisations(count)])
        for period, value, count in _quarters(seen)
    ]
    newest = max((p for p, _cells in rows if p <= str(periods.last_ended(viewer.today))), default="")
    return _table(
        seen,
        _("Contacts by quarter: {place}", place=place(house, country)),
        [Column("period", _("Quarter")), _count(), _count("organisations", _("Organisations that reported"))],
        rows,
        caveats=_caveats(viewer, house, seen, newest),
    )


def _organisations(count: int | None) -> Cell:
    if count is None:
        return None, Status.NOT_RELEASED
    return count, Status.VALUE if count else Status.ZERO


def breakdown(viewer: Viewer, house: House, *, country: str, period: str, by: str, version: int | None = None) -> Table:
    """What the contacts of a quarter are made of: category, contacts; the most first, "not recorded" last.

    `by` is one of BY. Indexed by code ("not_recorded" for none). Without a scope here they are as they were published;
    what is never published, and what only others reported, is one row, "all", without a number; by organisation one
    for each that she may know of. A column that this deployment does not ask for is "not collected".
    Raises policy.Refused, KeyError for another `by`, ValueError for a quarter that is none.
    """
    seen, quarter = look(viewer, house, country, version), periods.parse(period)
    title, column, listed, rollup = _BY[by] if by != "organisation" else (N_("Organisation"), by, "", TOTALS)
    if by == "organisation":
        rows = _by_organisation(house, seen, str(quarter))
    elif not seen.open and seen.release and by in contacts_published.BY and column in _asked(house):
        rows = contacts_published.breakdown(house, seen.release, country, str(quarter), by, listed)
        whole = contacts_published.total(seen.release, country, str(quarter), seen.quarters)
        rows = rows or [(ALL, [_("All contacts"), (None, whole[1] if whole[0] is None else Status.SUPPRESSED)])]
    elif seen.hidden(str(quarter)):
        rows = [(ALL, [_("All contacts"), (None, seen.silence(str(quarter)))])]
    elif column not in _asked(house):
        rows = [(ALL, [_("All contacts"), (None, Status.NOT_COLLECTED)])]
    else:
        rows = _by_code(house, seen, str(quarter), by, rollup)
    return _table(
        seen,
        _("Contacts by {what}: {place}", what=_(title).lower(), place=place(house, country)),
        [Column("category", _(title)), _count()],
        rows,
        caveats=_caveats(viewer, house, seen, str(quarter)),
        period=quarter.label,
    )


def _asked(house: House) -> Sequence[str]:
    """The columns that this deployment asks for."""
    return house.library.contracts[DATASET].header


def _quarter(house: House, seen: Seen, rollup: Rollup, period: str) -> pd.DataFrame:
    """A rollup's rows of one quarter and place that the viewer may see."""
    frame = rollups.at(house, rollup, seen.known.version, period=period)
    return within(frame[frame["country"] == seen.country] if seen.country else frame, seen.scope)


def _by_code(house: House, seen: Seen, period: str, by: str, rollup: Rollup) -> list[tuple[str, list[Any]]]:
    _title, column, listed, _rollup = _BY[by]
    frame = _quarter(house, seen, rollup, period)
    found = frame["contacts"].groupby(frame[column].fillna(UNRECORDED)).sum()
    order = sorted(found.index, key=lambda code: (code == UNRECORDED, -found[code], code))
    rows: list[tuple[str, list[Any]]] = []
    for code in order:
        said = _("Not recorded") if code == UNRECORDED else _(house.library.title(listed, code))
        rows.append((code, [said, (int(found[code]), Status.VALUE if found[code] else Status.ZERO)]))
    return rows


def _by_organisation(house: House, seen: Seen, period: str) -> list[tuple[str, list[Any]]]:
    """Every organisation she may know of that reported now or lately: its contacts, or why there is no number."""
    names = names_at(house, seen.known.version)
    listed = seen.filed[seen.filed["period"] <= period]
    listed = listed[listed["period"] >= str(periods.parse(period).shifted(-REMEMBERED))]
    rows: list[tuple[str, list[Any]]] = []
    for code in sorted(set(listed["reported_by"])):
        mine = within(listed[listed["reported_by"] == code], seen.scope)
        value = value_of(mine[mine["period"] == period], None if seen.open and not mine.empty else Status.NOT_RELEASED)
        rows.append((code, [names.organisation(code), value]))
    return sorted(rows, key=lambda row: (-(row[1][1][0] or -1), row[1][0]))


def stages(viewer: Viewer, house: House, *, country: str, period: str, version: int | None = None) -> Table:
    """The stages of cases with police and justice that were reached in a quarter: stage, number; in their order.

    Apart from the total of contacts, of which only the first stage is a part (R92). Raises as `breakdown` does.
    """
    seen, quarter = look(viewer, house, country, version), periods.parse(period)
    asked = "stage" in _asked(house)
    frame = _quarter(house, seen, _STAGES, str(quarter)) if seen.open and asked else None
    others = frame is not None and frame.empty and seen.hidden(str(quarter))
    not_hers = Status.NOT_RELEASED if others else None
    rows: list[tuple[str, list[Any]]] = []
    for code in house.library.codes["justice_stages"].codes:
        if frame is None:
            value: Cell = (None, Status.NOT_COLLECTED if seen.open else Status.NOT_RELEASED)
        else:
            value = value_of(frame[frame["stage"] == code.code], not_hers)
        rows.append((code.code, [_(code.title), value]))
    if frame is not None and (without := frame[frame["stage"].isna()])["counted"].sum():
        rows.append((UNRECORDED, [_("Stage not recorded"), value_of(without, not_hers)]))
    return _table(
        seen,
        _("Stages of cases with police and justice: {place}", place=place(house, country)),
        [Column("stage", _("Stage")), _count("number", _("Number in the quarter"))],
        rows,
        caveats=_caveats(viewer, house, seen, str(quarter), _(APART)),
        period=quarter.label,
    )


def answer(viewer: Viewer, house: House, *, country: str = "", period: str = "", version: int | None = None) -> str:
    """How many contacts were reported for the quarter and for the one before, without a judgement of the change.

    Without a quarter it is `default_period`. Raises policy.Refused, and ValueError for a quarter that is none.
    """
    seen = look(viewer, house, country, version)
    quarter = periods.parse(period or _default(viewer, seen))
    if not seen.open:
        if seen.release is None:
            return reach_elsewhere(viewer)
        return contacts_published.answer(seen.release, country, quarter, seen.quarters)
    said = _sentence(house, seen, quarter)
    before = seen.mine[seen.mine["period"] == str(quarter.shifted(-1))]
    if before["counted"].sum() and seen.mine.loc[seen.mine["period"] == str(quarter), "counted"].sum():
        said = " ".join([said, _sentence(house, seen, quarter.shifted(-1))])
    return said


def _sentence(house: House, seen: Seen, quarter: periods.Period) -> str:
    rows = seen.mine[seen.mine["period"] == str(quarter)]
    value, status = value_of(rows, Status.NOT_RELEASED if seen.hidden(str(quarter)) else None)
    if status is Status.NOT_RELEASED or (status is Status.NOT_REPORTED and seen.guesses):
        if seen.scope.countries or len(seen.scope.organisations) != 1:
            said = _("Nobody within your reach has reported contacts for {period}.", period=quarter.label)
        else:
            said = _("Your organisation has not reported contacts for {period}.", period=quarter.label)
        if seen.release and seen.published(str(quarter)):
            return f"{said} {contacts_published.sentence(seen.release, seen.country, quarter, seen.quarters)}"
        return f"{said} {_('What others reported is not released yet.')}"
    if status is Status.NOT_REPORTED:
        return _("Nobody has reported contacts for {period} yet.", period=quarter.label)
    by = n_("{count} organisation", "{count} organisations", int(rows["reported_by"].nunique()))
    return n_(
        "{count} contact was reported for {period}, by {organisations}.",
        "{count} contacts were reported for {period}, by {organisations}.",
        value or 0,
        period=quarter.label,
        organisations=by,
    )
