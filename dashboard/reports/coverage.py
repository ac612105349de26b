"""Which essential services exist on which side of a corridor, and for whom. Never counts a survivor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.codes import Code
from dashboard.reference.contracts import Field
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _, n_
from dashboard.reports import marts, places

# Best first: a service counts as what its best provider in the country offers.
STATES = {
    "open": N_("Open whatever the status"),
    "restricted": N_("Exists, with limits"),
    "planned": N_("Planned"),
    "none": N_("Not available"),
    "not_known": N_("Not known"),
}
STATE_MEANINGS = {
    "open": N_("Available, and open to women migrant workers whatever their migration status."),
    "restricted": N_(
        "Available only in part, or only to women with documents or with the nationality, "
        "or nobody has said to whom it is open."
    ),
    "planned": N_("Planned, not yet working."),
    "none": N_("An organisation reported that the service does not exist."),
    "not_known": N_("An organisation reported on the service and could not say."),
}
CONFIRMED_DAYS = 183  # after half a year a telephone line counts as not verified (requirements C4)
CAVEAT = N_("As reported by the agencies themselves; a service that nobody reported on may still exist.")
SOURCE = N_("Service coverage reports of the member organisations")


BestBy = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Coverage:
    """One answer: the matrix (services × countries), its counts by country, and the sentence that sums it up."""

    matrix: Table
    counts: Table
    answer: str
    finding: str
    sides: dict[str, list[str]]
    period: str
    late: tuple[str, ...]


def state(availability: str | None, eligibility: str | None) -> str:
    """The state of one provider's service, from its two codes (R17, R82, R84)."""
    if availability == "available" and eligibility == "whatever_status":
        return "open"
    if availability in ("available", "limited"):
        return "restricted"
    return {"planned": "planned", "not_available": "none"}.get(availability or "", "not_known")


def best(states: Iterable[str]) -> str:
    """The best of several states, in the order of STATES; empty when there is none."""
    found = set(states)
    return next((s for s in STATES if s in found), "")


def frameworks(house: House) -> list[tuple[str, str]]:
    """Service frameworks that have services, the default first, as (code, title)."""
    held = {c.attributes.get("framework") for c in house.library.codes["services"].codes}
    codes = [c for c in house.library.codes["service_frameworks"].codes if c.code in held]
    return [(c.code, c.title) for c in sorted(codes, key=lambda c: c.attributes.get("default") != "yes")]


def reported_periods(viewer: Viewer, house: House, version: int | None = None) -> list[str]:
    """Quarters with accepted coverage reports, newest first; the last ended one when there are none."""
    known, _scope, _told = marts.readable(viewer, house, version)
    frame = marts.rows(house, "service_coverage", known.version)
    return sorted(set(frame["period"]), reverse=True) or [str(periods.last_ended(viewer.today))]


def _frame(house: House, period: str, version: int) -> pd.DataFrame:
    frame = marts.known_in(house, "service_coverage", period, version).copy()
    pairs = zip(frame["availability"], frame["open_to_migrant_women"], strict=True)
    frame["state"] = [state(a, e) for a, e in pairs]
    return frame


def _best_by(frame: pd.DataFrame) -> BestBy:
    """The state of each (service, country) that somebody reported on."""
    found: dict[tuple[str, str], set[str]] = {}
    for service, country, reported in zip(frame["service_code"], frame["country"], frame["state"], strict=True):
        found.setdefault((service, country), set()).add(reported)
    return {pair: best(states) for pair, states in found.items()}


