"""Values of indicators as organisations sent them, for one viewer: by quarter, broken down, and as they were revised.

Never reads a count of contacts beyond the viewer's scope, and never mixes a breakdown or a corridor into the headline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.indicators import Indicator
from dashboard.reports import contact_words
from dashboard.reports.indicator_cells import NOT_RELEASED, Cell, Found, combined, rounded
from dashboard.reports.indicator_reading import Reading, Row, names
from dashboard.reports.reporting import REMEMBERED

CORRIDOR = "corridor"
"""As what a value is broken down by: its rows name a corridor and no disaggregation."""


@dataclass(frozen=True)
class Revision:
    """A value that a later accepted file changed: its quarter, before and after, when that was recorded, and by whom.

    `new` is None where the later file no longer has the value.
    """

    period: str
    old: float
    new: float | None
    recorded_at: datetime
    reported_by: str


def found(reading: Reading, indicator: Indicator, country: str) -> Found:
    """The headline values of an indicator in a country, by quarter, up to the last that the viewer asks for."""
    rows = [row for row in reading.rows(indicator, country) if row.headline and row.period <= reading.last]
    cells = dict(_combined(reading, indicator, rows, lambda row: row.period))
    if rows:
        newest = max(cells)
        said = _silent(reading, indicator, rows, newest)
        caveat = " ".join(part for part in (cells[newest].caveat, said) if part)
        cells[newest] = replace(cells[newest], caveat=caveat, partial=bool(said))
    if not indicator.administrative:
        part = indicator.combine != "single" and any(period > reading.published for period in cells)
        return Found(reading.known, cells, reading.told, whole=not part)
    hidden = {period: NOT_RELEASED for period in reading.filed(indicator, country) if period <= reading.last}
    told = whose(reading, country, hers=bool(cells) or not hidden)
    if not reading.open(country):
        return Found(reading.now, hidden, told, open=False)
    return Found(reading.now, hidden | cells, told)  # what others alone sent is there, and not hers to read


def whose(reading: Reading, country: str, *, hers: bool = True) -> tuple[str, ...]:
    """Whose contacts are read here; where none are `hers`, why there is no number. Nothing where all of them are."""
    if not hers or not reading.open(country):
        return (contact_words.reach_elsewhere(reading.viewer),)
    part = contact_words.whose(reading.viewer, reading.house, country=country, version=reading.now.version)
    return (part,) if part else ()


def silent(reading: Reading, indicator: Indicator, country: str, period: str, by: str) -> str:
    """Who broke the indicator down by `by` lately and not for this quarter, as a sentence; nothing for nobody."""
    rows = [row for row in reading.rows(indicator, country) if _way(row) == by]
    return _silent(reading, indicator, rows, period)


def _silent(reading: Reading, indicator: Indicator, rows: list[Row], period: str) -> str:
    """Where values add up, who sent none for this quarter: a fall may be no more than that."""
    return contact_words.silent(period, _missing(reading, rows, period)) if indicator.combine != "single" else ""


def _missing(reading: Reading, rows: list[Row], period: str) -> list[str]:
    """Who sent a value in one of the REMEMBERED quarters before and none for this one, as far as she may know it."""
    first = str(periods.parse(period).shifted(-REMEMBERED))
    before = {row.reported_by for row in rows if first <= row.period < period}
    now = {row.reported_by for row in rows if row.period == period}
    gone = before - now if period <= reading.published else (before - now) & reading.own
    known = names(reading)
    return sorted(known.get(code, code) for code in gone)


def breakdown(reading: Reading, indicator: Indicator, country: str, period: str, by: str) -> list[tuple[str, Cell]]:
    """The values of one quarter by category of `by` (a disaggregation, or CORRIDOR), as (category, cell)."""
    rows = [row for row in reading.rows(indicator, country) if row.period == period and _way(row) == by]
    return _combined(reading, indicator, rows, lambda row: row.corridor if by == CORRIDOR else row.category)


def broken_down(reading: Reading, indicator: Indicator, country: str) -> dict[str, list[str]]:
    """What the indicator is broken down by here, each with its quarters, newest first."""
    found_ways: dict[str, set[str]] = {}
    for row in reading.rows(indicator, country):
        if (by := _way(row)) and row.period <= reading.last:
            found_ways.setdefault(by, set()).add(row.period)
    return {by: sorted(found_ways[by], reverse=True) for by in sorted(found_ways)}


def _way(row: Row) -> str:
    """What a row is broken down by; "" for the headline, and for a corridor that is broken down further."""
    return row.disaggregation if not row.corridor else "" if row.disaggregation else CORRIDOR


def _combined(
    reading: Reading, indicator: Indicator, rows: list[Row], key: Callable[[Row], str]
) -> list[tuple[str, Cell]]:
    """The rows with the same key as one cell each, in the order in which the keys first come."""
    known, by = names(reading), dict[str, list[Row]]()
    for row in rows:
        by.setdefault(key(row), []).append(row)
    return [(k, combined(indicator, of, known, periods.parse(of[0].period).label)) for k, of in by.items()]


def revisions(reading: Reading, indicator: Indicator, country: str) -> tuple[Revision, ...]:
    """The headline values that a later accepted file changed, newest change first, as far as the viewer may read.

    What was changed before a release was never published: whoever reads only that reads her own changes alone.
    """
    if indicator.computed or (indicator.administrative and not reading.open(country)):
        return ()
    version = reading.now.version
    rows = reading.house.store.read(
        "select reported_by, period, value, since, until, country from indicator_values_rows"
        " where country = $country and indicator_code = $code and since <= $version"
        " and coalesce(corridor, '') = '' and coalesce(disaggregation, '') = '' order by since",
        country=country,
        code=indicator.code,
        version=version,
    )
    by: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if _changes_seen(reading, indicator, row["reported_by"], row["country"]):
            by.setdefault((row["period"], row["reported_by"]), []).append(row)
    changes = sorted(
        (
            (at, period, old, new, code)
            for (period, code), said in by.items()
            for at, old, new in _changes(said, version)
        ),
        key=lambda change: change[:2],
        reverse=True,
    )
    moments, known = _recorded(reading.house, {change[0] for change in changes}), names(reading)
    return tuple(
        Revision(period, old, new, moments[at], known.get(code, code)) for at, period, old, new, code in changes
    )


def _changes_seen(reading: Reading, indicator: Indicator, reported_by: str, country: str) -> bool:
    """Whether she may read what an organisation said before."""
    if indicator.administrative:
        return reading.reach.holds(reported_by, country)
    return reading.everything or reported_by in reading.own


def _changes(said: list[dict[str, Any]], version: int) -> Iterator[tuple[int, float, float | None]]:
    """What one organisation said of a quarter, as (version of the change, before, after); `said` is in its order."""
    for before, after in zip(said, [*said[1:], None], strict=True):
        end, old = before["until"], rounded(before["value"])
        if end is None or end > version:
            continue
        if after is None or after["since"] != end:
            yield int(end), old, None
        elif rounded(after["value"]) != old:
            yield int(end), old, rounded(after["value"])


def _recorded(house: House, versions: set[int]) -> dict[int, datetime]:
    """When each of these versions was recorded."""
    rows = house.store.read(
        "select version, min(recorded_at) as recorded_at from step where version in (select unnest($versions))"
        " group by version",
        versions=sorted(versions),
    )
    return {row["version"]: row["recorded_at"] for row in rows}
