"""What one viewer may read of the indicators of one country, quarter by quarter. Never says a sentence about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.reference import periods
from dashboard.reference.indicators import Indicator
from dashboard.reference.table import Status
from dashboard.reports import computed, indicator_goals, indicator_values, indicator_words
from dashboard.reports.indicator_cells import NOT_RELEASED, NOT_REPORTED, Cell, Found
from dashboard.reports.indicator_goals import Goals
from dashboard.reports.indicator_reading import Reading

_YEAR = 4
_UNASKED = Cell(None, Status.NOT_APPLICABLE)


@dataclass(frozen=True)
class Place:
    """A country as one viewer reads it, with what was agreed there."""

    reading: Reading
    country: str
    goals: Mapping[str, Goals]

    @property
    def name(self) -> str:
        return self.reading.house.library.title("countries", self.country)

    def goals_of(self, indicator: Indicator) -> Goals:
        return self.goals.get(indicator.code, indicator_goals.NONE)

    def known(self, indicator: Indicator) -> Found:
        """The cells of one indicator, computed or sent."""
        answer = computed.found if indicator.computed else indicator_values.found
        return answer(self.reading, indicator, self.country)

    def source(self, indicator: Indicator) -> bool:
        """Whether anybody, anywhere, ever sent it; a computed one has a source in itself."""
        return bool(indicator.computed) or indicator.code in self.reading.ever_sent()


def place(reading: Reading, country: str) -> Place:
    return Place(reading, country, indicator_goals.of_country(reading, country))


def countries(reading: Reading) -> list[tuple[str, str]]:
    """The countries that have any value that the viewer may read, as (code, name), by name."""
    seen = reading.countries() | computed.countries(reading)
    named = ((country, reading.house.library.title("countries", country)) for country in seen)
    return sorted(named, key=lambda pair: (pair[1].casefold(), pair[0]))


def filled(where: Place, indicator: Indicator, known: Found) -> dict[str, Cell]:
    """Every quarter from the first one with a cell to the last, and what a quarter without a value is.

    Of what comes less often than every quarter, a quarter between two values was not asked for.
    """
    cells: dict[str, Cell] = {}
    silent = 0
    for period in computed.quarters(min(known.cells, default=""), where.reading.last):
        silent = 0 if period in known.cells else silent + 1
        if not silent:
            cells[period] = known.cells[period]
        elif period > where.reading.published and not indicator.administrative:
            cells[period] = NOT_RELEASED
        elif indicator.frequency == "quarterly" or (indicator.frequency == "annual" and silent % _YEAR == 0):
            cells[period] = NOT_REPORTED
        else:
            cells[period] = _UNASKED
    return cells


def hidden(where: Place, known: Found) -> bool:
    """Whether an indicator without any value that she may read is not released, rather than not reported."""
    return where.reading.guesses or any(cell.status == Status.NOT_RELEASED for cell in known.cells.values())


def suppressed(known: Found) -> bool:
    """Whether an indicator without any value that she may read has quarters that are hidden to protect people."""
    return not known.shown and any(cell.status == Status.SUPPRESSED for cell in known.cells.values())


def final(known: Found, cell: Cell) -> bool:
    """Whether a value may be measured against a goal: not a part of it, not while it is disputed or may still move."""
    return known.whole and cell.status in (Status.VALUE, Status.ZERO)


def moved(indicator: Indicator, cells: Mapping[str, Cell], known: Found) -> str:
    """How the newest value lies to the one before it, in words; empty where there is none before.

    A value that may still move has not moved yet, and one that lacks somebody's part is compared with no whole one. A
    release does not say who reported, so of its numbers the former is said and no difference is made, to whoever reads.
    """
    shown = known.shown
    if len(shown) < 2 or cells[shown[-1]].status == Status.REVISION_PENDING:
        return ""
    quarter = periods.parse(shown[-2]).label
    if known.published:
        return indicator_words.former(indicator, cells[shown[-2]].value or 0.0, quarter)
    if cells[shown[-1]].partial:
        return indicator_words.not_comparable(quarter)
    before, newest = cells[shown[-2]].value or 0.0, cells[shown[-1]].value or 0.0
    return indicator_words.change(indicator, newest, before, quarter)
