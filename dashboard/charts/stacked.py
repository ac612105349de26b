"""Stacked bars of counts, one bar a row, in labelled panels. Never adds up what the table did not count."""

from __future__ import annotations

import textwrap
from typing import Any

from dashboard.charts import template
from dashboard.reference.table import Status, Table
from dashboard.reference.text import number

BAR = 36
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
    heights = [HEADING + BAR * int((table.frame[panel] == name).sum()) for name in panels]
    total = sum(heights) or 1
    labels = {row: _broken(str(table.frame.loc[row, label])) for row in table.frame.index}
    room = 16 + LETTER * max((len(part) for lines in labels.values() for part in lines), default=0)
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
                    "y": ["<br>".join(map(template.plain, labels[row])) for row in rows.index],
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


def _broken(name: str, line: int = LINE) -> list[str]:
    """A name in one line or two: on a phone, a long one would leave no room for the bars."""
    return textwrap.wrap(name, max(line, len(name) // 2 + 4)) or [""]


def _shown(table: Table, row: Any, name: str) -> int | None:
    status = table.statuses.loc[row, name]
    return int(table.frame.loc[row, name]) if status in (Status.VALUE, Status.ZERO, Status.NOT_VERIFIED) else None
