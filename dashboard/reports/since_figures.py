"""Which figures are otherwise than they were. A count of contacts has its caveat first, and is never called a rise.

A value that came again is no change. One that is not final is neither a change nor what another is compared with.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

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
        former = old.get(card.indicator.code)
        if not _final(card) or (former is not None and former.value == card.value):
            continue
        yield _change(ends, card, former if former is not None and _final(former) else None)
    shown = {card.indicator.code for card in now if card.value}
    for code, former in old.items():
        if _final(former) and code not in shown and not former.indicator.administrative:
            yield _gone(ends, former)


def _final(card: Card) -> bool:
    return bool(card.value) and card.status != Status.REVISION_PENDING


def _stood(card: Card) -> str:
    return _("{value} ({quarter})", value=card.value, quarter=card.quarter)


def _change(ends: Ends, card: Card, former: Card | None) -> Change:
    title, stands = _(card.indicator.title), _stood(card)
    said = (
        _("{title}: {value}, before {former}.", title=title, value=stands, former=_stood(former))
        if former
        else _("{title}: {value}; before there was no value.", title=title, value=stands)
    )
    contacts = card.indicator.administrative
    return Change(
        "figures",
        title,
        _stood(former) if former else _("no value"),
        stands,
        f"{card.caveat} {said}".strip() if contacts else said,
        caveat=card.caveat if contacts else "",
        href=_href(ends, card),
    )


def _gone(ends: Ends, former: Card) -> Change:
    title = _(former.indicator.title)
    said = _("{title}: no value any more; before {former}.", title=title, former=_stood(former))
    return Change("figures", title, _stood(former), _("no value"), said, href=_href(ends, former))


def _href(ends: Ends, card: Card) -> str:
    asked = {"country": ends.country} | ({"as_of": ends.then.key} if ends.then.past else {})
    return f"/indicator/{card.indicator.code}?{urlencode(asked)}"
