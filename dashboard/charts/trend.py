"""Draw an indicator through time, with what was agreed. Never judges: no red, no green, and no goal for a count.

One chart holds one kind and one unit: a survey and a count of contacts never share an axis.
"""

from __future__ import annotations

import textwrap
from typing import Any

from dashboard.charts import labels, spark, template
from dashboard.charts.template import COLOURS, SIZE, plain
from dashboard.reference import periods
from dashboard.reference.indicators import Indicator, figure_words, value_words
from dashboard.reference.periods import Period
from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reference.text import N_, _
from dashboard.reports import indicator_words
from dashboard.reports.indicator_cells import Cell
from dashboard.reports.indicator_comparison import Comparison
from dashboard.reports.indicator_goals import Goal
from dashboard.reports.indicators import Series

HEIGHT = 400
TICKS = 6
NEAR = 8
"""What was agreed for a quarter further from the values than so many is drawn as a level, and not at its place."""
_LINE = 44
_FINAL = (Status.VALUE, Status.ZERO)


def line(*series: Series) -> dict[str, Any]:
    """A figure dict of one indicator in one country; further series of the same kind and unit stand back, in grey.

    A quarter without a value breaks the line; a value that is not settled is an open dot. Milestones are open diamonds
    and the target is a dashed line, of the first series. Raises ValueError when kinds or units differ, or for nothing.
    """
    if len({(found.indicator.kind, found.indicator.unit_measure) for found in series}) != 1:
        raise ValueError("One chart holds one kind of indicator and one unit: a survey and contacts share no axis.")
    main, indicator = series[0], series[0].indicator
    ink = COLOURS["fill-ink"] if indicator.administrative else COLOURS["accent"]
    traces = [_values(found, COLOURS["muted"], width=1.5) for found in series[1:]] + [_values(main, ink, width=3)]
    places = [x for trace in traces for x in trace["x"]]
    first, last = min(places, default=0), max(places, default=1)
    goals, levels, agreed = _agreed(main, first, last)
    if goals:
        traces.append(_goals(main, goals))
    if agreed:
        traces.append(_baseline(main, agreed))
    shown = [_place(goal.period) for goal in [*goals, *([agreed] if agreed else [])]]
    begin, end = min([first, *shown]), max([last, *shown])
    for goal in levels:
        traces.insert(0, _level(goal, begin, end))
    across, up = _quarters(begin, end), _scale(indicator, traces)
    drawn, notes = labels.cleared(
        traces, [_note(indicator, goal, begin, end) for goal in levels], across["range"], up["range"]
    )
    return {
        "data": drawn,
        "layout": template.layout(
            showlegend=False,
            height=HEIGHT,
            margin={"l": 8, "r": 20, "t": 24, "b": 8},
            annotations=notes,
            xaxis=across,
            yaxis=up,
        ),
    }


def multiples(found: Comparison) -> list[tuple[str, str]]:
    """Each country's small line on the one scale of the comparison, as (country, address of an image)."""
    quarters = sorted({period for panel in found.panels for period, _cell in panel.points})
    drawn = []
    for panel in found.panels:
        picture = spark.svg(
            panel.points,
            title=". ".join(said for said in (panel.name, found.caveat) if said),
            low=found.low,
            high=found.high,
            first=quarters[0],
            last=quarters[-1],
        )
        drawn.append((panel.country, spark.address(picture)))
    return drawn


def _agreed(found: Series, first: int, last: int) -> tuple[list[Goal], list[Goal], Goal | None]:
    """What was agreed: the goals at their place, those that are a level, and the baseline where it has a place."""
    goals, baseline = found.goals, found.goals.baseline
    near = [goal for goal in goals.milestones if first - NEAR <= _place(goal.period) <= last + NEAR]
    levels = [goals.target] if goals.target else []
    if goals.target and _place(goals.target.period) <= last + NEAR:
        near.append(goals.target)
    if not found.indicator.directed:
        near, levels = [], []
    if baseline and _place(baseline.period) < first - NEAR:
        return near, [*levels, baseline], None
    return near, levels, baseline


def _values(found: Series, ink: str, width: float) -> dict[str, Any]:
    """The values of a series. Between two quarters with a value that are not neighbours the line is broken, unless
    nobody was asked in between."""
    x: list[int] = []
    y: list[float | None] = []
    said: list[str] = []
    symbols: list[str] = []
    for period, cell in found.asked:
        x.append(_place(period))
        y.append(cell.value if cell.shown else None)
        said.append(_hover(found, period, cell))
        symbols.append("circle" if cell.settled else "circle-open")
    named = [""] * len(x)
    for position in range(len(x) - 1, -1, -1):
        if y[position] is not None:
            named[position] = f"<b>{plain(_short(found.indicator, y[position] or 0.0))}</b>"
            break
    return {
        "type": "scatter",
        "mode": "lines+markers+text",
        "name": plain(found.country_name),
        "x": x,
        "y": y,
        "customdata": said,
        "text": named,
        "textfont": {"color": ink, "size": SIZE + 2},
        "hovertemplate": "%{customdata}<extra></extra>",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {"color": ink, "width": width},
        "marker": {"color": ink, "size": 9 if width > 2 else 6, "symbol": symbols, "line": {"color": ink, "width": 2}},
    }


