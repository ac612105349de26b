"""Contacts of survivors with services: totals, what they are made of, the stages of cases. Never a number out of scope.

Whoever has a valid training reads the contacts within her own reach, and everybody else the words "not released yet"
(DESIGN section 5). Contacts are of the quarter they were sent for: nothing is carried from one quarter into another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.protection.policy import Reach, Scope, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts, rollups
from dashboard.reports.action_names import names_at
from dashboard.reports.contact_words import APART, CAVEAT, TWICE, place, reach, reach_elsewhere, reaches, silent, whose
from dashboard.reports.reporting import REMEMBERED
from dashboard.reports.rollups import Rollup

__all__ = [
    "BY",
    "answer",
    "breakdown",
    "by_period",
    "default_period",
    "missing",
    "reach",
    "reported_periods",
    "stages",
    "totals",
    "whose",
]

DATASET = "service_contacts"
SOURCE = N_("Contact reports of the member organisations")
UNRECORDED = "not_recorded"
ALL = "all"

# A later stage of a case is no further contact; where the stage is not recorded it is one (R92).
_FIRST = "coalesce(stage, 'reported') = 'reported'"
_CONTACTS = (("contacts", "coalesce(sum(contacts), 0)::bigint"), ("counted", "count(*)"))


def _rollup(*by: str, where: str = _FIRST) -> Rollup:
    return Rollup(f"{DATASET} {' '.join(by)}", DATASET, ("country", *by), _CONTACTS, where, ("stage",))


# Of every file that was sent, also where it brings later stages alone, so that its sender counts as having reported.
TOTALS = Rollup(
    DATASET,
    DATASET,
    ("country",),
    (
        ("contacts", f"coalesce(sum(contacts) filter (where {_FIRST}), 0)::bigint"),
        ("counted", f"count(*) filter (where {_FIRST})"),
    ),
    reads=("stage",),
)
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


@dataclass(frozen=True)
class _Seen:
    """What one viewer may read of a place: `mine` are totals in her scope, `filed` whose reports she may know of.

    `guesses`: of others she may not even know who reported.
    """

    known: AsOf
    scope: Scope
    country: str
    open: bool
    mine: pd.DataFrame
    filed: pd.DataFrame
    guesses: bool

    def hidden(self, period: str) -> bool:
        """Whether others reported for the quarter and none of what is counted there is hers to read."""
        if not self.open:
            return True
        mine = self.mine[self.mine["period"] == period]
        others = set(self.filed.loc[self.filed["period"] == period, "reported_by"]) - set(mine["reported_by"])
        return bool(others) and not mine["counted"].sum()


def _seen(viewer: Viewer, house: House, country: str, version: int | None) -> _Seen:
    """Raises policy.Refused for whoever has no working reach."""
    policy.require(viewer, "view contacts")
    if policy.reach(viewer, "view coverage") < Reach.OWN_ORGANISATION:
        raise policy.Refused(_("This is read here by members; the public summary is at the front page."))
    known, scope = marts.as_of(house, version), policy.scope(viewer, "view contacts")
    frame = rollups.at(house, TOTALS, known.version)
    if country:
        frame = frame[frame["country"] == country]
    listed = policy.scope(
        viewer, "view coverage"
    )  # who reported is no secret among members; to an enforcement body it is
    return _Seen(
        known,
        scope,
        country,
        reaches(house, scope, country),
        _within(frame, scope),
        frame if listed.everything else frame[frame["reported_by"].isin(listed.organisations)],
        not listed.everything,
    )


def _within(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The rows that the scope holds, as `Scope.holds` says it."""
    if scope.everything:
        return frame
    return frame[frame["reported_by"].isin(scope.organisations) | frame["country"].isin(scope.countries)]


def _value(rows: pd.DataFrame, hidden: bool) -> tuple[int | None, Status]:
    """The contacts of these rows of her scope, with what that cell is; `hidden`: they are not hers to read."""
    return _cell(rows["contacts"].sum(), rows["counted"].sum(), hidden)


def _cell(contacts: float, counted: float, hidden: bool) -> tuple[int | None, Status]:
    if hidden:
        return None, Status.NOT_RELEASED
    if not counted:
        return None, Status.NOT_REPORTED
    return int(contacts), Status.VALUE if contacts else Status.ZERO


def totals(
    viewer: Viewer, house: House, *, country: str, version: int | None = None
) -> dict[str, tuple[int | None, Status]]:
    """Contacts by quarter (2026-Q3), oldest first, of a country or with "" of all, as far as her scope goes.

    A quarter is there when an organisation reported that the viewer may know of. A total over a part of the
    organisations says whose it is in `whose`. Raises policy.Refused.
    """
    seen = _seen(viewer, house, country, version)
    return {period: value for period, value, _count in _quarters(seen)}


