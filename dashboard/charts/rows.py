"""Draw one number a row as a bar, and where there is none its status. Never colours by good or bad, never guesses.

A hidden number is a hatched stub of one length, whatever it is; what is said in a row stands beside its bar, so there
is no axis from which more could be read.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.charts import template
from dashboard.charts.template import COLOURS, SIZE, plain
from dashboard.reference.table import STATUS_WORDS, Status
from dashboard.reference.text import N_, _

LINE, BAR, GAP = 18, 18, 12
"""The height of a line of a name, of a bar, and what is free between two rows, in pixels."""
HEADING, MARGIN = 40, 6
LETTERS = 18
"""How many letters of a name go into a line: on a phone more would leave no room for the bars."""
LETTER = 8
STUB = 0.08
"""How long the stub of a hidden number is, as a share of the longest bar: the same for each."""
NEAR = 0.4
"""A goal that lies so near behind a bar, as a share of the longest, would be written over on a phone."""
WRAP = 44
_SHOWN = (Status.VALUE, Status.ZERO, Status.REVISION_PENDING, Status.NOT_VERIFIED)
SHORT = {
    Status.SUPPRESSED: N_("hidden"),
    Status.NOT_REPORTED: N_("not reported"),
    Status.REVISION_PENDING: N_("{value}, revision pending"),
    Status.NOT_VERIFIED: N_("{value}, not verified"),
}
"""Beside a bar there is room for little; the whole words stand in the key, the hover and the table."""
VALUES, UNSURE = (Status.VALUE, Status.ZERO), (Status.REVISION_PENDING, Status.NOT_VERIFIED)


@dataclass(frozen=True)
class Row:
    """One row: its name, its number and status, the number in words, what was agreed for it, its heading."""

    name: str
    value: float | None
    status: Status
    said: str = ""
    goal: float | None = None
    agreed: str = ""
    group: str = ""


def bars(
    rows: Sequence[Row],
    *,
    words: str,
    fill: str = "open",
    caveat: str = "",
    colours: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A figure dict: a bar a row, under its heading where it has one, in `colours[heading]` where given.

    `words` say what a bar is, `fill` is one of `template.FILLS` or `CONTACTS`; `caveat` is said in every hover. Rows
    keep their order; those of a group follow each other.
    """
    placed, headings, height = _placed(rows, colours or {})
    known = [max(row.value or 0.0, row.goal or 0.0) for row in rows if row.status in _SHOWN or row.goal is not None]
    most = max(known, default=0.0) or 1.0
    room = 16 + LETTER * max((len(line) for row in rows for line in _lines(row.name)), default=0)
    beside = 20 + LETTER * max((len(_beside(row)) for row in rows if row.status in _SHOWN), default=0)
    unsure = next((_(STATUS_WORDS[row.status]) for row in rows if row.status in UNSURE), "")
    traces = [
        _bars(placed, VALUES, fill, words, caveat),
        _bars(placed, UNSURE, "pending", unsure, caveat),
        _bars(placed, (Status.SUPPRESSED,), "hidden", _(STATUS_WORDS[Status.SUPPRESSED]), caveat, stub=most * STUB),
        _dots(placed, most, caveat),
    ]
    if any(row.goal is not None for row in rows):
        traces.append(_goals(placed))
    return {
        "data": [trace for trace in traces if trace["y"]],
        "layout": template.layout(
            barmode="overlay",
            showlegend=False,
            height=height,
            margin={"l": room, "r": beside, "t": MARGIN, "b": MARGIN},
            annotations=[*headings(room), *_labels(placed, most)],
            xaxis={"visible": False, "range": [0, most], "fixedrange": True},
            yaxis={
                "range": [height - 2 * MARGIN, 0],
                "tickvals": [y for y, _row in placed],
                "ticktext": ["<br>".join(map(plain, _lines(row.name))) for _y, row in placed],
                "showgrid": False,
                "ticklabelstandoff": 6,
                "fixedrange": True,
            },
        ),
    }


_Placed = list[tuple[float, Row]]


