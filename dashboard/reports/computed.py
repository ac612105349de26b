"""Indicators that are counted from other reports: seats, services, corridors, reports, actions, contacts.

Never reads what somebody sent as a value of an indicator. What does not depend on who looks is counted once for each
version of the dataset it is of, for all countries and quarters together; contacts and actions ask their own reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.protection import policy
from dashboard.record.house import House
from dashboard.reference import periods, text
from dashboard.reference.indicators import Indicator
from dashboard.reference.table import Status
from dashboard.reference.text import N_, _, n_
from dashboard.reports import (
    action_words,
    actions,
    contact_words,
    contacts,
    contacts_published,
    coverage,
    marts,
    members,
    places,
    released,
    reporting,
)
from dashboard.reports.indicator_cells import NOT_RELEASED, Cell, Found, share
from dashboard.reports.indicator_reading import Reading
from dashboard.reports.kept import kept

SOURCES = {
    "services-open": N_("Computed from the service coverage reports of the member organisations"),
    "services-with-firewall": N_("Computed from the service coverage reports of the member organisations"),
    "corridors-complete": N_("Computed from the service coverage reports of the member organisations"),
    "seats-filled": N_("Computed from the member registers of the coordinating bodies"),
    "seats-for-migrant-women": N_("Computed from the member registers of the coordinating bodies"),
    "coverage-reported": N_("Computed from the member registers and the coverage reports that were received"),
    "reported-on-time": N_("Computed from the member registers and the coverage reports that were received"),
    "actions-on-time": N_("Computed from the actions that the committee agreed"),
    "contacts": contacts.SOURCE,
}
OWN_ACTIONS = action_words.OWN
STILL_DUE = N_("Reports for {quarter} are on time until {day}: this value is not final.")
KEEP_REGISTERS = 40
"""A register of members holds until the next one, however many quarters later."""

_Rows = Iterator[tuple[str, str, str, int, int]]


def found(reading: Reading, indicator: Indicator, country: str) -> Found:
    """The quarters of one computed indicator in one country, up to the last that the viewer asks for.

    An enforcement body reads what was published, and of actions its own. Raises KeyError for an unknown computation.
    """
    source = _(SOURCES[indicator.computed])
    if indicator.computed == "contacts":
        return _contacts(reading, country, source)
    if indicator.computed == "actions-on-time":
        return _actions(reading, country, source)
    counted = _counted(reading, _FAMILY_OF[indicator.computed]).get((indicator.computed, country), {})
    cells = {period: share(*parts) for period, parts in counted.items()}
    if _FAMILY_OF[indicator.computed] == "services" and cells:
        newest = max(cells)
        cells[newest] = replace(cells[newest], caveat=_carried(reading, country, newest))
    if _FAMILY_OF[indicator.computed] == "reports":
        cells = {period: _until_due(reading, period, cell) for period, cell in cells.items()}
    return Found(reading.known, cells, reading.told, source)


def fed_by(house: House, dataset: str) -> list[Indicator]:
    """The indicators that are counted from files of a dataset."""
    datasets = {**{code: _FAMILIES[family][1] for code, family in _FAMILY_OF.items()}, **_ASKED}
    return [i for i in house.library.indicators.values() if dataset in datasets.get(i.computed, ())]


def countries(reading: Reading) -> set[str]:
    """The countries that have a register, a coverage report or an action, as far as the viewer may read."""
    seen = {country for family in _FAMILIES for _code, country in _counted(reading, family)}
    return seen | {country for country, _period in _due(reading)}


def _carried(reading: Reading, country: str, period: str) -> str:
    """That earlier reports are counted into a quarter, of so many organisations that report on a country; else nothing.

    The page of services names them.
    """
    known = marts.known_in(reading.house, "service_coverage", period, reading.known.version)
    older = known.loc[(known["country"] == country) & (known["reported_in"] < period), "reported_by"].nunique()
    if not older:
        return ""
    return n_(
        "{quarter}: an earlier report of {count} organisation is counted.",
        "{quarter}: earlier reports of {count} organisations are counted.",
        int(older),
        quarter=periods.parse(period).label,
    )


def _until_due(reading: Reading, period: str, cell: Cell) -> Cell:
    """While reports of a quarter may still come in time, its share is not the last word."""
    due = reporting.due_on(reading.house.library.contracts["service_coverage"], period)
    if reading.viewer.today > due or not cell.shown:
        return cell
    said = _(STILL_DUE, quarter=periods.parse(period).label, day=text.day(due))
    return Cell(cell.value, Status.REVISION_PENDING, cell.numerator, cell.denominator, caveat=said)


# Contacts and actions: their reports know who may see what.


def _contacts(reading: Reading, country: str, source: str) -> Found:
    viewer, house = reading.viewer, reading.house
    is_open = reading.open(country)
    by_period = contacts.totals(viewer, house, country=country, version=reading.version)
    cells = {
        period: Cell(float(count) if count is not None else None, status)
        for period, (count, status) in by_period.items()
        if period <= reading.last
    }
    if not is_open:
        return _published(reading, country, source, cells)
    newest = max((period for period, cell in cells.items() if cell.shown), default="")
    if newest:  # a fall because somebody was silent must not read as a fall
        gone = contacts.missing(viewer, house, country=country, period=newest, version=reading.version)
        cells[newest] = replace(cells[newest], caveat=contact_words.silent(newest, gone), partial=bool(gone))
    hers = bool(newest) or not any(cell.status == Status.NOT_RELEASED for cell in cells.values())
    part = contact_words.whose(viewer, house, country=country, version=reading.version) if hers else ""
    more = part if hers else contact_words.reach_elsewhere(viewer)
    told = tuple(said for said in (_(contact_words.TWICE), more) if said)
    return Found(reading.now, cells, told, source)


def _published(reading: Reading, country: str, source: str, cells: dict[str, Cell]) -> Found:
    """What whoever reads no working figure here reads: the release that stood, and which quarters it hides."""
    stood = released.release(reading.house, reading.version)
    if stood is None or not stood.cells:
        return Found(
            reading.now, cells, (_(contact_words.TWICE), contact_words.reach_elsewhere(reading.viewer)), source, False
        )
    if reading.guesses and cells:  # of later quarters she does not know whether anybody reported
        cells |= {
            p: NOT_RELEASED for p in quarters(max(stood.quarters(country), default=""), reading.last) if p not in cells
        }
    told = [_(contact_words.TWICE), contacts_published.caveat(stood)]
    shown = max((period for period, cell in cells.items() if cell.shown), default="")
    if shown:  # to whoever may not know who reported, any value may lack somebody
        gone = contacts.missing(reading.viewer, reading.house, country=country, period=shown, version=reading.version)
        said = contact_words.silent_then(stood.day, shown, gone)
        cells = cells | {shown: replace(cells[shown], caveat=said, partial=bool(gone) or reading.guesses)}
    later = [period for period, cell in sorted(cells.items()) if period > shown and cell.status == Status.SUPPRESSED]
    if later:
        told.append(_("{quarter} is hidden to protect people.", quarter=periods.parse(later[-1]).label))
    seen = any(cell.shown for cell in cells.values())
    return Found(stood.as_of, cells, tuple(told), source, seen, published=True)


def _actions(reading: Reading, country: str, source: str) -> Found:
    due = {period: counts for (place, period), counts in _due(reading).items() if place == country}
    cells = {period: share(*due.get(period, (0, 0))) for period in quarters(min(due, default=""), reading.last)}
    whole = policy.scope(reading.viewer, "view actions").everything
    return Found(reading.now, cells, () if whole else (_(OWN_ACTIONS),), source, whole=whole)


def _due(reading: Reading) -> dict[actions.Quarter, tuple[int, int]]:
    """What `actions.due` counts; for whoever sees all actions it is kept until the record moves."""
    viewer, house = reading.viewer, reading.house

    def count() -> dict[actions.Quarter, tuple[int, int]]:
        return actions.due(viewer, house, reading.version)

    if not policy.scope(viewer, "view actions").everything:
        return count()
    head = house.store.head()
    moved = max(head.figures, head.coordination)
    return kept(house, "actions on time", moved if reading.version is None else min(reading.version, moved), count)


# What is the same for all who may read it, counted for all countries and quarters at once.


def quarters(first: str, last: str) -> list[str]:
    """Every quarter from `first` to `last`; none where the first is empty or later."""
    made = []
    if first:
        period = periods.parse(first)
        while str(period) <= last:
            made.append(str(period))
            period = period.shifted(1)
    return made


_Parts = Mapping[tuple[str, str], Mapping[str, tuple[int, int]]]


def _counted(reading: Reading, family: str) -> _Parts:
    """What a family of computations gives: by computation and country, by quarter, numerator and denominator."""
    count, datasets = _FAMILIES[family]
    house, last = reading.house, reading.published
    if not {*datasets} <= {*house.library.contracts}:
        return {}
    version = max(marts.moved(house, dataset, reading.known.version) for dataset in datasets)

    def made() -> _Parts:
        found_parts: dict[tuple[str, str], dict[str, tuple[int, int]]] = {}
        for code, country, period, numerator, denominator in count(house, version, last):
            found_parts.setdefault((code, country), {})[period] = (numerator, denominator)
        return found_parts

    return kept(house, f"{family} {last}", version, made)


def _services(house: House, version: int, last: str) -> _Rows:
    """Services open to all, services that pass nothing on, and complete corridors, of every country and quarter."""
    frame = marts.rows(house, "service_coverage", version)
    for period in quarters(min(frame["period"], default=""), last):
        known, day = marts.known_in(house, "service_coverage", period, version), periods.parse(period).end
        default = next(c.code for c in house.library.codes["service_frameworks"].where(default="yes"))
        listed = house.library.codes["services"].valid_on(day)
        services = [c.code for c in listed if c.attributes["framework"] == default]
        best = _best(known[known["service_code"].isin(services)])
        reported = {country for _service, country in best}
        for country in sorted(reported):
            opened = sum(best.get((s, country)) == "open" for s in services)
            yield "services-open", country, period, opened, len(services)
        working = known[known["availability"].isin(["available", "limited"])]
        safe = working[(working["firewall"] == "yes") & working["firewall_evidence"].fillna("").ne("")]
        kept = safe.groupby("country").size()
        for place, count in working.groupby("country").size().items():
            yield "services-with-firewall", str(place), period, int(kept.get(place, 0)), int(count)
        works = {pair for pair, state in best.items() if state in ("open", "restricted")}
        tracked = places.corridors(house, day)
        whole = {
            c.code for c in tracked if all((s, end) in works for s in services for end in (c.origin, c.destination))
        }
        for country in sorted(reported):
            touching = [c for c in tracked if country in (c.origin, c.destination)]
            if touching:
                yield "corridors-complete", country, period, sum(c.code in whole for c in touching), len(touching)


def _best(known: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The state of each (service, country) that somebody reported on, as the coverage page tells it."""
    said = known[["service_code", "country", "availability", "open_to_migrant_women"]].drop_duplicates()
    states: dict[tuple[str, str], set[str]] = {}
    for service, country, availability, eligibility in said.itertuples(index=False):
        states.setdefault((service, country), set()).add(coverage.state(availability, eligibility))
    return {pair: coverage.best(found_states) for pair, found_states in states.items()}


