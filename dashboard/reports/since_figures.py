"""Which figures are otherwise than they were. A count of contacts has its caveat first, and is never called a rise.

A value that came again is no change. One that is not final is neither a change nor what another is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from dashboard.reference import periods
from dashboard.reference.indicators import value_words
from dashboard.reference.table import Status
from dashboard.reference.text import _
from dashboard.reports import indicators
from dashboard.reports.indicators import Card
from dashboard.reports.since_ends import Change, Ends


def figures(ends: Ends) -> Iterator[Change]:
    """Each figure that moved, in the order of the page of indicators."""
    house, country = ends.house, ends.country
    old = {
        card.indicator.code: card
        for card in indicators.listing(ends.earlier, house, country=country, version=ends.before.version).cards
    }
    now = indicators.listing(ends.later, house, country=country, version=ends.then.version).cards
    for card in now:
        stood = settled(old[card.indicator.code]) if card.indicator.code in old else None
        if _final(card) and (stood is None or stood[0] != card.value):
            yield _change(ends, card, stood)
    shown = {card.indicator.code for card in now if card.value}
    for code, former in old.items():
        stood = settled(former)
        if stood and code not in shown and not former.indicator.administrative:
            yield _gone(ends, former, stood)


def _final(card: Card) -> bool:
    return bool(card.value) and card.status != Status.REVISION_PENDING


def settled(card: Card) -> tuple[str, str] | None:
    """The newest value of a card that was final then, in words, with its quarter; None where there was none."""
    if card.indicator.administrative:  # its points are of the release; the card says which of them stands
        return (card.value, card.quarter) if _final(card) else None
    for period, cell in reversed(card.points):
        if cell.shown and cell.value is not None and cell.status != Status.REVISION_PENDING:
            return value_words(card.indicator, cell.value), periods.parse(period).label
    return None


def _stood(value: str, quarter: str) -> str:
    return _("{value} ({quarter})", value=value, quarter=quarter)


def _change(ends: Ends, card: Card, former: tuple[str, str] | None) -> Change:
    title, stands = _(card.indicator.title), _stood(card.value, card.quarter)
    if former and former[1] == card.quarter:
        said = _(
            "{title}: the figure of {quarter} was revised from {former} to {value}.",
            title=title,
            quarter=card.quarter,
            former=former[0],
            value=card.value,
        )
    elif former:
        said = _("{title}: {value}, before {former}.", title=title, value=stands, former=_stood(*former))
    else:
        said = _("{title}: {value}; before there was no value.", title=title, value=stands)
    contacts = card.indicator.administrative
    return Change(
        "figures",
        title,
        _stood(*former) if former else _("no value"),
        stands,
        f"{card.caveat} {said}".strip() if contacts else said,
        caveat=card.caveat if contacts else "",
        href=_href(ends, card),
    )


def _gone(ends: Ends, card: Card, former: tuple[str, str]) -> Change:
    title, stood = _(card.indicator.title), _stood(*former)
    said = _("{title}: no value any more; before {former}.", title=title, former=stood)
    return Change("figures", title, stood, _("no value"), said, href=_href(ends, card))


def _href(ends: Ends, card: Card) -> str:
    asked = {"country": ends.country} | ({"as_of": ends.then.key} if ends.then.past else {})
    return f"/indicator/{card.indicator.code}?{urlencode(asked)}"