def _placed(rows: Sequence[Row], colours: Mapping[str, str]) -> tuple[_Placed, Any, int]:
    """Each row with the middle of its place in pixels from above, what makes the headings, and the height of all."""
    placed: _Placed = []
    heads: list[tuple[float, str]] = []
    top, group = 0.0, ""
    for row in rows:
        if row.group != group:
            group = row.group
            heads.append((top + HEADING - 8, group))
            top += HEADING
        height = max(LINE * len(_lines(row.name)), BAR) + GAP
        placed.append((top + height / 2, row))
        top += height

    def headings(room: int) -> list[dict[str, Any]]:
        return [
            {
                "text": f"<b>{plain(name)}</b>",
                "x": 0,
                "xshift": -room,
                "xref": "paper",
                "xanchor": "left",
                "y": y,
                "yanchor": "bottom",
                "showarrow": False,
                "font": {"color": colours.get(name, COLOURS["text"]), "size": SIZE},
            }
            for y, name in heads
        ]

    return placed, headings, int(top) + 2 * MARGIN


def _bars(
    placed: _Placed, statuses: tuple[Status, ...], fill: str, words: str, caveat: str, stub: float | None = None
) -> dict[str, Any]:
    of = [(y, row) for y, row in placed if row.status in statuses]
    return {
        "type": "bar",
        "orientation": "h",
        "name": "",
        "y": [y for y, _row in of],
        "x": [stub if stub is not None else row.value for _y, row in of],
        "width": [BAR] * len(of),
        "marker": {**template.FILLS, **template.CONTACTS}[fill].marker(),
        "meta": {"fill": fill, "title": words},
        "customdata": [_hover(row, caveat) for _y, row in of],
        "hovertemplate": "%{customdata}<extra></extra>",
    }


def _dots(placed: _Placed, most: float, caveat: str) -> dict[str, Any]:
    """An open dot where there is no number and none is hidden."""
    of = [(y, row) for y, row in placed if row.status not in (*_SHOWN, Status.SUPPRESSED)]
    words = dict.fromkeys(_(STATUS_WORDS[row.status]) for _y, row in of)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "",
        "y": [y for y, _row in of],
        "x": [most * 0.012] * len(of),
        "meta": {"fill": "silent", "title": ", ".join(words)},
        "customdata": [_hover(row, caveat) for _y, row in of],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
        "marker": {"symbol": "circle-open", "size": 10, "color": COLOURS["muted"], "line": {"width": 2}},
    }


def _goals(placed: _Placed) -> dict[str, Any]:
    of = [(y, row) for y, row in placed if row.goal is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "",
        "y": [y for y, _row in of],
        "x": [row.goal for _y, row in of],
        "meta": {"fill": "goal", "title": _("target")},
        "customdata": [_wrapped([f"{row.name}: {row.agreed}"]) for _y, row in of],
        "hovertemplate": "%{customdata}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "symbol": "diamond-open",
            "size": 12,
            "color": COLOURS["text"],
            "line": {"color": COLOURS["text"], "width": 2},
        },
    }


def _labels(placed: _Placed, most: float) -> list[dict[str, Any]]:
    """What each row says, beside its bar, stub or dot; behind a goal that would be written over."""
    made = []
    for y, row in placed:
        end, shift = row.value or 0.0, 6
        if row.status not in _SHOWN:
            end, shift = (most * STUB, 6) if row.status == Status.SUPPRESSED else (most * 0.012, 12)
        elif row.goal is not None and 0 <= row.goal - end < most * NEAR:
            end, shift = row.goal, 12
        made.append(
            {
                "x": end,
                "y": y,
                "text": plain(_beside(row)),
                "xanchor": "left",
                "xshift": shift,
                "showarrow": False,
                "font": {"size": SIZE, "color": COLOURS["text" if row.status in _SHOWN else "muted"]},
            }
        )
    return made


def _beside(row: Row) -> str:
    words = SHORT.get(row.status)
    if row.status in (Status.VALUE, Status.ZERO):
        return row.said
    return _(words, value=row.said) if words else _(STATUS_WORDS[row.status])


def _hover(row: Row, caveat: str) -> str:
    words = _(STATUS_WORDS[row.status]) if row.status in STATUS_WORDS else ""
    said = f"{row.said} ({words})" if row.said and words else row.said or words
    return _wrapped([f"{row.name}: {said}", row.agreed, caveat])


def _wrapped(said: Sequence[str]) -> str:
    """Sentences under each other, none wider than a phone."""
    return "<br>".join(plain(line) for words in said if words for line in textwrap.wrap(words, WRAP))


def _lines(name: str) -> list[str]:
    return textwrap.wrap(name, LETTERS) or [""]
