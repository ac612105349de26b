"""/actions: which actions are open, who leads them, and which are late?"""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import Input, Output, State, dcc, html, no_update

from dashboard.coordination import actions as door
from dashboard.reference.text import N_, _, n_
from dashboard.reports import action_calendar, actions
from dashboard.reports.action_ageing import WAYS
from dashboard.reports.actions import UNFINISHED, Action
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.guard import callback, current_viewer, house, page
from pages import action as open_action
from pages import action_parts, action_several

QUESTION = N_("Which actions are open, who leads them, and which are late?")
NAMES = ("country", "state", "lead", "overdue", "by", "as_of", "action")
ALL_STATES, OWN, YES = "all", "own", "yes"


def layout(
    country: str = "",
    state: str = "",
    lead: str = "",
    overdue: str = "",
    by: str = "",
    as_of: str = "",
    action: str = "",
    **_other: str,
) -> html.Div:
    """The filters, the action that is open, and the list below it."""
    viewer, home, then = moments.looking(as_of)
    countries, leads = actions.choices(viewer, home, then.version)
    own = [(OWN, _("Yours: leads or supports"))] if viewer.organisation_code else []
    facts, form, shown = open_action.opened(action, as_of)
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), [("", _("All countries")), *countries], country),
                    filters.select(
                        "state",
                        _("State"),
                        [("", _("Still to do")), (ALL_STATES, _("All states"))]
                        + [(key, _(words)) for key, words in door.STATES.items()],
                        state,
                    ),
                    filters.select("lead", _("Led by"), [("", _("All organisations")), *own, *leads], lead),
                    filters.select("overdue", _("Due date"), [("", _("Any")), (YES, _("Only overdue"))], overdue),
                    filters.select(
                        "by",
                        _("Counted by"),
                        [("", _("Country, or who leads")), *((key, _(words)) for key, words in WAYS.items())],
                        by,
                    ),
                    moments.chooser(as_of),
                    # Which action is open stands in the address like a filter; the links of the list set it.
                    dbc.Input(id=filters.identity("action"), type="hidden", value=action),
                ]
            ),
            html.Section(
                [
                    html.Div(facts, id="action-facts"),
                    html.Div([html.Div(id="action-said", role="status"), html.Div(form, id="action-form")]),
                ],
                id="action",
                className="record open-action",
                **marks.aria(label=_("The open action")),
            ),
            html.Div(results(country, state, lead, overdue, by, as_of, action), id="actions-results"),
            dcc.Store(id="action-shown", data=shown),
            dcc.Store(id="actions-saved"),
        ]
    )


def results(country: str, state: str, lead: str, overdue: str, by: str, as_of: str, action: str) -> list[Any]:
    """Everything below the filters and the open action; `action` is the code of that one."""
    viewer, home, then = moments.looking(as_of)
    found = actions.actions(
        viewer,
        home,
        country=country,
        state={"": UNFINISHED, ALL_STATES: ""}.get(state, state),
        lead="" if lead == OWN else lead,
        overdue=overdue == YES,
        mine=lead == OWN,
        by=by,
        version=then.version,
    )
    head = components.page_head(_(QUESTION), found.answer)
    parts: list[Any] = [
        html.Div([moments.banner(then), head], className="page-head"),
        dcc.Store(id="actions-drawn", data=_heads()),
    ]
    if not found.rows:
        return [*parts, _nothing(found.counts.total)]
    asked = {"country": country, "state": state, "lead": lead, "overdue": overdue, "by": by, "as_of": then.key}
    several = len({a.country for a in found.rows}) > 1
    return [
        *parts,
        html.P(_intro(found, asked, action, then.past), className="figure-subtitle list-links"),
        *([html.P(_left(found.counts.left))] if found.counts.left else []),
        html.Div(
            [_list(found.rows, asked, several, action), tables.foot(found.table, "actions")],
            className="table-figure",
            id="actions-list",
        ),
        *(
            [
                html.H2(_("Where the open actions stand")),
                tables.data_table(found.standing, figure_id="actions-standing"),
            ]
            if len(found.standing.frame) > 1 or by
            else []
        ),
    ]


