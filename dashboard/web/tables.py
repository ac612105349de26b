"""Tables for people: right-aligned numbers, statuses as marks, a sticky header. Never hides or adds up a value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component
from flask import current_app, has_app_context

from dashboard.publication.files import as_csv
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import _, n_, number
from dashboard.web import marks, markup
from dashboard.web.components import as_of_words
from dashboard.web.marks import aria

FEW = 4
"""Up to so many columns, the cells of a matrix show their words beside the marks."""

Group = tuple[str, str, Sequence[str]]


def data_table(table: Table, *, figure_id: str, caption: str = "", words: dict[str, str] | None = None) -> html.Div:
    """Every row and column, the key (the first column) first, with its caveats, source and download."""
    return html.Div(
        [
            scrolling(grid(table, caption or table.title), caption or table.title),
            foot(table, figure_id, words=words),
        ],
        className="table-figure",
        id=figure_id,
    )


def grid(table: Table, caption: str = "", keys: Sequence[str] = ()) -> html.Table:
    """The bare table; its caption is for those who cannot see what stands above it.

    `keys` name the published count of contacts that each row shows, "" where a release says nothing of it.
    """
    return html.Table(
        [
            *([html.Caption(caption, className="visually-hidden")] if caption else []),
            html.Thead(html.Tr([html.Th(_heading(c), scope="col", className=_class(c)) for c in table.columns])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            _cell(table, row, column, first=n == 0, key=keys[row] if keys else "")
                            for n, column in enumerate(table.columns)
                        ]
                    )
                    for row in range(len(table.frame))
                ]
            ),
        ],
        className="table-plain",
    )


def matrix(
    table: Table,
    *,
    figure_id: str,
    key: str,
    groups: Sequence[Group],
    mark: Callable[[str, str], marks.Mark],
    href: Callable[[str, str], str] | None = None,
    title: str = "",
    legend: Any = None,
    words: dict[str, str] | None = None,
    saving: Component | None = None,
) -> html.Figure:
    """Rows named by column `key` against columns in named groups (name, title, columns); each cell a mark and a word.

    A group named "origin" or "destination" keeps the colour of its side; a single one without a name has no heading.
    `href(row, column)` makes a cell a link, where it gives an address.
    `legend` stands above the table; `words` turns codes into words in the download, in whose place `saving` may stand.
    """
    shown = [(name, words_, columns) for name, words_, columns in groups if columns]
    quiet = sum(len(columns) for _name, _words, columns in shown) > FEW
    heading = title or table.title
    head = html.Thead(
        [
            *(
                [
                    html.Tr(
                        [
                            html.Td(className="corner"),
                            *(
                                html.Th(said, scope="colgroup", colSpan=len(columns), className=f"side {name}".strip())
                                for name, said, columns in shown
                            ),
                        ]
                    )
                ]
                if any(name for name, _said, _columns in shown)
                else []
            ),
            html.Tr(
                [
                    html.Th(table.column(key).title, scope="col"),
                    *(
                        html.Th(table.column(column).title, scope="col", className=_edge(name, n))
                        for name, _said, columns in shown
                        for n, column in enumerate(columns)
                    ),
                ]
            ),
        ]
    )
    body = html.Tbody(
        [
            html.Tr(
                [
                    _row_heading(table, n, key),
                    *(
                        _marked(table, n, column, mark, href, quiet, _edge(name, m))
                        for name, _said, columns in shown
                        for m, column in enumerate(columns)
                    ),
                ]
            )
            for n in range(len(table.frame))
        ]
    )
    return html.Figure(
        [
            html.H2(heading, id=f"{figure_id}-title", className="figure-title"),
            *([legend] if legend is not None else []),
            scrolling(
                html.Table(
                    [html.Caption(heading, className="visually-hidden"), head, body],
                    className="matrix quiet" if quiet else "matrix",
                ),
                heading,
            ),
            foot(table, figure_id, words=words, saving=saving),
        ],
        className="figure matrix-figure",
        id=figure_id,
        role="group",
        **aria(labelledby=f"{figure_id}-title"),
    )


def records(table: Table) -> html.Div:
    """Few rows with many columns: one block a row, its first column the heading."""
    first, *others = table.columns
    return html.Div(
        [
            html.P(n_("{count} entry", "{count} entries", len(table.frame)), className="figure-subtitle"),
            *(
                html.Article(
                    [
                        html.H3(_content(table, row, first)),
                        html.Dl(
                            [
                                html.Div([html.Dt(column.title), html.Dd(_content(table, row, column))])
                                for column in others
                            ]
                        ),
                    ],
                    className="record",
                )
                for row in range(len(table.frame))
            ),
            html.Div([caveats(table), source_line(table)], className="figure-foot"),
        ],
        className="records",
    )


def scrolling(table: html.Table, label: str) -> html.Div:
    """A table that scrolls by itself where it is wider than the page, by finger, wheel and key, and says so."""
    return html.Div(
        [
            html.P(_("Scroll sideways to see all columns."), className="scroll-hint", **aria(hidden="true")),
            html.Div(markup.whole(table), className="scroll", tabIndex=0, role="region", **aria(label=label)),
        ],
        className="scroll-frame",
    )


def foot(
    table: Table,
    figure_id: str,
    words: dict[str, str] | None = None,
    *between: Any,
    saving: Component | None = None,
) -> html.Div:
    """What stands below every figure and table: caveats, source, how fresh, and the download or `saving`."""
    return html.Div(
        [
            caveats(table),
            source_line(table),
            html.Div([*between, saving or download(table, figure_id, words)], className="figure-actions"),
        ],
        className="figure-foot",
    )


def caveats(table: Table) -> html.Ul | None:
    """What must be known to read the figures rightly."""
    if not table.caveats:
        return None
    return html.Ul([html.Li(caveat) for caveat in table.caveats], className="caveats")


def source_line(table: Table) -> html.P:
    """Where the figures come from and how fresh they are."""
    parts = [_("Source: {source}.", source=table.source.rstrip(".")) if table.source else "", as_of_words(table.as_of)]
    return html.P(" ".join(part for part in parts if part), className="source")


def download(table: Table, figure_id: str, words: dict[str, str] | None = None) -> html.Button:
    """A button that saves the table as CSV with its caveats; `assets/dashboard.js` writes the file."""
    demo = has_app_context() and current_app.extensions["dashboard.house"].settings.demo
    name = f"demo-{figure_id}.csv" if demo else f"{figure_id}.csv"
    data: dict[str, Any] = {"data-download": name, "data-content": as_csv(table, words, demo=demo)}
    return html.Button(_("Download the table (CSV)"), type="button", className="link-button", **data)


def _heading(column: Column) -> Any:
    return [column.title, html.Span(f" ({column.unit})", className="unit")] if column.unit else column.title


def _class(column: Column) -> str | None:
    return "number" if column.numeric else None


def _edge(group: str, position: int) -> str | None:
    return f"first-of {group}".strip() if position == 0 else None


def _content(table: Table, row: int, column: Column) -> Any:
    """A cell: the value, and the mark where its status says more than the value does."""
    values, statuses = table.cells(column.name)
    value, status = values[row], statuses[row]
    mark = marks.status(status)
    if mark is None:
        return _written(value)
    if status in (Status.NOT_VERIFIED, Status.REVISION_PENDING) and not _absent(value):
        return [_written(value), " ", mark]
    return mark


def _absent(value: Any) -> bool:
    return value is None or value is pd.NA or value != value or value == ""


def _written(value: Any) -> str:
    if _absent(value):
        return ""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value, 0 if float(value).is_integer() else 1)
    return str(value)


def _cell(table: Table, row: int, column: Column, *, first: bool, key: str) -> html.Th | html.Td:
    content = _content(table, row, column)
    if first:
        return html.Th(content, scope="row")
    named: dict[str, Any] = {"data-contacts": key} if key and column.numeric else {}
    return html.Td(content, className=_class(column), **named)


def _row_heading(table: Table, row: int, key: str) -> html.Th:
    return html.Th(_content(table, row, table.column(key)), scope="row")


def _marked(
    table: Table,
    row: int,
    column: str,
    mark: Callable[[str, str], marks.Mark],
    href: Callable[[str, str], str] | None,
    quiet: bool,
    edge: str | None,
) -> html.Td:
    values, statuses = table.cells(column)
    shown: Any = marks.span(mark(str(values[row]), statuses[row]), quiet)
    if href is not None and statuses[row] == Status.VALUE:
        address = href(str(table.frame.index[row]), column)
        shown = html.A(shown, href=address) if address else shown
    return html.Td(shown, className=edge)
