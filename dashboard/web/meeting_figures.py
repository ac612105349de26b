"""The figure that a line of an agenda is about, as the page of that subject draws it. Never draws one of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard.charts import trend
from dashboard.charts.coverage import services_by_country
from dashboard.charts.members import seats_by_group
from dashboard.coordination.agenda import INDICATOR
from dashboard.protection.policy import Refused, Viewer
from dashboard.record.house import House
from dashboard.reference import periods
from dashboard.reference.text import _, day, n_
from dashboard.reports import (
    action_words,
    actions,
    coverage,
    decisions,
    indicator_tables,
    indicators,
    members,
    overview,
    reporting,
)
from dashboard.reports.meetings import Detail
from dashboard.reports.moments import Moment
from dashboard.web import cards, components, marks, tables
from dashboard.web.figure import figure

MOST = 6
"""So many rows of two lines fit one screen that is read from the end of the table; the rest is a number and a link."""

LOW = 320
"""Pixels that a chart of a meeting is high where it is drawn 1,200 wide."""


@dataclass(frozen=True)
class Shown:
    """What a line is about: the sentence that answers it, the figure below, and the page that has all of it.

    `named` is what the sentence counts, one by one, and `caveats` what must be known to read it: for the papers, which
    have no room for the figure.
    """

    answer: str
    figure: Any = None
    href: str = ""
    named: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()


def shown(viewer: Viewer, house: House, then: Moment, country: str, subject: str, meeting_id: str = "") -> Shown:
    """The figure of a subject (see agenda.SUBJECTS) for one country at one moment, for this viewer.

    `viewer` is as on the day of the moment, `meeting_id` the meeting that looks at it.
    What she may not see is a sentence; a subject without a figure is empty.
    """
    # Everybody in the room reads a screen: it holds no count of contacts but those that were released.
    viewer = replace(viewer, training_until=None)
    try:
        if subject.startswith(INDICATOR):
            return _indicator(viewer, house, then, country, subject.removeprefix(INDICATOR))
        if subject == "decisions":
            return _decisions(viewer, house, then, country, meeting_id)
        draw = _DRAWN.get(subject)
        return draw(viewer, house, then, country) if draw else Shown("")
    except Refused as refused:
        return Shown(str(refused))


def answers(viewer: Viewer, house: House, then: Moment, detail: Detail) -> dict[str, Shown]:
    """What each line of an agenda is about, by the id of the line; `viewer` is as for `shown`."""
    country = detail.meeting.country
    asking = detail.meeting.meeting_id
    return {line.item_id: shown(viewer, house, then, country, line.subject, asking) for line in detail.lines}


def _address(path: str, then: Moment, **query: str) -> str:
    asked = {name: value for name, value in (query | {"as_of": then.key}).items() if value}
    return f"{path}?{urlencode(asked)}" if asked else path


def _indicator(viewer: Viewer, house: House, then: Moment, country: str, code: str) -> Shown:
    if code not in house.library.indicators:
        return Shown(_("This dashboard does not have this indicator any more."))
    found = indicators.series(viewer, house, code, country=country, version=then.version)
    href = _address(f"/indicator/{code}", then, country=country)
    lean = indicator_tables.lean(found.table)
    if not indicator_tables.shown(found):
        return Shown(found.answer, _caveats(*found.table.caveats), href, caveats=found.table.caveats)
    unit = _(found.indicator.unit_measure)
    drawn = figure(
        lean,
        _low(trend.line(found)),
        figure_id="meeting-figure",
        title=found.finding,
        subtitle=_(
            "{country}, {period}. Unit: {unit}", country=found.country_name, period=found.table.period, unit=unit
        ),
        reading=found.reading,
    )
    caveats = found.table.caveats
    return Shown(found.answer, _in_one_screen(drawn, _caveats(*caveats)), href, caveats=caveats)


def _caveats(*said: str) -> html.P | None:
    """What must be known to read a figure, in as few lines as it takes: a screen has room for it and for the figure."""
    kind = html.Span(_(components.KINDS["info"]), className="notice-kind")
    return html.P([kind, " ", " ".join(said)], className="run-caveats") if said else None


def _low(chart: dict[str, Any]) -> dict[str, Any]:
    """The chart as low as a screen has room for, so that its words are large once it is as wide as the screen."""
    return chart | {"layout": chart["layout"] | {"height": LOW}}


def _in_one_screen(drawn: html.Figure, *beside: html.P | None) -> html.Figure:
    """A figure as a screen of a meeting has room for: what is `beside` it is in view, what explains it folds."""
    *top, chart, reading, foot = drawn.children
    rest = html.Details(
        [html.Summary(_("How to read it, its source and its table")), reading, foot], className="as-table"
    )
    drawn.children = [*top, *beside, chart, rest]
    return drawn


def _plan(viewer: Viewer, house: House, then: Moment, country: str) -> Shown:
    found = overview.overview(viewer, house, then, country=country, period="")
    quarter = periods.parse(found.period).label
    body = [
        html.H2(_("Headline figures of {country}, {period}", country=found.country_name, period=quarter)),
        html.Div([cards.card(one, headline=True) for one in found.headlines], className="cards headlines"),
        _caveats(*(f"{_(one.indicator.title)}: {' '.join(one.notes)}" for one in found.headlines if one.notes)),
    ]
    moved = [html.H2(found.since), html.Ul([html.Li(said) for said in found.moved])] if found.moved else []
    return Shown(found.answer, html.Div([*body, *moved]), _address("/overview", then, country=country))


def _overdue(viewer: Viewer, house: House, then: Moment, country: str) -> Shown:
    found = actions.actions(viewer, house, country=country, state=actions.UNFINISHED, version=then.version)
    late = [a for a in found.rows if a.days_overdue]
    # A list of late actions alone does not have what is told apart from them.
    href = _address("/actions", then, country=country, overdue="" if found.counts.apart else "yes")
    told = action_words.late_and_apart(len(late), found.counts.apart)
    if not late:
        return Shown(told, None, href)
    rows = [
        html.Tr(
            [
                html.Th(html.Div(a.title, className="run-lines"), scope="row"),
                html.Td([a.lead_name, *([html.Small(_("not in the latest register"))] if a.lead_left else [])]),
                html.Td(
                    [day(a.due_on), html.Strong(action_words.late(a.days_overdue), className="late")], className="due"
                ),
                html.Td(marks.span(marks.action(a.state))),
                html.Td(html.Div(a.note or _("None yet"), className="run-lines")),
            ]
        )
        for a in late[:MOST]
    ]
    titles = [_("Action"), _("Leads"), _("Due"), _("State"), _("Last note")]
    return Shown(told, _listed(_("Actions that are late"), titles, rows, len(late) - MOST), href)


def _listed(caption: str, titles: list[str], rows: list[html.Tr], more: int) -> html.Div:
    table = html.Table(
        [
            html.Caption(caption, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(title, scope="col") for title in titles])),
            html.Tbody(rows),
        ],
        className="table-plain",
    )
    rest = html.P(n_("And {count} more.", "And {count} more.", more)) if more > 0 else None
    return html.Div([tables.scrolling(table, caption), rest])


def _reports(viewer: Viewer, house: House, then: Moment, country: str) -> Shown:
    period = periods.last_ended(viewer.today)
    due = reporting.reporting(viewer, house, period=str(period), country=country, version=then.version)
    silent = due.standing("missing", "returned")
    href = _address("/completeness", then, country=country, period=str(period))
    said = n_(
        "{received} of {count} expected report for {period} was received. It was due: {days}.",
        "{received} of {count} expected reports for {period} were received. They were due: {days}.",
        len(due.files),
        received=len(due.standing(*reporting.RECEIVED)),
        period=period.label,
        days=due.due_words,
    )
    if not silent:
        return Shown(said, None, href)
    rows = [
        html.Tr(
            [html.Th(f.organisation, scope="row"), html.Td(f.title), html.Td(_(reporting.STATES[f.state]))],
        )
        for f in silent[:MOST]
    ]
    titles = [_("Organisation"), _("Report"), _("How it stands")]
    return Shown(said, _listed(_("Who has not reported"), titles, rows, len(silent) - MOST), href)


def _coverage(viewer: Viewer, house: House, then: Moment, country: str) -> Shown:
    period = coverage.default_period(viewer, house, then.version)
    found = coverage.coverage(viewer, house, period=period, country=country, version=then.version)
    href = _address("/coverage", then, country=country)
    if found.counts.frame.empty or not found.counts.frame[list(coverage.STATES)].to_numpy().any():
        return Shown(_("No coverage has been reported for this choice."), None, href)
    drawn = figure(
        found.counts,
        services_by_country(found.counts),
        figure_id="meeting-figure",
        title=found.finding,
        subtitle=_("Number of services by what was reported, {period}", period=periods.parse(found.period).label),
        reading=_(
            "Each bar is the same {total} services; the longer its dark part, the more of them are reported as open"
            " whatever the status.",
            total=len(found.matrix.frame),
        ),
    )
    caveats = found.counts.caveats
    return Shown(found.answer, _in_one_screen(drawn, _caveats(*caveats)), href, caveats=caveats)


def _seats(viewer: Viewer, house: House, then: Moment, country: str) -> Shown:
    found = members.members(viewer, house, country=country, version=then.version)
    href = _address("/members", then, country=country)
    if found.countries != (country,):  # it has no register, and those of others are not what is asked for
        return Shown(_("No member register has been accepted yet."), None, href)
    if found.groups.frame.empty:
        return Shown(found.answer, None, href)
    gaps = html.P([html.Span(_("Missing at the table"), className="notice-kind"), " ", " ".join(found.gaps)])
    drawn = figure(
        found.groups,
        seats_by_group(found.groups),
        figure_id="meeting-figure",
        title=found.finding,
        subtitle=_("Number of stakeholder categories, by the state of their seat: {period}", period=found.period),
        reading=_("The longer the dark part, the more of the named categories have a seat that somebody takes."),
    )
    beside = (gaps if found.gaps else None, _caveats(*found.groups.caveats))
    return Shown(found.answer, _in_one_screen(drawn, *beside), href, found.gaps, found.groups.caveats)


def _decisions(viewer: Viewer, house: House, then: Moment, country: str, meeting_id: str) -> Shown:
    """Those of other meetings that no action follows; of the past, those that none followed then."""
    taken = decisions.decisions(viewer, house, country=country, version=then.version)
    others = [one for one in taken if one.meeting_id != meeting_id]
    found = [one for one in others if not one.action_code]
    href = f"/meetings?{urlencode({'country': country})}"
    said = n_(
        "No action follows {count} decision of other meetings.",
        "No action follows {count} decisions of other meetings.",
        len(found),
    )
    if not others:
        return Shown(_("No other meeting has taken a decision yet."), None, href)
    if not found:
        return Shown(_("An action follows every decision of other meetings."), None, href)
    rows = [
        html.Tr(
            [
                html.Th(html.Div(one.text, className="run-lines"), scope="row"),
                html.Td(one.bound_words),
                html.Td(day(one.day)),
            ]
        )
        for one in found[:MOST]
    ]
    titles = [_("Decision"), _("Who is bound"), _("Meeting of")]
    listed = _listed(_("Decisions that no action follows"), titles, rows, len(found) - MOST)
    named = tuple(f"{one.text} ({one.bound_words}, {day(one.day)})" for one in found)
    return Shown(said, listed, href, named)


_DRAWN: dict[str, Callable[[Viewer, House, Moment, str], Shown]] = {
    "plan": _plan,
    "overdue": _overdue,
    "reports": _reports,
    "coverage": _coverage,
    "seats": _seats,
}
