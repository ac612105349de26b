"""What pages say of an action: who leads, when it is due, how it stands, what happened to it. Never changes one."""

from __future__ import annotations

import re
import textwrap
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.protection.policy import Viewer
from dashboard.reference.text import _, day, moment, n_, words
from dashboard.reports import action_words, actions
from dashboard.reports.actions import Action
from dashboard.reports.moments import Moment
from dashboard.web import components, marks
from dashboard.web.guard import house

SHORT = 140
"""So many characters of a note stand in the list; the open action has all of it."""
_ADDRESS = re.compile(r"https://[^\s<>\"]+")


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


def facts(viewer: Viewer, found: Action, then: Moment) -> list[Any]:
    """All that is known of one action, and what happened to it."""
    steps = actions.history(viewer, house(), found.action_code, then.version)
    rows: list[tuple[str, Any]] = [
        (_("State"), standing(found)),
        (_("Due"), due_date(found)),
        (_("First due"), day(found.first_due)),
        (_("Leads"), led_by(found, all_of_them=True)),
        (_("Corridor"), found.corridor_title or _("Whole country")),
        (_("Plan action it carries"), _lines(found.plan_actions)),
        (_("Part of the plan"), _lines(found.plan_parts)),
        (_("Indicator it serves"), _indicator(found)),
        (_("Evidence"), [html.P([*linked(e.said), html.Small(f"{e.by}, {day(e.at)}")]) for e in found.evidence]),
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
        *([_left(found)] if found.lead_left and not found.closed else []),
        html.Dl([html.Div([html.Dt(title), html.Dd(value)]) for title, value in rows if value]),
        html.H3(_("What happened to it")),
        html.Ol(
            [
                *map(step, steps),
                html.Li([html.Strong(agreed), f", {day(found.agreed_on)}"]),
            ],
            className="history",
        ),
        html.P(html.A(_("Show it in the list"), href=f"#{found.action_code}")),
    ]


def step(step: actions.Step) -> html.Li:
    """One change: what, when, by whom, and what was said."""
    parts: list[Any] = [f"{moment(step.at)}, {step.by} ({step.organisation})"]
    if step.what:
        parts = [html.Strong("; ".join(step.what)), ", ", *parts]
    if step.undone:
        parts.append(html.Small(_("Taken back later; it counts for nothing."), className="undone"))
    if step.note:
        parts.append(html.Blockquote(step.note))
    if step.evidence:
        parts.append(html.P([html.Small(_("Evidence:")), " ", *linked(step.evidence)]))
    return html.Li(parts)


def linked(said: str) -> list[Any]:
    """The text, with each address of the web in it as a link that tells nobody where it was followed from."""
    parts: list[Any] = []
    end = 0
    for found in _ADDRESS.finditer(said):
        address = found[0].rstrip(".,;:!?)]”’'")
        parts += [said[end : found.start()], html.A(address, href=address, rel="noopener noreferrer nofollow")]
        end = found.start() + len(address)
    return [part for part in [*parts, said[end:]] if part != ""]


def _lines(said: tuple[str, ...]) -> list[Any]:
    return [html.Div(one) for one in said]


def _left(found: Action) -> html.Div:
    return components.notice(
        "warning",
        _("Who leads is no member any more"),
        _(
            "{lead} is not in the latest register of its country. Until another organisation leads, the coordinating"
            " body of {country} may change the action; it names the new lead in the next list of actions that it"
            " sends. What was done so far stays.",
            lead=found.lead_name,
            country=found.country_name,
        ),
    )


def _indicator(found: Action) -> Any:
    if not found.indicator_code:
        return None
    return html.A(found.indicator, href=f"/indicator/{found.indicator_code}")
