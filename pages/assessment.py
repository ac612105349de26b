"""/assessment: how does a country answer the questions about its plan, and what is to be done next?"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from dash import Input, Output, html

from dashboard.charts import stacked
from dashboard.intake import answering
from dashboard.reference import text
from dashboard.reference.text import N_, _, n_
from dashboard.reports import assessment, places
from dashboard.reports.assessment import Assessment, Item
from dashboard.web import components, filters, marks, moments, tables
from dashboard.web.figure import figure
from dashboard.web.guard import callback, page

QUESTION = N_("How does the plan answer the questions about women migrant workers, and what is next?")
NAMES = ("country", "year", "as_of")
SOON = 8
"""So many next steps stand at the top."""


def layout(country: str = "", year: str = "", as_of: str = "", **_other: str) -> html.Div:
    """The filters, and the answer below them."""
    viewer, home, then = moments.looking(as_of)
    listed, country, found = _asked(viewer, home, then, country, year)
    this = viewer.today.year
    years = sorted({*found.years, this}, reverse=True)
    none = _("None shown to you") if found.part else _("None yet")
    return html.Div(
        [
            filters.row(
                [
                    filters.select("country", _("Country"), listed or [("", none)], country),
                    filters.select("year", _("Year"), [(str(y), str(y)) for y in years], str(found.year)),
                    moments.chooser(as_of),
                ],
                clear=False,
            ),
            html.Div(results(country, year, as_of), id="assessment-results"),
        ]
    )


def _asked(viewer: Any, home: Any, then: Any, country: str, year: str) -> tuple[Any, str, Assessment]:
    """Countries that can be chosen, the one shown, and its answers."""
    listed = assessment.countries(viewer, home, then.version)
    own = viewer.country
    if own and own not in dict(listed):
        listed = [(own, home.library.title("countries", own)), *listed]
    country = places.usual(viewer, home, [c for c, _name in listed], country)
    asked = int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None
    return listed, country, assessment.assessment(viewer, home, country=country, year=asked, version=then.version)


def results(country: str, year: str, as_of: str) -> list[Any]:
    """Everything below the filters, drawn for the viewer who asks."""
    viewer, home, then = moments.looking(as_of)
    _listed, country, found = _asked(viewer, home, then, country, year)
    may = not then.past and bool(country) and answering.may_answer(viewer, home, country).allowed
    parts: list[Any] = [moments.head(then, _(QUESTION), found.answer)]
    if found.next:
        parts.append(_next(found))
    if found.part:  # a count of what she reads would be taken for one of all
        return [*parts, *(_part(home, found, name, items, may) for name, items in found.by_part.items())]
    parts.append(
        figure(
            found.profile,
            stacked.bars(found.profile, panel="group", label="part"),
            figure_id="assessment-profile",
            title=found.finding,
            subtitle=_("Number of questions by answer, {year}", year=found.year),
            reading=_("The longer the dark part, the more questions of a part are answered with yes."),
        )
    )
    if changed := [item for item in found.items if item.moved]:
        parts.append(_changed(found, changed))
    parts.append(html.H2(_("Every question, with its answer and its evidence")))
    parts += [_part(home, found, part, items, may) for part, items in found.by_part.items()]
    if len(found.countries.frame) > 1:
        parts += [
            html.H2(found.countries.title),
            tables.data_table(found.countries, figure_id="assessment-countries"),
        ]
    return parts


def _next(found: Assessment) -> html.Div:
    shown, more = (found.next, 0) if found.part else (found.next[:SOON], len(found.next) - SOON)
    said = [
        html.Li(
            [
                html.A(item.said("next_step"), href=f"#{item.code}"),
                html.Span(" · ", className="muted"),
                html.Span(
                    ", ".join(
                        part
                        for part in (
                            item.owner,
                            _("by {day}", day=_on(item, "due_on")) if item.said("due_on") else _("no day set"),
                        )
                        if part
                    ),
                    className="muted",
                ),
            ]
        )
        for item in shown
    ]
    return components.notice(
        "info",
        _("Next steps of the answers that you read")
        if found.part
        else n_("{count} next step is open", "{count} next steps are open", len(found.next)),
        html.Div(
            [
                html.Ul(said),
                *([html.P(n_("And {count} more below.", "And {count} more below.", more))] if more > 0 else []),
            ]
        ),
    )


def _on(item: Item, field: str) -> str:
    """A day of an answer in words; "" where none is said."""
    said = item.said(field)[:10]
    return text.day(date.fromisoformat(said)) if said else ""


def _changed(found: Assessment, changed: list[Item]) -> html.Details:
    better = sum(item.moved > 0 for item in changed)
    return html.Details(
        [
            html.Summary(
                [
                    html.Strong(_("What moved since {year}?", year=found.compared)),
                    " ",
                    html.Span(
                        _("{better} nearer to yes, {worse} away from it", better=better, worse=len(changed) - better),
                        className="muted",
                    ),
                ]
            ),
            html.Ul(
                [
                    html.Li(
                        [
                            html.A(item.title, href=f"#{item.code}"),
                            ": ",
                            _(
                                "{before}, now {now}",
                                before=_(assessment.ANSWERS[item.before]).lower(),
                                now=_(assessment.ANSWERS[item.answer]).lower(),
                            ),
                        ]
                    )
                    for item in sorted(changed, key=lambda item: -item.moved)
                ]
            ),
        ],
        className="pillar",
    )


def _part(home: Any, found: Assessment, part: str, items: list[Item], may: bool) -> html.Details:
    done = sum(bool(item.answer) for item in items)
    return html.Details(
        [
            html.Summary(
                [
                    html.Strong(assessment.part_title(home, part)),
                    " ",
                    html.Span(
                        "" if found.part else _("{done} of {count} answered", done=done, count=len(items)),
                        className="muted",
                    ),
                ]
            ),
            *(_item(found, item, may) for item in items),
        ],
        className="pillar",
    )


def _item(found: Assessment, item: Item, may: bool) -> html.Article:
    said: list[tuple[str, Any]] = [
        (_("Evidence"), item.said("evidence")),
        (_("Next step"), item.said("next_step")),
        (_("Who"), item.owner),
        (_("By when"), _on(item, "due_on")),
        (_("Answered on"), _on(item, "answered_on")),
        (
            _("In {year}", year=found.compared),
            _(assessment.ANSWERS[item.before]) if item.before and item.before != item.answer else "",
        ),
    ]
    query = urlencode({"country": found.country, "year": found.year, "item": item.code})
    return html.Article(
        [
            html.H3([html.Small(item.code), " ", item.title, " ", marks.span(marks.answered(item.answer))]),
            html.Dl([html.Div([html.Dt(words), html.Dd(value)]) for words, value in said if value]),
            *(
                [
                    html.P(
                        html.A(
                            _("Change the answer") if item.answer else _("Answer"),
                            href=f"/assessment/answer?{query}",
                            **marks.aria(label=_("Answer {code}: {title}", code=item.code, title=item.title)),
                        )
                    )
                ]
                if may
                else []
            ),
        ],
        className="record",
        id=item.code,
    )


@callback(
    Output("assessment-results", "children"),
    *(Input({"type": "filter", "name": name}, "value") for name in NAMES),
    Input("head", "data"),
    permission="view coverage",
    prevent_initial_call=True,
)
def redraw(country: str, year: str, as_of: str, _head: Any) -> list[Any]:
    """Draw anew when a choice changed or the record moved."""
    return results(*map(filters.chosen, (country, year, as_of)))


page(
    __name__,
    path="/assessment",
    title=N_("Self-assessment"),
    permission="view coverage",
    layout=layout,
    nav=N_("Self-assessment"),
    order=46,
    charts=True,
    requirements=("R10", "R12", "R19", "R32"),
)
