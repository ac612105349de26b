"""The picture of all corridors: origins against destinations, darker where more services stand. Never adds up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.record.house import House
from dashboard.reference.text import _, number
from dashboard.reports import agreements
from dashboard.reports.corridors import Corridors, Line
from dashboard.web import tables

TINTS = 4
"""Shades from none to all, each of one hue, so that they stay in order in grey and for every eye."""


def corridors(house: House, found: Corridors, kept: Mapping[str, str]) -> html.Div:
    """A table with a cell for each tracked corridor that leads to its page; `kept` goes along in the address."""
    origins = list(dict.fromkeys(line.corridor.origin for line in _in_order(found)))
    destinations = list(dict.fromkeys(line.corridor.destination for line in _in_order(found)))
    title = house.library.title
    head = html.Thead(
        [
            html.Tr(
                [
                    html.Td(className="corner"),
                    html.Th(_("To"), scope="colgroup", colSpan=len(destinations), className="side destination"),
                ]
            ),
            html.Tr(
                [html.Th(_("From"), scope="col", className="from")]
                + [html.Th(title("countries", code), scope="col") for code in destinations]
            ),
        ]
    )
    body = html.Tbody(
        [
            html.Tr(
                [html.Th(title("countries", origin), scope="row")]
                + [_cell(house, found, found.at(origin, code), kept) for code in destinations]
            )
            for origin in origins
        ]
    )
    caption = html.Caption(_("Services open at both ends, by corridor"), className="visually-hidden")
    return tables.scrolling(
        html.Table([caption, head, body], className="corridor-grid"), _("Services open at both ends, by corridor")
    )


def _in_order(found: Corridors) -> list[Line]:
    """As the list of corridors has them, so that a country keeps its place from quarter to quarter."""
    return sorted(found.lines, key=lambda line: line.corridor.code)


def _cell(house: House, found: Corridors, line: Line | None, kept: Mapping[str, str]) -> html.Td:
    if line is None:
        return html.Td(html.Span(_("not tracked"), className="visually-hidden"), className="untracked")
    count = line.count("open")
    said: list[Any] = [
        html.Strong(number(count)),
        html.Span(_(" of {total}", total=found.services), className="of"),
        html.Span(agreements.state_words(house, line.agreement, found.part), className="held"),
    ]
    tint = 0 if not count else 1 + min(TINTS - 1, (count * TINTS - 1) // max(found.services, 1))
    return html.Td(html.A(said, href=address(line, kept), title=line.title), className=f"tint-{tint}")


def address(line: Line, kept: Mapping[str, str]) -> str:
    """Where a corridor's own page is, with what was chosen."""
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"/corridor/{line.corridor.origin}-{line.corridor.destination}" + (f"?{query}" if query else "")