def _seats(house: House, version: int, last: str) -> _Rows:
    """Categories with a filled seat, and filled seats for women migrant workers, of every country and quarter."""
    total = len(house.library.codes["stakeholder_categories"].codes)
    categories = {c.code for c in house.library.codes["stakeholder_categories"].codes}
    frame = marts.rows(house, "members", version)
    for period in quarters(min(frame["period"], default=""), last):
        known = marts.known_in(house, "members", period, version, keep=KEEP_REGISTERS)
        taken = known["seat_status"].map(members.SEAT_OF) == "filled"
        for country, seats in known.groupby("country"):
            filled = seats[taken[seats.index]]
            yield "seats-filled", str(country), period, len(set(filled["stakeholder_category"]) & categories), total
            theirs = filled["responds_to_women_migrant_workers"].isin(["represents", "responds", "both"])
            yield "seats-for-migrant-women", str(country), period, int(theirs.sum()), len(filled)


def _reports(house: House, version: int, last: str) -> _Rows:
    """Organisations whose coverage report was accepted, and handed in on time, of every country and quarter."""
    files = marts.files(house, "service_coverage", version)
    sent = _first_sent(house, version)
    first = max(min(files["period"], default=""), min(marts.rows(house, "members", version)["period"], default=""))
    for period in quarters(first if len(files) else "", last):
        register = marts.known_in(house, "members", period, version, keep=KEEP_REGISTERS)
        expected = register[register["reports_quarterly"] == "yes"]
        accepted = set(files.loc[files["period"] == period, "reported_by"])
        due = reporting.due_on(house.library.contracts["service_coverage"], period)
        on_time = {code for code in accepted if (code, period) in sent and sent[(code, period)] <= due}
        for country, rows in expected.groupby("country"):
            codes = set(rows["organisation_code"])
            yield "coverage-reported", str(country), period, len(codes & accepted), len(codes)
            yield "reported-on-time", str(country), period, len(codes & on_time), len(codes)