def _intro(found: actions.Actions, asked: dict[str, str], action: str, past: bool) -> list[Any]:
    """What can be done with the list; while an action is open, how to close it."""
    yours = 0 if past else sum(a.may_change for a in found.rows)
    said = (
        n_("You may change {count} of these: open it.", "You may change {count} of these: open one.", yours)
        if yours
        else _("Open an action to read what happened to it.")
    )
    links = [html.A(_("Change several at once"), href=action_several.address(asked))] if yours > 1 else []
    if not past and any(not a.closed for a in found.rows):
        owner = {"organisation": current_viewer().organisation_code if asked["lead"] == OWN else asked["lead"]}
        links.append(
            html.A(
                _("Due dates for a calendar (.ics)"),
                href=action_calendar.address(country=asked["country"], **owner),
                download="",
            )
        )
    if action:
        links.append(html.A(_("Close the open action"), href=action_parts.address(asked) + f"#{action}"))
    return [html.Span(said), *links]


def _left(count: int) -> str:
    return n_(
        "{count} open action is led by an organisation that is not in the latest register.",
        "{count} open actions are led by organisations that are not in the latest register.",
        count,
    )


def _heads() -> list[int]:
    """The versions at which what this page shows last moved."""
    head = house().store.head()
    return [head.figures, head.coordination]


def _nothing(total: int) -> html.Div:
    if total:
        return components.empty(_("No action fits this choice."), _("Show all actions."), "/actions?state=all")
    return components.empty(
        _("No action has been agreed for this choice."),
        _("The coordinating body sends what was agreed with the dataset “Actions agreed by the mechanism”."),
        "/submit",
    )


# --- the list ---


def _list(rows: tuple[Action, ...], asked: dict[str, str], several: bool, action: str) -> html.Table:
    titles = [
        _("Action, and what it changes for the survivor"),
        _("Leads"),
        _("Due"),
        _("State"),
        _("Last note"),
    ]
    # Roles are written out: as blocks on a phone the rows would else be no table for a screen reader.
    return html.Table(
        [
            html.Caption(_("Actions"), className="visually-hidden"),
            html.Thead(
                html.Tr([html.Th(title, scope="col", role="columnheader") for title in titles], role="row"),
                role="rowgroup",
            ),
            html.Tbody([_row(a, asked, several, titles, a.action_code == action) for a in rows], role="rowgroup"),
        ],
        className="tracker",
        role="table",
    )


def _row(found: Action, asked: dict[str, str], several: bool, titles: list[str], shown: bool) -> html.Tr:
    where = [found.action_code, *([found.country_name] if several else []), found.corridor_title]
    href = action_parts.address(asked, action=found.action_code) + "#action"
    cells = [
        action_parts.led_by(found),
        action_parts.due_date(found),
        action_parts.standing(found),
        action_parts.last_note(found),
    ]
    labelled: list[dict[str, Any]] = [{"data-label": title} for title in titles[1:]]
    return html.Tr(
        [
            html.Th(
                [
                    html.Small(" · ".join(filter(None, where))),
                    html.A(found.title, href=href, **(marks.aria(current="true") if shown else {})),
                    html.Span(found.changes_for_survivor, className="survivor"),
                    *([action_parts.flag()] if found.restricts else []),
                ],
                scope="row",
                role="rowheader",
            ),
            *(html.Td(cell, role="cell", **label) for cell, label in zip(cells, labelled, strict=True)),
        ],
        id=found.action_code,
        role="row",
        className="shown" if shown else None,
    )


@callback(
    Output("actions-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("actions-saved", "data"),
    Input("head", "data"),
    State("actions-drawn", "data", allow_optional=True),
    permission="view actions",
    prevent_initial_call=True,
)
def redraw(
    country: str,
    state: str,
    lead: str,
    overdue: str,
    by: str,
    as_of: str,
    action: str,
    _saved: Any,
    _head: Any,
    drawn: Any,
) -> Any:
    """Draw the list anew when a filter changed, something was saved here, or actions moved elsewhere."""
    if open_action.only_head() and drawn == _heads():
        return no_update
    return results(*map(filters.chosen, (country, state, lead, overdue, by, as_of, action)))


page(
    __name__,
    path="/actions",
    title=N_("Actions"),
    permission="view actions",
    layout=layout,
    nav=N_("Actions"),
    order=15,
    requirements=("R50", "R81", "R108", "R110", "R124"),
)
