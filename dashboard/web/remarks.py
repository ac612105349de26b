"""The warnings of a file, each with why it is so or a place to say it. Never decides who may see or explain one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.intake import warnings
from dashboard.intake.warnings import Warned
from dashboard.protection.policy import Viewer
from dashboard.record.house import House
from dashboard.reference.text import _, moment, n_, number
from dashboard.web import marks
from dashboard.web.marks import Mark


def section(viewer: Viewer, house: House, row: Mapping[str, Any], said: Any = None) -> list[Any]:
    """The warnings of a submission (`row` is from the door's `find`) that this viewer may see; nothing for none.

    `said` is what became of the last explanation.
    """
    shown, hidden = warnings.of(viewer, house, row["submission_id"]), warnings.withheld(viewer, house, row)
    if row["state"] == "expunged" or not (shown or hidden):
        return []
    may = warnings.may_explain(viewer, house, row)
    body: list[Any] = [html.H2(_("Warnings"))]
    if shown:
        body += [html.P(summary(shown)), said, html.Ol([_one(one, row, may) for one in shown], className="warnings")]
    if hidden:
        body.append(html.P(hidden, className="hint"))
    return [html.Section([part for part in body if part is not None])]


def summary(shown: Sequence[Warned]) -> str:
    """How many there are and how many are explained; that none keeps the file out."""
    explained = sum(one.explanation is not None for one in shown)
    many = n_("{count} thing to look at again", "{count} things to look at again", len(shown))
    if explained == len(shown):
        return _("{many}, all explained.", many=many)
    return _(
        "{many}, {explained} of {all} explained. The file can be sent as it is; a short explanation saves a question.",
        many=many,
        explained=number(explained),
        all=number(len(shown)),
    )


def _one(one: Warned, row: Mapping[str, Any], may: bool) -> html.Li:
    problem = one.problem
    where = [
        *([_("Row {row}", row=problem.row)] if problem.row is not None else []),
        *([problem.column] if problem.column else []),
        *([problem.value] if problem.value else []),
    ]
    return html.Li(
        [
            html.H3(" · ".join(where) or _("The whole file")),
            html.P(
                [
                    problem.message,
                    " ",
                    html.Span(problem.fix, className="hint"),
                    " ",
                    html.A(_("More"), href=f"/dictionary#problem-{problem.code}"),
                ]
            ),
            *_explained(one, may),
            *([_form(one, row)] if may else []),
        ]
    )


def _explained(one: Warned, may: bool) -> list[Any]:
    """Why it is so, with who said it and when; that nobody said it, for whoever may not say it herself."""
    if one.explanation is None:
        return [] if may else [html.P(marks.span(Mark("silent", _("Not explained"))))]
    told = one.explanation
    return [html.Blockquote([told.text, html.Footer(f"{told.by}, {moment(told.at)}")])]


def _form(one: Warned, row: Mapping[str, Any]) -> Any:
    form = html.Div(
        [
            html.Label(
                [
                    html.Span(_("Why is it so?")),
                    dbc.Input(id={"type": "why", "warning": one.warning_id}, maxLength=warnings.LONGEST, value=""),
                ]
            ),
            dbc.Button(
                _("Keep the explanation"),
                id={"type": "explain", "id": row["submission_id"], "warning": one.warning_id},
                color="secondary",
                outline=True,
                n_clicks=0,
            ),
        ],
        className="why",
    )
    return form if one.explanation is None else html.Details([html.Summary(_("Explain it anew")), form])
