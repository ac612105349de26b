"""The action that is open on /actions: what is known of it, the form to change it, and what saving does."""

from __future__ import annotations

import textwrap
from datetime import date
from typing import Any
from urllib.parse import urlencode

import dash_bootstrap_components as dbc
from dash import ALL, Input, Output, State, ctx, html, no_update

from dashboard.coordination import actions as door
from dashboard.protection.policy import Refused, Viewer
from dashboard.reference.text import _, day, moment, n_, words
from dashboard.reports import action_words, actions
from dashboard.reports.actions import Action
from dashboard.reports.moments import Moment
from dashboard.web import components, filters, marks, moments
from dashboard.web.guard import callback, current_viewer, house

SHORT = 140
"""So many characters of a note stand in the list; the open action has all of it."""


def address(asked: dict[str, str], **more: str) -> str:
    """The page with these filters; empty ones are left out."""
    return "/actions?" + urlencode({name: value for name, value in (asked | more).items() if value})


def flag() -> html.Span:
    """That a measure may take a right away: a mark and the words."""
    return html.Span(marks.span(marks.Mark("question", _(action_words.RESTRICTS))), className="flag")


def _names(names: tuple[str, ...], all_of_them: bool) -> str:
    if all_of_them or len(names) == 1:
        return words(list(names))
    return n_("{name} and {count} other", "{name} and {count} others", len(names) - 1, name=names[0])


def led_by(found: Action, all_of_them: bool = False) -> list[Any]:
    """Who leads, and with whom; in the list the first of many stands for all."""
    return [
        found.lead_name,
        *([html.Small(_("not in the latest register"))] if found.lead_left else []),
        *([html.Small(_("with {names}", names=_names(found.support_names, all_of_them)))] if found.support else []),
    ]


def due_date(found: Action) -> list[Any]:
    """When it is due, how late it is, and how often that moved."""
    moved = action_words.slips(found.moves, found.slip_days)
    return [
        html.Span(day(found.due_on), className="day"),
        *([html.Strong(action_words.late(found.days_overdue), className="late")] if found.days_overdue else []),
        *([html.Small(moved)] if moved else []),
    ]


def standing(found: Action) -> list[Any]:
    """Its state, and since when."""
    late = found.state == "done" and not found.on_time
    return [
        marks.span(marks.action(found.state)),
        html.Small(_("since {day}", day=day(found.state_on))),
        *([html.Small(_("after its due date"))] if late else []),
    ]


def last_note(found: Action) -> list[Any]:
    """What was said last, in short, by which organisation and when."""
    if not found.note or found.note_at is None:
        return [html.Small(_("None yet"), className="nothing")]
    said = textwrap.shorten(found.note, SHORT, placeholder=" …") or found.note[:SHORT]
    return [said, html.Small(f"{found.note_by}, {day(found.note_at)}")]


# --- the open action ---


def opened(action: str, as_of: str, kept: dict[str, str] | None = None) -> tuple[Any, Any, dict[str, str]]:
    """What is known of one action, the form to change it, and what the page will have shown then.

    `kept` is what somebody had typed (state, due, note) and the form is to hold again.
    """
    viewer, home, then = moments.looking(as_of)
    shown = {"code": action, "as_of": then.key, "event": "", "state": "", "due": "", "stamp": ""}
    if not action:
        return None, None, shown
    try:
        found = actions.action(viewer, home, action, then.version)
    except Refused as refused:
        return [html.H2(_("This action cannot be shown")), html.P(str(refused))], None, shown
    shown |= {
        "event": found.last_event,
        "state": found.state,
        "due": found.due_on.isoformat(),
        "stamp": found.stamp,
    }
    return _facts(viewer, found, then), _form(viewer, found, then, shown | {"note": ""} | (kept or {})), shown


