"""The list of registers in the browser: what each holds, and how the empty ones are filled. Reads no row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.reference.text import _, day, n_, number
from dashboard.reports.registers import Asked, Listed
from dashboard.web import tables
from dashboard.web.registers import address


def answer(found: Sequence[Listed], part: str = "") -> str:
    """How many registers there are, and how many have entries; `part` is told to whoever does not read all of them."""
    if part:
        return part
    filled = [one for one in found if one.entries]
    said = n_("{count} register", "{count} registers", len(found))
    entries = n_("{count} entry", "{count} entries", sum(one.entries for one in found))
    if not filled:
        return _("{registers}, and no entry that you may read yet.", registers=said)
    unverified = number(sum(one.unverified for one in found))
    if len(filled) == len(found):
        return _(
            "{registers}, each with entries: {entries} in all, of which {unverified} not verified.",
            registers=said,
            entries=entries,
            unverified=unverified,
        )
    return _(
        "{registers}, {filled} of them with entries: {entries} in all, of which {unverified} not verified.",
        registers=said,
        filled=number(len(filled)),
        entries=entries,
        unverified=unverified,
    )


def body(found: Sequence[Listed], as_of: str, part: str = "") -> list[Any]:
    """The registers with entries as a table; those without as a list that says how to fill them. To whoever reads a
    `part` only, those of which she reads none are not said to be empty."""
    filled, empty = [one for one in found if one.entries], [one for one in found if not one.entries]
    titles = (_("Register"), _("Entries"), _("Countries"), _("Not verified"), _("Last file accepted"))
    parts: list[Any] = []
    if filled:
        table = html.Table(
            [
                html.Caption(_("Registers"), className="visually-hidden"),
                html.Thead(
                    html.Tr(
                        [
                            html.Th(title, scope="col", role="columnheader", className="number" if 0 < n < 4 else None)
                            for n, title in enumerate(titles)
                        ],
                        role="row",
                    ),
                    role="rowgroup",
                ),
                html.Tbody([_row(one, as_of, titles) for one in filled], role="rowgroup"),
            ],
            className="register register-index",
            role="table",
        )
        parts.append(html.Div(tables.scrolling(table, _("Registers")), className="table-figure", id="registers"))
    if empty:
        parts.append(html.H2(_("Without an entry that you read") if part else _("Without an entry yet")))
        parts.append(html.Ul([html.Li(_empty(one, as_of)) for one in empty], className="register-empty"))
    return parts


def _row(one: Listed, as_of: str, titles: Sequence[str]) -> html.Tr:
    href = address(f"/register/{one.contract.name}", Asked(), as_of)
    cells = (
        (number(one.entries), True),
        (number(one.countries) if one.countries else "", True),
        (number(one.unverified), True),
        (day(one.newest) if one.newest else "", False),
    )
    labelled: list[dict[str, Any]] = [{"data-label": title} for title in titles[1:]]
    return html.Tr(
        [
            html.Th(
                [html.A(one.shape.question, href=href), html.Small(_(one.contract.title))],
                scope="row",
                role="rowheader",
            ),
            *(
                html.Td(said, className="number" if numeric else None, role="cell", **label)
                for (said, numeric), label in zip(cells, labelled, strict=True)
            ),
        ],
        role="row",
    )


def _empty(one: Listed, as_of: str) -> list[Any]:
    href = address(f"/register/{one.contract.name}", Asked(), as_of)
    said: list[Any] = [html.A(_(one.contract.title), href=href)]
    if one.sends:
        said += [
            ": ",
            html.A(_("template"), href=f"/templates/{one.contract.name}.csv", download=""),
            ", ",
            html.A(_("send"), href="/submit?" + urlencode({"dataset": one.contract.name})),
        ]
    return said
