"""Who reads indicators, up to which quarter and at which version, and the rows that she may read. Never adds any up.

Figures that count no survivor are read as `marts.readable` says: an enforcement body sees what was published, and what
is its own as it is now. Contacts are read by the trained, within their reach (DESIGN section 5).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dashboard.protection import policy
from dashboard.protection.policy import Scope, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.indicators import Indicator
from dashboard.reference.table import AsOf
from dashboard.reports import contact_words, marts
from dashboard.reports.action_names import names_at
from dashboard.reports.kept import kept

DATASET = "indicator_values"


class Row(NamedTuple):
    """One row that an organisation sent; what is empty there is "" here, and a number None."""

    country: str
    code: str
    period: str
    corridor: str
    disaggregation: str
    category: str
    value: float
    numerator: float | None
    denominator: float | None
    source: str
    reported_by: str
    study: str = ""
    note: str = ""

    @property
    def headline(self) -> bool:
        """Whether it is of the whole country and not broken down."""
        return not self.corridor and not self.disaggregation


@dataclass(frozen=True)
class Reading:
    """One viewer at one version. `known` and `told` are of figures, `now` of contacts and of what is her own.

    `last` is the quarter up to which she asks; `published` is earlier only for whoever reads nothing but what was
    published, and "" before any release. `reach` holds the organisations and countries whose contacts she reads.
    """

    viewer: Viewer
    house: House
    version: int | None
    known: AsOf
    now: AsOf
    told: tuple[str, ...]
    everything: bool
    own: frozenset[str]
    reach: Scope
    last: str
    published: str

    @property
    def guesses(self) -> bool:
        """Whether even who sent what is hidden from her, so that "nobody did" would be a guess."""
        return not self.everything

    def open(self, country: str) -> bool:
        """Whether she may read any contacts of this country."""
        return contact_words.reaches(self.house, self.reach, country)

    def rows(self, indicator: Indicator, country: str) -> list[Row]:
        """The rows of an indicator and country that she may read, of whatever breakdown, as they were recorded."""
        now = _of(self.house, self.now.version, country, indicator)
        if indicator.administrative:
            return [row for row in now if self.reach.holds(row.reported_by, row.country)]
        if self.everything:
            return now
        released = _of(self.house, self.known.version, country, indicator)
        others = [r for r in released if r.reported_by not in self.own and r.period <= self.published]
        return others + [r for r in now if r.reported_by in self.own]

    def filed(self, indicator: Indicator, country: str) -> set[str]:
        """The quarters for which somebody, of whom she may know it, sent a headline value of a count of contacts."""
        now = _of(self.house, self.now.version, country, indicator)
        return {row.period for row in now if row.headline and (self.everything or row.reported_by in self.own)}

    def countries(self) -> set[str]:
        """The countries of which she may read any value."""
        indicators = self.house.library.indicators
        every = {*_index(self.house, self.now.version), *_index(self.house, self.known.version)}
        return {country for country in every if any(self.rows(i, country) for i in indicators.values())}

    def ever_sent(self) -> set[str]:
        """Codes of the indicators that somebody sent for any country, as far as she may know."""
        version = self.now.version if self.everything else self.known.version
        return {code for by in _index(self.house, version).values() for code in by}


def reading(viewer: Viewer, house: House, version: int | None = None, period: str = "") -> Reading:
    """What a viewer reads, up to `period` or to the last quarter that ended. Raises policy.Refused."""
    known, scope, told = marts.readable(viewer, house, version)
    ended = str(periods.last_ended(viewer.today))
    last, published = min(period or ended, ended), ended
    if not scope.everything:
        day = marts.published_on(house, version)
        published = str(periods.last_ended(day)) if day else ""
    return Reading(
        viewer=viewer,
        house=house,
        version=version,
        known=known,
        now=known if scope.everything else marts.as_of(house, version),
        told=told,
        everything=scope.everything,
        own=scope.organisations,
        reach=policy.scope(viewer, "view contacts"),
        last=last,
        published=min(last, published),
    )


def names(reading: Reading) -> Mapping[str, str]:
    """The organisations' names by their code, as the registers said them at the version that is read."""
    return names_at(reading.house, reading.now.version).names


_Index = Mapping[str, Mapping[str, list[Row]]]


def _of(house: House, version: int, country: str, indicator: Indicator) -> list[Row]:
    return _index(house, version).get(country, {}).get(indicator.code, [])


def _index(house: House, version: int) -> _Index:
    """Every row at a version, by country and indicator, in the order in which they were recorded."""
    return kept(house, DATASET, marts.moved(house, DATASET, version), lambda: _indexed(house, version))


def _indexed(house: House, version: int) -> _Index:
    frame = marts.rows(house, DATASET, version).sort_values(["since", "row_number"], kind="stable")
    found: dict[str, dict[str, list[Row]]] = {}
    for record in frame.to_dict("records"):
        row = Row(
            country=record["country"],
            code=record["indicator_code"],
            period=record["period"],
            corridor=_text(record["corridor"]),
            disaggregation=_text(record["disaggregation"]),
            category=_text(record["category"]),
            value=float(record["value"]),
            numerator=_number(record["numerator"]),
            denominator=_number(record["denominator"]),
            source=_text(record["source"]),
            reported_by=record["reported_by"],
            study=_text(record["study"]),
            note=_text(record["note"]),
        )
        found.setdefault(row.country, {}).setdefault(row.code, []).append(row)
    return found


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)