def _facts(viewer: Viewer, found: Action, then: Moment) -> list[Any]:
    steps = actions.history(viewer, house(), found.action_code, then.version)
    rows: list[tuple[str, Any]] = [
        (_("State"), standing(found)),
        (_("Due"), due_date(found)),
        (_("First due"), day(found.first_due)),
        (_("Leads"), led_by(found, all_of_them=True)),
        (_("Corridor"), found.corridor_title or _("Whole country")),
        (_("Indicator it serves"), _indicator(found)),
    ]
    agreed = _("Agreed at: {meeting}", meeting=found.agreed_at) if found.agreed_at else _("Agreed")
    return [
        html.P(f"{found.action_code} · {found.country_name}", className="figure-subtitle"),
        html.H2(found.title),
        html.P([html.Strong(_("For the survivor:")), " ", found.changes_for_survivor], className="answer"),
        *(
            [components.notice("warning", _(action_words.RESTRICTS), _(action_words.RESTRICTS_MEANS))]
            if found.restricts
            else []
        ),
        html.Dl([html.Div([html.Dt(title), html.Dd(value)]) for title, value in rows if value]),
        html.H3(_("What happened to it")),
        html.Ol(
            [
                *map(_step, steps),
                html.Li([html.Strong(agreed), f", {day(found.agreed_on)}"]),
            ],
            className="history",
        ),
        html.P(html.A(_("Show it in the list"), href=f"#{found.action_code}")),
    ]


def _step(step: actions.Step) -> html.Li:
    parts: list[Any] = [f"{moment(step.at)}, {step.by} ({step.organisation})"]
    if step.what:
        parts = [html.Strong("; ".join(step.what)), ", ", *parts]
    if step.note:
        parts.append(html.Blockquote(step.note))
    return html.Li(parts)


def _indicator(found: Action) -> Any:
    if not found.indicator_code:
        return None
    return html.A(found.indicator, href=f"/indicator/{found.indicator_code}")


def _form(viewer: Viewer, found: Action, then: Moment, values: dict[str, str]) -> Any:
    if then.past:
        return None
    if not found.may_change:
        return html.P(
            _(
                "{lead}, which leads, and the coordinating body of {country} may change this action.",
                lead=found.lead_name,
                country=found.country_name,
            ),
            className="hint",
        )
    return html.Div(
        [
            html.H3(_("Change it")),
            html.Div(
                [
                    dbc.Label(_("State"), html_for="action-state"),
                    dbc.Select(
                        id="action-state",
                        value=values["state"],
                        options=[{"value": key, "label": _(words)} for key, words in door.STATES.items()],
                    ),
                ],
                className="field",
            ),
            html.Div(
                [
                    dbc.Label(_("Due date"), html_for="action-due"),
                    dbc.Input(
                        id="action-due",
                        type="date",
                        value=values["due"],
                        min=found.agreed_on.isoformat(),
                        max=door.latest_due(viewer.today).isoformat(),
                    ),
                ],
                className="field",
            ),
            html.Div(
                [
                    dbc.Label(_("Note"), html_for="action-note"),
                    html.P(
                        _(
                            "Needed when the due date moves, and for what is blocked, dropped or opened again."
                            " Never about a person."
                        ),
                        className="hint",
                        id="action-note-hint",
                    ),
                    dbc.Textarea(id="action-note", value=values["note"], maxLength=door.LONGEST, rows=3),
                ],
                className="field",
            ),
            dbc.Button(
                _("Save the change"), id={"type": "action-save", "code": found.action_code}, color="primary", n_clicks=0
            ),
        ],
        className="actions",
    )


# --- what happens ---


def only_head() -> bool:
    """Whether a callback runs only because the record moved."""
    return {t["prop_id"] for t in ctx.triggered} == {"head.data"}


