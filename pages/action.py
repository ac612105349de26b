"""The action that is open on /actions: what is known of it, the form to change it, and what saving does."""

from __future__ import annotations

from datetime import date
from typing import Any

import dash_bootstrap_components as dbc
from dash import ALL, Input, Output, State, ctx, html, no_update

from dashboard.coordination import actions as door
from dashboard.protection.policy import Refused, Viewer
from dashboard.reference.text import _
from dashboard.reports import actions
from dashboard.reports.actions import Action
from dashboard.reports.moments import Moment
from dashboard.web import components, filters, moments
from dashboard.web.guard import callback, current_viewer, house
from pages import action_beside, action_parts

# --- the open action ---


def opened(action: str, as_of: str, kept: dict[str, str] | None = None) -> tuple[Any, Any, dict[str, str]]:
    """What is known of one action, the form to change it, and what the page will have shown then.

    `kept` is what somebody had typed (state, due, note, evidence) and the form is to hold again.
    """
    viewer, home, then = moments.looking(as_of)
    shown = {"code": action, "as_of": then.key, "event": "", "state": "", "due": "", "stamp": "", "steps": ""}
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
        "steps": str(len(actions.history(viewer, home, action, then.version))),
    }
    values = shown | {"note": "", "evidence": ""} | (kept or {})
    return action_parts.facts(viewer, found, then), _form(viewer, found, then, values), shown


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
            *action_beside.kept_words(),
            _field(
                "action-state",
                _("State"),
                dbc.Select(
                    id="action-state",
                    value=values["state"],
                    options=[{"value": key, "label": _(words)} for key, words in door.STATES.items()],
                ),
            ),
            _field(
                "action-due",
                _("Due date"),
                dbc.Input(
                    id="action-due",
                    type="date",
                    value=values["due"],
                    min=found.agreed_on.isoformat(),
                    max=door.latest_due(viewer.today).isoformat(),
                ),
            ),
            _field(
                "action-note",
                _("Note"),
                dbc.Textarea(id="action-note", value=values["note"], maxLength=door.LONGEST, rows=3),
                _(
                    "Needed when the due date moves, and for what is blocked, dropped or opened again."
                    " Never about a person."
                ),
            ),
            _field(
                "action-evidence",
                _("Evidence"),
                dbc.Textarea(id="action-evidence", value=values["evidence"], maxLength=door.LONGEST, rows=2),
                _("What shows it, and where: a document by its title, or its address on the web (https://…)."),
            ),
            html.Div(
                [
                    dbc.Button(
                        _("Save the change"),
                        id={"type": "action-save", "code": found.action_code},
                        color="primary",
                        n_clicks=0,
                    ),
                    *([_undo(found)] if found.undo else []),
                ],
                className="buttons",
            ),
        ],
        className="actions",
        **action_beside.keeping(
            found.action_code,
            viewer.account_id,
            found.last_event,
            {
                "action-state": found.state,
                "action-due": found.due_on.isoformat(),
                "action-note": "",
                "action-evidence": "",
            },
        ),
    )


def _field(name: str, label: str, control: Any, hint: str = "") -> html.Div:
    said = [html.P(hint, className="hint", id=f"{name}-hint")] if hint else []
    return html.Div([dbc.Label(label, html_for=name), *said, control], className="field")


