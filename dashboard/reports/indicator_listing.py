"""All indicators of one country as cards: how each moves against the plan, grouped so that like stands with like.

Never puts a survey into one group with a count of contacts: the headlines alone mix kinds, and no survey is one of them
(reading its definition refuses it). Never measures a count of contacts against a goal.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.indicators import KIND_MEANINGS, KIND_WORDS, Indicator, value_words
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reference.text import _
from dashboard.reports import (
    indicator_cells,
    indicator_goals,
    indicator_place,
    indicator_reading,
    indicator_words,
    places,
)
from dashboard.reports.indicator_cells import Cell
from dashboard.reports.indicator_goals import REACHED, SHORT, Goal
from dashboard.reports.indicator_place import Place

CARD_QUARTERS = 12
"""A small chart shows so many quarters; of what comes less often, so many values."""


@dataclass(frozen=True)
class Card:
    """How one indicator stands in one country. `value` is in words and empty where `status` says why there is none.
    `count` says what a computed share is of, such as 1 of 2.

    `points` are (quarter, cell), oldest first, of the last quarters. `standing` is REACHED, SHORT or "". `notes` belong
    to the value; `reason` says why there is nothing at all.
    """

    indicator: Indicator
    caveat: str
    sentence: str
    status: Status
    period: str = ""
    value: str = ""
    count: str = ""
    change: str = ""
    goal: Goal | None = None
    standing: str = ""
    standing_words: str = ""
    points: tuple[tuple[str, Cell], ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""

    @property
    def quarter(self) -> str:
        """The quarter of the value, for people."""
        return periods.parse(self.period).label if self.period else ""

    @property
    def counted(self) -> str:
        """The value, and what it is of."""
        return indicator_words.with_count(self.value, self.count)


@dataclass(frozen=True)
class Group:
    """The cards of one kind, what that kind is, and the same figures as a table. The headlines have no kind."""

    kind: str
    title: str
    meaning: str
    cards: tuple[Card, ...]
    table: Table


@dataclass(frozen=True)
class Listing:
    """All indicators of one country: those of the overview first, then by kind, then those without any data.

    `countries` are (code, name) of those with values, `quarters` what can be chosen, newest first. `usual` is the
    country that is shown where none was chosen.
    """

    country: str
    usual: str
    country_name: str
    countries: tuple[tuple[str, str], ...]
    period: str
    quarters: tuple[str, ...]
    headline: Group | None
    groups: tuple[Group, ...]
    silent: tuple[Card, ...]
    answer: str
    as_of: AsOf

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every card with a value or a mark, the headlines first."""
        first = self.headline.cards if self.headline else ()
        return (*first, *(card for group in self.groups for card in group.cards))


def listing(
    viewer: Viewer,
    house: House,
    *,
    country: str = "",
    period: str = "",
    kind: str = "",
    version: int | None = None,
) -> Listing:
    """How every indicator of a country stands up to a quarter. Raises policy.Refused.

    Without a country, or with one that has no value: the viewer's own where it has any, else the first that has. A
    period that is none or to come counts as the last that ended, an unknown kind as none chosen.
    """
    reading = indicator_reading.reading(viewer, house, version, _quarter(period))
    listed = indicator_place.countries(reading)
    codes = [code for code, _name in listed]
    where = indicator_place.place(reading, places.usual(viewer, house, codes, country))
    turns = list(KIND_WORDS)
    indicators = sorted(
        (i for i in house.library.indicators.values() if kind not in KIND_WORDS or i.kind == kind),
        key=lambda i: (i.headline or len(turns) * 100, turns.index(i.kind), i.code),
    )
    cards = [card(where, i) for i in indicators]
    told, silent = [c for c in cards if not c.reason], tuple(c for c in cards if c.reason)
    first = [c for c in told if c.indicator.headline]
    return Listing(
        country=where.country,
        usual=places.usual(viewer, house, codes),
        country_name=where.name,
        countries=tuple(listed),
        period=reading.last,
        quarters=_on_offer(viewer),
        headline=_group(where, "", first) if first else None,
        groups=tuple(
            _group(where, kind, rest)
            for kind in KIND_WORDS
            if (rest := [c for c in told if c.indicator.kind == kind and not c.indicator.headline])
        ),
        silent=silent,
        answer=indicator_words.summary(
            where.name,
            sum(c.standing == REACHED for c in told),
            sum(c.standing == SHORT for c in told),
            sum(bool(c.value) for c in told),
            len(silent),
            guesses=reading.guesses,
        ),
        as_of=reading.known,
    )


def headlines(
    viewer: Viewer, house: House, *, country: str, period: str = "", version: int | None = None
) -> tuple[Card, ...]:
    """The cards of the overview, in their order, each with a value or the reason why there is none."""
    where = indicator_place.place(indicator_reading.reading(viewer, house, version, _quarter(period)), country)
    chosen = sorted((i for i in house.library.indicators.values() if i.headline), key=lambda i: i.headline)
    return tuple(card(where, i) for i in chosen)