def coverage(
    viewer: Viewer,
    house: House,
    *,
    period: str = "",
    framework: str = "",
    corridor: str = "",
    version: int | None = None,
) -> Coverage:
    """Services of a framework × countries on both sides, as known in a quarter.

    A cell holds a key of STATES, or the status "not reported". Raises policy.Refused, and ValueError with a sentence
    for a quarter that is none.
    """
    known, _scope, told = marts.readable(viewer, house, version)
    period = str(periods.parse(period)) if period else reported_periods(viewer, house, version)[0]
    framework = framework if framework in dict(frameworks(house)) else frameworks(house)[0][0]
    day = periods.parse(period).end
    by_side = places.sides(house, day, corridor)
    services = [c for c in house.library.codes["services"].valid_on(day) if c.attributes["framework"] == framework]
    frame = _frame(house, period, known.version)
    best_by = _best_by(frame)
    matrix = _matrix(house, known, services, by_side, best_by)
    late = frame.loc[frame["reported_in"] < period, "reported_by"].drop_duplicates()
    named = organisations.register(house)
    return Coverage(
        matrix=matrix.with_caveats(*told),
        counts=_counts(house, known, services, by_side, best_by).with_caveats(*told),
        answer=_answer([s.code for s in services], by_side, best_by),
        finding=_finding(house, [s.code for s in services], by_side, best_by),
        sides=by_side,
        period=period,
        late=tuple(sorted(named[code].name if code in named else code for code in late)),
    )


def _key(side: str, country: str) -> str:
    return f"{side}:{country}"


def _matrix(house: House, known: AsOf, services: list[Code], by_side: dict[str, list[str]], best_by: BestBy) -> Table:
    columns = [Column("service", _("Service")), Column("sector", _("Sector"))]
    columns += [
        Column(_key(side, country), house.library.title("countries", country))
        for side, countries in by_side.items()
        for country in countries
    ]
    rows, statuses = [], []
    for service in services:
        row = {"service": service.title, "sector": house.library.title("sectors", service.attributes["sector"])}
        mark = {"service": Status.VALUE if service.verified else Status.NOT_VERIFIED, "sector": Status.VALUE}
        for side, countries in by_side.items():
            for country in countries:
                found = best_by.get((service.code, country), "")
                row[_key(side, country)] = found
                mark[_key(side, country)] = Status.VALUE if found else Status.NOT_REPORTED
        rows.append(row)
        statuses.append(mark)
    names, codes = [c.name for c in columns], [s.code for s in services]
    return Table(
        title=_("Essential services by country, origin and destination side"),
        columns=tuple(columns),
        frame=pd.DataFrame(rows, columns=names, index=codes),
        statuses=pd.DataFrame(statuses, columns=names, index=codes),
        as_of=known,
        caveats=(_(CAVEAT),),
        source=_(SOURCE),
    )


def _counts(house: House, known: AsOf, services: list[Code], by_side: dict[str, list[str]], best_by: BestBy) -> Table:
    columns = (
        Column("side", _("Side")),
        Column("country", _("Country")),
        *(Column(s, _(title), unit=_("services"), numeric=True) for s, title in STATES.items()),
        Column("not_reported", _("Not reported"), unit=_("services"), numeric=True),
    )
    rows = []
    for side, countries in by_side.items():
        for country in countries:
            found = [best_by.get((s.code, country), "") for s in services]
            rows.append(
                {
                    "side": _(places.SIDES[side]),
                    "country": house.library.title("countries", country),
                    **{s: found.count(s) for s in STATES},
                    "not_reported": found.count(""),
                }
            )
    frame = pd.DataFrame(rows, columns=[c.name for c in columns])
    statuses = frame.map(lambda v: Status.ZERO if v == 0 else Status.VALUE)
    return Table(
        title=_("Number of services by what was reported"),
        columns=columns,
        frame=frame,
        statuses=statuses,
        as_of=known,
        caveats=(_(CAVEAT),),
        source=_(SOURCE),
    )


def _countries(by_side: dict[str, list[str]]) -> list[str]:
    """Every country once, also the one that stands on both sides."""
    return list(dict.fromkeys(country for countries in by_side.values() for country in countries))


def _finding(house: House, services: list[str], by_side: dict[str, list[str]], best_by: BestBy) -> str:
    """What the counts by country say, in one sentence that names the most and the least."""
    opened = {c: sum(best_by.get((s, c)) == "open" for s in services) for c in _countries(by_side)}
    if len(opened) < 2 or not best_by:
        return _("How many services are open, limited or missing")
    most, least = max(opened, key=lambda c: opened[c]), min(opened, key=lambda c: opened[c])
    if opened[most] == opened[least]:
        return _("Every country shown has {count} services that are open whatever the status", count=opened[most])
    return _(
        "{most} reports {high} services open whatever the status, {least} {low}",
        most=house.library.title("countries", most),
        high=opened[most],
        least=house.library.title("countries", least),
        low=opened[least],
    )


