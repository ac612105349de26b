"""A view of a release as components: topics, choices, figures, how to cite it. Never fetches or changes a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from dash import html
from dash.development.base_component import Component

from dashboard.charts import published, rows, stacked, template
from dashboard.charts.rows import Row
from dashboard.publication.exploring.topics import TOPICS
from dashboard.publication.exploring.view import Figure, View
from dashboard.publication.reading import Release
from dashboard.reference import text
from dashboard.reference.indicators import figure_words
from dashboard.reference.table import Column, Status, Table
from dashboard.reference.text import _
from dashboard.web import components, filters, marks, tables
from dashboard.web.figure import figure
from dashboard.web.marks import aria

PATH = "/explore"
SAVED = "/explore.csv"
SHOWN = (Status.VALUE, Status.ZERO, Status.REVISION_PENDING, Status.NOT_VERIFIED)


def page(release: Release, view: View, *, former: bool, home: str, missed: Sequence[str] = ()) -> html.Div:
    """The whole page of a view. `former` says that a newer release stands; `home` is the site's public address.

    `missed` says what the address asks for and the release does not have.
    """
    kept = view.chosen | ({"release": release.folder} if former else {})
    fixed = view.chosen | {"release": release.folder}
    parts: list[Any] = [
        _topics(view, release.folder if former else ""),
        _former(release) if former else None,
        components.notice("warning", _("Something else is shown"), " ".join(missed)) if missed else None,
        html.Div(
            [
                html.H1(view.question, tabIndex=-1),
                html.Div(components.answer_line(view.answer), role="status"),  # said aloud when a choice changes it
                _caveat(release, view),
            ],
            className="page-head",
        ),
        _choices(view, kept),
        *(_figure(release, one, fixed) for one in view.figures),
        html.P(view.note, className="empty") if view.note else None,
        _about(release, fixed, former=former, home=home),
    ]
    said: dict[str, Any] = {"data-address": address(kept), "data-title": view.question}
    return html.Div([part for part in parts if part is not None], className="explored", **said)


def address(kept: Mapping[str, str]) -> str:
    """The address of a view on this site."""
    return f"{PATH}?{urlencode(kept)}"


def nothing(sentence: str, *, latest: bool = False) -> html.Div:
    """What stands here where there is no release to explore; `latest` says that there is another one."""
    said: dict[str, Any] = {"data-address": PATH, "data-title": _("Explore the figures")}
    return html.Div(
        [
            html.Div(
                [html.H1(_("What do the published figures say?"), tabIndex=-1), components.answer_line(sentence)],
                className="page-head",
            ),
            html.P(html.A(_("To the figures of the latest release"), href=PATH)) if latest else None,
            html.P(html.A(_("To the public summary"), href="/")),
        ],
        className="explored",
        **said,
    )


def _topics(view: View, release: str) -> html.Nav:
    kept = {"release": release} if release else {}
    place = {name: value for name, value in view.chosen.items() if name == "country"}
    return html.Nav(
        html.Ul(
            [
                html.Li(
                    html.A(
                        _(title),
                        href=address({"topic": topic} | place | kept),
                        **(aria(current="page") if topic == view.topic else {}),
                    )
                )
                for topic, (title, _view) in TOPICS.items()
            ]
        ),
        className="topics",
        **aria(label=_("Topics")),
    )


def _former(release: Release) -> html.Div:
    said = _("Release {release} is not the latest one.", release=release.release_id)
    return components.notice("warning", said, html.P(html.A(_("To the figures of the latest release"), href=PATH)))


def _caveat(release: Release, view: View) -> Component | None:
    """What must be known before a number is read."""
    if not view.caveat:
        return None
    more = [] if view.topic != "contacts" else list(release.tables["contacts"].caveats[1:])
    return components.notice("info", view.caveat, html.P(" ".join(more)) if more else None)


def _choices(view: View, kept: Mapping[str, str]) -> html.Form | None:
    """The choices as a form, which asks by itself where no script runs."""
    if not view.filters:
        return None
    show = html.Button(_("Show"), type="submit", name="topic", value=view.topic, className="button quiet show")
    clear = address({name: value for name, value in kept.items() if name in ("topic", "release")})
    return html.Form(
        filters.row(
            [
                *(filters.select(one.name, one.label, one.options, one.value) for one in view.filters),
                html.Div([html.A(_("Clear filters"), href=clear), show], className="filter-clear"),
            ],
            clear=False,
        ),
        action=PATH,
        method="get",
    )


def _figure(release: Release, one: Figure, fixed: Mapping[str, str]) -> Component:
    name = f"explore-{one.name}"
    saved = html.A(
        _("Download what is shown (CSV)"), href=f"{SAVED}?{urlencode({**fixed, 'figure': one.name})}", download=""
    )
    if one.kind in MARKED:
        mark, key = MARKED[one.kind]
        return html.Div(
            [
                tables.matrix(
                    one.table,
                    figure_id=name,
                    key=one.more["key"],
                    groups=one.more["groups"],
                    mark=mark,
                    title=one.title,
                    legend=key(),
                    saving=saved,
                )
            ]
        )
    return figure(
        one.table,
        CHARTS[one.kind](one),
        figure_id=name,
        title=one.title,
        subtitle=one.subtitle,
        reading=one.reading,
        keys=one.more.get("keys", ()),
        saving=saved,
    )


def _about(release: Release, fixed: Mapping[str, str], *, former: bool, home: str) -> html.Section:
    """Which release it is, how the figures are made, and how to cite what is shown."""
    data = f"/release/{release.folder}/data/" if former else "/data/"
    cite = address(fixed)
    day = text.day(release.day) if release.day else ""
    return html.Section(
        [
            html.H2(_("About these figures"), id="explore-about"),
            html.P(
                _(
                    "Every number here is a cell of release {release} of {day}; none is worked out on this page.",
                    release=release.release_id,
                    day=day,
                )
            ),
            html.Ul(
                [
                    html.Li(
                        html.A(_("How the figures are made, and why some are hidden"), href=f"{data}methodology.html")
                    ),
                    html.Li(html.A(_("All tables as open data"), href=data)),
                    html.Li(html.A(_("Public summary"), href="/")),
                ]
            ),
            html.P(
                [
                    _("To cite what is shown:"),
                    " ",
                    html.A(f"{home}{cite}", href=cite, className="cited"),
                    ". ",
                    _("This address keeps to the release, also when a newer one has come."),
                ]
            ),
        ],
        **aria(labelledby="explore-about"),
    )


def _contacts(one: Figure) -> dict[str, Any]:
    made = _rows(one.table, "contacts", one.drawn)
    return rows.bars(made, fill="contacts", words=_("reported contacts"), caveat=one.table.caveats[0])


def _bars(one: Figure) -> dict[str, Any]:
    """One column of the table; groups are the sides of a corridor."""
    sides = {title: template.COLOURS[side] for title, side in one.more.get("groups", {}).items()}
    made = _rows(one.table, one.more.get("value", "value"), one.drawn, one.more.get("group", ""))
    return rows.bars(made, words=one.table.column(one.more.get("value", "value")).title, colours=sides)


def _values(one: Figure) -> dict[str, Any]:
    """An indicator's values, with what was agreed."""
    more = one.more
    made = [
        replace(row, value=value, said=said, goal=goal, agreed=agreed)
        for row, value, said, goal, agreed in zip(
            _rows(one.table, "", one.drawn), more["values"], more["said"], more["goals"], more["agreed"], strict=True
        )
    ]
    return rows.bars(made, words=_("value"), caveat=one.table.caveats[0] if one.table.caveats else "")