def _goals(found: Series, goals: list[Goal]) -> dict[str, Any]:
    """Milestones and target as open diamonds, each milestone with its value; that of the target stands at its line.

    Where the newest value is what was agreed for its quarter, its own label says so.
    """
    newest = dict(found.points).get(found.latest)
    same = _short(found.indicator, newest.value) if newest is not None and newest.value is not None else ""
    said = [_short(found.indicator, goal.value) for goal in goals]
    words = [
        "" if goal.what == "target" or (goal.period == found.latest and value == same) else value
        for goal, value in zip(goals, said, strict=True)
    ]
    return _marks(found, goals, words, "diamond-open")


def _baseline(found: Series, baseline: Goal) -> dict[str, Any]:
    said = _("Baseline {value}", value=_short(found.indicator, baseline.value))
    return _marks(found, [baseline], [said], "square-open")


def _marks(found: Series, goals: list[Goal], words: list[str], symbol: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [_place(goal.period) for goal in goals],
        "y": [goal.value for goal in goals],
        "text": [plain(word) for word in words],
        "textfont": {"color": COLOURS["muted"], "size": SIZE - 1},
        "customdata": [_goal_hover(found, goal) for goal in goals],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "color": COLOURS["muted"],
            "size": 12,
            "symbol": symbol,
            "line": {"color": COLOURS["muted"], "width": 2},
        },
    }


def _level(goal: Goal, begin: int, end: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [begin, end],
        "y": [goal.value, goal.value],
        "hoverinfo": "skip",
        "line": {"color": COLOURS["muted"], "width": 1.5, "dash": "dot" if goal.what == "baseline" else "dash"},
    }


def _note(indicator: Indicator, goal: Goal, begin: int, end: int) -> list[dict[str, Any]]:
    """The label of a level at each place where it may stand: at either end of it, above or below."""
    words = N_("Target {value}, {quarter}") if goal.what == "target" else N_("Baseline {value}, {quarter}")
    said = _(words, value=_short(indicator, goal.value), quarter=goal.label)
    note = {
        "y": goal.value,
        "text": plain(said),
        "showarrow": False,
        "font": {"color": COLOURS["muted"], "size": SIZE - 1},
    }
    left, right = {"x": begin, "xanchor": "left", "xshift": 0}, {"x": end, "xanchor": "right", "xshift": -10}
    ends = (left, right) if goal.what == "baseline" else (right, left)
    return [note | where | {"yanchor": side} for where in ends for side in ("bottom", "top")]


def _hover(found: Series, period: str, cell: Cell) -> str:
    if not cell.shown or cell.value is None:
        return ""
    value = value_words(found.indicator, cell.value)
    said = [_("{quarter}: {value}", quarter=periods.parse(period).label, value=value)]
    if cell.numerator is not None and cell.denominator is not None:
        parts = (figure_words(cell.numerator), figure_words(cell.denominator))
        said.append(_("{part} of {whole}", part=parts[0], whole=parts[1]))
    if cell.status not in _FINAL and cell.status in STATUS_WORDS:
        said.append(_(STATUS_WORDS[cell.status]))
    return _lines([*said, cell.caveat, *found.table.caveats[:1]])


def _goal_hover(found: Series, goal: Goal) -> str:
    named = indicator_words.goal_words(found.indicator, goal)
    return _lines([named[:1].upper() + named[1:], goal.agreed_in, *found.table.caveats[:1]])


def _short(indicator: Indicator, value: float) -> str:
    """A value as it stands in the chart, whose unit is named above it."""
    if indicator.share or indicator.unit_measure.startswith("yes/"):
        return value_words(indicator, value)
    return figure_words(value)


def _lines(said: list[str]) -> str:
    """Sentences under each other, none wider than a phone."""
    return "<br>".join(plain(part) for words in said if words for part in textwrap.wrap(words, _LINE))


def _quarters(begin: int, end: int) -> dict[str, Any]:
    """The axis of time: quarters at even steps, so few that they can be read on a phone, the last one always named."""
    step = next(s for s in (1, 2, 4, 8, 12, 20, 40, 80, 160) if (end - begin) // s < TICKS)
    places = list(range(end, begin - 1, -step))[::-1]
    return {
        "tickvals": places,
        "ticktext": [Period(place // 4, place % 4 + 1).label.replace(" ", "<br>") for place in places],
        "range": [begin - 0.6, end + 0.6],
        "showgrid": False,
        "ticks": "outside",
        "ticklen": 4,
    }


def _scale(indicator: Indicator, traces: list[dict[str, Any]]) -> dict[str, Any]:
    """The axis of values, from zero, with room for a label above the highest."""
    values = [y for trace in traces for y in trace["y"] if y is not None]
    high, low = max(values, default=1.0), min([0.0, *values])
    axis: dict[str, Any] = {"range": [low * 1.1, (high or 1.0) * 1.16], "nticks": 6, "rangemode": "tozero"}
    if indicator.unit_measure.startswith("yes/"):
        steps = [0, 0.5, 1] if "partly" in indicator.unit_measure else [0, 1]
        return axis | {"tickvals": steps, "ticktext": [value_words(indicator, step) for step in steps]}
    if indicator.share:
        return axis | {"ticksuffix": "\N{NO-BREAK SPACE}%"}
    return axis | {"separatethousands": True}


def _place(period: str) -> int:
    """A quarter as a number, so that time runs evenly."""
    quarter: Period = periods.parse(period)
    return quarter.year * 4 + quarter.quarter - 1