def _answer(services: list[str], by_side: dict[str, list[str]], best_by: BestBy) -> str:
    """The sentence under the question, with the figures in it."""

    def open_in_all(countries: list[str]) -> int:
        return sum(all(best_by.get((s, c)) == "open" for c in countries) for s in services)

    places_shown = _countries(by_side)
    cells = [(s, c) for c in places_shown for s in services]
    if not cells or not best_by:
        return _("No coverage has been reported yet.")
    missing = sum(best_by.get(cell) == "none" for cell in cells)
    silent = sum(cell not in best_by for cell in cells)
    both = open_in_all(places_shown)
    first = n_(
        "{count} of {total} services is open to women migrant workers whatever their status in every country shown",
        "{count} of {total} services are open to women migrant workers whatever their status in every country shown",
        both,
        total=len(services),
    )
    return _(
        "{first}. Of {cells} service-and-country pairs, reported as not available: {missing};"
        " not reported on: {silent}.",
        first=first,
        cells=len(cells),
        missing=missing,
        silent=silent,
    )


def providers(viewer: Viewer, house: House, *, service: str, country: str, period: str) -> Table:
    """Who offers one service in one country: areas and office contact lines, one row a provider (R20, R105).

    Contact lines are blank with the status "not verified" unless somebody checked them, and are left out where the
    viewer may not see them (enforcement bodies). Raises policy.Refused, and ValueError for a quarter that is none.
    """
    known, scope, told = marts.readable(viewer, house)
    now = known if scope.everything else marts.as_of(house)  # one's own reports are always read as they are now
    frame = _frame(house, str(periods.parse(period)), now.version)
    if not scope.everything:
        frame = frame[frame["reported_by"].isin(scope.organisations)]
    frame = frame[(frame["service_code"] == service) & (frame["country"] == country)]
    fields = [
        f
        for f in house.library.contracts["service_coverage"].fields
        if f.name not in ("country", "service_code", "contact_line_checked_on")
    ]
    lines = policy.may(viewer, "view contact lines").allowed
    shown = [f for f in fields if lines or f.name != "contact_line"]
    columns = tuple(Column(f.name, _(f.title)) for f in shown) + (Column("reported_in", _("Reported in")),)
    rows, statuses = [], []
    for record in frame.to_dict("records"):
        row, mark = {}, {}
        for field in shown:
            row[field.name], mark[field.name] = _cell(house, field, record, viewer.today)
        row["reported_in"], mark["reported_in"] = periods.parse(record["reported_in"]).label, Status.VALUE
        rows.append(row)
        statuses.append(mark)
    names = [c.name for c in columns]
    title = _(
        "{service} in {country}: who offers it",
        service=house.library.title("services", service),
        country=house.library.title("countries", country),
    )
    return Table(
        title=title,
        columns=columns,
        frame=pd.DataFrame(rows, columns=names),
        statuses=pd.DataFrame(statuses, columns=names),
        as_of=now,
        caveats=(_(CAVEAT), *told),
        source=_(SOURCE),
    )


def confirmed(checked_on: Any, today: date) -> bool:
    """Whether somebody reached a line within the set time: a wrong number can hurt a woman."""
    if checked_on is None or pd.isna(checked_on):
        return False
    day = checked_on.date() if isinstance(checked_on, datetime) else checked_on
    return timedelta(0) <= today - day <= timedelta(days=CONFIRMED_DAYS)


def _cell(house: House, field: Field, record: Mapping[Any, Any], today: date) -> tuple[str, Status]:
    """One value in words, with its status."""
    value = record[field.name]
    if value is None or value != value or value == "":
        return "", Status.NOT_REPORTED
    if field.name == "contact_line" and not confirmed(record.get("contact_line_checked_on"), today):
        return "", Status.NOT_VERIFIED
    if field.own:
        found = organisations.register(house).get(str(value))
        return f"{found.name} ({value})" if found else str(value), Status.VALUE
    if field.codes:
        return "; ".join(_(house.library.title(field.codes, v)) for v in str(value).split("|")), Status.VALUE
    if hasattr(value, "isoformat"):
        return text.day(value), Status.VALUE
    return str(value), Status.VALUE