def _rows(table: Table, column: str, count: int, group: str = "") -> list[Row]:
    """The first rows of a table, each with the value of a column; without one with their statuses alone."""
    made = []
    for place in range(count):
        cell, status = table.frame.iloc[place], Status(table.statuses[column or "value"].iloc[place])
        value = float(cell[column]) if column and status in SHOWN else None
        said = figure_words(value) if value is not None else ""
        made.append(Row(str(cell["row"]), value, status, said, group=str(cell[group]) if group else ""))
    return made


def _course(one: Figure) -> dict[str, Any]:
    return published.course(one.table, one.more["indicator"], one.more["rows"])


def _parts(one: Figure) -> dict[str, Any]:
    """Parts of a whole, one bar a row."""
    names = list(one.more["parts"])
    columns = (Column("panel", ""), one.table.column("row"), *(one.table.column(name) for name in names))
    frame = one.table.frame[["row", *names]].iloc[: one.drawn]
    statuses = one.table.statuses[["row", *names]].iloc[: one.drawn]
    frame.insert(0, "panel", one.subtitle)
    statuses.insert(0, "panel", Status.VALUE)
    return stacked.bars(replace(one.table, columns=columns, frame=frame, statuses=statuses), panel="panel", label="row")


CHARTS: dict[str, Callable[[Figure], dict[str, Any]]] = {
    "contacts": _contacts,
    "bars": _bars,
    "values": _values,
    "course": _course,
    "parts": _parts,
}
MARKED: dict[str, tuple[Callable[[str, str], marks.Mark], Callable[[], html.Dl]]] = {
    "coverage": (marks.coverage, marks.coverage_key),
    "seats": (marks.seat, marks.seat_key),
}