@callback(
    Output("action-facts", "children"),
    Output("action-form", "children"),
    Output("action-said", "children"),
    Output("action-shown", "data"),
    Output("actions-saved", "data"),
    Input({"type": "filter", "name": "action"}, "value"),
    Input({"type": "filter", "name": "as_of"}, "value"),
    Input({"type": "action-save", "code": ALL}, "n_clicks"),
    Input("head", "data"),
    State("action-state", "value", allow_optional=True),
    State("action-due", "value", allow_optional=True),
    State("action-note", "value", allow_optional=True),
    State("action-shown", "data"),
    permission="view actions",
    prevent_initial_call=True,
)
def step(
    action: str, as_of: str, _clicks: Any, _head: Any, state: Any, due: Any, note: Any, shown: Any
) -> tuple[Any, ...]:
    """Save what was typed, open another action, or show what somebody else changed. The door decides who may.

    What is to be done is read from the values, and only a save from what was clicked: where the record moves while an
    answer is under way, the browser asks again and drops that answer.
    """
    known = {key: filters.chosen(value) for key, value in shown.items()} if isinstance(shown, dict) else {}
    typed = {
        "state": filters.chosen(state),
        "due": filters.chosen(due),
        "note": " ".join(note.split()) if isinstance(note, str) else "",
    }
    action, as_of = filters.chosen(action), moments.looking(filters.chosen(as_of))[2].key
    if (action, as_of) != (known.get("code", ""), known.get("as_of", "")):
        facts, form, now = opened(action, as_of)
        return facts, form, None, now, no_update
    if any(t["value"] for t in ctx.triggered if "action-save" in t["prop_id"]):
        return _save(known, typed)
    return _follow(known, typed)


def _save(known: dict[str, str], typed: dict[str, str]) -> tuple[Any, ...]:
    """Hand to the door what differs from what the page showed; what is refused stays typed."""
    viewer, home, code = current_viewer(), house(), known.get("code", "")
    try:
        version = door.change(
            viewer,
            home,
            code,
            state=typed["state"] if typed["state"] != known.get("state") else None,
            due_on=_day(typed["due"]) if typed["due"] != known.get("due") else None,
            note=typed["note"],
            knowing=known.get("event", ""),
        )
    except door.NewerChange as newer:
        if _is_saved(viewer, code, typed):
            return _saved(code, no_update)
        # What she did not touch follows the other change, so that the form asks for nothing that she did not mean.
        kept = {name: value for name, value in typed.items() if value != known.get(name, "")}
        facts, form, now = opened(code, "", kept)
        return facts, form, components.notice("warning", _("Somebody else was first"), str(newer)), now, no_update
    except (door.NotPossible, Refused) as error:
        return no_update, no_update, components.notice("warning", _("Not saved"), str(error)), no_update, no_update
    return _saved(code, version)


def _saved(code: str, version: Any) -> tuple[Any, ...]:
    facts, form, now = opened(code, "")
    said = _("Everybody sees it now, with your name and the time.")
    return facts, form, components.notice("success", _("The change is saved"), said), now, version


def _is_saved(viewer: Viewer, code: str, typed: dict[str, str]) -> bool:
    """Whether the last change is the viewer's own and holds what she typed: then it came through, answer or not."""
    try:
        found = actions.action(viewer, house(), code)
    except Refused:
        return False
    held = {"state": found.state, "due": found.due_on.isoformat(), "note": found.note}
    return found.last_by == viewer.account_id and all(typed[name] in ("", held[name]) for name in held)


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError as error:
        raise door.NotPossible(_("“{day}” is no date. Write it as 2026-09-30.", day=typed[:20])) from error


def _follow(known: dict[str, str], typed: dict[str, str]) -> tuple[Any, ...]:
    """Show what somebody else changed in the open action, and never touch what is being typed."""
    if not known.get("code") or known.get("as_of"):
        return (no_update,) * 5
    facts, form, now = opened(known["code"], "")
    if now["stamp"] == known.get("stamp"):
        return (no_update,) * 5
    untouched = not typed["note"] and all(typed[name] in ("", known.get(name)) for name in ("state", "due"))
    if not untouched and _is_saved(current_viewer(), known["code"], typed):
        return _saved(known["code"], no_update)
    if untouched:
        said = components.notice("info", _("Changed just now"), _("What you see is how it stands now."))
        return facts, form, said, now, no_update
    said = components.notice(
        "warning",
        _("Changed by somebody else just now"),
        _("What you typed is still here and not saved. Look at the change before you save."),
    )
    return facts, no_update, said, known | {"stamp": now["stamp"]}, no_update
