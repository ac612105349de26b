"""Draw reported contacts by place, in one neutral tone. Never judges, and has no axis to read a hidden count from.

A hidden count is a hatched stub of one length, whatever it is; the caveat is written into the picture.
"""

from __future__ import annotations

import textwrap
from typing import Any

from dashboard.charts import template
from dashboard.charts.template import COLOURS, SIZE, plain
from dashboard.reference.table import STATUS_WORDS, Status, Table
from dashboard.reference.text import _, number

BAR = 28
STUB = 0.1
"""How long the stub of a hidden count is, as a share of the width: the same for each."""
ROOM = 0.42
"""What is kept free at the right for the words of a status, as a share of the longest bar."""
LABEL = 22
_SHOWN = (Status.VALUE, Status.ZERO, Status.REVISION_PENDING)


def by_place(table: Table, *, line: int = 118) -> dict[str, Any]:
    """Columns `place` and `contacts`: a bar a row with its count, or its status in words. The first caveat is written.

    `line` is how many letters of the caveat go into a line: 118 on 960 pixels, 46 on a phone.
    """
    names = ["<br>".join(map(plain, _broken(str(place)))) for place in table.frame["place"]]
    rows = list(zip(names, table.frame["contacts"], table.statuses["contacts"], strict=True))
    most = max((float(value) for _name, value, status in rows if status in _SHOWN), default=0.0) or 1.0
    end = most * (1 + ROOM)
    caveat = textwrap.wrap(table.caveats[0], line) if table.caveats else []
    room = 16 + 8 * max((len(part) for name in names for part in name.split("<br>")), default=0)
    foot = 16 + 20 * len(caveat)
    height = BAR * len(rows) + sum(12 for name in names if "<br>" in name) + 8
    return {
        "data": [
            _bars(rows, (Status.VALUE, Status.ZERO), _("contacts"), template.NEUTRAL),
            _bars(rows, (Status.REVISION_PENDING,), _(STATUS_WORDS[Status.REVISION_PENDING]), template.PENDING),
            _stubs(rows, end * STUB),
            _dots(rows, end),
        ],
        "layout": template.layout(
            barmode="overlay",
            showlegend=False,
            margin={"l": room, "r": 8, "t": 8, "b": foot},
            height=height + foot,
            annotations=[*_labels(rows, end), *_caveat(caveat, room)],
            xaxis={"visible": False, "range": [0, end], "fixedrange": True},
            yaxis={"autorange": "reversed", "showgrid": False, "ticklabelstandoff": 6, "fixedrange": True},
        ),
    }


_Row = tuple[str, Any, str]


def _bars(rows: list[_Row], statuses: tuple[Status, ...], name: str, fill: template.Fill) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "y": [place for place, _value, _status in rows],
        "x": [float(value) if status in statuses else None for _place, value, status in rows],
        "marker": fill.marker(),
        "width": 0.66,
        "hovertemplate": "%{y}: %{x}<extra></extra>",
    }


def _stubs(rows: list[_Row], length: float) -> dict[str, Any]:
    hidden = _(STATUS_WORDS[Status.SUPPRESSED])
    return {
        "type": "bar",
        "orientation": "h",
        "name": hidden,
        "y": [place for place, _value, _status in rows],
        "x": [length if status == Status.SUPPRESSED else None for _place, _value, status in rows],
        "marker": template.HIDDEN.marker(),
        "width": 0.66,
        "hovertemplate": f"%{{y}}: {plain(hidden)}<extra></extra>",
    }


def _dots(rows: list[_Row], end: float) -> dict[str, Any]:
    """An open dot where there is no count and none is hidden."""
    bare = [(place, status) for place, _value, status in rows if status not in (*_SHOWN, Status.SUPPRESSED)]
    return {
        "type": "scatter",
        "mode": "markers",
        "y": [place for place, _status in bare],
        "x": [end * 0.012] * len(bare),
        "customdata": [plain(_said(None, status)) for _place, status in bare],
        "hovertemplate": "%{y}: %{customdata}<extra></extra>",
        "cliponaxis": False,
        "marker": {"symbol": "circle-open", "size": 10, "color": COLOURS["muted"], "line": {"width": 2}},
    }


def _labels(rows: list[_Row], end: float) -> list[dict[str, Any]]:
    """What each row says, beside its bar, stub or dot."""
    made = []
    for place, value, status in rows:
        at = float(value) if status in _SHOWN else end * (STUB if status == Status.SUPPRESSED else 0.025)
        made.append(
            {
                "x": at,
                "y": place,
                "text": plain(_said(value, status)),
                "xanchor": "left",
                "xshift": 6,
                "showarrow": False,
                "font": {"size": SIZE, "color": COLOURS["text" if status in _SHOWN else "muted"]},
            }
        )
    return made


def _said(value: Any, status: str) -> str:
    if status in (Status.VALUE, Status.ZERO):
        return number(float(value))
    if status == Status.REVISION_PENDING:
        return _("{value} (revision pending)", value=number(float(value)))
    return _(STATUS_WORDS[Status(status)])


def _caveat(lines: list[str], room: int) -> list[dict[str, Any]]:
    if not lines:
        return []
    return [
        {
            "text": "<br>".join(map(plain, lines)),
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "xshift": -room,
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "yshift": -8,
            "align": "left",
            "showarrow": False,
            "font": {"size": SIZE - 1, "color": COLOURS["muted"]},
        }
    ]


def _broken(name: str) -> list[str]:
    return textwrap.wrap(name, max(LABEL, len(name) // 2 + 4)) or [""]
