"""What the chart of an indicator draws: values, gaps, labels, what was agreed, the caveat; and what it refuses."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard.charts import template, trend
from dashboard.reference.indicators import Indicator
from dashboard.reference.table import AsOf, Column, Status, Table
from dashboard.reports import computed
from dashboard.reports.indicator_cells import NOT_RELEASED, NOT_REPORTED, Cell
from dashboard.reports.indicator_comparison import Comparison, Panel
from dashboard.reports.indicator_goals import Goal, Goals
from dashboard.reports.indicators import Series

AS_OF = AsOf(7, datetime(2026, 11, 23, 14, 5, tzinfo=UTC))
CAVEAT = "Reported contacts, not prevalence: most violence is never reported. A rise may mean better access to help."
UP = Indicator("P-X", "Staff trained", "process", "persons", "up", "d", "o", date(2027, 6, 30), combine="sum")
SHARE = replace(UP, code="P-Y", unit_measure="% of services")
CONTACTS = replace(UP, code="P-Z", kind="administrative", unit_measure="contacts", desired_direction="none",
                   caveat="reported-not-prevalence")  # fmt: skip
SURVEY = replace(UP, code="S-1", kind="survey", unit_measure="%", desired_direction="down", frequency="survey")
UNASKED = Cell(None, Status.NOT_APPLICABLE)


def cell(value: float, status: Status = Status.VALUE, **more: Any) -> Cell:
    return Cell(value, Status.ZERO if not value else status, **more)


def series(indicator: Indicator, points: dict[str, Cell], goals: Goals | None = None, caveat: str = CAVEAT) -> Series:
    """A series as the report hands it over."""
    columns = (Column("period", "Quarter"), Column("value", "Value", numeric=True))
    frame = pd.DataFrame([(p, c.value) for p, c in points.items()], columns=["period", "value"], index=list(points))
    statuses = pd.DataFrame(
        [(Status.VALUE, c.status) for c in points.values()], columns=["period", "value"], index=list(points)
    )
    table = Table(indicator.title, columns, frame, statuses, AS_OF, (caveat, "And another."), "Reports")
    return Series(
        indicator=indicator, country="XAA", country_name="Asterland", table=table, points=tuple(points.items()),
        goals=goals or Goals(), latest=max((p for p, c in points.items() if c.shown), default=""), standing="",
        standing_words="", answer="", finding="", reading="", kind_words="", revisions=(), open=True,
    )  # fmt: skip


def goals(*said: tuple[str, str, float]) -> Goals:
    made = [Goal(what, period, value, "Plan of Asterland") for what, period, value in said]
    return Goals(
        next((g for g in made if g.what == "baseline"), None),
        tuple(g for g in made if g.what == "milestone"),
        tuple(g for g in made if g.what == "target"),
    )


QUARTERS = {
    "2025-Q3": cell(120),
    "2025-Q4": cell(160, numerator=8, denominator=20),
    "2026-Q1": NOT_REPORTED,
    "2026-Q2": cell(200),
    "2026-Q3": cell(1234),
}
PLAN = goals(
    ("baseline", "2025-Q2", 100),
    ("milestone", "2026-Q2", 300),
    ("milestone", "2026-Q4", 500),
    ("target", "2027-Q2", 900),
)


def values(figure: dict[str, Any]) -> dict[str, Any]:
    return next(t for t in figure["data"] if t["mode"] == "lines+markers+text")


def texts(figure: dict[str, Any]) -> list[str]:
    drawn = [text for trace in figure["data"] for text in trace.get("text", [])]
    return [t for t in [*drawn, *(note["text"] for note in figure["layout"]["annotations"])] if t]


@pytest.mark.parametrize("indicator", [UP, SHARE, CONTACTS, SURVEY])
def test_it_is_a_figure_that_plotly_knows(indicator: Indicator) -> None:
    go.Figure(trend.line(series(indicator, QUARTERS, PLAN)))
    go.Figure(trend.line(series(indicator, {})))


def test_values_stand_at_their_time_and_a_gap_stays_one() -> None:
    drawn = values(trend.line(series(UP, QUARTERS)))
    assert drawn["x"] == [8102, 8103, 8104, 8105, 8106], "quarters at even steps"
    assert drawn["y"] == [120, 160, None, 200, 1234] and drawn["connectgaps"] is False
    assert drawn["text"] == ["", "", "", "", "<b>1,234</b>"], "the last value is named where it stands"
    assert drawn["customdata"][2] == "", "a gap has nothing to say"


def test_between_rounds_of_a_survey_nothing_was_due_so_nothing_is_broken() -> None:
    found = series(
        SURVEY,
        {"2024-Q1": cell(31), **dict.fromkeys(computed.quarters("2024-Q2", "2025-Q4"), UNASKED), "2026-Q1": cell(28)},
    )
    drawn = values(trend.line(found))
    assert drawn["x"] == [8096, 8104] and drawn["y"] == [31, 28]
    quarterly = values(trend.line(series(UP, {"2026-Q1": cell(1), "2026-Q2": UNASKED, "2026-Q3": cell(2)})))
    assert quarterly["y"] == [1, None, 2], "of a quarterly one, a quarter without anything to count is a gap"


def test_what_is_not_final_is_an_open_dot() -> None:
    points = {"2026-Q1": cell(5), "2026-Q2": cell(6, Status.NOT_VERIFIED), "2026-Q3": cell(7, Status.REVISION_PENDING)}
    drawn = values(trend.line(series(UP, points)))
    assert drawn["marker"]["symbol"] == ["circle", "circle-open", "circle-open"]
    assert "not verified" in drawn["customdata"][1] and "revision pending" in drawn["customdata"][2]


def test_what_was_agreed_is_drawn_and_named() -> None:
    figure = trend.line(series(UP, QUARTERS, PLAN))
    marks = {t["marker"]["symbol"]: t for t in figure["data"] if t["mode"] == "markers+text"}
    diamonds, square = marks["diamond-open"], marks["square-open"]
    assert (diamonds["x"], diamonds["y"]) == ([8105, 8107, 8109], [300, 500, 900])
    assert diamonds["text"] == ["300", "500", ""], "that of the target stands at its line"
    assert (square["x"], square["y"], square["text"]) == ([8101], [100], ["Baseline 100"])
    (level,) = [t for t in figure["data"] if t["mode"] == "lines"]
    assert level["y"] == [900, 900] and level["line"]["dash"] == "dash"
    assert [note["text"] for note in figure["layout"]["annotations"]] == ["Target 900, Q2 2027"]
    assert "The milestone of 300 persons (Q2 2026)<br>Plan of Asterland" in diamonds["customdata"][0]
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 8101 and high > 8109


def test_what_is_far_away_is_a_level_and_squeezes_nothing() -> None:
    far = goals(("baseline", "2018-Q4", 66), ("milestone", "2031-Q4", 300), ("target", "2035-Q4", 900))
    figure = trend.line(series(UP, QUARTERS, far))
    assert figure["layout"]["xaxis"]["range"] == [8101.4, 8106.6]
    assert sorted(n["text"] for n in figure["layout"]["annotations"]) == ["Baseline 66, Q4 2018", "Target 900, Q4 2035"]
    assert not [t for t in figure["data"] if t["mode"] == "markers+text"]


def test_a_count_of_contacts_has_no_goal_and_neutral_ink() -> None:
    figure = trend.line(series(CONTACTS, QUARTERS, PLAN))
    assert values(figure)["line"]["color"] == template.COLOURS["fill-ink"]
    assert not [t for t in figure["data"] if t["mode"] == "lines"] and not figure["layout"]["annotations"]
    assert texts(figure) == ["<b>1,234</b>", "Baseline 100"]
    assert values(trend.line(series(UP, QUARTERS)))["line"]["color"] == template.COLOURS["accent"]


def test_the_hover_says_unit_parts_and_caveat() -> None:
    hover = values(trend.line(series(CONTACTS, QUARTERS)))["customdata"]
    flat = hover[1].replace("<br>", " ")
    assert flat.startswith("Q4 2025: 160 contacts 8 of 20") and flat.endswith(CAVEAT)
    assert max(len(line) for line in hover[1].split("<br>")) <= 44, "no wider than a phone"
    assert values(trend.line(series(CONTACTS, QUARTERS)))["hovertemplate"] == "%{customdata}<extra></extra>"


def test_a_cell_that_may_not_be_read_leaves_no_number() -> None:
    hidden = {"2026-Q1": NOT_RELEASED, "2026-Q2": replace(NOT_RELEASED, caveat="never mind"), "2026-Q3": NOT_REPORTED}
    figure = trend.line(series(CONTACTS, hidden))
    assert set(values(figure)["y"]) == {None} and set(values(figure)["customdata"]) == {""}
    assert texts(figure) == []


def test_text_from_data_is_no_markup() -> None:
    hostile = '<a href="javascript:alert(1)">x</a> $x^2$ %{y}'
    found = series(replace(UP, unit_measure=hostile), QUARTERS, replace_plan(hostile), caveat=hostile)
    text = json.dumps(trend.line(found))
    assert "<a " not in text and "$x" not in text and "%{y}" not in text


def replace_plan(words: str) -> Goals:
    return Goals(Goal("baseline", "2025-Q2", 100, words), (Goal("milestone", "2026-Q4", 5, words),), ())


def test_few_quarters_are_named_and_the_last_is_one_of_them() -> None:
    for count in (2, 5, 6, 7, 12, 25, 60):
        points = {p: cell(1) for p in computed.quarters("2010-Q1", "2026-Q3")[-count:]}
        axis = trend.line(series(UP, points))["layout"]["xaxis"]
        assert 2 <= len(axis["tickvals"]) <= trend.TICKS
        assert axis["ticktext"][-1] == "Q3<br>2026"
        steps = {b - a for a, b in zip(axis["tickvals"], axis["tickvals"][1:], strict=False)}
        assert len(steps) == 1


def test_the_axis_begins_at_zero_and_speaks_the_unit() -> None:
    axis = trend.line(series(SHARE, QUARTERS))["layout"]["yaxis"]
    assert axis["range"][0] == 0 and axis["range"][1] > 1234 and axis["ticksuffix"] == "\u00a0%"
    answers = trend.line(series(replace(UP, unit_measure="yes/partly/no"), {"2026-Q3": cell(0.5)}))["layout"]["yaxis"]
    assert answers["ticktext"] == ["no", "partly", "yes"]
    fall = trend.line(series(replace(SHARE, kind="budget"), {"2026-Q2": cell(-4), "2026-Q3": cell(8)}))
    assert fall["layout"]["yaxis"]["range"][0] < -4


def test_kinds_are_never_mixed() -> None:
    one, other = series(UP, QUARTERS), series(UP, {"2026-Q3": cell(5)})
    assert len([t for t in trend.line(one, other)["data"] if t["mode"] == "lines+markers+text"]) == 2
    for wrong in (series(CONTACTS, QUARTERS), series(SURVEY, QUARTERS), series(SHARE, QUARTERS)):
        with pytest.raises(ValueError, match="share no axis"):
            trend.line(one, wrong)
    with pytest.raises(ValueError, match="One chart holds one kind"):
        trend.line()


def test_no_colour_judges() -> None:
    for indicator in (UP, CONTACTS, SURVEY):
        colours = set(re.findall(r"#[0-9a-f]{6}", json.dumps(trend.line(series(indicator, QUARTERS, PLAN)))))
        assert colours <= set(template.COLOURS.values())
        for colour in colours:
            red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
            assert not (red > 2 * max(green, blue) or green > 1.5 * max(red, blue)), colour


def test_labels_stand_clear_of_the_line() -> None:
    rising = trend.line(series(UP, QUARTERS, PLAN))
    assert values(rising)["textposition"][-1] == "top center"
    falling = series(UP, {"2026-Q1": cell(1900), "2026-Q2": cell(1900), "2026-Q3": cell(1050)})
    assert values(trend.line(falling))["textposition"][-1] == "bottom center"


def test_a_level_is_named_where_no_value_stands() -> None:
    """The newest value lies just above the target: both are named, and not on top of each other."""
    plan = goals(("target", "2028-Q3", 15))
    points = {"2024-Q1": cell(18.4), **dict.fromkeys(computed.quarters("2024-Q2", "2025-Q4"), UNASKED)}
    figure = trend.line(series(SURVEY, points | {"2026-Q1": cell(15.7)}, plan))
    assert values(figure)["textposition"][-1].startswith("top"), "the target runs below it"
    (note,) = figure["layout"]["annotations"]
    assert note["yanchor"] == "top", "the line runs above it"


def test_what_is_reached_to_the_point_is_written_once() -> None:
    plan = goals(("milestone", "2026-Q2", 200), ("milestone", "2026-Q3", 1234))
    figure = trend.line(series(UP, QUARTERS, plan))
    assert texts(figure) == ["<b>1,234</b>", "200"]


def test_countries_share_one_scale() -> None:
    panels = (
        Panel("XAA", "Asterland", (("2026-Q2", cell(50)), ("2026-Q3", cell(100))), "100", "Q3 2026", ""),
        Panel("XBA", "Bravonia", (("2026-Q3", cell(100)),), "100", "Q3 2026", ""),
    )
    found = Comparison(panels, series(UP, QUARTERS).table, 0, 200, "0 to 200")
    drawn = dict(trend.multiples(found))
    assert list(drawn) == ["XAA", "XBA"] and all(a.startswith("data:image/svg+xml,") for a in drawn.values())
    last = [re.findall(r"cx=%22([\d.]+)%22 cy=%22([\d.]+)%22", address)[-1] for address in drawn.values()]
    assert last[0] == last[1], "the same value of the same quarter stands at the same place"
