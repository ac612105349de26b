"""A small line without words, as SVG and as an address for an image. Never carries a number that may not be seen.

The words stand beside it as text. Thirty of these on a page cost less than one interactive chart.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from xml.sax.saxutils import escape

from dashboard.charts.template import COLOURS
from dashboard.reference import periods
from dashboard.reference.table import Status
from dashboard.reports.indicator_cells import Cell

WIDTH, HEIGHT = 240, 60
_EDGE = 6
Points = Sequence[tuple[str, Cell]]


def svg(
    points: Points,
    *,
    title: str,
    neutral: bool = False,
    goal: float | None = None,
    low: float = 0.0,
    high: float | None = None,
    first: str = "",
    last: str = "",
) -> str:
    """The points (quarter, cell) as a line on the scale `low` to `high`, from quarter `first` to `last`.

    Without them the scale begins at zero and holds every point and the goal. A quarter without a value breaks the line
    and leaves an open dot at the foot; a value that is not settled is an open dot. `goal` is a dashed line. `neutral`
    keeps to grey, for counts that nobody is judged by. `title` is for those who do not see it.
    """
    shown = [(_place(period), cell.value) for period, cell in points if cell.shown and cell.value is not None]
    every = [value for _x, value in shown] + ([goal] if goal is not None else [])
    bottom, top = min([low, *every]), max(every, default=1.0) if high is None else high
    begin, end = _place(first or points[0][0]) if points else 0, _place(last or points[-1][0]) if points else 1
    ink = COLOURS["fill-ink"] if neutral else COLOURS["accent"]

    def x(place: int) -> str:
        return f"{_EDGE + (place - begin) / max(end - begin, 1) * (WIDTH - 2 * _EDGE):.1f}"

    def y(value: float) -> str:
        return f"{HEIGHT - _EDGE - (value - bottom) / ((top - bottom) or 1) * (HEIGHT - 2 * _EDGE):.1f}"

    parts = [f'<path d="M{_EDGE} {y(max(bottom, 0))}H{WIDTH - _EDGE}" stroke="{COLOURS["line"]}"/>']
    if goal is not None:
        dashed = f'stroke="{COLOURS["muted"]}" stroke-dasharray="4 3"'
        parts.append(f'<path d="M{_EDGE} {y(goal)}H{WIDTH - _EDGE}" {dashed}/>')
    for run in _runs(points):
        line = " ".join(f"{x(_place(period))},{y(cell.value or 0)}" for period, cell in run)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{ink}" stroke-width="2.5"/>')
    for position, (period, cell) in enumerate(points):
        at = f'cx="{x(_place(period))}"'
        if cell.shown and cell.value is not None:
            fill = ink if cell.settled else COLOURS["surface"]
            size = 4.5 if position == len(points) - 1 else 2.5
            parts.append(
                f'<circle {at} cy="{y(cell.value)}" r="{size}" fill="{fill}" stroke="{ink}" stroke-width="1.5"/>'
            )
        elif cell.status == Status.NOT_REPORTED:
            parts.append(
                f'<circle {at} cy="{y(bottom)}" r="2.5" fill="{COLOURS["surface"]}" stroke="{COLOURS["muted"]}"/>'
            )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def address(drawn: str) -> str:
    """An SVG as the address of an image."""
    return "data:image/svg+xml," + quote(drawn, safe=" =:/'<>;,()!*-._~")


def _runs(points: Points) -> list[list[tuple[str, Cell]]]:
    """The points between two gaps."""
    runs: list[list[tuple[str, Cell]]] = [[]]
    for period, cell in points:
        if cell.shown and cell.value is not None:
            runs[-1].append((period, cell))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if len(run) > 1]


def _place(period: str) -> int:
    """A quarter as a number, so that time runs evenly."""
    quarter = periods.parse(period)
    return quarter.year * 4 + quarter.quarter - 1
