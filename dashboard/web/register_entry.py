"""One entry of a register in the browser: its values, who sent them, what became of them. Reads no row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.reference.text import N_, _, day, n_, words
from dashboard.reports.register_history import Entry, Statement, Step
from dashboard.reports.register_rows import BETWEEN
from dashboard.web import components
from dashboard.web.registers import value

KINDS = {"added": N_("Entered"), "changed": N_("Changed"), "removed": N_("No longer in the register")}


def answer(found: Entry) -> str:
    """Who says so now, since when it stands, and how often it changed."""
    now = [one for one in found.statements if one.stands]
    if not now:
        return _("No longer in the register “{title}”.", title=_(found.contract.title))
    if not now[0].organisation:
        return _(
            "A sourced fact that comes with the dashboard, in the register “{title}”.", title=_(found.contract.title)
        )
    if not all(one.steps for one in now):
        return _(
            "In the register “{title}”, sent by {organisations}; what another organisation sent is shown as the last"
            " release found it.",
            title=_(found.contract.title),
            organisations=words([one.organisation for one in now]),
        )
    changes = sum(step.kind == "changed" for one in found.statements for step in one.steps)
    last = day(max(step.at for one in now for step in one.steps))
    return _(
        "In the register “{title}”, sent by {organisations}; {changes}.",
        title=_(found.contract.title),
        organisations=words([one.organisation for one in now]),
        changes=n_("changed once, on {day}", "changed {count} times, last on {day}", changes, day=last)
        if changes
        else _("unchanged since it came in on {day}", day=last),
    )


def code(found: Entry) -> str:
    """What names an entry among the others of its country: the rest of its key."""
    parts = [said for name, said in zip(found.contract.key, found.key, strict=True) if name != "country" and said]
    return " · ".join(parts) or found.title


def body(found: Entry) -> list[Any]:
    """What each organisation says of an entry, and what became of it."""
    several = len(found.statements) > 1
    return [_statement(one, several) for one in found.statements]


def _statement(said: Statement, several: bool) -> html.Section:
    head = (
        _("{organisation}, {quarter}", organisation=said.organisation, quarter=said.period)
        if said.organisation
        else _("A sourced fact that comes with the dashboard")
    )
    gone = components.notice(
        "warning",
        _("No longer in the register"),
        _(
            "The newest file of {organisation} does not have it. This is what it said last.",
            organisation=said.organisation,
        ),
    )
    return html.Section(
        [
            html.H2(head)
            if several
            else html.P(_("Sent by {head}.", head=head), className="figure-subtitle")
            if said.organisation
            else None,
            None if said.stands else gone,
            components.notice("info", _("Not verified"), _("Nobody has read this entry in its source yet."))
            if said.unverified
            else None,
            html.Dl(
                [
                    html.Div([html.Dt(_(field.title)), html.Dd(value(told, status, quiet=False))])
                    for field, told, status in said.values
                ]
            ),
            _became(said, html.H3 if several else html.H2) if said.steps else None,
        ],
        className="record entry",
    )


def _became(said: Statement, heading: Callable[..., Component]) -> html.Div:
    """The history, newest first, and by which file the entry was last confirmed."""
    again = _("Sent again without a change, last for {quarter}.", quarter=said.repeated) if said.repeated else ""
    return html.Div(
        [
            heading(_("What became of it"), className="became-title"),
            html.P(again) if again else None,
            html.Ol([html.Li(_step(step)) for step in said.steps], className="history"),
        ],
        className="became",
    )


def _step(step: Step) -> list[Any]:
    file = _("the file for {quarter}", quarter=step.period)
    linked = html.A(file, href=f"/submission/{step.submission}") if step.submission else file
    cells = [
        html.Li([f"{title}: ", html.Del(_flat(was)), " → ", html.Ins(_flat(now))]) for title, was, now in step.cells
    ]
    return [
        html.P([html.Strong(_(KINDS[step.kind])), f", {day(step.at)}, ", linked]),
        html.Ul(cells) if cells else None,
    ]


def _flat(said: str) -> str:
    return said.replace(BETWEEN, "; ") or _("empty")
