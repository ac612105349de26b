"""What the charts draw: values, words, gaps, panels, and the same colours as the CSS."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.charts import coverage, members, stacked, template
from dashboard.reference.table import AsOf, Column, Status, Table

ASSETS = Path(__file__).resolve().parent.parent / "assets"
AS_OF = AsOf(7, datetime(2026, 11, 23, 14, 5, tzinfo=UTC))
CAVEAT = "As reported; a service that nobody reported on may still exist."


def counts(rows: list[dict[str, Any]] | None = None, hidden: tuple[int, str] | None = None) -> Table:
    """Services by state in three countries, one of them on both sides."""
    states = {"open": "Open whatever the status", "restricted": "Exists, with limits", "none": "Not available"}
    columns = (
        Column("side", "Side"),
        Column("country", "Country"),
        *(Column(name, title, unit="services", numeric=True) for name, title in states.items()),
    )
    frame = pd.DataFrame(
        rows
        if rows is not None
        else [
            {"side": "Countries of origin", "country": "Arvenia", "open": 5, "restricted": 0, "none": 2},
            {"side": "Countries of origin", "country": "Belmora", "open": 1, "restricted": 2, "none": 4},
            {"side": "Countries of destination", "country": "Arvenia", "open": 3, "restricted": 3, "none": 1},
        ],
        columns=[column.name for column in columns],
    )
    statuses = frame.map(lambda value: Status.ZERO if value == 0 else Status.VALUE)
    if hidden:
        statuses.loc[hidden] = Status.SUPPRESSED
    return Table("Number of services", columns, frame, statuses, AS_OF, (CAVEAT,), "Service coverage reports")


def css(name: str) -> dict[str, str]:
    """The custom properties that a style sheet declares first."""
    text = (ASSETS / name).read_text(encoding="utf-8")
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", text[: text.index("}")]))


def test_every_figure_is_one_that_plotly_knows() -> None:
    for figure in (coverage.services_by_country(counts()), stacked.bars(counts(), panel="side", label="country")):
        go.Figure(figure)


def test_bars_carry_the_counts_and_a_zero_says_nothing() -> None:
    figure = coverage.services_by_country(counts())
    drawn = {(trace["yaxis"], trace["meta"]["fill"]): trace for trace in figure["data"]}
    assert drawn["y", "open"]["x"] == [5, 1]
    assert drawn["y", "restricted"]["x"] == [0, 2]
    assert drawn["y", "restricted"]["text"] == ["", "2"]
    assert drawn["y2", "open"]["x"] == [3]
    assert drawn["y", "open"]["y"] == ["Arvenia", "Belmora"]


def test_a_name_takes_two_lines_at_most_and_no_two_bars_become_one() -> None:
    long = "Legal information, legal advice, legal assistance and representation in criminal matters of any kind"
    names = ["Protection orders", "Crisis centres, including safe shelter", long, f"{long} at home", f"{long} abroad"]
    rows = [{"side": "Services", "country": name, "open": 1, "restricted": 1, "none": 1} for name in names]
    figure = stacked.bars(counts(rows), panel="side", label="country")
    drawn = figure["data"][0]["y"]
    assert [name.count("<br>") for name in drawn[:2]] == [0, 1]
    assert len(set(drawn)) == len(names), "names that are alike once they are cut stay whole"
    (cut,) = stacked.bars(counts(rows[2:3]), panel="side", label="country")["data"][0]["y"]
    assert cut.count("<br>") == 1 and cut.endswith("…"), "the rest is read in the table"
    assert (
        figure["layout"]["height"]
        > stacked.bars(counts(rows[:1] * 5), panel="side", label="country")["layout"]["height"]
    )


def test_a_hidden_count_is_a_gap_and_no_number() -> None:
    figure = coverage.services_by_country(counts(hidden=(1, "none")))
    drawn = next(t for t in figure["data"] if t["yaxis"] == "y" and t["meta"]["fill"] == "none")
    assert drawn["x"] == [2, None]
    assert drawn["text"] == ["2", ""]
    assert "4" not in str(drawn["x"]) + str(drawn["text"])


def test_the_sides_stand_apart_in_their_own_colours() -> None:
    headings = coverage.services_by_country(counts())["layout"]["annotations"]
    assert [(h["text"], h["font"]["color"]) for h in headings] == [
        ("<b>Countries of origin</b>", template.COLOURS["origin"]),
        ("<b>Countries of destination</b>", template.COLOURS["destination"]),
    ]


def test_seats_are_drawn_by_group() -> None:
    columns = (
        Column("country", "Country"),
        Column("group", "Group"),
        Column("filled", "Seat filled", numeric=True),
        Column("none", "No seat", numeric=True),
    )
    frame = pd.DataFrame(
        [
            {"country": "Arvenia", "group": g, "filled": n, "none": 9 - n}
            for g, n in (("By tradition", 4), ("To be added", 0))
        ]
    )[[c.name for c in columns]]
    table = Table("Seats", columns, frame, frame.map(lambda _v: Status.VALUE), AS_OF)
    figure = members.seats_by_group(table)
    go.Figure(figure)
    assert [h["text"] for h in figure["layout"]["annotations"]] == ["<b>By tradition</b>", "<b>To be added</b>"]
    assert [t["x"] for t in figure["data"]] == [[4], [5], [0], [9]]


def test_text_from_data_is_no_markup_and_no_tex() -> None:
    bad = '<a href="javascript:alert(1)">x</a> $\\frac{1}{2}$ %{x} & co'
    rows = [{"side": bad, "country": bad, "open": 1, "restricted": 1, "none": 1}]
    figure = coverage.services_by_country(counts(rows))
    told = [name for trace in figure["data"] for name in trace["y"]]
    told += [h["text"].removeprefix("<b>").removesuffix("</b>") for h in figure["layout"]["annotations"]]
    for text in told:
        assert not re.search(r"<(?!br>)|>(?<!<br>)|\$|%\{", text), text


def test_an_empty_table_is_an_empty_figure() -> None:
    figure = coverage.services_by_country(counts(rows=[]))
    assert figure["data"] == []
    go.Figure(figure)


@pytest.mark.parametrize("name", sorted(template.COLOURS))
def test_charts_and_css_speak_the_same_colours(name: str) -> None:
    assert css("dashboard.css")[name] == template.COLOURS[name]


def test_the_summary_wears_the_colours_of_the_house() -> None:
    house, summary = css("dashboard.css"), css("public.css")
    assert summary and {name: house.get(name) for name in summary} == summary


def test_charts_and_css_speak_the_same_letters() -> None:
    declared = re.sub(r"\s+", " ", css("dashboard.css")["font"])
    assert declared == template.FONT


def _light(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours (WCAG 2.2)."""
    dark, light = sorted((_light(one), _light(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", sorted(template.FILLS))
def test_numbers_in_bars_can_be_read(name: str) -> None:
    fill = template.FILLS[name]
    assert contrast(fill.text, fill.colour) >= 4.5


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        (ink, ground)
        for ink in ("text", "muted", "accent", "danger", "success", "warning", "origin", "destination")
        for ground in ("surface", "paper", "warning-soft", "danger-soft")
        if not (ink in ("origin", "destination", "success") and ground.endswith("soft"))
    ],
)
def test_text_can_be_read_on_what_it_stands(ink: str, ground: str) -> None:
    assert contrast(css("dashboard.css")[ink], css("dashboard.css")[ground]) >= 4.5


def test_parts_of_a_bar_are_told_apart_without_colour() -> None:
    looks = {
        (round(_light(f.colour), 1), f.pattern)
        for n, f in template.FILLS.items()
        if n in ("open", "restricted", "planned", "none", "not_known", "not_reported")
    }
    assert len(looks) == 6
    hatching = {"/", "\\", "x"}  # means hidden to protect people, and nothing else
    assert not hatching & {f.pattern for f in template.FILLS.values()}


def test_each_fill_has_a_patch_of_its_own_beside_its_name() -> None:
    """A part that the style sheet does not know would stand in the key as an empty box."""
    style = (Path(__file__).resolve().parents[1] / "assets" / "dashboard.css").read_text(encoding="utf-8")
    assert {name for name in template.FILLS if f".swatch.{name}" not in style} == set()
