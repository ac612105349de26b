"""Choose where the labels of a chart stand, so that none lies on a line, a mark or another label. Never draws one.

A chart grows with its frame, so places are reckoned on a narrow drawing and on a wide one, and the one that covers
least on both is taken.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

WIDTHS, TALL = (340.0, 1150.0), 320.0
"""The drawing in pixels, without its axes: on a phone, and on a laptop or a projector."""
BESIDE = 20.0
"""So many pixels beside the drawing are free for labels too."""
LETTER = 0.6
"""How wide a letter is, as a part of the size of its font."""
STEP = 6.0
"""A line is looked at every so many pixels."""
WORDS, LEVEL = 9.0, 0.5
"""How bad it is to cover words, or a level that runs through the whole drawing, where a line of values counts 1."""
PLACES = {
    "top center": 0.0,
    "bottom center": 20.0,
    "middle right": 40.0,
    "top right": 60.0,
    "bottom right": 60.0,
    "top left": 80.0,
    "bottom left": 80.0,
}
"""Where Plotly may set a label at its mark, and how bad each is by itself: above it, a label is read at once."""

Range = Sequence[float]


@dataclass(frozen=True)
class Box:
    """A part of the drawing, in pixels from its lower left corner, and how bad it is to cover it."""

    left: float
    bottom: float
    right: float
    top: float
    weight: float = 1.0

    def common(self, other: Box) -> float:
        """The area that both cover."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.top, other.top) - max(self.bottom, other.bottom)
        return wide * tall if wide > 0 and tall > 0 else 0.0

    def outside(self, width: float) -> float:
        """The area off a drawing so wide, where it would be cut off or run into what stands beside the chart."""
        whole = (self.right - self.left) * (self.top - self.bottom)
        return whole - self.common(Box(-BESIDE, 0.0, width + BESIDE, TALL + BESIDE))


class Drawing:
    """What is taken on a drawing of one width, with the axes `x` and `y`."""

    def __init__(self, width: float, x: Range, y: Range, traces: Sequence[dict[str, Any]]) -> None:
        self.width, self._x, self._y = width, x, y
        self.taken = [box for trace in traces for box in self._drawn(trace)]

    def bad(self, box: Box) -> float:
        """How bad it is to stand there."""
        return WORDS * box.outside(self.width) + sum(other.weight * box.common(other) for other in self.taken)

    def pixel(self, across: float, up: float) -> tuple[float, float]:
        return _part(across, self._x) * self.width, _part(up, self._y) * TALL

    def at_mark(self, trace: dict[str, Any], n: int) -> list[Box]:
        """Where the n-th label of a trace stands at each of PLACES: as Plotly sets it, a little off its mark."""
        across, up = self.pixel(trace["x"][n], trace["y"][n])
        away, size = trace["marker"]["size"] / 1.6 + 1, _size(trace)
        wide, boxes = _wide(trace["text"][n], size), []
        for place in PLACES:
            vertical, horizontal = place.split()
            left = {"center": across - wide / 2, "right": across + away, "left": across - away - wide}[horizontal]
            bottom = {"top": up + away, "middle": up - size / 2, "bottom": up - away - size}[vertical]
            boxes.append(Box(left, bottom, left + wide, bottom + size, WORDS))
        return boxes

    def noted(self, note: dict[str, Any]) -> Box:
        """Where an annotation stands."""
        across, up = self.pixel(note["x"], note["y"])
        size = float(note["font"]["size"])
        wide, tall = _wide(note["text"], size), size * 1.3
        left = across + note["xshift"] - (wide if note["xanchor"] == "right" else 0.0)
        bottom = up if note["yanchor"] == "bottom" else up - tall
        return Box(left, bottom + 1, left + wide, bottom + tall - 1, WORDS)

    def _drawn(self, trace: dict[str, Any]) -> Iterator[Box]:
        """What a trace covers without its labels: its marks, and its line bit by bit."""
        points = [
            None if up is None else self.pixel(across, up) for across, up in zip(trace["x"], trace["y"], strict=True)
        ]
        half = trace["marker"]["size"] / 2 if "marker" in trace else 0.0
        for point in points:
            if point is not None and half:
                yield Box(point[0] - half, point[1] - half, point[0] + half, point[1] + half)
        if "lines" not in trace["mode"]:
            return
        for one, other in zip(points, points[1:], strict=False):
            if one is None or other is None:
                continue
            steps = max(1, math.ceil(math.dist(one, other) / STEP))
            for n in range(steps + 1):
                across = one[0] + (other[0] - one[0]) * n / steps
                up = one[1] + (other[1] - one[1]) * n / steps
                yield Box(across - STEP / 2, up - 2, across + STEP / 2, up + 2, 1.0 if half else LEVEL)


def cleared(
    traces: Sequence[dict[str, Any]], notes: Sequence[Sequence[dict[str, Any]]], x: Range, y: Range
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The traces of a figure and its annotations again, each label where it covers least; axes run over `x` and `y`.

    Each of `notes` is one annotation at every place where it may stand. The labels in the largest letters choose first,
    so the newest value before what was agreed, and of the same size those of the trace on top.
    """
    drawings = [Drawing(width, x, y, traces) for width in WIDTHS]
    found = list(traces)
    for n in sorted(reversed(range(len(traces))), key=lambda n: -_size(traces[n])):
        if "text" in traces[n]:
            found[n] = traces[n] | {"textposition": _beside_marks(traces[n], drawings)}
    settled = []
    for places in notes:
        chosen = _best(
            [[drawing.noted(note) for note in places] for drawing in drawings], drawings, [0.0] * len(places)
        )
        settled.append(places[chosen])
    return found, settled


def _beside_marks(trace: dict[str, Any], drawings: Sequence[Drawing]) -> list[str]:
    """The place of each label of a trace, the newest first."""
    chosen = [next(iter(PLACES))] * len(trace["x"])
    for n in reversed(range(len(chosen))):
        if trace["text"][n] and trace["y"][n] is not None:
            boxes = [drawing.at_mark(trace, n) for drawing in drawings]
            chosen[n] = tuple(PLACES)[_best(boxes, drawings, tuple(PLACES.values()))]
    return chosen


def _best(boxes: Sequence[Sequence[Box]], drawings: Sequence[Drawing], itself: Sequence[float]) -> int:
    """Which choice is least bad, of equals the first, and that it is taken from now on.

    `boxes` are each drawing's, by choice; `itself` is how bad each choice is by itself.
    """
    by_drawing = zip(drawings, boxes, strict=True)
    bad = [list(itself), *([drawing.bad(box) for box in its] for drawing, its in by_drawing)]
    whole = [round(sum(choice)) for choice in zip(*bad, strict=True)]
    chosen = whole.index(min(whole))
    for drawing, its in zip(drawings, boxes, strict=True):
        drawing.taken.append(its[chosen])
    return chosen


def _part(value: float, span: Range) -> float:
    """Where on an axis a value lies, as a part of it."""
    return (value - span[0]) / ((span[1] - span[0]) or 1)


def _size(trace: dict[str, Any]) -> float:
    return float(trace.get("textfont", {}).get("size", 0))


def _wide(words: str, size: float) -> float:
    """How wide a label is; tags and escapes that Plotly reads are no letters."""
    return len(re.sub(r"&#?\w+;", "x", re.sub(r"<[^>]*>", "", words))) * size * LETTER