def beside(viewer: Viewer, house: House, code: str, *, country: str, version: int | None = None) -> tuple[Card, ...]:
    """The cards of what an indicator is to be read beside (R69), in the order of its file; those with a value alone.

    Raises policy.Refused, and KeyError for an indicator that there is not.
    """
    where = indicator_place.place(indicator_reading.reading(viewer, house, version), country)
    every = house.library.indicators
    return tuple(found for name in every[code].read_beside if (found := card(where, every[name])).value)


def card(where: Place, indicator: Indicator) -> Card:
    """How one indicator stands in a country."""
    known = where.known(indicator)
    caveat = indicator_words.caveat(where.reading.house.library, indicator)
    shown = known.shown
    if indicator_place.suppressed(known):
        said = _("Every quarter is hidden to protect people")
        return Card(indicator, caveat, said, Status.SUPPRESSED, notes=known.told)
    if not shown:
        if indicator_place.hidden(where, known):
            said = _("Not released yet")
            if where.reading.guesses:
                return Card(indicator, caveat, said, Status.NOT_RELEASED, reason=said)
            return Card(indicator, caveat, said, Status.NOT_RELEASED, notes=known.told)
        said = indicator_words.nothing(indicator, where.name, source=where.source(indicator))
        return Card(indicator, caveat, said, Status.NOT_REPORTED, reason=said)
    cells = indicator_place.filled(where, indicator, known)
    newest = shown[-1]
    cell, value = cells[newest], cells[newest].value or 0.0
    goal = where.goals_of(indicator).after(newest) if indicator.directed and known.whole else None
    final = indicator_place.final(known, cell)
    stands = indicator_words.standing_words(indicator, value, goal) if final else ""
    moved, said = indicator_place.moved(indicator, cells, known), value_words(indicator, value)
    count, quarter = indicator_words.counted(indicator, cell), periods.parse(newest).label
    return Card(
        indicator=indicator,
        caveat=caveat,
        sentence=indicator_words.answer(indicator, indicator_words.with_count(said, count), quarter, moved, stands),
        status=cell.status,
        period=newest,
        value=said,
        count=count,
        change=moved,
        goal=goal,
        standing=indicator_goals.standing(indicator, value, goal) if final else "",
        standing_words=stands,
        points=recent(indicator, cells),
        notes=tuple(said for said in (cell.caveat, *known.told) if said and said not in where.reading.told),
    )


def recent(indicator: Indicator, cells: dict[str, Cell]) -> tuple[tuple[str, Cell], ...]:
    """The last quarters for a small chart."""
    return indicator_cells.asked(indicator, cells.items())[-CARD_QUARTERS:]


def _quarter(period: str) -> str:
    """The quarter that somebody asked for, or nothing where it is none."""
    try:
        return str(periods.parse(period)) if period else ""
    except ValueError:
        return ""


def _on_offer(viewer: Viewer) -> tuple[str, ...]:
    """The last quarters that ended, newest first."""
    last = periods.last_ended(viewer.today)
    return tuple(str(last.shifted(-back)) for back in range(CARD_QUARTERS))


def _group(where: Place, kind: str, cards: list[Card]) -> Group:
    title = _(KIND_WORDS[kind]) if kind else _("Headline figures")
    meaning = _(KIND_MEANINGS[kind]) if kind else _("The figures that stand on the overview.")
    return Group(kind, title, meaning, tuple(cards), _table(where, title, cards))


def _table(where: Place, title: str, cards: list[Card]) -> Table:
    columns = (
        Column("indicator", _("Indicator")),
        Column("code", _("Code")),
        Column("value", _("Value")),
        Column("period", _("Quarter")),
        Column("change", _("Change")),
        Column("standing", _("Against the plan")),
        Column("caveat", _("Caveat")),
    )
    names = [c.name for c in columns]
    rows = [
        (_(c.indicator.title), c.indicator.code, c.value, c.quarter, c.change, c.standing_words, c.caveat)
        for c in cards
    ]
    marks = [dict.fromkeys(names, Status.VALUE) | {"value": c.status} for c in cards]
    contacts = any(c.indicator.administrative for c in cards)
    return Table(
        title=_("{what}: {place}", what=title, place=where.name),
        columns=columns,
        frame=pd.DataFrame(rows, columns=names),
        statuses=pd.DataFrame(marks, columns=names),
        as_of=where.reading.now if contacts else where.reading.known,
        caveats=tuple(dict.fromkeys([*where.reading.told, *(note for c in cards for note in c.notes)])),
        source=_("Reports of the member organisations"),
        period=_("Up to {quarter}", quarter=periods.parse(where.reading.last).label),
    )
