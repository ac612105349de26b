"""Which essential services exist on which side of a corridor, and for whom. Never counts a survivor."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd

from dashboard.people import organisations
from dashboard.protection import policy
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.codes import Code
from dashboard.reference.contracts import Contract, Field
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import N_, _
from dashboard.reports import coverage_words, marts, places

# Best first: a service counts as what its best provider in the country offers.
STATES = {
    "open": N_("Open whatever the status"),
    "restricted": N_("Exists, with limits"),
    "planned": N_("Planned"),
    "not_known": N_("Not known"),
    "none": N_("Not offered by those who reported"),
}
STATE_MEANINGS = {
    "open": N_(
        "Reported as available, and as open to women migrant workers whatever their migration status. Whether anything"
        " is passed on to authorities is asked apart."
    ),
    "restricted": N_(
        "Available only in part, or only to women with documents or with the nationality, "
        "or nobody has said to whom it is open."
    ),
    "planned": N_("Planned, not yet working."),
    "not_known": N_("An organisation reported on the service and could not say."),
    "none": N_("Those who reported on the service do not offer it; somebody else may."),
}
CONFIRMED_DAYS = 183  # after half a year a telephone line counts as not verified (requirements C4)
CAVEAT = N_("As reported by the agencies themselves; a service that nobody reported on may still exist.")
SOURCE = N_("Service coverage reports of the member organisations")


BestBy = dict[tuple[str, str], str]
_UNCHECKED = N_("{name} (not verified)")


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


def named(code: Code) -> str:
    """The name of a service; one that nobody checked against its source says so."""
    return code.title if code.verified else _(_UNCHECKED, name=code.title)


def frameworks(viewer: Viewer, house: House) -> list[tuple[str, str]]:
    """Service frameworks that have services, the default first, as (code, title).

    Whoever reads only what was published gets the default alone, which is the one that is published.
    """
    held = {c.attributes.get("framework") for c in house.library.codes["services"].codes}
    codes = [c for c in house.library.codes["service_frameworks"].codes if c.code in held]
    found = [(c.code, c.title) for c in sorted(codes, key=lambda c: c.attributes.get("default") != "yes")]
    return found if policy.scope(viewer, "view coverage").everything else found[:1]


def reported_periods(viewer: Viewer, house: House, version: int | None = None) -> list[str]:
    """Quarters that can be shown, newest first: those with accepted reports, and the one shown without a choice.

    Whoever reads only what was published gets the quarter of that release alone.
    """
    known, scope, _told = marts.readable(viewer, house, version)
    default = default_period(viewer, house, version)
    if not scope.everything:
        return [default]
    return sorted({*marts.rows(house, "service_coverage", known.version)["period"], default}, reverse=True)


def default_period(viewer: Viewer, house: House, version: int | None = None) -> str:
    """The newest quarter with accepted reports that had ended by then; the last ended one when there is none."""
    known, scope, _told = marts.readable(viewer, house, version)
    day = viewer.today if scope.everything else marts.published_on(house, version) or viewer.today
    last = str(periods.last_ended(day))
    frame = marts.rows(house, "service_coverage", known.version)
    return max((p for p in frame["period"] if p <= last), default=last)


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
    country: str = "",
    version: int | None = None,
) -> Coverage:
    """Services of a framework × countries on both sides, as known in a quarter; with `country`, that one alone.

    A cell holds a key of STATES, or the status "not reported". A framework, corridor or country that there is not
    counts as none chosen. Raises policy.Refused, and ValueError with a sentence for a quarter that is none.
    """
    known, scope, told = marts.readable(viewer, house, version)
    period = str(periods.parse(period)) if period and scope.everything else default_period(viewer, house, version)
    listed = dict(frameworks(viewer, house))
    framework = framework if framework in listed else next(iter(listed))
    day = periods.parse(period).end
    corridor = corridor if corridor in {c.code for c in places.corridors(house, day)} else ""
    by_side = places.sides(house, day, corridor)
    if any(country in shown for shown in by_side.values()):
        by_side = {side: [c for c in shown if c == country] for side, shown in by_side.items()}
    services = [c for c in house.library.codes["services"].valid_on(day) if c.attributes["framework"] == framework]
    frame = _frame(house, period, known.version)
    best_by = _best_by(frame)
    shown, codes = coverage_words.countries(by_side), [s.code for s in services]
    safe = frame[(frame["state"] == "open") & (frame["firewall"] == "yes")]
    firewall = coverage_words.firewall(
        shown, codes, best_by, set(zip(safe["service_code"], safe["country"], strict=True))
    )
    quarter = periods.parse(period).label
    matters = frame[frame["service_code"].isin(codes) & frame["country"].isin(shown)]
    reviewed = _in_review(viewer, house, period, known.version)
    caveats = tuple(c for c in (_carried(house, matters, period, reviewed), _(CAVEAT), firewall, *told) if c)
    return Coverage(
        matrix=replace(_matrix(house, known, services, by_side, best_by), caveats=caveats, period=quarter),
        counts=replace(_counts(house, known, services, by_side, best_by), caveats=caveats, period=quarter),
        answer=coverage_words.answer(shown, codes, best_by),
        finding=coverage_words.finding({c: house.library.title("countries", c) for c in shown}, codes, best_by),
        sides=by_side,
        period=period,
        late=_late(viewer, house, matters, period, reviewed),
    )


def _carried(house: House, frame: pd.DataFrame, period: str, reviewed: set[str]) -> str:
    """The caveat that goes with every figure of the quarter into which older reports are counted; else nothing.

    It names whoever waits for review (`reviewed`) too, and says that of her: her former report is what is counted
    until the new one is accepted.
    """
    among = frame["country"].nunique() > 1

    def said_of(code: str, quarter: str) -> str:
        told = periods.parse(quarter).label
        if code in reviewed:
            told = _("{quarter}; a newer one waits for review", quarter=told)
        return organisations.told_apart(house, code, told, among=among)

    older = frame.loc[frame["reported_in"] < period, ["reported_by", "reported_in"]].drop_duplicates()
    said = sorted(
        said_of(code, quarter) for code, quarter in zip(older["reported_by"], older["reported_in"], strict=True)
    )
    if not said:
        return ""
    return _(
        "Counts earlier reports, because none was accepted for {period} yet, of: {names}.",
        period=periods.parse(period).label,
        names=", ".join(said),
    )


def _in_review(viewer: Viewer, house: House, period: str, version: int) -> set[str]:
    """The codes of those whose file for the quarter waits for review."""
    head = house.store.head()
    everything = policy.scope(viewer, "view coverage").everything
    waiting = house.store.read(
        "select distinct organisation_code from submission join submission_step using (submission_id)"
        " where dataset = 'service_coverage' and period = $period and event = 'submitted'"
        " and since <= $version and (until is null or until > $version)",
        period=period,
        version=head.version if everything and version >= head.figures else version,
    )
    return {row["organisation_code"] for row in waiting}


def _late(viewer: Viewer, house: House, frame: pd.DataFrame, period: str, reviewed: set[str]) -> tuple[str, ...]:
    """Whose earlier report is shown because none was accepted for a quarter that has ended, by name.

    Left out is whose file for the quarter waits for review: she has done her part.
    """
    if period > str(periods.last_ended(viewer.today)):
        return ()
    behind = set(frame.loc[frame["reported_in"] < period, "reported_by"]) - reviewed
    among = frame["country"].nunique() > 1
    return tuple(sorted(organisations.told_apart(house, code, among=among) for code in behind))


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
        source=_(SOURCE),
    )


def providers(
    viewer: Viewer, house: House, *, service: str, country: str, period: str, version: int | None = None
) -> Table:
    """Who offers one service in one country: areas and office contact lines, one row a provider (R20, R105).

    Contact lines are blank with the status "not verified" unless somebody checked them, and are left out where the
    viewer may not see them (enforcement bodies) and at a past version: nobody calls a number of then.
    Raises policy.Refused, and ValueError for a quarter that is none.
    """
    known, scope, told = marts.readable(viewer, house, version)
    # One's own reports are read as they are, not as they were published.
    now = known if scope.everything else marts.as_of(house, version)
    frame = _frame(house, str(periods.parse(period)), now.version)
    if not scope.everything:
        frame = frame[frame["reported_by"].isin(scope.organisations)]
    frame = frame[(frame["service_code"] == service) & (frame["country"] == country)]
    contract = house.library.contracts["service_coverage"]
    fields = [f for f in contract.fields if f.name not in ("country", "service_code", "contact_line_checked_on")]
    lines = version is None and policy.may(viewer, "view contact lines").allowed
    shown = [f for f in fields if lines or f.name != "contact_line"]
    columns = tuple(Column(f.name, _(f.title)) for f in shown) + (Column("reported_in", _("Reported in")),)
    rows, statuses = [], []
    for record in frame.to_dict("records"):
        row, mark = {}, {}
        for field in shown:
            row[field.name], mark[field.name] = _cell(house, contract, field, record, viewer.today)
        row["reported_in"], mark["reported_in"] = periods.parse(record["reported_in"]).label, Status.VALUE
        rows.append(row)
        statuses.append(mark)
    names = [c.name for c in columns]
    title = _(
        "{service} in {country}: who offers it",
        service=named(code) if (code := house.library.codes["services"].get(service)) else service,
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
        period=periods.parse(period).label,
    )


def confirmed(checked_on: Any, today: date, days: int = CONFIRMED_DAYS) -> bool:
    """Whether somebody reached a line within so many days: a wrong number can hurt a woman."""
    if checked_on is None or pd.isna(checked_on):
        return False
    day = checked_on.date() if isinstance(checked_on, datetime) else checked_on
    return timedelta(0) <= today - day <= timedelta(days=days)


def _cell(house: House, contract: Contract, field: Field, record: Mapping[Any, Any], today: date) -> tuple[str, Status]:
    """One value in words, with its status; what the contract wants empty in such a row was not forgotten."""
    value = record[field.name]
    if value is None or value != value or value == "":
        empty = any(
            rule.field == field.name and rule.then == "empty" and record.get(rule.when) in rule.values
            for rule in contract.rules
        )
        return "", Status.NOT_APPLICABLE if empty else Status.NOT_REPORTED
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
