"""The figure: nothing of it is missing, nothing leaves for another site, and no page can go around it."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import plotly.graph_objects as go
from dash import dcc, html

from dashboard.charts import coverage
from dashboard.reference.table import Table
from dashboard.web import marks, tables
from dashboard.web.figure import CONFIG, chart_key, figure, without_legend
from test_charts import CAVEAT, counts

ROOT = Path(__file__).resolve().parent.parent


def made(table: Table | None = None) -> html.Figure:
    table = table or counts()
    return figure(
        table,
        coverage.services_by_country(table),
        figure_id="counts",
        title="Services differ",
        subtitle="Number of services, Q3 2026",
        reading="Arvenia offers five.",
    )


def parts(component: Any) -> list[Any]:
    """The component and all that it holds; of a table that is sent as text, what the text says."""
    if isinstance(component, html.Div) and "data-html" in component.to_plotly_json()["props"]:
        return [component, *parts(read(component.to_plotly_json()["props"]["data-html"]))]
    if component is None or isinstance(component, str):
        return [component] if component else []
    held = getattr(component, "children", component if isinstance(component, (list, tuple)) else None)
    held = held if isinstance(held, (list, tuple)) else [held]
    own = [] if isinstance(component, (list, tuple)) else [component]
    return own + [part for child in held for part in parts(child)]


def read(text: str) -> Any:
    """The components that were turned into this HTML, made anew from it."""

    def made(element: ElementTree.Element) -> Any:
        names = {"class": "className", "colspan": "colSpan", "for": "htmlFor", "tabindex": "tabIndex"}
        held: list[Any] = [element.text] if element.text else []
        for child in element:
            held += [made(child), *([child.tail] if child.tail else [])]
        kind = getattr(html, element.tag.capitalize())
        return kind(held, **{names.get(name, name): value for name, value in element.items()})

    return made(ElementTree.fromstring(text))


def words(component: Any) -> list[str]:
    return [part for part in parts(component) if isinstance(part, str)]


def the(component: Any, kind: type) -> Any:
    return next(part for part in parts(component) if isinstance(part, kind))


def test_its_frame_holds_everything_in_order() -> None:
    said = words(made())
    order = [
        "Services differ",
        "Number of services, Q3 2026",
        "Arvenia offers five.",
        CAVEAT,
        "Source: Service coverage reports. Data as of 23 November 2026, 14:05 UTC (version 7).",
        "Show the same as a table",
        "Download the table (CSV)",
    ]
    places = [said.index(sentence) for sentence in order]
    assert places == sorted(places)


def test_it_is_a_group_named_by_its_heading() -> None:
    shown = made().to_plotly_json()["props"]
    heading = the(made(), html.H2)
    assert (shown["role"], shown["aria-labelledby"]) == ("group", heading.id)


def test_those_who_cannot_see_the_chart_hear_its_caveat() -> None:
    image = next(p for p in parts(made()) if getattr(p, "role", "") == "img").to_plotly_json()["props"]
    assert image["aria-label"].startswith("Chart: Services differ. Arvenia offers five.")
    assert CAVEAT in image["aria-label"]


def test_nothing_leaves_for_another_site() -> None:
    graph = the(made(), dcc.Graph)
    assert graph.config == CONFIG
    assert (CONFIG["showSendToCloud"], CONFIG["plotlyServerURL"], CONFIG["displayModeBar"]) == (False, "", False)


def test_the_table_says_the_same_numbers() -> None:
    cells = [words(cell) for cell in parts(the(made(), html.Table)) if isinstance(cell, (html.Th, html.Td))]
    said = [cell[0] for cell in cells if cell]
    assert said[:5] == ["Side", "Country", "Open whatever the status", "Exists, with limits", "Not available"]
    assert said[5:10] == ["Countries of origin", "Arvenia", "5", "0", "2"]


def test_the_key_stands_outside_the_chart_and_names_every_part() -> None:
    chart = coverage.services_by_country(counts())
    key = chart_key(chart)
    assert words(key) == ["Open whatever the status", "Exists, with limits", "Not available"]
    bare = without_legend(chart)
    assert bare["layout"]["showlegend"] is False and chart["layout"]["showlegend"] is True
    assert bare["layout"]["height"] < chart["layout"]["height"]
    go.Figure(bare)


def test_a_hidden_count_is_in_neither_chart_nor_table_nor_download() -> None:
    table = counts(hidden=(1, "none"))
    table.frame.loc[1, "none"] = 7341
    told = json.dumps(made(table).to_plotly_json(), default=lambda c: c.to_plotly_json())
    assert "7341" not in told and "7,341" not in told
    assert "hidden to protect people" in told


def test_the_download_carries_the_caveat() -> None:
    button = next(p for p in parts(made()) if isinstance(p, html.Button)).to_plotly_json()["props"]
    assert button["data-download"] == "counts.csv"
    lines = button["data-content"].splitlines()
    assert lines[1] == "Countries of origin,Arvenia,5,0,2"
    assert CAVEAT in lines[-1]


def test_no_page_shows_a_bare_chart() -> None:
    for path in [*ROOT.glob("pages/*.py"), *ROOT.glob("dashboard/**/*.py")]:
        if path.name == "figure.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert "Graph" not in names, path


def test_a_matrix_keeps_the_sides_apart_and_links_what_was_reported() -> None:
    table = counts()
    states = table.frame.assign(open=["open", "none", ""], restricted=["planned", "open", "none"])
    statuses = table.statuses.map(lambda _v: "value")
    statuses.loc[2, "open"] = "not reported"
    table = Table(table.title, table.columns, states, statuses, table.as_of, table.caveats, table.source)
    shown = tables.matrix(
        table,
        figure_id="m",
        key="country",
        mark=marks.coverage,
        href=lambda row, column: f"/coverage?r={row}&c={column}",
        groups=[
            ("origin", "Countries of origin", ["open"]),
            ("destination", "Countries of destination", ["restricted"]),
        ],
    )
    sides = [p.className for p in parts(shown) if isinstance(p, html.Th) and "side" in getattr(p, "className", "")]
    assert sides == ["side origin", "side destination"]
    links = [p.href for p in parts(shown) if isinstance(p, html.A)]
    assert links == [
        "/coverage?r=0&c=open",
        "/coverage?r=0&c=restricted",
        "/coverage?r=1&c=open",
        "/coverage?r=1&c=restricted",
        "/coverage?r=2&c=restricted",
    ]
    assert "not reported" in words(shown)
