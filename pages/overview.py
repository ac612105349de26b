"""/overview: where does the plan stand, and what waits for me?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, html

from dashboard.reference import periods
from dashboard.reference.text import N_, _, day, n_, number
from dashboard.reports import action_words, overview, reporting, since
from dashboard.reports.overview import Overview
from dashboard.web import cards, components, filters, moments
from dashboard.web.guard import callback, page
from dashboard.web.marks import aria
from pages import action_parts

QUESTION = N_("Where does the plan stand, and what waits for me?")
KINDS = {
    "mend": N_("To mend"),
    "send": N_("To send"),
    "finish": N_("To submit"),
    "review": N_("To review"),
    "release": N_("To decide"),
    "action": N_("Action"),
    "training": N_("Training"),
}
NAMED = 8
"""So many late actions and silent organisations are named; the rest is a number and a link."""


def layout(country: str = "", period: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The choice of country, quarter and moment, and the answer below it."""
    viewer, home, then = moments.looking(as_of)
    countries, quarters = overview.choices(viewer, home, then.version)
    usual, last = overview.chosen(viewer, home, countries, quarters, "", "")
    named = [(q, periods.parse(q).label) for q in quarters]
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), countries, country, usual),
                    filters.select("period", _("Quarter"), named, period, last),
                    moments.chooser(as_of),
                ]
            ),
            html.Div(results(country, period, as_of), id="overview-results"),
        ]
    )


