"""Stacked bars of counts, one bar a row, in labelled panels. Never adds up what the table did not count."""

from __future__ import annotations

import textwrap
from typing import Any

from dashboard.charts import template
from dashboard.reference.table import Status, Table
from dashboard.reference.text import number

BAR = 36
BAR_OF_TWO = 44
HEADING = 46
LEGEND = 64
EDGE = 8
LINE = 18
WORDS = 32
LETTER = 8
"""Pixels that a letter takes at most, nearly always; where it is not enough, Plotly makes the room wider."""


def bars(table: Table, *, panel: str, label: str, colours: dict[str, str] | None = None) -> dict[str, Any]:
    """A figure dict: each row of `table` a bar named by column `label`, each numeric column a part of it.

    Rows with the same value in column `panel` stand together under it as a heading, in `colours[heading]` where given.
    A count that is not a value (hidden, not released ...) is left as a gap; the status is read in the table below.
    """
    panels = list(dict.fromkeys(str(value) for value in table.frame[panel]))
    parts = [column for column in table.columns if column.numeric]
    labels = _labels([str(table.frame.loc[row, label]) for row in table.frame.index])
    # Where many names take two lines, they would touch each other.
    bar = BAR_OF_TWO if 3 * sum(len(lines) > 1 for lines in labels) > len(labels) else BAR
    heights = [HEADING + bar * int((table.frame[panel] == name).sum()) for name in panels]
    total = sum(heights) or 1
    labels_of = dict(zip(table.frame.index, labels, strict=True))
    room = 16 + LETTER * max((len(part) for lines in labels for part in lines), default=0)
    traces: list[dict[str, Any]] = []
    axes: dict[str, Any] = {}
    headings: list[dict[str, Any]] = []
    top = 1.0
    for index, (name, height) in enumerate(zip(panels, heights, strict=True)):
        suffix = str(index + 1) if index else ""
        rows = table.frame[table.frame[panel] == name]
        bottom = top - height / total
        axes[f"yaxis{suffix}"] = {
            "domain": [max(bottom, 0.0), top - HEADING / total],
            "autorange": "reversed",
            "anchor": "x",
            "showgrid": False,
            "automargin": True,
            "ticklabelstandoff": 6,
            "fixedrange": True,
        }
        headings.append(
            {
                # At the left edge, above the names: on a phone there would be no room for it above the bars.
                "text": f"<b>{'<br>'.join(map(template.plain, _broken(name, WORDS)))}</b>",
                "x": 0,
                "xshift": -room,
                "xref": "paper",
                "xanchor": "left",
                "y": top - HEADING / total,
                "yref": "paper",
                "yanchor": "bottom",
                "yshift": 1,
                "showarrow": False,
                "align": "left",
                "font": {"color": (colours or {}).get(name, template.COLOURS["text"]), "size": template.SIZE},
            }
        )
        for column in parts:
            fill = template.FILLS.get(column.name, template.GREY)
            counts = [_shown(table, row, column.name) for row in rows.index]
            traces.append(
                {
                    "type": "bar",
                    "orientation": "h",
                    "yaxis": f"y{suffix}",
                    "xaxis": "x",
                    "y": ["<br>".join(map(template.plain, labels_of[row])) for row in rows.index],
                    "x": counts,
                    "name": template.plain(column.title),
                    "legendgroup": column.name,
                    "showlegend": index == 0,
                    "meta": {"fill": column.name, "title": column.title},
                    "marker": fill.marker(),
                    "width": 0.74,
                    "text": [number(count) if count else "" for count in counts],
                    "textposition": "inside",
                    "insidetextanchor": "middle",
                    "textangle": 0,
                    "constraintext": "none",
                    "insidetextfont": {"color": fill.text, "size": template.SIZE},
                    "cliponaxis": False,
                    "hovertemplate": f"%{{y}}<br>{template.plain(column.title)}: %{{x}} {template.plain(column.unit)}"
                    "<extra></extra>",
                }
            )
        top = bottom
    longest = max((sum(_shown(table, row, c.name) or 0 for c in parts) for row in table.frame.index), default=1)
    return {
        "data": traces,
        "layout": template.layout(
            barmode="stack",
            margin={"l": room, "r": EDGE, "t": EDGE, "b": EDGE},
            showlegend=True,
            height=total + LEGEND,
            meta=LEGEND,
            annotations=headings,
            xaxis={"visible": False, "range": [0, (longest or 1) * 1.003], "fixedrange": True, "domain": [0, 1]},
            legend={
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.0,
                "yanchor": "bottom",
                "traceorder": "normal",
                "maxheight": 3 * LEGEND,
                "itemclick": False,
                "itemdoubleclick": False,
                "font": {"size": template.SIZE},
            },
            **axes,
        ),
    }


def _labels(names: list[str]) -> list[list[str]]:
    """The names of bars, each in two lines at most. What is cut reads on in the table.

    Bars of the same name would be one, so names that are alike once they are cut stay whole.
    """
    cut = [_broken(name) for name in names]
    said = dict[tuple[str, ...], set[str]]()
    for name, lines in zip(names, cut, strict=True):
        said.setdefault(tuple(lines), set()).add(name)
    return [
        lines if len(said[tuple(lines)]) == 1 else textwrap.wrap(name, _wide(name, LINE))
        for name, lines in zip(names, cut, strict=True)
    ]


def _broken(name: str, line: int = LINE) -> list[str]:
    """A name in two lines at most: on a phone a long line would leave no room for the bars, and three overlap."""
    wide = _wide(name, line)
    wrapped = next((lines for more in range(5) if len(lines := textwrap.wrap(name, wide + more)) <= 2), None)
    return (wrapped or textwrap.wrap(name, wide, max_lines=2, placeholder="…")) or [""]


def _wide(name: str, line: int) -> int:
    """How many letters a line of a name may have."""
    return max(line, min(len(name) // 2 + 4, WORDS))


def _shown(table: Table, row: Any, name: str) -> int | None:
    status = table.statuses.loc[row, name]
    return int(table.frame.loc[row, name]) if status in (Status.VALUE, Status.ZERO, Status.NOT_VERIFIED) else None