def _quarters(seen: _Seen) -> list[tuple[str, tuple[int | None, Status], int]]:
    """Of each quarter its contacts, and how many organisations reported: those in the figure, else those filed."""
    count = seen.filed.groupby("period")["reported_by"].nunique()
    if not seen.open:
        return [(str(period), (None, Status.NOT_RELEASED), int(count[period])) for period in count.index]
    groups = seen.mine.groupby("period")
    sums = groups[["contacts", "counted"]].sum().assign(by=groups["reported_by"].nunique())
    sums = sums.reindex(sorted(set(seen.filed["period"])), fill_value=0)
    found = []
    for period, contacts, counted, by in sums.itertuples(name=None):
        hidden = not counted and seen.hidden(str(period))
        found.append((str(period), _cell(contacts, counted, hidden), int(count[period] if hidden else by)))
    return found


def reported_periods(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> list[str]:
    """The quarters that somebody she may know of reported contacts for, newest first. Raises policy.Refused."""
    return sorted(set(_seen(viewer, house, country, version).filed["period"]), reverse=True)


def default_period(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> str:
    """The newest quarter with contact reports that has ended; the last that ended when there is none."""
    last = str(periods.last_ended(viewer.today))
    found = reported_periods(viewer, house, country=country, version=version)
    return next((p for p in found if p <= last), last)


def missing(viewer: Viewer, house: House, *, country: str, period: str, version: int | None = None) -> tuple[str, ...]:
    """Who reported contacts in one of the REMEMBERED quarters before and not for this one, by name, as far as her
    scope goes. Raises policy.Refused, and ValueError for a quarter that is none."""
    return _missing(house, _seen(viewer, house, country, version), period)


def _missing(house: House, seen: _Seen, period: str) -> tuple[str, ...]:
    quarter = periods.parse(period)
    names = names_at(house, seen.known.version)
    rows = seen.mine
    before = rows[(rows["period"] < str(quarter)) & (rows["period"] >= str(quarter.shifted(-REMEMBERED)))]
    gone = set(before["reported_by"]) - set(rows.loc[rows["period"] == str(quarter), "reported_by"])
    return tuple(sorted(map(names.organisation, gone)))


def _caveats(viewer: Viewer, house: House, seen: _Seen, period: str, *more: str) -> tuple[str, ...]:
    """What goes with the figures wherever they go, the first always first (R67)."""
    late = silent(period, _missing(house, seen, period)) if seen.open and period else ""
    hers = whose(viewer, house, country=seen.country, version=seen.known.version)
    part = hers if seen.open else reach_elsewhere(viewer)
    said = (_(house.library.title("caveats", CAVEAT)), _(TWICE), *more, part, late)
    return tuple(sentence for sentence in said if sentence)


def _table(
    seen: _Seen, title: str, columns: Sequence[Column], rows: Iterable[tuple[str, list[Any]]], **more: Any
) -> Table:
    """Rows as (key, cells), a cell either a word or (value, status)."""
    names, keys, values, marks = [c.name for c in columns], [], [], []
    for key, cells in rows:
        pairs = [cell if isinstance(cell, tuple) else (cell, Status.VALUE) for cell in cells]
        keys.append(key)
        values.append([value for value, _mark in pairs])
        marks.append([mark for _value, mark in pairs])
    return Table(
        title=title,
        columns=tuple(columns),
        frame=pd.DataFrame(values, columns=names, index=keys, dtype=object),
        statuses=pd.DataFrame(marks, columns=names, index=keys, dtype=object),
        as_of=seen.known,
        source=_(SOURCE),
        **more,
    )


def _count(name: str = "contacts", title: str = "") -> Column:
    return Column(name, title or _("Contacts"), numeric=True)


def by_period(viewer: Viewer, house: House, *, country: str = "", version: int | None = None) -> Table:
    """A row a quarter, oldest first and indexed by it: period, contacts, organisations (that reported).

    Without a scope here every count of contacts is None, "not released", as it is of a quarter that only others
    reported; the organisations are then those that she may know of, else those whose contacts are in the figure.
    Raises policy.Refused.
    """
    seen = _seen(viewer, house, country, version)
    rows: list[tuple[str, list[Any]]] = [
        (period, [periods.parse(period).label, value, (count, Status.VALUE if count else Status.ZERO)])
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


def breakdown(viewer: Viewer, house: House, *, country: str, period: str, by: str, version: int | None = None) -> Table:
    """What the contacts of a quarter are made of: category, contacts; the most first, "not recorded" last.

    `by` is one of BY. Indexed by code ("not_recorded" for none). Without a scope here, or where only others reported,
    there is one row, "all", that is not released; by organisation one for each that she may know of. A column that
    this deployment does not ask for is "not collected". Raises policy.Refused, KeyError for another `by`, ValueError
    for a quarter that is none.
    """
    seen, quarter = _seen(viewer, house, country, version), periods.parse(period)
    title, column, _listed, rollup = _BY[by] if by != "organisation" else (N_("Organisation"), by, "", TOTALS)
    if by == "organisation":
        rows = _by_organisation(house, seen, str(quarter))
    elif seen.hidden(str(quarter)):
        rows = [(ALL, [_("All contacts"), (None, Status.NOT_RELEASED)])]
    elif column not in house.library.contracts[DATASET].header:
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


def _quarter(house: House, seen: _Seen, rollup: Rollup, period: str) -> pd.DataFrame:
    """A rollup's rows of one quarter and place that the viewer may see."""
    frame = rollups.at(house, rollup, seen.known.version, period=period)
    return _within(frame[frame["country"] == seen.country] if seen.country else frame, seen.scope)


def _by_code(house: House, seen: _Seen, period: str, by: str, rollup: Rollup) -> list[tuple[str, list[Any]]]:
    _title, column, listed, _rollup = _BY[by]
    frame = _quarter(house, seen, rollup, period)
    found = frame["contacts"].groupby(frame[column].fillna(UNRECORDED)).sum()
    order = sorted(found.index, key=lambda code: (code == UNRECORDED, -found[code], code))
    rows: list[tuple[str, list[Any]]] = []
    for code in order:
        said = _("Not recorded") if code == UNRECORDED else _(house.library.title(listed, code))
        rows.append((code, [said, (int(found[code]), Status.VALUE if found[code] else Status.ZERO)]))
    return rows


def _by_organisation(house: House, seen: _Seen, period: str) -> list[tuple[str, list[Any]]]:
    """Every organisation she may know of that reported now or lately: its contacts, or why there is no number."""
    names = names_at(house, seen.known.version)
    listed = seen.filed[seen.filed["period"] <= period]
    listed = listed[listed["period"] >= str(periods.parse(period).shifted(-REMEMBERED))]
    rows: list[tuple[str, list[Any]]] = []
    for code in sorted(set(listed["reported_by"])):
        mine = _within(listed[listed["reported_by"] == code], seen.scope)
        value = _value(mine[mine["period"] == period], mine.empty or not seen.open)
        rows.append((code, [names.organisation(code), value]))
    return sorted(rows, key=lambda row: (-(row[1][1][0] or -1), row[1][0]))


def stages(viewer: Viewer, house: House, *, country: str, period: str, version: int | None = None) -> Table:
    """The stages of cases with police and justice that were reached in a quarter: stage, number; in their order.

    Apart from the total of contacts, of which only the first stage is a part (R92). Raises as `breakdown` does.
    """
    seen, quarter = _seen(viewer, house, country, version), periods.parse(period)
    asked = "stage" in house.library.contracts[DATASET].header
    frame = _quarter(house, seen, _STAGES, str(quarter)) if seen.open and asked else None
    others = frame is not None and frame.empty and seen.hidden(str(quarter))
    rows: list[tuple[str, list[Any]]] = []
    for code in house.library.codes["justice_stages"].codes:
        if frame is None:
            value: tuple[int | None, Status] = (None, Status.NOT_COLLECTED if seen.open else Status.NOT_RELEASED)
        else:
            value = _value(frame[frame["stage"] == code.code], others)
        rows.append((code.code, [_(code.title), value]))
    if frame is not None and (without := frame[frame["stage"].isna()])["counted"].sum():
        rows.append((UNRECORDED, [_("Stage not recorded"), _value(without, others)]))
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
    seen = _seen(viewer, house, country, version)
    if not seen.open:
        return reach_elsewhere(viewer)
    quarter = periods.parse(period or default_period(viewer, house, country=country, version=version))
    said = _sentence(house, seen, quarter)
    before = seen.mine[seen.mine["period"] == str(quarter.shifted(-1))]
    if before["counted"].sum() and seen.mine.loc[seen.mine["period"] == str(quarter), "counted"].sum():
        said = " ".join([said, _sentence(house, seen, quarter.shifted(-1))])
    return said


def _sentence(house: House, seen: _Seen, quarter: periods.Period) -> str:
    rows = seen.mine[seen.mine["period"] == str(quarter)]
    value, status = _value(rows, seen.hidden(str(quarter)))
    if status is Status.NOT_RELEASED or (status is Status.NOT_REPORTED and seen.guesses):
        if seen.scope.countries or len(seen.scope.organisations) != 1:
            said = N_(
                "Nobody within your reach has reported contacts for {period}; what others reported is not released yet."
            )
        else:
            said = N_(
                "Your organisation has not reported contacts for {period}; what others reported is not released yet."
            )
        return _(said, period=quarter.label)
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
