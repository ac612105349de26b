"""Where the labels of a chart stand: clear of lines, marks and each other, and of the edge of the drawing."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from dashboard.charts import labels
from dashboard.charts.labels import Box

X, Y = (-0.6, 11.6), (0.0, 100.0)


def line(values: list[float | None], text: str = "", size: int = 17) -> dict[str, Any]:
    """A trace with a mark at each value and a label at the last."""
    return {
        "mode": "lines+markers+text",
        "x": list(range(len(values))),
        "y": values,
        "text": [""] * (len(values) - 1) + [text],
        "textfont": {"size": size},
        "marker": {"size": 9},
    }


def marks(points: dict[int, float], size: int = 14) -> dict[str, Any]:
    return line(list(points.values()), size=size) | {
        "mode": "markers+text",
        "x": list(points),
        "text": [f"{value:.0f}" for value in points.values()],
    }


def level(y: float) -> dict[str, Any]:
    return {"mode": "lines", "x": [0, 11], "y": [y, y]}


def note(y: float) -> list[dict[str, Any]]:
    same = {"y": y, "text": "Target 90", "font": {"size": 14}, "x": 11, "xanchor": "right", "xshift": -10}
    ends = (same, same | {"x": 0, "xanchor": "left", "xshift": 0})
    return [end | {"yanchor": side} for end in ends for side in ("bottom", "top")]


def placed(*traces: dict[str, Any], notes: Any = ()) -> list[str]:
    """The place of the last label of each trace that has labels."""
    found, _notes = labels.cleared(traces, notes, X, Y)
    return [trace["textposition"][-1] for trace in found if "textposition" in trace]


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ([10.0, 20.0, 30.0], "top center"),
        ([30.0, 30.0, 30.0], "top center"),
        ([90.0, 90.0, 20.0], "bottom center"),
        ([None, None, 50.0], "top center"),
    ],
)
def test_a_label_stands_where_the_line_does_not_come_from(values: list[float | None], place: str) -> None:
    assert placed(line(values, "<b>50 %</b>")) == [place]


def test_a_label_turns_away_from_a_level_that_it_would_lie_on() -> None:
    steady = line([93.0] * 8, "92.9 %")
    assert placed(steady) == ["top center"]
    assert placed(level(100.0), steady) == ["bottom center"]


def test_two_labels_never_share_a_place() -> None:
    """A milestone of the same quarter, just below the value."""
    value, goal = line([20.0, 30.0, 47.0], "47"), marks({2: 43.0})
    assert placed(goal, value) == ["bottom center", "top center"]
    beside = placed(goal, line([60.0, 55.0, 47.0], "47"))
    assert len(set(beside)) == 2


def test_the_largest_letters_choose_first() -> None:
    value, goal = line([20.0, 30.0, 47.0], "47"), marks({2: 47.0})
    for order in ((value, goal), (goal, value)):
        found, _notes = labels.cleared(order, (), X, Y)
        assert next(t for t in found if t["textfont"]["size"] == 17)["textposition"][-1] == "top center"


def test_a_note_stands_on_the_side_of_its_level_that_is_free() -> None:
    for height, side in ((92.0, "top"), (84.0, "bottom")):
        _found, (said,) = labels.cleared([level(88.0), line([height] * 12)], [note(88.0)], X, Y)
        assert said["yanchor"] == side


def test_no_label_is_cut_off_at_the_edge() -> None:
    (place,) = placed(line([10.0, 50.0, 100.0], "100"))
    assert not place.startswith("top")
    wide = line([50.0], "Baseline 1,234 persons")
    assert placed(wide) == ["middle right"], "half of it would lie beside the drawing"


def test_a_gap_has_no_label_and_breaks_the_line() -> None:
    broken = line([50.0, None, 20.0], "20")
    assert placed(broken) == ["top center"], "nothing comes down to it"


def test_nothing_is_drawn_of_nothing() -> None:
    assert labels.cleared([], [], (0, 0), (0, 0)) == ([], [])
    assert labels.cleared([line([], "")], [], (0, 0), (0, 0))[0][0]["textposition"] == []


@pytest.mark.parametrize("width", labels.WIDTHS)
def test_labels_of_many_charts_hardly_ever_meet(width: float) -> None:
    """Twelve quarters that wander, with a target and milestones: the boxes of the labels stay apart."""
    chance, met, count = random.Random(7), 0, 200
    for _n in range(count):
        values = list(itertools.accumulate([chance.uniform(-9, 9) for _q in range(11)], initial=chance.uniform(20, 70)))
        values = [min(max(value, 6.0), 86.0) for value in values]
        agreed = marks({3: values[3] + 4, 7: values[7] - 5, 11: values[11] + chance.uniform(-8, 8)})
        traces = [level(88.0), agreed, line(list(values), "<b>47.5 %</b>")]
        found, notes = labels.cleared(traces, [note(88.0)], X, Y)
        drawn = labels.Drawing(width, X, Y, ())
        boxes = [drawn.noted(notes[0])]
        for trace in found[1:]:
            for n, place in enumerate(trace["textposition"]):
                if trace["text"][n]:
                    boxes.append(drawn.at_mark(trace, n)[list(labels.PLACES).index(place)])
        met += any(one.common(other) > 4 for one, other in itertools.combinations(boxes, 2))
    assert met <= count // 20, met


def test_a_line_that_is_flat_on_a_wide_drawing_only_keeps_its_label_off_it() -> None:
    """On a phone this line leaves the label at once, on a projector it would run through it."""
    traces = [line([72.0 + 2.5 * n for n in range(12)]), marks({0: 72.0})]
    assert placed(*traces)[1] != "middle right"


def test_boxes() -> None:
    assert Box(0, 0, 4, 4).common(Box(2, 1, 9, 3)) == 4
    assert Box(0, 0, 4, 4).common(Box(4, 0, 9, 9)) == 0
    assert Box(0, 0, 4, 4).outside(100) == 0
    top = labels.TALL + labels.BESIDE
    assert Box(100, top, 110, top + 5).outside(100) == 50
