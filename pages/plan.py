"""/plan: how far is the national action plan, what does it cost, and what in it needs a second look?"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, html

from dashboard.charts import resourcing as money_chart
from dashboard.charts import stacked
from dashboard.reference import text
from dashboard.reference.text import N_, _, n_
from dashboard.reports import places, plan
from dashboard.reports.plan import Plans
from dashboard.reports.plan_register import Plan, PlanAction
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.figure import figure
from dashboard.web.guard import callback, page
from dashboard.web.marks import aria

QUESTION = N_("How far is the national action plan, what does it cost, and what needs a second look?")
NAMES = ("country", "plan", "as_of")


def layout(country: str = "", plan: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    listed, country, found = _asked(viewer, home, then, country, plan)
    none = _("None shown to you") if found.part else _("None yet")
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), listed or [("", none)], country if listed else ""),
                    filters.select(
                        "plan",
                        _("Plan"),
                        [(p.code, p.title) for p in found.plans] or [("", none)],
                        found.chosen.code if found.chosen else "",
                    ),
                    moments.chooser(as_of),
                ],
                clear=False,
            ),
            html.Div(results(country, plan, as_of), id="plan-results"),
        ]
    )


def _asked(viewer: Any, home: Any, then: Any, country: str, code: str) -> tuple[list[tuple[str, str]], str, Plans]:
    """Countries with a plan, the one that is shown, and what is known of it."""
    listed = plan.countries(viewer, home, then.version)
    country = places.usual(viewer, home, [c for c, _name in listed], country)
    return listed, country, plan.plan(viewer, home, country=country, plan=code, version=then.version)


def results(country: str, code: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    _listed, country, found = _asked(viewer, home, then, country, code)
    head = moments.head(then, _(QUESTION), found.answer)
    if found.chosen is None:
        return [
            head,
            components.empty(
                _("There is no plan here that you can read."),
                _("See all registers; a coordinator sends plans with the dataset “National action plans”."),
                "/register",
            ),
        ]
    parts: list[Any] = [head]
    if found.flags:
        parts.append(
            components.notice(
                "warning",
                n_("{count} thing needs a second look", "{count} things need a second look", len(found.flags)),
                html.Ul([html.Li([html.Strong(f"{what}: "), which]) for what, which in found.flags]),
            )
        )
    if found.actions and not found.part:  # bars of what she reads would be taken for those of the plan
        parts.append(
            figure(
                found.pillars,
                stacked.bars(found.pillars, panel="group", label="pillar"),
                figure_id="plan-pillars",
                title=found.finding,
                subtitle=_("Number of actions by state, {plan}", plan=found.chosen.title),
                reading=_("The longer the dark part, the more of a pillar's actions are done."),
            )
        )
    parts += [
        _money(found),
        _life(home, found),
        *_actions(home, found, then.key),
    ]
    return [part for part in parts if part is not None]


def _money(found: Plans) -> Any:
    """What the plan costs beside what was found for it: two numbers, and the gap."""
    table = found.money.table
    if not found.current:
        return None
    if table.frame.empty:
        none = (
            _("No budget report is shown to you here.")
            if found.part
            else _("No organisation of this country has reported a budget yet.")
        )
        return html.Section(
            [html.H2(_("What does it cost, and what was found?")), html.P(none, className="muted")],
        )
    if found.part:  # a share of what her own organisation reported is none of the plan's cost
        return html.Section(
            [
                html.H2(_("Cost and what was found for it, as your own organisation reported it")),
                tables.data_table(table, figure_id="plan-money"),
            ]
        )
    return figure(
        table,
        money_chart.shares_of_cost(table),
        figure_id="plan-money",
        title=_money_said(table),
        subtitle=_("Share of the cost, by what was found for it; as reported up to {period}", period=table.period),
        reading=_("Cost is what the actions need, committed what somebody has promised: two numbers, never one."),
    )


def _money_said(table: Any) -> str:
    if len(table.frame) != 1:
        return _("Cost and what was found for it, by currency")
    row = table.frame.iloc[0]
    if not row["cost"]:
        return _("The cost of the budget lines is not reported")
    return _(
        "The budget lines that were reported cost {currency} {cost}, of which {committed} is committed",
        currency=row["currency"],
        cost=text.number(row["cost"]),
        committed=text.number(row["committed"] or 0),
    )


def _life(home: Any, found: Plans) -> html.Section:
    """Each plan of the country with the days of its life, apart from the time that it is for."""
    return html.Section(
        [
            html.H2(_("Which plan came before, which one follows?"), id="plan-life"),
            html.Ol(
                [html.Li(_plan(home, one, found), className=_place(one)) for one in found.plans], className="lives"
            ),
        ],
        **aria(labelledby="plan-life"),
    )


def _place(one: Plan) -> str:
    return "sub" if one.said("parent_plan") else ""


def _plan(home: Any, one: Plan, found: Plans) -> list[Any]:
    chosen = found.chosen is not None and one.code == found.chosen.code
    title = html.Strong(one.title) if chosen else html.A(one.title, href=_address(one))
    state = home.library.title("plan_states", one.state)
    line = _("{state}. Period: {period}.", state=state, period=one.period)
    late = (
        n_("Approved {count} day after its period began.", "Approved {count} days after its period began.", one.late)
        if one.late
        else ""
    )
    return [
        html.P(
            [
                title,
                " ",
                *([] if one.verified else [marks.status("not verified"), " "]),
                html.Span(line, className="muted"),
            ]
        ),
        html.Ol(
            [
                html.Li(
                    [html.Span(words), " ", html.Span(text.day(day) if day else _("not reported"), className="muted")],
                    className="passed" if day else "ahead",
                )
                for words, day in one.steps
                if day or words not in (_("Under review"), _("Closed"))
            ],
            className="steps",
        ),
        *([html.P(late, className="muted")] if late else []),
    ]


def _address(one: Plan) -> str:
    return "/plan?" + urlencode({"country": one.country, "plan": one.code})


def _actions(home: Any, found: Plans, as_of: str) -> list[Any]:
    if not found.actions:
        none = (
            _("No action of this plan is shown to you.")
            if found.part
            else _("No action of this plan is registered yet.")
        )
        return [html.P(none, className="muted")]
    parts: list[Any] = [html.H2(_("What does it do, pillar by pillar?"))]
    for pillar, listed in found.by_pillar.items():
        parts.append(
            html.Details(
                [
                    html.Summary(
                        [
                            html.Strong(pillar),
                            " ",
                            html.Span(
                                "" if found.part else n_("{count} action", "{count} actions", len(listed)),
                                className="muted",
                            ),
                        ]
                    ),
                    *(_action(home, one, as_of, found.part) for one in listed),
                ],
                className="pillar",
            )
        )
    return parts


def _action(home: Any, one: PlanAction, as_of: str, part: str) -> html.Article:
    title = home.library.title
    costs = (
        _("Cost and what is committed, as your own organisation reported it")
        if part
        else _("Cost and what is committed")
    )
    said: list[tuple[str, Any]] = [
        (_("What changes for the survivor"), one.said("changes_for_survivor")),
        (_("Leads"), one.lead),
        (_("Outcome"), one.said("outcome")),
        (_("Output"), one.said("output")),
        (_("Norms"), _links("/norms", [(title("instruments", c), {}) for c in one.many("instruments")])),
        (_("Indicators"), _indicators(home, one)),
        (_("Key questions"), "; ".join(title("key_questions", c) for c in one.many("key_questions"))),
        (_("Forms of violence"), "; ".join(title("forms_of_violence", c) for c in one.many("forms_of_violence"))),
        (_("Settings"), "; ".join(title("settings", c) for c in one.many("settings"))),
        (costs, _cost(one)),
    ]
    if tracked := one.said("tracked_action"):
        where = "/actions?" + urlencode({k: v for k, v in {"action": tracked, "as_of": as_of}.items() if v})
        said.append((_("Followed by the committee"), html.A(tracked, href=where)))
    flags = []
    if one.restricts:
        flags.append(html.Li(_("Limits women's work or migration: not rights-based, counted as no progress.")))
    if one.unmeasured:
        flags.append(html.Li(_("Made for women migrant workers, without an indicator of its own.")))
    return html.Article(
        [
            html.H3([one.said("title"), " ", html.Small(one.code), " ", _state(one)]),
            *([html.Ul(flags, className="caveats")] if flags else []),
            html.Dl([html.Div([html.Dt(words), html.Dd(value)]) for words, value in said if value]),
        ],
        className="record",
        id=one.code,
    )


def _state(one: PlanAction) -> html.Span:
    return marks.span(marks.action(one.state))


def _indicators(home: Any, one: PlanAction) -> Any:
    known = [
        html.A(_(home.library.indicators[code].title), href=f"/indicator/{code}")
        for code in one.many("indicators")
        if code in home.library.indicators
    ]
    return _apart(known)


def _links(address: str, named: list[tuple[str, dict[str, str]]]) -> Any:
    return _apart([html.A(words, href=address + (f"?{urlencode(q)}" if q else "")) for words, q in named])


def _apart(parts: list[Any]) -> list[Any]:
    joined: list[Any] = []
    for part in parts:
        joined += [part] if not joined else ["; ", part]
    return joined


def _cost(one: PlanAction) -> str:
    return "; ".join(
        _(
            "{currency} {cost}, {committed} committed",
            currency=currency,
            cost=text.number(cost),
            committed=text.number(committed),
        )
        for currency, (cost, committed) in one.money.items()
    )


@callback(
    Output("plan-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, code: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    return results(*map(filters.chosen, (country, code, as_of)))


page(
    __name__,
    path="/plan",
    title=N_("Plan"),
    permission="view coverage",
    layout=layout,
    nav=N_("Plan"),
    order=10,
    charts=True,
    requirements=("R29", "R36", "R50", "R81", "R116", "R117", "R119"),
)
