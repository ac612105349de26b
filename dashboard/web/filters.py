"""Filters: labelled native selects in one row, whose values stand in the address. Never filters a row itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.reference import periods
from dashboard.reference.text import _
from dashboard.web.marks import aria

ASKED = 40
"""So many letters of what an address asked for are said again."""


def identity(name: str) -> dict[str, str]:
    """The id of the filter `name`, which is also its name in the query of the address."""
    return {"type": "filter", "name": name}


def select(
    name: str, label: str, options: Sequence[tuple[str, str]], value: str = "", default: str | None = None
) -> html.Div:
    """One choice from (code, title) pairs.

    A value that is not on the list gives way to `default`, the first one where there is none, and a line says so.
    "Clear filters" sets the list back to it.
    """
    titles = dict(options)
    usual = default if default in titles else next(iter(titles), "")
    chosen = value if value in titles else usual
    attributes: dict[str, Any] = {"data-default": usual}
    return html.Div(
        [
            html.Label(label, htmlFor=dom(name)),
            # The component shows its placeholder where the value is empty, even when a choice is called so.
            dbc.Select(
                id=identity(name),
                value=chosen,
                placeholder=titles.get("", ""),
                options=[{"value": code, "label": title} for code, title in options],
            ),
            *([_instead(name, value, titles[chosen])] if value and value != chosen and titles else []),
        ],
        className="filter",
        **attributes,
    )


def _instead(name: str, asked: str, shown: str) -> html.P:
    """That what an address asked for is not there, and what is shown. It goes when something else is chosen."""
    words = asked[:ASKED]
    if name == "period":
        with suppress(ValueError):
            words = periods.parse(asked).label
    return html.P(
        _("“{asked}” is not on this list. Shown instead: {shown}.", asked=words, shown=shown),
        className="filter-instead",
    )


def row(parts: Sequence[Any], clear: bool = True) -> html.Div:
    """The filters of a page in one row, and a link that sets all of them back.

    `assets/dashboard.js` keeps the address in step and follows the link; without it the link is a plain one.
    """
    return html.Div(
        [
            *parts,
            *([html.Div(html.A(_("Clear filters"), href="?"), className="filter-clear")] if clear else []),
        ],
        className="filters",
        role="group",
        **aria(label=_("Filters")),
    )


def chosen(value: Any) -> str:
    """A filter's value as the browser sent it; whatever is no text counts as nothing chosen."""
    return value if isinstance(value, str) and len(value) <= 200 else ""


def dom(name: str) -> str:
    """The id that Dash gives the element: the identity as JSON with sorted keys and no blanks."""
    return f'{{"name":"{name}","type":"filter"}}'