def _first_sent(house: House, version: int) -> dict[tuple[str, str], Any]:
    """The day on which each organisation first handed in a coverage report for a quarter, in UTC."""
    rows = house.store.read(
        "select organisation_code, period, min(e.recorded_at at time zone 'UTC')::date as day"
        " from submission_event as e join submission using (submission_id)"
        " where dataset = 'service_coverage' and event = 'submitted' and e.version <= $version"
        " group by organisation_code, period",
        version=version,
    )
    return {(row["organisation_code"], row["period"]): row["day"] for row in rows}


_FAMILIES: Mapping[str, tuple[Callable[[House, int, str], _Rows], tuple[str, ...]]] = {
    "services": (_services, ("service_coverage",)),
    "seats": (_seats, ("members",)),
    "reports": (_reports, ("members", "service_coverage")),
}
_FAMILY_OF = {
    "services-open": "services",
    "services-with-firewall": "services",
    "corridors-complete": "services",
    "seats-filled": "seats",
    "seats-for-migrant-women": "seats",
    "coverage-reported": "reports",
    "reported-on-time": "reports",
}
# What other reports count, and from which datasets.
_ASKED: Mapping[str, tuple[str, ...]] = {
    "contacts": (contacts.DATASET,),
    "actions-on-time": ("actions", "action_updates"),
}