def results(country: str, period: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    found = overview.overview(viewer, home, then, country=country, period=period)
    parts = [
        moments.head(then, _(QUESTION), found.answer),
        html.Div([_headlines(found), _waiting(found)], className="overview-top")
        if not then.past
        else _headlines(found),
        html.Div([_moved(found, as_of), _silent(found), _late(found)], className="overview-parts"),
    ]
    return [part for part in parts if part is not None]


def _waiting(found: Overview) -> html.Section:
    """What waits for whoever is looking: on top, because nobody else will do it."""
    title = html.H2(_("What waits for you today"), id="waiting-title")
    if not found.waiting:
        said: Any = html.P(_("Nothing waits for you."))
    else:
        said = html.Ul(
            [
                html.Li(
                    [
                        html.Span(_(KINDS[item.kind]), className="waiting-kind"),
                        html.A(item.title, href=item.href) if item.href else html.Span(item.title),
                        html.Span(item.until, className="late" if item.overdue else "until") if item.until else None,
                    ]
                )
                for item in found.waiting
            ],
            className="waiting-list",
        )
    hers = n_(
        "{count} open action that your organisation leads or supports",
        "All {count} open actions that your organisation leads or supports",
        found.hers,
    )
    more = html.P(html.A(hers, href="/actions?country=&lead=own")) if found.hers else None
    new = html.P(html.A(_("New here? What the mechanism is, and what is expected of you"), href="/welcome"))
    return html.Section([title, said, more, new], className="waiting", **aria(labelledby="waiting-title"))


def _headlines(found: Overview) -> html.Section:
    """Six figures at most, each with its change, its milestone and its caveat."""
    quarter = periods.parse(found.period).label
    title = _("Headline figures of {country}, {period}", country=found.country_name, period=quarter)
    if not found.headlines:
        body: Any = components.empty(title, _("No value has been accepted yet. See what is measured."), "/indicators")
    else:
        body = html.Div([cards.card(card, headline=True) for card in found.headlines], className="cards headlines")
    return html.Section([html.H2(title, id="headlines-title"), body], **aria(labelledby="headlines-title"))


def _moved(found: Overview, as_of: str) -> html.Section:
    said: Any = html.Ul([html.Li(sentence) for sentence in found.moved]) if found.moved else html.P(_("Nothing moved."))
    every = html.P(
        html.A(_("Everything that changed since, and as a table"), href=since.address(found.country, later=as_of))
    )
    return html.Section([html.H2(found.since), said, every])


def _silent(found: Overview) -> html.Section:
    due, quarter = found.reporting, periods.parse(found.period).label
    silent = due.standing("missing", "returned")
    open_still = found.today <= due.due_on
    received = len(due.standing(*reporting.RECEIVED))
    said = {"period": quarter}
    if silent:
        title = _("Who has not reported for {period}", **said)
    elif due.files and received == len(due.files):
        title = (
            _("Your organisation has reported for {period}", **said)
            if found.own_reports
            else _("Everybody has reported for {period}", **said)
        )
    else:
        title = _("Reports for {period}", **said)
    head = html.H2(title)
    if not due.files:
        nothing = (
            _("No report was expected of your own organisation.") if found.own_reports else _("No report was expected.")
        )
        return html.Section([head, html.P(nothing)])
    if open_still:
        told = _(
            "{received} of {count} expected reports were received so far. Due: {days}.",
            received=number(received),
            count=number(len(due.files)),
            days=due.due_words,
        )
    else:
        told = n_(
            "{received} of {count} expected report was received. It was due: {days}.",
            "{received} of {count} expected reports were received. They were due: {days}.",
            len(due.files),
            received=number(received),
            days=due.due_words,
        )
    names: dict[str, list[str]] = {}
    for file in silent:
        names.setdefault(file.organisation, []).append(
            file.title if file.state == "missing" else f"{file.title} ({_(reporting.STATES[file.state]).lower()})"
        )
    listed = [html.Li([html.Strong(name), ": ", ", ".join(what)]) for name, what in list(names.items())[:NAMED]]
    more = len(names) - NAMED
    rest = html.P(n_("And {count} more organisation.", "And {count} more organisations.", more)) if more > 0 else None
    query = urlencode({"country": found.country, "period": found.period})
    link = html.P(html.A(_("Who has reported, and who is late"), href=f"/completeness?{query}"))
    return html.Section([head, html.P(told), html.Ul(listed) if listed else None, rest, link])


def _late(found: Overview) -> html.Section:
    late = found.overdue
    title = _("Late actions on {day}", day=day(found.today)) if found.past else _("Late actions today")
    head = html.H2(title)
    if not late:
        none = _("No action of your own organisation is late.") if found.own_actions else _("No action is late.")
        return html.Section([head, html.P(none), *_apart(found)])
    query = {"country": found.country}
    listed = [
        html.Li(
            [
                html.A(action.title, href="/actions?" + urlencode(query | {"action": action.action_code})),
                html.Br(),
                _("{lead}:", lead=action.lead_name),
                " ",
                html.Span(n_("{count} day late", "{count} days late", action.days_overdue), className="late"),
            ]
        )
        for action in late[:NAMED]
    ]
    more = len(late) - NAMED
    every = "/actions?" + urlencode(query | {"overdue": "yes"})
    rest = html.P(
        html.A(
            n_("And {count} more late action", "And {count} more late actions", more)
            if more > 0
            else _("Open them in the list"),
            href=every,
        )
    )
    return html.Section([head, html.Ul(listed), rest, *_apart(found)])


def _apart(found: Overview) -> list[Any]:
    """What is told apart from the late actions, with its warning."""
    if not found.apart:
        return []
    query = {"country": found.country}
    listed = [
        html.Li(
            [
                html.A(action.title, href="/actions?" + urlencode(query | {"action": action.action_code})),
                html.Br(),
                action_parts.flag(),
            ]
        )
        for action in found.apart[:NAMED]
    ]
    return [html.P(action_words.apart(len(found.apart))), html.Ul(listed)]


@callback(
    Output("overview-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in ("country", "period", "as_of")),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, period: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    return results(*map(filters.chosen, (country, period, as_of)))


page(
    __name__,
    path="/overview",
    title=N_("Overview"),
    permission="view coverage",
    layout=layout,
    nav=N_("Overview"),
    order=5,
    requirements=("R116", "R124"),
)