def _undo(found: Action) -> dbc.Button:
    """For who made the last change: both stay in the history."""
    return dbc.Button(
        _("Take my last change back"),
        id={"type": "action-undo", "code": found.action_code},
        color="secondary",
        outline=True,
        n_clicks=0,
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
    Input({"type": "action-undo", "code": ALL}, "n_clicks"),
    Input("head", "data"),
    State("action-state", "value", allow_optional=True),
    State("action-due", "value", allow_optional=True),
    State("action-note", "value", allow_optional=True),
    State("action-evidence", "value", allow_optional=True),
    State("action-shown", "data"),
    permission="view actions",
    prevent_initial_call=True,
)
def step(
    action: str,
    as_of: str,
    _saves: Any,
    _undos: Any,
    _head: Any,
    state: Any,
    due: Any,
    note: Any,
    evidence: Any,
    shown: Any,
) -> tuple[Any, ...]:
    """Save what was typed, take a change back, open another action, or show what somebody else changed.

    The door decides who may. What is to be done is read from the values, and only a click from what was clicked: where
    the record moves while an answer is under way, the browser asks again and drops that answer.
    """
    known = {key: filters.chosen(value) for key, value in shown.items()} if isinstance(shown, dict) else {}
    typed = {
        "state": filters.chosen(state),
        "due": filters.chosen(due),
        "note": _line(note),
        "evidence": _line(evidence),
    }
    action, as_of = filters.chosen(action), moments.looking(filters.chosen(as_of))[2].key
    if (action, as_of) != (known.get("code", ""), known.get("as_of", "")):
        facts, form, now = opened(action, as_of)
        return facts, form, None, now, no_update
    clicked = " ".join(t["prop_id"] for t in ctx.triggered if t["value"])
    if "action-save" in clicked:
        return _save(known, typed)
    if "action-undo" in clicked:
        return _take_back(known, typed)
    return _follow(known, typed)


def _line(typed: Any) -> str:
    return " ".join(typed.split()) if isinstance(typed, str) else ""


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
            evidence=typed["evidence"],
            knowing=known.get("event", ""),
        )
    except door.NewerChange as newer:
        if _is_saved(viewer, code, typed):
            return _saved(code, no_update)
        # What she did not touch follows the other change, so that the form asks for nothing that she did not mean.
        kept = _touched(known, typed)
        facts, form, now = opened(code, "", kept)
        said = action_beside.both(viewer, known, kept, _("Somebody else was first"), str(newer))
        return facts, form, said, now, no_update
    except (door.NotPossible, Refused) as error:
        return no_update, no_update, components.notice("warning", _("Not saved"), str(error)), no_update, no_update
    return _saved(code, version)


def _take_back(known: dict[str, str], typed: dict[str, str]) -> tuple[Any, ...]:
    """Take the viewer's last change back, where what she sees is still how it stands; what she has typed stays."""
    viewer, home, code = current_viewer(), house(), known.get("code", "")
    kept = _touched(known, typed)
    try:
        found = actions.action(viewer, home, code)
        if found.last_event != known.get("event"):
            raise door.NotPossible(_("The action was changed since, so nothing was taken back. Look at it first."))
        version = door.undo(viewer, home, code, found.undo)
    except (door.NotPossible, Refused) as error:
        return no_update, no_update, components.notice("warning", _("Not saved"), str(error)), no_update, no_update
    return _taken_back(code, kept, version)


def _taken_back(code: str, kept: dict[str, str], version: Any) -> tuple[Any, ...]:
    facts, form, now = opened(code, "", kept)
    said = _("The action stands as before. Your change and its taking back stay in the history.")
    return facts, form, components.notice("success", _("The change is taken back"), said), now, version


def _is_taken_back(viewer: Viewer, code: str) -> bool:
    """Whether the last thing that happened is that the viewer took her change back."""
    try:
        found = actions.action(viewer, house(), code)
    except Refused:
        return False
    return found.undone and found.last_by == viewer.account_id


def _touched(known: dict[str, str], typed: dict[str, str]) -> dict[str, str]:
    """What was typed or chosen otherwise than the page showed it."""
    return {name: value for name, value in typed.items() if value != known.get(name, "")}


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
    last = found.evidence[-1].said if found.evidence else ""
    held = {"state": found.state, "due": found.due_on.isoformat(), "note": found.note, "evidence": last}
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
    untouched = (
        not typed["note"]
        and not typed["evidence"]
        and all(typed[name] in ("", known.get(name)) for name in ("state", "due"))
    )
    if not untouched and _is_saved(current_viewer(), known["code"], typed):
        return _saved(known["code"], no_update)
    if _is_taken_back(current_viewer(), known["code"]):
        return _taken_back(known["code"], _touched(known, typed), no_update)
    if untouched:
        said = components.notice("info", _("Changed just now"), _("What you see is how it stands now."))
        return facts, form, said, now, no_update
    said = action_beside.both(
        current_viewer(),
        known,
        _touched(known, typed),
        _("Changed by somebody else just now"),
        _("What you typed is still here and not saved. Look at the change before you save."),
    )
    return facts, no_update, said, known | {"stamp": now["stamp"]}, no_update
